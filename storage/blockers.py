"""Blockers of earlier weeks that nobody has called resolved."""

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from domain.check_ins import Answer, CheckIn, standing_blocker
from storage.answers import read_answer
from storage.models import AnswerRow, CheckInRow
from storage.statements import table

_check_ins = table(CheckInRow)
_answers = table(AnswerRow)
WEEKS_BACK = 8
"""A blocker that was not mentioned for so long is not asked about any more."""

_EARLIER = (
    select(
        _answers.c.initiative_id,
        _answers.c.revision,
        _answers.c.content,
        _answers.c.health,
        _answers.c.person_id,
        _answers.c.at,
    )
    .join_from(
        _check_ins,
        _answers,
        and_(
            _answers.c.workspace_id == _check_ins.c.workspace_id,
            _answers.c.check_in_id == _check_ins.c.id,
            _answers.c.revision > 0,
        ),
    )
    .where(
        _check_ins.c.workspace_id == bindparam("workspace_id"),
        _check_ins.c.strategy_id == bindparam("strategy_id"),
        _check_ins.c.person_id == bindparam("person_id"),
        _check_ins.c.period >= bindparam("since"),
        _check_ins.c.due_at < bindparam("before"),
    )
    .order_by(_check_ins.c.due_at.desc())
)


def list_standing_blockers(session: Session, check_in: CheckIn) -> dict[int, str]:
    """What the same person's check-ins before this one left in the way, by initiative."""
    values = {
        "workspace_id": check_in.workspace_id,
        "strategy_id": check_in.strategy_id,
        "person_id": check_in.person_id,
        "since": str(check_in.period.plus(-WEEKS_BACK)),
        "before": check_in.due_at,
    }
    earlier: dict[int, list[Answer]] = {}
    for row in session.execute(_EARLIER, values):
        earlier.setdefault(row.initiative_id, []).append(read_answer(*row))
    found = {initiative_id: standing_blocker(answers) for initiative_id, answers in earlier.items()}
    return {initiative_id: blocker for initiative_id, blocker in found.items() if blocker}

"""Rows of check-ins, each beside one of its answers, and what is read from them."""

from typing import Any

from sqlalchemy import Select, bindparam, null, select
from sqlalchemy.orm import Session

from domain.check_ins import Answer, CheckIn, CheckInState
from domain.periods import Week
from storage.answers import read_answer
from storage.digests import read_told
from storage.models import AnswerRow, CheckInRow
from storage.statements import points_at, read_as, table

_check_ins = table(CheckInRow)
_answers = table(AnswerRow)

COLUMNS = tuple(
    _check_ins.c[name]
    for name in (
        "id",
        "workspace_id",
        "strategy_id",
        "person_id",
        "period",
        "state",
        "due_at",
        "digest_id",
        "message_id",
        "reminder_message_id",
        "snoozed_until",
        "closed_at",
    )
)

ANSWERED = _check_ins.outerjoin(_answers, points_at(_answers, "check_in_id", _check_ins))
ANSWER = (
    _answers.c.initiative_id,
    _answers.c.revision,
    _answers.c.content,
    _answers.c.health,
    _answers.c.person_id.label("by"),
    _answers.c.at,
)
IN_ORDER = (_check_ins.c.due_at, _check_ins.c.id, _answers.c.initiative_id)

# Built once: building a statement costs several times what running it does.
ALL = (
    select(*COLUMNS, *ANSWER, null().label("first_at"), null().label("told"))
    .select_from(ANSWERED)
    .where(_check_ins.c.workspace_id == bindparam("workspace_id"))
    .order_by(*IN_ORDER)
)
OF_PERSON = ALL.where(
    _check_ins.c.strategy_id == bindparam("strategy_id"), _check_ins.c.person_id == bindparam("person_id")
)


def read(session: Session, statement: Select[*tuple[Any, ...]], **values: Any) -> list[CheckIn]:
    rows: dict[int, Any] = {}
    answers: dict[int, list[Answer]] = {}
    for row in session.execute(statement, values):
        rows.setdefault(row.id, row)
        given = answers.setdefault(row.id, [])
        if row.initiative_id is not None:
            told = (row.content, row.health, row.by, row.at, row.first_at)
            given.append(read_answer(row.initiative_id, row.revision, *told))
    return [_check_in(row, tuple(answers[id_])) for id_, row in rows.items()]


def find(session: Session, statement: Select[*tuple[Any, ...]], **values: Any) -> CheckIn | None:
    found = read(session, statement, **values)
    return found[-1] if found else None


def _check_in(row: Any, answers: tuple[Answer, ...]) -> CheckIn:
    return read_as(
        CheckIn,
        row,
        period=Week.parse(row.period),
        state=CheckInState(row.state),
        answers=answers,
        told=read_told(row.told or {}),
    )

"""Which message tells which lead how far a strategy has come, and whether what it says is still so."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import and_, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from storage.models import AnswerRow, CheckInRow, ChecklistRow
from storage.statements import is_there, points_at, read_as, table, upsert

_checklists = table(ChecklistRow)
_check_ins = table(CheckInRow)
_answers = table(AnswerRow)
_OF_STRATEGY = (
    _checklists.c.workspace_id == bindparam("its_workspace_id"),
    _checklists.c.strategy_id == bindparam("its_strategy_id"),
)
# Built once: building a statement costs several times what running it does.
_MARK_STALE = (
    update(_checklists).where(*_OF_STRATEGY, _checklists.c.is_stale.is_(False)).values(is_stale=True)
)


def _answered(
    workspace_id: ColumnElement[str], strategy_id: ColumnElement[int], given: ColumnElement[Any]
) -> ColumnElement[bool]:
    return is_there(
        _check_ins.c.workspace_id == workspace_id,
        _check_ins.c.strategy_id == strategy_id,
        points_at(_answers, "check_in_id", _check_ins),
        given.is_not(None),
    )


def _is_stale(given: ColumnElement[Any]) -> ColumnElement[bool]:
    # Who answers does not say so here: answers are many, and only the first one ticks anything.
    answered = _answered(_checklists.c.workspace_id, _checklists.c.strategy_id, given)
    return or_(_checklists.c.is_stale.is_(True), and_(_checklists.c.is_answered.is_(False), answered))


_STALE = select(_checklists).where(
    _checklists.c.workspace_id == bindparam("its_workspace_id"), _is_stale(_answers.c.health)
)


@dataclass(frozen=True, slots=True)
class Checklist:
    """One lead's, in the message with that id; `is_answered` is what it says of the first check-in."""

    workspace_id: str
    strategy_id: int
    person_id: str
    message_id: int
    is_answered: bool = False


def find_checklist(session: Session, workspace_id: str, strategy_id: int, person_id: str) -> Checklist | None:
    wanted = Checklist(workspace_id, strategy_id, person_id, 0)
    row = session.execute(select(_checklists).where(*_is(wanted))).first()
    return _checklist(row) if row else None


def add_checklist(session: Session, checklist: Checklist) -> None:
    """In place of another that they have of the strategy."""
    values = asdict(checklist) | {"is_stale": False}
    upsert(session, _checklists, [values], ["message_id", "is_stale", "is_answered"])


def claim_checklist(session: Session, checklist: Checklist) -> None:
    """About to be drawn: what changes from now on waits for this transaction, and makes it stale again."""
    session.execute(update(_checklists).where(*_is(checklist)).values(is_stale=False))


def set_answered(session: Session, checklist: Checklist) -> None:
    session.execute(update(_checklists).where(*_is(checklist)).values(is_answered=True))


def drop_checklist(session: Session, checklist: Checklist) -> None:
    """Its message stays as it is from now on."""
    session.execute(delete(_checklists).where(*_is(checklist)))


def mark_stale(session: Session, workspace_id: str, strategy_id: int) -> None:
    """Something of a strategy changed that they may tell."""
    session.execute(_MARK_STALE, {"its_workspace_id": workspace_id, "its_strategy_id": strategy_id})


def has_stale(workspace_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether there may be one to draw anew there: a health that was taken back has its time still, and the clock, which
    goes across workspaces, sees no more than that.
    """
    return is_there(_checklists.c.workspace_id == workspace_id, _is_stale(_answers.c.at))


def list_stale(session: Session, workspace_id: str) -> Sequence[Checklist]:
    rows = session.execute(_STALE, {"its_workspace_id": workspace_id})
    return [_checklist(row) for row in rows]


def is_anything_answered(session: Session, workspace_id: str, strategy_id: int) -> bool:
    """Whether anybody has given a health in any week."""
    found = select(_answered(bindparam("its_workspace_id"), bindparam("its_strategy_id"), _answers.c.health))
    return bool(session.scalar(found, {"its_workspace_id": workspace_id, "its_strategy_id": strategy_id}))


def _is(checklist: Checklist) -> tuple[ColumnElement[bool], ...]:
    return (
        _checklists.c.workspace_id == checklist.workspace_id,
        _checklists.c.strategy_id == checklist.strategy_id,
        _checklists.c.person_id == checklist.person_id,
    )


def _checklist(row: object) -> Checklist:
    return read_as(Checklist, row)

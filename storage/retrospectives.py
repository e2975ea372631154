"""Retrospectives, what they taught, and whether later initiatives took it over."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Update, insert, select, update
from sqlalchemy.orm import Session

from domain.retrospectives import Learning, LearningKind, Retrospective
from storage.ids import new_id
from storage.models import LearningAnswerRow, LearningRow, RetrospectiveRow
from storage.statements import is_of, known, read_as, table, upsert

_retrospectives = table(RetrospectiveRow)
_learnings = table(LearningRow)
_answers = table(LearningAnswerRow)
_WORDS = ("expected", "happened", "keep", "change")


def add_retrospective(session: Session, workspace_id: str, retrospective: Retrospective) -> Retrospective:
    """Add it; it gets an id."""
    retrospective = replace(retrospective, id=new_id())
    session.execute(insert(_retrospectives).values(workspace_id=workspace_id, **asdict(retrospective)))
    return retrospective


def get_retrospective(session: Session, workspace_id: str, retrospective_id: int) -> Retrospective:
    """Raises LookupError."""
    return known(
        find_retrospective(session, workspace_id, retrospective_id), f"retrospective {retrospective_id}"
    )


def find_retrospective(session: Session, workspace_id: str, retrospective_id: int) -> Retrospective | None:
    is_it = is_of(_retrospectives, workspace_id, id=retrospective_id)
    row = session.execute(select(_retrospectives).where(is_it)).first()
    return _retrospective(row) if row else None


def list_retrospectives(session: Session, workspace_id: str, initiative_id: int) -> list[Retrospective]:
    """All that were asked for about an initiative and its phases."""
    statement = select(_retrospectives).where(
        is_of(_retrospectives, workspace_id, initiative_id=initiative_id)
    )
    rows = session.execute(statement.order_by(_retrospectives.c.id))
    return [_retrospective(row) for row in rows]


def list_asked(session: Session, workspace_id: str, person_id: str) -> list[Retrospective]:
    """What one person was asked to look back on and has not, the first asked first."""
    waiting = select(_retrospectives).where(
        is_of(_retrospectives, workspace_id, person_id=person_id),
        _retrospectives.c.answered_at.is_(None),
    )
    return [_retrospective(row) for row in session.execute(waiting.order_by(_retrospectives.c.id))]


def set_message(session: Session, workspace_id: str, retrospective_id: int, message_id: int) -> None:
    """The one that asks."""
    session.execute(_update(workspace_id, retrospective_id).values(message_id=message_id))


def save_answer(session: Session, workspace_id: str, answered: Retrospective) -> None:
    """What somebody found when they looked back, and when."""
    values = {name: getattr(answered, name) for name in (*_WORDS, "answered_at")}
    session.execute(_update(workspace_id, answered.id).values(values))


def _update(workspace_id: str, retrospective_id: int) -> Update:
    return update(_retrospectives).where(is_of(_retrospectives, workspace_id, id=retrospective_id))


def add_learning(session: Session, workspace_id: str, learning: Learning) -> None:
    values = asdict(learning) | {"id": new_id(), "kind": learning.kind.value}
    session.execute(insert(_learnings).values(workspace_id=workspace_id, **values))


def list_learnings(
    session: Session, workspace_id: str, strategy_id: int, *, goal_ids: Sequence[int] | None = None
) -> list[Learning]:
    """Those of a strategy, or only those for some goals, be they of a strategy before, oldest first."""
    statement = select(_learnings).where(_learnings.c.workspace_id == workspace_id)
    if goal_ids is None:
        statement = statement.where(_learnings.c.strategy_id == strategy_id)
    else:
        statement = statement.where(_learnings.c.goal_id.in_(goal_ids))
    return [_learning(row) for row in session.execute(statement.order_by(_learnings.c.at, _learnings.c.id))]


def answer_learning(
    session: Session,
    workspace_id: str,
    learning_id: int,
    initiative_id: int,
    *,
    is_accepted: bool,
    person_id: str,
    now: datetime,
) -> None:
    """Whether an initiative takes a learning over; the last word holds."""
    values = {
        "workspace_id": workspace_id,
        "learning_id": learning_id,
        "initiative_id": initiative_id,
        "is_accepted": is_accepted,
        "person_id": person_id,
        "at": now,
    }
    upsert(session, _answers, [values], ("is_accepted", "person_id", "at"))


def list_learning_answers(session: Session, workspace_id: str, initiative_id: int) -> dict[int, bool]:
    """What an initiative's owner said of each learning: by its id, whether they took it over."""
    statement = select(_answers.c.learning_id, _answers.c.is_accepted).where(
        is_of(_answers, workspace_id, initiative_id=initiative_id)
    )
    return {row.learning_id: row.is_accepted for row in session.execute(statement)}


def _retrospective(row: Any) -> Retrospective:
    return read_as(Retrospective, row)


def _learning(row: Any) -> Learning:
    return read_as(Learning, row, kind=LearningKind(row.kind))

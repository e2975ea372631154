"""The audit log: who did what, when, by which way, recorded in the transaction that does it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, and_, insert, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from domain.acts import Act, ActKind, Way
from domain.changes import ChangeKind
from storage.ids import new_id
from storage.models import ActRow, ChangeRow
from storage.statements import is_of, points_at, table

_WAY = "way"
_TOKEN = "token"  # noqa: S105 - a name
_acts = table(ActRow)
_changes = table(ChangeRow)
_OF_ALL = (
    ActKind.INSTALLED,
    ActKind.UNINSTALLED,
    ActKind.RESTORED,
    ActKind.FORGOTTEN,
    ActKind.SENT_AFTER_ALL,
    ActKind.LEFT_AS_IT_IS,
)
"""Of the whole workspace and nobody's own affair: whoever reads the log of one of its strategies reads it there."""
_WITH_WORDS = select(
    _acts, *(_changes.c[name].label(f"change_{name}") for name in ("before", "after", "why"))
).outerjoin(_changes, points_at(_acts, "change_id", _changes))


def come_by(session: Session, way: Way) -> None:
    """Say which way what this transaction does has come."""
    session.info[_WAY] = way


def come_with(session: Session, token_hint: str) -> None:
    """Say with which of the tokens of the HTTP API what this transaction does has come."""
    session.info[_TOKEN] = token_hint


def find_way(session: Session) -> Way:
    """The operator's where none was said: everything else comes through a door, or by the clock."""
    way: Way = session.info.get(_WAY, Way.OPERATOR)
    return way


def add_act(
    session: Session, workspace_id: str, strategy_id: int | None, act: Act, change_id: int | None = None
) -> None:
    """The words of a change stay with it: `change_id` is where."""
    session.execute(insert(_acts), [_row(session, workspace_id, strategy_id, act, change_id)])


def add_acts(session: Session, workspace_id: str, strategy_id: int, done: Sequence[Act]) -> None:
    """Several of one strategy at once."""
    if done:
        session.execute(insert(_acts), [_row(session, workspace_id, strategy_id, act) for act in done])


def _row(
    session: Session, workspace_id: str, strategy_id: int | None, act: Act, change_id: int | None = None
) -> dict[str, Any]:
    """`act.way` counts where it says more than the door did: a file in a form."""
    return {
        "workspace_id": workspace_id,
        "id": new_id(),
        "strategy_id": strategy_id,
        "at": act.at,
        "person_id": act.person_id,
        "way": (act.way or find_way(session)).value,
        "token": session.info.get(_TOKEN, ""),
        "kind": act.kind.value,
        "about_id": act.about_id,
        "thing_id": act.thing_id,
        "name": act.name,
        "before": act.before,
        "after": act.after,
        "change_id": change_id,
    }


def list_acts(
    session: Session,
    workspace_id: str,
    strategy_id: int,
    limit: int,
    *,
    before: int | None = None,
    only_changes: bool = False,
) -> list[Act]:
    """Newest first, from the one before that id on; `only_changes` leaves out what is not told in the digest."""
    found = _is_listed(strategy_id)
    if only_changes:
        found &= _acts.c.change_id.is_not(None)
    if before is not None:
        found &= _comes_before(workspace_id, before)
    newest_first = _WITH_WORDS.order_by(_acts.c.at.desc(), _acts.c.id.desc()).limit(limit)
    rows = session.execute(newest_first.where(_acts.c.workspace_id == workspace_id, found))
    return [_act(row) for row in rows]


def list_all_acts(session: Session, workspace_id: str) -> list[tuple[int | None, Act]]:
    """Everything that was done in a workspace, each with the strategy it was done in; oldest first."""
    oldest_first = _WITH_WORDS.order_by(_acts.c.at, _acts.c.id)
    rows = session.execute(oldest_first.where(_acts.c.workspace_id == workspace_id))
    return [(row.strategy_id, _act(row)) for row in rows]


def is_act_of(session: Session, workspace_id: str, strategy_id: int, id_: int) -> bool:
    """Whether it is one that `list_acts` lists."""
    found = select(_acts.c.id).where(is_of(_acts, workspace_id, id=id_))
    return session.scalar(found.where(_is_listed(strategy_id))) is not None


def read_kind(kept: str) -> ActKind | ChangeKind:
    """Raises ValueError."""
    return ChangeKind(kept) if kept in set(ChangeKind) else ActKind(kept)


def _is_listed(strategy_id: int) -> ColumnElement[bool]:
    of_all = and_(_acts.c.strategy_id.is_(None), _acts.c.kind.in_([kind.value for kind in _OF_ALL]))
    return or_(_acts.c.strategy_id == strategy_id, of_all)


def _comes_before(workspace_id: str, id_: int) -> ColumnElement[bool]:
    at = select(_acts.c.at).where(is_of(_acts, workspace_id, id=id_)).scalar_subquery()
    return or_(_acts.c.at < at, and_(_acts.c.at == at, _acts.c.id < id_))


def _act(row: Row[Any]) -> Act:
    act = Act(
        kind=read_kind(row.kind),
        person_id=row.person_id,
        at=row.at,
        name=row.name,
        before=row.before,
        after=row.after,
        about_id=row.about_id,
        thing_id=row.thing_id,
        way=Way(row.way),
        token=row.token,
        id=row.id,
    )
    if row.change_before is None:
        return act
    return replace(act, before=row.change_before, after=row.change_after, why=row.change_why)

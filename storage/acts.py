"""The audit log: who did what, when, by which way, recorded in the transaction that does it."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Row, and_, insert, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from domain.acts import Act, ActKind, Way
from domain.changes import Change, ChangeKind
from storage.ids import new_id
from storage.models import ActRow, ChangeRow, InitiativeRow
from storage.statements import table

_WAY = "way"
_acts = table(ActRow)
_changes = table(ChangeRow)
_initiatives = table(InitiativeRow)
# Of the whole workspace and nobody's own affair: whoever reads the log of one of its strategies reads it there.
_OF_ALL = [
    kind.value
    for kind in (
        ActKind.INSTALLED,
        ActKind.UNINSTALLED,
        ActKind.RESTORED,
        ActKind.SENT_AFTER_ALL,
        ActKind.DROPPED,
    )
]


def come_by(session: Session, way: Way) -> None:
    """Say which way what this transaction does has come."""
    session.info[_WAY] = way


def find_way(session: Session) -> Way:
    """The operator's where none was said: everything else comes through a door, or by the clock."""
    way: Way = session.info.get(_WAY, Way.OPERATOR)
    return way


def add_act(session: Session, workspace_id: str, strategy_id: int | None, act: Act) -> None:
    """`act.way` counts where it says more than the door did: a file in a form."""
    session.execute(
        insert(_acts).values(
            workspace_id=workspace_id,
            id=new_id(),
            strategy_id=strategy_id,
            at=act.at,
            person_id=act.person_id,
            way=act.way or find_way(session),
            kind=act.kind.value,
            about_id=act.about_id,
            thing_id=act.thing_id,
            name=act.name,
            before=act.before,
            after=act.after,
        )
    )


def add_act_of_change(
    session: Session, workspace_id: str, strategy_id: int, change_id: int, change: Change
) -> None:
    """Its words stay where they are."""
    called = select(_initiatives.c.name).where(
        _initiatives.c.workspace_id == workspace_id, _initiatives.c.id == change.initiative_id
    )
    name = None if change.initiative_id is None else session.scalar(called)
    session.execute(
        insert(_acts).values(
            workspace_id=workspace_id,
            id=new_id(),
            strategy_id=strategy_id,
            at=change.at,
            person_id=change.person_id,
            way=find_way(session),
            kind=change.kind.value,
            thing_id=change.initiative_id,
            name=name or "",
            before="",
            after="",
            change_id=change_id,
        )
    )


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
    of_strategy = _acts.c.strategy_id == strategy_id
    of_all = and_(_acts.c.strategy_id.is_(None), _acts.c.kind.in_(_OF_ALL))
    found = _acts.c.change_id.is_not(None) & of_strategy if only_changes else or_(of_strategy, of_all)
    if before is not None:
        found &= _comes_before(workspace_id, before)
    statement = (
        select(_acts, *(_changes.c[name].label(f"change_{name}") for name in ("before", "after", "why")))
        .outerjoin(
            _changes,
            and_(_changes.c.workspace_id == _acts.c.workspace_id, _changes.c.id == _acts.c.change_id),
        )
        .where(_acts.c.workspace_id == workspace_id, found)
        .order_by(_acts.c.at.desc(), _acts.c.id.desc())
        .limit(limit)
    )
    return [_act(row) for row in session.execute(statement)]


def _comes_before(workspace_id: str, id_: int) -> ColumnElement[bool]:
    at = select(_acts.c.at).where(_acts.c.workspace_id == workspace_id, _acts.c.id == id_).scalar_subquery()
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
        id=row.id,
    )
    if row.change_before is None:
        return act
    return replace(act, before=row.change_before, after=row.change_after, why=row.change_why)


def read_kind(kept: str) -> ActKind | ChangeKind:
    """Raises ValueError."""
    return ChangeKind(kept) if kept in set(ChangeKind) else ActKind(kept)

"""Which sender may speak to a workspace: one at a time, however many processes run.

All times are the database's: processes whose clocks differ agree on who holds what.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from storage.delivery.outbox import IS_WAITING
from storage.models import InstallationRow, LeaseRow, OutboxRow
from storage.statements import from_now, table

LONGEST = timedelta(minutes=5)
"""No sender asks for more. A lease that reaches further was dated by a clock that was wrong."""
_leases = table(LeaseRow)
_outbox = table(OutboxRow)
_installations = table(InstallationRow)
REMOVED = select(_installations.c.workspace_id).where(_installations.c.removed_at.is_not(None))
"""Where Drumbeat was uninstalled: nothing is sent there, nor done by the clock."""


@dataclass(frozen=True, slots=True)
class Acquired:
    """`mine` are leased now; `lapsed` says whose some of them were, `held` by whom the others are held.

    `cut` are those of the others that reached too far ahead: they end as if they had been taken just now.
    """

    mine: Sequence[str] = ()
    lapsed: Mapping[str, str] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)
    cut: Collection[str] = ()


def acquire(session: Session, holder: str, lease: timedelta, workspaces: Collection[str]) -> Acquired:
    """Lease those of the workspaces that have something to send and that nobody else holds."""
    busy = session.scalars(
        select(_outbox.c.workspace_id)
        .where(_outbox.c.workspace_id.in_(workspaces), _outbox.c.workspace_id.not_in(REMOVED), IS_WAITING)
        .distinct()
    )
    wanted = sorted(busy)
    if not wanted:
        return Acquired()
    values = [
        {"workspace_id": workspace_id, "holder": holder, "until": _end(lease)} for workspace_id in wanted
    ]
    statement = insert(_leases).values(values).on_conflict_do_nothing().returning(_leases.c.workspace_id)
    free = set(session.scalars(statement))
    taken = [workspace_id for workspace_id in wanted if workspace_id not in free]
    if not taken:
        return Acquired(wanted)
    former = _take_over(session, holder, lease, taken)
    others = [workspace_id for workspace_id in taken if workspace_id not in former]
    lapsed = {workspace_id: whose for workspace_id, whose in former.items() if whose != holder}
    if not others:
        return Acquired([*free, *former], lapsed)
    cut = _cut(session, lease, others)
    return Acquired([*free, *former], lapsed, _holders(session, others), cut)


def _take_over(session: Session, holder: str, lease: timedelta, workspaces: Sequence[str]) -> dict[str, str]:
    """Take those that lapsed, or are the holder's already; returns whose they were."""
    is_free = or_(_leases.c.until <= from_now(0.0), _leases.c.holder == holder)
    lapsed = session.execute(
        select(_leases.c.workspace_id, _leases.c.holder)
        .where(_leases.c.workspace_id.in_(workspaces), is_free)
        .with_for_update(skip_locked=True)
    )
    former = {row.workspace_id: row.holder for row in lapsed}
    if former:
        mine = _leases.c.workspace_id.in_(former)
        session.execute(update(_leases).where(mine).values(holder=holder, until=_end(lease)))
    return former


def _cut(session: Session, lease: timedelta, workspaces: Sequence[str]) -> set[str]:
    """A holder that lives extends its lease well before that; of one that is gone it lapses like any other."""
    too_far = (_leases.c.workspace_id.in_(workspaces), _leases.c.until > _end(LONGEST))
    cut = update(_leases).where(*too_far).values(until=_end(lease)).returning(_leases.c.workspace_id)
    return set(session.scalars(cut))


def _holders(session: Session, workspaces: Sequence[str]) -> dict[str, str]:
    of_these = _leases.c.workspace_id.in_(workspaces)
    rows = session.execute(select(_leases.c.workspace_id, _leases.c.holder).where(of_these))
    return {row.workspace_id: row.holder for row in rows}


def _end(lease: timedelta) -> from_now:
    return from_now(lease.total_seconds())


def extend(session: Session, holder: str, lease: timedelta, workspaces: Collection[str]) -> None:
    """Keep the leases that are still the holder's."""
    mine = (_leases.c.workspace_id.in_(workspaces), _leases.c.holder == holder)
    session.execute(update(_leases).where(*mine).values(until=_end(lease)))


def held(session: Session, holder: str, margin: timedelta, workspaces: Collection[str]) -> set[str]:
    """Those of the workspaces whose lease is the holder's for longer than `margin`: so long nobody can take it over."""
    mine = (
        _leases.c.workspace_id.in_(workspaces),
        _leases.c.holder == holder,
        _leases.c.until > _end(margin),
    )
    return set(session.scalars(select(_leases.c.workspace_id).where(*mine)))


def release(session: Session, holder: str, workspaces: Collection[str]) -> None:
    """Give back leases with nothing on its way."""
    session.execute(delete(_leases).where(_leases.c.workspace_id.in_(workspaces), _leases.c.holder == holder))


def end(session: Session, workspaces: Collection[str]) -> None:
    """Take leases from whoever holds them: that sender makes no call after the one it is at."""
    ended = update(_leases).where(_leases.c.workspace_id.in_(workspaces))
    session.execute(ended.values(holder="", until=from_now(0.0)))


def release_all(session: Session, holder: str) -> None:
    """Give every lease back; what is on its way stays known to whoever takes over."""
    mine = _leases.c.holder == holder
    session.execute(delete(_leases).where(mine, _leases.c.in_flight.is_(None)))
    session.execute(update(_leases).where(mine).values(until=from_now(0.0)))


def list_waiting_workspaces(session: Session, limit: int, only: Collection[str] | None = None) -> list[str]:
    """Workspaces (of these) with something to send, by skipping through the index from one to the next."""
    first = select(_outbox.c.workspace_id).where(IS_WAITING).order_by(_outbox.c.workspace_id).limit(1)
    if only is not None:
        first = first.where(_outbox.c.workspace_id.in_(only))
    step = first.subquery().select().cte("busy", recursive=True)
    following = first.where(_outbox.c.workspace_id > step.c.workspace_id).correlate(step).scalar_subquery()
    chain = step.union_all(select(following).where(step.c.workspace_id.is_not(None)))
    found = (chain.c.workspace_id.is_not(None), chain.c.workspace_id.not_in(REMOVED))
    return list(session.scalars(select(chain.c.workspace_id).where(*found).limit(limit)))

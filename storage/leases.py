"""Which sender may speak to a workspace: one at a time, however many processes run. All times are real time."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from storage.models import LeaseRow, OutboxRow
from storage.outbox import IS_WAITING
from storage.statements import table

_leases = table(LeaseRow)
_outbox = table(OutboxRow)


def acquire(
    session: Session, holder: str, wall: datetime, until: datetime, workspaces: Collection[str]
) -> list[str]:
    """Lease those of the workspaces that have something to send and that nobody else holds."""
    busy = session.scalars(
        select(_outbox.c.workspace_id).where(_outbox.c.workspace_id.in_(workspaces), IS_WAITING).distinct()
    )
    wanted = sorted(busy)
    if not wanted:
        return []
    values = [{"workspace_id": workspace_id, "holder": holder, "until": until} for workspace_id in wanted]
    statement = insert(_leases).values(values).on_conflict_do_nothing().returning(_leases.c.workspace_id)
    free = set(session.scalars(statement))
    taken = [workspace_id for workspace_id in wanted if workspace_id not in free]
    return [*free, *_take_over(session, holder, wall, until, taken)] if taken else [*free]


def _take_over(
    session: Session, holder: str, wall: datetime, until: datetime, workspaces: Sequence[str]
) -> list[str]:
    lapsed = session.scalars(
        select(_leases.c.workspace_id)
        .where(
            _leases.c.workspace_id.in_(workspaces), or_(_leases.c.until <= wall, _leases.c.holder == holder)
        )
        .with_for_update(skip_locked=True)
    ).all()
    if lapsed:
        mine = _leases.c.workspace_id.in_(lapsed)
        session.execute(update(_leases).where(mine).values(holder=holder, until=until))
    return list(lapsed)


def extend(session: Session, holder: str, until: datetime, workspaces: Collection[str]) -> None:
    """Keep the leases that are still the holder's."""
    mine = (_leases.c.workspace_id.in_(workspaces), _leases.c.holder == holder)
    session.execute(update(_leases).where(*mine).values(until=until))


def held(session: Session, holder: str, until: datetime, workspaces: Collection[str]) -> set[str]:
    """Those of the workspaces whose lease is the holder's beyond `until`, before which nobody can take it over."""
    mine = (_leases.c.workspace_id.in_(workspaces), _leases.c.holder == holder, _leases.c.until > until)
    return set(session.scalars(select(_leases.c.workspace_id).where(*mine)))


def release(session: Session, holder: str, workspaces: Collection[str]) -> None:
    """Give back leases with nothing on its way."""
    session.execute(delete(_leases).where(_leases.c.workspace_id.in_(workspaces), _leases.c.holder == holder))


def release_all(session: Session, holder: str, wall: datetime) -> None:
    """Give every lease back; what is on its way stays known to whoever takes over."""
    mine = _leases.c.holder == holder
    session.execute(delete(_leases).where(mine, _leases.c.in_flight.is_(None)))
    session.execute(update(_leases).where(mine).values(until=wall))


def list_waiting_workspaces(session: Session, limit: int) -> list[str]:
    """Workspaces with something to send, by skipping through the index from one to the next."""
    first = select(_outbox.c.workspace_id).where(IS_WAITING).order_by(_outbox.c.workspace_id).limit(1)
    step = first.subquery().select().cte("busy", recursive=True)
    following = first.where(_outbox.c.workspace_id > step.c.workspace_id).correlate(step).scalar_subquery()
    chain = step.union_all(select(following).where(step.c.workspace_id.is_not(None)))
    return list(
        session.scalars(select(chain.c.workspace_id).where(chain.c.workspace_id.is_not(None)).limit(limit))
    )

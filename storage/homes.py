"""Whose Home tab is open, what it shows, and whether that is still so."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from storage.models import HomeRow
from storage.statements import Now, is_of, is_there, read_as, table, upsert

LOOKED_AT_FOR = timedelta(days=1)
"""How long after somebody opened it their Home is kept up to date."""
AT_MOST_EVERY = timedelta(minutes=1)
"""How often it is published, however much changes."""
_homes = table(HomeRow)
# Built once: building a statement costs several times what running it does.
_MARK_STALE = (
    update(_homes)
    .where(
        _homes.c.workspace_id == bindparam("its_workspace_id"),
        _homes.c.is_stale.is_(False),
        or_(
            _homes.c.strategies.like(bindparam("shown")),
            _homes.c.person_id.in_(bindparam("person_ids", expanding=True)),
        ),
    )
    .values(is_stale=True)
)


@dataclass(frozen=True, slots=True)
class Home:
    """`channels` are those the person was a member of when they last looked; stale is one that shows what is so no longer."""

    workspace_id: str
    person_id: str
    channels: tuple[str, ...]
    asks_page: int = 0
    boards_page: int = 0
    is_stale: bool = True
    published_at: datetime | None = None

    def is_behind(self, channels: tuple[str, ...], now: datetime) -> bool:
        """Whether somebody who is in these channels may see something else by now."""
        if self.is_stale or self.published_at is None or self.channels != channels:
            return True
        return abs(now - self.published_at) >= AT_MOST_EVERY


def find_home(session: Session, workspace_id: str, person_id: str) -> Home | None:
    row = session.execute(select(_homes).where(_is(workspace_id, person_id))).first()
    return _home(row) if row else None


def open_home(session: Session, home: Home, now: datetime, *, is_behind: bool) -> None:
    """Somebody looks at it: it shows the first pages and is kept up to date for a day.

    One that is behind is to be published, and waits no minute.
    """
    fresh = {"opened_at": now, "published_at": None, "is_stale": True, "strategies": ""}
    values = asdict(home) | fresh | {"channels": {"channel_ids": list(home.channels)}}
    renewed = ["opened_at", "channels", "asks_page", "boards_page"]
    behind = ["is_stale", "published_at"] if is_behind else []
    upsert(session, _homes, [values], renewed + behind)


def turn_to(session: Session, home: Home) -> None:
    """Keep which pages it shows."""
    pages = {"asks_page": home.asks_page, "boards_page": home.boards_page}
    session.execute(update(_homes).where(_is(home.workspace_id, home.person_id)).values(**pages))


def mark_stale(session: Session, workspace_id: str, strategy_id: int, person_ids: Sequence[str] = ()) -> None:
    """Something changed in a strategy: whoever's Home shows it, and these people, will see it anew."""
    values = {"shown": f"% {strategy_id} %", "person_ids": tuple(person_ids)}
    session.execute(_MARK_STALE, {"its_workspace_id": workspace_id, **values})


def list_to_publish(session: Session, workspace_id: str, now: datetime, limit: int) -> list[Home]:
    """A workspace's Homes that are stale, looked at in the last day and not published in the last minute."""
    which = (_homes.c.workspace_id == workspace_id, *_may_be_published(now))
    rows = session.execute(select(_homes).where(*which).order_by(_homes.c.opened_at).limit(limit))
    return [_home(row) for row in rows]


def has_stale(workspace_id: ColumnElement[str], now: Now) -> ColumnElement[bool]:
    """Whether there is a Home to publish there."""
    return is_there(_homes.c.workspace_id == workspace_id, *_may_be_published(now))


def claim(session: Session, home: Home, strategy_ids: Iterable[int], now: datetime) -> bool:
    """Take it for publishing now, with the strategies it will show; False when somebody else did, or it is too soon.

    It is never too soon where it will show other strategies than it does.
    """
    shown = "".join(f" {strategy_id} " for strategy_id in strategy_ids)
    claimed = (
        update(_homes)
        .where(
            _is(home.workspace_id, home.person_id),
            or_(and_(*_may_be_published(now)), _homes.c.strategies != shown),
        )
        .values(is_stale=False, published_at=now, strategies=shown)
    )
    return session.execute(claimed.returning(_homes.c.person_id)).first() is not None


def find_next(session: Session, workspace_id: str, now: datetime) -> datetime | None:
    """When a Home of a workspace may next be published."""
    looked_at = _homes.c.opened_at > now - LOOKED_AT_FOR
    last = session.execute(
        select(func.count(), func.min(func.coalesce(_homes.c.published_at, _homes.c.opened_at))).where(
            _homes.c.workspace_id == workspace_id, _homes.c.is_stale.is_(True), looked_at
        )
    ).one()
    return last[1] + AT_MOST_EVERY if last[0] else None


def _is(workspace_id: str, person_id: str) -> ColumnElement[bool]:
    return is_of(_homes, workspace_id, person_id=person_id)


def _may_be_published(now: datetime | Now) -> tuple[ColumnElement[bool], ...]:
    return (
        _homes.c.is_stale.is_(True),
        _homes.c.opened_at > now - LOOKED_AT_FOR,
        # One dated ahead was published by a clock that was wrong.
        or_(
            _homes.c.published_at.is_(None),
            _homes.c.published_at <= now - AT_MOST_EVERY,
            _homes.c.published_at > now + AT_MOST_EVERY,
        ),
    )


def _home(row: Any) -> Home:
    return read_as(Home, row, channels=tuple(row.channels["channel_ids"]))

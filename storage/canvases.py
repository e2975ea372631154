"""The canvases of strategies' channels: what is known of each, and which are to be looked at."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from domain.canvases import AT_MOST_EVERY, UNDER_WAY, WRITTEN_IN, Canvas, CanvasState
from storage.models import ActRow, CanvasRow
from storage.statements import Now, is_of, is_there, read_as, table, upsert

_canvases = table(CanvasRow)
_acts = table(ActRow)
_COLUMNS = [column.name for column in _canvases.columns]
_ONES_OWN = [name for name in _COLUMNS if name not in ("workspace_id", "strategy_id")]


def find_canvas(session: Session, workspace_id: str, strategy_id: int) -> Canvas | None:
    row = session.execute(select(_canvases).where(_is(workspace_id, strategy_id))).first()
    return _canvas(row) if row else None


def hold_canvas(session: Session, workspace_id: str, strategy_id: int) -> Canvas | None:
    """The same, kept from everybody else until this transaction ends."""
    held = select(_canvases).where(_is(workspace_id, strategy_id)).with_for_update()
    row = session.execute(held).first()
    return _canvas(row) if row else None


def save_canvas(session: Session, canvas: Canvas) -> None:
    values = {name: getattr(canvas, name) for name in _COLUMNS}
    upsert(session, _canvases, [values | {"state": canvas.state.value}], _ONES_OWN)


def look_again(session: Session, canvas: Canvas, now: datetime, look_at: datetime) -> None:
    """It is about to be looked at: what changes from now on has it looked at again."""
    looked = {"looked_at": now - UNDER_WAY, "look_at": look_at}
    session.execute(update(_canvases).where(_is(canvas.workspace_id, canvas.strategy_id)).values(looked))


def begin(session: Session, canvas: Canvas, *, is_begun: bool) -> None:
    """That a call is on its way which writes it, or has not been made after all."""
    its_row = _is(canvas.workspace_id, canvas.strategy_id)
    session.execute(update(_canvases).where(*its_row).values(is_begun=is_begun))


def hand_on(session: Session, workspace_id: str, from_id: int, to_id: int) -> None:
    """The strategy that follows in a channel goes on with its canvas."""
    session.execute(update(_canvases).where(_is(workspace_id, from_id)).values(strategy_id=to_id))


def mark_stale(session: Session, workspace_id: str, strategy_ids: Collection[int], now: datetime) -> None:
    """What they say of these strategies is so no more, though nothing of them was changed."""
    those = (_canvases.c.workspace_id == workspace_id, _canvases.c.strategy_id.in_(strategy_ids))
    session.execute(update(_canvases).where(*those).values(look_at=now))


def forget_content(session: Session, workspace_id: str) -> None:
    """After a restore: what was written since is not known."""
    of_workspace = _canvases.c.workspace_id == workspace_id
    session.execute(update(_canvases).where(of_workspace).values(content="", text=""))


def list_stale(session: Session, workspace_id: str, now: datetime) -> Sequence[Canvas]:
    """Those that may say something else by now, and may be written."""
    stale = select(_canvases).where(_canvases.c.workspace_id == workspace_id, *_is_stale(now))
    return [_canvas(row) for row in session.execute(stale.order_by(_canvases.c.looked_at))]


def has_stale(workspace_id: ColumnElement[str], now: Now) -> ColumnElement[bool]:
    """Whether there is one to look at there."""
    return is_there(_canvases.c.workspace_id == workspace_id, *_is_stale(now))


def find_next(session: Session, workspace_id: str) -> datetime | None:
    """When one of a workspace is next to be looked at."""
    which = (_canvases.c.workspace_id == workspace_id, _canvases.c.state.in_(WRITTEN_IN))
    columns = (_canvases.c.looked_at, _canvases.c.look_at, _canvases.c.written_at, _has_changed())
    instants = []
    for looked_at, look_at, written_at, has_changed in session.execute(select(*columns).where(*which)):
        at = min(look_at, looked_at + 2 * UNDER_WAY) if has_changed else look_at
        instants.append(at if written_at is None else max(at, written_at + AT_MOST_EVERY))
    return min(instants, default=None)


def _is_stale(now: datetime | Now) -> tuple[ColumnElement[bool], ...]:
    looked_at, written_at = _canvases.c.looked_at, _canvases.c.written_at
    may = or_(written_at.is_(None), written_at <= now - AT_MOST_EVERY, written_at > now + AT_MOST_EVERY)
    return (
        or_(*(_canvases.c.state == state.value for state in WRITTEN_IN)),
        may,
        or_(
            _canvases.c.look_at <= now,
            looked_at > now + AT_MOST_EVERY,  # by a clock that was wrong
            and_(looked_at <= now - 2 * UNDER_WAY, _has_changed()),
        ),
    )


def _has_changed() -> ColumnElement[bool]:
    """What changes something leaves an act: one that is newer says so, without a word at every place of change."""
    return is_there(
        _acts.c.workspace_id == _canvases.c.workspace_id,
        _acts.c.strategy_id == _canvases.c.strategy_id,
        _acts.c.at > _canvases.c.looked_at,
    )


def _is(workspace_id: str, strategy_id: int) -> ColumnElement[bool]:
    return is_of(_canvases, workspace_id, strategy_id=strategy_id)


def _canvas(row: Any) -> Canvas:
    return read_as(Canvas, row, state=CanvasState(row.state))

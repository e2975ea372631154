"""The doors of canvases: a lead's buttons, and the clock's."""

from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from domain.faults import kind_and_place
from handlers.requests import Click, Deps, Routes, tells
from services.canvases import leave_canvas, list_stale_canvases, refresh_canvas, settle_question, want_canvas
from services.references import lead_strategy
from services.rituals import raise_if_away
from views.canvases import messages as views
from views.slack.references import read_id

log = structlog.get_logger()


async def refresh_stale(deps: Deps, now: datetime) -> None:
    """Each in a transaction of its own."""
    for canvas in await deps.transact(list_stale_canvases, deps.workspace_id, now):
        try:
            await deps.transact(refresh_canvas, canvas, now)
        except Exception as fault:  # noqa: BLE001 - one that fails must not stop the others
            raise_if_away(fault)
            log.error("canvas_failed", strategy=canvas.strategy_id, **kind_and_place(fault))
            await deps.transact(leave_canvas, canvas, now)


def make(session: Session, click: Click, now: datetime) -> str:
    person, strategy = lead_strategy(session, click, read_id(click.value))
    return want_canvas(session, strategy, person, now)


def write_over(session: Session, click: Click, now: datetime) -> str:
    person, strategy = lead_strategy(session, click, read_id(click.value))
    return settle_question(session, strategy, person, now, is_replaced=True)


def leave(session: Session, click: Click, now: datetime) -> str:
    person, strategy = lead_strategy(session, click, read_id(click.value))
    return settle_question(session, strategy, person, now, is_replaced=False)


ROUTES = Routes(clicks={views.MAKE: tells(make), views.REPLACE: tells(write_over), views.LEAVE: tells(leave)})

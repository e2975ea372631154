"""The doors of canvases: a lead's buttons, and the clock's."""

from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from handlers.requests import Click, Deps, Routes, apart, tells
from services.canvases import leave_canvas, list_stale_canvases, refresh_canvas, settle_question, want_canvas
from services.references import lead_strategy
from views.canvases import messages as views
from views.slack.references import read_id


async def refresh_stale(deps: Deps, now: datetime) -> None:
    for canvas in await deps.transact(list_stale_canvases, deps.workspace_id, now):
        leave = partial(leave_canvas, canvas=canvas, now=now)
        about = canvas.strategy_id
        await apart(deps, refresh_canvas, canvas, now, leave, failed="canvas_failed", strategy=about)


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

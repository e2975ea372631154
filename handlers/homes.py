"""The Home tab: opened, turned to another page, and published anew by the clock."""

from contextlib import suppress
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from domain.errors import DomainError
from handlers.requests import Click, Deps, Event, Routes, View, acts, apart, is_first
from services.access import load_actor
from services.homes import draw_home, leave_home, list_stale_homes, open_home, publish_home, turn_home
from views import homes as views
from views.slack.references import read_number

MOST_PAGES = 999


async def show_home(deps: Deps, event: Event) -> None:
    """`app_home_opened` comes for the messages tab, too: that one is not ours to draw."""
    if event.body.get("tab") == "home":
        channels = await deps.slack.list_channels(event.body["user"])
        await deps.transact(_open, event, channels, deps.now())


async def redraw(deps: Deps, click: Click) -> None:
    """Show a person at once what their click on Home did; what follows from it elsewhere waits its minute."""
    if click.form is None or click.form.callback_id != views.HOME:
        return
    view = await deps.transact(_redrawn, click, deps.now())
    with suppress(DomainError):  # published meanwhile, so that what they clicked on is gone anyway
        await deps.slack.update_view(click.form, view)


async def publish_stale(deps: Deps, now: datetime) -> int:
    """Publish what changed for people who are looking, as many as fit a tick; returns how many Homes."""
    published = 0
    for home in await deps.transact(list_stale_homes, deps.workspace_id, now):
        leave = partial(leave_home, home=home, now=now)
        done = await apart(deps, publish_home, home, now, leave, failed="home_failed", person=home.person_id)
        published += bool(done)
    return published


def _open(session: Session, event: Event, channels: tuple[str, ...] | None, now: datetime) -> None:
    if is_first(session, event, now):
        open_home(session, event.workspace_id, event.body["user"], channels, now)


def _redrawn(session: Session, click: Click, now: datetime) -> View:
    return draw_home(session, load_actor(session, click.actor), now)


def turn_page(session: Session, click: Click, now: datetime) -> None:
    """Like every click on Home it is drawn at once."""
    person = load_actor(session, click.actor)
    number = read_number(click.value, MOST_PAGES)
    if click.action_id in views.turns(views.ASKS_PAGE):
        turn_home(session, person, asks_page=number)
    else:
        turn_home(session, person, boards_page=number)


ROUTES = Routes(
    events={"app_home_opened": show_home},
    clicks=dict.fromkeys(views.TURNS, acts(turn_page)),
)

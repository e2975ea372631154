"""The Home tab: shown when somebody opens it, and kept true for a day after, at most once a minute."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from domain.errors import DomainError
from domain.faults import kind_and_place
from domain.impact import impact
from domain.initiatives import Initiative, Status
from domain.kickoffs import Confirmation
from domain.people import Person, why_not_a_participant
from domain.periods import Week
from domain.rhythm_health import closed_weeks, rhythm_health
from domain.schedules import local_day
from domain.strategies import Strategy
from domain.track_record import TrackRecord
from handlers.requests import Click, Deps, Event, Reply, Routes, View, acts
from services.access import load_actor, may_lead
from services.check_ins.answering import list_current_answering
from services.check_ins.prompts import build_prompt
from services.decisions import list_open_asks, show_asks
from storage import absences, answers, check_ins, decisions, homes, initiatives, kickoffs, kpis, people
from storage import strategies as strategy_table
from storage.delivery import outbox, seen
from storage.homes import Home
from views import homes as views
from views.check_ins.prompts import Prompt
from views.decisions.words import AskShown
from views.slack.references import read_number

WEEKS_OF_HISTORY = 52
MOST_PAGES = 999
A_TICK = 25
"""Homes published in one pass: with one every 15 s that is Slack's limit of 100 a minute."""
log = structlog.get_logger()


async def show_home(deps: Deps, event: Event) -> Reply | None:
    """`app_home_opened` comes for the messages tab, too: that one is not ours to draw."""
    if event.body.get("tab") == "home":
        channels = await deps.slack.list_channels(event.body["user"])
        await deps.transact(_open, event, channels, deps.now())
    return None


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
    for home in await deps.transact(homes.list_to_publish, deps.workspace_id, now, A_TICK):
        try:
            published += await deps.transact(publish, home, now)
        except Exception as fault:  # noqa: BLE001 - one Home that fails must not stop the others
            log.error("home_failed", person=home.person_id, **kind_and_place(fault))
            await deps.transact(homes.claim, home, (), now)
    return published


def _open(session: Session, event: Event, channels: tuple[str, ...] | None, now: datetime) -> None:
    if not seen.is_new(session, event.workspace_id, event.key, now):
        return
    person = people.get_person(session, event.workspace_id, event.body["user"])
    before = homes.find_home(session, person.workspace_id, person.id)
    known = before.channels if channels is None and before else channels or ()
    home = Home(person.workspace_id, person.id, known)
    homes.open_home(session, home, now)
    publish(session, home, now)


def _redrawn(session: Session, click: Click, now: datetime) -> View:
    person = load_actor(session, click.actor)
    home = homes.find_home(session, person.workspace_id, person.id) or Home(
        person.workspace_id, person.id, ()
    )
    return views.home_view(_gather(session, home, person, _strategies_of(session, home, person), now))


def turn_page(session: Session, click: Click, now: datetime) -> None:
    """Which page it shows from now on; like every click on Home it is drawn at once."""
    person = load_actor(session, click.actor)
    number, is_of_asks = read_number(click.value, MOST_PAGES), click.action_id in views.turns(views.ASKS_PAGE)
    if home := homes.find_home(session, person.workspace_id, person.id):
        turned = replace(home, asks_page=number) if is_of_asks else replace(home, boards_page=number)
        homes.turn_to(session, turned)


def publish(session: Session, home: Home, now: datetime) -> bool:
    """Draw it as things stand and send it; False when it was published in the last minute."""
    person = people.get_person(session, home.workspace_id, home.person_id)
    refusal = why_not_a_participant(person)
    shown = [] if refusal else _strategies_of(session, home, person)
    if not homes.claim(session, home, [strategy.id for strategy in shown], now):
        return False
    view = (
        views.closed_view(refusal) if refusal else views.home_view(_gather(session, home, person, shown, now))
    )
    outbox.enqueue_home(session, home.workspace_id, person.id, view, now=now)
    return True


def _strategies_of(session: Session, home: Home, person: Person) -> list[Strategy]:
    """Those led or worked for, and those of the channels they are in; the ones they lead first."""
    own = {one.id for one in strategy_table.list_strategies_of(session, person.workspace_id, person.id)}
    channels = set(home.channels)
    shown = [
        strategy
        for strategy in strategy_table.list_strategies(session, person.workspace_id)
        if strategy.id in own or strategy.channel_id in channels
    ]
    return sorted(shown, key=lambda one: (not may_lead(one, person), one.id not in own, one.id))


def _gather(
    session: Session, home: Home, person: Person, shown: Sequence[Strategy], now: datetime
) -> views.HomeTab:
    return views.HomeTab(
        person_id=person.id,
        prompts=_prompts(session, person, now),
        asks=_asks(session, person),
        confirmations=_confirmations(session, person),
        boards=tuple(_board(session, strategy, person, now) for strategy in shown),
        asks_page=home.asks_page,
        boards_page=home.boards_page,
    )


def _prompts(session: Session, person: Person, now: datetime) -> tuple[Prompt, ...]:
    """The person's present check-ins that have something to answer."""
    return tuple(
        build_prompt(session, ctx, now)
        for ctx in list_current_answering(session, person, now)
        if ctx.initiatives and ctx.strategy.paused_at is None
    )


def _asks(session: Session, person: Person) -> tuple[AskShown, ...]:
    waiting = decisions.list_for_decider(session, person.workspace_id, person.id)
    shown = []
    for strategy_id in dict.fromkeys(decision.strategy_id for decision in waiting):
        strategy = strategy_table.get_strategy(session, person.workspace_id, strategy_id)
        own = [decision for decision in waiting if decision.strategy_id == strategy_id]
        shown += show_asks(session, strategy, own)
    return tuple(sorted(shown, key=lambda ask: (ask.decision.due, ask.decision.id)))


def _confirmations(session: Session, person: Person) -> tuple[tuple[Confirmation, Initiative], ...]:
    asked = kickoffs.list_asked(session, person.workspace_id, person.id)
    found = [
        (one, initiatives.get_initiative(session, person.workspace_id, one.initiative_id)) for one in asked
    ]
    return tuple((one, initiative) for one, initiative in found if not initiative.status.is_closed)


def _board(session: Session, strategy: Strategy, person: Person, now: datetime) -> views.Board:
    workspace_id = strategy.workspace_id
    is_lead = may_lead(strategy, person)
    listed = tuple(initiatives.list_initiatives(session, workspace_id, strategy.id))
    today = local_day(now, strategy.zone)
    since = Week.of(today).plus(-WEEKS_OF_HISTORY)
    return views.Board(
        strategy=strategy,
        is_lead=is_lead,
        initiatives=listed,
        healths=answers.list_last_healths(session, workspace_id, strategy.id, since),
        kpis=tuple(kpis.list_kpis(session, workspace_id, strategy.id)),
        today=today,
        waiting=len(list_open_asks(session, strategy)),
        rhythm=_rhythm(session, strategy, listed, now) if is_lead else None,
    )


def _rhythm(
    session: Session, strategy: Strategy, listed: Sequence[Initiative], now: datetime
) -> views.Rhythm:
    """Health and impact as the monthly review counts them."""
    workspace_id = strategy.workspace_id
    since = Week.of(local_day(now, strategy.zone)).plus(-WEEKS_OF_HISTORY)
    due = [c for c in check_ins.list_since(session, workspace_id, strategy.id, since) if c.due_at <= now]
    owners = {one.owner_id for one in listed} | {check_in.person_id for check_in in due}
    record = TrackRecord(
        strategy,
        people.list_people(session, workspace_id, owners),
        absences.list_absences(session, workspace_id, owners),
        closed_weeks(strategy, due, now),
    )
    active = [one for one in listed if one.status is Status.ACTIVE]
    watched = kpis.list_kpis(session, workspace_id, strategy.id)
    asked = decisions.list_decisions(session, workspace_id, strategy.id)
    readings = kpis.list_readings(session, workspace_id, [kpi.id for kpi in watched])
    return views.Rhythm(
        rhythm_health(record, active, watched, asked, now), impact(record, watched, readings, asked)
    )


ROUTES = Routes(
    events={"app_home_opened": show_home},
    clicks=dict.fromkeys(views.TURNS, acts(turn_page)),
)

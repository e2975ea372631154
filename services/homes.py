"""The Home tab: drawn when somebody opens it, and kept true for a day after, at most once a minute."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.initiatives import Initiative
from domain.kickoffs import Confirmation
from domain.people import Person, why_not_a_participant
from domain.rhythms import rhythm_of, slipping_of
from domain.schedules import local_day
from domain.strategies import Strategy, is_lead
from services.access import may_lead
from services.check_ins.answering import list_current_answering
from services.check_ins.prompts import build_prompt
from services.decisions.lists import list_open_asks, show_asks
from services.joins import list_alike
from services.people import list_ownerless
from services.retrospectives import list_to_look_back
from services.reviews.leads import list_waiting
from services.rhythms import gather_rhythm
from storage import answers, decisions, homes, initiatives, kickoffs, kpis, people, strategies
from storage.delivery import outbox
from storage.homes import Home
from views import homes as views
from views.check_ins.prompts import Prompt
from views.decisions.words import AskShown
from views.homes import View

A_TICK = 25
"""Homes published in one pass: with one every 15 s that is Slack's limit of 100 a minute."""


@dataclass(frozen=True, slots=True)
class _Known:
    """The workspace's strategies by id, and those that a Home shows, in their order."""

    strategies: Mapping[int, Strategy]
    shown: Sequence[Strategy]


def open_home(
    session: Session, workspace_id: str, person_id: str, channels: tuple[str, ...] | None, now: datetime
) -> None:
    """Somebody looks at it, who is in these channels; None where Slack did not say, and those known before stand."""
    before = homes.find_home(session, workspace_id, person_id)
    known = before.channels if channels is None and before else channels or ()
    home = Home(workspace_id, person_id, known)
    homes.open_home(session, home, now, is_behind=before is None or before.is_behind(known, now))
    publish_home(session, home, now)


def renew_home(session: Session, person: Person, now: datetime) -> None:
    """Where the person has it open, it shows the strategy that they have just set up."""
    if home := homes.find_home(session, person.workspace_id, person.id):
        publish_home(session, home, now)


def turn_home(
    session: Session, person: Person, *, asks_page: int | None = None, boards_page: int | None = None
) -> None:
    """Which page it shows from now on."""
    home = homes.find_home(session, person.workspace_id, person.id)
    if home is None:
        return
    if asks_page is not None:
        home = replace(home, asks_page=asks_page)
    if boards_page is not None:
        home = replace(home, boards_page=boards_page)
    homes.turn_to(session, home)


def draw_home(session: Session, person: Person, now: datetime) -> View:
    """As things stand, for whoever has it open."""
    home = homes.find_home(session, person.workspace_id, person.id)
    home = home or Home(person.workspace_id, person.id, ())
    return _draw(session, home, person, _know(session, home, person), now)


def list_stale_homes(session: Session, workspace_id: str, now: datetime) -> list[Home]:
    """Those that show something else by now to people who are looking, as many as fit a tick."""
    return homes.list_to_publish(session, workspace_id, now, A_TICK)


def publish_home(session: Session, home: Home, now: datetime) -> bool:
    """Draw it as things stand and send it; False when it was published in the last minute, with the same strategies."""
    person = people.get_person(session, home.workspace_id, home.person_id)
    refusal = why_not_a_participant(person)
    known = _Known({}, ()) if refusal else _know(session, home, person)
    if not homes.claim(session, home, [strategy.id for strategy in known.shown], now):
        return False
    view = views.closed_view(refusal) if refusal else _draw(session, home, person, known, now)
    outbox.enqueue_home(session, home.workspace_id, person.id, view, now=now)
    return True


def leave_home(session: Session, home: Home, now: datetime) -> None:
    """One that could not be drawn stays as it is until something changes again."""
    homes.claim(session, home, (), now)


def _know(session: Session, home: Home, person: Person) -> _Known:
    """It shows those led or worked for, and those of the channels they are in; to workspace admins, who count as leads,
    all there are. Their own come first.
    """
    everything = strategies.list_strategies(session, person.workspace_id)
    own = {one.id for one in strategies.list_strategies_of(session, person.workspace_id, person.id)}
    channels = set(home.channels)
    shown = [one for one in everything if one.id in own or one.channel_id in channels or person.is_admin]
    shown.sort(
        key=lambda one: (
            not is_lead(one, person.id),
            one.id not in own,
            one.channel_id not in channels,
            one.id,
        )
    )
    return _Known({one.id: one for one in everything}, shown)


def _draw(session: Session, home: Home, person: Person, known: _Known, now: datetime) -> View:
    page = views.Page.at(home.boards_page, len(known.shown), views.BOARDS_A_PAGE)
    return views.home_view(
        views.HomeTab(
            person_id=person.id,
            prompts=_prompts(session, person, now),
            asks=_asks(session, person, known),
            confirmations=_confirmations(session, person, known),
            reviews=tuple(list_waiting(session, person)),
            retrospectives=tuple(list_to_look_back(session, person)),
            boards=tuple(_board(session, strategy, person, now) for strategy in page.cut(known.shown)),
            asks_page=home.asks_page,
            boards_page=page,
        )
    )


def _prompts(session: Session, person: Person, now: datetime) -> tuple[Prompt, ...]:
    """The person's present check-ins that have something to answer."""
    return tuple(
        build_prompt(session, ctx, now)
        for ctx in list_current_answering(session, person, now)
        if ctx.initiatives and ctx.strategy.paused_at is None
    )


def _asks(session: Session, person: Person, known: _Known) -> tuple[AskShown, ...]:
    waiting = decisions.list_for_decider(session, person.workspace_id, person.id)
    shown = []
    for strategy_id in dict.fromkeys(decision.strategy_id for decision in waiting):
        own = [decision for decision in waiting if decision.strategy_id == strategy_id]
        shown += show_asks(session, known.strategies[strategy_id], own)
    return tuple(sorted(shown, key=lambda ask: (ask.decision.due, ask.decision.id)))


def _confirmations(
    session: Session, person: Person, known: _Known
) -> tuple[tuple[Confirmation, Initiative], ...]:
    asked = kickoffs.list_asked(session, person.workspace_id, person.id)
    about = initiatives.list_by_id(session, person.workspace_id, [one.initiative_id for one in asked])
    found = [(one, about[one.initiative_id]) for one in asked]
    return tuple(
        (one, initiative)
        for one, initiative in found
        if not initiative.status.is_closed and initiative.strategy_id in known.strategies
    )


def _board(session: Session, strategy: Strategy, person: Person, now: datetime) -> views.Board:
    workspace_id = strategy.workspace_id
    today = local_day(now, strategy.zone)
    healths = answers.list_last_healths(session, strategy, now)
    if not may_lead(strategy, person):
        listed = tuple(initiatives.list_initiatives(session, workspace_id, strategy.id))
        watched = tuple(kpis.list_kpis(session, workspace_id, strategy.id))
        waiting = len(list_open_asks(session, strategy))
        ownerless = list_ownerless(session, workspace_id, listed)
        return views.Board(strategy, False, listed, healths, watched, today, waiting, ownerless=ownerless)
    known = gather_rhythm(session, strategy, now)
    listed = tuple(one for one in known.initiatives if not one.status.is_closed)
    return views.Board(
        strategy,
        is_lead=True,
        initiatives=listed,
        healths=healths,
        kpis=known.watched,
        today=today,
        waiting=sum(decision.is_open for decision in known.decisions),
        rhythm=rhythm_of(known),
        ownerless=list_ownerless(session, workspace_id, known.initiatives),
        alike=list_alike(session, strategy, listed, known.watched),
        slipping=slipping_of(known),
    )

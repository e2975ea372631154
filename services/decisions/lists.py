"""Asks as people see them: with the names they are told with, and in lists."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from domain.decisions import SETTLED, Decision, DecisionState, is_overdue
from domain.people import Person
from domain.strategies import Strategy
from services.access import may_lead
from storage import bets, decisions, initiatives, people, strategies
from views.decisions.words import AskShown

_OPEN = (DecisionState.OPEN,)
_MOST_PAST = 100


def show_asks(session: Session, strategy: Strategy, asks: Sequence[Decision]) -> list[AskShown]:
    """With the names they are told with and the bets on those that are settled, in three statements however many there are."""
    settled = [decision.id for decision in asks if not decision.is_open]
    made = bets.list_latest(session, strategy.workspace_id, settled)
    named = {one for d in asks for one in (d.requested_by, d.decider_id, d.decided_by) if one}
    named |= {look.person_id for bet in made.values() for look in bet.answers}
    names = {p.id: p.name for p in people.list_people(session, strategy.workspace_id, sorted(named)).values()}
    about: dict[int | None, str] = {}
    if any(decision.initiative_id for decision in asks):
        listing = initiatives.list_initiatives(
            session, strategy.workspace_id, strategy.id, include_closed=True
        )
        about = {initiative.id: initiative.name for initiative in listing}
    return [
        AskShown(
            decision,
            strategy.name,
            strategy.zone,
            about.get(decision.initiative_id, ""),
            names,
            made.get(decision.id),
        )
        for decision in asks
    ]


def may_decide(strategy: Strategy, person: Person, decision: Decision) -> bool:
    """Whoever was asked, and leads."""
    return person.id == decision.decider_id or may_lead(strategy, person)


def list_open_asks(session: Session, strategy: Strategy) -> list[Decision]:
    return decisions.list_decisions(session, strategy.workspace_id, strategy.id, states=_OPEN)


def list_asks(
    session: Session, strategy: Strategy, wanted: str, viewer: Person, now: datetime
) -> list[tuple[AskShown, bool]]:
    """Those that are open, overdue or past, each with whether the viewer may decide it."""
    shown = show_asks(session, strategy, _choose(session, strategy, wanted, now))
    return [(ask, may_decide(strategy, viewer, ask.decision)) for ask in shown]


def list_asks_of(session: Session, person: Person) -> list[tuple[AskShown, bool]]:
    """What waits for the person, then what they asked of others, in all strategies."""
    found: list[tuple[AskShown, bool]] = []
    own = decisions.list_open_of_person(session, person.workspace_id, person.id)
    for strategy_id in dict.fromkeys(decision.strategy_id for decision in own):
        strategy = strategies.get_strategy(session, person.workspace_id, strategy_id)
        asks = [decision for decision in own if decision.strategy_id == strategy_id]
        shown = show_asks(session, strategy, asks)
        found += [(ask, may_decide(strategy, person, ask.decision)) for ask in shown]
    return sorted(found, key=lambda entry: entry[0].decision.decider_id != person.id)


def _choose(session: Session, strategy: Strategy, wanted: str, now: datetime) -> list[Decision]:
    if wanted == "past":
        found = decisions.list_decisions(session, strategy.workspace_id, strategy.id, states=SETTLED)
        return sorted(found, key=lambda one: (str(one.decided_at), one.id), reverse=True)[:_MOST_PAST]
    waiting = list_open_asks(session, strategy)
    return [one for one in waiting if wanted == "open" or is_overdue(one, strategy.zone, now)]

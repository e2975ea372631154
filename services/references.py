"""What an id names: the one way in which a door turns an id into an object. For every feature; inside its transaction.

Slack vouches for who acts and in which channel. Every id in a button, an option or a form comes back through somebody's
hands, so it names something only for those who may see it: what is gone, malformed or another strategy's raises the same
NotFound. Whoever may see it and may not act is told who can.
"""

from collections.abc import Callable, Collection
from typing import Protocol, TypeVar

from sqlalchemy.orm import Session

from domain.bets import Bet
from domain.check_ins import CheckIn
from domain.decisions import Decision
from domain.errors import DomainError, NotFound
from domain.initiatives import Initiative
from domain.kickoffs import Confirmation
from domain.kpis import Kpi
from domain.milestones import Milestone
from domain.people import Actor, Person
from domain.retrospectives import Retrospective
from domain.reviews import Review
from domain.signals import Signal
from domain.strategies import Strategy
from services.access import load_actor, may_lead, may_see, require_lead, require_may_report, who_can
from storage import (
    bets,
    check_ins,
    decisions,
    initiatives,
    kickoffs,
    kpis,
    milestones,
    notes,
    retrospectives,
    reviews,
    signals,
    strategies,
    tokens,
)
from storage.database import lock
from storage.notes import Note
from storage.tokens import ApiToken

T = TypeVar("T")
OfStrategy = TypeVar("OfStrategy", Initiative, Kpi, CheckIn)


class Request(Protocol):
    """Whatever comes in from a person; `channel_id` is where, as Slack says it."""

    @property
    def actor(self) -> Actor: ...

    @property
    def channel_id(self) -> str | None: ...


# Strategies, and what stands in one that is known already


def see_strategy(session: Session, request: Request, strategy_id: int) -> tuple[Person, Strategy]:
    person = load_actor(session, request.actor)
    return person, _seen(session, request, person, strategy_id)


def lead_strategy(session: Session, request: Request, strategy_id: int) -> tuple[Person, Strategy]:
    """Locked: no other lead changes it meanwhile."""
    person = load_actor(session, request.actor)
    lock(session, person.workspace_id, strategy_id)
    return person, _led(session, request, person, strategy_id)


def see_former(session: Session, request: Request, strategy_id: int) -> tuple[Person, Strategy]:
    """A closed one, for whoever may see the one that its channel has now, or led it."""
    person, closed = _find(session, request, strategies.find_strategy, strategy_id)
    now = strategies.find_strategy_by_channel(session, person.workspace_id, closed.channel_id)
    may = may_lead(closed, person) or (now is not None and may_see(session, now, person, request.channel_id))
    if closed.closed_at is None or not may:
        raise NotFound
    return person, closed


def lead_former(session: Session, request: Request, strategy_id: int) -> tuple[Person, Strategy]:
    person, closed = see_former(session, request, strategy_id)
    require_lead(session, closed, person)
    return person, closed


def lead_source(session: Session, request: Request, strategy_id: int) -> tuple[Person, Strategy]:
    """One that the person leads or led, closed or not. Raises NotFound."""
    person, found = _find(session, request, strategies.find_strategy, strategy_id)
    if not may_lead(found, person):
        raise NotFound
    return person, found


def initiative_of(session: Session, strategy: Strategy, initiative_id: int) -> Initiative:
    """Closed ones too."""
    return _in(strategy, initiatives.find_initiative(session, strategy.workspace_id, initiative_id))


def kpi_of(session: Session, strategy: Strategy, kpi_id: int) -> Kpi:
    """Retired ones too."""
    return _in(strategy, kpis.find_kpi(session, strategy.workspace_id, kpi_id))


def check_in_of(session: Session, strategy: Strategy, check_in_id: int) -> CheckIn:
    return _in(strategy, check_ins.find_check_in(session, strategy.workspace_id, check_in_id))


def token_of(session: Session, strategy: Strategy, token_id: int) -> ApiToken:
    """One that still works."""
    working = tokens.list_tokens(session, strategy.workspace_id, strategy.id)
    return _known(next((token for token in working if token.id == token_id), None))


# What has an id of its own


def lead_initiative(
    session: Session, request: Request, initiative_id: int
) -> tuple[Person, Strategy, Initiative]:
    person, initiative = _find(session, request, initiatives.find_initiative, initiative_id)
    return person, _led(session, request, person, initiative.strategy_id), initiative


def see_initiative(
    session: Session, request: Request, initiative_id: int
) -> tuple[Person, Strategy, Initiative]:
    """Locked: nobody changes it, or its milestones, meanwhile."""
    person, initiative = _find(session, request, initiatives.find_initiative, initiative_id)
    strategy = _seen(session, request, person, initiative.strategy_id)
    return person, strategy, _locked(session, initiative)


def see_milestone(
    session: Session, request: Request, milestone_id: int
) -> tuple[Person, Strategy, Initiative, Milestone]:
    """Locked, with its initiative."""
    person, milestone = _find(session, request, milestones.find_milestone, milestone_id)
    strategy, initiative = _seen_about(session, request, person, milestone)
    return person, strategy, initiative, milestones.get_milestone(session, person.workspace_id, milestone_id)


def see_confirmation(
    session: Session, request: Request, confirmation_id: int
) -> tuple[Person, Strategy, Initiative, Confirmation]:
    """Locked, with its initiative."""
    person, asked = _find(session, request, kickoffs.find_confirmation, confirmation_id)
    strategy, initiative = _seen_about(session, request, person, asked)
    return person, strategy, initiative, kickoffs.get_confirmation(session, person.workspace_id, asked.id)


def see_retrospective(
    session: Session, request: Request, retrospective_id: int
) -> tuple[Person, Initiative, Retrospective]:
    """Locked, with its initiative."""
    person, asked = _find(session, request, retrospectives.find_retrospective, retrospective_id)
    _, initiative = _seen_about(session, request, person, asked, even_closed=True)
    return person, initiative, retrospectives.get_retrospective(session, person.workspace_id, asked.id)


def see_check_in(session: Session, request: Request, check_in_id: int) -> tuple[Person, Strategy, CheckIn]:
    """Held: nobody else answers in it meanwhile."""
    person = load_actor(session, request.actor)
    check_in = _known(check_ins.find_check_in(session, person.workspace_id, check_in_id, hold=True))
    return person, _seen(session, request, person, check_in.strategy_id, (check_in.person_id,)), check_in


def see_decision(session: Session, request: Request, decision_id: int) -> tuple[Person, Strategy, Decision]:
    """Locked: nobody settles or moves it meanwhile."""
    person, decision = _find(session, request, decisions.find_decision, decision_id)
    named = (decision.decider_id, decision.requested_by)
    strategy = _seen(session, request, person, decision.strategy_id, named)
    lock(session, strategy.workspace_id, strategy.id)
    return person, strategy, _known(decisions.find_decision(session, person.workspace_id, decision_id))


def see_bet(session: Session, request: Request, bet_id: int) -> tuple[Person, Strategy, Bet, Decision]:
    """Locked: nobody else answers it meanwhile. Of a strategy that is closed, too."""
    person, bet = _find(session, request, bets.find_bet, bet_id)
    decision = _known(decisions.find_decision(session, person.workspace_id, bet.decision_id))
    named = (decision.decider_id, decision.requested_by, *(look.person_id for look in bet.looks))
    strategy = _seen(session, request, person, bet.strategy_id, named, even_closed=True)
    lock(session, strategy.workspace_id, strategy.id)
    return person, strategy, _known(bets.find_bet(session, person.workspace_id, bet_id)), decision


def report_kpi(session: Session, request: Request, kpi_id: int) -> tuple[Person, Strategy, Kpi]:
    """One that is watched and that the person may report."""
    person, kpi = _find(session, request, kpis.find_kpi, kpi_id)
    strategy = _seen(session, request, person, kpi.strategy_id, (kpi.owner_id,))
    require_may_report(session, strategy, kpi, person)
    if kpi.retired_at is not None:
        raise DomainError("This KPI has been retired, so nothing is asked for it any more.")
    return person, strategy, kpi


def explain_signal(session: Session, request: Request, signal_id: int) -> tuple[Person, Strategy, Signal]:
    """For whoever was asked about it, or a lead. Held: nobody else says anything of it meanwhile."""
    person, signal = _find(session, request, signals.find_signal, signal_id)
    strategy = _seen(session, request, person, signal.strategy_id, (signal.owner_id,))
    if person.id != signal.owner_id and not may_lead(strategy, person):
        able = who_can(session, person.workspace_id, [signal.owner_id, *strategy.leads])
        raise DomainError(
            f"Only who was asked what happened, or a lead of {strategy.name}, can say it: {able}."
        )
    check_ins.find_check_in(session, person.workspace_id, signal.check_in_id, hold=True)
    return person, strategy, _known(signals.find_signal(session, person.workspace_id, signal_id))


def lead_review(session: Session, request: Request, review_id: int) -> tuple[Person, Strategy, Review]:
    """Locked: it is not closed, and nobody else decides in it, meanwhile."""
    person, review = _find(session, request, reviews.find_review_by_id, review_id)
    strategy = _led(session, request, person, review.strategy_id)
    lock(session, review.workspace_id, review.strategy_id)
    return person, strategy, _known(reviews.find_review_by_id(session, person.workspace_id, review_id))


def own_note(session: Session, request: Request, channel_id: str, ts: str) -> Note:
    """Words that whoever acts wrote themselves."""
    note = notes.find_note(session, request.actor.workspace_id, channel_id, ts)
    if note is None or note.person_id != request.actor.person_id:
        raise DomainError("Only the person who wrote this can say what it is about.")
    return note


def require_channel(session: Session, request: Request, channel_id: str) -> None:
    """A channel where the person could have typed a command: where they act, or of a strategy they may see."""
    if channel_id == request.channel_id:
        return
    person = load_actor(session, request.actor)
    strategy = _known(strategies.find_strategy_by_channel(session, person.workspace_id, channel_id))
    _seen(session, request, person, strategy.id)


def _find(
    session: Session, request: Request, find: Callable[[Session, str, int], T | None], id_: int
) -> tuple[Person, T]:
    """Whoever acts, and what an id names in their workspace. Raises NotFound."""
    person = load_actor(session, request.actor)
    return person, _known(find(session, person.workspace_id, id_))


def _known(found: T | None) -> T:
    if found is None:
        raise NotFound
    return found


def _in(strategy: Strategy, found: OfStrategy | None) -> OfStrategy:
    """What stands in this strategy and no other. Raises NotFound."""
    if found is None or found.strategy_id != strategy.id:
        raise NotFound
    return found


def _seen_about(
    session: Session,
    request: Request,
    person: Person,
    asked: Milestone | Confirmation | Retrospective,
    *,
    even_closed: bool = False,
) -> tuple[Strategy, Initiative]:
    """What somebody is named by is about, for them and whoever may see it; the initiative is locked."""
    initiative = initiatives.get_initiative(session, person.workspace_id, asked.initiative_id)
    strategy_id, named = initiative.strategy_id, (asked.person_id,)
    strategy = _seen(session, request, person, strategy_id, named, even_closed=even_closed)
    return strategy, _locked(session, initiative)


def _locked(session: Session, initiative: Initiative) -> Initiative:
    """As it stands once nobody else changes its strategy."""
    lock(session, initiative.workspace_id, initiative.strategy_id)
    return initiatives.get_initiative(session, initiative.workspace_id, initiative.id)


def _seen(
    session: Session,
    request: Request,
    person: Person,
    strategy_id: int,
    named: Collection[str] = (),
    *,
    even_closed: bool = False,
) -> Strategy:
    """A strategy for somebody who may see it, or whom the thing itself names.

    Raises NotFound, and DomainError for one that is closed: it is read (`see_former`), and nothing of it changes.
    """
    strategy = _known(strategies.find_strategy(session, person.workspace_id, strategy_id))
    if not (person.id in named or may_see(session, strategy, person, request.channel_id)):
        raise NotFound
    if strategy.closed_at is not None and not even_closed:
        raise DomainError(
            f"{strategy.name} is closed and stays as it was. `/rhythm status former` in its channel "
            "shows what can be read."
        )
    return strategy


def _led(session: Session, request: Request, person: Person, strategy_id: int) -> Strategy:
    """A strategy for a lead of it. Raises NotFound, or DomainError naming who leads it."""
    strategy = _seen(session, request, person, strategy_id)
    require_lead(session, strategy, person)
    return strategy

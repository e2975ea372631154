"""The day on which decisions are looked at again: what became of them is found out, kept, and shown to those they name."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from domain.acts import ActKind
from domain.bets import Bet, Look, look_instant
from domain.decisions import Decision
from domain.people import is_stand_in
from domain.rituals import Due, Ritual
from domain.schedules import local_day
from domain.strategies import Strategy
from services.bets.knowing import find_now
from services.bets.making import record_act_of_bet
from services.decisions.lists import show_asks
from services.decisions.telling import redraw_ask
from services.planning import plan_bets
from services.telling import tell_person
from storage import bets, decisions, people, rituals, strategies
from storage.database import lock
from storage.delivery import outbox
from views.bets.messages import MOST_IN_MESSAGE, BetShown, look_message
from views.decisions.forms import ask_button
from views.slack.blocks import Payload


def perform_bets(session: Session, due: Due, now: datetime) -> str:
    """Bets of a strategy whose day has come; while it is paused, they wait. Returns what became of it."""
    lock(session, due.workspace_id, due.strategy_id)
    if not rituals.hold_due(session, [due], wait=True):
        return "performed already"
    strategy = strategies.get_strategy(session, due.workspace_id, due.strategy_id)
    waiting = bets.list_waiting(session, due.workspace_id, due.strategy_id)
    come = [bet for bet in waiting if look_instant(bet.look_on, strategy.zone) <= now]
    looked = [] if strategy.paused_at is not None else look_again(session, strategy, come, now)
    plan_bets(session, strategy, now)
    return f"{len(looked)} of {len(come)} looked at"


def look_again(session: Session, strategy: Strategy, waiting: Sequence[Bet], now: datetime) -> list[Bet]:
    """Keep what is found of each, and show whoever asked and whoever decided all of it in one message.

    A decision that is open again, because a clock was ahead, waits.
    """
    workspace_id = strategy.workspace_id
    about = {bet.id: decisions.find_decision(session, workspace_id, bet.decision_id) for bet in waiting}
    looked, told = [], defaultdict[str, list[Bet]](list)
    for bet in waiting:
        decision = about[bet.id]
        if decision is None or decision.is_open or not _claim(session, bet, now):
            continue
        bet = bets.keep_found(session, bet, find_now(session, strategy, bet, now), now)  # noqa: PLW2901
        record_act_of_bet(session, bet, ActKind.LOOKED_AGAIN, None, now)
        looked.append(bet)
        for person_id in _asked(session, strategy, decision):
            told[person_id].append(bet)
    for person_id, theirs in told.items():
        for start in range(0, len(theirs), MOST_IN_MESSAGE):
            _tell(session, strategy, person_id, theirs[start : start + MOST_IN_MESSAGE], now)
    for shown in show_asks(session, strategy, [one for bet in looked if (one := about[bet.id])]):
        redraw_ask(session, shown, now)
    return looked


def redraw_looks(session: Session, strategy: Strategy, bet: Bet, now: datetime) -> None:
    """Every message that shows a bet, as it stands."""
    for look in bet.looks:
        if look.message_id is None:
            continue
        theirs = bets.list_in_message(session, strategy.workspace_id, look.message_id)
        shown = show_bets(session, strategy, theirs)
        page = _page(strategy, shown, look.person_id, now)
        outbox.enqueue_update(session, strategy.workspace_id, look.message_id, page, now=now)


def show_bets(session: Session, strategy: Strategy, found: Sequence[Bet]) -> list[BetShown]:
    """With their decisions and the names of those who answered."""
    about = [decisions.find_decision(session, strategy.workspace_id, bet.decision_id) for bet in found]
    asks = show_asks(session, strategy, [one for one in about if one is not None])
    speakers = {look.person_id for bet in found for look in bet.answers}
    known = people.list_people(session, strategy.workspace_id, sorted(speakers)).values()
    names = {person.id: person.name for person in known}
    return [
        BetShown(bet, ask.decision, ask.about, {**ask.names, **names})
        for bet, ask in zip(found, asks, strict=True)
    ]


def _page(strategy: Strategy, shown: Sequence[BetShown], person_id: str, now: datetime) -> Payload:
    today = local_day(now, strategy.zone)
    return look_message(strategy, shown, person_id, today, ask_button(strategy))


def _asked(session: Session, strategy: Strategy, decision: Decision) -> list[str]:
    """Whoever asked and whoever decided; where both have left, the leads who are here."""
    named = (decision.requested_by, decision.decided_by or decision.decider_id)
    for candidates in (named, strategy.leads):
        wanted = [one for one in dict.fromkeys(candidates) if not is_stand_in(one)]
        known = people.list_people(session, strategy.workspace_id, wanted).values()
        if here := [person.id for person in known if not person.is_deactivated]:
            return here
    return []


def _tell(session: Session, strategy: Strategy, person_id: str, theirs: Sequence[Bet], now: datetime) -> None:
    workspace_id = strategy.workspace_id
    page = _page(strategy, show_bets(session, strategy, theirs), person_id, now)
    message_id = tell_person(session, workspace_id, person_id, page, now, strategy=strategy)
    bets.save_looks(session, workspace_id, [Look(bet.id, person_id, message_id) for bet in theirs])


def _claim(session: Session, bet: Bet, now: datetime) -> bool:
    """Whether this is the first time that it is looked at."""
    due = Due(bet.workspace_id, bet.strategy_id, Ritual.BETS, "", f"bet-{bet.id}", now)
    return rituals.claim_occurrence(session, due, now, "looked at")

"""What people say of a decision once it was looked at again: keep, change or stop it, and what was learned."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.acts import ActKind
from domain.bets import Bet, Look, Verdict
from domain.decisions import Decision
from domain.errors import DomainError
from domain.people import Person
from domain.retrospectives import Learning, LearningKind, split_learnings
from domain.strategies import Strategy
from services.access import who_can
from services.bets.looking import redraw_looks
from services.bets.making import may_look_again, record_act_of_bet
from services.decisions.lists import show_asks
from services.decisions.telling import redraw_ask
from services.references import Request, see_bet
from storage import bets, initiatives, kpis, retrospectives


def load_to_answer(
    session: Session, request: Request, bet_id: int, verdict: Verdict | None
) -> tuple[Person, Strategy, Bet, Decision]:
    """For whoever was asked, was named by the decision, or leads; without `verdict`, who has said one. Raises DomainError."""
    person, strategy, bet, decision = see_bet(session, request, bet_id)
    asked = {look.person_id for look in bet.looks}
    if person.id not in asked and not may_look_again(strategy, person, decision):
        able = who_can(session, strategy.workspace_id, sorted(asked))
        raise DomainError(f"Only {able}, or a lead of {strategy.name}, can say what becomes of this.")
    if bet.looked_at is None:
        raise DomainError("This is not looked at again yet: wait for its day.")
    own = next((look for look in bet.answers if look.person_id == person.id), None)
    if verdict is not None and own is not None and own.verdict is not None:
        raise DomainError(f"You have said “{own.verdict}” to this already, and that stays on record.")
    if verdict is None and (own is None or own.learning):
        raise DomainError(
            "Say first what is to become of it." if own is None else "You have said that already."
        )
    return person, strategy, bet, decision


def answer_bet(
    session: Session,
    strategy: Strategy,
    bet: Bet,
    decision: Decision,
    verdict: Verdict | None,
    learned: str,
    by: Person,
    now: datetime,
) -> Bet:
    """Keep what somebody says; what was learned is a learning for the goal of what the bet is about."""
    own = next((look for look in bet.looks if look.person_id == by.id), Look(bet.id, by.id))
    said = replace(
        own,
        verdict=own.verdict or verdict,
        learning=learned,
        answered_at=own.answered_at or now,
        place=own.place or len(bet.answers) + 1,
    )
    bets.answer(session, strategy.workspace_id, said)
    assert said.verdict is not None
    record_act_of_bet(session, bet, ActKind.BET_ANSWERED, by.id, now, said.verdict.value)
    if learned:
        _keep_learnings(session, strategy, bet, said, now)
    answered = bets.find_bet(session, strategy.workspace_id, bet.id)
    assert answered is not None
    redraw_looks(session, strategy, answered, now)
    [shown] = show_asks(session, strategy, [decision])
    redraw_ask(session, shown, now)
    return answered


def _keep_learnings(session: Session, strategy: Strategy, bet: Bet, said: Look, now: datetime) -> None:
    workspace_id = strategy.workspace_id
    if bet.kpi_id is not None:
        goal_id = kpis.get_kpi(session, workspace_id, bet.kpi_id).goal_id
    else:
        goal_id = initiatives.get_initiative(session, workspace_id, bet.initiative_id or 0).goal_id
    kind = LearningKind.KEEP if said.verdict is Verdict.KEEP else LearningKind.CHANGE
    for text in split_learnings(said.learning):
        learning = Learning(0, bet.strategy_id, goal_id, bet.initiative_id, kind, text, said.person_id, now)
        retrospectives.add_learning(session, workspace_id, learning)

"""Saying what a decision should move, and when to look at it again."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from domain.bets import Bet, offered_look
from domain.decisions import Decision, DecisionState
from domain.errors import DomainError
from domain.people import Person
from domain.schedules import local_day
from domain.strategies import Strategy, pattern_of
from domain.words import full_day
from services.access import may_lead, who_can
from services.bets.knowing import find_then
from services.decisions.lists import show_asks
from services.decisions.telling import redraw_ask
from services.planning import plan_bets
from services.references import Request, see_decision
from storage import absences, acts, bets, initiatives, kpis, people
from views.bets import forms
from views.slack.fields import State


def load_to_look_again(
    session: Session, request: Request, decision_id: int
) -> tuple[Person, Strategy, Decision]:
    """Whoever asked, was asked or decided, and leads; once it is settled. Locked, as by `see_decision`."""
    person, strategy, decision = see_decision(session, request, decision_id)
    if decision.is_open:
        raise DomainError("This is not decided yet. Once it is, you can say when to look at it again.")
    if decision.state is DecisionState.WITHDRAWN:
        raise DomainError("This was withdrawn, so nothing was decided that could be looked at again.")
    if not may_look_again(strategy, person, decision):
        able = who_can(session, strategy.workspace_id, _named(decision))
        raise DomainError(f"Only {able}, or a lead of {strategy.name}, can say when to look at this again.")
    return person, strategy, decision


def may_look_again(strategy: Strategy, person: Person, decision: Decision) -> bool:
    return person.id in _named(decision) or may_lead(strategy, person)


def _named(decision: Decision) -> list[str]:
    named = (decision.requested_by, decision.decider_id, decision.decided_by)
    return [person_id for person_id in dict.fromkeys(named) if person_id]


def open_bet(session: Session, strategy: Strategy, decision: Decision, now: datetime) -> dict[str, Any]:
    """The form, with the bet that stands; its day is one on which the decider works. Raises DomainError."""
    decider_id = decision.decided_by or decision.decider_id
    decider = people.get_person(session, strategy.workspace_id, decider_id)
    away = absences.list_absences(session, strategy.workspace_id, [decider_id])[decider_id]
    subjects = _subjects(session, strategy)
    if not subjects.kpis and not subjects.initiatives:
        raise DomainError(
            "There is no KPI and no initiative yet that this could move. Add one with `/kpi add` or `/initiative add`."
        )
    day = offered_look(local_day(now, strategy.zone), pattern_of(strategy, decider), away)
    standing = _find_standing(session, strategy, decision)
    return forms.bet_modal(decision, subjects, standing, day)


def save_bet(
    session: Session,
    strategy: Strategy,
    decision: Decision,
    state: State,
    seen_id: int,
    by: Person,
    now: datetime,
) -> None:
    """What stood is withdrawn and stays on record. Raises FieldErrors, and DomainError where somebody was faster."""
    standing = _find_standing(session, strategy, decision)
    if (standing.id if standing else 0) != seen_id:
        raise DomainError(
            "Somebody else has just said when to look at this again. Open it once more to see what they said."
        )
    today = local_day(now, strategy.zone)
    is_given_up = forms.is_given_up(state)
    made = None if is_given_up else forms.read_bet(state, _subjects(session, strategy), today)
    if standing is not None:
        bets.withdraw(session, standing, by.id, now)
    if made is not None:
        about = made.kpi or made.initiative
        assert about is not None
        then = find_then(session, strategy, decision, about, made.look_on, now)
        bet = Bet(
            0,
            strategy.workspace_id,
            strategy.id,
            decision.id,
            made.kpi.id if made.kpi else None,
            made.initiative.id if made.initiative else None,
            made.expected,
            made.expected_value,
            made.look_on,
            by.id,
            now,
            then,
        )
        standing = bets.add_bet(session, bet)
    if standing is None:
        return
    kind = ActKind.BET_WITHDRAWN if is_given_up else ActKind.BET_MADE
    record_act_of_bet(session, standing, kind, by.id, now, "" if is_given_up else full_day(standing.look_on))
    [shown] = show_asks(session, strategy, [decision])
    redraw_ask(session, shown, now)
    plan_bets(session, strategy, now)


def record_act_of_bet(
    session: Session, bet: Bet, kind: ActKind, by_id: str | None, now: datetime, after: str = ""
) -> None:
    """By what it is about: what is expected of it is people's words."""
    act = Act(kind, by_id, now, bet.then.name, after=after, thing_id=bet.id)
    acts.add_act(session, bet.workspace_id, bet.strategy_id, act)


def _subjects(session: Session, strategy: Strategy) -> forms.Subjects:
    return forms.Subjects(
        kpis.list_kpis(session, strategy.workspace_id, strategy.id),
        initiatives.list_initiatives(session, strategy.workspace_id, strategy.id),
    )


def _find_standing(session: Session, strategy: Strategy, decision: Decision) -> Bet | None:
    """The one that is still to be looked at."""
    latest = bets.list_latest(session, strategy.workspace_id, [decision.id]).get(decision.id)
    return latest if latest is not None and latest.is_waiting else None

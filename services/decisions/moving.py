"""An ask that moves: to another day, to another person, or to nobody."""

from collections import defaultdict
from datetime import date, datetime

from sqlalchemy.orm import Session

from domain.acts import ActKind
from domain.changes import Change, ChangeKind
from domain.decisions import Decision
from domain.errors import DomainError, FieldErrors
from domain.people import Person
from domain.schedules import local_day
from domain.strategies import Strategy
from domain.words import MAX_NAME, dated
from services.decisions.asks import ask_decider, first_day_for, require_time, tell_if_away
from services.decisions.lists import show_asks
from services.decisions.settling import end_asks, require_may_decide, withdrawn
from services.decisions.telling import list_named, record_act_of_ask, redraw_ask, redraw_owners_prompts
from services.planning import plan_decisions
from services.references import Request, see_decision
from services.telling import tell_unless_left
from storage import changes, decisions, homes, people, strategies
from storage.delivery import outbox
from views.decisions import asks as views
from views.decisions import messages
from views.decisions.forms import BY
from views.decisions.words import AskShown
from views.slack import blocks as b


def load_own_ask(session: Session, request: Request, decision_id: int) -> tuple[Person, Strategy, Decision]:
    """Whoever asked may withdraw it or give it another day, while it is open."""
    person, strategy, decision = see_decision(session, request, decision_id)
    if not decision.is_open:
        require_may_decide(session, strategy, person, decision)  # says how it ended
    if person.id != decision.requested_by:
        name = people.get_person(session, person.workspace_id, decision.requested_by).name
        raise DomainError(f"Only {name}, who asked this, can withdraw it or give it another day.")
    return person, strategy, decision


def withdraw_ask(
    session: Session, strategy: Strategy, decision: Decision, reason: str, by: Person, now: datetime
) -> None:
    """Nobody decides it any more, and everyone named is told."""
    ended = withdrawn(decision, reason, by.id, now)
    end_asks(session, strategy, [ended], by, now)
    [shown] = show_asks(session, strategy, [ended])
    outbox.enqueue_post(session, strategy.workspace_id, by.id, views.withdrawn_message(shown), now=now)


def redate_ask(
    session: Session, strategy: Strategy, decision: Decision, due: date, by: Person, now: datetime
) -> None:
    """Decided by another day: everyone named is told, and the digest and the history say so.

    Raises FieldErrors for a day that leaves its decider no time.
    """
    require_time(strategy, people.get_person(session, strategy.workspace_id, decision.decider_id), due, now)
    moved = _move_day(session, strategy, decision, due, by, now)
    _tell_redated(session, strategy, moved, decision.due, by, now)


def _move_day(
    session: Session, strategy: Strategy, decision: Decision, due: date, by: Person, now: datetime
) -> Decision:
    today = local_day(now, strategy.zone)
    after = f"{dated(due, today)} (“{decision.question}”)"
    change = Change(ChangeKind.ASK_DAY, decision.initiative_id, dated(decision.due, today), after, by.id, now)
    changes.record_change(session, strategy.workspace_id, strategy.id, change)
    return decisions.redate(session, decision, due)


def _tell_redated(
    session: Session, strategy: Strategy, moved: Decision, before: date, by: Person, now: datetime
) -> None:
    [shown] = show_asks(session, strategy, [moved])
    redraw_ask(session, shown, now)
    payload = views.redated_message(shown, before, by)
    for person_id in sorted(list_named(session, [moved], None)[moved.id]):
        tell_unless_left(session, strategy.workspace_id, person_id, payload, now, strategy=strategy, by=by)
    homes.mark_stale(session, strategy.workspace_id, strategy.id, [moved.decider_id])
    redraw_owners_prompts(session, strategy, [moved], now)
    plan_decisions(session, strategy, now)


def load_to_hand_over(
    session: Session, request: Request, decision_id: int
) -> tuple[Person, Strategy, Decision]:
    """The decider, who asked, and leads."""
    person, strategy, decision = see_decision(session, request, decision_id)
    if person.id != decision.requested_by or not decision.is_open:
        require_may_decide(session, strategy, person, decision)
    return person, strategy, decision


def require_handed_well(
    session: Session, strategy: Strategy, decision: Decision, to: Person, due: date, by: Person, now: datetime
) -> None:
    """Raises FieldErrors for a day that leaves the new decider no time; only who asked may choose any other that does."""
    require_time(strategy, to, due, now)
    if by.id == decision.requested_by or due in (decision.due, first_day_for(strategy, to, now)):
        return
    name = people.get_person(session, decision.workspace_id, decision.requested_by).name
    kept = dated(decision.due, local_day(now, strategy.zone))
    raise FieldErrors(
        {BY: f"Only {name}, who asked this, can give it any other day. Leave {kept}, or ask them."}
    )


def hand_over_ask(
    session: Session, strategy: Strategy, decision: Decision, to: Person, due: date, by: Person, now: datetime
) -> None:
    """Somebody else decides: they are asked, the former decider's message says so, and everyone else is told."""
    before = decision.due
    if due != before:
        decision = _move_day(session, strategy, decision, due, by, now)
    if to.id != decision.decider_id:
        decision = _hand_over(session, strategy, decision, to, before, by, now)
    elif due != before:
        _tell_redated(session, strategy, decision, before, by, now)
    [shown] = show_asks(session, strategy, [decision])
    told = messages.handed_message(shown, before)
    outbox.enqueue_post(session, strategy.workspace_id, by.id, told, now=now)
    if by.id == decision.requested_by:
        tell_if_away(session, strategy, decision, by, now)


def _hand_over(
    session: Session,
    strategy: Strategy,
    decision: Decision,
    to: Person,
    before: date,
    by: Person,
    now: datetime,
) -> Decision:
    """`before` is the day it had."""
    homes.mark_stale(session, strategy.workspace_id, strategy.id, [decision.decider_id])
    if decision.message_id is not None:
        [former] = show_asks(session, strategy, [decision])
        where = f"handed over to {b.one_line(to.name, MAX_NAME)} by {b.one_line(by.name, MAX_NAME)}."
        moved = messages.moved_message(former, where)
        outbox.enqueue_update(session, decision.workspace_id, decision.message_id, moved, now=now)
    handed = ask_decider(session, strategy, decisions.hand_over(session, decision, to.id), now)
    record_act_of_ask(session, handed, ActKind.HANDED_OVER, by.id, now, to.id)
    if handed.requested_by not in (by.id, to.id):
        [shown] = show_asks(session, strategy, [handed])
        tell_unless_left(
            session,
            handed.workspace_id,
            handed.requested_by,
            messages.handed_message(shown, before),
            now,
            strategy=strategy,
        )
    redraw_owners_prompts(session, strategy, [handed], now)
    plan_decisions(session, strategy, now)
    return handed


def tell_decider_left(session: Session, person: Person, now: datetime) -> None:
    """Requesters and leads are asked for new deciders, in one message each."""
    waiting = defaultdict[str, list[AskShown]](list)
    for decision in decisions.list_for_decider(session, person.workspace_id, person.id):
        strategy = strategies.get_strategy(session, person.workspace_id, decision.strategy_id)
        [shown] = show_asks(session, strategy, [decision])
        for asked in {decision.requested_by, *strategy.leads} - {person.id}:
            waiting[asked].append(shown)
    for person_id, asks in waiting.items():
        tell_unless_left(
            session, person.workspace_id, person_id, messages.decider_left_message(person, asks), now
        )

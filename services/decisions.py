"""Asks from being asked to being settled: who is told, when a default takes effect. For every feature; inside its transaction."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.decisions import (
    Ask,
    AskFate,
    Decision,
    DecisionState,
    default_instant,
    is_overdue,
)
from domain.errors import DomainError, FieldErrors
from domain.people import Person, why_not_a_participant
from domain.rituals import Due, Ritual
from domain.schedules import is_within_hours
from domain.strategies import Strategy
from domain.words import listed
from services.access import may_lead
from services.check_ins.prompts import redraw_current_check_in
from services.planning import plan_decisions, reminder_of
from storage import decisions, homes, initiatives, people, rituals, strategies
from storage.database import lock
from storage.delivery import outbox
from views.decisions import messages
from views.decisions.words import AskShown
from views.slack import blocks as b

_OPEN = (DecisionState.OPEN,)


def open_decision(
    session: Session,
    strategy: Strategy,
    ask: Ask,
    *,
    by: Person,
    now: datetime,
    initiative_id: int | None = None,
    check_in_id: int | None = None,
) -> Decision:
    """Keep an ask, show it to its decider, and see that it is settled by its date."""
    lock(session, strategy.workspace_id, strategy.id)
    wanted = Decision(
        0,
        strategy.workspace_id,
        strategy.id,
        initiative_id,
        check_in_id,
        ask.kind,
        ask.question,
        ask.context,
        ask.options,
        ask.default,
        requested_by=by.id,
        decider_id=ask.decider_id,
        due=ask.due,
        created_at=now,
    )
    decision = _ask_decider(session, strategy, decisions.add_decision(session, wanted), now)
    _redraw_prompts(session, strategy, [decision], now)
    plan_decisions(session, strategy, now)
    return decision


def require_decider(session: Session, workspace_id: str, person_id: str, field: str) -> Person:
    """Raises FieldErrors at `field` for somebody who cannot decide."""
    decider = people.get_person(session, workspace_id, person_id)
    if sentence := why_not_a_participant(decider):
        raise FieldErrors({field: sentence})
    return decider


def require_may_decide(session: Session, strategy: Strategy, person: Person, decision: Decision) -> None:
    """Raises DomainError saying who can, or what became of it when it is settled."""
    if not decision.is_open:
        raise settled_already(session, decision)
    if person.id == decision.decider_id or may_lead(strategy, person):
        return
    named = people.list_people(session, strategy.workspace_id, [decision.decider_id, *strategy.leads])
    decider = named[decision.decider_id].name
    leads = [p.name for p in named.values() if p.id in strategy.leads and not p.is_deactivated]
    raise DomainError(
        f"Only {decider}, who was asked, or a lead of {strategy.name} can decide this: "
        f"{listed(leads or ['a workspace admin'], 'or')}."
    )


def settled_already(session: Session, decision: Decision) -> DomainError:
    """The refusal for an ask that is not open any more."""
    how = f"{decision.state.value}: {decision.outcome}" if decision.outcome else decision.state.value
    if decision.decided_by is not None:
        how += f", by {people.get_person(session, decision.workspace_id, decision.decided_by).name}"
    return DomainError(f"This is settled already ({how}). `/rhythm decisions past` shows it.")


def settle_decision(
    session: Session,
    strategy: Strategy,
    decision: Decision,
    outcome: str,
    *,
    by: Person,
    now: datetime,
    reason: str = "",
) -> Decision:
    """Decide it and tell everyone named. Raises DomainError when it was settled meanwhile."""
    ended = replace(
        decision,
        state=DecisionState.DECIDED,
        outcome=outcome,
        reason=reason,
        decided_by=by.id,
        decided_at=now,
    )
    if not _end(session, strategy, [ended], by, now):
        raise DomainError("Somebody settled this a moment ago. Run `/rhythm decisions past` to see how.")
    return ended


def give_reason(
    session: Session, strategy: Strategy, decision: Decision, reason: str, by: Person, now: datetime
) -> None:
    """Add why to a decision taken; requester and owner hear it."""
    decision = decisions.update_decision(session, decision, reason=reason)
    [shown] = show_asks(session, strategy, [decision])
    _redraw(session, shown, now)
    for person_id in _named(session, [decision], by)[decision.id] - {decision.decider_id}:
        outbox.enqueue_post(
            session, decision.workspace_id, person_id, messages.reason_message(shown), now=now
        )
    _redraw_prompts(session, strategy, [decision], now)


def settle_asks_of_closed(
    session: Session, strategy: Strategy, initiative_id: int, wish: AskFate, by: Person, now: datetime
) -> int:
    """What happens to the open asks of an initiative being closed; returns how many were open."""
    found = [d for d in list_open_asks(session, strategy) if d.initiative_id == initiative_id]
    why = "the initiative was closed"
    closed = [replace(d, decided_by=by.id, decided_at=now, reason=why) for d in found]
    if wish is AskFate.WITHDRAW:
        withdrawn = [replace(decision, state=DecisionState.WITHDRAWN) for decision in closed]
        _end(session, strategy, withdrawn, by, now)
    elif wish is AskFate.DEFAULT:
        _end(session, strategy, [_by_default(decision, now) for decision in closed], by, now)
    return len(found)


def list_open_asks(session: Session, strategy: Strategy) -> list[Decision]:
    return decisions.list_decisions(session, strategy.workspace_id, strategy.id, states=_OPEN)


def hand_over_ask(
    session: Session, strategy: Strategy, decision: Decision, to: Person, by: Person, now: datetime
) -> Decision:
    """Somebody else decides: they are asked, the former decider's message says so, the requester is told."""
    lock(session, strategy.workspace_id, strategy.id)
    homes.mark_stale(session, strategy.workspace_id, strategy.id, [decision.decider_id])
    if decision.message_id is not None:
        [former] = show_asks(session, strategy, [decision])
        where = f"handed over to {b.one_line(to.name, 75)} by {b.one_line(by.name, 75)}."
        moved = messages.moved_message(former, where)
        outbox.enqueue_update(session, decision.workspace_id, decision.message_id, moved, now=now)
    handed = decisions.update_decision(session, decision, decider_id=to.id, reminded_at=None)
    reminder = reminder_of(session, strategy, handed, to)
    if reminder is not None and reminder <= now:
        handed = decisions.update_decision(session, handed, reminded_at=now)
    handed = _ask_decider(session, strategy, handed, now)
    if handed.requested_by not in (by.id, to.id):
        [shown] = show_asks(session, strategy, [handed])
        _tell(session, handed.workspace_id, handed.requested_by, messages.handed_message(shown), now)
    _redraw_prompts(session, strategy, [handed], now)
    plan_decisions(session, strategy, now)
    return handed


def tell_decider_left(session: Session, person: Person, now: datetime) -> None:
    """Requesters and leads are asked for new deciders, in one message each."""
    waiting: dict[str, list[AskShown]] = defaultdict(list)
    for decision in decisions.list_for_decider(session, person.workspace_id, person.id):
        strategy = strategies.get_strategy(session, person.workspace_id, decision.strategy_id)
        [shown] = show_asks(session, strategy, [decision])
        for asked in {decision.requested_by, *strategy.leads} - {person.id}:
            waiting[asked].append(shown)
    for person_id, asks in waiting.items():
        _tell(session, person.workspace_id, person_id, messages.decider_left_message(person, asks), now)


def perform_decisions(session: Session, due: Due, now: datetime) -> str:
    """Reminders and defaults of a strategy that are due; defaults are made up however late. Returns what became of it."""
    lock(session, due.workspace_id, due.strategy_id)
    if not rituals.is_still_due(session, due):
        return "performed already"
    strategy = strategies.get_strategy(session, due.workspace_id, due.strategy_id)
    waiting = list_open_asks(session, strategy)
    over = [decision for decision in waiting if is_overdue(decision, strategy.zone, now)]
    ended = _end(session, strategy, [_by_default(decision, now) for decision in over], None, now)
    reminded = [d for d in waiting if d not in over and _remind(session, strategy, d, now)]
    plan_decisions(session, strategy, now)
    return f"{len(ended)} by default, {len(reminded)} reminded"


def show_asks(session: Session, strategy: Strategy, asks: Sequence[Decision]) -> list[AskShown]:
    """With the names they are told with, in two statements however many there are."""
    named = {one for d in asks for one in (d.requested_by, d.decider_id, d.decided_by) if one}
    names = {p.id: p.name for p in people.list_people(session, strategy.workspace_id, sorted(named)).values()}
    about: dict[int | None, str] = {}
    if any(decision.initiative_id for decision in asks):
        listing = initiatives.list_initiatives(
            session, strategy.workspace_id, strategy.id, include_closed=True
        )
        about = {initiative.id: initiative.name for initiative in listing}
    return [
        AskShown(decision, strategy.name, strategy.zone, about.get(decision.initiative_id, ""), names)
        for decision in asks
    ]


def reopen_early(session: Session, strategy: Strategy, after: datetime, now: datetime) -> list[Decision]:
    """Asks whose default took effect later than `after`, by a clock that was ahead, are open again until their day."""
    defaulted = decisions.list_decisions(
        session, strategy.workspace_id, strategy.id, states=(DecisionState.DEFAULTED,)
    )
    early = [
        decisions.reopen(session, decision)
        for decision in defaulted
        if decision.decided_at is not None
        and decision.decided_at > after
        and decision.decided_by is None
        and default_instant(decision.due, strategy.zone) > now
    ]
    if not early:
        return early
    named = _named(session, early, None)
    told: dict[str, list[AskShown]] = defaultdict(list)
    homes.mark_stale(session, strategy.workspace_id, strategy.id, [one.decider_id for one in early])
    for shown in show_asks(session, strategy, early):
        _redraw(session, shown, now)
        for person_id in sorted(named[shown.decision.id]):
            told[person_id].append(shown)
    for person_id, asks in told.items():
        _tell(session, strategy.workspace_id, person_id, messages.reopened_message(asks), now)
    _redraw_prompts(session, strategy, early, now)
    return early


def settled_period(decision: Decision) -> str:
    """Of the occurrence that says that an ask was settled."""
    return f"decision-{decision.id}-settled"


def _by_default(decision: Decision, now: datetime) -> Decision:
    return replace(decision, state=DecisionState.DEFAULTED, outcome=decision.default, decided_at=now)


def _ask_decider(session: Session, strategy: Strategy, decision: Decision, now: datetime) -> Decision:
    homes.mark_stale(session, strategy.workspace_id, strategy.id, [decision.decider_id])
    [shown] = show_asks(session, strategy, [decision])
    payload = messages.decider_message(shown)
    message_id = outbox.enqueue_post(session, decision.workspace_id, decision.decider_id, payload, now=now)
    return decisions.update_decision(session, decision, message_id=message_id)


def _end(
    session: Session, strategy: Strategy, ended: Iterable[Decision], by: Person | None, now: datetime
) -> list[Decision]:
    """Keep the end of those still open, redraw their messages and tell everyone named but `by`, once each."""
    kept = [decision for decision in ended if decisions.settle(session, decision)]
    if not kept:
        return kept
    shown = {one.decision.id: one for one in show_asks(session, strategy, kept)}
    named = _named(session, kept, by)
    told: dict[str, list[AskShown]] = defaultdict(list)
    homes.mark_stale(session, strategy.workspace_id, strategy.id, [one.decider_id for one in kept])
    for decision in kept:
        _claim(session, decision, settled_period(decision), now, decision.state.value)
        _redraw(session, shown[decision.id], now)
        for person_id in sorted(named[decision.id]):
            told[person_id].append(shown[decision.id])
    for person_id, asks in told.items():
        _tell(session, strategy.workspace_id, person_id, messages.told_message(asks), now)
    _redraw_prompts(session, strategy, kept, now)
    plan_decisions(session, strategy, now)
    return kept


def _named(session: Session, ended: Iterable[Decision], by: Person | None) -> dict[int, set[str]]:
    """Who hears of each: requester, decider and the initiative's owner, without whoever did it."""
    named = {}
    for decision in ended:
        heard = {decision.requested_by, decision.decider_id}
        if decision.initiative_id is not None:
            heard.add(_owner_of(session, decision.workspace_id, decision.initiative_id))
        named[decision.id] = heard - {by.id if by else ""}
    return named


def _owner_of(session: Session, workspace_id: str, initiative_id: int) -> str:
    return initiatives.get_initiative(session, workspace_id, initiative_id).owner_id


def _redraw(session: Session, shown: AskShown, now: datetime) -> None:
    decision = shown.decision
    if decision.message_id is not None:
        payload = messages.decider_message(shown)
        outbox.enqueue_update(session, decision.workspace_id, decision.message_id, payload, now=now)


def _redraw_prompts(session: Session, strategy: Strategy, changed: Iterable[Decision], now: datetime) -> None:
    """The owners' present prompts show their asks as they stand."""
    workspace_id = strategy.workspace_id
    about = {decision.initiative_id for decision in changed if decision.initiative_id is not None}
    for owner_id in sorted({_owner_of(session, workspace_id, one) for one in about}):
        redraw_current_check_in(session, strategy, owner_id, now)


def _tell(session: Session, workspace_id: str, person_id: str, payload: b.Payload, now: datetime) -> None:
    if not people.get_person(session, workspace_id, person_id).is_deactivated:
        outbox.enqueue_post(session, workspace_id, person_id, payload, now=now)


def _remind(session: Session, strategy: Strategy, decision: Decision, now: datetime) -> bool:
    """Remind the decider if it is time; the buttons move to the reminder."""
    decider = people.get_person(session, decision.workspace_id, decision.decider_id)
    at = reminder_of(session, strategy, decision, decider)
    if at is None or at > now or not is_within_hours(now, decider.zone):
        return False
    reminder = f"decision-{decision.id}-reminder-{decider.id}"
    is_first = _claim(session, decision, reminder, now, "reminded")
    decision = decisions.update_decision(session, decision, reminded_at=now)
    if not is_first:
        return False
    [shown] = show_asks(session, strategy, [decision])
    if decision.message_id is not None:
        moved = messages.moved_message(shown, "I reminded you of this below; its buttons are there.")
        outbox.enqueue_update(session, decision.workspace_id, decision.message_id, moved, now=now)
    takes_effect = default_instant(decision.due, strategy.zone)
    message_id = outbox.enqueue_post(
        session,
        decision.workspace_id,
        decider.id,
        messages.reminder_message(shown, takes_effect),
        now=now,
        expires_at=takes_effect,
    )
    decisions.update_decision(session, decision, message_id=message_id)
    return True


def _claim(session: Session, decision: Decision, period: str, now: datetime, outcome: str) -> bool:
    return rituals.claim_occurrence(
        session,
        workspace_id=decision.workspace_id,
        strategy_id=decision.strategy_id,
        ritual=Ritual.DECISIONS,
        period=period,
        person_id="",
        due_at=now,
        now=now,
        outcome=outcome,
    )

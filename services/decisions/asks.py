"""Asking for a decision, and having somebody else decide."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from domain.changes import Change, ChangeKind
from domain.decisions import Ask, Decision, DecisionState, default_instant, first_fair_day, offered_day
from domain.errors import DomainError, FieldErrors
from domain.initiatives import Initiative
from domain.people import Person, why_not_a_participant
from domain.reading.markup import plain_text
from domain.schedules import local_day
from domain.strategies import Strategy, pattern_of
from domain.words import MAX_NAME, dated
from services.decisions.lists import show_asks
from services.decisions.settling import end_asks, require_may_decide
from services.decisions.telling import list_named, redraw_ask, redraw_owners_prompts
from services.planning import asked_at, plan_decisions, reminder_of
from services.references import Request, see_decision
from services.telling import tell_unless_left
from storage import (
    absences,
    changes,
    check_ins,
    decisions,
    homes,
    initiatives,
    kickoffs,
    notes,
    people,
    strategies,
)
from storage.database import lock
from storage.delivery import outbox
from views.decisions import asks as views
from views.decisions import messages
from views.decisions.forms import BY, WHOM, AskOffer
from views.decisions.words import AskShown
from views.slack import blocks as b

Subjects = list[tuple[Strategy, list[Initiative]]]
"""What an ask can be about."""


def prepare_ask(
    session: Session, person: Person, channel_id: str, message_ts: str, text: str
) -> tuple[Subjects, str | None]:
    """What an ask about a message can be about, and what of the message is its context: None where that is not sure.

    Raises DomainError where there is no strategy.
    """
    found = _strategies_at(session, person, channel_id)
    if not found:
        raise DomainError(
            "I do not know which strategy this is about. Use the shortcut on a message in a strategy's channel, "
            "or run `/rhythm setup` in the channel where your team talks."
        )
    context: str | None = plain_text(text)
    if len(found) > 1:
        found, context = _told_to_us(session, person, channel_id, message_ts, plain_text(text), found)
    return list_subjects(session, found), context


def list_subjects(session: Session, found: Sequence[Strategy]) -> Subjects:
    return [
        (strategy, initiatives.list_initiatives(session, strategy.workspace_id, strategy.id))
        for strategy in found
    ]


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
    decision = ask_decider(session, strategy, decisions.add_decision(session, wanted), now)
    redraw_owners_prompts(session, strategy, [decision], now)
    plan_decisions(session, strategy, now)
    return decision


def require_decider(session: Session, workspace_id: str, person_id: str, field: str) -> Person:
    """Raises FieldErrors at `field` for somebody who cannot decide."""
    decider = people.get_person(session, workspace_id, person_id)
    if sentence := why_not_a_participant(decider):
        raise FieldErrors({field: sentence})
    return decider


def require_asked_well(session: Session, strategy: Strategy, ask: Ask, now: datetime) -> None:
    """Raises FieldErrors for a decider who cannot decide, or a day that leaves them no four working hours of theirs."""
    decider = require_decider(session, strategy.workspace_id, ask.decider_id, WHOM)
    require_time(strategy, decider, ask.due, now)


def require_time(strategy: Strategy, decider: Person, due: date, now: datetime) -> None:
    """Raises FieldErrors, with the first day that leaves them time, for one that leaves no four working hours of theirs."""
    first = _first_day_for(strategy, decider, now)
    if first is not None and due < first:
        day = dated(first, local_day(now, strategy.zone))
        sentence = f"That leaves {decider.name} less than four working hours. The first day that leaves enough is {day}."
        raise FieldErrors({BY: sentence})


def _first_day_for(strategy: Strategy, decider: Person, now: datetime) -> date | None:
    return first_fair_day(now, strategy.zone, decider.zone, pattern_of(strategy, decider))


def find_sponsor_id(session: Session, initiative: Initiative) -> str:
    """An empty one where the initiative is from before there were charters."""
    charters = kickoffs.list_charters(session, initiative.workspace_id, [initiative.id])
    return charters[initiative.id].sponsor_id if initiative.id in charters else ""


def offer_ask(
    session: Session, strategy: Strategy, initiative: Initiative, by: Person, now: datetime
) -> AskOffer:
    """From the initiative's sponsor, unless they ask themselves; by Friday, or when it leaves them time."""
    chosen = {find_sponsor_id(session, initiative)} - {"", by.id}
    known = people.list_people(session, strategy.workspace_id, chosen)
    sponsor = next((one for one in known.values() if why_not_a_participant(one) is None), None)
    decider = sponsor or by
    planned = (
        absences.list_absences(session, strategy.workspace_id, [decider.id])[decider.id] if sponsor else ()
    )
    due = offered_day(now, strategy.zone, decider.zone, pattern_of(strategy, decider), planned)
    return AskOffer(sponsor.id if sponsor else "", due)


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
    if by.id == decision.requested_by or due in (decision.due, _first_day_for(strategy, to, now)):
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
    state = DecisionState.WITHDRAWN
    ended = replace(decision, state=state, reason=reason, decided_by=by.id, decided_at=now)
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
    lock(session, strategy.workspace_id, strategy.id)
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


def asked_words(session: Session, strategy: Strategy, decision: Decision, now: datetime) -> b.Payload:
    """For whoever asked, with whether the decider is away before its day."""
    [shown] = show_asks(session, strategy, [decision])
    return views.asked_message(
        shown, _find_wait(session, strategy, decision, now), local_day(now, strategy.zone)
    )


def tell_if_away(session: Session, strategy: Strategy, decision: Decision, by: Person, now: datetime) -> None:
    """Who asked in a check-in sees it in their prompt; that its decider is away they are told."""
    if _find_wait(session, strategy, decision, now) is not None:
        told = asked_words(session, strategy, decision, now)
        outbox.enqueue_post(session, strategy.workspace_id, by.id, told, now=now)


def _find_wait(session: Session, strategy: Strategy, decision: Decision, now: datetime) -> views.Wait | None:
    """The first absence of the decider's that takes days from the time they have to decide."""
    decider = people.get_person(session, decision.workspace_id, decision.decider_id)
    theirs = absences.list_absences(session, decision.workspace_id, [decider.id])[decider.id]
    today = local_day(now, decider.zone)
    taking = (one for one in theirs if one.first <= decision.due and (one.last is None or one.last >= today))
    absence = next(taking, None)
    if absence is None:
        return None
    if decision.message_id is not None:
        return views.Wait(absence)
    reached = asked_at(strategy, decider, theirs, now)
    in_time = reached is not None and reached < default_instant(decision.due, strategy.zone)
    return views.Wait(
        absence, local_day(reached, decider.zone) if reached and in_time else None, is_unasked=True
    )


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
    lock(session, strategy.workspace_id, strategy.id)
    homes.mark_stale(session, strategy.workspace_id, strategy.id, [decision.decider_id])
    if decision.message_id is not None:
        [former] = show_asks(session, strategy, [decision])
        where = f"handed over to {b.one_line(to.name, MAX_NAME)} by {b.one_line(by.name, MAX_NAME)}."
        moved = messages.moved_message(former, where)
        outbox.enqueue_update(session, decision.workspace_id, decision.message_id, moved, now=now)
    handed = ask_decider(session, strategy, decisions.hand_over(session, decision, to.id), now)
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


def ask_decider(session: Session, strategy: Strategy, decision: Decision, now: datetime) -> Decision:
    """Show it to its decider, once they are not away; a reminder that comes no later is none."""
    workspace_id, decider_id = strategy.workspace_id, decision.decider_id
    homes.mark_stale(session, workspace_id, strategy.id, [decider_id])
    decider = people.get_person(session, workspace_id, decider_id)
    planned = absences.list_absences(session, workspace_id, [decider_id])[decider_id]
    reached = asked_at(strategy, decider, planned, now)
    if reached is None or reached > now:
        return decision
    reminder = reminder_of(strategy, decision, decider, planned)
    if reminder is not None and reminder <= now:
        decision = decisions.mark_reminded(session, decision, now)
    [shown] = show_asks(session, strategy, [decision])
    payload = messages.decider_message(shown)
    message_id = outbox.enqueue_post(session, decision.workspace_id, decision.decider_id, payload, now=now)
    return decisions.set_message(session, decision, message_id)


def _told_to_us(
    session: Session, person: Person, channel_id: str, message_ts: str, text: str, found: Sequence[Strategy]
) -> tuple[list[Strategy], str | None]:
    """What may be quoted of a message that is not in a strategy's channel, and in which strategies.

    Of what somebody wrote to us, only what was recorded for one; None where that is not sure.
    """
    where = (person.workspace_id, channel_id, message_ts)
    prompted, note = check_ins.find_by_message(session, *where), notes.find_note(session, *where)
    if prompted is not None:
        words, told = text, {prompted.strategy_id}
    elif note is not None:
        recorded = [part for part in notes.list_parts(session, note) if part.revision is not None]
        words = note.text if note.strategy_id else "\n".join(part.text for part in recorded if part.text)
        told = {part.strategy_id for part in recorded}
    else:
        return list(found), text
    chosen = [one for one in found if {one.id} == told]
    return (chosen, words) if chosen and words else (list(found), None)


def _strategies_at(session: Session, person: Person, channel_id: str) -> list[Strategy]:
    """The channel's, else those the person has a part in."""
    here = strategies.find_strategy_by_channel(session, person.workspace_id, channel_id)
    return [here] if here else strategies.list_strategies_of(session, person.workspace_id, person.id)

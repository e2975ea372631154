"""Asking for a decision."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from domain.acts import ActKind
from domain.decisions import Ask, Decision, default_instant, first_fair_day, offered_day
from domain.errors import DomainError, FieldErrors
from domain.initiatives import Initiative
from domain.people import Person, why_not_a_participant
from domain.schedules import local_day
from domain.strategies import Strategy, pattern_of
from domain.words import dated
from services.decisions.lists import show_asks
from services.decisions.telling import record_act_of_ask, redraw_owners_prompts
from services.mentions import read_words
from services.planning import asked_at, plan_decisions, reminder_of
from storage import absences, check_ins, decisions, homes, initiatives, kickoffs, notes, people, strategies
from storage.database import lock
from storage.delivery import outbox
from views.decisions import asks as views
from views.decisions import messages
from views.decisions.forms import BY, WHOM, AskOffer
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
    words = read_words(session, person.workspace_id, text)
    context: str | None = words
    if len(found) > 1:
        found, context = _told_to_us(session, person, channel_id, message_ts, words, found)
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
    record_act_of_ask(session, decision, ActKind.ASKED, by.id, now, ask.decider_id)
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
    first = first_day_for(strategy, decider, now)
    if first is not None and due < first:
        day = dated(first, local_day(now, strategy.zone))
        sentence = f"That leaves {decider.name} less than four working hours. The first day that leaves enough is {day}."
        raise FieldErrors({BY: sentence})


def first_day_for(strategy: Strategy, decider: Person, now: datetime) -> date | None:
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

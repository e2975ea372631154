"""Asking owners by the clock: their prompts, written in batches, and what ends with them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.absences import may_prompt, prompt_for
from domain.check_ins import Answer, CheckIn, CheckInState
from domain.initiatives import Initiative, Status, has_started
from domain.people import Person
from domain.periods import Week
from domain.rituals import Due
from domain.schedules import local_day, prompt_instant, within_hours
from domain.strategies import Strategy, current_week, digest_after, pattern_of
from services.check_ins.answering import is_answered_elsewhere
from services.check_ins.prompts import choose_asked
from services.check_ins.slipping import keep_shown
from services.closed_weeks import Ending, close_weeks
from services.planning import prompt_due, reminders_due
from services.prompts.owners import Owners, load_owners
from services.signals import ask_about_signals
from storage import check_ins, prompts, rituals
from storage.delivery import outbox
from views.check_ins.messages import prompt_message, reminder_message
from views.check_ins.prompts import Prompt

_PROMPTED = "prompted"


@dataclass(frozen=True, slots=True)
class _Prompting:
    """What becomes of a prompt: when it is next due, if at all, and the check-in where its week is settled now."""

    outcome: str
    due: Due
    """Of the week it is for: after a time down only the latest prompt still makes sense, not a burst of old ones."""
    following: Due | None = None
    check_in: CheckIn | None = None


def prompt_owners(session: Session, strategy: Strategy, dues: Sequence[Due], now: datetime) -> dict[Due, str]:
    """Moves each on or drops it; returns what became of it."""
    ids = [due.person_id for due in dues]
    # An answer comes before, and is read here, or after, and finds its week closed.
    check_ins.hold_unclosed(session, strategy.workspace_id, strategy.id, ids)
    owners = load_owners(session, strategy, dues)
    close_weeks(session, strategy, [_ending(owners, due) for due in dues], now)
    decided = {due: _prompting(owners, due, now) for due in dues}
    settled = {one.due: one.outcome for one in decided.values() if one.check_in is not None}
    claimed = rituals.claim_occurrences(session, settled, now)
    reminders = _ask(session, owners, [one for one in decided.values() if one.due in claimed], now)
    following = [one.following for one in decided.values() if one.following is not None]
    rituals.set_due(session, *following, *reminders)
    rituals.drop_all(session, [due for due, one in decided.items() if one.following is None])
    return {due: one.outcome for due, one in decided.items()}


def _ending(owners: Owners, due: Due) -> Ending:
    return Ending(
        owners.people[due.person_id],
        Week.parse(due.period),
        [i for i in owners.listing if i.owner_id == due.person_id and not i.status.is_closed],
        [kpi for kpi in owners.reported if kpi.owner_id == due.person_id],
    )


def _prompting(owners: Owners, due: Due, now: datetime) -> _Prompting:
    strategy, owner = owners.strategy, owners.people[due.person_id]
    owned = [i for i in owners.listing if i.owner_id == owner.id and not i.status.is_closed]
    if not owned and not any(kpi.owner_id == owner.id for kpi in owners.reported):
        return _Prompting("no initiative", due)
    week = max(Week.parse(due.period), current_week(strategy, owner.zone, now))
    schedule = strategy.schedule_for(week)
    nominal = prompt_instant(schedule, week, owner.zone)
    active = [
        i
        for i in owned
        if i.status is Status.ACTIVE
        and has_started(i, nominal, owner.zone)
        and not is_answered_elsewhere(owners.answered, i.id, owner.id, week)
    ]
    previous = owners.previous(owner.id, nominal)
    asks = active or choose_asked(owners.reported, owner, nominal, previous)
    due = replace(due, period=str(week))
    following = prompt_due(strategy, owner.id, owner.zone, week.next())
    if strategy.paused_at is not None or owner.is_deactivated or not asks:
        return _Prompting("nothing to ask", due, following)
    planned, pattern = owners.absences[owner.id], pattern_of(strategy, owner)
    at = prompt_for(schedule, week, owner.zone, strategy.zone, pattern, planned)
    if at is not None and at > now:
        return _Prompting("moved", due, replace(due, due_at=at))
    if at is not None and not may_prompt(at, now, owner.zone, pattern, planned):  # it was down at the time
        earliest = within_hours(now, owner.zone)
        first = local_day(earliest, owner.zone)
        at = prompt_for(schedule, week, owner.zone, strategy.zone, pattern, planned, first=first)
        if at is not None:
            return _Prompting("moved", due, replace(due, due_at=max(at, earliest)))
    state, outcome = CheckInState.ASKED, _PROMPTED
    if at is None:
        state, outcome = CheckInState.SKIPPED, "skipped"
    elif now >= digest_after(strategy, nominal)[1]:
        state, outcome = CheckInState.MISSED, "missed"
    check_in = _expect(owners, owner, week, (state, at or nominal), active)
    return _Prompting(outcome, due, following, check_in)


def _expect(
    owners: Owners,
    owner: Person,
    week: Week,
    how: tuple[CheckInState, datetime],
    active: Sequence[Initiative],
) -> CheckIn:
    """The check-in of the week, perhaps answered early, expecting an answer for each initiative."""
    state, at = how
    strategy = owners.strategy
    check_in = owners.of_week(owner.id, week)
    if check_in is None:
        check_in = CheckIn(0, strategy.workspace_id, strategy.id, owner.id, week, state, at)
    missing = [Answer(i.id) for i in active if check_in.answer_for(i.id) is None]
    check_in = check_in.with_answers(missing)
    if check_in.state is CheckInState.EARLY:
        check_in = replace(check_in, due_at=at)
    if state is CheckInState.ASKED and not check_in.is_answered:
        check_in = replace(check_in, state=state)
    return check_in


def _ask(session: Session, owners: Owners, claimed: Sequence[_Prompting], now: datetime) -> list[Due]:
    """Say what is asked, and close the prompts before; returns when reminders of it are due."""
    settled = [one.check_in for one in claimed if one.check_in is not None]
    saved = prompts.save_check_ins(session, settled)
    owners = owners.with_check_ins(saved)
    prompted = {one.due.person_id for one in claimed if one.outcome == _PROMPTED}
    asked = [one for one in saved if one.person_id in prompted and not one.is_answered]
    ask_about_signals(session, asked, owners.people, owners.reported, now)
    before = [owners.previous(one.person_id, one.due_at) for one in saved]
    closed = [one for one in before if one is not None and one.message_id is not None]
    shown = owners.prompts(session, [*closed, *asked], now, [one.id for one in closed])
    _show_closed(session, owners.strategy, shown[: len(closed)], now)
    keep_shown(session, owners.strategy, shown[len(closed) :], now)
    posts = [
        outbox.Post(prompt.check_in.person_id, prompt_message(prompt), prompt.digest_at)
        for prompt in shown[len(closed) :]
    ]
    message_ids = outbox.enqueue_posts(session, owners.strategy.workspace_id, posts, now=now)
    prompts.save_prompts(session, zip(asked, message_ids, strict=True))
    return _reminders(session, owners, [one for one in asked if one.missing], now)


def _show_closed(session: Session, strategy: Strategy, closed: Sequence[Prompt], now: datetime) -> None:
    """A closed prompt shows what was recorded, and no buttons that would be refused; so does its reminder."""
    edits = {}
    for prompt in closed:
        message_id, reminder_id = prompt.check_in.message_id, prompt.check_in.reminder_message_id
        if message_id is not None:
            edits[message_id] = prompt_message(prompt)
        if reminder_id is not None:
            edits[reminder_id] = reminder_message(prompt)
    outbox.enqueue_updates(session, strategy.workspace_id, edits, now=now)


def _reminders(session: Session, owners: Owners, asked: Sequence[CheckIn], now: datetime) -> list[Due]:
    strategy = owners.strategy
    claimed = {
        week: rituals.list_claimed(
            session, strategy.workspace_id, strategy.id, str(week), list(owners.people)
        )
        for week in {one.period for one in asked}
    }
    return [
        due
        for one in asked
        for due in reminders_due(
            strategy,
            owners.people[one.person_id],
            one.period,
            max(one.due_at, now),
            claimed[one.period][one.person_id],
        )
    ]

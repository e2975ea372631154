"""Asking owners: the week's prompt, and reminders of it."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.absences import may_remind, prompt_for
from domain.check_ins import CheckIn, CheckInState
from domain.initiatives import Initiative, Status, has_started
from domain.people import Person
from domain.periods import Week
from domain.rituals import Due
from domain.schedules import prompt_instant, within_hours
from domain.strategies import Strategy, current_week, digest_after, pattern_of
from services.check_ins.answering import build_answering, is_check_in_open
from services.check_ins.prompts import build_prompt, list_asked_kpis
from services.planning import claim_due, drop_due, plan_reminders, prompt_due
from storage import absences, check_ins, initiatives, kpis, rituals
from storage.delivery import outbox
from views.check_ins.prompts import prompt_message, reminder_message


def prompt_owner(session: Session, strategy: Strategy, owner: Person, due: Due, now: datetime) -> str:
    """Ask an owner for the week, or say why not; returns what became of it."""
    owned = initiatives.list_owned(
        session,
        due.workspace_id,
        owner.id,
        strategy.id,
        statuses=(Status.PROPOSED, Status.ACTIVE, Status.PAUSED),
    )
    reports = kpis.list_owned_kpis(session, due.workspace_id, strategy.id, owner.id)
    if not owned and not reports:
        drop_due(session, due)
        return "no initiative"
    # After a time down only the latest prompt still makes sense, not a burst of old ones.
    week = max(Week.parse(due.period), current_week(strategy, owner.zone, now))
    schedule = strategy.schedule_for(week)
    nominal = prompt_instant(schedule, week, owner.zone)
    active = [i for i in owned if i.status is Status.ACTIVE and has_started(i, nominal, owner.zone)]
    due = replace(due, period=str(week))
    asks = bool(active) or (bool(reports) and _asks_for_numbers(session, strategy, owner, nominal))
    if strategy.paused_at is not None or owner.is_deactivated or not asks:
        return _next_prompt(session, strategy, owner, due, "nothing to ask")
    planned = absences.list_absences(session, due.workspace_id, [owner.id])[owner.id]
    at = prompt_for(schedule, week, owner.zone, strategy.zone, pattern_of(strategy, owner), planned)
    if at is not None and at > now:
        rituals.set_due(session, replace(due, due_at=at))
        return "moved"
    state, outcome = CheckInState.ASKED, "prompted"
    if at is None:
        state, outcome = CheckInState.SKIPPED, "skipped"
    elif now >= digest_after(strategy, nominal)[1]:
        state, outcome = CheckInState.MISSED, "missed"
    if claim_due(session, due, now, outcome):
        _ask(session, strategy, owner, week, (state, at or nominal), active, now)
    return _next_prompt(session, strategy, owner, due, outcome)


def _asks_for_numbers(session: Session, strategy: Strategy, owner: Person, due_at: datetime) -> bool:
    previous = check_ins.find_before(session, strategy.workspace_id, strategy.id, owner.id, due_at)
    return bool(list_asked_kpis(session, strategy, owner, due_at, previous))


def _next_prompt(session: Session, strategy: Strategy, owner: Person, due: Due, outcome: str) -> str:
    following = Week.parse(due.period).next()
    rituals.set_due(session, prompt_due(strategy, owner.id, owner.zone, following))
    return outcome


def _ask(
    session: Session,
    strategy: Strategy,
    owner: Person,
    week: Week,
    how: tuple[CheckInState, datetime],
    active: list[Initiative],
    now: datetime,
) -> None:
    state, at = how
    check_in = check_ins.add_check_in(
        session,
        workspace_id=strategy.workspace_id,
        strategy_id=strategy.id,
        person_id=owner.id,
        period=week,
        state=state,
        due_at=at,
        initiative_ids=[initiative.id for initiative in active],
    )
    if check_in.state is CheckInState.EARLY:
        check_in = check_ins.set_due_at(session, check_in, at)
    _close_previous(session, strategy, check_in, owner, now)
    if state is not CheckInState.ASKED or check_in.is_answered:
        return
    check_in = check_ins.set_state(session, check_in, state)
    prompt = build_prompt(session, build_answering(session, strategy, check_in, owner), now)
    message_id = outbox.enqueue_post(
        session,
        strategy.workspace_id,
        owner.id,
        prompt_message(prompt),
        now=now,
        expires_at=prompt.digest_at,
    )
    check_ins.set_prompt(session, check_in, message_id)
    if active:
        plan_reminders(session, strategy, owner, check_in, max(at, now))


def _close_previous(
    session: Session, strategy: Strategy, check_in: CheckIn, owner: Person, now: datetime
) -> None:
    """The last prompt shows what was recorded, and no buttons that would be refused."""
    previous = check_ins.find_previous(session, check_in)
    if previous is None or previous.message_id is None:
        return
    ctx = build_answering(session, strategy, previous, owner)
    prompt = build_prompt(session, ctx, now, is_open=False)
    outbox.enqueue_update(
        session, strategy.workspace_id, previous.message_id, prompt_message(prompt), now=now
    )
    if previous.reminder_message_id is not None:
        outbox.enqueue_update(
            session, strategy.workspace_id, previous.reminder_message_id, reminder_message(prompt), now=now
        )


def remind_owner(session: Session, strategy: Strategy, owner: Person, due: Due, now: datetime) -> str:
    """Remind an owner who has not answered, at a time to remind; returns what became of it."""
    drop_due(session, due)
    check_in = check_ins.find_check_in_of_period(
        session, due.workspace_id, strategy.id, owner.id, Week.parse(due.period)
    )
    is_over = check_in is None or not is_check_in_open(session, check_in, now)
    if check_in is None or is_over or strategy.paused_at is not None or owner.is_deactivated:
        return "nothing to ask"
    if not check_in.missing or check_in.state is CheckInState.SKIPPED:
        return "answered already"
    snoozed = check_in.snoozed_until is not None and check_in.snoozed_until == due.due_at
    digest_at = digest_after(strategy, check_in.due_at)[1]
    if now >= digest_at and not snoozed:
        return "too late"
    planned = absences.list_absences(session, due.workspace_id, [owner.id])[owner.id]
    if not may_remind(now, owner.zone, pattern_of(strategy, owner), planned):
        later = within_hours(now, owner.zone)
        if later > now and later < digest_at:
            rituals.set_due(session, replace(due, due_at=later))
            return "moved"
        return "not a time to remind"
    if not claim_due(session, due, now, "reminded"):
        return "reminded already"
    ctx = build_answering(session, strategy, check_in, owner)
    message_id = outbox.enqueue_post(
        session,
        strategy.workspace_id,
        owner.id,
        reminder_message(build_prompt(session, ctx, now)),
        now=now,
        expires_at=digest_at if not snoozed else None,
    )
    check_ins.set_reminder(session, check_in, message_id)
    return "reminded"

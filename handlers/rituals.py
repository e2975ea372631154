"""What happens by the clock: prompts, reminders, digests and reviews, each occurrence once."""

from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from domain.absences import may_remind, prompt_for
from domain.check_ins import CheckIn, CheckInState
from domain.faults import kind_and_place
from domain.initiatives import Initiative, Status, has_started
from domain.people import Person
from domain.periods import Month, Week
from domain.rituals import PUT_OFF, Due, Ritual
from domain.schedules import prompt_instant, within_hours
from domain.strategies import Strategy, current_week, digest_after, pattern_of, review_ends
from handlers.requests import Deps
from services.check_ins.answering import build_answering, is_check_in_open
from services.check_ins.prompts import build_prompt, list_asked_kpis
from services.decisions import perform_decisions
from services.digests import post_digest
from services.planning import plan_reminders, prompt_due, review_due
from services.reviews import close_review, post_review
from storage import absences, check_ins, homes, initiatives, kpis, people, rituals, strategies
from storage.delivery import outbox, seen
from views.check_ins.prompts import prompt_message, reminder_message

log = structlog.get_logger()

BATCH = 100
REMEMBERED = timedelta(days=30)
"""How long events and forms are known again; Slack repeats an event within minutes."""


async def perform_due(deps: Deps, now: datetime) -> list[tuple[Due, str]]:
    """Everything due at `now`, each in its own transaction, with what became of it."""
    performed = []
    while batch := await deps.transact(rituals.list_due, deps.workspace_id, now, BATCH):
        for due in batch:
            try:
                outcome = await deps.transact(_perform_and_mark, due, now)
            except Exception as fault:  # noqa: BLE001 - one ritual that fails must not stop the others
                log.error(
                    "ritual_failed", ritual=due.ritual, strategy=due.strategy_id, **kind_and_place(fault)
                )
                outcome = await deps.transact(_put_off, due, now)
            performed.append((due, outcome))
    return performed


def _perform_and_mark(session: Session, due: Due, now: datetime) -> str:
    outcome = perform(session, due, now)
    homes.mark_stale(session, due.workspace_id, due.strategy_id, [due.person_id])
    return outcome


def perform(session: Session, due: Due, now: datetime) -> str:
    """One due ritual; always moves it on or drops it, so that nothing is due twice. Returns what became of it."""
    if due.ritual is Ritual.DECISIONS:
        return perform_decisions(session, due, now)
    if not rituals.is_still_due(session, due):
        return "performed already"
    strategy = strategies.get_strategy(session, due.workspace_id, due.strategy_id)
    if due.ritual is Ritual.DIGEST:
        return _digest(session, strategy, due, now)
    if due.ritual is Ritual.REVIEW:
        return _review(session, strategy, due, now)
    if due.ritual is Ritual.REVIEW_OUTCOME:
        _drop(session, due)
        return close_review(session, strategy, Month.parse(due.period), now)
    owner = people.get_person(session, due.workspace_id, due.person_id)
    if due.ritual is Ritual.PROMPT:
        return _prompt(session, strategy, owner, due, now)
    return _remind(session, strategy, owner, due, now)


def _put_off(session: Session, due: Due, now: datetime) -> str:
    rituals.set_due(session, replace(due, due_at=now + PUT_OFF))
    return "failed"


def _claim(session: Session, due: Due, now: datetime, outcome: str) -> bool:
    return rituals.claim_occurrence(
        session,
        workspace_id=due.workspace_id,
        strategy_id=due.strategy_id,
        ritual=due.ritual,
        period=due.period,
        person_id=due.person_id,
        due_at=due.due_at,
        now=now,
        outcome=outcome,
    )


def _prompt(session: Session, strategy: Strategy, owner: Person, due: Due, now: datetime) -> str:
    owned = initiatives.list_owned(
        session,
        due.workspace_id,
        owner.id,
        strategy.id,
        statuses=(Status.PROPOSED, Status.ACTIVE, Status.PAUSED),
    )
    reports = kpis.list_owned_kpis(session, due.workspace_id, strategy.id, owner.id)
    if not owned and not reports:
        _drop(session, due)
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
    if _claim(session, due, now, outcome):
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
        check_ins.update_check_in(session, check_in, due_at=at)
    _close_previous(session, strategy, check_in, owner, now)
    if state is not CheckInState.ASKED or check_in.is_answered:
        return
    check_ins.update_check_in(session, check_in, state=state.value)
    check_in = replace(check_in, state=state)
    prompt = build_prompt(session, build_answering(session, strategy, check_in, owner), now)
    message_id = outbox.enqueue_post(
        session,
        strategy.workspace_id,
        owner.id,
        prompt_message(prompt),
        now=now,
        expires_at=prompt.digest_at,
    )
    check_ins.update_check_in(session, check_in, message_id=message_id)
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


def _remind(session: Session, strategy: Strategy, owner: Person, due: Due, now: datetime) -> str:
    _drop(session, due)
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
    if not _claim(session, due, now, "reminded"):
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
    check_ins.update_check_in(session, check_in, reminder_message_id=message_id)
    return "reminded"


def _digest(session: Session, strategy: Strategy, due: Due, now: datetime) -> str:
    week = Week.parse(due.period)
    following, at = digest_after(strategy, now)
    overtaken = prompt_instant(strategy.schedule_for(week.next()), week.next(), strategy.zone)
    rituals.set_due(session, replace(due, period=str(following), due_at=at))
    # Strategies set up before there were reviews have none planned yet.
    rituals.add_due(session, review_due(strategy, now))
    if strategy.paused_at is not None:
        return "paused"
    if now >= overtaken:
        return "missed"
    if not _anything_to_tell(session, strategy, now):
        return "nothing asked yet"
    if not _claim(session, due, now, "posted"):
        return "posted already"
    post_digest(session, strategy, week, now, is_final=True)
    seen.forget_old(session, due.workspace_id, now - REMEMBERED)
    return "posted"


def _review(session: Session, strategy: Strategy, due: Due, now: datetime) -> str:
    """A month's review; made up for 3 working days after a time down."""
    rituals.set_due(session, review_due(strategy, now))
    if strategy.paused_at is not None:
        return "paused"
    if now >= review_ends(strategy, due.due_at):
        return "missed"
    if not check_ins.is_anything_due(session, strategy.workspace_id, strategy.id, now):
        return "nothing asked yet"
    if not _claim(session, due, now, "posted"):
        return "posted already"
    post_review(session, strategy, Month.parse(due.period), now)
    return "posted"


def _anything_to_tell(session: Session, strategy: Strategy, now: datetime) -> bool:
    """Not before the first prompt of active initiatives: there is nothing in it that anybody could have said."""
    if check_ins.list_uncovered(session, strategy.workspace_id, strategy.id, now):
        return True
    listed = initiatives.list_initiatives(session, strategy.workspace_id, strategy.id)
    return not any(initiative.status is Status.ACTIVE for initiative in listed)


def _drop(session: Session, due: Due) -> None:
    rituals.drop_due(session, due.workspace_id, due.strategy_id, ritual=due.ritual, person_id=due.person_id)

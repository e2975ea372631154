"""Reminding owners who have not answered, by the clock."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.absences import Absence, may_remind, next_working_moment
from domain.check_ins import CheckIn, CheckInState
from domain.people import Person
from domain.periods import Week
from domain.rituals import Due
from domain.schedules import within_hours
from domain.strategies import Strategy, digest_after, pattern_of
from services.prompts.owners import Owners, load_owners
from storage import prompts, rituals
from storage.delivery import outbox
from views.check_ins.messages import reminder_message


@dataclass(frozen=True, slots=True)
class _Reminding:
    """What becomes of a reminder, when it is due later, and the check-in it reminds of."""

    outcome: str
    later: Due | None = None
    check_in: CheckIn | None = None
    expires_at: datetime | None = None


def remind_owners(session: Session, strategy: Strategy, dues: Sequence[Due], now: datetime) -> dict[Due, str]:
    """Drops each or moves it to a better hour; returns what became of it."""
    owners = load_owners(session, strategy, dues)
    decided = {due: _reminding(owners, due, now) for due in dues}
    reminding = {due: one.outcome for due, one in decided.items() if one.check_in is not None}
    claimed = rituals.claim_occurrences(session, reminding, now)
    _remind(session, owners, [decided[due] for due in dues if due in claimed], now)
    rituals.drop_all(session, dues)
    rituals.set_due(session, *(one.later for one in decided.values() if one.later is not None))
    return {
        due: "reminded already" if due in reminding and due not in claimed else one.outcome
        for due, one in decided.items()
    }


def _reminding(owners: Owners, due: Due, now: datetime) -> _Reminding:
    strategy, owner = owners.strategy, owners.people[due.person_id]
    check_in = owners.of_week(owner.id, Week.parse(due.period))
    if check_in is None or strategy.paused_at is not None or owner.is_deactivated:
        return _Reminding("nothing to ask")
    if check_in.closed_at is not None or check_in.state is CheckInState.PAUSED:
        return _Reminding("nothing to ask")
    if any(check_in.due_at < one.due_at <= now for one in owners.history[owner.id]):
        return _Reminding("nothing to ask")
    if not check_in.missing or check_in.state is CheckInState.SKIPPED:
        return _Reminding("answered already")
    snoozed = check_in.snoozed_until is not None and check_in.snoozed_until == due.due_at
    digest_at = digest_after(strategy, check_in.due_at)[1]
    if now >= digest_at and not snoozed:
        return _Reminding("too late")
    if not may_remind(now, owner.zone, pattern_of(strategy, owner), owners.absences[owner.id]):
        later = _next_time(strategy, owner, owners.absences[owner.id], now)
        if later is not None and later < digest_at:
            return _Reminding("moved", replace(due, due_at=later))
        return _Reminding("not a time to remind")
    return _Reminding("reminded", None, check_in, None if snoozed else digest_at)


def _next_time(
    strategy: Strategy, owner: Person, planned: Sequence[Absence], now: datetime
) -> datetime | None:
    """From 08:00 on of a day on which they may be reminded."""
    pattern, later = pattern_of(strategy, owner), within_hours(now, owner.zone)
    if may_remind(later, owner.zone, pattern, planned):
        return later
    return next_working_moment(later, owner.zone, pattern, planned)


def _remind(session: Session, owners: Owners, claimed: Sequence[_Reminding], now: datetime) -> None:
    reminded = [one.check_in for one in claimed if one.check_in is not None]
    shown = owners.prompts(session, reminded, now)
    posts = [
        outbox.Post(prompt.check_in.person_id, reminder_message(prompt), one.expires_at)
        for prompt, one in zip(shown, claimed, strict=True)
    ]
    message_ids = outbox.enqueue_posts(session, owners.strategy.workspace_id, posts, now=now)
    prompts.save_reminders(session, zip(reminded, message_ids, strict=True))

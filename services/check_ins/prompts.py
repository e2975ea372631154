"""A check-in as its owner sees it, and every message that shows it drawn anew."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from domain.absences import Absence, away_until, is_away, snooze_until
from domain.check_ins import CheckIn, CheckInState
from domain.decisions import Decision
from domain.errors import DomainError
from domain.kpis import Kpi, is_asked
from domain.people import Person
from domain.rituals import REMINDERS, Due
from domain.schedules import local_day
from domain.strategies import Strategy, digest_after, is_last_before_review, pattern_of
from services.check_ins.answering import Answering, build_answering, list_current_answering
from storage import (
    absences,
    check_ins,
    decisions,
    homes,
    kickoffs,
    kpis,
    milestones,
    people,
    reviews,
    rituals,
    seen_marks,
)
from storage.delivery import outbox
from views.check_ins.prompts import Prompt, prompt_message, reminder_message
from views.message_checks import MessageChecks
from views.readings import KpiLine


def redraw_check_in(session: Session, ctx: Answering, now: datetime, *, is_open: bool = True) -> None:
    """Show it as it stands in the prompt and its reminder, and on Home."""
    check_in = ctx.check_in
    homes.mark_stale(session, check_in.workspace_id, check_in.strategy_id, [check_in.person_id])
    if check_in.message_id is None and check_in.reminder_message_id is None:
        return
    prompt = build_prompt(session, ctx, now, is_open=is_open)
    if check_in.message_id is not None:
        outbox.enqueue_update(
            session, check_in.workspace_id, check_in.message_id, prompt_message(prompt), now=now
        )
    if check_in.reminder_message_id is not None:
        outbox.enqueue_update(
            session, check_in.workspace_id, check_in.reminder_message_id, reminder_message(prompt), now=now
        )


def redraw_current_check_in(session: Session, strategy: Strategy, owner_id: str, now: datetime) -> None:
    """An owner's present one in a strategy, if there is any."""
    check_in = check_ins.find_current(session, strategy.workspace_id, strategy.id, owner_id, now)
    if check_in is not None:
        owner = people.get_person(session, strategy.workspace_id, owner_id)
        redraw_check_in(session, build_answering(session, strategy, check_in, owner), now)


def redraw_open_check_ins(session: Session, person: Person, now: datetime) -> bool:
    """Whatever the person has open, after an absence or an initiative of theirs changed; whether anything waits."""
    found = list_current_answering(session, person, now)
    for ctx in found:
        redraw_check_in(session, ctx, now)
    return any(ctx.check_in.missing for ctx in found)


def snooze_check_in(session: Session, ctx: Answering, now: datetime) -> None:
    """Ask again later, in place of the next reminder. Raises DomainError when all is said, or no reminder is left."""
    if ctx.check_in.is_answered:
        raise DomainError("All is recorded already, so there is nothing to remind you of.")
    strategy, owner, period = ctx.strategy, ctx.owner, str(ctx.check_in.period)
    claimed = rituals.list_claimed(session, strategy.workspace_id, strategy.id, period, owner.id)
    free = [ritual for ritual in REMINDERS if ritual not in claimed]
    if not free:
        raise DomainError(
            "You have had two reminders this week, and more would be a nuisance. Run `/checkin` any time."
        )
    planned = absences.list_absences(session, strategy.workspace_id, [owner.id])[owner.id]
    at = snooze_until(now, owner.zone, pattern_of(strategy, owner), planned)
    rituals.set_due(session, Due(strategy.workspace_id, strategy.id, free[0], owner.id, period, at))
    snoozed = check_ins.snooze(session, ctx.check_in, at)
    redraw_check_in(session, replace(ctx, check_in=snoozed), now)


def build_prompt(session: Session, ctx: Answering, now: datetime, *, is_open: bool = True) -> Prompt:
    """The check-in as its owner sees it."""
    check_in = ctx.check_in
    today = local_day(max(now, check_in.due_at), ctx.owner.zone)
    planned: Sequence[Absence] = ()
    if not check_in.is_answered:
        planned = absences.list_absences(session, check_in.workspace_id, [ctx.owner.id])[ctx.owner.id]
    asks = _asks(session, ctx)
    seen = seen_marks.list_marks(session, check_in.workspace_id, check_in.id)
    is_gone = is_away(today, planned)
    if is_gone and check_in.state is CheckInState.ASKED and is_open:
        check_in = replace(check_in, state=CheckInState.SKIPPED)
    return Prompt(
        strategy=ctx.strategy,
        check_in=check_in,
        lines=tuple(ctx.line(initiative.id) for initiative in ctx.initiatives),
        digest_at=digest_after(ctx.strategy, check_in.due_at)[1],
        today=today,
        names=_names(session, ctx, asks, seen),
        is_open=is_open,
        away_until=away_until(today, planned) if is_gone else None,
        owner_name="" if ctx.actor.id == ctx.owner.id else ctx.owner.name,
        kpis=_kpi_lines(session, ctx, is_open=is_open),
        asks={i.id: tuple(d for d in asks if d.initiative_id == i.id) for i in ctx.initiatives},
        seen=seen,
        milestones=milestones.list_milestones(
            session, check_in.workspace_id, [initiative.id for initiative in ctx.initiatives]
        ),
        message_checks=find_message_checks(session, ctx),
    )


def find_message_checks(session: Session, ctx: Answering) -> MessageChecks | None:
    """What is asked about the core message with the last prompt before a review; None with any other."""
    strategy, check_in = ctx.strategy, ctx.check_in
    if not strategy.core_message or not is_last_before_review(strategy, ctx.owner.zone, check_in.due_at):
        return None
    ids = [initiative.id for initiative in ctx.initiatives]
    charters = kickoffs.list_charters(session, strategy.workspace_id, ids)
    given = reviews.list_checks(session, strategy.workspace_id, check_in.id)
    channels = {id_: charters[id_].channels if id_ in charters else () for id_ in ids}
    return MessageChecks(
        check_in.id,
        strategy.core_message,
        tuple((initiative, channels[initiative.id] or ("",)) for initiative in ctx.initiatives),
        {(check.initiative_id, check.channel): check for check in given},
    )


def list_asked_kpis(
    session: Session, strategy: Strategy, owner: Person, due_at: datetime, previous: CheckIn | None
) -> list[Kpi]:
    """Those that a prompt due at an instant asks its owner for."""
    is_asked_before = previous is not None and previous.state in (CheckInState.ASKED, CheckInState.EARLY)
    before = local_day(previous.due_at, owner.zone) if previous and is_asked_before else None
    owned = kpis.list_owned_kpis(session, strategy.workspace_id, strategy.id, owner.id)
    return [kpi for kpi in owned if is_asked(kpi, local_day(due_at, owner.zone), before)]


def _names(
    session: Session, ctx: Answering, asks: Sequence[Decision], seen: Mapping[int, Sequence[str]]
) -> dict[str, str]:
    """Of whoever answered, decides, or has seen it."""
    named = {answer.by for answer in ctx.check_in.answers} | {ctx.actor.id}
    named |= {one for decision in asks for one in (decision.decider_id, decision.decided_by)}
    named |= {person_id for marked in seen.values() for person_id in marked}
    wanted = sorted(filter(None, named))
    known = {person.id: person for person in (ctx.owner, ctx.actor)}
    others = [person_id for person_id in wanted if person_id not in known]
    known |= people.list_people(session, ctx.check_in.workspace_id, others)
    return {person_id: known[person_id].name for person_id in wanted}


def _asks(session: Session, ctx: Answering) -> list[Decision]:
    """Those of its initiatives that are open, or were settled since the prompt before."""
    since = ctx.previous.due_at if ctx.previous else datetime.min.replace(tzinfo=UTC)
    ids = [initiative.id for initiative in ctx.initiatives]
    return decisions.list_of_initiatives(session, ctx.strategy.workspace_id, ids, since)


def _kpi_lines(session: Session, ctx: Answering, *, is_open: bool) -> tuple[KpiLine, ...]:
    """A closed prompt keeps only what was recorded."""
    due_at = ctx.check_in.due_at
    asked = list_asked_kpis(session, ctx.strategy, ctx.owner, due_at, ctx.previous)
    lines = [KpiLine(kpi, kpi.latest if kpi.latest and kpi.latest.at >= due_at else None) for kpi in asked]
    return tuple(line for line in lines if is_open or line.recorded)

"""A check-in as its owner sees it, and every message that shows it drawn anew."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from domain.absences import Absence, away_until, is_away, snooze_until
from domain.acts import Act, ActKind
from domain.check_ins import CheckIn, CheckInState, SeenMark
from domain.decisions import Decision
from domain.errors import DomainError
from domain.initiatives import kpi_ids_of
from domain.kpis import Kpi, is_asked
from domain.milestones import Milestone
from domain.people import Person
from domain.reviews import Choice
from domain.rituals import REMINDERS, Due
from domain.schedules import local_day
from domain.signals import Signal
from domain.signs import NOTHING_SLIPS, Slipping
from domain.strategies import Strategy, digest_after, is_last_before_review, pattern_of
from domain.track_record import ASKED
from services.check_ins.answering import Answering, build_answering, list_current_answering
from services.check_ins.slipping import find_slipping
from storage import (
    absences,
    acts,
    check_ins,
    decisions,
    homes,
    joins,
    kickoffs,
    kpis,
    milestones,
    people,
    reviews,
    rituals,
    seen_marks,
    signals,
)
from storage.delivery import outbox
from views.check_ins.messages import prompt_message, reminder_message
from views.check_ins.prompts import Continued, Prompt
from views.message_checks import MessageChecks
from views.readings import KpiLine
from views.signals import SignalLine

_ONE_WEEK = timedelta(weeks=1)
_LONGEST_AWAY = timedelta(weeks=9)
"""How far back what a review has continued is still told."""


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
    check_in = check_ins.find_current(session, strategy.workspace_id, strategy.id, owner_id, now, hold=True)
    if check_in is not None:
        owner = people.get_person(session, strategy.workspace_id, owner_id)
        redraw_check_in(session, build_answering(session, strategy, check_in, owner), now)


def redraw_for_kpis(
    session: Session, strategy: Strategy, kpi_ids: Collection[int], now: datetime, *, but_of: str = ""
) -> None:
    """After readings of these came or went: Home, and the present check-ins of all who are asked for them.

    `but_of` is whose check-in is drawn anew already.
    """
    homes.mark_stale(session, strategy.workspace_id, strategy.id)
    asked = kpis.list_owners(session, strategy.workspace_id, kpi_ids)
    asked |= joins.list_owners(session, strategy.workspace_id, kpi_ids)
    for owner_id in sorted(asked - {but_of}):
        redraw_current_check_in(session, strategy, owner_id, now)


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
    claimed = rituals.list_claimed(session, strategy.workspace_id, strategy.id, period, [owner.id])
    free = [ritual for ritual in REMINDERS if ritual not in claimed[owner.id]]
    if not free:
        raise DomainError(
            "You have had two reminders this week, and more would be a nuisance. Run `/checkin` any time."
        )
    planned = absences.list_absences(session, strategy.workspace_id, [owner.id])[owner.id]
    at = snooze_until(now, owner.zone, pattern_of(strategy, owner), planned)
    rituals.set_due(session, Due(strategy.workspace_id, strategy.id, free[0], owner.id, period, at))
    snoozed = check_ins.snooze(session, ctx.check_in, at)
    acts.add_act(session, strategy.workspace_id, strategy.id, Act(ActKind.SNOOZED, ctx.actor.id, now))
    redraw_check_in(session, replace(ctx, check_in=snoozed), now)


def build_prompt(session: Session, ctx: Answering, now: datetime, *, is_open: bool = True) -> Prompt:
    """The check-in as its owner sees it."""
    [prompt] = build_prompts(session, [ctx], now, closed=() if is_open else [ctx.check_in.id])
    return prompt


def build_prompts(
    session: Session,
    shown: Sequence[Answering],
    now: datetime,
    closed: Collection[int],
    *,
    reported: Sequence[Kpi] | None = None,
    planned: Mapping[str, Sequence[Absence]] | None = None,
) -> list[Prompt]:
    """Check-ins of one strategy as their owners see them; those `closed`, by id, take no answer any more.

    The KPIs that the owners report on, and their absences, are loaded unless they are at hand.
    """
    if not shown:
        return []
    around = _load_around(session, shown, reported, planned)
    still_open = [ctx for ctx in shown if ctx.check_in.id not in closed]
    around = replace(around, slipping=find_slipping(session, still_open, now))
    return [_prompt(ctx, around, now, is_open=ctx.check_in.id not in closed) for ctx in shown]


@dataclass(frozen=True, slots=True)
class _Around:
    """What several prompts show besides answers: by person, check-in or initiative."""

    absences: Mapping[str, Sequence[Absence]]
    asks: Sequence[Decision]
    continued: Mapping[int, Mapping[int, Continued]]
    seen: Mapping[int, Mapping[int, tuple[SeenMark, ...]]]
    kpis: Sequence[Kpi]
    signals: Mapping[int, Sequence[Signal]]
    milestones: Mapping[int, tuple[Milestone, ...]]
    message_checks: Mapping[int, MessageChecks]
    people: Mapping[str, Person]
    slipping: Mapping[int, Slipping] = field(default_factory=dict)


def _load_around(
    session: Session,
    shown: Sequence[Answering],
    reported: Sequence[Kpi] | None,
    planned: Mapping[str, Sequence[Absence]] | None,
) -> _Around:
    strategy = shown[0].strategy
    workspace_id = strategy.workspace_id
    owners = {ctx.owner.id: ctx.owner for ctx in shown}
    initiative_ids = list({i.id: None for ctx in shown for i in ctx.initiatives})
    if planned is None:
        unanswered = [ctx.owner.id for ctx in shown if not ctx.check_in.is_answered]
        planned = absences.list_absences(session, workspace_id, unanswered)
    if reported is None:
        reported = kpis.list_owned_kpis(session, workspace_id, strategy.id, list(owners))
    asks = decisions.list_of_initiatives(session, workspace_id, initiative_ids, min(map(_since, shown)))
    shown_ids = [one.id for ctx in shown for one in (ctx.check_in, ctx.previous) if one]
    seen = seen_marks.list_marks(session, workspace_id, shown_ids)
    continued = _list_continued(session, shown)
    known = owners | {ctx.actor.id: ctx.actor for ctx in shown}
    named = {answer.by for ctx in shown for answer in ctx.check_in.answers if answer.by}
    named |= {one for ask in asks for one in (ask.decider_id, ask.decided_by) if one}
    named |= {one.by for theirs in continued.values() for one in theirs.values()}
    named |= {mark.person_id for of_one in seen.values() for marks in of_one.values() for mark in marks}
    return _Around(
        absences=planned,
        asks=asks,
        continued=continued,
        seen=seen,
        kpis=reported,
        signals=_list_signals(session, shown, reported),
        milestones=milestones.list_milestones(session, workspace_id, initiative_ids),
        message_checks=list_message_checks(session, shown),
        people=known | people.list_people(session, workspace_id, sorted(named - set(known))),
    )


def _prompt(ctx: Answering, around: _Around, now: datetime, *, is_open: bool) -> Prompt:
    check_in = ctx.check_in
    today = local_day(max(now, check_in.due_at), ctx.owner.zone)
    planned = around.absences.get(ctx.owner.id, ()) if not check_in.is_answered else ()
    is_gone = is_away(today, planned)
    if is_gone and check_in.state is CheckInState.ASKED and is_open:
        check_in = replace(check_in, state=CheckInState.SKIPPED)
    recent = [ask for ask in around.asks if ask.decided_at is None or ask.decided_at >= _since(ctx)]
    digest_at = digest_after(ctx.strategy, check_in.due_at)[1]
    return Prompt(
        strategy=ctx.strategy,
        check_in=check_in,
        lines=tuple(ctx.line(i.id) for i in ctx.initiatives if is_open or check_in.answer_for(i.id)),
        digest_at=digest_at,
        is_late=now >= digest_at,
        today=today,
        names={person_id: person.name for person_id, person in around.people.items()},
        is_open=is_open,
        away_until=away_until(today, planned) if is_gone else None,
        owner_name="" if ctx.actor.id == ctx.owner.id else ctx.owner.name,
        kpis=_kpi_lines(ctx, around.kpis, is_open=is_open),
        asks={i.id: tuple(ask for ask in recent if ask.initiative_id == i.id) for i in ctx.initiatives},
        continued=around.continued.get(check_in.id, {}),
        seen=around.seen[check_in.id],
        seen_before=around.seen[ctx.previous.id] if ctx.previous else {},
        milestones={initiative.id: around.milestones[initiative.id] for initiative in ctx.initiatives},
        signals=_signal_lines(check_in, around),
        message_checks=around.message_checks.get(check_in.id),
        zone=ctx.owner.zone,
        slipping=NOTHING_SLIPS if is_gone else around.slipping.get(check_in.id, NOTHING_SLIPS),
    )


def _list_signals(
    session: Session, shown: Sequence[Answering], reported: Sequence[Kpi]
) -> Mapping[int, Sequence[Signal]]:
    """By check-in."""
    if not reported:
        return {}
    ids = [ctx.check_in.id for ctx in shown]
    return signals.list_of_check_ins(session, shown[0].strategy.workspace_id, ids)


def _signal_lines(check_in: CheckIn, around: _Around) -> tuple[SignalLine, ...]:
    by_id = {kpi.id: kpi for kpi in around.kpis}
    return tuple(
        SignalLine(by_id[one.kpi_id], one)
        for one in around.signals.get(check_in.id, ())
        if one.kpi_id in by_id and one.stands(by_id[one.kpi_id].readings)
    )


def list_message_checks(session: Session, shown: Sequence[Answering]) -> dict[int, MessageChecks]:
    """What is asked about the core message with the last prompt before a review, by check-in; nothing with others."""
    strategy = shown[0].strategy
    asked = [
        ctx
        for ctx in shown
        if strategy.core_message and is_last_before_review(strategy, ctx.owner.zone, ctx.check_in.due_at)
    ]
    if not asked:
        return {}
    ids = [initiative.id for ctx in asked for initiative in ctx.initiatives]
    charters = kickoffs.list_charters(session, strategy.workspace_id, ids)
    given = reviews.list_checks(session, strategy.workspace_id, [ctx.check_in.id for ctx in asked])
    channels = {id_: charters[id_].channels if id_ in charters else () for id_ in ids}
    return {
        ctx.check_in.id: MessageChecks(
            ctx.check_in.id,
            strategy.core_message,
            tuple((initiative, channels[initiative.id] or ("",)) for initiative in ctx.initiatives),
            {(one.initiative_id, one.channel): one for one in given if one.check_in_id == ctx.check_in.id},
        )
        for ctx in asked
    }


def _list_continued(session: Session, shown: Sequence[Answering]) -> dict[int, dict[int, Continued]]:
    """What reviews closed since its owner's prompt before have continued, by check-in and initiative.

    It is told until they begin to answer: no click pays for it.
    """
    asked = [ctx for ctx in shown if all(answer.health is None for answer in ctx.check_in.answers)]
    if not asked:
        return {}
    strategy, first = asked[0].strategy, min(ctx.check_in.due_at for ctx in asked) - _LONGEST_AWAY
    closed = reviews.list_closed_after(session, strategy, first)
    if not closed:
        return {}
    made = {review.period: reviews.list_choices(session, review) for review in closed}
    owners = [ctx.owner.id for ctx in asked]
    prompted = check_ins.list_asked_at(session, strategy.workspace_id, strategy.id, owners, first)
    found: dict[int, dict[int, Continued]] = {}
    for ctx in asked:
        due_at = ctx.check_in.due_at
        since = max((at for at in prompted[ctx.owner.id] if at < due_at), default=due_at - _ONE_WEEK)
        found[ctx.check_in.id] = {
            initiative.id: Continued(review.period, choices[-1].person_id)
            for review in closed
            if review.closed_at is not None and since < review.closed_at <= due_at
            for initiative in ctx.initiatives
            if (choices := made[review.period].get(initiative.id)) and choices[-1].choice is Choice.CONTINUE
        }
    return found


def _since(ctx: Answering) -> datetime:
    """Since when asks that were settled are shown: the prompt before."""
    return ctx.previous.due_at if ctx.previous else datetime.min.replace(tzinfo=UTC)


def choose_asked(
    reported: Iterable[Kpi], owner: Person, due_at: datetime, previous: CheckIn | None
) -> list[Kpi]:
    """Of the KPIs that people report on, those that a prompt due at an instant asks its owner for."""
    is_asked_before = previous is not None and previous.state in ASKED
    before = local_day(previous.due_at, owner.zone) if previous and is_asked_before else None
    today = local_day(due_at, owner.zone)
    return [kpi for kpi in reported if kpi.owner_id == owner.id and is_asked(kpi, today, before)]


def _kpi_lines(ctx: Answering, reported: Iterable[Kpi], *, is_open: bool) -> tuple[KpiLine, ...]:
    """Without those that are a metric of what is asked anyway; a closed prompt keeps only what was recorded."""
    due_at, metrics = ctx.check_in.due_at, kpi_ids_of(ctx.initiatives)
    others = (kpi for kpi in reported if kpi.id not in metrics)
    asked = choose_asked(others, ctx.owner, due_at, ctx.previous)
    on = local_day(due_at, ctx.owner.zone)
    lines = [KpiLine(kpi, kpi.given_since(due_at, on)) for kpi in asked]
    return tuple(line for line in lines if is_open or line.recorded)

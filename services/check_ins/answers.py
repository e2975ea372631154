"""Recording answers: the one place where what an owner said becomes what stands, and every message shows it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from domain.acts import Act, ActKind, reading_taken_back
from domain.check_ins import Answer, BlockerOutcome, NextOutcome, Via, taken_back
from domain.errors import DomainError, NotFound
from domain.healths import Health
from domain.initiatives import Initiative, unlikely_values, with_values
from domain.schedules import local_day
from domain.words import show_number
from services.check_ins.answering import Answering
from services.check_ins.prompts import build_prompt, redraw_check_in, redraw_for_kpis
from services.digests import tell_late_answers
from storage import acts, answers, initiatives, kpis
from views.check_ins.prompts import PromptLine


def record_answers(
    session: Session, ctx: Answering, given: Sequence[Answer], now: datetime, emptied: Collection[int] = ()
) -> Answering:
    """Store answers as revisions and show them wherever the check-in is shown; returns the check-in as it stands.

    `ctx` was loaded for answering: its check-in is held, so that nobody else has answered in it since. `emptied` are
    metrics that are KPIs whose last reading is taken back, whoever gave it.
    """
    today = local_day(now, ctx.owner.zone)
    kpi_of = {m.id: m.kpi_id for one in ctx.initiatives for m in one.metrics if m.kpi_id is not None}
    touched = _withdraw_last(session, ctx, emptied, now)
    stored, changed = [], []
    for answer in given:
        initiative = ctx.initiative(answer.initiative_id)
        before = ctx.check_in.answer_for(answer.initiative_id)
        signed = replace(answer, by=ctx.actor.id, at=now)
        stored.append(answers.save_answer(session, ctx.check_in, signed, on=today, kpi_of=kpi_of))
        changed.append((initiative, signed, before))
    _record(session, ctx, changed, now)
    reported = dict(
        reading
        for _, answer, before in changed
        for reading in answer.readings
        if before is None or reading not in before.readings
    )
    corrected = {metric_id for _, _, before in changed if before for metric_id, _ in before.readings}
    listed = [with_values(one, reported, today, corrected) for one in ctx.initiatives]
    gone = {metric_id for _, answer, before in changed for metric_id in taken_back(before, answer)}
    shared = touched | {kpi_of[metric_id] for metric_id in {*reported, *gone} if metric_id in kpi_of}
    if gone or shared:
        listed = initiatives.read_metrics(session, ctx.strategy.workspace_id, listed, ctx.owner.zone)
    ctx = replace(ctx, check_in=ctx.check_in.with_answers(stored), initiatives=tuple(listed))
    redraw_check_in(session, ctx, now)
    if shared:
        redraw_for_kpis(session, ctx.strategy, shared, now, but_of=ctx.owner.id)
    told = [
        (initiative, answer, before)
        for initiative, answer, before in changed
        if answer.health is not None or (before is not None and before.health is not None)
    ]
    if told and ctx.check_in.due_at <= now:
        tell_late_answers(session, ctx.strategy, ctx.check_in, told, ctx.owner, now)
    return ctx


def _record(
    session: Session,
    ctx: Answering,
    changed: Sequence[tuple[Initiative, Answer, Answer | None]],
    now: datetime,
) -> None:
    """Each with its health and numbers as they were and are, as far as they differ; its words are no part of the log."""
    of_another = ctx.owner.id if ctx.actor.id != ctx.owner.id else None
    done = [
        Act(
            ActKind.ANSWERED if before is None or before.revision == 0 else ActKind.ANSWER_CHANGED,
            ctx.actor.id,
            now,
            initiative.name,
            _figures(initiative, before, answer),
            _figures(initiative, answer, before),
            of_another,
            initiative.id,
        )
        for initiative, answer, before in changed
    ]
    acts.add_acts(session, ctx.strategy.workspace_id, ctx.strategy.id, done)


def _figures(initiative: Initiative, answer: Answer | None, other: Answer | None) -> str:
    """As in "at risk, subscribers 4,310, in the way: resolved", without what the other one says as well."""
    if answer is None:
        return ""
    told = []
    if answer.health is not None and (other is None or other.health is not answer.health):
        told.append(answer.health.label)
    metrics = {metric.id: metric for metric in initiative.metrics}
    for metric_id, value in answer.readings:
        metric = metrics.get(metric_id)
        if metric is not None and (other is None or (metric_id, value) not in other.readings):
            told.append(f"{metric.name} {show_number(value, metric.unit)}")
    if answer.last_blocker is not None and (other is None or other.last_blocker is not answer.last_blocker):
        told.append(f"what was in the way: {answer.last_blocker.value}")
    if answer.last_next is not None and (other is None or other.last_next is not answer.last_next):
        told.append(f"what was next: {answer.last_next.value}")
    return ", ".join(told)


def _withdraw_last(session: Session, ctx: Answering, emptied: Collection[int], now: datetime) -> set[int]:
    """The KPIs whose last reading is taken back."""
    withdrawn = set()
    for metric in (metric for one in ctx.initiatives for metric in one.metrics if metric.id in emptied):
        if metric.kpi_id is not None and metric.readings:
            last = metric.readings[-1]
            kpis.withdraw_readings(
                session, ctx.strategy.workspace_id, metric.kpi_id, last.on, ctx.actor.id, now
            )
            was = show_number(last.value, metric.unit)
            act = reading_taken_back(metric.kpi_id, metric.name, last.on, was, ctx.actor.id, now)
            acts.add_act(session, ctx.strategy.workspace_id, ctx.strategy.id, act)
            withdrawn.add(metric.kpi_id)
    return withdrawn


def record_health(
    session: Session, ctx: Answering, initiative_id: int, health: Health, now: datetime
) -> Answering:
    """One click; the health that stands already makes no revision."""
    standing = ctx.line(initiative_id).answer
    if standing.health is health:
        return ctx
    return record_answers(session, ctx, [replace(standing, health=health, via=Via.CLICK)], now)


def record_form(
    session: Session, ctx: Answering, answer: Answer, now: datetime, emptied: Collection[int] = ()
) -> Answering:
    """The whole form: with nothing in the way in it, what was in the way in an earlier week is resolved.

    `emptied` as for `record_answers`.
    """
    return record_answers(session, ctx, [replace(_with_outcome(ctx, answer), via=Via.FORM)], now, emptied)


def _with_outcome(ctx: Answering, answer: Answer) -> Answer:
    if answer.initiative_id not in ctx.blockers:
        return answer
    outcome = BlockerOutcome.STILL if answer.blocker else BlockerOutcome.RESOLVED
    return replace(answer, last_blocker=outcome)


def hold_back(initiative: Initiative, answer: Answer, standing: Answer) -> tuple[Answer, dict[int, Decimal]]:
    """The answer without what is to be asked about first, and that: values far from the last ones, by metric id."""
    before = dict(standing.readings)
    given = {id_: value for id_, value in answer.readings if before.get(id_) != value}
    held = unlikely_values(initiative, given)
    stand = {id_: before.get(id_, value) if id_ in held else value for id_, value in answer.readings}
    kept = tuple((id_, value) for id_, value in stand.items() if id_ not in held or id_ in before)
    return replace(answer, readings=kept), held


def record_values(
    session: Session, ctx: Answering, initiative_id: int, values: Mapping[int, Decimal], now: datetime
) -> Answering:
    """Values that were asked about and are meant. Raises NotFound for what is no metric of the initiative."""
    standing = ctx.line(initiative_id).answer
    if not values.keys() <= {metric.id for metric in ctx.initiative(initiative_id).metrics}:
        raise NotFound
    readings = {**dict(standing.readings), **values}
    if tuple(readings.items()) == standing.readings:
        return ctx
    return record_answers(session, ctx, [replace(standing, readings=tuple(readings.items()))], now)


def record_trouble(session: Session, ctx: Answering, initiative_id: int, blocker: str, now: datetime) -> None:
    """What is in the way, after a click on *At risk* or *Off track*."""
    standing = ctx.line(initiative_id).answer
    if blocker != standing.blocker:
        record_answers(session, ctx, [replace(standing, blocker=blocker, via=Via.FORM)], now)


def settle_blocker(
    session: Session, ctx: Answering, initiative_id: int, outcome: BlockerOutcome, now: datetime
) -> Answering:
    """Whether what was in the way last week still is. Raises DomainError when that is said already."""
    line = ctx.line(initiative_id)
    if not line.blocker and not line.answer.repeats_blocker:
        raise DomainError("You have answered that already. Press *Edit* to change it.")
    settled = replace(line.answer, last_blocker=outcome)
    if outcome is BlockerOutcome.STILL:
        settled = replace(settled, blocker=line.blocker or line.answer.blocker)
    elif line.answer.repeats_blocker:
        settled = replace(settled, blocker="")
    return record_answers(session, ctx, [settled], now)


def settle_promise(
    session: Session, ctx: Answering, initiative_id: int, outcome: NextOutcome, now: datetime
) -> Answering:
    """What became of what was to be next; what goes on is next again. Raises DomainError when that is said already."""
    line = ctx.line(initiative_id)
    if line.to_settle is None:
        raise DomainError("You have answered that already. Press *Edit* to change it.")
    following = line.to_settle.text if outcome is NextOutcome.CONTINUED else ""
    settled = replace(line.answer, last_next=outcome, next=following)
    return record_answers(session, ctx, [settled], now)


def record_all_on_track(session: Session, ctx: Answering, now: datetime) -> None:
    """One click for each initiative that has no answer yet. Raises DomainError where there is none."""
    waiting = [answer for one in ctx.initiatives if (answer := ctx.line(one.id).answer).health is None]
    if not waiting:
        raise DomainError("All is recorded already. Press *Edit* to change it.")
    record_answers(
        session, ctx, [replace(one, health=Health.ON_TRACK, via=Via.CLICK) for one in waiting], now
    )


def record_rows(
    session: Session,
    ctx: Answering,
    rows: Sequence[Answer],
    values: Mapping[int, Decimal | None],
    now: datetime,
) -> Answering:
    """Several initiatives in one form, and values by metric id: None takes back what was reported."""
    given = {row.initiative_id: _with_outcome(ctx, row) for row in rows}
    reported = {id_ for initiative in ctx.initiatives for id_, _ in ctx.line(initiative.id).reported}
    emptied = [id_ for id_, value in values.items() if value is None and id_ in reported]
    for initiative in ctx.initiatives:
        changed = {metric.id: values[metric.id] for metric in initiative.metrics if metric.id in values}
        answer = given.get(initiative.id, ctx.line(initiative.id).answer)
        merged = {**dict(answer.readings), **changed}
        readings = tuple((id_, value) for id_, value in merged.items() if value is not None)
        if readings != answer.readings:
            given[initiative.id] = replace(answer, readings=readings)
    if not given and not emptied:
        return ctx
    answered = [replace(one, via=Via.FORM) for one in given.values()]
    return record_answers(session, ctx, answered, now, emptied)


def repeat_last_week(session: Session, ctx: Answering, now: datetime) -> None:
    """Copies health, next and what stands in the way of each initiative not answered yet; records no reading.

    What its prompt said has happened since is what moved. Raises DomainError.
    """
    prompt = build_prompt(session, ctx, now)
    same = [
        repeated(line, line.last, Via.SAME, prompt.drafted(line, ctx.check_in.due_at))
        for line in (ctx.line(initiative.id) for initiative in ctx.initiatives)
        if line.answer.health is None and line.last is not None and line.last.health is not None
    ]
    if not same:
        raise DomainError(
            "There is no answer of last week to repeat. Choose on track, at risk or off track for each initiative."
        )
    record_answers(session, ctx, same, now)


def repeated(line: PromptLine, last: Answer, via: Via, drafted: str = "") -> Answer:
    """What stands, with last week's health, next and what is in the way; `drafted` moved, unless they say what did."""
    given = line.answer
    answer = replace(
        given,
        health=last.health,
        progress=given.progress or drafted,
        next=given.next or last.next,
        last_next=given.last_next or (NextOutcome.CONTINUED if last.next and not given.next else None),
        via=via,
    )
    if line.blocker:
        return replace(answer, blocker=line.blocker, last_blocker=BlockerOutcome.STILL)
    return answer

"""The weekly digest: from what stands recorded to the facts a team reads; no words for people here."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from domain.changes import Change, ChangeKind
from domain.check_ins import UNASKED, Answer, CheckIn, CheckInState, Standing, ToldThen
from domain.digests.facts import DigestFacts, DigestMaterial, InitiativeFacts, MetricMove, WeekCounts
from domain.healths import Health
from domain.initiatives import Initiative, Status
from domain.kickoffs import Confirmation, unanswered
from domain.kpis import Kpi
from domain.milestones import Milestone
from domain.periods import Week
from domain.schedules import local_day
from domain.track_record import ASKED, TrackRecord, was_asked

CHART_WEEKS = 12


def digest_facts(material: DigestMaterial) -> DigestFacts:
    earlier = tuple(check_in for check_in in material.earlier if check_in.period < material.period)
    covered = {(check_in.person_id, check_in.period) for check_in in material.current}
    closed = tuple(
        week
        for week in material.closed
        if week.period < material.period and (week.person_id, week.period) not in covered
    )
    past = TrackRecord(material.strategy, material.people, material.absences, earlier, closed)
    listed = [_as_told(one, material.told.get(one.id)) for one in material.initiatives]
    active = [i for i in listed if i.status.counts_toward_limit]
    lines = tuple(_facts_of(material, past, initiative) for initiative in active)
    shown = {initiative.id for initiative in active}
    told_on = local_day(material.told_at or material.at, material.strategy.zone)
    forecasts = {kpi.id: found for kpi in material.kpis if (found := kpi.forecast(told_on))}
    return DigestFacts(
        strategy=material.strategy,
        period=material.period,
        at=material.at,
        told_on=told_on,
        people=material.people,
        lines=lines,
        weeks=_weeks(material.period, past, lines),
        added=_added(material, active),
        paused=tuple(i for i in listed if i.status is Status.PAUSED),
        closed=tuple(i for i in listed if i.status.is_closed),
        changes=_merged(change for change in material.changes if change.initiative_id not in shown),
        silent_twice=tuple(c.person_id for c in material.current if past.silences(c, material.at) == 2),
        kpis=material.kpis,
        forecasts=forecasts,
        decisions=material.decisions,
        reached=tuple(kpi for kpi in material.kpis if _is_just_reached(kpi, material)),
    )


def told_by(facts: DigestFacts) -> dict[int, ToldThen]:
    """What it says of each initiative, and whose it is."""
    said = {line.initiative.id: ToldThen(line.standing, line.initiative.owner_id) for line in facts.lines}
    paused = {one.id: ToldThen(Standing.PAUSED, one.owner_id) for one in facts.paused}
    return said | paused


def _as_told(initiative: Initiative, told: ToldThen | None) -> Initiative:
    """Whose it was, and paused where it was."""
    if told is None:
        return initiative
    status = Status.PAUSED if told.standing is Standing.PAUSED else initiative.status
    return replace(initiative, owner_id=told.owner_id, status=status)


def _unconfirmed(material: DigestMaterial, initiative: Initiative, today: date) -> tuple[Confirmation, ...]:
    strategy = material.strategy
    asked = [one for one in material.confirmations if one.initiative_id == initiative.id]
    return unanswered(asked, today, strategy.zone, strategy.work_pattern)


def _is_just_reached(kpi: Kpi, material: DigestMaterial) -> bool:
    """A target that was made easier is not reached before the one first promised is."""
    if kpi.direction.is_limit or material.since is None:
        return False
    first = replace(kpi, target=kpi.first_target).plan
    met = (one for one in kpi.readings if kpi.plan.is_met(one.value) and first.is_met(one.value))
    reached = next(met, None)
    return reached is not None and reached.at > material.since


def _facts_of(material: DigestMaterial, past: TrackRecord, initiative: Initiative) -> InitiativeFacts:
    check_in = _check_in_of(material.current, initiative)
    standing = _standing(material, past, initiative, check_in)
    asked = check_in.answer_for(initiative.id) if check_in else None
    answer = asked if standing is Standing.ANSWERED else None
    is_silent = standing.is_silence and check_in is not None and check_in.state in ASKED
    owner = material.people.get(initiative.owner_id)
    is_ownerless = owner is not None and owner.is_deactivated
    today = local_day(material.at, material.strategy.zone)
    steps = [one for one in material.milestones if one.initiative_id == initiative.id]
    return InitiativeFacts(
        initiative=initiative,
        standing=standing,
        answer=answer,
        answered_for=check_in.person_id if check_in and answer else None,
        check_in_id=check_in.id if check_in and answer else None,
        last=past.last_known(initiative.id),
        was_silent=past.was_silent(initiative.id),
        until=_until(material, past, initiative, standing, check_in),
        is_expected=answer is not None or is_silent,
        is_away_later=is_silent and _is_away_later(material, past, initiative),
        is_ownerless=is_ownerless,
        is_late=check_in is not None and (check_in.id, initiative.id) in material.late,
        is_overdue=initiative.is_overdue(today),
        moves=_moves(past, initiative, answer, material.period.day(0)) if answer else (),
        changes=_merged(
            c for c in material.changes if c.initiative_id == initiative.id and c.kind not in _TOLD_ELSEWHERE
        ),
        unconfirmed=_unconfirmed(material, initiative, today),
        late_milestones=tuple(one for one in steps if one.is_late(today)),
        done_milestones=tuple(one for one in steps if _is_new(one, material)),
    )


def _is_new(step: Milestone, material: DigestMaterial) -> bool:
    """Done between the digest before and this one: what is done later is told by the next."""
    if step.done_at is None or material.since is None:
        return False
    return material.since < step.done_at <= (material.told_at or material.at)


def _is_away_later(material: DigestMaterial, past: TrackRecord, initiative: Initiative) -> bool:
    told = material.told.get(initiative.id)
    is_told = told is not None and told.standing.is_silence and material.told_at is not None
    return is_told and past.is_away(initiative.owner_id, material.told_at or material.at)


_TOLD_ELSEWHERE = (ChangeKind.ADDED, ChangeKind.OFFERED)


def _check_in_of(current: Iterable[CheckIn], initiative: Initiative) -> CheckIn | None:
    """The check-in that speaks for the initiative: one with its health, the owner's first; else the owner's."""
    owners_first = sorted(current, key=lambda check_in: check_in.person_id != initiative.owner_id)
    for check_in in owners_first:
        answer = check_in.answer_for(initiative.id)
        if answer and answer.health:
            return check_in
    return next((c for c in owners_first if c.person_id == initiative.owner_id), None)


def _standing(
    material: DigestMaterial, past: TrackRecord, initiative: Initiative, check_in: CheckIn | None
) -> Standing:
    answer = check_in.answer_for(initiative.id) if check_in else None
    if answer and answer.health:
        return Standing.ANSWERED
    told = material.told.get(initiative.id)
    if told is not None and told.standing is not Standing.ANSWERED:
        return told.standing
    if initiative.status is Status.PROPOSED:
        return Standing.PROPOSED
    if not past.has_started(initiative, material.at):
        return Standing.NOT_ASKED
    if past.is_away(initiative.owner_id, _missed_at(material, past, initiative, check_in)):
        return Standing.AWAY
    if check_in is None or not check_in.answers or (answer is None and was_asked(check_in)):
        return Standing.NOT_ASKED
    is_undelivered = check_in.id in material.undelivered
    if past.was_silent(initiative.id) and check_in.state is not CheckInState.PAUSED and not is_undelivered:
        return Standing.OUTDATED
    unasked = UNASKED.get(check_in.state, Standing.NO_ANSWER)
    return Standing.UNDELIVERED if is_undelivered else unasked


def _missed_at(
    material: DigestMaterial, past: TrackRecord, initiative: Initiative, check_in: CheckIn | None
) -> datetime:
    """When an owner who is away was: at the digest, or when they were not asked though they are back by now."""
    is_back = not past.is_away(initiative.owner_id, material.at)
    is_skipped = check_in is not None and check_in.state is CheckInState.SKIPPED
    return check_in.due_at if check_in is not None and is_skipped and is_back else material.at


def _until(
    material: DigestMaterial,
    past: TrackRecord,
    initiative: Initiative,
    standing: Standing,
    check_in: CheckIn | None,
) -> date | None:
    if standing is Standing.AWAY:
        return past.away_until(initiative.owner_id, _missed_at(material, past, initiative, check_in))
    is_ahead = not past.has_started(initiative, material.at)
    return initiative.start if standing is Standing.NOT_ASKED and is_ahead else None


def _moves(
    past: TrackRecord, initiative: Initiative, answer: Answer, first_day: date
) -> tuple[MetricMove, ...]:
    """What the readings of an answer changed, or of a KPI those since the week's first day, against those before or the
    baselines.
    """
    before = {metric.id: metric.baseline for metric in initiative.metrics}
    for _, earlier in reversed(past.answers(initiative.id)):
        before.update(earlier.readings)
    reported = dict(answer.readings)
    for metric in initiative.metrics:
        if metric.kpi_id is not None:  # in whatever way it was reported
            reported.pop(metric.id, None)
            before[metric.id] = metric.baseline
            for read in metric.readings:
                (before if read.on < first_day else reported)[metric.id] = read.value
    return tuple(
        MetricMove(metric, before[metric.id], reported[metric.id])
        for metric in initiative.metrics
        if metric.id in reported and reported[metric.id] != before[metric.id]
    )


def _added(material: DigestMaterial, active: Iterable[Initiative]) -> tuple[Initiative, ...]:
    new = {change.initiative_id for change in material.changes if change.kind is ChangeKind.ADDED}
    return tuple(initiative for initiative in active if initiative.id in new)


_MERGED_KINDS = {ChangeKind.OWNER, ChangeKind.NAME, ChangeKind.DUE, ChangeKind.SCHEDULE}


def _merged(changes: Iterable[Change]) -> tuple[Change, ...]:
    """In order of time; several of one kind as one, from the first `before` to the last `after`, and there and back
    as none. A due date stays even so: it did move.
    """
    merged: dict[tuple[int | None, ChangeKind, int | None], Change] = {}
    for number, change in enumerate(sorted(changes, key=lambda change: change.at)):
        key = (change.initiative_id, change.kind, None if change.kind in _MERGED_KINDS else number)
        first = merged.get(key, change)
        why = " ".join(dict.fromkeys(filter(None, [first.why, change.why])))
        merged[key] = replace(change, before=first.before, why=why)
    return tuple(
        c for c in merged.values() if c.kind not in {ChangeKind.OWNER, ChangeKind.NAME} or c.before != c.after
    )


def _weeks(period: Week, past: TrackRecord, lines: Iterable[InitiativeFacts]) -> tuple[WeekCounts, ...]:
    """The last weeks up to this one without a gap, from the first that has anything to count."""
    counts = {period: Counter(line.health for line in lines if line.is_expected)}
    for week in past.weeks:
        counted = counts.setdefault(week.period, Counter())
        counted.update(then.health for then in week.initiatives if then.standing.counts)
    first = min((week for week, counted in counts.items() if counted), default=period)
    back = min(first.weeks_until(period), CHART_WEEKS - 1)
    weeks = [period.plus(-ago) for ago in range(back, -1, -1)]
    return tuple(_week_counts(week, counts.get(week, Counter())) for week in weeks)


def _week_counts(week: Week, counted: Counter[Health | None]) -> WeekCounts:
    return WeekCounts(week, {health: counted[health] for health in Health}, counted[None])

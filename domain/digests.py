"""The weekly digest: from what stands recorded to the facts a team reads; no words for people here."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from domain.absences import Absence, away_until, is_away
from domain.check_ins import Answer, CheckIn, CheckInState, NextOutcome
from domain.health import Health
from domain.initiatives import Initiative, Status, SuccessMetric
from domain.people import Person
from domain.periods import Week
from domain.schedule import digest_instant, local_day
from domain.strategies import Strategy

CHART_WEEKS = 12


@dataclass(frozen=True, slots=True)
class Change:
    """Something a person changed; `before` and `after` are ready to read, due dates in ISO form.

    Kinds: added, owner, due, name, paused, resumed, completed, stopped, schedule, strategy.
    """

    kind: str
    initiative_id: int | None
    before: str
    after: str
    person_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DigestMaterial:
    """What the digest of a period is made from, as of `at`."""

    strategy: Strategy
    period: Week
    at: datetime
    initiatives: tuple[Initiative, ...]
    """All that are not closed, and those closed since the previous digest."""
    people: Mapping[str, Person]
    current: tuple[CheckIn, ...]
    """The check-ins this digest covers, one per owner."""
    earlier: tuple[CheckIn, ...]
    """Those of the periods before, in any order."""
    changes: tuple[Change, ...]
    """Since the previous digest."""
    absences: Mapping[str, tuple[Absence, ...]]
    late: frozenset[tuple[int, int]] = frozenset()
    """(check-in id, initiative id) answered or edited after the digest went out."""


class Standing(StrEnum):
    """Whether the digest has word of an initiative, and if not, why."""

    ANSWERED = "answered"
    NO_ANSWER = "no answer"
    OUTDATED = "outdated"
    AWAY = "away"
    DAY_OFF = "day off"
    MISSED = "missed"
    """The bot was down past the digest."""
    NOT_ASKED = "not asked yet"


@dataclass(frozen=True, slots=True)
class Known:
    """The last health somebody gave before this period."""

    health: Health
    week: Week
    next: str = ""


@dataclass(frozen=True, slots=True)
class MetricMove:
    metric: SuccessMetric
    before: Decimal
    after: Decimal

    @property
    def just_reached(self) -> bool:
        return _reaches(self.metric, self.after) and not _reaches(self.metric, self.before)


@dataclass(frozen=True, slots=True)
class InitiativeFacts:
    """One active initiative in this digest."""

    initiative: Initiative
    standing: Standing
    answer: Answer | None = None
    """The answer, when `standing` is ANSWERED."""
    answered_for: str | None = None
    """The person whose check-in holds the answer."""
    last: Known | None = None
    was_silent: bool = False
    """The latest time it was asked about before this period, nobody answered."""
    until: date | None = None
    """The last day away, when that is known and `standing` is AWAY."""
    is_expected: bool = False
    """It counts for participation."""
    is_late: bool = False
    is_overdue: bool = False
    moves: tuple[MetricMove, ...] = ()
    changes: tuple[Change, ...] = ()
    """One per kind, from the first `before` to the last `after`."""

    @property
    def health(self) -> Health | None:
        return self.answer.health if self.answer else None

    @property
    def has_new_health(self) -> bool:
        return self.health is not None and self.last is not None and self.health is not self.last.health

    @property
    def has_recovered(self) -> bool:
        return self.has_new_health and self.health is Health.ON_TRACK

    @property
    def finished(self) -> str:
        """Last week's "next", when it was reported done together with some progress."""
        is_done = self.answer is not None and self.answer.last_next is NextOutcome.DONE
        return self.last.next if is_done and self.last and self.answer and self.answer.progress else ""


@dataclass(frozen=True, slots=True)
class WeekCounts:
    """How many initiatives stood where in a week; those nobody was expected to answer are in none."""

    week: Week
    by_health: Mapping[Health, int]
    no_answer: int


@dataclass(frozen=True, slots=True)
class DigestFacts:
    """All a digest says; `lines` are the active initiatives in their order."""

    strategy: Strategy
    period: Week
    at: datetime
    people: Mapping[str, Person]
    lines: tuple[InitiativeFacts, ...]
    weeks: tuple[WeekCounts, ...]
    """Oldest first, this period last."""
    added: tuple[Initiative, ...] = ()
    paused: tuple[Initiative, ...] = ()
    closed: tuple[Initiative, ...] = ()
    changes: tuple[Change, ...] = ()
    """Those of the strategy and of initiatives that are paused or closed."""
    silent_twice: tuple[str, ...] = field(default=())
    """People whose silence became two weeks long with this digest."""

    @property
    def expected(self) -> int:
        return sum(line.is_expected for line in self.lines)

    @property
    def answered(self) -> int:
        return sum(line.is_expected and line.standing is Standing.ANSWERED for line in self.lines)

    def name_of(self, person_id: str) -> str:
        person = self.people.get(person_id)
        return person.name if person else "somebody who left"

    def line_for(self, initiative_id: int) -> InitiativeFacts | None:
        return next((line for line in self.lines if line.initiative.id == initiative_id), None)


def digest_facts(material: DigestMaterial) -> DigestFacts:
    active = [i for i in material.initiatives if i.status in (Status.ACTIVE, Status.PROPOSED)]
    lines = tuple(_facts_of(material, initiative) for initiative in active)
    shown = {initiative.id for initiative in active}
    return DigestFacts(
        strategy=material.strategy,
        period=material.period,
        at=material.at,
        people=material.people,
        lines=lines,
        weeks=_weeks(material, lines),
        added=_added(material, active),
        paused=tuple(i for i in material.initiatives if i.status is Status.PAUSED),
        closed=tuple(i for i in material.initiatives if i.status.is_closed),
        changes=_merged(change for change in material.changes if change.initiative_id not in shown),
        silent_twice=_silent_twice(material),
    )


def _facts_of(material: DigestMaterial, initiative: Initiative) -> InitiativeFacts:
    asked = _check_in_of(material, initiative)
    answer = asked.answer_for(initiative.id) if asked else None
    history = _history(material, initiative.id)
    was_silent = bool(history) and history[0][1] is None
    standing = _standing(material, initiative, asked, was_silent=was_silent)
    is_answered = standing is Standing.ANSWERED
    return InitiativeFacts(
        initiative=initiative,
        standing=standing,
        answer=answer if is_answered else None,
        answered_for=asked.person_id if asked and is_answered else None,
        last=_last_known(history),
        was_silent=was_silent,
        until=_until(material, initiative.owner_id) if standing is Standing.AWAY else None,
        is_expected=is_answered
        or (answer is not None and _was_asked(asked) and standing is not Standing.AWAY),
        is_late=asked is not None and is_answered and (asked.id, initiative.id) in material.late,
        is_overdue=initiative.due < local_day(material.at, material.strategy.zone),
        moves=_moves(material, initiative, answer if is_answered else None),
        changes=_merged(
            c for c in material.changes if c.initiative_id == initiative.id and c.kind != "added"
        ),
    )


def _check_in_of(material: DigestMaterial, initiative: Initiative) -> CheckIn | None:
    """The check-in that speaks for the initiative: one with an answer, the owner's first; else the owner's."""
    owners_first = sorted(material.current, key=lambda check_in: check_in.person_id != initiative.owner_id)
    for check_in in owners_first:
        answer = check_in.answer_for(initiative.id)
        if answer and answer.health:
            return check_in
    return next((c for c in owners_first if c.person_id == initiative.owner_id), None)


def _was_asked(check_in: CheckIn | None) -> bool:
    return check_in is not None and check_in.state in (CheckInState.ASKED, CheckInState.EARLY)


def _standing(
    material: DigestMaterial, initiative: Initiative, asked: CheckIn | None, *, was_silent: bool
) -> Standing:
    answer = asked.answer_for(initiative.id) if asked else None
    if answer and answer.health:
        return Standing.ANSWERED
    if initiative.start > local_day(material.at, material.strategy.zone):
        return Standing.NOT_ASKED
    if _is_away(material, initiative.owner_id, material.at):
        return Standing.AWAY
    if asked is None or (answer is None and _was_asked(asked)):
        return Standing.NOT_ASKED
    if was_silent:
        return Standing.OUTDATED
    because = {CheckInState.SKIPPED: Standing.DAY_OFF, CheckInState.MISSED: Standing.MISSED}
    return because.get(asked.state, Standing.NO_ANSWER)


def _zone_of(material: DigestMaterial, person_id: str) -> str:
    person = material.people.get(person_id)
    return person.zone if person else material.strategy.zone


def _is_away(material: DigestMaterial, person_id: str, at: datetime) -> bool:
    day = local_day(at, _zone_of(material, person_id))
    return is_away(day, material.absences.get(person_id, ()))


def _until(material: DigestMaterial, person_id: str) -> date | None:
    day = local_day(material.at, _zone_of(material, person_id))
    return away_until(day, material.absences.get(person_id, ()))


def _counts(material: DigestMaterial, check_in: CheckIn) -> bool:
    """Whether silence in it counts: it was asked, and its person was not away when that week's digest went out."""
    digest = digest_instant(material.strategy.schedule, check_in.period, material.strategy.zone)
    return _was_asked(check_in) and not _is_away(material, check_in.person_id, digest)


def _history(material: DigestMaterial, initiative_id: int) -> list[tuple[Week, Answer | None]]:
    """Latest first, each earlier week that counts, with the answer or None for silence."""
    found: dict[Week, Answer | None] = {}
    for check_in in material.earlier:
        answer = check_in.answer_for(initiative_id)
        if answer is None or check_in.period >= material.period:
            continue
        if answer.health:
            found[check_in.period] = answer
        elif _counts(material, check_in):
            found.setdefault(check_in.period, None)
    return sorted(found.items(), key=lambda entry: entry[0], reverse=True)


def _last_known(history: list[tuple[Week, Answer | None]]) -> Known | None:
    for week, answer in history:
        if answer and answer.health:
            return Known(answer.health, week, answer.next)
    return None


def _moves(material: DigestMaterial, initiative: Initiative, answer: Answer | None) -> tuple[MetricMove, ...]:
    """What this answer's readings changed, against the reading before or the baseline."""
    metrics = {metric.id: metric for metric in initiative.metrics}
    before = {metric.id: metric.baseline for metric in initiative.metrics}
    for _, past in reversed(_history(material, initiative.id)):
        before.update(past.readings if past else ())
    readings = dict(answer.readings) if answer else {}
    return tuple(
        MetricMove(metrics[metric_id], before[metric_id], value)
        for metric_id, value in readings.items()
        if metric_id in metrics and value != before[metric_id]
    )


def _reaches(metric: SuccessMetric, value: Decimal) -> bool:
    return value >= metric.target if metric.target > metric.baseline else value <= metric.target


def _added(material: DigestMaterial, active: Iterable[Initiative]) -> tuple[Initiative, ...]:
    new = {change.initiative_id for change in material.changes if change.kind == "added"}
    return tuple(initiative for initiative in active if initiative.id in new)


def _merged(changes: Iterable[Change]) -> tuple[Change, ...]:
    """One change per initiative and kind, from the first `before` to the last `after`; there and back is none.

    A due date that moved there and back stays: it moved.
    """
    merged: dict[tuple[int | None, str], Change] = {}
    for change in sorted(changes, key=lambda change: change.at):
        first = merged.get((change.initiative_id, change.kind), change)
        merged[change.initiative_id, change.kind] = Change(
            change.kind, change.initiative_id, first.before, change.after, change.person_id, change.at
        )
    undone = {"owner", "name"}
    return tuple(c for c in merged.values() if not (c.kind in undone and c.before == c.after))


def _weeks(material: DigestMaterial, lines: Iterable[InitiativeFacts]) -> tuple[WeekCounts, ...]:
    """The last weeks up to this one without a gap, from the first that has anything to count."""
    counts: dict[Week, Counter[Health | None]] = {material.period: _healths_of(lines)}
    for check_in in material.earlier:
        counted = counts.setdefault(check_in.period, Counter())
        silent_counts = _counts(material, check_in)
        counted.update(a.health for a in check_in.answers if a.health or silent_counts)
    first = min((week for week, counted in counts.items() if counted), default=material.period)
    back = min(first.weeks_until(material.period), CHART_WEEKS - 1)
    weeks = [material.period.plus(-ago) for ago in range(back, -1, -1)]
    return tuple(_week_counts(week, counts.get(week, Counter())) for week in weeks)


def _healths_of(lines: Iterable[InitiativeFacts]) -> Counter[Health | None]:
    return Counter(line.health for line in lines if line.is_expected)


def _week_counts(week: Week, counted: Counter[Health | None]) -> WeekCounts:
    return WeekCounts(week, {health: counted[health] for health in Health}, counted[None])


def _silent_twice(material: DigestMaterial) -> tuple[str, ...]:
    """Who said nothing this time and the time before, but not the time before that."""
    people = (check_in.person_id for check_in in material.current)
    return tuple(person for person in people if _silences(material, person) == 2)


def _silences(material: DigestMaterial, person_id: str) -> int:
    """How many times running, up to this one, the person was asked and said nothing at all."""
    own: Callable[[CheckIn], bool] = lambda check_in: check_in.person_id == person_id  # noqa: E731
    now = [
        c
        for c in filter(own, material.current)
        if _was_asked(c) and not _is_away(material, person_id, material.at)
    ]
    past = [c for c in filter(own, material.earlier) if _counts(material, c) or _said_something(c)]
    running = 0
    for check_in in [*now, *sorted(past, key=lambda check_in: check_in.period, reverse=True)]:
        if _said_something(check_in):
            break
        running += 1
    return running if now else 0


def _said_something(check_in: CheckIn) -> bool:
    return any(answer.health for answer in check_in.answers)

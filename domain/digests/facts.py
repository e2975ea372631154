"""What a weekly digest is made from, and what it says; no words for people here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from domain.absences import Absence
from domain.changes import Change, ChangeKind
from domain.check_ins import Answer, CheckIn, LastHealth, Standing, ToldThen
from domain.closed_weeks import ClosedWeek
from domain.decisions import Decision
from domain.forecasts import Forecast
from domain.forgetting import SOMEONE
from domain.healths import Health
from domain.initiatives import Initiative, Status, SuccessMetric
from domain.kickoffs import Confirmation
from domain.kpis import Kpi
from domain.milestones import Milestone
from domain.people import Person
from domain.periods import Week
from domain.strategies import Strategy
from domain.success_metrics import is_won


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
    closed: tuple[ClosedWeek, ...] = field(default=(), kw_only=True)
    """The weeks of these that are closed."""
    changes: tuple[Change, ...]
    """Since the previous digest."""
    absences: Mapping[str, tuple[Absence, ...]]
    late: frozenset[tuple[int, int]] = frozenset()
    """(check-in id, initiative id) answered or edited after the digest went out."""
    kpis: tuple[Kpi, ...] = ()
    decisions: tuple[Decision, ...] = ()
    """Open ones, and those settled since the previous digest."""
    confirmations: tuple[Confirmation, ...] = ()
    """Of active and proposed initiatives, in the order they were made; those with a yes too."""
    milestones: tuple[Milestone, ...] = ()
    """Theirs, in the order they were made; those done too."""
    told: Mapping[int, ToldThen] = field(default_factory=dict)
    """What a digest that covered its week said, by initiative: only an answer changes it."""
    told_at: datetime | None = None
    """When that was."""
    since: datetime | None = None
    """When the digest before was posted."""
    undelivered: frozenset[int] = frozenset()
    """The check-ins whose prompt Slack has not taken."""


@dataclass(frozen=True, slots=True)
class MetricMove:
    metric: SuccessMetric
    before: Decimal
    after: Decimal

    @property
    def just_reached(self) -> bool:
        return is_won(self.metric, self.after) and not is_won(self.metric, self.before)


@dataclass(frozen=True, slots=True)
class InitiativeFacts:
    """One active initiative in this digest."""

    initiative: Initiative
    standing: Standing
    answer: Answer | None = None
    """The answer, when `standing` is ANSWERED."""
    answered_for: str | None = None
    """The person whose check-in holds the answer."""
    check_in_id: int | None = None
    """The check-in that holds the answer."""
    last: LastHealth | None = None
    was_silent: bool = False
    """The latest time it was asked about before this period, nobody answered."""
    until: date | None = None
    """The last day away of an owner who is away, or the start of an initiative that is yet to start."""
    is_expected: bool = False
    """It counts for participation."""
    is_away_later: bool = False
    """After the digest had told of silence, its owner said that they were away."""
    is_ownerless: bool = False
    """Its owner has left Slack."""
    is_late: bool = False
    is_overdue: bool = False
    moves: tuple[MetricMove, ...] = ()
    changes: tuple[Change, ...] = ()
    """One per kind, from the first `before` to the last `after`."""
    unconfirmed: tuple[Confirmation, ...] = ()
    """People who were asked to say yes and have not within three working days."""
    late_milestones: tuple[Milestone, ...] = ()
    done_milestones: tuple[Milestone, ...] = ()
    """Since the digest before."""

    @property
    def is_silent(self) -> bool:
        """Nobody answered who could have been expected to, now or the last time they were asked."""
        return self.standing.is_silence and not self.is_ownerless

    @property
    def has_slipped(self) -> bool:
        """It is due later than when the digest before was posted; both days are in ISO form."""
        return any(c.kind is ChangeKind.DUE and c.after > c.before for c in self.changes)

    @property
    def needs_attention(self) -> bool:
        is_not_well = self.health not in (None, Health.ON_TRACK)
        has_moved = self.is_overdue or self.has_slipped
        is_stuck = bool(self.unconfirmed or self.late_milestones)
        return is_not_well or self.is_silent or self.is_ownerless or has_moved or is_stuck

    @property
    def health(self) -> Health | None:
        return self.answer.health if self.answer else None

    @property
    def has_new_health(self) -> bool:
        return self.health is not None and self.last is not None and self.health is not self.last.health

    @property
    def has_recovered(self) -> bool:
        return self.has_new_health and self.health is Health.ON_TRACK


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
    told_on: date
    """The strategy's day when it was told: however late it is drawn again, its numbers are judged as of then."""
    people: Mapping[str, Person]
    lines: tuple[InitiativeFacts, ...]
    weeks: tuple[WeekCounts, ...]
    """Oldest first, this period last."""
    added: tuple[Initiative, ...] = ()
    paused: tuple[Initiative, ...] = ()
    closed: tuple[Initiative, ...] = ()
    changes: tuple[Change, ...] = ()
    """Those of the strategy and of initiatives that are paused or closed."""
    silent_twice: tuple[str, ...] = ()
    """People whose silence became two weeks long with this digest."""
    kpis: tuple[Kpi, ...] = ()
    decisions: tuple[Decision, ...] = ()
    forecasts: Mapping[int, Forecast] = field(default_factory=dict)
    """Where KPIs end if they go on as they did, by id, where that could be said when it was told."""
    reached: tuple[Kpi, ...] = ()
    """KPIs whose first reading at their target came since the digest before."""

    @property
    def attention(self) -> tuple[InitiativeFacts, ...]:
        """The worst first."""
        lines = (line for line in self.lines if line.needs_attention)
        return tuple(sorted(lines, key=_urgency, reverse=True))

    @property
    def on_track(self) -> tuple[InitiativeFacts, ...]:
        """Those that nobody need look at."""
        return tuple(
            line for line in self.lines if line.health is Health.ON_TRACK and not line.needs_attention
        )

    @property
    def unasked(self) -> tuple[InitiativeFacts, ...]:
        """Those of which no word could be expected."""
        return tuple(line for line in self.lines if line.health is None and not line.needs_attention)

    @property
    def completed(self) -> tuple[Initiative, ...]:
        return tuple(one for one in self.closed if one.status is Status.COMPLETED)

    @property
    def waiting(self) -> tuple[Decision, ...]:
        """Open asks, the first to be decided first."""
        return tuple(sorted((d for d in self.decisions if d.is_open), key=lambda one: (one.due, one.id)))

    @property
    def expected(self) -> int:
        return sum(line.is_expected for line in self.lines)

    @property
    def answered(self) -> int:
        return sum(line.is_expected and line.standing is Standing.ANSWERED for line in self.lines)

    def name_of(self, person_id: str) -> str:
        person = self.people.get(person_id)
        return person.name if person else SOMEONE

    def line_for(self, initiative_id: int) -> InitiativeFacts | None:
        return next((line for line in self.lines if line.initiative.id == initiative_id), None)


def _urgency(line: InitiativeFacts) -> int:
    if line.health in _WORST:
        return _WORST[line.health]
    return 2 if line.is_ownerless else 1 if line.is_silent else 0


_WORST = {Health.OFF_TRACK: 4, Health.AT_RISK: 3}

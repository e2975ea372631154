"""A check-in as its owner sees it, and what its buttons carry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from domain.check_ins import Answer, CheckIn, SeenMark
from domain.decisions import Decision
from domain.healths import Health
from domain.initiatives import Initiative
from domain.milestones import Milestone
from domain.periods import Month, Week
from domain.promises import Promise
from domain.signs import NOTHING_SLIPS, Slipping
from domain.strategies import Strategy
from views.check_ins.words import drafted_progress
from views.message_checks import MessageChecks
from views.readings import KpiLine
from views.signals import SignalLine

HEALTH_ACTIONS = {
    "check_in.on_track": Health.ON_TRACK,
    "check_in.at_risk": Health.AT_RISK,
    "check_in.off_track": Health.OFF_TRACK,
}
UPDATE = "check_in.update"
ALL_ON_TRACK = "check_in.all_on_track"
SAME = "check_in.same"
UPDATE_ALL = "check_in.update_all"
SNOOZE = "check_in.snooze"
AWAY = "check_in.away"

_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PromptLine:
    """One initiative of a prompt: what stands recorded and what was said last time."""

    initiative: Initiative
    answer: Answer
    last: Answer | None = None
    last_period: Week | None = None
    blocker: str = ""
    """What was in the way before and is yet to be called resolved."""
    told: tuple[tuple[int, Decimal], ...] | None = None
    """(metric id, value) reported for the week, of a KPI in whatever way; None: those of the answer."""
    promise: Promise | None = None
    """What was to be next, as last said before, and its fate was not."""
    before: tuple[Answer, Week] | None = None
    """What was said of it last, in whatever week, where the check-in before did not ask about it."""

    @property
    def said_last(self) -> tuple[Answer | None, Week | None]:
        return self.before or (self.last, self.last_period)

    @property
    def reported(self) -> tuple[tuple[int, Decimal], ...]:
        return self.answer.readings if self.told is None else self.told

    @property
    def in_the_way(self) -> str:
        """As said for the week, else what is yet to be called resolved."""
        return self.answer.blocker or self.blocker

    @property
    def to_settle(self) -> Promise | None:
        """The promise, where this answer says neither its fate nor what is next."""
        is_said = self.answer.last_next is not None or self.answer.next
        return None if is_said else self.promise


@dataclass(frozen=True, slots=True)
class Continued:
    """A lead decided in the review of a month that an initiative goes on as it is."""

    period: Month
    by: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A check-in as its owner sees it; `today` is their local day, `names` who answered for whom."""

    strategy: Strategy
    check_in: CheckIn
    lines: tuple[PromptLine, ...]
    digest_at: datetime
    today: date
    names: Mapping[str, str]
    is_open: bool = True
    """Edits stay possible until the next prompt."""
    is_late: bool = False
    """It is past the digest."""
    away_until: date | None = None
    owner_name: str = ""
    kpis: tuple[KpiLine, ...] = ()
    """Those asked for with this prompt."""
    signals: tuple[SignalLine, ...] = ()
    """Readings unlike those before them, that their owner was asked about with this prompt."""
    asks: Mapping[int, tuple[Decision, ...]] = field(default_factory=dict)
    """By initiative: open ones, and those settled since the prompt before."""
    continued: Mapping[int, Continued] = field(default_factory=dict)
    """By initiative: by a review closed since the prompt before."""
    seen: Mapping[int, tuple[SeenMark, ...]] = field(default_factory=dict)
    """By initiative: the leads who marked the digest's line as seen."""
    seen_before: Mapping[int, tuple[SeenMark, ...]] = field(default_factory=dict)
    """The same of the check-in before."""
    milestones: Mapping[int, tuple[Milestone, ...]] = field(default_factory=dict)
    """By initiative."""
    message_checks: MessageChecks | None = None
    """What is asked with the last prompt before a review."""
    zone: str = "UTC"
    """The owner's."""
    slipping: Slipping = NOTHING_SLIPS
    """What is to be seen of the initiatives that have three signs or more."""

    @property
    def open_lines(self) -> list[PromptLine]:
        return [line for line in self.lines if line.answer.health is None] if self.is_open else []

    @property
    def is_of_several(self) -> bool:
        return len(self.lines) > 1

    def drafted(self, line: PromptLine, until: datetime = _EVER) -> str:
        """What is known to have moved since the last answer."""
        about = line.initiative.id
        steps, asks = self.milestones.get(about, ()), self.asks.get(about, ())
        return drafted_progress(line.initiative, line.last, steps, asks, until, self.zone)


def reference(check_in: CheckIn, initiative: Initiative) -> str:
    """What buttons and forms carry: "CHECK_IN:INITIATIVE"."""
    return f"{check_in.id}:{initiative.id}"

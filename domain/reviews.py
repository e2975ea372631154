"""The monthly review: from what stands recorded to the facts the leads decide on; no words for people here."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from domain.bets import Bet, tally
from domain.check_ins import WEEKS_OF_BLOCKERS, CheckIn, Standing, standing_blocker
from domain.closed_weeks import NumberThen
from domain.confidence import BrierScore, Confidence, brier_score
from domain.decisions import AskKind, Decision, DecisionState, is_overdue
from domain.healths import Health
from domain.initiatives import Initiative
from domain.kpis import Kpi, end_of
from domain.milestones import Milestone
from domain.pace import Pace
from domain.people import Person
from domain.periods import Month, Week
from domain.retrospectives import Learning
from domain.rhythms import Rhythm, RhythmMaterial, record_of, rhythm_of, slipping_of
from domain.schedules import local_day
from domain.signals import Signal
from domain.signs import NOTHING_SLIPS, Slipping
from domain.strategies import Strategy, digest_at, review_at
from domain.track_record import TrackRecord

CHART_WEEKS = 12


class Choice(StrEnum):
    """What the leads may decide for an initiative."""

    CONTINUE = "continue"
    CHANGE = "change"
    STOP = "stop"


class Carried(StrEnum):
    """Whether what shipped carried the core message."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True, slots=True)
class MessageCheck:
    """An owner's word on one channel of an initiative; `channel` is "" where the initiative names none."""

    check_in_id: int
    initiative_id: int
    channel: str
    carried: Carried
    where_broke: str
    person_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LeadAnswer:
    """Whether the strategy still holds, and what changed in the market, as one lead sees it."""

    person_id: str
    still_holds: bool
    market: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LeadChoice:
    """What a lead decided for an initiative; of several the latest stands.

    `changed` is what of its authority and resources is no longer true.
    """

    initiative_id: int
    choice: Choice
    evidence: str
    authority_holds: bool | None
    person_id: str
    at: datetime
    changed: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Review:
    """Where a review stands: its message, those of its thread and the leads' own ones; its outcome comes at `ends_at`."""

    id: int
    workspace_id: str
    strategy_id: int
    period: Month
    message_id: int
    details: tuple[int, ...]
    lead_messages: Mapping[str, int]
    posted_at: datetime
    ends_at: datetime
    closed_at: datetime | None = None
    initiative_ids: tuple[int, ...] = ()
    """What it asks to decide; none in one from before these were kept."""
    reminded: tuple[str, ...] = ()
    """Leads who need not be reminded of it any more."""
    outcome_id: int | None = None
    """The message that told its outcome."""
    reminders: Mapping[str, int] = field(default_factory=dict)
    """The messages that reminded its leads."""


@dataclass(frozen=True, slots=True)
class ReviewMaterial:
    """What a month's review is made from, as of `rhythm.at`; `people` are all it may name."""

    rhythm: RhythmMaterial
    period: Month
    people: Mapping[str, Person]
    milestones: Mapping[int, Sequence[Milestone]] = field(default_factory=dict)
    learnings: tuple[Learning, ...] = ()
    checks: tuple[MessageCheck, ...] = ()
    since: datetime | None = None
    """After when something happened in it; None: since the review of the month before."""
    confidence: tuple[Confidence, ...] = ()
    """Settled, of all quarters."""
    bets: tuple[Bet, ...] = ()
    signals: tuple[Signal, ...] = ()


@dataclass(frozen=True, slots=True)
class KpiWeek:
    """A point of a KPI's chart; `is_missing` when nobody read it that week, and the last reading stands."""

    week: Week
    value: Decimal
    line: Decimal
    is_missing: bool


@dataclass(frozen=True, slots=True)
class KpiFacts:
    kpi: Kpi
    pace: Pace
    weeks: tuple[KpiWeek, ...]
    """Oldest first, from the week of the baseline to that of the last reading; none without a reading."""
    signals: tuple[Signal, ...] = ()
    """Those asked about since the last review, the oldest reading first."""


@dataclass(frozen=True, slots=True)
class InitiativeHealth:
    """An active initiative with its health in each week of the chart, None where nobody said."""

    initiative: Initiative
    weeks: tuple[Health | None, ...]
    """Up to the last one there is word of: an owner may still answer in a week whose digest is to come."""
    standings: tuple[Standing | None, ...]
    """For each week why nobody said, if nobody did; None where it was not theirs to ask about yet."""
    is_ownerless: bool = False
    """Its owner has left Slack."""

    @property
    def latest(self) -> Health | None:
        return self.weeks[-1] if self.weeks else None

    @property
    def standing(self) -> Standing | None:
        return self.standings[-1] if self.standings else None


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """How a channel carried the core message: how often which answer, and where it broke."""

    channel: str
    counts: Mapping[Carried, int]
    broke: tuple[MessageCheck, ...]


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """All a review says."""

    strategy: Strategy
    period: Month
    at: datetime
    today: date
    people: Mapping[str, Person]
    weeks: tuple[Week, ...]
    kpis: tuple[KpiFacts, ...]
    lines: tuple[InitiativeHealth, ...]
    late: tuple[tuple[Initiative, Milestone], ...]
    taken: tuple[Decision, ...]
    overdue: tuple[Decision, ...]
    defaulted: tuple[Decision, ...]
    skills: tuple[Decision, ...]
    learnings: tuple[Learning, ...]
    channels: tuple[ChannelFacts, ...]
    rhythm: Rhythm
    names: Mapping[int, str]
    """Of all initiatives, by id."""
    blockers: Mapping[int, str] = field(default_factory=dict)
    """What is in the way of active initiatives, by id."""
    waiting: tuple[Decision, ...] = ()
    """Open asks."""
    confidence: BrierScore | None = None
    """None with too few cases."""
    bets: tuple[tuple[Bet, Decision], ...] = ()
    """Looked at again, or first answered, since the review before."""
    came_true: tuple[int, int] | None = None
    """How many bets of how many so far, from the least number on."""
    slipping: Slipping = NOTHING_SLIPS

    def name_of(self, person_id: str) -> str:
        person = self.people.get(person_id)
        return person.name if person else "somebody"


def review_facts(material: ReviewMaterial) -> ReviewFacts:
    known = material.rhythm
    strategy, at = known.strategy, known.at
    today = local_day(at, strategy.zone)
    since = material.since or review_at(strategy, material.period.previous())
    record = record_of(known, known.check_ins)
    this_week = max((week.period for week in record.weeks), default=Week.of(today))
    weeks = tuple(this_week.plus(-back) for back in reversed(range(CHART_WEEKS)))
    settled = [d for d in known.decisions if d.decided_at is not None and since < d.decided_at <= at]
    signals = [one for one in material.signals if since < one.asked_at <= at]
    return ReviewFacts(
        strategy=strategy,
        period=material.period,
        at=at,
        today=today,
        people=material.people,
        weeks=weeks,
        kpis=tuple(
            replace(
                kpi_facts(kpi, weeks, today, record.numbers_of(kpi.id)), signals=_signals_of(kpi, signals)
            )
            for kpi in known.watched
        ),
        lines=tuple(
            _line(initiative, record, _weeks_told(record, initiative, weeks, at), material.people)
            for initiative in known.active
        ),
        late=tuple(_late(known.active, material.milestones, today)),
        taken=tuple(d for d in settled if d.state is DecisionState.DECIDED),
        overdue=tuple(d for d in known.decisions if is_overdue(d, strategy.zone, at)),
        defaulted=tuple(d for d in settled if d.state is DecisionState.DEFAULTED),
        skills=tuple(_skills(known.decisions, since)),
        learnings=tuple(learning for learning in material.learnings if since < learning.at <= at),
        channels=_channels(check for check in material.checks if since < check.at <= at),
        rhythm=rhythm_of(known),
        names={initiative.id: initiative.name for initiative in known.initiatives},
        blockers=_blockers(known.active, known.check_ins, this_week),
        waiting=tuple(decision for decision in known.decisions if decision.is_open),
        confidence=brier_score(material.confidence),
        bets=tuple(_bets(material, since)),
        came_true=tally(material.bets),
        slipping=slipping_of(known),
    )


def _bets(material: ReviewMaterial, since: datetime) -> Iterable[tuple[Bet, Decision]]:
    decisions = {decision.id: decision for decision in material.rhythm.decisions}
    for bet in material.bets:
        news = [bet.looked_at, *(look.answered_at for look in bet.answers[:1])]
        is_new = any(at is not None and since < at <= material.rhythm.at for at in news)
        if is_new and bet.decision_id in decisions:
            yield bet, decisions[bet.decision_id]


def kpi_facts(
    kpi: Kpi, weeks: Iterable[Week], today: date, then: Mapping[Week, NumberThen] | None = None
) -> KpiFacts:
    """A KPI with its chart over the weeks, each reading against what was due on its own day by the plan of then.

    `then` is how closed weeks left it.
    """
    kpi = replace(kpi, readings=tuple(reading for reading in kpi.readings if reading.on <= today))
    points = []
    for week in weeks:
        end = min(week.day(6), today)
        if kpi.latest is None or end < kpi.baseline_on or kpi.latest.on < week.day(0):
            continue
        if then and week in then:
            points.append(_point_then(week, then[week], kpi.baseline_on))
            continue
        before = [reading for reading in kpi.readings if reading.on <= end]
        last = before[-1] if before else kpi.plan.baseline
        is_read = last.on >= week.day(0)
        on = last.on if is_read else end
        line = kpi.as_of(end_of(on)).plan.due(on)
        points.append(KpiWeek(week, last.value, line, is_missing=not is_read))
    return KpiFacts(kpi, kpi.pace(today), tuple(points))


def _signals_of(kpi: Kpi, found: Iterable[Signal]) -> tuple[Signal, ...]:
    return tuple(one for one in found if one.kpi_id == kpi.id and one.stands(kpi.readings))


def _point_then(week: Week, then: NumberThen, baseline_on: date) -> KpiWeek:
    value = then.baseline if then.value is None else then.value
    is_read = (then.read_on or baseline_on) >= week.day(0)
    return KpiWeek(week, value, then.line, is_missing=not is_read)


def _weeks_told(
    record: TrackRecord, initiative: Initiative, weeks: Sequence[Week], at: datetime
) -> Sequence[Week]:
    """Those up to the last that is answered, excused or over; all of them while nothing is known from before."""
    found = record.by_week(initiative.id)
    told = list(weeks)
    while told and digest_at(record.strategy, told[-1]) > at:
        then = found.get(told[-1])
        if then and not then.standing.is_silence and then.standing is not Standing.NOT_ASKED:
            break
        told.pop()
    return told if any(week in found for week in told) else weeks


def _line(
    initiative: Initiative, record: TrackRecord, weeks: Sequence[Week], people: Mapping[str, Person]
) -> InitiativeHealth:
    found = record.by_week(initiative.id)
    then = [found.get(week) for week in weeks]
    owner = people.get(initiative.owner_id)
    return InitiativeHealth(
        initiative,
        tuple(one.health if one else None for one in then),
        tuple(one.standing if one else None for one in then),
        is_ownerless=owner is not None and owner.is_deactivated,
    )


def _blockers(active: Iterable[Initiative], check_ins: Iterable[CheckIn], this_week: Week) -> dict[int, str]:
    since = this_week.plus(-WEEKS_OF_BLOCKERS)
    recent = sorted((one for one in check_ins if one.period >= since), key=lambda one: one.period)[::-1]
    found = {}
    for initiative in active:
        answers = (check_in.answer_for(initiative.id) for check_in in recent)
        if blocker := standing_blocker(answer for answer in answers if answer is not None):
            found[initiative.id] = blocker
    return found


def _late(
    active: Iterable[Initiative], milestones: Mapping[int, Sequence[Milestone]], today: date
) -> Iterable[tuple[Initiative, Milestone]]:
    for initiative in active:
        for milestone in milestones.get(initiative.id, ()):
            if milestone.is_late(today):
                yield initiative, milestone


def _skills(decisions: Iterable[Decision], since: datetime) -> Iterable[Decision]:
    """Help with a skill that was asked for since the last review, and what is still open of it."""
    for decision in decisions:
        is_new = decision.created_at is not None and decision.created_at > since
        if decision.kind is AskKind.HELP and (is_new or decision.is_open):
            yield decision


def _channels(checks: Iterable[MessageCheck]) -> tuple[ChannelFacts, ...]:
    by_channel: dict[str, list[MessageCheck]] = {}
    for check in checks:
        by_channel.setdefault(check.channel, []).append(check)
    return tuple(
        ChannelFacts(
            channel,
            Counter(check.carried for check in found),
            tuple(check for check in found if check.carried is not Carried.YES),
        )
        for channel, found in sorted(by_channel.items())
    )

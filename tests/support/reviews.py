"""Monthly reviews of the example plan as values: the smallest, a typical and the largest."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from domain.check_ins import CheckIn
from domain.decisions import AskKind, Decision, DecisionState
from domain.healths import Health
from domain.kpis import Cadence, Direction, Kind, Kpi, KpiReading
from domain.milestones import Milestone
from domain.periods import Month, Week
from domain.retrospectives import Learning, LearningKind
from domain.reviews import Carried, MessageCheck, ReviewMaterial
from domain.rhythms import RhythmMaterial
from domain.strategies import review_at
from tests.support.harbor_lights import (
    AROHA,
    BEN,
    INITIATIVES,
    MAYA,
    NEWSLETTER,
    PEOPLE,
    REFERRAL,
    START,
    STRATEGY,
    TEAM,
    answer,
    check_in,
    weeks,
)

HEALTHS = (Health.ON_TRACK, Health.AT_RISK, Health.ON_TRACK, Health.OFF_TRACK)
DECEMBER = Month(2026, 12)
"""Its review comes in the second week of the plan."""


def kpi(number: int, name: str = "Monthly givers", **rest: object) -> Kpi:
    plain = Kpi(
        number,
        TEAM,
        1,
        1,
        name,
        Kind.COUNT,
        "",
        Direction.INCREASE_TO,
        Decimal(310),
        START,
        Decimal(420),
        date(2027, 3, 31),
        BEN,
        Cadence.WEEKLY,
        "Call last year's givers",
        created_at=datetime(2026, 11, 21, tzinfo=UTC),
    )
    return replace(plain, **rest)  # type: ignore[arg-type]


def reading(of: Kpi, on: date, value: str) -> KpiReading:
    at = datetime.combine(on, datetime.min.time(), UTC)
    return KpiReading(on.toordinal(), of.id, on, Decimal(value), "command", "", BEN, at)


def decision(number: int, state: DecisionState, asked: datetime, due: date, **rest: object) -> Decision:
    """Ben asks Maya about the referral programme."""
    plain = Decision(
        number,
        TEAM,
        1,
        REFERRAL.id,
        None,
        AskKind.DECISION,
        "Print 5,000 leaflets?",
        "",
        (),
        "We print none",
        requested_by=BEN,
        decider_id=MAYA,
        due=due,
        state=state,
        created_at=asked,
    )
    return replace(plain, **rest)  # type: ignore[arg-type]


def material(month: Month, check_ins: tuple[CheckIn, ...], **rest: object) -> ReviewMaterial:
    """What the month's review is made from, at its own time."""
    of_rhythm = {one.name: rest.pop(one.name) for one in fields(RhythmMaterial) if one.name in rest}
    rhythm = RhythmMaterial(STRATEGY, review_at(STRATEGY, month), INITIATIVES, check_ins, PEOPLE, {})
    rhythm = replace(rhythm, **of_rhythm)  # type: ignore[arg-type]
    return replace(ReviewMaterial(rhythm, month, rhythm.people), **rest)  # type: ignore[arg-type]


def smallest() -> ReviewMaterial:
    """One initiative, one prompt, nothing else."""
    return material(DECEMBER, (check_in(weeks(1), answer(NEWSLETTER)),), initiatives=(NEWSLETTER,))


def typical() -> ReviewMaterial:
    """The review of February: eleven weeks, two KPIs, asks with each fate, a late milestone, a learning."""
    month = Month(2027, 2)
    at = review_at(STRATEGY, month)
    givers, answer_time = (
        kpi(1),
        kpi(2, "Answer time", direction=Direction.STAY_BELOW, unit="h", target=Decimal(400)),
    )
    days = [weeks(number).day(0) for number in (1, 2, 3, 5, 6, 8, 10)]
    read = [reading(givers, day, str(310 + 9 * at)) for at, day in enumerate(days)]
    asked = at - timedelta(days=12)
    due = (at - timedelta(days=6)).date()
    settled = {"decided_at": at - timedelta(days=7), "decided_by": MAYA}
    return material(
        month,
        _half_a_year(11, silent=(5,)),
        kpis=(replace(givers, readings=tuple(read)), answer_time),
        milestones={REFERRAL.id: (Milestone(1, REFERRAL.id, "Pledge form online", BEN, date(2027, 1, 15)),)},
        decisions=(
            decision(
                1, DecisionState.DECIDED, asked, due, outcome="Yes", reason="It worked in May", **settled
            ),
            decision(2, DecisionState.DEFAULTED, asked, due, question="A second poster?", **settled),
            decision(3, DecisionState.OPEN, asked, due, question="Who calls the pools?"),
            decision(
                4, DecisionState.OPEN, asked, date(2027, 2, 20), kind=AskKind.HELP, question="Cut a film"
            ),
        ),
        learnings=(Learning(1, 1, 1, NEWSLETTER.id, LearningKind.KEEP, "Stories of parents", MAYA, asked),),
        checks=(
            MessageCheck(1, NEWSLETTER.id, "email", Carried.YES, "", MAYA, asked),
            MessageCheck(1, NEWSLETTER.id, "social", Carried.PARTLY, "Two posts sold the gala", MAYA, asked),
        ),
    )


def largest(words: str) -> ReviewMaterial:
    """Five initiatives, six KPIs, half a year of weeks, twenty decisions of each fate, the same long words everywhere."""
    month = Month(2027, 6)
    at = review_at(STRATEGY, month)
    name, long = words[:75], (words * (3000 // len(words) + 1))[:3000]
    asked, due = at - timedelta(days=9), (at - timedelta(days=5)).date()
    number = Decimal("5123456789012.123456")
    watched = (kpi(at, name, unit=words[:20], target=number) for at in range(1, 7))
    kpis = tuple(
        replace(
            one,
            readings=tuple(
                reading(one, weeks(week).day(0), "5123456789011.123456") for week in range(2, 29, 2)
            ),
        )
        for one in watched
    )
    said = {"question": long, "outcome": long, "reason": long, "default": long}
    states = (DecisionState.DECIDED, DecisionState.DEFAULTED, DecisionState.OPEN)
    decisions = tuple(
        decision(
            index,
            state,
            asked,
            due,
            kind=AskKind.HELP,
            decided_at=None if state is DecisionState.OPEN else at - timedelta(days=1),
            **said,
        )
        for state in states
        for index in range(20)
    )
    return material(
        month,
        _half_a_year(28),
        strategy=replace(STRATEGY, name=name, why=long),
        initiatives=tuple(replace(one, name=name) for one in INITIATIVES),
        people={key: replace(person, name=name) for key, person in PEOPLE.items()},
        kpis=kpis,
        milestones={
            one.id: tuple(Milestone(step, one.id, name, AROHA, date(2027, 1, 15)) for step in range(10))
            for one in INITIATIVES
        },
        decisions=decisions,
        learnings=tuple(
            Learning(index, 1, 1, NEWSLETTER.id, LearningKind.CHANGE, long, MAYA, asked)
            for index in range(20)
        ),
        checks=tuple(
            MessageCheck(1, one.id, channel, Carried.NO, long[:500], one.owner_id, asked)
            for one in INITIATIVES
            for channel in ("email", "web", "social", "events", "press", "partners")
        ),
    )


def _half_a_year(number: int, silent: tuple[int, ...] = ()) -> tuple[CheckIn, ...]:
    """A check-in a week for each owner; in the weeks named nobody answers."""
    return tuple(
        check_in(
            week, answer(one, None if at in silent else HEALTHS[(at + one.id) % len(HEALTHS)], at=_at(week))
        )
        for at, week in ((at, weeks(at)) for at in range(1, number + 1))
        for one in INITIATIVES
    )


def _at(week: Week) -> datetime:
    return datetime.combine(week.day(0), datetime.min.time(), UTC).replace(hour=10)

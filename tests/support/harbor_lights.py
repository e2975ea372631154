"""The example plan as domain values: Harbor Lights' first weeks, the way a digest sees them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from domain.absences import Absence
from domain.changes import Change, ChangeKind
from domain.check_ins import Answer, CheckIn, CheckInState, NextOutcome, Via
from domain.digests.facts import DigestMaterial
from domain.healths import Health
from domain.initiatives import Initiative, SuccessMetric, with_readings
from domain.pace import Point
from domain.people import Person
from domain.periods import Week
from domain.schedules import digest_instant
from domain.strategies import Goal, Strategy

TEAM = "T1"
FIRST_WEEK = Week(2026, 48)
START = date(2026, 11, 23)

ZONES = {
    "Maya Okafor": "Europe/London",
    "Ben Carter": "America/Los_Angeles",
    "Aroha Ngata": "Pacific/Auckland",
    "Priya Raman": "Asia/Kolkata",
    "Tom Lindqvist": "Europe/Stockholm",
    "Ruth Adler": "Europe/London",
}
PEOPLE = {
    f"U{name.split()[0].upper()}": Person(TEAM, f"U{name.split()[0].upper()}", name, zone)
    for name, zone in ZONES.items()
}
MAYA, BEN, AROHA, PRIYA, TOM, RUTH = PEOPLE

STRATEGY = Strategy(
    id=1,
    workspace_id=TEAM,
    channel_id="C1",
    name="Harbor Lights",
    why="One child in three in our cities cannot swim. Families should meet us before they need us.",
    goals=(Goal(1, "Newsletter subscribers from 4,200 to 6,000 by 31 March"),),
    audience="Parents in the ten harbor districts",
    difference="We publish every lesson's result",
    leads=(MAYA, RUTH),
    zone="Europe/London",
)

SUBSCRIBERS = SuccessMetric(1, "subscribers", "", Decimal(4200), Decimal(6000))
OPEN_TO_CLICK = SuccessMetric(2, "open-to-click", "%", Decimal("2.1"), Decimal("3.5"))
REFERRED = SuccessMetric(3, "referred givers", "givers", Decimal(0), Decimal(60))
SIGN_UPS = SuccessMetric(4, "sign-ups a month", "", Decimal(95), Decimal(140))
ANSWER_TIME = SuccessMetric(5, "answer time", "h", Decimal(41), Decimal(20))
VISITS = SuccessMetric(6, "visits that give", "%", Decimal("0.8"), Decimal("1.6"))


def initiative(number: int, name: str, owner: str, due: date, *metrics: SuccessMetric) -> Initiative:
    return Initiative(
        id=number,
        workspace_id=TEAM,
        strategy_id=1,
        name=name,
        goal_id=1,
        owner_id=owner,
        start=START,
        due=due,
        first_due=due,
        metrics=metrics,
    )


NEWSLETTER = initiative(1, "Newsletter relaunch", MAYA, date(2027, 3, 31), SUBSCRIBERS, OPEN_TO_CLICK)
REFERRAL = initiative(2, "Giver referral programme", BEN, date(2027, 2, 28), REFERRED)
WATER = initiative(3, "Spring open-water days", AROHA, date(2027, 4, 30), SIGN_UPS)
DESK = initiative(4, "Parents' question desk", PRIYA, date(2027, 1, 31), ANSWER_TIME)
PAGE = initiative(5, "Lesson results page", TOM, date(2027, 3, 31), VISITS)
INITIATIVES = (NEWSLETTER, REFERRAL, WATER, DESK, PAGE)


def weeks(number: int) -> Week:
    """The week with this number of the plan, 1 for the first."""
    return FIRST_WEEK.plus(number - 1)


def digest_time(week: Week) -> datetime:
    return digest_instant(STRATEGY.schedule, week, STRATEGY.zone)


def answer(about: Initiative, health: Health | None = None, **said: object) -> Answer:
    """An answer by click; None is one still missing."""
    if health is None:
        return Answer(about.id)
    plain = Answer(
        about.id,
        health,
        by=about.owner_id,
        at=datetime(2026, 11, 23, 9, 5, tzinfo=UTC),
        via=Via.CLICK,
        revision=1,
    )
    return replace(plain, **said)  # type: ignore[arg-type]


def check_in(
    week: Week, *answers: Answer, owner: str | None = None, state: CheckInState = CheckInState.ASKED
) -> CheckIn:
    """One owner's check-in; the owner is that of the first initiative answered."""
    by_id = {one.id: one.owner_id for one in INITIATIVES}
    person = owner or by_id[answers[0].initiative_id]
    asked_at = datetime.combine(week.day(0), datetime.min.time(), tzinfo=UTC).replace(hour=9)
    position = list(PEOPLE).index(person) if person in PEOPLE else len(PEOPLE)
    return CheckIn(week.number * 100 + position, TEAM, 1, person, week, state, asked_at, answers)


def material(week: Week, *current: CheckIn, **rest: object) -> DigestMaterial:
    """What the week's digest is made from, at its own time."""
    plain = DigestMaterial(
        strategy=STRATEGY,
        period=week,
        at=digest_time(week),
        initiatives=INITIATIVES,
        people=PEOPLE,
        current=current,
        earlier=(),
        changes=(),
        absences={},
    )
    return replace(plain, **rest)  # type: ignore[arg-type]


def change(
    kind: ChangeKind, about: Initiative | None, before: str = "", after: str = "", *, hour: int = 9
) -> Change:
    at = datetime(2026, 12, 15, hour, tzinfo=UTC)
    return Change(kind, about.id if about else None, before, after, MAYA, at)


def readings(*values: tuple[SuccessMetric, str]) -> tuple[tuple[int, Decimal], ...]:
    return tuple((metric.id, Decimal(value)) for metric, value in values)


def as_read(about: Initiative, told: Iterable[CheckIn]) -> Initiative:
    """The initiative with what these check-ins, the oldest first, say of its metrics, on the Mondays of their weeks."""
    found: dict[int, list[Point]] = {}
    for one in told:
        said = one.answer_for(about.id)
        for metric_id, value in said.readings if said else ():
            found.setdefault(metric_id, []).append(Point(one.period.day(0), value))
    return with_readings(about, found)


def first_weeks(last: int) -> tuple[CheckIn, ...]:
    """The check-ins of the plan's first `last` weeks (at most 3) as they stand once all late answers are in."""
    on, at_risk = Health.ON_TRACK, Health.AT_RISK
    story = [
        [
            check_in(
                weeks(1),
                answer(
                    NEWSLETTER,
                    on,
                    next="Ask Ines for the first story",
                    readings=readings((SUBSCRIBERS, "4200")),
                ),
            ),
            check_in(weeks(1), answer(REFERRAL, on, next="Brief Sam on the pledge form")),
            check_in(weeks(1), answer(WATER, on, next="Call three harbor masters")),
            check_in(weeks(1), answer(DESK, on, readings=readings((ANSWER_TIME, "38")))),
            check_in(weeks(1), answer(PAGE)),
        ],
        [
            check_in(
                weeks(2),
                answer(
                    NEWSLETTER, on, next="Publish the first story", readings=readings((SUBSCRIBERS, "4230"))
                ),
            ),
            check_in(weeks(2), answer(REFERRAL, on, next="Test the pledge form")),
            check_in(weeks(2), answer(WATER, on, next="Visit Eastport", readings=readings((SIGN_UPS, "97")))),
            check_in(weeks(2), answer(DESK, on, readings=readings((ANSWER_TIME, "33")))),
            check_in(weeks(2), answer(PAGE)),
        ],
        [
            check_in(
                weeks(3),
                answer(
                    NEWSLETTER, on, next="Send the second story", readings=readings((SUBSCRIBERS, "4310"))
                ),
            ),
            check_in(
                weeks(3),
                answer(
                    REFERRAL,
                    at_risk,
                    blocker="The pledge form is late",
                    need="Sam's director decides by Friday",
                ),
            ),
            check_in(weeks(3), answer(WATER, on, next="Sign with Eastport")),
            check_in(weeks(3), answer(DESK, on, readings=readings((ANSWER_TIME, "27")))),
            check_in(weeks(3), answer(PAGE, at_risk, next="Ask Sam for consent texts")),
        ],
    ]
    return tuple(one for week in story[:last] for one in week)


def second_week() -> DigestMaterial:
    """Tom is silent for the second time."""
    told = first_weeks(2)
    return material(
        weeks(2),
        *told[5:],
        earlier=told[:5],
        initiatives=tuple(as_read(one, told) for one in INITIATIVES),
    )


def fourth_week() -> DigestMaterial:
    """Maya writes, Ben is still stuck, Aroha is away, Priya reaches her target, Tom is answered for by Maya."""
    moved = replace(PAGE, due=date(2027, 4, 14), due_moves=1)
    current = (
        check_in(
            weeks(4),
            answer(
                NEWSLETTER,
                Health.ON_TRACK,
                progress="The second story went out on Thursday: 41 parents wrote back, more than in all of last year.",
                last_next=NextOutcome.DONE,
                next="Ask the ten districts for one story each",
                readings=readings((SUBSCRIBERS, "4390"), (OPEN_TO_CLICK, "2.6")),
                via=Via.FORM,
            ),
        ),
        check_in(
            weeks(4),
            answer(
                REFERRAL,
                Health.OFF_TRACK,
                blocker="The pledge form is still with legal",
                need="Sam's director decides by Friday; otherwise we use the old form",
                revision=2,
            ),
        ),
        check_in(weeks(4), answer(WATER), state=CheckInState.SKIPPED),
        check_in(weeks(4), answer(DESK, Health.ON_TRACK, readings=readings((ANSWER_TIME, "19.5")))),
        check_in(
            weeks(4),
            answer(
                PAGE, Health.ON_TRACK, by=MAYA, progress="Consent texts are in.", via=Via.FORM, revision=2
            ),
        ),
    )
    return material(
        weeks(4),
        *current,
        earlier=first_weeks(3),
        initiatives=(*(as_read(one, (*first_weeks(3), *current)) for one in INITIATIVES[:4]), moved),
        changes=(change(ChangeKind.DUE, PAGE, "2027-03-31", "2027-04-14"),),
        absences={AROHA: (Absence(date(2026, 12, 14), date(2027, 1, 5)),)},
        late=frozenset({(current[4].id, PAGE.id)}),
    )

"""The simulation behind signals: `python -m bench.signals` writes docs/signals.md (`--help` says more).

Numbers are drawn of which nothing but chance moves the readings: whatever is called a signal is a false alarm. Then one reading is
moved by four standard deviations: it should be called a signal at once.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

from bench.claims import Claim
from bench.simulations import A_MONTH, Scenario, print_report
from domain.pace import WEEKLY, Plan, Point
from domain.signals import (
    ALTERNATE_ABOVE,
    LEAST_READINGS,
    NATURAL,
    RANGE,
    STEP,
    WINDOW,
    find_signals,
)

SEED, RUNS = 20261127, 1000
MOST_FALSE, LEAST_SEEN = 3.0, 75.0
"""Percent, of all readings."""
LEVEL, WALK = "level noise", "random walk"
SPREAD, READING, WALKED, MOVED = 0.3, 0.05, 0.15, 4
"""Standard deviations, in shares of the plan: of what a number makes of it; of each reading; of the end of a walk. And how many
of them a reading is moved by.
"""
BASELINE, WAY = 10_000, 10_000
BEGINS = date(2026, 1, 5)


SCENARIOS = [
    Scenario(weeks, every, noise, plan)
    for noise, (weeks, every), plan in product(
        (LEVEL, WALK), ((13, 1), (26, 1), (52, 1), (52, 4)), ("straight", "phased", "limit")
    )
]


def deviation(scenario: Scenario) -> float:
    """Of a reading, or of the step from one to the next."""
    return READING if scenario.noise == LEVEL else WALKED * (scenario.every / scenario.weeks) ** 0.5


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many readings were judged of which nothing had moved, and of which one had; and called a signal of each."""

    judged: int
    false: int
    moved: int
    seen: int

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.judged + other.judged,
            self.false + other.false,
            self.moved + other.moved,
            self.seen + other.seen,
        )

    @property
    def false_alarms(self) -> float:
        return 100 * self.false / self.judged

    @property
    def moved_seen(self) -> float:
        return 100 * self.seen / self.moved


def due_at(scenario: Scenario, week: int) -> float:
    """The share due: of a phased plan, a slow start that goes through its value at the end of each month."""
    match scenario.plan:
        case "limit":
            return 0
        case "straight":
            return week / scenario.weeks
    return float((week / scenario.weeks) ** 2)


def plan_of(scenario: Scenario) -> Plan:
    def point(week: int, share: float) -> Point:
        return Point(BEGINS + timedelta(weeks=week), _value(share))

    months = range(A_MONTH, scenario.weeks, A_MONTH) if scenario.plan == "phased" else ()
    return Plan(
        point(0, 0),
        point(scenario.weeks, 1),
        is_up=True,
        is_limit=scenario.plan == "limit",
        steps=tuple(point(week, due_at(scenario, week)) for week in months),
        period=WEEKLY,
    )


def _value(share: float) -> Decimal:
    return Decimal(round(BASELINE + WAY * share))


def draw(scenario: Scenario, plan: Plan, source: random.Random, moved: int | None = None) -> list[Point]:
    """A number's readings, the one with that index moved; a walk goes on from there."""
    made, walked, readings = source.gauss(1, SPREAD), 0.0, []
    for number in range(scenario.readings):
        on = BEGINS + timedelta(weeks=scenario.every * (number + 1))
        step = source.gauss(0, deviation(scenario))
        if number == moved:
            step += source.choice((-1, 1)) * MOVED * deviation(scenario)
        walked = step if scenario.noise == LEVEL else walked + step
        due = 0.0 if plan.is_limit else float(plan.share(plan.due(on)))
        readings.append(Point(on, _value(made * due + walked)))
    return readings


def outcome(scenario: Scenario, seed: int, count: int) -> Outcome:
    """The same for a scenario and seed wherever it is drawn."""
    source, plan = random.Random(f"{seed} {scenario}"), plan_of(scenario)
    first = LEAST_READINGS - 1
    false = seen = 0
    for _ in range(count):
        false += len(find_signals(plan, draw(scenario, plan, source), date.max))
        moved = source.randrange(first, scenario.readings)
        readings = draw(scenario, plan, source, moved)[: moved + 1]
        seen += any(one.on == readings[-1].on for one in find_signals(plan, readings, date.max))
    return Outcome(count * (scenario.readings - first), false, count, seen)


def total(outcomes: Sequence[Outcome]) -> Outcome:
    """Of all readings: that of a scenario counts as often as it has readings that are judged."""
    whole = Outcome(0, 0, 0, 0)
    for one in outcomes:
        weight = one.judged // one.moved
        whole += Outcome(one.judged, one.false, weight * one.moved, weight * one.seen)
    return whole


def row(name: object, found: Outcome) -> str:
    return f"| {name} | {found.false_alarms:.1f} | {found.moved_seen:.1f} |"


def report(seed: int, count: int) -> Iterator[str]:
    yield from head(seed, count).splitlines()
    for noise in (LEVEL, WALK):
        found = []
        for scenario in (one for one in SCENARIOS if one.noise == noise):
            found.append(outcome(scenario, seed, count))
            yield row(scenario, found[-1])
        yield row(f"**all readings, {noise}**", total(found))
    yield ""
    yield from tail().splitlines()


def head(seed: int, count: int) -> str:
    return HEAD.format(
        seed=seed,
        count=count,
        least=LEAST_READINGS,
        window=WINDOW,
        alternates=ALTERNATE_ABOVE,
        natural=NATURAL,
        step=f"{STEP:g}",
        range=RANGE,
    )


def tail() -> str:
    return TAIL.format(most=f"{MOST_FALSE:g}", least_seen=f"{LEAST_SEEN:g}")


async def measure() -> list[Claim]:
    """By fewer runs than are published."""
    claims = []
    for noise in (LEVEL, WALK):
        found = total([outcome(one, SEED, RUNS // 20) for one in SCENARIOS if one.noise == noise])
        claims += [
            Claim(f"False alarms, {noise}", found.false_alarms, MOST_FALSE, unit=" %", at_most=True),
            Claim(f"Four-sigma weeks seen, {noise}", found.moved_seen, LEAST_SEEN, unit=" %"),
        ]
    return claims


HEAD = """# Signals

Which reading of a KPI is unlike the readings before it, so that its owner is asked what happened, and how often that is right. Written
by `python -m bench.signals --seed {seed} --runs {count}`, which writes the same again; do not edit it by hand.

## The rule

An XmR chart (individuals and moving range; W. Shewhart's, in D. Wheeler's form, *Understanding Variation*, 1993) over one reading a
day, from the baseline on. A reading is judged from the {least}th on, by at most the {window} before it.

1. **Distance.** The plan times the share of it that the readings have made (least squares) is the way a number goes; what counts is
   a reading's distance from it. A limit has no way to go: there it is the value itself. The mean moving range is the mean change of
   that distance from reading to reading.
2. **Where changes alternate** (readings are off by chance: their squared changes sum to more than {alternates} times their squared
   distances from the mean, J. von Neumann's ratio): ordinary is what lies within {natural} mean moving ranges of the mean distance, or
   within {step} of the reading before.
3. **Elsewhere** (the number itself wanders): ordinary is a change of up to {range} mean moving ranges a week, times the root of the weeks
   since the reading before. Wheeler's own 3.27 gives more false alarms where a plan is phased.
4. **After a signal** it may stay where it led, or come back: both are ordinary. Neither it nor the changes to it and from it widen the range.
5. Never narrower than the finest step in which the numbers are written, nor beyond what is possible (below 0, above 100 %).

An ordinary reading costs no words. A signal asks the KPI's owner with their next prompt, once; the answer stands beside the KPI in
the review. What was asked is kept as it was: a reading corrected or taken back before anybody answered is not asked about any more.

## What it does not know

**Seasons** (Christmas, summer), **weekdays** in daily readings and **launches** look like signals, the more so the first time: twelve
readings have not seen last December. It says that a reading is unlike the others, and never why. Slow drifts are what [pace](pace.md)
tells.

## What it is worth

Each case has {count} numbers drawn twice, over 13, 26 or 52 weeks, with weekly or four-weekly readings, on a straight plan, a phased one (a slow
start) or a limit, and make a share of their plan that is spread around all of it (standard deviation 30 %). **Level noise**: each
reading is off by 5 % of the plan. **Random walk**: the number itself wanders, to 15 % of the plan by the end. **False alarms**: of all
readings judged, the percentage called a signal though nothing but chance moved them. **Four-sigma weeks seen**: one reading is moved by
four standard deviations (of the noise; of a step of the walk); the percentage called a signal at once.

| Case | False alarms, % | Four-sigma weeks seen, % |
|---|---|---|
"""
TAIL = """Goals: at most {most} % false alarms and at least {least_seen} % of four-sigma weeks seen, of all readings, on level noise and on a random walk.
Single rows fall short: with only twelve or thirteen readings on a random walk, and on phased plans, which say little about their
steepest weeks before they come, 3.5 to 5.2 % are false alarms, and some rows of level noise see 73 to 75 %.
"""

if __name__ == "__main__":
    print_report(
        report,
        module="bench.signals",
        page="docs/signals.md",
        seed=SEED,
        runs=RUNS,
        runs_help="of each scenario",
    )

"""The simulation behind the forecast: `python -m bench.forecast` writes docs/forecast.md (`--help` says more).

Numbers on their way to a target are drawn as for pace (bench/pace.py). Each is asked at one of its readings, chosen at random,
where it will end; the range holds where the reading of the target's day lies in it.
"""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import fmean, median

from bench.claims import Claim
from bench.pace import SCENARIOS, WORLDS, World, drawn
from bench.simulations import Scenario, print_report
from domain.forecasts import AT_LEAST_BELOW, LEAST_READINGS, Reached, fitted

SEED, RUNS = 20261127, 40_000
LEAST, MOST = 79, 90
"""Percent of the ranges that hold: in each case at least, and on a straight random walk at most."""
THRESHOLDS = (-0.35, -0.25, -0.15, 0.0)
"""Of the correlation below which a range is said to hold in at least 8 of 10 cases."""
PUBLISHED = WORLDS["as published"]
OTHERS = ("quieter", "noisier", "less alike")
_FEWER = 4
"""Times, where other worlds are drawn and where it is only measured."""


@dataclass(frozen=True, slots=True)
class Said:
    """A range that was said; `width` from low to high as a share of the plan, `passed` the share of the time."""

    holds: bool
    width: float
    correlation: float
    passed: float

    def is_at_least(self, threshold: float = AT_LEAST_BELOW) -> bool:
        return self.correlation < threshold


@dataclass(frozen=True, slots=True)
class Case:
    """How many numbers were asked, what they said, and whether the first range ever said of each held."""

    asked: int
    said: tuple[Said, ...]
    first: tuple[bool, ...]


def case_of(
    scenario: Scenario, seed: int, count: int, world: World = PUBLISHED, *, is_misplanned: bool = False
) -> Case:
    """The same wherever it is drawn; `is_misplanned` judges a number of a phased plan by a straight one."""
    source = random.Random(f"{seed} {scenario} {world}")
    said: list[Said] = []
    first: list[bool] = []
    asked = 0
    for _ in range(count):
        *steps, end = (
            Reached(week, week / scenario.weeks if is_misplanned else due, made)
            for week, due, made in drawn(scenario, world, source)
        )
        if len(steps) < LEAST_READINGS:
            continue
        asked += 1
        found = say(steps[: source.randint(LEAST_READINGS, len(steps))], end)
        said += [found] if found else []
        told = (say(steps[:number], end) for number in range(LEAST_READINGS, len(steps) + 1))
        first += [one.holds for one in islice(filter(None, told), 1)]
    return Case(asked, tuple(said), tuple(first))


def say(steps: Sequence[Reached], end: Reached) -> Said | None:
    ahead = end.weeks - steps[-1].weeks
    fit = fitted(steps, ahead)
    if fit is None:
        return None
    half = fit.half_width(ahead, 1)
    holds = abs(end.made - fit.share(1)) <= half
    return Said(holds, 2 * half, fit.correlation, steps[-1].weeks / end.weeks)


def held(said: Iterable[Said]) -> float | None:
    """Percent of the ranges that hold; None where nothing was said."""
    return _percent([one.holds for one in said])


def _percent(found: Sequence[bool]) -> float | None:
    return 100 * fmean(found) if found else None


# The report


def row(scenario: Scenario, case: Case) -> str:
    said = case.said
    quarters = (
        held(one for one in said if number / 4 <= one.passed < (number + 1) / 4) for number in range(4)
    )
    cells = [
        _shown(100 * len(said) / case.asked if case.asked else 0, 0),
        f"**{_shown(held(said))}**",
        " · ".join(_shown(one, 0) for one in quarters),
        _shown(_percent(case.first)),
        _shown(100 * median(one.width for one in said) if said else None, 0),
        _shown(_percent([one.is_at_least() for one in said]), 0),
        _shown(held(one for one in said if one.is_at_least())),
        _shown(held(one for one in said if not one.is_at_least())),
    ]
    return f"| {scenario} | {' | '.join(cells)} |"


def _shown(value: float | None, digits: int = 1) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def report(seed: int, count: int) -> Iterator[str]:
    yield from HEAD.format(seed=seed, count=count).splitlines()
    found = {}
    for scenario in SCENARIOS:
        found[scenario] = case_of(scenario, seed, count)
        yield row(scenario, found[scenario])
    yield from AT_LEAST.splitlines()
    yield from (threshold_row(threshold, found) for threshold in THRESHOLDS)
    yield from ELSEWHERE.format(count=count // _FEWER).splitlines()
    for name in OTHERS:
        yield range_row(name, [case_of(one, seed, count // _FEWER, WORLDS[name]) for one in SCENARIOS])
    phased = [one for one in SCENARIOS if one.plan == "phased"]
    wrong = [case_of(one, seed, count // _FEWER, is_misplanned=True) for one in phased]
    yield range_row("a slow start on a straight plan", wrong)
    yield from LIMITS.splitlines()


def threshold_row(threshold: float, found: Mapping[Scenario, Case]) -> str:
    """Over all cases: how often "at least" was true where it was least, and of how much of noise and walks it is said."""
    said = {scenario: case.said for scenario, case in found.items() if case.said}
    chosen = {one: [each for each in said[one] if each.is_at_least(threshold)] for one in said}
    rest = [held(each for each in said[one] if not each.is_at_least(threshold)) for one in said]
    shares = [
        fmean(100 * len(chosen[one]) / len(said[one]) for one in said if one.noise == noise)
        for noise in ("reading noise", "random walk")
    ]
    least = min(filter(None, map(held, chosen.values())))
    cells = [_shown(least), *(_shown(share, 0) for share in shares), _shown(max(filter(None, rest)))]
    return f"| {threshold:g}{' (ours)' if threshold == AT_LEAST_BELOW else ''} | {' | '.join(cells)} |"


def range_row(name: str, cases: Sequence[Case]) -> str:
    """The case in which the fewest ranges held, the one in which the most did, and how much was said."""
    known = [case for case in cases if case.asked]
    figures = [figure for case in known if (figure := held(case.said)) is not None]
    share = fmean(100 * len(case.said) / case.asked for case in known)
    return f"| {name} | {min(figures):.1f} | {max(figures):.1f} | {share:.0f} |"


async def measure() -> list[Claim]:
    """By fewer numbers than are published."""
    cases = {one: case_of(one, SEED, RUNS // _FEWER) for one in SCENARIOS}
    figures = {one: figure for one, case in cases.items() if (figure := held(case.said)) is not None}
    walks = [
        figure for one, figure in figures.items() if (one.noise, one.plan) == ("random walk", "straight")
    ]
    return [
        Claim("Forecast ranges that hold, in the worst case", min(figures.values()), LEAST - 1, unit=" %"),
        Claim("The same on a straight random walk", max(walks), MOST, unit=" %", at_most=True),
    ]


HEAD = """# Forecast

Where a number on its way to a target ends if it goes on as it did, and how often the range that is said with it held. Written by
`python -m bench.forecast --seed {seed} --runs {count}`, which writes the same again; do not edit it by hand.

*If it goes on as it did: 412 by 31 Mar (380 to 444, 8 in 10); needs 14 a week, the best four weeks gave 12.* It stands for KPIs and
success metrics in `/kpi list`, `/initiative show`, the thread of digest and review, and on Home; the digest's message has it only
where the whole range falls short (*314, should be 325, heads for 380 to 400, not 420*).

## The rule

What counts is what counts for [pace](pace.md): one reading a day, from the baseline's day on, against a plan that is straight or
phased. All is reckoned in shares of the plan: **e** is the share due on the last reading's day, **p** the share made.

- It goes on as it did: by the target's day the same part of what is due is made, **a** = p / e. That is the value.
- From each reading to the next, **d** = (change of p − a · change of e) / √(weeks between them) is how far it went from that;
  **s**² = Σ d² / (m − 1), of m readings, is how much it does so in a week.
- The range reaches t · s · √(h + n · ((1 − e) / e)²) to either side: n weeks since the baseline, h weeks to the target, and t the value
  that Student's distribution with m − 1 degrees of freedom stays below in nine of ten cases. So a tenth is expected above the range,
  a tenth below it, and eight tenths within.
- No value is said that cannot be: below 0 where nothing was and the target is not, above 100 % likewise.
- *At least 8 in 10* where a change is mostly followed by one the other way: then readings may be off by chance, and the range is
  wider than it need be.
- What it needs a week is said where it ends short of its target, beside the most a week that any four weeks brought.

Nothing is said of a limit, before the fourth reading after the baseline's day, once the target is reached or its day has come, while
the number is outdated, before anything was due, and where the range to one side is wider than the whole plan.

## How often it held

In each of sixteen cases {count} numbers are drawn as for [pace](pace-simulation.md): over 13 or 52 weeks, read weekly or every four
weeks, on a straight plan or a phased one; either each reading is off by some noise (5 % of the plan), or the number itself wanders
(a random walk that ends 15 % off). Each is asked once, at one of its readings from the fourth on, chosen at random. The range
**held** where the reading of the target's day lay in it.

*Said*: percent of those asked that said anything. *Held*: percent of the ranges. *By quarter*: the same, by the quarter of the time
in which the reading was. *First*: the same of the first range that is ever said of a number. *Width*: of the whole range, in percent
of the plan, the median. *At least*: percent that said “at least 8 in 10”, with how many of these held, and of the others. A dash:
nothing was said; in 13 weeks with a reading every four there are three before the target's day, and the fourth comes too late.

| Case | Said | Held | By quarter | First | Width | At least | held | others held |
|---|---|---|---|---|---|---|---|---|
"""
AT_LEAST = """
On a random walk the rule is exact but for what silence chooses: where little of the plan is due and the range about as wide as all
of it, those numbers are told that happened to be calm. In the first quarter of a phased year that leaves 47 of 100, of the three in a
thousand that are told anything. Where readings are noisy the range is wider than it need be, as the rule takes their noise for a
walk: what is off by chance today is not off for good.

“At least” is said where the correlation of a change with the one before is below a threshold. It is true at any of these: in each case
79 of 100 of such ranges hold. So the threshold is the one that leaves fewest noisy readings without it; a random walk that has it is
told nothing untrue.

| Threshold | Held where “at least” was said, in the worst case | Said of noisy readings, % | Said of random walks, % | Held of the others, in the case of most |
|---|---|---|---|---|
"""
ELSEWHERE = """
## Elsewhere

Other worlds, each with {count} numbers a case: quieter (noise 2 %, walk 8 %), noisier (10 %, 25 %), and numbers less alike (spread
50 %). The last row is a number that goes another way than its plan: slowly first, as a phased plan would have it, while its plan is
straight.

| World | Held, in the worst case | Held, in the best | Said |
|---|---|---|---|
"""
LIMITS = """
## What it cannot know

- **The way ahead.** That it goes on as it did is an assumption, not a finding: what a team changes next week is in no reading. A number
  that goes slowly first and has a straight plan is told too low an end nearly always (the last row above). A plan by month cures that.
- **Seasons.** A December that always triples, a summer without visitors: the rule knows the plan and nothing of last year. Who
  knows the season writes it into the plan by month.
- **Few readings.** Four are enough to be heard and few to go by: the range says so by its width.
- **Leaps.** One reading far from the rest widens every range after it; what a single event does next is no forecast.
- **A plan that changed.** It is judged by the plan of now, from its baseline on, as pace is.

The code is `domain/forecasts.py`; `bench/forecast.py` is the simulation.
"""

if __name__ == "__main__":
    print_report(
        report,
        module="bench.forecast",
        page="docs/forecast.md",
        seed=SEED,
        runs=RUNS,
        runs_help="of each case; other worlds are drawn with a quarter",
    )

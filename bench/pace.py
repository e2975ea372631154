"""The simulation behind the rule of pace: `python -m bench.pace` writes docs/pace-simulation.md (`--help` says more).

Numbers on their way to a target are drawn, of which about half miss it. At the end of each quarter of the time the rule says
what it says: of the runs that end in a miss it should have called many behind (misses caught), of the others few (hits
spared).
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise, product
from statistics import fmean

from bench.claims import Claim
from bench.simulations import A_MONTH, Scenario, print_report
from domain.pace import RULE, Pace, Rule, on_the_way

SEED, RUNS = 20261126, 2000
QUARTERS = 4
TENTH = Decimal("0.1")
"""The rule before: short by a tenth of the whole plan is behind."""

Shares = Sequence[tuple[Decimal, Decimal]]


@dataclass(frozen=True, slots=True)
class World:
    """Standard deviations: of the share of its plan that a number would make in the end (around all of it); and, as
    shares of the whole plan, of each reading where readings are noisy, and of the end of a random walk.
    """

    spread: float = 0.3
    reading: float = 0.05
    walk: float = 0.15


WORLDS = {
    "as published": World(),
    "more alike": World(spread=0.15),
    "less alike": World(spread=0.5),
    "quieter": World(reading=0.02, walk=0.08),
    "noisier": World(reading=0.1, walk=0.25),
}


SCENARIOS = [
    Scenario(*values)
    for values in product((13, 52), (1, 4), ("reading noise", "random walk"), ("straight", "phased"))
]


@dataclass(frozen=True, slots=True)
class Run:
    """`shares` due and made at each reading, `ends` how many readings there are by the end of each quarter."""

    shares: Shares
    ends: tuple[int, ...]
    is_hit: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """By quarter, in percent; None before the first reading."""

    caught: tuple[float | None, ...]
    spared: tuple[float | None, ...]
    changes: float
    """How often the verdict changes between behind and not, a run."""


def due_at(scenario: Scenario, week: int) -> float:
    """The share due: straight, or a slow start that goes through its value at the end of each month."""
    if scenario.plan == "straight":
        return week / scenario.weeks
    before = week // A_MONTH * A_MONTH
    after = min(before + A_MONTH, scenario.weeks)
    low, high = ((at / scenario.weeks) ** 2 for at in (before, after))
    return low if after == before else low + (high - low) * (week - before) / (after - before)


def drawn(scenario: Scenario, world: World, source: random.Random) -> list[tuple[int, float, float]]:
    """The week of each reading, the share due then and the share made; the target's day last."""
    made_in_the_end = source.gauss(1, world.spread)
    walk, shares = 0.0, []
    for week in range(1, scenario.weeks + 1):
        due = due_at(scenario, week)
        noise = source.gauss(0, world.reading)
        if scenario.noise == "random walk":
            walk += source.gauss(0, world.walk / scenario.weeks**0.5)
            noise = walk
        if week % scenario.every == 0 or week == scenario.weeks:
            shares.append((week, due, made_in_the_end * due + noise))
    return shares


def draw(scenario: Scenario, world: World, source: random.Random) -> Run:
    shares = [
        (week, Decimal(f"{due:.6f}"), Decimal(f"{made:.6f}"))
        for week, due, made in drawn(scenario, world, source)
    ]
    ends = [scenario.weeks * quarter / QUARTERS for quarter in range(1, QUARTERS + 1)]
    before_the_last = shares[:-1]
    return Run(
        tuple((due, made) for _, due, made in before_the_last),
        tuple(sum(week <= end for week, _, _ in before_the_last) for end in ends),
        is_hit=shares[-1][2] >= 1,
    )


def judged(run: Run, rule: Rule) -> list[bool]:
    """After each reading, whether it is called behind; what has met the target is not."""
    return [
        pace is Pace.BEHIND and made < 1
        for pace, (_, made) in zip(on_the_way(run.shares, rule), run.shares, strict=True)
    ]


def judged_before(run: Run) -> list[bool]:
    return [due - made > TENTH for due, made in run.shares]


def outcome(runs: Iterable[Run], verdicts: Iterable[list[bool]]) -> Outcome:
    caught: list[list[bool]] = [[] for _ in range(QUARTERS)]
    spared: list[list[bool]] = [[] for _ in range(QUARTERS)]
    changes = []
    for run, behind in zip(runs, verdicts, strict=True):
        for quarter, readings in enumerate(run.ends):
            if readings:
                is_behind = behind[readings - 1]
                (spared if run.is_hit else caught)[quarter].append(is_behind != run.is_hit)
        changes.append(sum(one != other for one, other in pairwise([False, *behind])))
    return Outcome(tuple(map(_percent, caught)), tuple(map(_percent, spared)), fmean(changes))


def _percent(found: list[bool]) -> float | None:
    return 100 * fmean(found) if found else None


def runs_of(scenario: Scenario, seed: int, count: int, world: World = WORLDS["as published"]) -> list[Run]:
    """The same for a scenario, seed and world wherever they are drawn."""
    source = random.Random(f"{seed} {scenario} {world}")
    return [draw(scenario, world, source) for _ in range(count)]


def compare(scenario: Scenario, seed: int, count: int) -> tuple[Outcome, Outcome]:
    """By the rule, and by the one before."""
    runs = runs_of(scenario, seed, count)
    ours = outcome(runs, [judged(run, RULE) for run in runs])
    return ours, outcome(runs, [judged_before(run) for run in runs])


def mean(values: Iterable[float | None]) -> float:
    return fmean(value for value in values if value is not None)


# The report


def row(scenario: Scenario, found: Sequence[Outcome]) -> str:
    """A scenario by the rule and by the one before: both shares at the end of each quarter, and changes of verdict."""
    cells = [_cell(one) for outcome in found for one in (outcome.caught, outcome.spared)]
    changes = " → ".join(f"{outcome.changes:.1f}" for outcome in reversed(found))
    return f"| {scenario} | {' | '.join(cells)} | {changes} |"


def _cell(quarters: Sequence[float | None]) -> str:
    return " · ".join("–" if value is None else f"{value:.0f}" for value in quarters)


def report(seed: int, count: int) -> Iterator[str]:
    yield from HEAD.format(seed=seed, count=count).splitlines()
    found = [(scenario, compare(scenario, seed, count)) for scenario in SCENARIOS]
    yield from (row(scenario, outcomes) for scenario, outcomes in found)
    ours, before = zip(*(outcomes for _, outcomes in found), strict=True)
    yield row_of_means([*ours], [*before])
    yield ""
    yield from TAIL.splitlines()
    yield from search(seed, count // 10)


def row_of_means(ours: list[Outcome], before: list[Outcome]) -> str:
    cells = []
    for outcomes in (ours, before):
        for name in ("caught", "spared"):
            by_quarter = zip(*(getattr(one, name) for one in outcomes), strict=True)
            cells.append(_cell([mean(values) for values in by_quarter]))
    changes = " → ".join(f"{fmean(one.changes for one in outcomes):.1f}" for outcomes in (before, ours))
    return f"| **mean** | {' | '.join(cells)} | {changes} |"


GRID = [
    Rule(floor=Decimal(floor), twice=Decimal(twice), once=Decimal(once), back=Decimal(back))
    for floor, twice, once, back in product(
        ("0.04", "0.05", "0.06", "0.07"),
        ("0.05", "0.1", "0.15"),
        ("0.2", "0.3", "0.4", "0.5"),
        ("0", "0.05", "0.1"),
    )
]


def search(seed: int, count: int) -> Iterator[str]:
    """Other constants against ours in each world, on the same runs: the best that are as good in every one, if any are."""
    drawn = {
        name: [(scenario, runs_of(scenario, seed, count, world)) for scenario in SCENARIOS]
        for name, world in WORLDS.items()
    }
    found = {rule: {name: _means(runs, rule) for name, runs in drawn.items()} for rule in [RULE, *GRID]}
    ours = found[RULE]
    as_good = [
        rule
        for rule, worlds in found.items()
        if all(
            worlds[name] >= (caught, 0) and worlds[name][1] >= spared
            for name, (caught, spared) in ours.items()
        )
    ]
    most_caught = max(GRID, key=lambda rule: fmean(sum(means) for means in found[rule].values()))
    yield f"Of {len(GRID)} sets of constants, those at least as good as ours in every world: {len(as_good) - 1}."
    yield ""
    yield "| World | ours: caught, spared | the greatest sum of both: caught, spared |"
    yield "|---|---|---|"
    for name, (caught, spared) in ours.items():
        other = found[most_caught][name]
        yield f"| {name} | {caught:.1f}, {spared:.1f} | {other[0]:.1f}, {other[1]:.1f} |"
    yield ""
    yield f"The greatest sum comes with {_constants(most_caught)}."
    for rule in as_good:
        if rule != RULE:
            yield f"As good in every world: {_constants(rule)}."


def _constants(rule: Rule) -> str:
    return (
        f"{rule.floor:.0%} of the plan, {rule.twice:.0%} twice, {rule.once:.0%} once, back at {rule.back:.0%}"
    )


def _means(drawn: Iterable[tuple[Scenario, list[Run]]], rule: Rule) -> tuple[float, float]:
    outcomes = [outcome(runs, [judged(run, rule) for run in runs]) for _, runs in drawn]
    caught, spared = (
        [value for one in outcomes for value in getattr(one, name)] for name in ("caught", "spared")
    )
    return mean(caught), mean(spared)


async def measure() -> list[Claim]:
    """Over all scenarios and quarters, by fewer runs than are published."""
    found = [compare(scenario, SEED, RUNS // 10) for scenario in SCENARIOS]
    caught = [
        mean(value for one in outcomes for value in one.caught) for outcomes in zip(*found, strict=True)
    ]
    spared = mean(value for ours, _ in found for value in ours.spared)
    return [
        Claim(
            "Misses that pace catches, more than the rule before", caught[0] - caught[1], 5, unit=" points"
        ),
        Claim("Hits that pace spares", spared, 95, unit=" %"),
    ]


HEAD = """# Pace, simulated

What the [rule of pace](pace.md) is worth, and what chose its constants. Written by `python -m bench.pace --seed {seed} --runs {count}`,
which writes the same again; do not edit it by hand.

In each of sixteen scenarios {count} numbers are drawn on their way to a target: over 13 or 52 weeks, read weekly or every four
weeks, on a straight plan or a phased one (a slow start, with a value for each month). A number would make a share of its plan
that is spread around all of it (standard deviation 30 %). Either each reading is off by some noise (5 % of the plan), or the
number itself wanders (a random walk that ends 15 % off). About half of them miss their target by its day.

Each cell has the four quarters of the time. **Misses caught**: of the numbers that will miss, the percentage called behind at
the end of the quarter. **Hits spared**: of the others, the percentage not called behind. *Before*: the rule until now, which
called behind what was short by more than a tenth of the whole plan. *Changes*: how often a number goes from behind to not behind
or back, before → now. A dash: there is no reading yet.

| Scenario | Misses caught | Hits spared | Caught before | Spared before | Changes |
|---|---|---|---|---|---|
"""
TAIL = """## Other constants

Four constants were varied: of the whole plan, the shortfall that is never behind (4 to 7 %); of what is due, the shortfall that
is behind on two readings running (5 to 15 %), that is behind at once (20 to 50 %), and at which a number is on pace again (0 to
10 %). Each set judges the same runs, in five worlds: the one above; numbers more alike (spread 15 %) or less (50 %); quieter
ones (noise 2 %, walk 8 %) and noisier ones (10 %, 25 %). Means over all scenarios and quarters. A set is better only where it
catches no fewer misses and spares no fewer hits in every world: what merely calls more numbers behind catches more of the
misses and spares fewer of the hits.

"""

if __name__ == "__main__":
    print_report(
        report,
        module="bench.pace",
        page="docs/pace-simulation.md",
        seed=SEED,
        runs=RUNS,
        runs_help="of each scenario; constants are searched with a tenth",
    )

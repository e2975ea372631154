"""The published simulation of pace is what the command writes, and shows what is claimed of it."""

import re
from pathlib import Path

import pytest

from bench.pace import GRID, HEAD, SCENARIOS, TAIL, compare, row
from bench.simulations import Scenario

PUBLISHED = (Path(__file__).parents[2] / "docs" / "pace-simulation.md").read_text("utf-8")
SEED, RUNS = (int(found) for found in re.findall(r"--seed (\d+) --runs (\d+)", PUBLISHED)[0])
QUICK = [scenario for scenario in SCENARIOS if scenario.weeks == 13]


@pytest.mark.parametrize("scenario", QUICK, ids=str)
def test_a_row_of_the_published_table_is_what_its_seed_gives(scenario: Scenario) -> None:
    assert row(scenario, compare(scenario, SEED, RUNS)) in PUBLISHED.splitlines()


def test_every_scenario_is_published() -> None:
    assert [line for line in PUBLISHED.splitlines() if re.match(r"\| (13|52) weeks", line)] == [
        line for one in SCENARIOS for line in PUBLISHED.splitlines() if line.startswith(f"| {one} |")
    ]
    assert len(SCENARIOS) == 16


def test_its_words_are_those_of_the_command() -> None:
    assert PUBLISHED.startswith(HEAD.format(seed=SEED, count=RUNS))
    assert TAIL in PUBLISHED
    assert f"Of {len(GRID)} sets of constants" in PUBLISHED

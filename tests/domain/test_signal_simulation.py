"""The published simulation of signals is what the command writes, and keeps its goals."""

import re
from pathlib import Path

import pytest

from bench.signals import LEAST_SEEN, LEVEL, MOST_FALSE, SCENARIOS, WALK, head, outcome, row, tail
from bench.simulations import Scenario

PUBLISHED = (Path(__file__).parents[2] / "docs" / "signals.md").read_text("utf-8")
SEED, RUNS = (int(found) for found in re.findall(r"--seed (\d+) --runs (\d+)", PUBLISHED)[0])
QUICK = [scenario for scenario in SCENARIOS if scenario.readings == 13]


@pytest.mark.parametrize("scenario", QUICK, ids=str)
def test_a_row_of_the_published_table_is_what_its_seed_gives(scenario: Scenario) -> None:
    assert row(scenario, outcome(scenario, SEED, RUNS)) in PUBLISHED.splitlines()


def test_every_case_is_published() -> None:
    assert [line for line in PUBLISHED.splitlines() if re.match(r"\| (13|26|52) weeks", line)] == [
        line for one in SCENARIOS for line in PUBLISHED.splitlines() if line.startswith(f"| {one} |")
    ]
    assert len(SCENARIOS) == 24


@pytest.mark.parametrize("noise", [LEVEL, WALK])
def test_of_all_readings_few_are_false_alarms_and_most_four_sigma_weeks_are_seen(noise: str) -> None:
    [(false, seen)] = re.findall(rf"\| \*\*all readings, {noise}\*\* \| ([\d.]+) \| ([\d.]+) \|", PUBLISHED)
    assert float(false) <= MOST_FALSE
    assert float(seen) >= LEAST_SEEN


def test_its_words_are_those_of_the_command() -> None:
    assert PUBLISHED.startswith(head(SEED, RUNS))
    assert PUBLISHED.endswith(tail())

"""The published simulation of forecasts is what the command writes, and holds what is claimed of it."""

import re
from pathlib import Path

import pytest

from bench.forecast import AT_LEAST, ELSEWHERE, HEAD, LEAST, LIMITS, MOST, RUNS, case_of, row
from bench.pace import SCENARIOS
from bench.simulations import Scenario

PUBLISHED = (Path(__file__).parents[2] / "docs" / "forecast.md").read_text("utf-8")
LINES = PUBLISHED.splitlines()
SEED, COUNT = (int(found) for found in re.findall(r"--seed (\d+) --runs (\d+)", PUBLISHED)[0])
QUICK = [one for one in SCENARIOS if one.weeks == 13 and one.plan == "straight"]
SAID = [one for one in SCENARIOS if (one.weeks, one.every) != (13, 4)]


def cells(scenario: Scenario) -> list[str]:
    [found] = [line for line in LINES if line.startswith(f"| {scenario} |")]
    return [cell.strip(" *") for cell in found.strip("|").split("|")][1:]


@pytest.mark.parametrize("scenario", QUICK, ids=str)
def test_a_row_of_the_published_table_is_what_its_seed_gives(scenario: Scenario) -> None:
    assert row(scenario, case_of(scenario, SEED, COUNT)) in LINES


@pytest.mark.parametrize("scenario", SAID, ids=str)
def test_of_a_hundred_ranges_at_least_79_hold_and_of_a_straight_walk_at_most_90(scenario: Scenario) -> None:
    _, held, _, first, width, _, at_least, _ = cells(scenario)
    assert float(held) >= LEAST
    assert float(first) >= LEAST
    assert float(at_least) >= LEAST
    assert float(width) > 0
    if (scenario.noise, scenario.plan) == ("random walk", "straight"):
        assert float(held) <= MOST


@pytest.mark.parametrize("scenario", [one for one in SAID if one.noise == "reading noise"], ids=str)
def test_where_noise_makes_it_wider_nearly_all_say_at_least(scenario: Scenario) -> None:
    assert float(cells(scenario)[5]) >= 90


def test_too_few_readings_say_nothing_in_any_case() -> None:
    for scenario in SCENARIOS:
        if scenario not in SAID:
            assert cells(scenario)[0] == "0"


def test_its_words_are_those_of_the_command() -> None:
    assert COUNT == RUNS == 40_000
    assert PUBLISHED.startswith(HEAD.format(seed=SEED, count=COUNT))
    assert AT_LEAST in PUBLISHED
    assert ELSEWHERE.splitlines()[1] in PUBLISHED
    assert PUBLISHED.endswith(LIMITS)

"""What the simulations behind the rules have in common: what is drawn, and the command that writes what came of it."""

import argparse
from collections.abc import Callable, Iterable
from dataclasses import dataclass

A_MONTH = 4
"""Weeks: of a phased plan each month has its value, and readings come weekly or as often as this."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Numbers on a `plan` over so many `weeks`, read `every` so many, and off by a kind of `noise`."""

    weeks: int
    every: int
    noise: str
    plan: str

    def __str__(self) -> str:
        often = "weekly" if self.every == 1 else "four-weekly"
        return f"{self.weeks} weeks, {often}, {self.noise}, {self.plan}"

    @property
    def readings(self) -> int:
        return self.weeks // self.every


def print_report(
    report: Callable[[int, int], Iterable[str]],
    *,
    module: str,
    page: str,
    seed: int,
    runs: int,
    runs_help: str,
) -> None:
    """`python -m <module>`: print the page of docs that a seed and a number of runs give, a line at a time."""
    parser = argparse.ArgumentParser(
        prog=f"python -m {module}", description=f"Writes {page} to standard output."
    )
    parser.add_argument("--seed", type=int, default=seed)
    parser.add_argument("--runs", type=int, default=runs, help=runs_help)
    chosen = parser.parse_args()
    for line in report(chosen.seed, chosen.runs):
        print(line, flush=True)

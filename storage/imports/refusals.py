"""What is said of a document that is not imported."""

import json
from collections.abc import Iterable

from domain.words import echo

UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""What reading a value raises that nobody of ours has written."""


class ImportRefusedError(ValueError):
    """Its text is the sentence the operator sees."""


def path_to(table: str, at: int, column: str = "") -> str:
    """Where in the document it stands, as in tables.kpis[2].target."""
    return f"tables.{table}[{at}]" + (f".{column}" if column else "")


def quoted(value: object) -> str:
    """As the JSON has it, as far as it need be repeated."""
    return echo(json.dumps(value, ensure_ascii=False, default=str))


def all_of(problems: Iterable[str]) -> str:
    """The first of them in full, and how many there are."""
    first, *others = problems
    return (
        f"{first} There {'is one more problem' if len(others) == 1 else f'are {len(others):,} more problems'} like it."
        if others
        else first
    )

"""What the cells of a column say of each other: which mark stands before decimals, which number of a day is the month."""

import re
from collections.abc import Iterable

from domain.reading.dates import are_day_first

_NUMBER = re.compile(r"\d[\d.,]*+")
_GAPS = re.compile(r"(?<=\d)[\s'’](?=\d)")
_EITHER = re.compile(r"(?P<whole>[1-9]\d{0,2})(?P<mark>[.,])(?P<rest>\d{3})")
_ROUND = re.compile(r"([.,])[-–—]")
"""As prices end that have no cents: "50,–"."""
_SLASHED = re.compile(r"(?<!\d)\d{1,2}([/-])\d{1,2}\1(?:\d{4}|\d\d)(?!\d)")


class NumberCell(str):
    """A cell that a workbook holds as a number: how it is written here says nothing of the texts beside it."""

    __slots__ = ()


def decimal_mark(cells: Iterable[str]) -> str | None:
    """The mark before decimals, as the numbers of a column show that can be read in one way; None where none does, or
    they disagree.
    """
    marks = {_mark_of(cell) for cell in cells if not isinstance(cell, NumberCell)} - {None}
    return marks.pop() if len(marks) == 1 else None


def is_either(cell: str) -> bool:
    """Whether its number can be read in two ways, such as "1.250"."""
    return not isinstance(cell, NumberCell) and _either(cell) is not None


def rewritten(cell: str, mark: str) -> str:
    """The cell with such a number as it is meant where `mark` stands before decimals, so that it reads in no other way."""
    found = None if isinstance(cell, NumberCell) else _either(cell)
    if found is None:
        return cell
    meant = f"{found['whole']}.{found['rest']}0" if found["mark"] == mark else found["whole"] + found["rest"]
    return cell[: found.start()] + meant + cell[found.end() :]


def days_are_day_first(cells: Iterable[str]) -> bool | None:
    """How 5/6/2026 is meant, as those of a column show whose other number can be no month; None where they do not."""
    return are_day_first(day[0] for cell in cells for day in _SLASHED.finditer(cell))


def _either(cell: str) -> re.Match[str] | None:
    number = _NUMBER.search(cell)
    found = _EITHER.match(cell, number.start()) if number else None
    return found if found and number and found[0] == number[0].rstrip(".,") else None


def _mark_of(cell: str) -> str | None:
    if found := _ROUND.search(cell):
        return found[1]
    number = _NUMBER.search(_GAPS.sub("", cell))
    digits = number[0].rstrip(".,") if number else ""
    marks = [one for one in digits if one in ".,"]
    if not marks or _EITHER.fullmatch(digits):
        return None
    is_thousands = marks.count(marks[-1]) > 1
    return {".": ",", ",": "."}[marks[-1]] if is_thousands else marks[-1]

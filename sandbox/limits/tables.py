"""The blocks table and data_table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.limits.problems import kind_of
from sandbox.limits.rich_text import check_rich_text

if TYPE_CHECKING:
    from sandbox.limits.problems import Problems

JSON = dict[str, Any]
_CELLS = ("raw_text", "raw_number", "rich_text")
_MOST_COLUMNS = 20
_MOST_TABLE_ROWS, _MOST_TABLE_CHARACTERS = 100, 10_000
_MOST_DATA_ROWS, _LEAST_DATA_ROWS, _MOST_DATA_CHARACTERS = 201, 2, 20_000
_MOST_PAGE = 100
_LONGEST_CAPTION = 3000


def check_table(found: Problems, block: JSON, at: str) -> None:
    rows = found.items(block, "rows", at, _MOST_TABLE_ROWS)
    _check_rows(found, rows, at, _MOST_TABLE_CHARACTERS)


def check_data_table(found: Problems, block: JSON, at: str) -> None:
    found.string(block, "caption", at, _LONGEST_CAPTION, required=True)
    rows = found.items(block, "rows", at, _MOST_DATA_ROWS, _LEAST_DATA_ROWS)
    _check_rows(found, rows, at, _MOST_DATA_CHARACTERS)
    if len({len(row) for row in rows if isinstance(row, list)}) > 1:
        found.say("rows must have the same number of cells", f"{at}/rows")
    header = rows[0] if rows and isinstance(rows[0], list) else []
    if any(kind_of(cell) == "rich_text" for cell in header):
        found.say("header cells must not be rich_text", f"{at}/rows/0")
    size = block.get("page_size", 5)
    if not isinstance(size, int) or not 1 <= size <= _MOST_PAGE:
        found.say(f"must be between 1 and {_MOST_PAGE}", f"{at}/page_size")


def _check_rows(found: Problems, rows: list[Any], at: str, most_characters: int) -> None:
    characters = 0
    for number, row in enumerate(rows):
        where = f"{at}/rows/{number}"
        if not isinstance(row, list) or not 1 <= len(row) <= _MOST_COLUMNS:
            found.say(f"must have between 1 and {_MOST_COLUMNS} cells", where)
            continue
        for column, cell in enumerate(row):
            if kind_of(cell) not in _CELLS:
                found.say("unsupported type", f"{where}/{column}/type")
            elif kind_of(cell) == "rich_text":
                check_rich_text(found, cell, f"{where}/{column}")
            else:
                characters += len(str(cell.get("text", cell.get("value", ""))))
    if characters > most_characters:
        found.say(f"must be less than {most_characters + 1} characters", f"{at}/rows")

"""A table of readings in a file: its heading, the rows below it, and how its columns write numbers and days."""

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from domain.kpis import Kpi
from domain.reading.amounts import canonical_unit, is_known_unit
from domain.reading.columns import days_are_day_first, decimal_mark
from domain.reading.dates import without_time
from domain.reading.names import fold
from domain.reading.separated import (
    LOOKED_AT,
    MAX_CELLS,
    MAX_LINE,
    BadFileError,
    separator_of,
    text_of,
    without_preamble,
)
from domain.reading.workbooks import is_workbook, read_workbook
from domain.words import listed

MAX_ROWS = 5_000
EXAMPLE = "kpi,date,value,note\nMonthly givers,2026-11-30,312,after the gala"
_KNOWN = {
    "kpi": ("kpi", "kpi name", "metric", "metric name", "kennzahl"),
    "date": ("date", "day", "datum"),
    "value": ("value", "wert"),
    "note": ("note", "notes", "comment", "notiz", "kommentar"),
}
_INSIDE = re.compile(r"\s*[(\[](?P<unit>[^()\[\]]{1,40})[)\]]\s*$")
"""What a heading ends with: "Cost (USD)"."""
_TEXT = re.compile(r'="([^"]*)"')
"""As exports write what a spreadsheet shall leave as it is."""

Row = tuple[int, Sequence[str]]
"""The line it begins on, and its cells."""
ByName = Mapping[str, Kpi]
"""KPIs by their folded names."""


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """`kpi` is whose values they are, None where each row says it; `unit` is what the heading says of it."""

    at: int
    heading: str
    kpi: Kpi | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class ReadingColumns:
    """Where a table has what; `mark` stands before decimals, where its numbers show it, and `day_first` is of its days."""

    date: int
    kpi: int | None
    note: int | None
    values: tuple[ValueColumn, ...]
    aside: tuple[str, ...] = ()
    mark: str | None = None
    day_first: bool | None = None


@dataclass(frozen=True, slots=True)
class ReadingTable:
    columns: ReadingColumns
    rows: tuple[Row, ...]
    above: tuple[int, ...]
    """Lines above the heading, of titles and the like."""


def read_table(content: bytes, by_name: ByName) -> ReadingTable:
    """Raises BadFileError."""
    rows = _rows(content, by_name)
    above: list[Row] = []
    for line, cells in rows:
        columns = _columns(cells, by_name)
        if columns is not None:
            below = tuple(_few(rows))
            return ReadingTable(_with_marks(columns, below), below, tuple(at for at, _ in above))
        above.append((line, cells))
        if len(above) == LOOKED_AT:
            break
    raise BadFileError([_no_heading([cells for _, cells in above], by_name)])


def _rows(content: bytes, by_name: ByName) -> Iterator[Row]:
    """Those that are not empty."""
    if is_workbook(content):
        sheet = read_workbook(content, MAX_ROWS + LOOKED_AT + 1)
        yield from ((line, cells) for line, cells in enumerate(sheet, start=1) if any(cells))
        return
    text = text_of(content)
    separator = separator_of(text, lambda cell: _is_known(cell, by_name))
    reader = csv.reader(_lines(without_preamble(text)), delimiter=separator, strict=True)
    begins = 1
    try:
        for cells in reader:
            if len(cells) > MAX_CELLS:
                raise BadFileError(
                    [f"Line {begins}: more than {MAX_CELLS} columns. Leave kpi, date, value and note."]
                )
            if any(cell.strip() for cell in cells):
                yield begins, [_TEXT.sub(r"\1", cell.strip()) for cell in cells]
            begins = reader.line_num + 1
    except csv.Error:
        raise BadFileError(
            [f"Line {begins}: a quotation mark here is not closed, or stands inside a word."]
        ) from None


def _lines(text: str) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if len(line) > MAX_LINE:
            raise BadFileError(
                [
                    f"Line {number}: {len(line):,} characters are more than a reading needs. Is this the right file?"
                ]
            )
        yield line


def _few(rows: Iterator[Row]) -> Iterator[Row]:
    """All of them. Raises BadFileError at the first that is too many."""
    for count, row in enumerate(rows, start=1):
        if count > MAX_ROWS:
            problem = f"The file has more than {MAX_ROWS:,} rows, the most I take at a time. Please split it into smaller files."
            raise BadFileError([problem])
        yield row


def _columns(cells: Sequence[str], by_name: ByName) -> ReadingColumns | None:
    """What each column is, where cells are a heading: of one with kpi and value, or with a column for each KPI."""
    found = {role: _find(cells, names) for role, names in _KNOWN.items()}
    on = found["date"]
    if on is None:
        return None
    value = _value_column(found["value"], cells)
    if found["kpi"] is not None and value is not None:
        return ReadingColumns(on, found["kpi"], found["note"], (value,))
    values = [column for at, cell in enumerate(cells) if at != on and (column := _of_kpi(at, cell, by_name))]
    if not values:
        return None
    told = {on, found["note"], *(one.at for one in values)}
    aside = tuple(cell for at, cell in enumerate(cells) if at not in told and cell)
    return ReadingColumns(on, None, found["note"], tuple(values), aside)


def _find(cells: Sequence[str], names: Collection[str]) -> int | None:
    return next((at for at, cell in enumerate(cells) if fold(_INSIDE.sub("", cell)) in names), None)


def _value_column(at: int | None, cells: Sequence[str]) -> ValueColumn | None:
    """Not one "in thousands"."""
    inside = _INSIDE.search(cells[at]) if at is not None else None
    if at is None or (inside and not _is_unit(inside["unit"])):
        return None
    return ValueColumn(at, cells[at], unit=inside["unit"] if inside else "")


def _of_kpi(at: int, cell: str, by_name: ByName) -> ValueColumn | None:
    """What stands in brackets is its unit, or the heading is of something else: "Sign-ups (Leeds)"."""
    if kpi := by_name.get(fold(cell)):
        return ValueColumn(at, cell, kpi)
    inside = _INSIDE.search(cell)
    kpi = by_name.get(fold(cell[: inside.start()])) if inside else None
    if kpi is None or inside is None:
        return None
    is_own = fold(inside["unit"]) == fold(kpi.unit)
    if not is_own and not _is_unit(inside["unit"]):
        return None
    return ValueColumn(at, cell, kpi, "" if is_own else inside["unit"])


def _is_unit(words: str) -> bool:
    return is_known_unit(canonical_unit(words))


def _is_known(cell: str, by_name: ByName) -> bool:
    bare = fold(_INSIDE.sub("", cell))
    return bare in by_name or any(bare in names for names in _KNOWN.values())


def _with_marks(columns: ReadingColumns, rows: Sequence[Row]) -> ReadingColumns:
    """As the whole of its columns shows."""
    places = [one.at for one in columns.values]
    mark = decimal_mark(cells[at] for _, cells in rows for at in places if at < len(cells))
    days = (without_time(cells[columns.date]) for _, cells in rows if columns.date < len(cells))
    return replace(columns, mark=mark, day_first=days_are_day_first(days))


def _no_heading(rows: Sequence[Sequence[str]], by_name: ByName) -> str:
    """Of the row that says the most."""
    missing = min((_lacking(cells, by_name) for cells in rows), key=len, default=["kpi", "date", "value"])
    are = "is" if len(missing) == 1 else "are"
    names = listed([kpi.name for kpi in by_name.values()], "or")
    each = f"each KPI ({names})" if names else "each KPI"
    return (
        f"A line at the top must name the columns; {listed(missing)} {are} missing. Name one for the date and one for {each}, "
        f"or do it like this:\n{EXAMPLE}"
    )


def _lacking(cells: Sequence[str], by_name: ByName) -> list[str]:
    has_kpis = any(_of_kpi(at, cell, by_name) for at, cell in enumerate(cells))
    wanted = ("date",) if has_kpis else ("kpi", "date", "value")
    return [role for role in wanted if _find(cells, _KNOWN[role]) is None]

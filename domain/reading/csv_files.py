"""Readings from a file, CSV or XLSX: all of it is right, or every line that is not is named."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.kpis import Kind, Kpi, why_no_reading
from domain.reading.amounts import read_amount
from domain.reading.columns import is_either, rewritten
from domain.reading.dates import read_full_day, without_time
from domain.reading.headings import EXAMPLE, ByName, ReadingColumns, ReadingTable, ValueColumn, read_table
from domain.reading.names import fold
from domain.reading.separated import BadFileError
from domain.readings import is_plausible
from domain.words import MAX_NAME, echo, full_day, listed

MAX_BYTES = 1_000_000
MAX_NOTE = 500
_FORMULA = re.compile(r"\s*(?:[=@|]|[+\-](?![\s\d.,$£€¥]|$))")
_TOTAL = re.compile(r"(?:grand\s+|sub-?)?totals?(?!\w)|(?:gesamt|summe|sum|average)(?!\w)", re.IGNORECASE)
_NOTHING = frozenset({"", "-", "–", "—", "n/a", "na", "#n/a", "null", "(not set)"})
_SERIAL = re.compile(r"[34]\d{4}(?:\.\d+)?")
"""Days as spreadsheets count them, of 1982 to 2036."""


@dataclass(frozen=True, slots=True)
class CsvReading:
    line: int
    kpi: Kpi
    on: date
    value: Decimal
    note: str


@dataclass(frozen=True, slots=True)
class ReadingsFile:
    """Readings in the order of their lines; `left_out` are sentences about what is neither reading nor mistake."""

    readings: tuple[CsvReading, ...]
    left_out: tuple[str, ...] = ()


def read_readings(content: bytes, kpis: Sequence[Kpi], today: date) -> ReadingsFile:
    """Of a column each for kpi, date and value, or one for the date and one for each KPI.

    Days are full ones. Whether 5/6/2026 begins with the day, and whether 1.250 has decimals, is what the whole column
    shows, or the line is named. Raises BadFileError.
    """
    if len(content) > MAX_BYTES:
        raise BadFileError(
            [f"The file is larger than {MAX_BYTES // 1_000_000} MB. Please split it into smaller files."]
        )
    by_name = {fold(kpi.name): kpi for kpi in reversed(kpis)}
    table = read_table(content, by_name)
    read: list[CsvReading] = []
    problems: list[str] = []
    totals: list[int] = []
    seen: dict[tuple[int, date], int] = {}
    for line, cells in table.rows:
        if _is_total(cells, table.columns, by_name):
            totals.append(line)
            continue
        for found in _of_row(line, cells, table.columns, by_name, today):
            if isinstance(found, str):
                problems.append(found)
            elif (key := (found.kpi.id, found.on)) in seen:
                twice = f"{found.kpi.name} on {full_day(found.on)} is already on line {seen[key]}"
                problems.append(f"Line {line}: {twice}. Keep one of them.")
            else:
                seen[key] = line
                read.append(found)
    if problems:
        raise BadFileError(problems)
    if not read:
        raise BadFileError([f"There is no reading in this file. It should look like this:\n{EXAMPLE}"])
    return ReadingsFile(tuple(read), tuple(_left_out(table, totals)))


def _left_out(table: ReadingTable, totals: Sequence[int]) -> Iterator[str]:
    if table.above:
        yield f"{_lines(table.above)} above the heading: left out."
    if table.columns.aside:
        names = listed([f"“{echo(name)}”" for name in table.columns.aside[:5]], "or")
        yield (
            f"No KPI is called {names}: left out."
            if len(table.columns.aside) <= 5
            else (f"{len(table.columns.aside)} columns that are named after no KPI are left out.")
        )
    if totals:
        yield f"{_lines(totals)} with totals: left out."


def _lines(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"Line {numbers[0]}"
    return f"{len(numbers)} lines, from line {numbers[0]} on,"


def _is_total(cells: Sequence[str], columns: ReadingColumns, by_name: ByName) -> bool:
    """A row of no day that says it is one."""
    day = _cell(cells, columns.date)
    if _TOTAL.match(day):
        return True
    said = (cell for at, cell in enumerate(cells) if at != columns.note and fold(cell) not in by_name)
    return fold(day) in _NOTHING and any(_TOTAL.match(cell) for cell in said)


def _of_row(
    line: int, cells: Sequence[str], columns: ReadingColumns, by_name: ByName, today: date
) -> Iterator[CsvReading | str]:
    """Each reading of a row, or what is wrong with it."""
    for column in columns.values:
        value = _cell(cells, column.at)
        if column.kpi is not None and fold(value) in _NOTHING:
            continue
        try:
            yield _reading(line, cells, columns, column, by_name, today)
        except ValueError as problem:
            of = f", {echo(column.heading)}" if column.kpi else ""
            yield f"Line {line}{of}: {problem}"


def _reading(
    line: int,
    cells: Sequence[str],
    columns: ReadingColumns,
    column: ValueColumn,
    by_name: ByName,
    today: date,
) -> CsvReading:
    """Raises ValueError with what is wrong with it."""
    formula = next((cell for cell in cells if _FORMULA.match(cell)), None)
    if formula is not None:
        raise ValueError(f"“{formula[:40]}” is a formula. Put in what it comes to.")
    kpi = column.kpi or _named(_cell(cells, columns.kpi), by_name)
    on = _day(_cell(cells, columns.date), columns.day_first)
    if problem := why_no_reading(kpi, on, today):
        raise ValueError(problem)
    note = _cell(cells, columns.note)
    if len(note) > MAX_NOTE:
        raise ValueError(f"the note has {len(note):,} characters, and I keep {MAX_NOTE}.")
    value = _with_unit(_cell(cells, column.at), column.unit)
    return CsvReading(line, kpi, on, _amount(value, kpi, on, columns.mark), note)


def _cell(cells: Sequence[str], at: int | None) -> str:
    return cells[at] if at is not None and at < len(cells) else ""


def _named(name: str, by_name: ByName) -> Kpi:
    kpi = by_name.get(fold(name))
    if kpi is None:
        names = listed([one.name for one in by_name.values()]) or "no KPI yet"
        raise ValueError(f"there is no KPI “{name[:MAX_NAME]}”. This strategy has {names}.")
    return kpi


def _day(told: str, day_first: bool | None) -> date:
    if _SERIAL.fullmatch(told):
        raise ValueError(
            f"“{told}” is a day as spreadsheets count them. Format the column as dates, and save it again."
        )
    return read_full_day(without_time(told), day_first=day_first)


def _with_unit(value: str, unit: str) -> str:
    """The unit of the heading belongs to each number that has none of its own."""
    return f"{value} {unit}" if unit and re.fullmatch(r"[-−+]?[\d.,\s'’]+", value) else value


def _amount(told: str, kpi: Kpi, on: date, mark: str | None) -> Decimal:
    """What may be thousands or decimals is what the column shows; else what a count can be, or what is near the last."""
    if not is_either(told):
        return read_amount(told, kpi.kind, kpi.unit)
    read = {one: read_amount(rewritten(told, one), kpi.kind, kpi.unit) for one in ",."}
    many, few = sorted(read.values(), key=abs, reverse=True)
    before = kpi.before(on)
    is_counted = kpi.kind is Kind.COUNT and all(
        one % 1 == 0 for one in (kpi.baseline, kpi.target, *before.values)
    )
    if mark is not None and not (is_counted and read[mark] % 1):
        return read[mark]
    if mark is None and is_counted:
        return many
    likely = [one for one in (many, few) if is_plausible(one, before)]
    if mark is None and len(likely) == 1:
        return likely[0]
    raise ValueError(f"“{echo(told)}” could be {many:f} or {few.normalize():f}. Write it like one of them.")

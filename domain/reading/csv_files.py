"""Readings from a CSV file: all of it is right, or every line that is not is named."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.kpis import Kpi, why_no_reading
from domain.reading.amounts import read_amount
from domain.reading.dates import are_day_first, read_full_day
from domain.reading.names import fold
from domain.words import MAX_NAME, full_day, listed

MAX_BYTES = 1_000_000
MAX_ROWS = 5_000
MAX_CELLS = 100
MAX_LINE = 10_000
MAX_NOTE = 500
EXAMPLE = "kpi,date,value,note\nMonthly givers,2026-11-30,312,after the gala"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_FORMULA = re.compile(r"\s*(?:[=@|]|[+\-](?![\s\d.,$£€¥]))")
_TIME_OF_DAY = re.compile(r"[T ]\d\d:\d\d(?::\d\d)?(?:\.0+)?Z?$")
"""That spreadsheets put after a day."""


@dataclass(frozen=True, slots=True)
class CsvReading:
    line: int
    kpi: Kpi
    on: date
    value: Decimal
    note: str


class BadFileError(Exception):
    """Nothing of the file can be taken; `problems` are sentences, each naming its line where it has one."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def read_readings(content: bytes, kpis: Sequence[Kpi], today: date) -> list[CsvReading]:
    """The readings in the order of their lines. Raises BadFileError; a UTF-8 byte order mark is left out.

    Days are full ones; whether 5/6/2026 begins with the day is what another day of the file shows.
    """
    rows = _rows(_text(content))
    columns = _columns(next(rows, (1, []))[1])
    body = _few(rows)
    day_first = _is_day_first(cells[columns["date"]] for _, cells in body if len(cells) > columns["date"])
    by_name = {fold(kpi.name): kpi for kpi in reversed(kpis)}
    read: list[CsvReading] = []
    problems: list[str] = []
    seen: dict[tuple[int, date], int] = {}
    for line, cells in body:
        try:
            reading = _reading(line, cells, columns, by_name, today, day_first)
        except ValueError as problem:
            problems.append(f"Line {line}: {problem}")
            continue
        first = seen.setdefault((reading.kpi.id, reading.on), line)
        if first == line:
            read.append(reading)
        else:
            twice = f"{reading.kpi.name} on {full_day(reading.on)} is already on line {first}"
            problems.append(f"Line {line}: {twice}. Keep one of them.")
    if problems:
        raise BadFileError(problems)
    if not read:
        raise BadFileError([f"There is no reading in this file. It should look like this:\n{EXAMPLE}"])
    return read


def has_byte_order_mark(content: bytes) -> bool:
    """Whether it begins with the mark that some programs put before UTF-8."""
    return content.startswith(codecs.BOM_UTF8)


def _text(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise BadFileError(
            [f"The file is larger than {MAX_BYTES // 1_000_000} MB. Please split it into smaller files."]
        )
    if content.startswith(b"PK\x03\x04"):
        raise BadFileError(["This is a workbook, not a CSV file. Save it as “CSV UTF-8” and send that."])
    if content.startswith(_UTF_16):
        raise BadFileError(["This file is written in UTF-16. Save it as “CSV UTF-8” and send that."])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadFileError(
            [
                f"Line {line}: this is not UTF-8, so I cannot be sure of its letters. Save the file as “CSV UTF-8”."
            ]
        ) from None


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line it begins on, cells) of each row that is not empty; the separator is that of the heading."""
    heading = text.lstrip("\r\n").partition("\n")[0]
    separator = max(",;\t", key=heading.count)
    reader = csv.reader(_lines(text), delimiter=separator, strict=True)
    begins = 1
    try:
        for cells in reader:
            if len(cells) > MAX_CELLS:
                raise BadFileError(
                    [f"Line {begins}: more than {MAX_CELLS} columns. Leave kpi, date, value and note."]
                )
            if any(cell.strip() for cell in cells):
                yield begins, [cell.strip() for cell in cells]
            begins = reader.line_num + 1
    except csv.Error:
        raise BadFileError(
            [f"Line {begins}: a quotation mark here is not closed, or stands inside a word."]
        ) from None


def _few(rows: Iterator[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """All of them. Raises BadFileError at the first that is too many."""
    few = []
    for count, row in enumerate(rows, start=1):
        if count > MAX_ROWS:
            problem = f"The file has more than {MAX_ROWS:,} rows, the most I take at a time. Please split it into smaller files."
            raise BadFileError([problem])
        few.append(row)
    return few


def _is_day_first(days: Iterable[str]) -> bool | None:
    """How 5/6/2026 is meant, as those of the file show whose other number can be no month; None where they do not."""
    return are_day_first(_without_time(day) for day in days if "." not in day)


def _lines(text: str) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if len(line) > MAX_LINE:
            raise BadFileError(
                [
                    f"Line {number}: {len(line):,} characters are more than a reading needs. Is this the right file?"
                ]
            )
        if "\0" in line:
            raise BadFileError(
                [f"Line {number}: it holds zero bytes, which no text does. Is this the right file?"]
            )
        yield line


def _columns(heading: Sequence[str]) -> dict[str, int]:
    found = {fold(name): at for at, name in enumerate(heading)}
    missing = [name for name in ("kpi", "date", "value") if name not in found]
    if missing:
        raise BadFileError(
            [
                f"The first line must name the columns; {listed(missing)} is missing. It should look like this:\n{EXAMPLE}"
            ]
        )
    return {name: found[name] for name in ("kpi", "date", "value", "note") if name in found}


def _reading(
    line: int,
    cells: Sequence[str],
    columns: dict[str, int],
    by_name: Mapping[str, Kpi],
    today: date,
    day_first: bool | None,
) -> CsvReading:
    """Raises ValueError with what is wrong with the line."""
    formula = next((cell for cell in cells if _FORMULA.match(cell)), None)
    if formula is not None:
        raise ValueError(f"“{formula[:40]}” is a formula. Put in what it comes to.")
    told = {name: cells[at] if at < len(cells) else "" for name, at in columns.items()}
    kpi = by_name.get(fold(told["kpi"]))
    if kpi is None:
        names = listed([one.name for one in by_name.values()]) or "no KPI yet"
        raise ValueError(f"there is no KPI “{told['kpi'][:MAX_NAME]}”. This strategy has {names}.")
    on = read_full_day(_without_time(told["date"]), day_first=day_first)
    if problem := why_no_reading(kpi, on, today):
        raise ValueError(problem)
    note = told.get("note", "")
    if len(note) > MAX_NOTE:
        raise ValueError(f"the note has {len(note):,} characters, and I keep {MAX_NOTE}.")
    return CsvReading(line, kpi, on, read_amount(told["value"], kpi.kind, kpi.unit, kpi.before(on)), note)


def _without_time(day: str) -> str:
    return _TIME_OF_DAY.sub("", day)

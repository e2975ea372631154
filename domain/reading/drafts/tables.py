"""Tables of a plan, pasted or in a file: each column is what its heading says, each row an initiative, KPI or milestone."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.drafts import (
    Columns,
    DraftGoal,
    DraftInitiative,
    DraftItem,
    DraftLine,
    DraftMilestone,
    PlanField,
)
from domain.reading.amounts import is_money
from domain.reading.columns import days_are_day_first, decimal_mark, rewritten
from domain.reading.drafts.figures import Figures, is_number, read_pair
from domain.reading.drafts.headers import STATUS, WHEN_DONE, fields_of, folded, is_done, is_heading, unit_of
from domain.reading.drafts.items import initiative_of, kpi_of, milestone_of
from domain.reading.drafts.pieces import PlanPart, tidy, without_marks
from domain.reading.drafts.sections import PlanKind
from domain.reading.drafts.values import is_empty, read_end, read_metric, read_value

_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*")
_KINDS = {
    "initiative": PlanKind.INITIATIVE,
    "project": PlanKind.INITIATIVE,
    "task": PlanKind.INITIATIVE,
    "campaign": PlanKind.INITIATIVE,
    "projekt": PlanKind.INITIATIVE,
    "maßnahme": PlanKind.INITIATIVE,
    "kpi": PlanKind.KPI,
    "metric": PlanKind.KPI,
    "key result": PlanKind.KPI,
    "kennzahl": PlanKind.KPI,
    "milestone": PlanKind.MILESTONE,
    "meilenstein": PlanKind.MILESTONE,
    "goal": PlanKind.GOAL,
    "objective": PlanKind.GOAL,
    "ziel": PlanKind.GOAL,
}
_SUM = re.compile(r"(?:grand\s+)?(?:total|sub-?total|sum|summe|gesamt|overall)(?!\w)", re.IGNORECASE)
_GROUP = re.compile(
    r"(?:q[1-4]|h[12]|20\d\d|[\W\d]*)(?:[\s/-]*(?:20\d\d|q[1-4]))?|[^a-zäöüß]+|.*:", re.IGNORECASE
)
_DAY_FIELDS = (PlanField.START, PlanField.DUE, PlanField.DATES)
_NUMBER_FIELDS = (PlanField.BASELINE, PlanField.TARGET, PlanField.BUDGET)
_MOST_CELLS = 60


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table within a text: its columns, its rows as (the line, its cells), and the line after it."""

    columns: Columns
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    end: int


def table_at(lines: Sequence[str], at: int) -> TextTable | None:
    """The table that begins on a line, if its first row names columns we know; cells end with `|`, tabs, `;` or `,`."""
    for mark in ("|", "\t", ";", ","):
        heading = _cells(lines[at], mark)
        if len(heading) < 2 or not is_heading(heading):
            continue
        rows: list[tuple[str, tuple[str, ...]]] = []
        end = at + 1
        while (
            end < len(lines)
            and (mark in lines[end] or _RULE.fullmatch(lines[end] or " "))
            and lines[end].strip()
        ):
            if not _RULE.fullmatch(lines[end]):
                rows.append((lines[end].strip(), _cells(lines[end], mark)))
            end += 1
        if rows:
            return TextTable(columns_of(heading, [cells for _, cells in rows]), tuple(rows), end)
    return None


def _cells(line: str, mark: str) -> tuple[str, ...]:
    if mark not in line:
        return ()
    if mark == "|":
        found = line.strip().removeprefix("|").removesuffix("|").split(mark)
    else:
        try:
            found = next(csv.reader([line], delimiter=mark), [])
        except csv.Error:
            found = line.split(mark)
    return tuple(cell.strip() for cell in found[:_MOST_CELLS])


def columns_of(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> Columns:
    bare = tuple(tidy(without_marks(header)) for header in headers)
    return Columns(bare, _of_numbers(fields_of(bare), rows))


def _of_numbers(
    fields: tuple[PlanField | None, ...], rows: Sequence[Sequence[str]]
) -> tuple[PlanField | None, ...]:
    """Beside a metric, a start and a goal of nothing but numbers say where it stands and where it shall go."""
    meant: dict[PlanField | None, PlanField] = {
        PlanField.START: PlanField.BASELINE,
        PlanField.GOAL: PlanField.TARGET,
    }
    numbers = {field for at, field in enumerate(fields) if field in meant and _are_numbers(at, rows)}
    if len(numbers) < len(meant) or PlanField.METRIC not in fields or set(meant.values()) & set(fields):
        return fields
    return tuple(meant.get(field, field) for field in fields)


def _are_numbers(at: int, rows: Sequence[Sequence[str]]) -> bool:
    said = [row[at] for row in rows if at < len(row) and not is_empty(row[at])]
    return bool(said) and all(is_number(cell) for cell in said)


def read_rows(
    columns: Columns, rows: Sequence[tuple[str, tuple[str, ...]]], today: date, position: int
) -> Iterator[DraftLine]:
    """A line for each row that is not empty; what a cell says and was not understood is named with its heading."""
    day_first = days_are_day_first(_cells_of(_DAY_FIELDS, columns, rows))
    mark = decimal_mark(_cells_of(_NUMBER_FIELDS, columns, rows))
    is_list = all(sum(map(bool, cells)) < 2 for _, cells in rows)
    above = ""
    for words, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        line = _read_row(columns, words, cells, today, day_first, mark, above)
        if not is_list and sum(map(bool, cells)) < 2:  # a heading among rows
            line = DraftLine(0, words, None, tuple(cell for cell in cells if cell))
        beyond = tuple(cell for cell in cells[len(columns.headers) :] if not is_empty(cell))
        if line.item is not None and beyond:
            line = replace(line, unread=(*line.unread, *beyond))
        if isinstance(line.item, DraftInitiative):
            above = line.item.name
        elif isinstance(line.item, DraftMilestone):
            above = line.item.initiative
        yield replace(line, columns=position, cells=tuple(cells))


def _cells_of(
    fields: Sequence[PlanField], columns: Columns, rows: Sequence[tuple[str, tuple[str, ...]]]
) -> Iterator[str]:
    """How days and numbers are meant is what all of a table says."""
    for _, cells in rows:
        yield from (
            cell
            for field, cell in zip(columns.fields, cells, strict=False)
            if field is not None and field in fields
        )


def _read_row(
    columns: Columns,
    words: str,
    cells: Sequence[str],
    today: date,
    day_first: bool | None,
    mark: str | None,
    above: str,
) -> DraftLine:
    told = [
        (header, field, cell if cell.startswith("=") else without_marks(cell).strip())
        for header, field, cell in zip(columns.headers, columns.fields, cells, strict=False)
        if field is not None and not is_empty(cell)
    ]
    said = {field: cell for _, field, cell in told}
    kind = _kind(said, columns)
    name = next((said[one] for one in _names_of(kind) if one in said), "")
    status = _status(columns, cells)
    is_group = len(said) == 1 and _GROUP.fullmatch(name) is not None
    if kind is None or not name or _SUM.match(name) or is_done(status) or is_group:
        return DraftLine(0, words, None, (" · ".join(cell for cell in cells if cell),))
    if kind is PlanKind.GOAL:
        rest = tuple(
            f"{field.value}: {cell}"
            for field, cell in said.items()
            if cell != name and field is not PlanField.KIND
        )
        return DraftLine(0, words, DraftGoal(name), rest)
    pieces = [
        *_numbers(said, columns, kind, name, mark),
        *(
            _piece(header, field, cell, today, day_first)
            for header, field, cell in told
            if field
            not in (PlanField.KIND, PlanField.METRIC, PlanField.BASELINE, PlanField.TARGET, PlanField.UNIT)
            and cell is not name
        ),
    ]
    return _line(kind, name, pieces, words, said, above)


def _status(columns: Columns, cells: Sequence[str]) -> str:
    beside = [(folded(head), cell) for head, cell in zip(columns.headers, cells, strict=False)]
    if any(head in WHEN_DONE and re.search(r"\d|true|yes|ja", cell, re.IGNORECASE) for head, cell in beside):
        return "done"
    return next((cell for head, cell in beside if head in STATUS), "")


def _names_of(kind: PlanKind | None) -> tuple[PlanField, ...]:
    own = {
        PlanKind.INITIATIVE: (PlanField.NAME, PlanField.INITIATIVE),
        PlanKind.KPI: (PlanField.NAME, PlanField.METRIC, PlanField.INITIATIVE),
        PlanKind.MILESTONE: (PlanField.MILESTONE, PlanField.NAME, PlanField.INITIATIVE),
        PlanKind.GOAL: (PlanField.NAME, PlanField.GOAL, PlanField.INITIATIVE),
    }
    return own.get(kind, ()) if kind else ()


def _kind(said: dict[PlanField, str], columns: Columns) -> PlanKind | None:
    if PlanField.KIND in columns.fields:
        return _KINDS.get(folded(said.get(PlanField.KIND, "")))
    if PlanField.MILESTONE in said:
        return PlanKind.MILESTONE
    if PlanField.INITIATIVE in said or (
        PlanField.NAME in said and PlanField.INITIATIVE not in columns.fields
    ):
        return PlanKind.INITIATIVE
    if PlanField.INITIATIVE in columns.fields or PlanField.NAME in columns.fields:
        return None
    if PlanField.METRIC in said:
        return PlanKind.KPI
    return PlanKind.GOAL if PlanField.GOAL in said else None


def _line(
    kind: PlanKind, name: str, pieces: Sequence[PlanPart], words: str, said: dict[PlanField, str], above: str
) -> DraftLine:
    named = [PlanPart(name, PlanField.NAME, tidy(name)), *pieces]
    item: DraftItem
    if kind is PlanKind.INITIATIVE:
        item, unread = initiative_of(named)
    elif kind is PlanKind.KPI:
        item, unread = kpi_of(named)
    else:
        item, unread = milestone_of(named)
        if not item.initiative and above and PlanField.INITIATIVE not in said:
            item = replace(item, initiative=above)
    return DraftLine(0, words, item, unread)


def _piece(header: str, field: PlanField, cell: str, today: date, day_first: bool | None) -> PlanPart:
    if cell.startswith("="):  # a formula that nobody has worked out
        return PlanPart(f"{header}: {cell}", joint=";")
    value = read_value(field, cell, today, day_first=day_first)
    if field is PlanField.BUDGET and re.fullmatch(r"[\d.,' ]+", cell) and (unit := unit_of(header)):
        value = f"{unit}{cell}" if len(unit) == 1 else f"{cell} {unit}"
    return (
        PlanPart(f"{header}: {cell}", joint=";")
        if value is None
        else PlanPart(f"{header}: {cell}", field, value)
    )


def _numbers(
    said: dict[PlanField, str], columns: Columns, kind: PlanKind, name: str, mark: str | None
) -> Iterator[PlanPart]:
    """The metric of a row: its name, and from where to where it shall go, in one cell or several."""
    metric, low, high = (
        said.get(one, "") for one in (PlanField.METRIC, PlanField.BASELINE, PlanField.TARGET)
    )
    unit = said.get(PlanField.UNIT, "")
    heads = {field: head for field, head in zip(columns.fields, columns.headers, strict=True) if field}
    is_own = kind is PlanKind.KPI
    called = name if is_own else metric
    told = " · ".join(
        f"{heads[one]}: {said[one]}"
        for one in (PlanField.METRIC, PlanField.BASELINE, PlanField.TARGET, PlanField.UNIT)
        if one in said and not (is_own and said[one] == name)
    )
    if not (metric or low or high) or not told:
        return
    several = [read_metric(one) for one in re.split(r"[;·\n]", metric)]
    if len(several) > 1 and not (low or high) and all(one and one.name for one in several):
        yield from (PlanPart(told, PlanField.METRIC, one) for one in several)
        return
    whole = read_metric(metric) if metric and not (low or high) else None
    if whole and (whole.name or is_own):
        yield PlanPart(told, PlanField.METRIC, whole)
        return
    if mark is not None:
        low, high = rewritten(low, mark), rewritten(high, mark)
    figures = _figures(called, low, high, unit)
    if figures is None or not (figures.name or is_own):
        yield PlanPart(told, joint=";")
        return
    yield PlanPart(told, PlanField.METRIC, figures)


def _figures(name: str, low: str, high: str, unit: str) -> Figures | None:
    """None where a number is not plain, or nothing says what is counted."""
    if re.search(r"\d\s*(?:→|->|=>)", name) or (not (low or high) and name[:1].isdigit()):
        return None
    pair = read_pair(low, high, name) if low and high else None
    if pair is not None:
        return _with_unit(Figures(name, pair[0], pair[1], pair[2], aim=name), unit)
    one = read_end(PlanField.BASELINE, low) if low else None
    other = read_end(PlanField.TARGET, high) if high else None
    if (low and one is None) or (high and other is None):
        return None
    units = {found.unit for found in (one, other) if found and found.unit}
    nouns = {found.name for found in (one, other) if found and found.name}
    if len(units) > 1 or len(nouns) > 1 or (low and high and not nouns):
        return None
    noun = nouns.pop() if nouns else ""
    found = Figures(
        name or noun,
        units.pop() if units else (noun if name else ""),
        one.baseline if one else None,
        other.target if other else None,
        aim=name,
    )
    return _with_unit(found, unit)


def _with_unit(figures: Figures, unit: str) -> Figures | None:
    if not unit or figures.unit == unit:
        return figures
    if figures.unit:
        return None
    return replace(figures, unit=unit) if not is_money(unit) or figures.baseline is not None else figures

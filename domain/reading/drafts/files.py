"""A plan in a file, CSV, XLSX or Markdown: what its columns are is told by its heading and can be corrected."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from domain.drafts import Columns, Draft, DraftLine, PlanField, numbered
from domain.errors import DomainError
from domain.reading.drafts.headers import field_of, is_heading
from domain.reading.drafts.parents import with_parents
from domain.reading.drafts.plans import MOST_LINES, read_plan
from domain.reading.drafts.tables import columns_of, read_rows
from domain.reading.separated import LOOKED_AT, BadFileError, separator_of, text_of, without_preamble
from domain.reading.workbooks import is_workbook, read_workbook

MAX_PLAN_BYTES = 1_000_000
_TEXTS = (".md", ".markdown", ".txt")
_EXAMPLES = ("Example: Newsletter relaunch", "Example: Cost per new giver")
TEMPLATE = (
    "Type,Name,Owner,Start,Due,Metric,Baseline,Target,Budget,May decide,Goal,Of initiative,Cadence\n"
    f'Initiative,{_EXAMPLES[0]},Maya Okafor,2027-01-11,2027-03-31,subscribers,4200,6000,"£1,200",subject and layout,,,\n'
    f"KPI,{_EXAMPLES[1]},Ben Carter,,2027-03-31,,£52,£38,,,,,monthly\n"
)
"""What `/rhythm import` hands out. Its two examples are known again and left out."""


def read_plan_file(name: str, content: bytes, today: date) -> Draft:
    """What was understood of each row or line. Raises BadFileError with sentences."""
    if len(content) > MAX_PLAN_BYTES:
        raise BadFileError(["The file is larger than 1 MB. Send the part with the plan."])
    if is_workbook(content):
        return _of_rows(read_workbook(content), today)
    # What is not UTF-8 was written by a spreadsheet on Windows in western Europe; each line is shown to be checked.
    text = text_of(content, others=("cp1252",))
    if name.lower().endswith(_TEXTS):
        return _of_text(text, today)
    rows = _csv_rows(text)
    return _of_text(text, today) if _heading(rows) is None else _of_rows(rows, today)


def with_fields(draft: Draft, position: int, fields: Sequence[PlanField | None], today: date) -> Draft:
    """The draft with the rows of one of its tables read anew, its columns taken for these; all else stays."""
    columns = Columns(draft.columns[position].headers, tuple(fields))
    rows = [(line.words, line.cells) for line in draft.lines if line.columns == position]
    numbers = [line.number for line in draft.lines if line.columns == position]
    again = dict(zip(numbers, read_rows(columns, rows, today, position), strict=True))
    lines = tuple(
        replace(again[line.number], number=line.number) if line.number in again else line
        for line in draft.lines
    )
    every = (*draft.columns[:position], columns, *draft.columns[position + 1 :])
    return Draft(with_parents(lines), every)


def _csv_rows(text: str) -> list[tuple[str, ...]]:
    mark = separator_of(text, lambda cell: field_of(cell) is not None)
    lines = io.StringIO(without_preamble(text), newline="")
    try:
        return [tuple(cell.strip() for cell in row) for row in csv.reader(lines, delimiter=mark)]
    except csv.Error:
        raise BadFileError(
            ["A cell of this file does not end. Save it again as “CSV UTF-8” and send that."]
        ) from None


def _heading(rows: Sequence[Sequence[str]]) -> int | None:
    return next((at for at, row in enumerate(rows[:LOOKED_AT]) if is_heading(row)), None)


def _of_text(text: str, today: date) -> Draft:
    try:
        return read_plan(text, today)
    except DomainError as problem:
        raise BadFileError([str(problem)]) from None


def _of_rows(rows: Sequence[tuple[str, ...]], today: date) -> Draft:
    at = _heading(rows)
    if at is None:
        return _of_text("\n".join("\t".join(row) for row in rows), today)
    below = [row for row in rows[at + 1 :] if any(row) and not set(row) & set(_EXAMPLES)]
    if len(below) > MOST_LINES:
        raise BadFileError(
            [
                f"The file has more than {MOST_LINES} rows, the most I take at a time. Leave out what is no part of the plan."
            ]
        )
    columns = columns_of(rows[at], below)
    above = [DraftLine(0, _words(row), None, (_words(row),)) for row in rows[:at] if any(row)]
    read = read_rows(columns, [(_words(row), row) for row in below], today, 0)
    draft = Draft(with_parents(numbered([*above, *read])), (columns,))
    if not draft.lines:
        raise BadFileError(["There is no initiative, KPI or milestone in this file yet."])
    return draft


def _words(row: Sequence[str]) -> str:
    return " · ".join(cell for cell in row if cell)

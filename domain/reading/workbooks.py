"""The first sheet of an XLSX workbook as rows of text: values as they are shown, not formulas.

A workbook is a ZIP archive of XML (ECMA-376, part 2): what it says it unpacks to is looked at before anything is
unpacked, and more than that is never read; entities in its XML are refused (defusedxml).
"""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from itertools import islice
from typing import Any

import openpyxl
from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell

from domain.reading.columns import NumberCell
from domain.reading.metric_names import CURRENCY
from domain.reading.separated import BadFileError

MAX_UNPACKED = 10_000_000
"""Bytes that a workbook of a plan may unpack to: 200 rows take a hundredth of that."""
_MOST_PARTS = 500
MOST_ROWS = 2_000
_OLD = b"\xd0\xcf\x11\xe0"
_MOST_COLUMNS = 60
_SIGN = re.compile(
    rf"\[\$(?P<inside>[{CURRENCY}]|[A-Z]{{3}})[^\]]*\]|(?P<plain>[{CURRENCY}])|\"(?P<quoted>[{CURRENCY}])"
)
_THREE_DECIMALS = re.compile(r"-?\d{1,3}\.\d{3}")

Cell = ReadOnlyCell | EmptyCell


def is_workbook(content: bytes) -> bool:
    """Raises BadFileError for one of the kind before XLSX."""
    if content.startswith(_OLD):
        raise BadFileError(
            ["This workbook is of the old kind, or has a password. Save it as .xlsx and send that."]
        )
    return content.startswith(b"PK")


def read_workbook(content: bytes, most_rows: int = MOST_ROWS) -> list[tuple[str, ...]]:
    """Rows and columns up to the last that holds something. Raises BadFileError."""
    _require_small(content)
    try:
        rows = list(_rows(content, most_rows))
    except Exception:  # noqa: BLE001  what a broken workbook makes the library raise is no list
        raise BadFileError(
            ["I could not open this workbook. Save it again as .xlsx, or as “CSV UTF-8”, and send that."]
        ) from None
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((at for row in rows for at, cell in enumerate(row, start=1) if cell), default=0)
    return [row[:width] for row in rows]


def _require_small(content: bytes) -> None:
    try:
        parts = zipfile.ZipFile(BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise BadFileError(["This file is damaged. Save it again and send that."]) from None
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise BadFileError(["This is no workbook I can read. Send a CSV, an XLSX or a Markdown file."])
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise BadFileError(
            ["This workbook unpacks to more than a plan needs. Copy the plan into a new one and send that."]
        )


def _rows(content: bytes, most: int) -> Iterator[tuple[str, ...]]:
    """A cell with a formula that was never worked out shows the formula, so that it is not taken for empty."""
    shown, written = (_sheet(content, most, data_only=data_only) for data_only in (True, False))
    for values, formulas in zip(shown, written, strict=True):
        yield tuple(
            _text(value) or (str(formula.value) if _is_formula(formula) else "")
            for value, formula in zip(values, formulas, strict=True)
        )


def _sheet(content: bytes, most: int, *, data_only: bool) -> Iterator[tuple[Cell, ...]]:
    book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=data_only, keep_links=False)
    sheet: Any = book.worksheets[0]
    sheet.reset_dimensions()  # which a file may say wrongly
    return islice(sheet.iter_rows(max_row=most, max_col=_MOST_COLUMNS), most)


def _is_formula(cell: Cell) -> bool:
    return (isinstance(cell.value, str) and cell.value.startswith("=")) or type(
        cell.value
    ).__name__ == "ArrayFormula"


def _text(cell: Cell) -> str:
    value = cell.value
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return NumberCell(_number(value, str(cell.number_format or "")))
    return "" if value is None else " ".join(str(value).split(" ")).strip()


def _number(value: float, form: str) -> str:
    """With the sign it is shown with; never such that a point could be taken for one between thousands."""
    number = Decimal(str(value))
    if "%" in form:
        return f"{_plain(number * 100)}%"
    found = _SIGN.search(form)
    sign = (found["inside"] or found["plain"] or found["quoted"]) if found else ""
    return f"{sign}{' ' if len(sign) > 1 else ''}{_plain(number)}"


def _plain(number: Decimal) -> str:
    text = f"{number.normalize():f}"
    return f"{text}0" if _THREE_DECIMALS.fullmatch(text) else text

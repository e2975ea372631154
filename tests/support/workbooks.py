"""Workbooks as Excel saves them."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO

import openpyxl


def book_of(rows: Iterable[Sequence[object]], forms: Mapping[str, str] | None = None) -> openpyxl.Workbook:
    """One sheet; `forms` are number formats by cell."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for cell, form in (forms or {}).items():
        sheet[cell].number_format = form
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()

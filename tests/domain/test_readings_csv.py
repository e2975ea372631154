"""A CSV of readings: taken whole, or every bad line named."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.kpis import Kpi
from domain.reading.csv_files import CsvReading
from domain.reading.csv_files import read_readings as read_file
from domain.reading.headings import MAX_ROWS
from domain.reading.separated import MAX_CELLS, SEPARATORS, BadFileError, has_byte_order_mark, separator_of
from tests.domain.kpis_to_read import ALL, COST, GIVERS

TODAY = date(2027, 1, 4)
HEADING = "kpi,date,value,note\n"


def read_readings(content: bytes, kpis: Sequence[Kpi], today: date) -> tuple[CsvReading, ...]:
    return read_file(content, kpis, today).readings


def problems(content: bytes) -> tuple[str, ...]:
    with pytest.raises(BadFileError) as refused:
        read_readings(content, ALL, TODAY)
    return refused.value.problems


def test_readings_are_taken_with_their_notes() -> None:
    content = (
        HEADING
        + '"Monthly givers",2026-11-30,"1,312","after the gala,\nat last"\ncost per NEW giver,2026-12-07,£50\n'
    )
    read = read_readings(content.encode(), ALL, TODAY)
    told = [(r.line, r.kpi, r.on, r.value, r.note) for r in read]
    assert told == [
        (2, GIVERS, date(2026, 11, 30), Decimal(1312), "after the gala,\nat last"),
        (4, COST, date(2026, 12, 7), Decimal(50), ""),
    ]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_are_understood(separator: str) -> None:
    content = (
        separator.join(["Date", "KPI", "Value"])
        + "\r\n"
        + separator.join(["2026-11-30", "Monthly givers", "312,5"])
    )
    assert read_readings(content.encode(), ALL, TODAY)[0].value == Decimal("312.5")


def test_a_byte_order_mark_is_left_out_and_can_be_told_of() -> None:
    content = b"\xef\xbb\xbf" + HEADING.encode() + b"Monthly givers,2026-11-30,312\n"
    assert has_byte_order_mark(content)
    assert len(read_readings(content, ALL, TODAY)) == 1


def test_every_bad_line_is_named() -> None:
    lines = [
        "Monthly givers,2026-11-30,312",
        "Nobody,2026-11-30,1",
        "Monthly givers,30 Nov,313",
        "Monthly givers,2026-02-30,313",
        "Monthly givers,2027-02-01,313",
        "Monthly givers,2026-11-01,313",
        "Monthly givers,2026-12-07,many",
        "Cost per new giver,2026-12-07,$50",
        "Monthly givers,2026-11-30,314",
        "Monthly givers,2026-12-14,=cmd()",
    ]
    found = problems((HEADING + "\n".join(lines)).encode())
    assert [one.partition(":")[0] for one in found] == [f"Line {n}" for n in range(3, 12)]
    words = [
        "no KPI",
        "has no year",
        "no such day",
        "future",
        "before the baseline",
        "number",
        "£",
        "already on line 2",
    ]
    for sentence, word in zip(found, [*words, "formula"], strict=True):
        assert word in sentence


@pytest.mark.parametrize(
    "day",
    [
        "30.11.2026",
        "30.11.26",
        "30/11/2026",
        "11/30/2026",
        "30 Nov 2026",
        "30-Nov-26",
        "Nov 30 2026",
        "Mon 30 November 2026",
        "2026/11/30",
        "2026-11-30 00:00:00",
        "2026-11-30T09:30:00Z",
    ],
)
def test_a_day_is_taken_as_people_and_spreadsheets_write_it(day: str) -> None:
    assert read_readings(f"{HEADING}Monthly givers,{day},312".encode(), ALL, TODAY)[0].on == date(
        2026, 11, 30
    )


@pytest.mark.parametrize(
    ("other", "day"), [("30/11/2026", date(2026, 12, 1)), ("12/31/2026", date(2026, 12, 1))]
)
def test_another_line_of_the_file_says_whether_the_day_or_the_month_comes_first(
    other: str, day: date
) -> None:
    written = "1/12/2026" if other.startswith("30") else "12/1/2026"
    content = f"{HEADING}Monthly givers,{written},312\nMonthly givers,{other},313"
    assert read_readings(content.encode(), ALL, TODAY)[0].on == day


@pytest.mark.parametrize("more", ["", "\nMonthly givers,30/11/2026,313\nMonthly givers,12/31/2026,314"])
def test_a_day_that_may_be_two_is_asked_about_by_its_line(more: str) -> None:
    (told,) = problems(f"{HEADING}Monthly givers,1/12/2026,312{more}".encode())
    assert told == "Line 2: “1/12/2026” could mean two days: write the month as a word, like 24 Dec 2026."


@pytest.mark.parametrize("day", ["today", "yesterday", "Friday", "November 2026", "24 Dec", "in 6 weeks"])
def test_a_file_says_its_days_in_full(day: str) -> None:
    (told,) = problems(f"{HEADING}Monthly givers,{day},312".encode())
    assert told.endswith("Write it like 30 Nov 2026, or 2026-11-30.")


@pytest.mark.parametrize("cell", ["=cmd()", "@SUM(A1)", "+HYPERLINK(1)", "-cmd|'/C calc'!A0"])
def test_a_formula_anywhere_in_a_line_is_refused(cell: str) -> None:
    assert "is a formula" in problems(f"{HEADING}Monthly givers,2026-11-30,312,{cell}".encode())[0]


def test_a_negative_number_is_no_formula() -> None:
    assert read_readings(f"{HEADING}Monthly givers,2026-11-30,-3".encode(), ALL, TODAY)[0].value == -3


def test_a_file_in_another_encoding_is_refused_by_its_line() -> None:
    assert problems(HEADING.encode() + "Müde,2026-11-30,1".encode("latin-1"))[0].startswith(
        "Line 2: this is not UTF-8"
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04rest", "damaged"),
        (b"\xd0\xcf\x11\xe0 old", "old kind"),
        (HEADING.encode("utf-16")[:-1], "letters"),
        (HEADING.encode("utf-16")[2:], "zero bytes"),
    ],
)
def test_a_file_that_cannot_be_opened_is_told_what_it_is(content: bytes, told: str) -> None:
    assert told in problems(content)[0]


def test_ten_thousand_rows_are_too_many_at_once() -> None:
    rows = "Monthly givers,2026-11-30,312\n" * 10_000
    assert problems((HEADING + rows).encode()) == (
        f"The file has more than {MAX_ROWS:,} rows, the most I take at a time. Please split it into smaller files.",
    )


def test_rows_are_counted_while_they_are_read() -> None:
    rows = b"Nobody,2026-11-30,312\n" * MAX_ROWS
    assert len(problems(HEADING.encode() + rows)) == MAX_ROWS
    (told,) = problems(HEADING.encode() + rows + b'Monthly givers,"2026-11-30,312\n')
    assert "quotation mark" in told
    (told,) = problems(HEADING.encode() + rows + b'Nobody,2026-11-30,312\nMonthly givers,"2026\n')
    assert told.startswith(f"The file has more than {MAX_ROWS:,} rows")


def test_zero_bytes_are_named_by_their_line() -> None:
    (told,) = problems(f"{HEADING}Monthly givers,2026-11-30,312,a\0b\n".encode())
    assert told.startswith("Line 2: it holds zero bytes")


def test_empty_rows_are_not_counted() -> None:
    rows = f"{HEADING}Monthly givers,2026-11-30,312\n" + ",,,\n" * (MAX_ROWS + 1)
    assert len(read_readings(rows.encode(), ALL, TODAY)) == 1


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_line_too_long_or_of_too_many_columns_is_named(at: int) -> None:
    lines = [HEADING.strip(), "Monthly givers,2026-11-30,312", "Monthly givers,2026-12-07,313"]
    for addition, sentence in (
        ("x" * 10_000, "more than a reading needs"),
        ("," * 120, "more than 100 columns"),
    ):
        (told,) = problems("\n".join([*lines[: at - 1], lines[at - 1] + addition, *lines[at:]]).encode())
        assert told.startswith(f"Line {at}: ")
        assert sentence in told


def test_no_more_of_a_row_is_looked_through_for_headings_than_a_table_has() -> None:
    looked_at: list[str] = []

    def is_heading(cell: str) -> bool:
        looked_at.append(cell)
        return cell == "date"

    assert separator_of("date" + ";" * 1_000_000, is_heading) == ";"
    assert len(looked_at) <= MAX_CELLS + len(SEPARATORS)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_spoiled_file_is_read_or_refused_in_sentences(data: st.DataObject) -> None:
    content = bytearray((HEADING + "Monthly givers,2026-11-30,312\nSign-ups,2026-12-07,9\n" * 3).encode())
    nasty = st.sampled_from(
        [b'"', b"\r", b"\x00", b"\xff", b",,,,", b"\xe2\x80\xae", b"9" * 400, b"1e9999", b"=", b";\t"]
    )
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(content)))
        content[at : at + data.draw(st.integers(0, 5))] = data.draw(nasty | st.binary(max_size=4))
    with suppress(BadFileError):
        read = read_readings(bytes(content), ALL, TODAY)
        assert all(one.on <= TODAY and one.value.is_finite() and "\0" not in one.note for one in read)


def test_a_file_too_large_is_not_even_read() -> None:
    assert "1 MB" in problems(b"x" * 1_000_001)[0]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"kpi,date,value\n"])
def test_an_empty_file_is_shown_an_example(content: bytes) -> None:
    assert "kpi,date,value,note" in problems(content)[0]


def test_a_quotation_mark_left_open_is_named() -> None:
    assert "quotation mark" in problems((HEADING + '"Monthly givers,2026-11-30,312').encode())[0]

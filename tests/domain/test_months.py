"""A plan by month as people type it."""

from datetime import date
from decimal import Decimal

import pytest

from domain.kpis import Kind
from domain.pace import Point
from domain.reading.months import read_months, write_months

FROM, TO = Point(date(2026, 11, 23), Decimal(310)), Point(date(2027, 3, 31), Decimal(420))
LONG_TO = Point(date(2028, 3, 31), Decimal(420))
DEC, JAN, FEB = date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28)


def read(text: str, *, unit: str = "", kind: Kind = Kind.COUNT) -> list[tuple[date, int]]:
    return [(point.on, int(point.value)) for point in read_months(text, kind, unit, FROM, TO)]


@pytest.mark.parametrize(
    "text",
    [
        "Dec 320, Jan 345, Feb 380",
        "Dec 320 Jan 345 Feb 380",
        "December: 320\nJanuary: 345\nFebruary: 380",
        "Feb = 380; Dec = 320; Jan = 345",
        "2026-12 320, 2027-01 345, 2027-2 380",
        "12/2026 320\n01.2027 345\n2/2027: 380",
        "Dec 2026: 320, Jan 2027: 345, Feb 2027 380",
        "dec. 320, jan. 345, feb. 380, mar 420",
    ],
)
def test_each_month_has_its_value_due_on_its_last_day(text: str) -> None:
    assert read(text) == [(DEC, 320), (JAN, 345), (FEB, 380)]


def test_a_month_may_be_left_out() -> None:
    assert read("Feb 380") == [(FEB, 380)]


def test_values_are_numbers_as_people_write_them_in_their_unit() -> None:
    assert read("Dec 4,650, Jan £5.2k", unit="£", kind=Kind.CURRENCY) == [(DEC, 4650), (JAN, 5200)]


def test_what_is_written_reads_back() -> None:
    steps = read_months("Dec 2,027, Jan 345.5", Kind.COUNT, "", FROM, TO)
    assert read_months(write_months(steps), Kind.COUNT, "", FROM, TO) == steps
    euros = read_months("Dec €320, Jan €345", Kind.CURRENCY, "€", FROM, TO)
    assert read_months(write_months(euros, "€"), Kind.CURRENCY, "€", FROM, TO) == euros


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("320, 345, 380", "I could not read “320, 345, 380” as values by month"),
        ("about Dec 320", "I could not read"),
        ("Dec 320, Jan", "January 2027 has no value here"),
        ("Dec: , Jan 345", "December 2026 has no value here"),
        ("Dec 320, Dec 330", "December 2026 stands here twice"),
        ("Oct 300", "October 2026 is over before the plan begins"),
        ("Mar 400", "March 2027 ends with the target itself, 420 on 31 Mar 2027"),
        ("2027-04 430", "April 2027 ends with the target itself"),
        ("2027-13 430", "There is no month 13"),
        ("Dec £320", "This is kept as a plain number"),
    ],
)
def test_what_is_no_plan_by_month_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        read(text)


def test_a_month_the_plan_has_twice_needs_its_year() -> None:
    with pytest.raises(ValueError, match="The plan has January 2027 or 2028: which one is meant"):
        read_months("Jan 345", Kind.COUNT, "", FROM, LONG_TO)
    steps = read_months("Jan 2028: 400, Jan 2027: 345", Kind.COUNT, "", FROM, LONG_TO)
    assert [point.on.year for point in steps] == [2027, 2028]

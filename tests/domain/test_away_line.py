"""Days away as people type them."""

from datetime import date

import pytest

from domain.absences import Absence
from domain.errors import DomainError
from domain.reading.absences import read_away

TUESDAY = date(2026, 11, 24)
HOLIDAYS = Absence(date(2026, 12, 24), date(2027, 1, 5))


@pytest.mark.parametrize(
    "typed",
    [
        "24 Dec to 5 Jan",
        "24 Dec 5 Jan",
        "from 24 December until 5 January",
        "2026-12-24 2027-01-05",
        "2026-12-24 to 2027-01-05",
        "24 Dec - 5 Jan",
        "24 Dec – 5 Jan",
        "between Dec 24 and Jan 5",
        "24 Dec 2026 5 Jan 2027",
    ],
)
def test_two_days_are_read_however_they_are_joined(typed: str) -> None:
    assert read_away(typed, TUESDAY) == HOLIDAYS


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("tomorrow", date(2026, 11, 25), date(2026, 11, 25)),
        ("today", TUESDAY, TUESDAY),
        ("tomorrow to Friday", date(2026, 11, 25), date(2026, 11, 27)),
        ("24 Dec", date(2026, 12, 24), date(2026, 12, 24)),
        ("Friday next Monday", date(2026, 11, 27), date(2026, 11, 30)),
    ],
)
def test_a_single_day_is_that_day_only(typed: str, first: date, last: date) -> None:
    assert read_away(typed, TUESDAY) == Absence(first, last)


def test_somebody_away_already_may_say_since_when() -> None:
    assert read_away("20 Nov to 30 Nov", TUESDAY) == Absence(date(2026, 11, 20), date(2026, 11, 30))


def test_a_day_of_next_year_stays_one() -> None:
    assert read_away("1 Mar to 9 Mar", TUESDAY) == Absence(date(2027, 3, 1), date(2027, 3, 9))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("soon", "I could not read “soon” as days"),
        ("5 Jan 2027 24 Dec 2026", "The last day comes before the first one"),
        ("1 Nov 2026 to 5 Nov 2026", "That is over already"),
        ("31 Feb to 5 Mar", "no such day"),
        ("2026-12-01 to 9999-12-30", "9999-12-30 is more than two years away"),
        ("2029-12-01 2029-12-24", "2029-12-24 is more than two years away"),
        ("holidays " * 30, "I could not read “holidays holidays holidays holidays holi…” as days"),
    ],
)
def test_what_cannot_be_gets_a_sentence_with_an_example(typed: str, sentence: str) -> None:
    with pytest.raises(DomainError, match=sentence):
        read_away(typed, TUESDAY)

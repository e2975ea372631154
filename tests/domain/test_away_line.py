"""Days away as people type them."""

from datetime import date

import pytest

from domain.absences import Absence, question_about
from domain.errors import DomainError
from domain.reading.absences import read_away, read_away_said
from domain.reading.courtesies import is_only_thanks

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


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("24-31 Dec", "2026-12-24", "2026-12-31"),
        ("24–31 December 2026", "2026-12-24", "2026-12-31"),
        ("24 to 31 Dec", "2026-12-24", "2026-12-31"),
        ("24th to 31st of December", "2026-12-24", "2026-12-31"),
        ("24.-31.12.", "2026-12-24", "2026-12-31"),
        ("Dec 24-31", "2026-12-24", "2026-12-31"),
        ("December 24 to 31, 2026", "2026-12-24", "2026-12-31"),
        ("24.12. - 5.1.", "2026-12-24", "2027-01-05"),
        ("24.12.26 - 05.01.27", "2026-12-24", "2027-01-05"),
        ("24/12 - 5/1", "2026-12-24", "2027-01-05"),
        ("until Friday", "2026-11-24", "2026-11-27"),
        ("till the 4th of December", "2026-11-24", "2026-12-04"),
        ("until end of January", "2026-11-24", "2027-01-31"),
        ("for 2 weeks", "2026-11-24", "2026-12-07"),
        ("for two weeks", "2026-11-24", "2026-12-07"),
        ("for a week", "2026-11-24", "2026-11-30"),
        ("from Monday for 3 days", "2026-11-30", "2026-12-02"),
        ("24 Dec for a week", "2026-12-24", "2026-12-30"),
        ("next week", "2026-11-30", "2026-12-06"),
        ("from tomorrow until end of next week", "2026-11-25", "2026-12-06"),
        ("Thu and Fri", "2026-11-26", "2026-11-27"),
        ("March", "2027-03-01", "2027-03-31"),
    ],
)
def test_days_away_are_read_as_people_write_them(typed: str, first: str, last: str) -> None:
    assert read_away(typed, TUESDAY) == Absence(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("24 Dec to 5 Jan", None),
        ("1 Jul to 14 Jul", None),
        ("1 Jan to 1 Mar", None),
        ("5 Jan to 24 Dec", "That is 50 weeks. Did you mean 24 Dec to 5 Jan?"),
        ("1 Feb to 30 Jun", "That is 21 weeks. Is that right?"),
        (
            "20 Oct to 24 Oct",
            "20 Oct to 24 Oct is over, and until 24 Oct 2027 it would be 52 weeks. Which days do you mean?",
        ),
        ("24 Oct", "24 Oct is over. Did you mean 24 Oct 2027?"),
    ],
)
def test_days_that_are_long_or_over_are_asked_about(typed: str, question: str | None) -> None:
    assert question_about(read_away(typed, TUESDAY), TUESDAY) == question


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
        ("2026-12-01 to 9999-12-30", "30 Dec 9999 is more than two years away"),
        ("2029-12-01 2029-12-24", "24 Dec 2029 is more than two years away"),
        ("holidays " * 30, "I could not read “holidays holidays holidays holidays holi…” as days"),
    ],
)
def test_what_cannot_be_gets_a_sentence_with_an_example(typed: str, sentence: str) -> None:
    with pytest.raises(DomainError, match=sentence):
        read_away(typed, TUESDAY)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("On holiday next week", ("2026-11-30", "2026-12-06")),
        ("on track, I’m away next week", ("2026-11-30", "2026-12-06")),
        ("I'll be on leave from Monday to Wednesday, Tom covers", ("2026-11-30", "2026-12-02")),
        ("out of office until 3 Dec.", ("2026-11-24", "2026-12-03")),
        ("At risk. I'm on annual leave in January", ("2027-01-01", "2027-01-31")),
        ("On holiday Dec 24 to Jan 2 and Tom covers", ("2026-12-24", "2027-01-02")),
        ("Urlaub 24.12. bis 2.1.", ("2026-12-24", "2027-01-02")),
        ("ooo next Mon", ("2026-11-30", "2026-11-30")),
    ],
)
def test_days_away_are_seen_in_a_message(text: str, days: tuple[str, str]) -> None:
    said = Absence(date.fromisoformat(days[0]), date.fromisoformat(days[1]))
    assert read_away_said(text, TUESDAY) == said


@pytest.mark.parametrize(
    "text",
    [
        "Tom is on holiday next week",
        "customers are away next week",
        "not away next week",
        "I won't be away next week",
        "if I'm away next week, ask Tom",
        "> on holiday next week",
        "“away next week”, he said",
        "I was on holiday last week",
        "Away game next Friday",
        "off track next week",
        "off to Leeds next week",
        "I leave the draft in January",
        "Holiday campaign next week",
        "on holiday",
        "",
    ],
)
def test_other_words_offer_no_days_away(text: str) -> None:
    assert read_away_said(text, TUESDAY) is None


@pytest.mark.parametrize(
    "text", ["thanks!", "Thank you so much 🙏", ":+1:", "ok, will do", "Vielen Dank", "👍"]
)
def test_words_that_are_only_polite_are_known(text: str) -> None:
    assert is_only_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "thanks, 4,310 now",
        "thanks, on track",
        "thanks but the printer came",
        "all good",
        "fine",
        "",
        "no thanks to legal",
    ],
)
def test_words_that_may_say_more_are_not_taken_for_thanks(text: str) -> None:
    assert not is_only_thanks(text)

"""Days as people type them after `/rhythm away`."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reading.dates import read_day

TODAY = date(2026, 11, 25)  # a Wednesday
DAYS = st.dates(date(2024, 1, 1), date(2034, 12, 31))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-24", "2026-12-24"),
        ("2026-1-5", "2026-01-05"),
        ("24 Dec", "2026-12-24"),
        ("  24   DEC  ", "2026-12-24"),
        ("24dec", "2026-12-24"),
        ("Dec 24", "2026-12-24"),
        ("Dec. 24th, 2027", "2027-12-24"),
        ("24th of December", "2026-12-24"),
        ("24. December 2026", "2026-12-24"),
        ("3 Sept", "2027-09-03"),
        ("24 November", "2027-11-24"),
        ("25 November", "2026-11-25"),
        ("1 Jan 2026", "2026-01-01"),
        ("29 Feb", "2028-02-29"),
        ("24/12/2026", "2026-12-24"),
        ("12/24/2026", "2026-12-24"),
        ("24.12.", "2026-12-24"),
        ("24/12", "2026-12-24"),
        ("5/5", "2027-05-05"),
        ("today", "2026-11-25"),
        ("Tomorrow", "2026-11-26"),
        ("Monday", "2026-11-30"),
        ("wed", "2026-11-25"),
        ("this Friday", "2026-11-27"),
        ("next Friday", "2026-12-04"),
        ("next monday", "2026-11-30"),
        ("next thurs", "2026-12-03"),
        ("24/12/26", "2026-12-24"),
        ("24 Dec 26", "2026-12-24"),
        ("24 Dec '26", "2026-12-24"),
        ("31.03.27", "2027-03-31"),
        ("5.1.", "2027-01-05"),
        ("1.2.2027", "2027-02-01"),
        ("Fri 27 Nov", "2026-11-27"),
        ("Thursday, 24 December 2026", "2026-12-24"),
        ("in 6 weeks", "2027-01-06"),
        ("in two weeks", "2026-12-09"),
        ("in 3 days", "2026-11-28"),
        ("in a month", "2026-12-25"),
        ("6 weeks from now", "2027-01-06"),
        ("end of March", "2027-03-31"),
        ("by the end of March", "2027-03-31"),
        ("end March 2028", "2028-03-31"),
        ("end of November", "2026-11-30"),
        ("mid-March", "2027-03-16"),
        ("start of March", "2027-03-01"),
        ("March", "2027-03-31"),
        ("Dec", "2026-12-31"),
        ("Feb 2028", "2028-02-29"),
        ("Q1", "2027-03-31"),
        ("Q4", "2026-12-31"),
        ("Q1 2028", "2028-03-31"),
        ("q2/27", "2027-06-30"),
        ("end of Q1", "2027-03-31"),
        ("EOY", "2026-12-31"),
        ("eom", "2026-11-30"),
        ("end of the year", "2026-12-31"),
        ("end of 2027", "2027-12-31"),
        ("end of next week", "2026-12-06"),
        ("end of next month", "2026-12-31"),
        ("next week", "2026-12-06"),
        ("next quarter", "2027-03-31"),
        ("this month", "2026-11-30"),
        ("24. Dezember", "2026-12-24"),
    ],
)
def test_a_day_is_read_however_it_is_written(text: str, day: str) -> None:
    assert read_day(text, TODAY) == date.fromisoformat(day)


@pytest.mark.parametrize("text", ["5/6/2026", "12/11", "1-2-2027"])
def test_a_day_that_could_be_two_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="could mean two days: write the month as a word, like 24 Dec 2026"):
        read_day(text, TODAY)


@pytest.mark.parametrize(
    "text", ["31 Feb", "29 Feb 2026", "2026-13-01", "31/4/2026", "13/14", "0 Dec", "1 Jan 0000"]
)
def test_a_day_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"There is no such day as “.*”. Write it like 24 Dec"):
        read_day(text, TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "24",
        "24 Foo",
        "de 24",
        "in some weeks",
        "end of it",
        "Q5",
        "mo",
        "<!channel>",
        "\N{PARTY POPPER}",
        "²4 Dec",
    ],
)
def test_what_is_no_day_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"I could not read “.*” as a day. Write it like 24 Dec"):
        read_day(text, TODAY)


@given(DAYS, DAYS, st.sampled_from(["%Y-%m-%d", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d %Y"]))
def test_a_day_with_its_year_is_read_back_whenever_it_is(day: date, today: date, written: str) -> None:
    assert read_day(day.strftime(written), today) == day


@given(DAYS, DAYS)
def test_a_day_without_a_year_is_the_next_such_day(day: date, today: date) -> None:
    found = read_day(day.strftime("%d %b"), today)
    assert (found.month, found.day) == (day.month, day.day)
    assert found >= today
    if (day.month, day.day) != (2, 29):
        assert found < today + timedelta(days=367)


@given(DAYS, st.integers(0, 6))
def test_a_weekday_is_within_a_week_and_next_is_in_the_following_one(today: date, weekday: int) -> None:
    name = (date(2026, 11, 23) + timedelta(days=weekday)).strftime("%A")
    coming, following = read_day(name, today), read_day(f"next {name}", today)
    assert coming.weekday() == following.weekday() == weekday
    assert today <= coming < today + timedelta(days=7)
    assert following.isocalendar()[1] == (today + timedelta(days=7)).isocalendar()[1]


@given(st.text("0123456789 /.-,abcdefnorstuvy²٣", max_size=12))
def test_any_other_text_is_refused_in_a_sentence_and_never_in_another_way(text: str) -> None:
    try:
        read_day(text, TODAY)
    except ValueError as problem:
        sentence = str(problem)
    else:
        return
    assert sentence.endswith(("tomorrow or Monday.", "like 24 Dec 2026."))

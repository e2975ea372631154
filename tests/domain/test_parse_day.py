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
    ],
)
def test_a_day_is_read_however_it_is_written(text: str, day: str) -> None:
    assert read_day(text, TODAY) == date.fromisoformat(day)


@pytest.mark.parametrize("text", ["5/6/2026", "12/11", "1.2.2027"])
def test_a_day_that_could_be_two_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="could mean two days: write the month as a word, like 24 Dec 2026"):
        read_day(text, TODAY)


@pytest.mark.parametrize(
    "text", ["31 Feb", "29 Feb 2026", "2026-13-01", "31/4/2026", "13/14", "0 Dec", "1 Jan 0000"]
)
def test_a_day_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"There is no such day as “.*”. Write it like 2026-12-24"):
        read_day(text, TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "24",
        "24 Foo",
        "Dec",
        "de 24",
        "24/12/26",
        "next week",
        "24 Dec 26",
        "mo",
        "<!channel>",
        "\N{PARTY POPPER}",
        "²4 Dec",
    ],
)
def test_what_is_no_day_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"I could not read “.*” as a day. Write it like 2026-12-24, 24 Dec"):
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

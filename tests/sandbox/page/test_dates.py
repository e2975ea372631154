"""Dates in the words and the zone of whoever reads."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from sandbox.page.dates import clock, day_divider, fill_tokens
from sandbox.page.reader import Reader
from sandbox.page.text import mrkdwn

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
EPOCH = int(datetime(2026, 11, 23, 18, 45, tzinfo=UTC).timestamp())
DATE = f"<!date^{EPOCH}^{{date_short_pretty}} at {{time}}|once>"


def reader(zone: str, locale: str = "en-GB") -> Reader:
    return Reader(now=NOW, zone=ZoneInfo(zone), locale=locale)


@pytest.mark.parametrize(
    ("zone", "locale", "words"),
    [
        ("Europe/London", "en-GB", "Today at 18:45"),
        ("America/Los_Angeles", "en-US", "Today at 10:45 AM"),
        ("Asia/Kolkata", "en-GB", "Today at 00:15"),
        ("Pacific/Auckland", "en-NZ", "Today at 07:45"),
    ],
)
def test_each_reader_sees_the_instant_on_their_own_clock(zone: str, locale: str, words: str) -> None:
    assert mrkdwn(DATE, reader(zone, locale)) == f"<time>{words}</time>"


def test_today_is_the_readers_day_not_the_worlds() -> None:
    late = replace(reader("Asia/Kolkata"), now=datetime(2026, 11, 23, 18, 0, tzinfo=UTC))
    assert mrkdwn(DATE, late) == "<time>Tomorrow at 00:15</time>"


@pytest.mark.parametrize(
    ("token", "british", "american"),
    [
        ("{date_num}", "2026-11-23", "2026-11-23"),
        ("{date_slash}", "23/11/2026", "11/23/2026"),
        ("{date_short}", "23 Nov 2026", "Nov 23, 2026"),
        ("{date}", "23 November 2026", "November 23rd, 2026"),
        ("{date_long}", "Monday, 23 November 2026", "Monday, November 23rd, 2026"),
        ("{date_pretty}", "Today", "Today"),
        ("{time}", "18:45", "6:45 PM"),
        ("{time_secs}", "18:45:00", "6:45:00 PM"),
        ("{ago}", "1 hour ago", "1 hour ago"),
        ("due {date_short_pretty}", "due today", "due today"),
        ("{nonsense}", "{nonsense}", "{nonsense}"),
    ],
)
def test_tokens_follow_the_readers_locale(token: str, british: str, american: str) -> None:
    assert fill_tokens(token, EPOCH, reader("Europe/London", "en-GB")) == british
    assert fill_tokens(token, EPOCH, reader("Europe/London", "en-US")) == american


@pytest.mark.parametrize(
    "broken", ["<!date^x^{date}|fall>", "<!date^|fall>", "<!date|fall>", "<!date^1e99^{date}|fall>"]
)
def test_a_date_that_cannot_be_read_shows_its_fallback(broken: str) -> None:
    assert mrkdwn(broken, reader("UTC")) == "<span>fall</span>"


def test_a_date_may_be_a_link() -> None:
    drawn = mrkdwn(f"<!date^{EPOCH}^{{date_num}}^https://a.b/|x>", reader("UTC"))
    assert drawn.startswith('<a href="https://a.b/"')


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 23), "Today"),
        (date(2026, 11, 22), "Yesterday"),
        (date(2026, 11, 16), "Monday, 16 November"),
        (date(2025, 11, 16), "Sunday, 16 November 2025"),
    ],
)
def test_a_day_divider_says_the_year_only_when_it_is_another(day: date, words: str) -> None:
    assert day_divider(day, reader("Europe/London")) == words


def test_midnight_is_twelve_where_clocks_have_twelve_hours() -> None:
    assert clock(datetime(2026, 11, 23, tzinfo=UTC), reader("UTC", "en-US")) == "12:00 AM"

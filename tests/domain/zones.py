"""Every zone, and strategies, schedules and instants drawn at random."""

from bisect import bisect
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import strategies as st

from domain.schedules import Schedule, WeeklyTime
from domain.strategies import Strategy

# "localtime" and the like are files of a machine, not zones a person can be in.
ALL_ZONES = sorted(
    zone for zone in available_timezones() if zone not in {"localtime", "posixrules", "Factory"}
)
ZONES = st.sampled_from(ALL_ZONES)
MINUTE, WEEK = timedelta(minutes=1), timedelta(weeks=1)
BEGIN, END = datetime(2024, 1, 1, tzinfo=UTC), datetime(2034, 12, 31, tzinfo=UTC)
INSTANTS = st.datetimes(BEGIN.replace(tzinfo=None), END.replace(tzinfo=None), timezones=st.just(UTC))
WEEKLY_TIMES = st.builds(
    WeeklyTime, st.integers(0, 6), st.builds(time, st.integers(0, 23), st.integers(0, 59))
)
SCHEDULES = st.builds(
    Schedule,
    prompt=WEEKLY_TIMES,
    reminders=st.lists(WEEKLY_TIMES, max_size=2, unique=True).map(tuple),
    digest=WEEKLY_TIMES,
)


def strategy_of(schedule: Schedule, zone: str) -> Strategy:
    """A strategy in a zone that had this schedule from the start."""
    return Strategy(1, "T1", "C1", "Harbor Lights", "", (), "", "", ("U1",), zone, schedule)


@cache
def zones_by_offsets() -> Mapping[tuple[tuple[datetime, timedelta], ...], tuple[str, ...]]:
    """Every zone, together with those that show the same time as it at every instant from 2024 to 2034."""
    alike: dict[tuple[tuple[datetime, timedelta], ...], tuple[str, ...]] = {}
    for zone in ALL_ZONES:
        key = tuple(offsets(zone))
        alike[key] = (*alike.get(key, ()), zone)
    return alike


def offsets(zone: str) -> Iterator[tuple[datetime, timedelta]]:
    """Each offset, with the minute from which it holds; no zone changes its offset twice in a week."""
    start, before = BEGIN, offset_at(zone, BEGIN)
    yield start, before
    while start < END:
        end = start + WEEK
        if (after := offset_at(zone, end)) != before:
            yield minute_of_change(zone, start, end), after
        start, before = end, after


def offset_at(zone: str, instant: datetime) -> timedelta:
    offset = instant.astimezone(ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return offset


def minute_of_change(zone: str, start: datetime, end: datetime) -> datetime:
    """The first minute after `start` with the offset that holds at `end`."""
    minutes = range((end - start) // MINUTE)
    held = offset_at(zone, start)
    return start + MINUTE * bisect(minutes, 0, key=lambda n: offset_at(zone, start + MINUTE * n) != held)

"""The occurrences of eleven years in every IANA zone, against an oracle that counts offsets itself."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.periods import Week
from domain.schedule import (
    DEFAULT_SCHEDULE,
    Schedule,
    WeeklyTime,
    digest_instant,
    next_digest,
    next_prompt,
    prompt_instant,
)
from tests.domain.zones import ALL_ZONES

FIRST, LAST = Week(2024, 1), Week(2034, 52)
# Most zones change their clocks between 00:00 and 03:00 on a Sunday (in Egypt on a Friday).
AWKWARD = (
    Schedule(prompt=WeeklyTime(6, time(2, 30)), reminders=(), digest=WeeklyTime(6, time(3, 0))),
    Schedule(prompt=WeeklyTime(6, time(0, 15)), reminders=(), digest=WeeklyTime(4, time(0, 0))),
    Schedule(prompt=WeeklyTime(5, time(23, 30)), reminders=(), digest=WeeklyTime(6, time(1, 45))),
)


def weeks() -> Iterator[Week]:
    week = FIRST
    while week <= LAST:
        yield week
        week = week.next()


ALL_WEEKS = list(weeks())


def offsets_around(wall: datetime, zone: ZoneInfo) -> set[timedelta]:
    """The offsets in force the day before and the day after, each from an instant (never from a wall time)."""
    instant = wall.replace(tzinfo=UTC)
    around = (instant + timedelta(days=days) for days in (-1, 1))
    return {offset for when in around if (offset := when.astimezone(zone).utcoffset()) is not None}


def first_instant_showing(wall: datetime, zone: ZoneInfo) -> datetime | None:
    """The first instant whose local clock shows `wall`; None when the clocks skip it."""
    candidates = (wall.replace(tzinfo=UTC) - offset for offset in offsets_around(wall, zone))
    return min(
        (instant for instant in candidates if instant.astimezone(zone).replace(tzinfo=None) == wall),
        default=None,
    )


def check_wall_time(instant: datetime, wall: datetime, zone: ZoneInfo) -> None:
    expected = first_instant_showing(wall, zone)
    if expected is None:
        shift = instant.astimezone(zone).replace(tzinfo=None) - wall
        offsets = offsets_around(wall, zone)
        assert shift == max(offsets) - min(offsets), (zone, wall)
    else:
        assert instant == expected, (zone, wall)


def test_there_are_as_many_zones_as_the_world_has() -> None:
    assert len(ALL_ZONES) > 400


def test_every_zone_has_one_prompt_and_digest_a_week_at_the_local_wall_time() -> None:
    """No zone changes its clocks near 09:00 or 11:00 in these years, so the clock must show just that."""
    schedule = DEFAULT_SCHEDULE
    for name in ALL_ZONES:
        zone = ZoneInfo(name)
        prompt = next_prompt(schedule, name, prompt_instant(schedule, FIRST.previous(), name))
        digest = next_digest(schedule, name, digest_instant(schedule, FIRST.previous(), name))
        for week in ALL_WEEKS:
            assert (prompt[0], digest[0]) == (week, week)
            assert prompt[1].astimezone(zone).replace(tzinfo=None) == datetime.combine(week.day(0), time(9))
            assert digest[1].astimezone(zone).replace(tzinfo=None) == datetime.combine(week.day(2), time(11))
            following = next_prompt(schedule, name, prompt[1]), next_digest(schedule, name, digest[1])
            assert prompt[1] < digest[1] < following[0][1]
            prompt, digest = following


def weeks_of_change(name: str) -> list[Week]:
    """The weeks in or next to which the zone changes its clocks."""
    zone = ZoneInfo(name)
    found: set[Week] = set()
    before = None
    for week in [*ALL_WEEKS, LAST.next()]:
        offset = datetime.combine(week.day(0), time(12), UTC).astimezone(zone).utcoffset()
        if offset != before:
            found |= {week.plus(-2), week.previous(), week, week.next()}
        before = offset
    return sorted(found & set(ALL_WEEKS))


@pytest.mark.parametrize("schedule", AWKWARD, ids=lambda schedule: str(schedule.prompt))
def test_where_the_clocks_change_each_occurrence_comes_once_at_the_first_time_that_exists(
    schedule: Schedule,
) -> None:
    for name in ALL_ZONES:
        zone = ZoneInfo(name)
        for week in weeks_of_change(name):
            prompt = prompt_instant(schedule, week, name)
            digest = digest_instant(schedule, week, name)
            check_wall_time(
                prompt, datetime.combine(week.day(schedule.prompt.weekday), schedule.prompt.time), zone
            )
            digest_week = week if schedule.digest > schedule.prompt else week.next()
            check_wall_time(
                digest, datetime.combine(digest_week.day(schedule.digest.weekday), schedule.digest.time), zone
            )
            assert next_prompt(schedule, name, prompt - timedelta(seconds=1)) == (week, prompt)
            assert next_prompt(schedule, name, prompt)[0] == week.next()
            assert next_digest(schedule, name, digest - timedelta(seconds=1)) == (week, digest)
            assert next_digest(schedule, name, digest)[0] == week.next()

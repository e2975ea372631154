"""The occurrences of eleven years in every IANA zone, against an oracle that counts offsets itself.

What is walked is what production walks, in one zone of each kind: most names are others' aliases in these years.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.periods import Week
from domain.schedules import DEFAULT_SCHEDULE, Schedule, WeeklyTime, digest_instant, prompt_instant
from domain.strategies import current_week, digest_after, next_prompt_week
from tests.domain.zones import ALL_ZONES, offset_at, strategy_of, zones_by_offsets

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


def zones_apart() -> list[str]:
    """One of each kind."""
    return [zones[0] for zones in zones_by_offsets().values()]


def test_every_zone_shows_the_time_of_the_one_that_is_walked_for_it() -> None:
    assert sorted(zone for zones in zones_by_offsets().values() for zone in zones) == ALL_ZONES
    hours = [datetime.combine(week.day(n % 7), time(n % 24), UTC) for n, week in enumerate(ALL_WEEKS)]
    for walked, *others in zones_by_offsets().values():
        shown = [offset_at(walked, hour) for hour in hours]
        for other in others:
            assert [offset_at(other, hour) for hour in hours] == shown, (other, walked)


def test_every_zone_has_one_prompt_and_digest_a_week_at_the_local_wall_time() -> None:
    """No zone changes its clocks near 09:00 or 11:00 in these years, so the clock must show just that."""
    for name in zones_apart():
        zone, strategy = ZoneInfo(name), strategy_of(DEFAULT_SCHEDULE, name)
        digest = digest_instant(DEFAULT_SCHEDULE, FIRST.previous(), name)
        for week in ALL_WEEKS:
            assert next_prompt_week(strategy, name, digest) == week
            prompt = prompt_instant(DEFAULT_SCHEDULE, week, name)
            assert prompt.astimezone(zone).replace(tzinfo=None) == datetime.combine(week.day(0), time(9))
            period, after = digest_after(strategy, digest)
            assert period == week
            assert after.astimezone(zone).replace(tzinfo=None) == datetime.combine(week.day(2), time(11))
            assert digest < prompt < after
            digest = after


def weeks_of_change(changes: Iterable[tuple[datetime, timedelta]]) -> list[Week]:
    """The weeks in or next to which a zone changes its clocks."""
    changed = (Week.of(instant.date()) for instant, _ in changes)
    found = {week.plus(number) for week in changed for number in (-2, -1, 0, 1)}
    return sorted(found & set(ALL_WEEKS))


@pytest.mark.parametrize("schedule", AWKWARD, ids=lambda schedule: str(schedule.prompt))
def test_where_the_clocks_change_each_occurrence_comes_once_at_the_first_time_that_exists(
    schedule: Schedule,
) -> None:
    for changes, (name, *_) in zones_by_offsets().items():
        zone, strategy = ZoneInfo(name), strategy_of(schedule, name)
        for week in weeks_of_change(changes):
            prompt = prompt_instant(schedule, week, name)
            digest = digest_instant(schedule, week, name)
            check_wall_time(
                prompt, datetime.combine(week.day(schedule.prompt.weekday), schedule.prompt.time), zone
            )
            digest_week = week if schedule.digest > schedule.prompt else week.next()
            check_wall_time(
                digest, datetime.combine(digest_week.day(schedule.digest.weekday), schedule.digest.time), zone
            )
            assert next_prompt_week(strategy, name, prompt - timedelta(seconds=1)) == week
            assert next_prompt_week(strategy, name, prompt) == week.next()
            assert current_week(strategy, name, prompt) == week
            assert digest_after(strategy, digest - timedelta(seconds=1)) == (week, digest)
            assert digest_after(strategy, digest)[0] == week.next()

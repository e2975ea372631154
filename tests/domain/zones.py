"""Every zone, and schedules and instants drawn at random."""

from datetime import UTC, datetime, time
from zoneinfo import available_timezones

from hypothesis import strategies as st

from domain.schedule import Schedule, WeeklyTime

# "localtime" and the like are files of a machine, not zones a person can be in.
ALL_ZONES = sorted(
    zone for zone in available_timezones() if zone not in {"localtime", "posixrules", "Factory"}
)
ZONES = st.sampled_from(ALL_ZONES)
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2034, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
WEEKLY_TIMES = st.builds(
    WeeklyTime, st.integers(0, 6), st.builds(time, st.integers(0, 23), st.integers(0, 59))
)
SCHEDULES = st.builds(
    Schedule,
    prompt=WEEKLY_TIMES,
    reminders=st.lists(WEEKLY_TIMES, max_size=2, unique=True).map(tuple),
    digest=WEEKLY_TIMES,
)

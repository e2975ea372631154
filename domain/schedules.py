"""When a strategy's prompts, reminders, digests and reviews happen.

Wall times are kept as weekday and time; instants are aware datetimes in UTC; zones are IANA names.
A prompt and its reminders follow the owner's zone, the digest and the review follow the strategy's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from domain.periods import Month, Week

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAY_START = time(8)
DAY_END = time(18)
MOST_REMINDERS = 2
REMINDER_MARGIN = timedelta(hours=2)
_WEEK_MINUTES = 7 * 24 * 60


@dataclass(frozen=True, slots=True, order=True)
class WeeklyTime:
    """A wall time once a week, to the minute, in no zone yet. Weekday 0 = Monday to 6 = Sunday."""

    weekday: int
    time: time

    def __post_init__(self) -> None:
        if not 0 <= self.weekday < len(DAY_NAMES):
            raise ValueError(f"Weekday {self.weekday} is not 0 (Monday) to 6 (Sunday).")
        if self.time.tzinfo or self.time.second or self.time.microsecond:
            raise ValueError(f"{self.time} is not a plain time to the minute.")

    def __str__(self) -> str:
        return f"{DAY_NAMES[self.weekday]} {self.time:%H:%M}"


NTHS = ("first", "second", "third", "fourth")


@dataclass(frozen=True, slots=True, order=True)
class MonthlyTime:
    """A wall time once a month, on the first (1) to fourth (4) of a weekday, in no zone yet."""

    nth: int
    on: WeeklyTime

    def __post_init__(self) -> None:
        if not 1 <= self.nth <= len(NTHS):
            raise ValueError(f"The {self.nth}th of a weekday is not in every month.")

    def __str__(self) -> str:
        day = DAY_NAMES[self.on.weekday]
        return f"{NTHS[self.nth - 1]} {day} of the month {self.on.time:%H:%M}"


@dataclass(frozen=True, slots=True)
class Schedule:
    """The times of one strategy; `check_schedule` says what is wrong with them."""

    prompt: WeeklyTime = WeeklyTime(0, time(9))
    reminders: tuple[WeeklyTime, ...] = (WeeklyTime(1, time(9)),)
    digest: WeeklyTime = WeeklyTime(2, time(11))
    review: MonthlyTime = MonthlyTime(1, WeeklyTime(3, time(10)))


DEFAULT_SCHEDULE = Schedule()
_LAST_DAY = date.max - timedelta(days=2)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


_NOON, _AFTERNOON, _EVENING = time(12), time(17), time(20)


def last_moment(before: datetime, zone: str) -> tuple[datetime, str]:
    """The last round moment before an instant by the clock of a zone, and what it is called there.

    As in (Tuesday 20:00, "evening") before Wednesday 11:00.
    """
    local = before.astimezone(_zone(zone))
    day, at = local.date(), local.time()
    if at <= _NOON:
        return datetime.combine(day - timedelta(days=1), _EVENING, local.tzinfo), "evening"
    if at <= DAY_END:
        return datetime.combine(day, _NOON, local.tzinfo), "noon"
    if at <= _EVENING:
        return datetime.combine(day, _AFTERNOON, local.tzinfo), "afternoon"
    return datetime.combine(day, _EVENING, local.tzinfo), "evening"


def local_day(instant: datetime, zone: str) -> date:
    return instant.astimezone(_zone(zone)).date()


def local_instant(day: date, time: time, zone: str) -> datetime:
    """The instant (UTC) of a wall time.

    A time the clocks skip moves forward by what they skip; of a time they repeat, the first one counts. The calendar's
    last days have no such instant everywhere, and get that of a day before.
    """
    day = min(day, _LAST_DAY)
    # fold=0 (PEP 495) means both: the first of two, and the offset before the gap for a time inside it.
    return datetime.combine(day, time, tzinfo=_zone(zone)).astimezone(UTC)


def _minutes_after(prompt: WeeklyTime, then: WeeklyTime) -> int:
    """Wall minutes from the prompt to the next `then`; a whole week when they are the same."""
    days = (then.weekday - prompt.weekday) * 24 * 60
    minutes = (then.time.hour - prompt.time.hour) * 60 + then.time.minute - prompt.time.minute
    return (days + minutes) % _WEEK_MINUTES or _WEEK_MINUTES


def _instant_after_prompt(schedule: Schedule, then: WeeklyTime, week: Week, zone: str) -> datetime:
    home = week if then > schedule.prompt else week.next()
    return local_instant(home.day(then.weekday), then.time, zone)


def prompt_instant(schedule: Schedule, week: Week, zone: str) -> datetime:
    return local_instant(week.day(schedule.prompt.weekday), schedule.prompt.time, zone)


def reminder_instants(schedule: Schedule, week: Week, zone: str) -> tuple[datetime, ...]:
    """The reminders of the period, in order, each within a week after its prompt."""
    prompt = prompt_instant(schedule, week, zone)
    instants = (_instant_after_prompt(schedule, reminder, week, zone) for reminder in schedule.reminders)
    return tuple(sorted(instant for instant in instants if instant > prompt))


def digest_instant(schedule: Schedule, week: Week, zone: str) -> datetime:
    """The first digest time after the prompt's wall time: in the same week, else in the next."""
    return _instant_after_prompt(schedule, schedule.digest, week, zone)


def review_instant(schedule: Schedule, month: Month, zone: str) -> datetime:
    return local_instant(
        month.weekday(schedule.review.nth, schedule.review.on.weekday), schedule.review.on.time, zone
    )


def reminders_kept(
    schedule: Schedule,
    owner_zone: str,
    strategy_zone: str,
    week: Week,
    *,
    prompted: datetime | None = None,
    digest: datetime | None = None,
) -> tuple[datetime, ...]:
    """The reminders at least 2 h before the digest and, where the prompt was moved, after `prompted`.

    `digest` is when that is due, where it is not as the schedule says.
    """
    latest = (digest or digest_instant(schedule, week, strategy_zone)) - REMINDER_MARGIN
    return tuple(
        instant
        for instant in reminder_instants(schedule, week, owner_zone)
        if instant <= latest and (prompted is None or instant > prompted)
    )


def dropped_reminders(schedule: Schedule) -> tuple[WeeklyTime, ...]:
    """The reminders that leave less than 2 h to the digest or miss it, seen from a single zone."""
    latest = _minutes_after(schedule.prompt, schedule.digest) - REMINDER_MARGIN // timedelta(minutes=1)
    return tuple(
        reminder for reminder in schedule.reminders if _minutes_after(schedule.prompt, reminder) > latest
    )


def period_at(schedule: Schedule, zone: str, now: datetime) -> Week:
    """The week of the latest prompt at or before `now`."""
    week = Week.of(local_day(now, zone)).next()
    while prompt_instant(schedule, week, zone) > now:
        week = week.previous()
    return week


def first_week_of_change(old: Schedule, new: Schedule, zones: Iterable[str], now: datetime) -> Week:
    """The first period to use the new schedule, for everyone in `zones` (owners' and the strategy's).

    It is the first whose prompt is still ahead by either schedule in every zone, so that the change
    neither repeats nor drops one; the periods before it keep the old schedule.
    """
    return max(period_at(schedule, zone, now) for zone in zones for schedule in (old, new)).next()


def is_within_hours(instant: datetime, zone: str) -> bool:
    """Whether the local clock shows 08:00 or later and has not reached 18:00."""
    return DAY_START <= instant.astimezone(_zone(zone)).time() < DAY_END


def within_hours(instant: datetime, zone: str) -> datetime:
    """The instant itself when inside the local hours, else the next local 08:00."""
    if is_within_hours(instant, zone):
        return instant
    local = instant.astimezone(_zone(zone))
    day = local.date() if local.time() < DAY_START else local.date() + timedelta(days=1)
    return local_instant(day, DAY_START, zone)


def check_schedule(schedule: Schedule) -> list[str]:
    """What is wrong with a schedule, as sentences for people; empty when nothing is."""
    problems = []
    if schedule.digest == schedule.prompt:
        problems.append(
            "The digest must come at another time than the check-ins, for example two days later."
        )
    if len(schedule.reminders) > MOST_REMINDERS:
        problems.append(f"At most {MOST_REMINDERS} reminders a week: remove one.")
    if len(set(schedule.reminders)) < len(schedule.reminders):
        problems.append("Two reminders are at the same time: move or remove one.")
    if schedule.prompt in schedule.reminders:
        problems.append(
            "A reminder must come later than the check-ins: move it, for example to the next day."
        )
    problems.extend(
        f"The reminder on {reminder} falls outside {DAY_START:%H:%M}-{DAY_END:%H:%M}, when reminders are sent."
        for reminder in schedule.reminders
        if not DAY_START <= reminder.time < DAY_END
    )
    return problems


def describe(schedule: Schedule, zone: str | None = None) -> str:
    """The schedule in one line, without the reminders it drops; `zone` is the strategy's."""
    dropped = dropped_reminders(schedule)
    kept = [str(reminder) for reminder in sorted(schedule.reminders) if reminder not in dropped]
    reminders = "no reminder"
    if kept:
        reminders = f"{('one reminder', 'two reminders')[len(kept) > 1]} {' and '.join(kept)}"
    place = f" ({zone})" if zone else ""
    return f"Check-ins {schedule.prompt} in each owner's own time, {reminders}, digest {schedule.digest}, review {schedule.review}{place}"

"""Days off, absences and what they do to prompts and reminders; days are a person's local days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice

from domain.periods import Week
from domain.schedules import (
    DAY_START,
    Schedule,
    digest_instant,
    is_within_hours,
    local_day,
    local_instant,
    within_hours,
)
from domain.words import full_day, short_day

MONDAY_TO_FRIDAY = frozenset(range(5))
SNOOZE = timedelta(hours=3)
_MORNING = time(9)
_ONE_DAY = timedelta(days=1)
_PUNCTUAL = timedelta(hours=1)
"""So long after its time a prompt still comes at a time that a lead chose."""
LONGEST_UNASKED = 60
"""Days of an absence that is believed as it is typed."""
_AGAIN_SO_FAR = 365 - 42
"""Days ahead from which a day without a year is one of the last six weeks, a year too late."""
FARTHEST_LOOK = 366
"""Days gone through in search of one that is free, however long an absence lasts."""


@dataclass(frozen=True, slots=True)
class Absence:
    """Whole local days, both included; `last` is None until the person says "back"."""

    first: date
    last: date | None

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise ValueError("The last day away comes before the first one.")


def question_about(absence: Absence, today: date) -> str | None:
    """What to ask before so long or so far an absence is believed; None for any other.

    Days without a year are the next such days, so that a slip easily becomes most of a year.
    """
    first, last = absence.first, absence.last
    if last is None:
        return None
    length = (last - first).days + 1
    if length > LONGEST_UNASKED:
        weeks = f"{length // 7} weeks"
        meant = _a_year_before(last)
        if over_already(absence, today):
            return f"{_told(first, meant)} is over, and until {full_day(last)} it would be {weeks}. Which days do you mean?"
        if meant <= first and (first - meant).days < LONGEST_UNASKED:
            return f"That is {weeks}. Did you mean {_told(meant, first)}?"
        return f"That is {weeks}. Is that right?"
    if (first - today).days > _AGAIN_SO_FAR and _a_year_before(last) < today:
        return (
            f"{_told(_a_year_before(first), _a_year_before(last))} is over. Did you mean {full_day(first)}?"
        )
    return None


def over_already(absence: Absence, today: date) -> Absence | None:
    """The days of the last weeks that one of most of a year seems to mean, where its end is the next such day."""
    first, last = absence.first, absence.last
    if last is None or (last - first).days < LONGEST_UNASKED:
        return None
    meant = _a_year_before(last)
    return Absence(first, meant) if first <= meant < today else None


def _told(first: date, last: date) -> str:
    return short_day(first) if first == last else f"{short_day(first)} to {short_day(last)}"


def _a_year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


@dataclass(frozen=True, slots=True)
class WorkPattern:
    """Working weekdays (0 = Monday) and where public holidays come from (ISO 3166-1 alpha-2, 3166-2)."""

    working_days: frozenset[int] = MONDAY_TO_FRIDAY
    country: str | None = None
    subdivision: str | None = None


@lru_cache(maxsize=1024)
def _public_holidays(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    """A place the library does not know has none; an unknown part of a country has the country's."""
    import holidays  # noqa: PLC0415 - costs 50 ms, which a start without holidays need not pay

    for part in (subdivision, None):
        try:
            return frozenset(holidays.country_holidays(country, subdiv=part, years=year))
        except NotImplementedError:
            continue
    return frozenset()


def is_day_off(day: date, pattern: WorkPattern) -> bool:
    """Not a working day, or a public holiday."""
    if day.weekday() not in pattern.working_days:
        return True
    return pattern.country is not None and day in _public_holidays(
        pattern.country, pattern.subdivision, day.year
    )


def working_days_after(day: date, number: int, pattern: WorkPattern) -> date:
    """The day that is so many working days after `day`; where a year has fewer, they are days of any kind."""
    later = (day + _ONE_DAY * ahead for ahead in range(1, FARTHEST_LOOK))
    working = (one for one in later if not is_day_off(one, pattern))
    return next(islice(working, number - 1, None), day + _ONE_DAY * number)


def last_free_day(day: date, first: date, pattern: WorkPattern, absences: Sequence[Absence]) -> date | None:
    """The latest day from `first` to `day` on which this person works; absences are stepped over as a whole."""
    for _ in range(FARTHEST_LOOK):
        begun = [absence.first for absence in absences if _covers(absence, day)]
        if not begun and not is_day_off(day, pattern):
            return day
        day = min(begun, default=day)
        if day <= first:
            return None
        day -= _ONE_DAY
    return None


def is_away(day: date, absences: Iterable[Absence]) -> bool:
    return any(_covers(absence, day) for absence in absences)


def _covers(absence: Absence, day: date) -> bool:
    return absence.first <= day and (absence.last is None or day <= absence.last)


def away_until(day: date, absences: Iterable[Absence]) -> date | None:
    """The last day of the absences that cover `day`, joined where they touch.

    None when nothing covers it, and when it has no end yet: `is_away` tells the two apart.
    """
    until: date | None = None
    for absence in sorted(absences, key=lambda absence: absence.first):
        touches = until is not None and absence.first.toordinal() <= until.toordinal() + 1
        if touches or _covers(absence, day):
            if absence.last is None:
                return None
            until = max(until or day, absence.last)
    return until


def is_free(day: date, pattern: WorkPattern, absences: Iterable[Absence]) -> bool:
    """A day on which this person works: no day off, and not away."""
    return not is_day_off(day, pattern) and not is_away(day, absences)


def prompt_for(
    schedule: Schedule,
    week: Week,
    owner_zone: str,
    strategy_zone: str,
    pattern: WorkPattern,
    absences: Sequence[Absence],
    *,
    first: date | None = None,
) -> datetime | None:
    """When this person is prompted for the week, or None when the week is skipped.

    A prompt on a day off or away moves to the same wall time of the next free day before the digest. One
    that need not move stays, even where the owner's morning comes after the strategy's digest.
    `first` is the first day that is looked at, where it comes later than the prompt's.
    """
    nominal = week.day(schedule.prompt.weekday)
    digest = digest_instant(schedule, week, strategy_zone)
    day = max(nominal, first or nominal)
    while (instant := local_instant(day, schedule.prompt.time, owner_zone)) < digest or day == nominal:
        if is_free(day, pattern, absences):
            return instant
        day += _ONE_DAY
    return None


def may_prompt(
    at: datetime, now: datetime, zone: str, pattern: WorkPattern, absences: Iterable[Absence]
) -> bool:
    """On a day on which they work; long after the time that was chosen for it, as after a time down, inside 08:00-18:00."""
    is_punctual = now - at <= _PUNCTUAL
    return is_free(local_day(now, zone), pattern, absences) and (is_punctual or is_within_hours(now, zone))


def may_remind(instant: datetime, zone: str, pattern: WorkPattern, absences: Iterable[Absence]) -> bool:
    """Inside 08:00-18:00 local time, on a working day of someone who is not away."""
    return is_within_hours(instant, zone) and is_free(local_day(instant, zone), pattern, absences)


def made_up_at(due_at: datetime, now: datetime, zone: str, pattern: WorkPattern) -> datetime:
    """When something is done that was due at an instant: however late, but not on a day off that it was not due on.

    It then waits for the next working day, from 08:00 on.
    """
    today = local_day(now, zone)
    if due_at >= now or local_day(due_at, zone) == today or not is_day_off(today, pattern):
        return due_at
    return local_instant(working_days_after(today, 1, pattern), DAY_START, zone)


def next_working_moment(
    now: datetime, zone: str, pattern: WorkPattern, absences: Sequence[Absence]
) -> datetime | None:
    """When somebody may be sent what they have not just asked for: now in their working time (`may_remind`), else at
    09:00 of their next free day; None within a year without any.
    """
    if may_remind(now, zone, pattern, absences):
        return now
    today = local_day(now, zone)
    for day in (today + timedelta(days=ahead) for ahead in range(FARTHEST_LOOK)):
        at = local_instant(day, _MORNING, zone)
        if at > now and is_free(day, pattern, absences):
            return at
    return None


def snooze_until(now: datetime, zone: str, pattern: WorkPattern, absences: Sequence[Absence]) -> datetime:
    """Three hours from now, or the next 08:00 of a free day where that is outside working time.

    Who asks for this is here: an absence without an end does not count. Where no day of the coming
    year is free, only the hours do.
    """
    instant = within_hours(now + SNOOZE, zone)
    ending = [absence for absence in absences if absence.last is not None]
    day = local_day(instant, zone)
    if is_free(day, pattern, ending):
        return instant
    for ahead in range(1, FARTHEST_LOOK):
        later = day + timedelta(days=ahead)
        if is_free(later, pattern, ending):
            return local_instant(later, DAY_START, zone)
    return instant


def list_countries() -> list[tuple[str, str]]:
    """(ISO 3166-1 alpha-2 code, English name) of every country with known public holidays, by name."""
    from holidays.registry import COUNTRIES  # noqa: PLC0415 - see _public_holidays

    return sorted(
        ((entry[1], _country_name(key)) for key, entry in COUNTRIES.items()), key=lambda pair: pair[1]
    )


def name_country(code: str | None) -> str:
    """Its English name; "" for none, and for one without known public holidays."""
    return dict(list_countries()).get(code or "", "")


@lru_cache(maxsize=512)
def list_parts(country: str) -> list[tuple[str, str]]:
    """(Code of ISO 3166-2 without the country, name there) of each part with public holidays of its own, by name."""
    import holidays  # noqa: PLC0415 - see _public_holidays

    try:
        named = holidays.country_holidays(country).get_subdivision_aliases()
    except NotImplementedError:
        return []
    return sorted(
        ((code, _part_name(code, names)) for code, names in named.items()), key=lambda pair: pair[1]
    )


def _part_name(code: str, names: Sequence[str]) -> str:
    """The library has abbreviations in capitals among the names, and only a code for towns with a day of their own."""
    return next((name for name in names if name != name.upper()), code)


def _country_name(key: str) -> str:
    small = {"and", "of", "the"}
    odd = {
        "hongkong": "Hong Kong",
        "dr_congo": "DR Congo",
        "guinea_bissau": "Guinea-Bissau",
        "timor_leste": "Timor-Leste",
    }
    return odd.get(key) or " ".join(word if word in small else word.capitalize() for word in key.split("_"))

"""How far ahead a day may lie that somebody names: far enough for any plan, near enough for anything that walks days."""

from datetime import date

from domain.words import full_day

MOST_YEARS = 2
"""For absences, asks, due dates and milestones."""
MOST_YEARS_OF_TARGET = 5


def why_too_far(day: date, today: date, years: int = MOST_YEARS) -> str | None:
    """The sentence refusing a day more than so many years from `today`, or None."""
    if day <= _years_after(today, years):
        return None
    named = {1: "a year", 2: "two years", 5: "five years"}.get(years, f"{years} years")
    return f"{full_day(day)} is more than {named} away. Choose an earlier day."


def _years_after(today: date, years: int) -> date:
    """The same day so many years on; 28 February for a leap day."""
    is_leap_day = (today.month, today.day) == (2, 29)
    return today.replace(year=today.year + years, day=28 if is_leap_day else today.day)

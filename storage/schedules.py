"""A schedule as JSON: `{"prompt": "0 09:00", "reminders": ["1 09:00"], "digest": "2 11:00", "review": "1 3 10:00"}`.

Weekdays are 0 (Monday) to 6; the review's first number is the how-manieth of its weekday in the month. Schedules kept
before there were reviews have none and read as the default.
"""

from datetime import time
from functools import lru_cache
from typing import Any

from domain.schedules import DEFAULT_SCHEDULE, MonthlyTime, Schedule, WeeklyTime


def write_schedule(schedule: Schedule) -> dict[str, Any]:
    return {
        "prompt": _write(schedule.prompt),
        "reminders": [_write(reminder) for reminder in schedule.reminders],
        "digest": _write(schedule.digest),
        "review": f"{schedule.review.nth} {_write(schedule.review.on)}",
    }


def read_schedule(kept: dict[str, Any]) -> Schedule:
    reminders = tuple(_read(reminder) for reminder in kept["reminders"])
    review = _read_monthly(kept["review"]) if "review" in kept else DEFAULT_SCHEDULE.review
    return Schedule(_read(kept["prompt"]), reminders, _read(kept["digest"]), review)


def _write(weekly: WeeklyTime) -> str:
    return f"{weekly.weekday} {weekly.time:%H:%M}"


@lru_cache(maxsize=1024)
def _read(kept: str) -> WeeklyTime:
    weekday, _, clock = kept.partition(" ")
    return WeeklyTime(int(weekday), time.fromisoformat(clock))


def _read_monthly(kept: str) -> MonthlyTime:
    nth, _, weekly = kept.partition(" ")
    return MonthlyTime(int(nth), _read(weekly))

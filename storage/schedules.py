"""A weekly schedule as JSON: `{"prompt": "0 09:00", "reminders": ["1 09:00"], "digest": "2 11:00"}`."""

from datetime import time
from functools import lru_cache
from typing import Any

from domain.schedule import Schedule, WeeklyTime


def write_schedule(schedule: Schedule) -> dict[str, Any]:
    return {
        "prompt": _write(schedule.prompt),
        "reminders": [_write(reminder) for reminder in schedule.reminders],
        "digest": _write(schedule.digest),
    }


def read_schedule(kept: dict[str, Any]) -> Schedule:
    reminders = tuple(_read(reminder) for reminder in kept["reminders"])
    return Schedule(_read(kept["prompt"]), reminders, _read(kept["digest"]))


def _write(weekly: WeeklyTime) -> str:
    return f"{weekly.weekday} {weekly.time:%H:%M}"


@lru_cache(maxsize=1024)
def _read(kept: str) -> WeeklyTime:
    weekday, _, clock = kept.partition(" ")
    return WeeklyTime(int(weekday), time.fromisoformat(clock))

"""What owners answer on the Mondays from the fifth week on, each in a line."""

from demo import plan
from demo.stage import Stage

SAME = "Same as last week"
ON_TRACK = "On track"
_CLOCKS = {"Aroha": "09:04", "Priya": "09:02", "Tom": "09:30", "Maya": "09:20", "Ben": "09:15"}
_BUTTONS = (SAME, ON_TRACK)

WORDS = {
    5: {
        "Aroha": "on track, 108 sign-ups a month, four venues signed",
        "Priya": ON_TRACK,
        "Maya": "on track, 4,520 subscribers",
        "Ben": SAME,
    },
    6: {"Priya": ON_TRACK, "Tom": SAME, "Ben": "on track, 24 referred givers, the new form is shorter"},
    7: {
        "Priya": ON_TRACK,
        "Tom": "on track, 0.9 % visits that give",
        "Maya": "on track, 4,650 subscribers",
    },
    8: {
        "Aroha": "on track, 111 sign-ups a month",
        "Priya": "on track, answer time 24 hours",
        "Tom": SAME,
        "Maya": "on track, 4,790 subscribers, 2.9 % open-to-click",
        "Ben": "on track, 34 referred givers",
    },
    9: {
        "Priya": ON_TRACK,
        "Tom": "on track, 1.0 % visits that give",
        "Maya": "on track, 4,930 subscribers",
        "Ben": "on track, 39 referred givers",
    },
    10: {
        "Aroha": "on track, 116 sign-ups a month. Ines sends a third instructor",
        "Priya": "on track, answer time 20 hours",
        "Maya": "on track, 5,080 subscribers",
        "Ben": "on track, 45 referred givers",
    },
    11: {
        "Aroha": "on track, 121 sign-ups a month",
        "Tom": "on track, 1.4 % visits that give",
        "Maya": "on track, 5,240 subscribers, 3.3 % open-to-click",
    },
    12: {
        "Aroha": "on track, 126 sign-ups a month, 2 days held",
        "Tom": ON_TRACK,
        "Maya": "on track, 5,800 subscribers",
    },
    13: {
        "Aroha": "on track, 131 sign-ups a month, 3 days held",
        "Tom": "on track, 1.5 % visits that give",
        "Maya": "on track, 5,880 subscribers, 3.5 % open-to-click",
        "Ben": "on track, 66 referred givers",
    },
}
"""By week and owner; whoever is missing is away, has nothing to answer, or answers in a scene of their own."""


async def take_turns(stage: Stage, number: int, *firsts: str) -> None:
    """The owners' answers of a week, or those of `firsts`, with their numbers, from the first Monday on earth to the last."""
    for first in firsts or plan.OWNERS:
        words = WORDS[number].get(first)
        read = _readings(number, first, words or "")
        note = f"; reports {', '.join(f'{name} {value}' for name, value in read)}" if read else ""
        await stage.until(first, "Mon", _CLOCKS[first])
        if words in _BUTTONS:
            await stage.clicks(first, words, note=note)
        elif words is not None:
            await stage.says(first, words, note=note)
        for name, value in read:
            await stage.reads(first, name, value, is_told=words is None)


async def report(stage: Stage, number: int, first: str, *, said: str = "") -> None:
    """The numbers that a person has for a week, but for those they gave in what they `said` of their initiative."""
    for name, value in _readings(number, first, said):
        await stage.reads(first, name, value)


def _readings(number: int, first: str, said: str) -> list[tuple[str, str]]:
    return [
        (kpi.name, kpi.readings[number - 1])
        for kpi in plan.KPIS
        if kpi.owner == first
        and kpi.readings[number - 1]
        and not (kpi.one_with and kpi.readings[number - 1] in said)
    ]

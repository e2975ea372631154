"""What reads people's words takes ten times as long for ten times the text, however nasty: nobody makes others wait."""

from collections.abc import Sequence

from bench.claims import Claim
from tests.support.long_texts import LONG, SHAPES, SHORT, Shape
from tests.support.readers import READERS, Reader, best_seconds

GOAL = 12
MOST_WALKS = 40
"""Bare walks over the same characters: what anybody else may be kept waiting by one person's words."""
_NOTICEABLE = 0.005
"""Seconds for the long text; what takes less is nobody's trouble, and measures nothing."""
_TRIES = 8


async def measure() -> list[Claim]:
    slowest: list[tuple[float, str]] = []
    claims = []
    for name, read in READERS.items():
        slow = sorted(((best_seconds(read, shape.of(LONG), times=1), shape) for shape in SHAPES), key=_time)
        seconds, shape = slow[-1][0], slow[-1][1]
        slowest.append((min(seconds, best_seconds(read, shape.of(LONG))), f"{name}, {shape.name}"))
        claims.append(_claim(name, read, slow))
    seconds, which = max(slowest)
    bare = best_seconds(_walk, "." * LONG, times=_TRIES)
    worst = f"{LONG:,} characters, the slowest of {len(READERS)} readers, of a bare walk"
    detail = f"{which}: {seconds * 1000:.1f} ms against {bare * 1000:.2f} ms"
    return [*claims, Claim(worst, seconds / bare, MOST_WALKS, "×", at_most=True, detail=detail)]


def _walk(text: str) -> int:
    """The least that Python does to look at each character."""
    return sum(character.isalnum() for character in text)


def _time(timed: tuple[float, Shape]) -> float:
    return timed[0]


def _claim(name: str, read: Reader, slow: Sequence[tuple[float, Shape]]) -> Claim:
    """The shape of text whose time grows most; where none takes long enough to tell, the slowest."""
    noticeable = [shape for seconds, shape in slow if seconds > _NOTICEABLE] or [slow[-1][1]]
    growth, detail = max(_growth(read, shape) for shape in noticeable)
    return Claim(
        f"{LONG:,} characters against {SHORT:,}, {name}", growth, GOAL, "×", at_most=True, detail=detail
    )


def _growth(read: Reader, shape: Shape) -> tuple[float, str]:
    """How many times as long, and what it was: measured again while something else may have slowed it."""
    long = short = float("inf")
    for _ in range(_TRIES):
        long = min(long, best_seconds(read, shape.of(LONG)))
        short = min(short, best_seconds(read, shape.of(SHORT)))
        if long / short <= GOAL:
            break
    return long / short, f"{shape.name}: {long * 1000:.1f} ms against {short * 1000:.2f} ms"

"""The ways a person may name a metric, and its unit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.reading.text import WORD, even, listed

CURRENCY = "$£€¥₹₩₽₺₪"
_UNITS = {
    "%": ("%", "percent", "pct"),
    "s": ("s", "sec", "secs", "second", "seconds"),
    "h": ("h", "hr", "hrs", "hour", "hours"),
    "min": ("min", "mins", "minute", "minutes"),
    "day": ("d", "day", "days"),
    "week": ("week", "weeks"),
    "month": ("month", "months"),
}
UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words}
_GENERIC = listed(
    """
    count number total amount rate time level size score share ratio value cost price day week month
    """
)
_SHORT = {
    "subscriber": "sub",
    "newsletter subscriber": "sub",
    "click rate": "ctr",
    "click-through rate": "ctr",
    "cost per lead": "cpl",
}
"""What everybody calls it, as stems."""
_HEAD_ENDS = listed(
    """
    a an per that who which of in for from by each every to with on at
    """
)


@dataclass(frozen=True, slots=True)
class MetricName:
    """Stems of words in a row; `whole` when they are all that matters of the name, `metric` its position."""

    words: tuple[str, ...]
    metric: int
    whole: bool


def unit_kind(unit: str) -> str:
    written = unit.strip().lower()
    if written[-1:] and written[-1] in CURRENCY:
        return written[-1]
    return UNIT_OF.get(written, "")


def stem(word: str) -> str:
    word = word.lower()
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def stems(text: str) -> list[str]:
    return [stem(word) for word in WORD.findall(text.translate({8217: "'"}))]


def metric_names(metrics: Sequence[tuple[str, str]]) -> list[MetricName]:
    """Ways to name each metric, longest first; one that would name two of them names none."""
    ways: dict[tuple[str, ...], set[tuple[int, bool]]] = {}
    for metric, (name, unit) in enumerate(metrics):
        for words, whole in _ways(even(name), even(unit)):
            ways.setdefault(words, set()).add((metric, whole))
    names = []
    for words, meant in ways.items():
        wholly = {metric for metric, whole in meant if whole}
        which = wholly or {metric for metric, _ in meant}
        if words and len(which) == 1:
            names.append(MetricName(words, next(iter(which)), whole=bool(wholly)))
    return sorted(names, key=lambda name: -len(name.words))


def _ways(name: str, unit: str) -> Iterator[tuple[tuple[str, ...], bool]]:
    parts = name.split()
    head = parts[: next((i for i, part in enumerate(parts) if i and part.lower() in _HEAD_ENDS), len(parts))]
    while len(head) > 1 and stem(head[-1]) in ("count", "number", "total"):
        del head[-1]
    said = {" ".join(parts): True}
    said.setdefault(" ".join(head), len(head) > 1)
    for words, whole in said.items():
        for written in dict.fromkeys((words, words.replace("-", ""))):
            yield tuple(stems(written)), whole
    if "per" in parts[1:-1]:
        yield tuple(stems(" ".join(parts[parts.index("per") :]))), False
    noun = stems(head[-1]) if head else []
    if len("".join(noun)) >= 4 and not set(noun) & _GENERIC:
        yield tuple(noun), False
    if (short := _SHORT.get(stem(name.lower()))) is not None:
        yield (short,), False
    counted = stems(unit)
    if len(counted) == 1 and len(counted[0]) >= 4 and counted[0] not in _GENERIC and not unit_kind(unit):
        yield (counted[0],), False

"""What may be measured, the ways to name it, and what a figure beside such a name is worth."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from domain.reading.amounts import canonical_unit
from domain.reading.metric_names import MetricName, metric_names, stems, unit_kind
from domain.reading.numbers import MOST_DECIMALS
from domain.reading.plain.figures import MONEY, Figure
from domain.reading.plain.names import NameWords
from domain.reading.plain.tokens import SAID, Vocabulary
from domain.reading.text import even
from domain.readings import Before, is_plausible

_SECONDS = {"s": 1, "min": 60, "h": 3_600, "day": 86_400, "week": 7 * 86_400}


@dataclass(frozen=True, slots=True)
class Measurable:
    """A number that may be told: of the initiative at position `owner`, or a KPI where that is None."""

    name: str
    unit: str
    before: Before
    owner: int | None


def vocabulary(names: Sequence[str], measures: Sequence[Measurable]) -> Vocabulary:
    """Each owner's own words for a number; what several owners call the same means each of them."""
    metrics: dict[tuple[str, ...], tuple[MetricName, ...]] = {}
    longest: dict[str, int] = {}
    for owner in dict.fromkeys(measure.owner for measure in measures):
        own = [at for at, measure in enumerate(measures) if measure.owner == owner]
        for name in metric_names([(measures[at].name, measures[at].unit) for at in own]):
            placed = replace(name, metric=own[name.metric])
            metrics[name.words] = (*metrics.get(name.words, ()), placed)
            longest[name.words[0]] = max(longest.get(name.words[0], 0), len(name.words))
    return Vocabulary(metrics, longest, NameWords(names), _spoken(names))


def _spoken(names: Sequence[str]) -> re.Pattern[str] | None:
    groups = [rf"(?P<n{at}>{re.escape(even(name))})" for at, name in enumerate(names) if SAID.search(name)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(groups)})(?!\w)", re.IGNORECASE) if groups else None


def is_named(name: MetricName, measure: Measurable) -> bool:
    """Not by the unit alone: "12 families" may be any."""
    return name.whole or list(name.words) != stems(measure.unit) or list(name.words) == stems(measure.name)


def is_full(name: MetricName, measure: Measurable) -> bool:
    """The whole name, which goes before a part of another's: "answer time" before "Answer time to parents"."""
    return list(name.words) in (stems(measure.name), stems(measure.name.replace("-", "")))


def worth(figure: Figure, name: MetricName, measure: Measurable) -> tuple[Decimal, bool] | None:
    """The value in the measure's own unit and whether it is likely; None where the figure cannot be one of it.

    Of the two things that `4.650` can mean it is the likely one.
    """
    factor = _factor(figure.unit, measure.unit)
    if factor is None or not (figure.unit or name.whole or not _own(measure.unit)):
        return None
    if figure.total is not None and measure.before.target not in _converted(figure.total, factor):
        return None
    values = _converted(figure.values, factor)
    likely = [value for value in values if _is_likely(value, measure)]
    if not values or len(likely) > 1:
        return None
    return (likely[0], True) if likely else (values[0], False)


def _own(unit: str) -> str:
    """The unit as figures have it; "" for what is only counted."""
    kind = unit_kind(unit) or unit.strip().lower()
    return kind if unit_kind(unit) or kind in MONEY else ""


def _converted(values: Sequence[Decimal], factor: Fraction) -> list[Decimal]:
    """As fine as a number is kept."""
    if factor == 1:
        return list(values)
    return [round(value * factor.numerator / factor.denominator, MOST_DECIMALS) for value in values]


def _factor(written: str, unit: str) -> Fraction | None:
    own = _own(unit)
    if written in ("", own) or canonical_unit(written) == canonical_unit(own):
        return Fraction(1)
    if written in _SECONDS and own in _SECONDS:
        return Fraction(_SECONDS[written], _SECONDS[own])
    return None


def _is_likely(value: Decimal, measure: Measurable) -> bool:
    known = [one for one in (measure.before.last, measure.before.target) if one is not None]
    is_counted = (
        not _own(measure.unit) and bool(known) and all(one == one.to_integral_value() for one in known)
    )
    return is_plausible(value, measure.before) and not (is_counted and value != value.to_integral_value())

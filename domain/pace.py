"""Where a number should stand on its way from baseline to target, a KPI's or a success metric's."""

from datetime import date
from decimal import Decimal

TOLERANCE = Decimal("0.1")
"""The share of the whole way that a value may lag the line and still be on pace."""


def straight_line(baseline: Decimal, target: Decimal, first: date, last: date, on: date) -> Decimal:
    """Where the line from the baseline on the first day to the target on the last stands; level before and after."""
    length = max((last - first).days, 1)
    passed = min(max((on - first).days, 0), length)
    return baseline + (target - baseline) * passed / length

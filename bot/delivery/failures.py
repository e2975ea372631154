"""Calls that fail again and again: whether Slack is to blame or the call itself."""

from collections import Counter
from dataclasses import dataclass

from storage.delivery.sending import Outgoing

MOST_FAILURES = 5
"""How often a call may fail, with others of its method made in between, before it is set aside."""


@dataclass(slots=True)
class _Failing:
    """How often it failed, and how many of its method had been made when that last counted."""

    made: int
    times: int = 0
    error: str = ""


class Failures:
    """Of one workspace. Times between which Slack took nothing else do not count: then the call is not to blame."""

    def __init__(self) -> None:
        self._made: Counter[str] = Counter()
        self._failing: dict[int, _Failing] = {}

    def made(self, row: Outgoing) -> None:
        self._made[row.method] += 1
        self._failing.pop(row.id, None)

    def failed(self, row: Outgoing, error: str) -> None:
        self._of(row).error = error

    def is_hopeless(self, row: Outgoing) -> bool:
        """Asked each time that it turns out not to have been made: whether that was too often by now."""
        failing, made = self._of(row), self._made[row.method]
        if made > failing.made:
            failing.times, failing.made = failing.times + 1, made
        return failing.times >= MOST_FAILURES

    def give_up(self, row: Outgoing) -> str:
        """Forget it; returns how it failed."""
        return self._failing.pop(row.id).error

    def _of(self, row: Outgoing) -> _Failing:
        return self._failing.setdefault(row.id, _Failing(self._made[row.method]))

"""The rows of one workspace that a worker knows of, and which of them may go out next."""

import bisect
from collections.abc import Iterable
from datetime import datetime

from bot.delivery.pacing import Pace
from storage.sending import Waiting


class Queue:
    """In the order of ids, which holds within each target. Times are monotonic seconds."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._rows: list[Waiting] = []
        self._retry_at: dict[int, float] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, rows: Iterable[Waiting], retry_at: float | None = None) -> None:
        known = {row.id for row in self._rows}
        for row in rows:
            if row.id not in known:
                bisect.insort(self._rows, row, key=lambda waiting: waiting.id)
            if retry_at is not None:
                self._retry_at[row.id] = retry_at

    def delay(self, row_id: int, until: float) -> None:
        """Do not try this row, nor what comes after it for the same target, until then."""
        self._retry_at[row_id] = until

    def remove(self, row: Waiting) -> None:
        self._rows.remove(row)
        self._retry_at.pop(row.id, None)

    def take_expired(self, now: datetime) -> list[Waiting]:
        """Remove and return what makes no sense any more; `now` is schedule time."""
        expired = [row for row in self._rows if row.expires_at is not None and row.expires_at <= now]
        for row in expired:
            self.remove(row)
        return expired

    def next(self, now: float) -> tuple[Waiting | None, float | None]:
        """The row that may go out now, or when one may; (None, None) when nothing waits."""
        soonest: float | None = None
        seen: set[str] = set()
        for row in self._rows:
            if row.target in seen:
                continue
            seen.add(row.target)
            ready = max(self._pace.ready_at(row.method, row.target), self._retry_at.get(row.id, 0.0))
            if ready <= now:
                return row, None
            soonest = ready if soonest is None else min(soonest, ready)
        return None, soonest

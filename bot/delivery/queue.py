"""The rows of one workspace that a worker knows of, and which of them may go out next."""

from collections.abc import Iterable
from datetime import UTC, datetime

from bot.delivery.histories import is_looked_for, must_be_asked
from bot.delivery.pacing import HISTORY, Pacing
from storage.delivery.sending import Outgoing, Sent

_NEVER = datetime.max.replace(tzinfo=UTC)


class Queue:
    """In the order of ids, which holds within each target. Times are monotonic seconds."""

    def __init__(self, pace: Pacing) -> None:
        self._pace = pace
        self._rows: dict[int, Outgoing] = {}
        self._retry_at: dict[int, float] = {}
        self._posted: dict[int, tuple[str, str]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def replace(self, rows: Iterable[Outgoing]) -> None:
        """What waits now, as the database has it."""
        self._rows = {row.id: row for row in rows}
        self._posted.clear()

    def put_back(self, row: Outgoing, retry_at: float = 0.0) -> None:
        """Try it again then; what comes after it for the same target waits as well."""
        self._retry_at[row.id] = retry_at
        if row.id not in self._rows:
            self._rows = dict(sorted([*self._rows.items(), (row.id, row)]))

    def take(self, row: Outgoing) -> None:
        """Remove a row to send it, with what became of its message since it was read."""
        self._rows.pop(row.id, None)
        if row.message_id in self._posted:
            row.channel_id, row.ts = self._posted[row.message_id]
        if row.thread_of in self._posted and row.thread_ts is None:
            row.thread_ts = self._posted[row.thread_of][1]

    def posted(self, sent: Sent) -> None:
        message_id = sent.outgoing.message_id
        if message_id is not None and sent.channel_id is not None and sent.ts is not None:
            self._posted[message_id] = (sent.channel_id, sent.ts)

    def take_expired(self, now: datetime) -> list[Outgoing]:
        """Remove and return what makes no sense any more; `now` is schedule time. What perhaps was said is not over."""
        expired = [
            row
            for row in self._rows.values()
            if row.expires_at is not None
            and row.expires_at <= now
            and (row.in_doubt_since is None or row.said_since is not None)
        ]
        return self._without(expired)

    def take_unsettled(self, now: datetime, looking_since: datetime) -> list[Outgoing]:
        """Remove and return what somebody must say whether it was said before a restore; schedule times."""
        return self._without([row for row in self._rows.values() if must_be_asked(row, now, looking_since)])

    def _without(self, rows: list[Outgoing]) -> list[Outgoing]:
        for row in rows:
            del self._rows[row.id]
        return rows

    def next(self, now: float) -> tuple[Outgoing | None, float | None]:
        """The row that may go out now, or when one may; (None, None) when nothing waits."""
        soonest: float | None = None
        urgent: Outgoing | None = None
        seen: set[str] = set()
        for row in self._rows.values():
            is_of_before = is_looked_for(row)
            if row.target in seen and not is_of_before:
                continue
            if not is_of_before:  # what was perhaps said long ago keeps nothing of today waiting
                seen.add(row.target)
            method = HISTORY if is_of_before else row.method
            ready = max(self._pace.ready_at(method, row.target), self._retry_at.get(row.id, 0.0))
            if ready <= now and method is not HISTORY:
                return row, None
            if ready <= now:
                urgent = min(filter(None, (urgent, row)), key=_until)
                continue
            soonest = ready if soonest is None else min(soonest, ready)
        return urgent, None if urgent else soonest


def _until(row: Outgoing) -> datetime:
    return row.expires_at or _NEVER

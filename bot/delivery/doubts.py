"""Was it made? When to look for what a call in doubt would have shown, and how: by a message's metadata, by a file's id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.delivery.calls import EVENT_TYPE, Caller, CallResult, Fate
from bot.delivery.pacing import HISTORY
from storage.delivery.outbox import FILE, is_direct
from storage.delivery.sending import Outgoing

_PAGE = 200
_EARLIER = timedelta(minutes=1)  # Slack's clock and ours differ a little


class Looks:
    """When rows in doubt are looked for. `seconds` are counted from when the doubt began, or was taken over; what has
    not shown by the last of them never will. Times are monotonic seconds.
    """

    def __init__(self, seconds: Sequence[float]) -> None:
        self._seconds = tuple(seconds)
        self._began: dict[int, float] = {}

    def begin(self, row_id: int, now: float) -> None:
        self._began.setdefault(row_id, now)

    def end(self, row_id: int) -> None:
        self._began.pop(row_id, None)

    def is_over(self, row_id: int, now: float) -> bool:
        """Whether the call cannot show anything any more."""
        return now >= self.over_at(row_id)

    def over_at(self, row_id: int) -> float:
        return self._began[row_id] + self._seconds[-1]

    def next_at(self, row_id: int, now: float) -> float:
        """When to look next; the last time is when it is over."""
        began = self._began[row_id]
        return next((began + after for after in self._seconds if began + after > now), self.over_at(row_id))


@dataclass(frozen=True, slots=True)
class Found:
    """Where it is, and which version of its payload it shows; `ts` None: it is not there."""

    channel_id: str
    ts: str | None
    version: int = -1


async def look_up(caller: Caller, token: str, outgoing: Outgoing) -> Found | CallResult:
    """Look for a direct message or a file; a result other than made says why that could not be done (now)."""
    if outgoing.method == FILE:
        return await _look_for_file(caller, token, outgoing)
    channel_id = await caller.find_channel(token, outgoing)
    if isinstance(channel_id, CallResult):
        return channel_id
    where = Conversation(channel_id, outgoing.thread_ts, outgoing.created_at - _EARLIER)
    cursor: str | None = ""
    while cursor is not None:
        page = await read_page(caller, token, where, _PAGE, cursor)
        if isinstance(page, CallResult):
            return page
        messages, cursor = page
        for message in messages:
            if (version := version_of(message, outgoing)) is not None:
                return Found(channel_id, str(message["ts"]), version)
    return Found(channel_id, None)


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is read: a channel, or one thread in it, from an instant on."""

    channel_id: str
    thread_ts: str | None
    since: datetime


async def read_page(
    caller: Caller, token: str, where: Conversation, size: int, cursor: str
) -> tuple[Sequence[Mapping[str, Any]], str | None] | CallResult:
    """The messages of a page, and where the next one begins: None when there is no more."""
    args = {
        "channel": where.channel_id,
        "oldest": f"{where.since.timestamp():.6f}",
        "include_all_metadata": "true",
        "limit": str(size),
    }
    if cursor:
        args["cursor"] = cursor
    if where.thread_ts:
        page = await caller.ask(token, "conversations.replies", {**args, "ts": where.thread_ts})
    else:
        page = await caller.ask(token, HISTORY, args)
    if page.error == "thread_not_found":  # it would be there if anything stood in it
        return (), None
    if page.fate is not Fate.MADE:
        return page
    return page.body["messages"], (page.body.get("response_metadata") or {}).get("next_cursor") or None


def can_be_found(outgoing: Outgoing) -> bool:
    """Whether there is a way to look for it: the bot reads its direct messages, and no channel."""
    return outgoing.method == FILE or is_direct(outgoing.target)


def told_of(message: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What we said of a message when we sent it; None for others' messages."""
    metadata = message.get("metadata") or {}
    return (metadata.get("event_payload") or {}) if metadata.get("event_type") == EVENT_TYPE else None


def version_of(message: Mapping[str, Any], row: Outgoing) -> int | None:
    """The version of the payload that a message shows; None where it is another message."""
    told = told_of(message)
    return int(told.get("version", -1)) if told is not None and told.get("id") == str(row.id) else None


async def _look_for_file(caller: Caller, token: str, outgoing: Outgoing) -> Found | CallResult:
    if outgoing.file_id is None:
        return Found("", None)
    found = await caller.ask(token, "files.info", {"file": outgoing.file_id})
    if found.fate is Fate.REFUSED and found.error == "file_not_found":
        return Found("", None)
    if found.fate is not Fate.MADE:
        return found
    file: Mapping[str, Any] = found.body["file"]
    is_shared = any(file.get(where) for where in ("shares", "channels", "groups", "ims"))
    return Found("", outgoing.file_id if is_shared else None, outgoing.version)

"""Was it made? When to look for what a call in doubt would have shown, and how: by a message's metadata, by a file's id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.delivery.calls import EVENT_TYPE, Caller, CallResult, Fate
from storage.delivery.outbox import FILE, is_direct
from storage.delivery.sending import Outgoing

_PAGE = "200"
_EARLIER_SECONDS = 60  # Slack's clock and ours differ a little


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
    channel_id = _known_channel(outgoing)
    if channel_id is None:
        opened = await caller.ask(token, "conversations.open", {"users": outgoing.target})
        if opened.fate is not Fate.MADE:
            return opened
        channel_id = str(opened.body["channel"]["id"])
    method, args = _question(outgoing, channel_id)
    while True:
        page = await caller.ask(token, method, args)
        if page.error == "thread_not_found":  # it would be there if anything stood in it
            return Found(channel_id, None)
        if page.fate is not Fate.MADE:
            return page
        for message in page.body["messages"]:
            if (version := _version(message, outgoing)) is not None:
                return Found(channel_id, str(message["ts"]), version)
        cursor = (page.body.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return Found(channel_id, None)
        args["cursor"] = cursor


def _known_channel(outgoing: Outgoing) -> str | None:
    own = outgoing.target if outgoing.target.startswith("D") else None
    return outgoing.channel_id or outgoing.dm_channel_id or own


def can_be_found(outgoing: Outgoing) -> bool:
    """Whether there is a way to look for it: the bot reads its direct messages, and no channel."""
    return outgoing.method == FILE or is_direct(outgoing.target)


def _question(outgoing: Outgoing, channel_id: str) -> tuple[str, dict[str, str]]:
    args = {
        "channel": channel_id,
        "oldest": f"{outgoing.created_at.timestamp() - _EARLIER_SECONDS:.6f}",
        "include_all_metadata": "true",
        "limit": _PAGE,
    }
    if outgoing.thread_ts:
        return "conversations.replies", {**args, "ts": outgoing.thread_ts}
    return "conversations.history", args


def _version(message: Mapping[str, Any], outgoing: Outgoing) -> int | None:
    """The version of the payload that a message shows; None where it is another message."""
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    is_it = metadata.get("event_type") == EVENT_TYPE and payload.get("id") == str(outgoing.id)
    return int(payload.get("version", -1)) if is_it else None


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

"""Was it said before a restore? Direct messages are looked for in what Slack has of them, a page at a time."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.delivery.calls import EVENT_TYPE, CallResult, Fate
from bot.delivery.doubts import Found
from bot.delivery.pacing import HISTORY
from bot.delivery.tools import Tools
from storage.delivery.doubts import is_posted
from storage.delivery.outbox import POST, is_direct
from storage.delivery.sending import Outgoing

PATIENCE = timedelta(hours=1)
"""What history has not settled after so long, a lead is asked about."""
_REPLIES = "conversations.replies"
_PAGE = "15"


def is_looked_for(row: Outgoing) -> bool:
    """Whether history can say if it was said: the bot reads its direct messages, and no channel."""
    return row.said_since is not None and row.method == POST and is_direct(row.target)


def must_be_asked(row: Outgoing, now: datetime, looking_since: datetime) -> bool:
    """Whether only a person can say by now; the bot may have been started long after the restore."""
    if row.said_since is None or row.method != POST:
        return False
    since = max(row.in_doubt_since or looking_since, looking_since)
    return not is_looked_for(row) or now >= since + PATIENCE


@dataclass(slots=True)
class _Pages:
    """What was read of a conversation so far, the newest first; `cursor` None: there is no more."""

    channel_id: str
    messages: list[Mapping[str, Any]] = field(default_factory=list)
    cursor: str | None = ""


class Histories:
    """What a worker has read, so that several messages to the same person cost no more calls than one."""

    def __init__(self, tools: Tools, workspace_id: str) -> None:
        self._transact = tools.transact.within(workspace_id)
        self._caller = tools.caller
        self._workspace_id = workspace_id
        self.since = tools.clock.now()
        """When looking began; schedule time."""
        self._read: dict[tuple[str, str | None], _Pages] = {}

    async def look(self, token: str, row: Outgoing) -> Found | CallResult | None:
        """Look in what was read, then in one page more; None: there are more pages. A result says why it cannot be (now)."""
        pages = self._read.get((row.target, row.thread_ts))
        if pages is None:
            channel_id = (
                row.channel_id or row.dm_channel_id or (row.target if row.target.startswith("D") else None)
            )
            if channel_id is None:
                opened = await self._caller.ask(token, "conversations.open", {"users": row.target})
                if opened.fate is not Fate.MADE:
                    return opened
                channel_id = str(opened.body["channel"]["id"])
            pages = self._read[row.target, row.thread_ts] = _Pages(channel_id)
        if found := await self._find(pages, row):
            return found
        if pages.cursor is not None:
            if refusal := await self._turn(token, pages, row):
                return refusal
            if found := await self._find(pages, row):
                return found
        return Found(pages.channel_id, None) if pages.cursor is None else None

    async def _turn(self, token: str, pages: _Pages, row: Outgoing) -> CallResult | None:
        assert row.said_since is not None
        args = {
            "channel": pages.channel_id,
            "oldest": f"{row.said_since.timestamp():.6f}",
            "include_all_metadata": "true",
            "limit": _PAGE,
        }
        if pages.cursor:
            args["cursor"] = pages.cursor
        method = _REPLIES if row.thread_ts else HISTORY
        page = await self._caller.ask(token, method, args | ({"ts": row.thread_ts} if row.thread_ts else {}))
        if page.error == "thread_not_found":  # it would be there if anything stood in it
            pages.cursor = None
            return None
        if page.fate is not Fate.MADE:
            return page
        pages.messages += page.body["messages"]
        pages.cursor = (page.body.get("response_metadata") or {}).get("next_cursor") or None
        return None

    async def _find(self, pages: _Pages, row: Outgoing) -> Found | None:
        """The same row, the same occasion, or the same words; each message stands for one."""
        for matches in (_version_of, _same_occasion, _same_words):
            for message in pages.messages:
                version = matches(message, row)
                if version is not None and not await self._is_known(pages.channel_id, str(message["ts"])):
                    pages.messages.remove(message)
                    return Found(pages.channel_id, str(message["ts"]), version)
        return None

    async def _is_known(self, channel_id: str, ts: str) -> bool:
        """Whether it is a message that the restored database knows of."""
        return await self._transact(is_posted, self._workspace_id, channel_id, ts)


def _told_of(message: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What we said of a message when we sent it; None for others' messages."""
    metadata = message.get("metadata") or {}
    return (metadata.get("event_payload") or {}) if metadata.get("event_type") == EVENT_TYPE else None


def _version_of(message: Mapping[str, Any], row: Outgoing) -> int | None:
    told = _told_of(message)
    return int(told.get("version", -1)) if told is not None and told.get("id") == str(row.id) else None


def _same_occasion(message: Mapping[str, Any], row: Outgoing) -> int | None:
    """It is brought up to date: what its buttons are about is known by other ids now."""
    told = _told_of(message)
    is_it = told is not None and row.occasion is not None and told.get("occasion") == row.occasion
    return -1 if is_it else None


def _same_words(message: Mapping[str, Any], row: Outgoing) -> int | None:
    told = _told_of(message)
    is_it = (
        told is not None
        and bool(message.get("text"))
        and message["text"] == json.loads(row.payload).get("text")
    )
    return -1 if is_it else None

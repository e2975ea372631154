"""Was it said before a restore? Direct messages are looked for in what Slack has of them, a page at a time."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.delivery.calls import CallResult
from bot.delivery.doubts import Conversation, Found, read_page, told_of, version_of
from bot.delivery.tools import Tools
from storage.delivery.doubts import is_posted
from storage.delivery.outbox import POST, is_direct
from storage.delivery.sending import Outgoing

PATIENCE = timedelta(hours=1)
"""What history has not settled after so long, a lead is asked about."""
_PAGE = 15


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
            channel_id = await self._caller.find_channel(token, row)
            if isinstance(channel_id, CallResult):
                return channel_id
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
        where = Conversation(pages.channel_id, row.thread_ts, row.said_since)
        page = await read_page(self._caller, token, where, _PAGE, pages.cursor or "")
        if isinstance(page, CallResult):
            return page
        messages, pages.cursor = page
        pages.messages += messages
        return None

    async def _find(self, pages: _Pages, row: Outgoing) -> Found | None:
        """The same row, the same occasion, or the same words; each message stands for one."""
        for matches in (version_of, _same_occasion, _same_words):
            for message in pages.messages:
                version = matches(message, row)
                if version is not None and not await self._is_known(pages.channel_id, str(message["ts"])):
                    pages.messages.remove(message)
                    return Found(pages.channel_id, str(message["ts"]), version)
        return None

    async def _is_known(self, channel_id: str, ts: str) -> bool:
        """Whether it is a message that the restored database knows of."""
        return await self._transact(is_posted, self._workspace_id, channel_id, ts)


def _same_occasion(message: Mapping[str, Any], row: Outgoing) -> int | None:
    """It is brought up to date: what its buttons are about is known by other ids now."""
    told = told_of(message)
    is_it = told is not None and row.occasion is not None and told.get("occasion") == row.occasion
    return -1 if is_it else None


def _same_words(message: Mapping[str, Any], row: Outgoing) -> int | None:
    told = told_of(message)
    is_it = (
        told is not None
        and bool(message.get("text"))
        and message["text"] == json.loads(row.payload).get("text")
    )
    return -1 if is_it else None

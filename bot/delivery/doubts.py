"""Was it posted? Looking up, by its metadata, a message whose sending ended without an answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.delivery.calls import EVENT_TYPE, Answer, Caller, Fate
from storage.sending import Outgoing

_PAGE = "200"
_EARLIER_SECONDS = 60  # Slack's clock and ours differ a little


@dataclass(frozen=True, slots=True)
class Found:
    """Where it is; `ts` None: it is not there."""

    channel_id: str
    ts: str | None


async def look_up(caller: Caller, token: str, outgoing: Outgoing) -> Found | Answer:
    """Look for a direct message; an Answer other than made says why that could not be done (now)."""
    channel_id = outgoing.channel_id or outgoing.dm_channel_id
    if channel_id is None:
        opened = await caller.ask(token, "conversations.open", {"users": outgoing.target})
        if opened.fate is not Fate.MADE:
            return opened
        channel_id = str(opened.body["channel"]["id"])
    method, args = _question(outgoing, channel_id)
    while True:
        page = await caller.ask(token, method, args)
        if page.fate is not Fate.MADE:
            return page
        for message in page.body["messages"]:
            if _is_it(message, outgoing):
                return Found(channel_id, str(message["ts"]))
        cursor = (page.body.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return Found(channel_id, None)
        args["cursor"] = cursor


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


def _is_it(message: Mapping[str, Any], outgoing: Outgoing) -> bool:
    metadata = message.get("metadata") or {}
    ours = metadata.get("event_type") == EVENT_TYPE
    return ours and (metadata.get("event_payload") or {}).get("id") == str(outgoing.id)

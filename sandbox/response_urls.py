"""response_url: five answers in thirty minutes of real time, to the person who acted."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox import limits, payloads
from sandbox.refusals import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.apps import App
    from sandbox.message import Message
    from sandbox.server import LocalSlack
    from sandbox.workspace import Conversation

JSON = dict[str, Any]
USES = 5
SECONDS = 30 * 60.0


@dataclass(eq=False, slots=True)
class ResponseUrl:
    """`source` is the message acted on, `shown` is told of what the person got to see."""

    app: App
    user_id: str
    conversation: Conversation
    expires: float
    shown: Callable[[Message], None]
    source: Message | None = None
    uses: int = 0


class ResponseUrls:
    def __init__(self, slack: LocalSlack, monotonic: Callable[[], float]) -> None:
        self._slack = slack
        self._monotonic = monotonic
        self._issued: dict[str, ResponseUrl] = {}

    def issue(
        self,
        app: App,
        user_id: str,
        conversation: Conversation,
        shown: Callable[[Message], None],
        source: Message | None = None,
    ) -> str:
        key = secrets.token_urlsafe(18)
        expires = self._monotonic() + SECONDS
        self._issued[key] = ResponseUrl(app, user_id, conversation, expires, shown, source)
        return f"{self._slack.url}/response/{self._slack.workspace.id}/{key}"

    async def serve(self, request: web.Request) -> web.Response:
        found = self._issued.get(request.match_info["key"])
        if found is None or self._monotonic() > found.expires:
            return web.json_response({"ok": False, "error": "expired_url"}, status=404)
        if found.uses >= USES:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        found.uses += 1
        try:
            answer(self._slack, found, json.loads(await request.read()))
        except ApiError as refused:
            return web.json_response({"ok": False, "error": refused.code, **refused.extra}, status=400)
        return web.json_response({"ok": True})


def answer(slack: LocalSlack, to: ResponseUrl, body: JSON) -> None:
    """Does what a response asks: a note to the person, a message to all, a change of the source, or its end."""
    if to.source is not None and body.get("delete_original"):
        _delete(slack, to.source)
        return
    blocks = body.get("blocks")
    if blocks is not None:
        limits.check_message(blocks)
        blocks = payloads.with_block_ids(blocks, slack.workspace)
    content: JSON = {"text": str(body.get("text") or "")}
    if blocks:
        content["blocks"] = blocks
    if not any(content.values()):
        raise ApiError("no_text")
    if to.source is not None and body.get("replace_original"):
        _replace(slack, to.source, content)
        return
    _post(slack, to, content, body)


def _post(slack: LocalSlack, to: ResponseUrl, content: JSON, body: JSON) -> None:
    raw = {
        "user": to.app.bot_user_id,
        "type": "message",
        "ts": to.conversation.next_ts(),
        "bot_id": to.app.bot_id,
        "app_id": to.app.app_id,
        "team": slack.workspace.id,
        **content,
    }
    if (root := body.get("thread_ts")) and root in to.conversation.log:
        raw["thread_ts"] = root
    if body.get("response_type") == "in_channel":
        message = to.conversation.add(raw)
        slack.events.posted(message)
    else:
        message = slack.show_ephemeral(raw, to.conversation, to.user_id)
    to.shown(message)


def _replace(slack: LocalSlack, source: Message, content: JSON) -> None:
    before = dict(source.raw)
    source.raw.pop("blocks", None)
    source.raw.update(content)
    if source.ephemeral_to is None:
        source.raw["edited"] = {"user": source.user, "ts": f"{slack.workspace.now()}.000000"}
        slack.events.changed(source, before)


def _delete(slack: LocalSlack, source: Message) -> None:
    if source.ephemeral_to is not None:
        slack.workspace.ephemerals.remove(source)
    elif source.ts in source.conversation.log:
        source.conversation.remove(source.ts)
        slack.events.deleted(source)

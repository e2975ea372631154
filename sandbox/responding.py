"""What an app says by response_url: a note to the person, a message to all, a change of the source, or its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox import limits, payloads
from sandbox.reading_json import read_json
from sandbox.refusals import ApiError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox.core import Core
    from sandbox.response_urls import ResponseUrl
    from sandbox.workspace import Message

JSON = dict[str, Any]


async def serve(worlds: Sequence[Core], request: web.Request) -> web.Response:
    team = request.match_info["team"]
    slack = next((one for one in worlds if one.workspace.id == team), None)
    if slack is None:
        return web.Response(status=404)
    try:
        to = slack.response_urls.use(request.match_info["key"])
    except ApiError as spent:
        return web.json_response({"ok": False, "error": spent.code}, status=404)
    try:
        answer(slack, to, _object(await request.read()))
    except ApiError as refused:
        return web.json_response({"ok": False, "error": refused.code, **refused.extra}, status=400)
    return web.json_response({"ok": True})


def _object(raw: bytes) -> JSON:
    """Raises invalid_payload."""
    try:
        body = read_json(raw)
    except ValueError as broken:
        raise ApiError("invalid_payload") from broken
    if not isinstance(body, dict):
        raise ApiError("invalid_payload")
    return body


def answer(slack: Core, to: ResponseUrl, body: JSON) -> None:
    """Does what a response asks. Raises ApiError."""
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


def _post(slack: Core, to: ResponseUrl, content: JSON, body: JSON) -> None:
    raw = {
        "user": to.app.bot_user_id,
        "type": "message",
        "ts": to.conversation.next_ts(),
        "bot_id": to.app.bot_id,
        "app_id": to.app.app_id,
        "team": slack.workspace.id,
        **content,
    }
    if (root := str(body.get("thread_ts") or "")) and root in to.conversation.log:
        raw["thread_ts"] = root
    if body.get("response_type") == "in_channel":
        message = to.conversation.add(raw)
        slack.events.posted(message)
    else:
        message = slack.show_ephemeral(raw, to.conversation, to.user_id)
    to.shown(message)


def _replace(slack: Core, source: Message, content: JSON) -> None:
    before = dict(source.raw)
    source.raw.pop("blocks", None)
    source.raw.update(content)
    if source.ephemeral_to is None:
        source.raw["edited"] = {"user": source.user, "ts": f"{slack.workspace.now()}.000000"}
        slack.events.changed(source, before)


def _delete(slack: Core, source: Message) -> None:
    if source.ephemeral_to is not None:
        slack.workspace.ephemerals.remove(source)
    elif source.ts in source.conversation.log:
        source.conversation.remove(source.ts)
        slack.events.deleted(source)

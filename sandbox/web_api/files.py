"""files.*: the three steps of an upload, and looking at a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox import canvases, limits, payloads
from sandbox.files import shape_of
from sandbox.records import Canvas, File
from sandbox.refusals import ApiError
from sandbox.web_api import chat, targets
from sandbox.web_api.call import is_number, needs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox.core import Core
    from sandbox.web_api.call import Call
    from sandbox.workspace import Workspace

JSON = dict[str, Any]
MOST_ALT_TEXT = 1000
MOST_CHANNELS = 100
_NO_MORE = {"next_cursor": ""}


def get_upload_url(call: Call) -> JSON:
    workspace = call.slack.workspace
    name, length = call.required("filename"), call.required("length")
    if not is_number(length) or int(length) == 0:
        raise ApiError("invalid_arguments")
    if len(call.text("alt_txt")) > MOST_ALT_TEXT:
        raise ApiError("invalid_arguments")
    file = File(workspace.new_id("F"), name, name, int(length), call.app.bot_user_id, workspace.now())
    file.alt_text = call.text("alt_txt")
    workspace.files[file.id] = file
    return {"upload_url": f"{call.slack.url}/upload/v1/{file.id}", "file_id": file.id}


async def receive(worlds: Sequence[Core], request: web.Request) -> web.Response:
    """The bytes of a promised file; its length must be the one announced."""
    wanted = request.match_info["file"]
    file = next((f for one in worlds if (f := one.workspace.files.get(wanted))), None)
    if file is None or file.completed:
        return web.Response(status=404, text="Not found")
    try:
        content = await _bytes_of(request)
    except (ValueError, LookupError):
        return web.Response(status=400, text="Malformed body")
    if len(content) != file.size:
        return web.Response(status=400, text="Length mismatch")
    file.content = content
    return web.Response(text=f"OK - {len(content)}")


async def _bytes_of(request: web.Request) -> bytes:
    """Raises ValueError or LookupError."""
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    parts = (await request.post()).values()
    return b"".join(part.file.read() for part in parts if isinstance(part, web.FileField))


def download(worlds: Sequence[Core], request: web.Request) -> web.Response:
    """The bytes behind `url_private`; without a token that may read files there, Slack shows its sign-in page."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    try:
        app = worlds[0].tokens.find(token)
        needs(app, "files:read")
    except ApiError:
        return web.Response(text="<html><body>Sign in</body></html>", content_type="text/html")
    workspace = next(one.workspace for one in worlds if one.workspace.id == app.team_id)
    wanted = request.match_info["file"]
    canvas = canvases.find(workspace, wanted)
    if canvas is not None and _may_see(workspace, canvas, app.bot_user_id):
        return web.Response(text=canvases.html_of(canvas), content_type="text/html")
    file = workspace.files.get(wanted)
    if file is None or file.content is None:
        return web.Response(status=404, text="Not found")
    return web.Response(body=file.content, content_type="application/octet-stream")


def _may_see(workspace: Workspace, canvas: Canvas, user_id: str) -> bool:
    where = workspace.conversations[canvas.channel_id]
    return not where.is_private or user_id in where.members


def complete_upload(call: Call) -> JSON:
    """Shares the uploaded files as one message in each channel; without a channel they stay private."""
    files = []
    for given in call.objects("files", "invalid_arguments") or []:
        file = call.slack.workspace.files.get(str(given.get("id", "")))
        if file is None or file.content is None:
            raise ApiError("file_not_found")
        file.title = str(given.get("title") or file.name)
        files.append(file)
    if not files:
        raise ApiError("invalid_arguments")
    channels = [c.strip() for c in (call.text("channels") or call.text("channel_id")).split(",") if c.strip()]
    if len(channels) > MOST_CHANNELS:
        raise ApiError("invalid_channel")
    conversations = [targets.postable(call, channel) for channel in channels]
    content = _words(call)
    for file in files:
        file.completed = True
    for conversation in conversations:
        raw = chat.authored(
            call, conversation, {**content, "files": [shape_of(call.slack, f) for f in files]}
        )
        chat.put_in_thread(call, conversation, raw)
        message = conversation.add(raw)
        for file in files:
            file.shares[conversation.id] = message.ts
        call.slack.events.posted(message)
    return {"files": [{"id": file.id, "title": file.title} for file in files]}


def _words(call: Call) -> JSON:
    blocks = call.decoded("blocks", "invalid_blocks_format")
    if blocks is None:
        return {"text": call.text("initial_comment")}
    limits.check_message(blocks)
    return {
        "text": call.text("initial_comment"),
        "blocks": payloads.with_block_ids(blocks, call.slack.workspace),
    }


def info(call: Call) -> JSON:
    """Slack processes a file after the answer to its upload: the first look finds no mimetype yet."""
    wanted = call.required("file")
    if canvas := canvases.find(call.slack.workspace, wanted):
        if not _may_see(call.slack.workspace, canvas, call.app.bot_user_id):
            raise ApiError("file_not_found")
        canvases.require_allowed(call.slack.workspace)
        return {
            "file": canvases.file_of(call.slack.workspace, call.slack.url, canvas),
            "comments": [],
            "response_metadata": _NO_MORE,
        }
    file = call.slack.workspace.files.get(wanted)
    if file is None or not file.completed:
        raise ApiError("file_not_found")
    file.looks += 1
    shape = shape_of(call.slack, file, processed=file.looks > 1)
    return {
        "file": {
            **shape,
            "shares": _shares(call, file),
            "channels": list(file.shares),
            "groups": [],
            "ims": [],
        },
        "comments": [],
        "response_metadata": _NO_MORE,
    }


def _shares(call: Call, file: File) -> JSON:
    shares: JSON = {}
    for channel, ts in file.shares.items():
        kind = "private" if call.slack.workspace.conversations[channel].is_private else "public"
        shares.setdefault(kind, {})[channel] = [{"ts": ts, "team_id": call.slack.workspace.id}]
    return shares

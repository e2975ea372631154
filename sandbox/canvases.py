"""Canvases of channels: sections of Markdown, and who wrote in them.

docs.slack.dev/surfaces/canvases; what no page of Slack's says is named in the README.
"""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

from sandbox.records import Canvas
from sandbox.refusals import ApiError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markdown_it.token import Token

    from sandbox.workspace import Conversation, Workspace

JSON = dict[str, Any]
MOST_MARKDOWN = 1_048_576
"""Characters: 1 MiB, says Slack."""
_PARSER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def find(workspace: Workspace, canvas_id: str) -> Canvas | None:
    every = (one.canvas for one in workspace.conversations.values())
    return next((one for one in every if one is not None and one.id == canvas_id), None)


def add(workspace: Workspace, channel: Conversation, creator: str) -> Canvas:
    """An empty one."""
    now = workspace.now()
    channel.canvas = Canvas(workspace.new_id("F"), channel.id, creator, now, updated=now)
    return channel.canvas


def sections_of(markdown: str) -> dict[str, str]:
    """One for each block, with ids as Slack's look. Raises ValueError for what Slack takes in no canvas."""
    lines = markdown.splitlines()
    tokens = _PARSER.parse(markdown)
    _refuse_lists_in_quotes(tokens)
    blocks = [one.map for one in tokens if one.level == 0 and one.map is not None]
    return {f"temp:C:{uuid.uuid4().hex[:28]}": "\n".join(lines[start:end]).rstrip() for start, end in blocks}


def _refuse_lists_in_quotes(tokens: Iterable[Token]) -> None:
    depth = 0
    for token in tokens:
        depth += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        if depth and token.type in ("bullet_list_open", "ordered_list_open"):
            line = token.map[0] + 1 if token.map else 0
            raise ValueError(
                f"'content' error: line {line}: Unsupported block type (List) within block quote"
            )


def kind_of(section: str) -> str:
    """h1, h2, h3 or another of the types that sections are looked up by; "" where there is none for it."""
    token = _PARSER.parse(section)[0]
    kinds = {"bullet_list_open": "list", "ordered_list_open": "list", "blockquote_open": "blockquote"}
    kinds |= {"table_open": "table", "hr": "horizontal_line"}
    return token.tag if token.type == "heading_open" else kinds.get(token.type, "")


def html_of(canvas: Canvas) -> str:
    """As `url_private` gives it: each block with the id of its section."""
    drawn = (
        re.sub(r"^<(\w+)", rf'<\1 id="{id_}"', _PARSER.render(words))
        for id_, words in canvas.sections.items()
    )
    return f'<div class="quip-canvas-content">{"".join(drawn)}</div>'


def file_of(workspace: Workspace, address: str, canvas: Canvas) -> JSON:
    """As files.info answers; `address` is the local Slack's."""
    where = workspace.conversations[canvas.channel_id]
    url = f"{address}/files/{canvas.id}"
    is_private = where.is_private
    share = {"ts": f"{canvas.created}.000000", "team_id": workspace.id, "source": "CHANNEL_TAB"}
    return {
        "id": canvas.id,
        "created": canvas.created,
        "timestamp": canvas.created,
        "updated": canvas.updated,
        "edit_timestamp": canvas.updated,
        "name": "-",
        "title": canvas.title,
        "mimetype": "application/vnd.slack-docs",
        "filetype": "quip",
        "pretty_type": "Canvas",
        "user": canvas.creator,
        "canvas_creator_id": canvas.creator,
        "editors": list(canvas.editors),
        "editable": True,
        "size": len(html_of(canvas).encode()),
        "mode": "quip",
        "is_external": False,
        "external_type": "",
        "is_public": not is_private,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": url,
        "url_private_download": url,
        "permalink": url,
        "permalink_public": "",
        "has_rich_preview": False,
        "alt_txt": "",
        "is_channel_space": True,
        "linked_channel_id": where.id,
        "shares": {"private" if is_private else "public": {where.id: [share]}},
        "channels": [] if is_private else [where.id],
        "groups": [where.id] if is_private else [],
        "ims": [],
        "access": "write",
        "comments_count": 0,
    }


def properties_of(canvas: Canvas) -> JSON:
    """What conversations.info says of a channel that has one."""
    tab = {"id": f"Ct{canvas.id[1:]}", "label": "", "type": "channel_canvas", "data": {"file_id": canvas.id}}
    about = {"file_id": canvas.id, "is_empty": not canvas.sections, "quip_thread_id": "", "is_migrated": True}
    return {"canvas": about, "tabs": [tab]}


def write(workspace: Workspace, channel: Conversation, markdown: str, by: str) -> Canvas:
    """What somebody leaves in it when they close it; without one they begin it. Raises PermissionError."""
    if workspace.canvas_refusal:
        raise PermissionError("canvases are switched off in this workspace")
    canvas = channel.canvas or add(workspace, channel, by)
    try:
        sections = sections_of(markdown)
    except ValueError as problem:
        raise PermissionError(str(problem)) from problem
    if list(sections.values()) != list(canvas.sections.values()):
        canvas.sections = sections
        canvas.edited(by, workspace.now())
    return canvas


def require_allowed(workspace: Workspace) -> None:
    """Raises what the workspace refuses canvases with."""
    if workspace.canvas_refusal:
        raise ApiError(workspace.canvas_refusal)

"""conversations.canvases.create, canvases.edit and canvases.sections.lookup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox import canvases
from sandbox.canvases import MOST_MARKDOWN
from sandbox.refusals import ApiError, invalid_arguments
from sandbox.web_api import targets

if TYPE_CHECKING:
    from sandbox.records import Canvas
    from sandbox.web_api.call import Call

JSON = dict[str, Any]
_AT_SECTION = ("insert_after", "insert_before", "delete")
_OPERATIONS = (*_AT_SECTION, "insert_at_start", "insert_at_end", "replace", "rename")
_TYPES = frozenset({"any_header", "h1", "h2", "h3", "blockquote", "horizontal_line", "list", "table"})


def create(call: Call) -> JSON:
    """The channel's own; without words it is empty."""
    workspace = call.slack.workspace
    channel = targets.conversation(call, call.required("channel_id"))
    if channel.is_im:
        raise ApiError("method_not_supported_for_channel_type")
    if call.app.bot_user_id not in channel.members:
        raise ApiError("not_in_channel")
    if channel.archived:
        raise ApiError("is_archived")
    canvases.require_allowed(workspace)
    if channel.canvas is not None:
        raise ApiError("channel_canvas_already_exists")
    content = call.decoded("document_content", "invalid_arguments")
    sections = {} if content is None else _sections(content, "canvas_creation_failed")
    made = canvases.add(workspace, channel, call.app.bot_user_id)
    made.title = call.text("title") or made.title
    if sections:
        made.sections = sections
        made.edited(call.app.bot_user_id, workspace.now())
    return {"canvas_id": made.id}


def edit(call: Call) -> JSON:
    """One change a call, says Slack."""
    canvas = _find(call)
    canvases.require_allowed(call.slack.workspace)
    changes = call.objects("changes", "invalid_arguments")
    if changes is None or len(changes) != 1:
        raise invalid_arguments("[ERROR] must provide exactly one change [json-pointer:/changes]")
    _change(canvas, changes[0])
    canvas.edited(call.app.bot_user_id, call.slack.workspace.now())
    return {}


def look_up(call: Call) -> JSON:
    canvas = _find(call)
    canvases.require_allowed(call.slack.workspace)
    wanted = call.decoded("criteria", "invalid_arguments")
    if not isinstance(wanted, dict) or not wanted:
        raise invalid_arguments("[ERROR] missing required field: criteria")
    kinds, words = wanted.get("section_types") or [], wanted.get("contains_text", "")
    if not isinstance(kinds, list) or not _TYPES.issuperset(map(str, kinds)) or not isinstance(words, str):
        raise invalid_arguments("[ERROR] invalid criteria [json-pointer:/criteria]")
    found = (id_ for id_, section in canvas.sections.items() if _fits(section, kinds, words))
    return {"sections": [{"id": id_} for id_ in found]}


def _fits(section: str, kinds: list[str], words: str) -> bool:
    kind = canvases.kind_of(section)
    is_kind = not kinds or kind in kinds or ("any_header" in kinds and kind[:1] == "h" and len(kind) == 2)
    return is_kind and words in section


def _find(call: Call) -> Canvas:
    """Of a channel that the app is in."""
    canvas = canvases.find(call.slack.workspace, call.required("canvas_id"))
    where = call.slack.workspace.conversations[canvas.channel_id] if canvas else None
    if canvas is None or where is None or call.app.bot_user_id not in where.members:
        raise ApiError("canvas_not_found")
    return canvas


def _change(canvas: Canvas, change: JSON) -> None:
    operation, at = change.get("operation"), change.get("section_id")
    if operation not in _OPERATIONS or (operation in _AT_SECTION and not at):
        raise invalid_arguments("[ERROR] invalid change [json-pointer:/changes/0]")
    if operation == "rename":
        canvas.title = _markdown(change.get("title_content"))
        return
    if at is not None and at not in canvas.sections:
        raise ApiError("canvas_editing_failed", detail=f"Section {at} was not found")
    new = (
        {}
        if operation == "delete"
        else _sections(change.get("document_content"), "canvas_editing_failed", "canvas_too_large")
    )
    before = list(canvas.sections.items())
    place = [id_ for id_, _ in before].index(at) if at is not None else 0
    start, end = {
        "insert_after": (place + 1, place + 1),
        "insert_before": (place, place),
        "insert_at_start": (0, 0),
        "insert_at_end": (len(before), len(before)),
        "delete": (place, place + 1),
        "replace": (place, place + 1) if at is not None else (0, len(before)),
    }[operation]
    canvas.sections = dict([*before[:start], *new.items(), *before[end:]])


def _sections(content: Any, failed: str, too_long: str = "invalid_arguments") -> dict[str, str]:
    markdown = _markdown(content)
    if len(markdown) > MOST_MARKDOWN:
        raise ApiError(too_long)
    try:
        return canvases.sections_of(markdown)
    except ValueError as problem:
        raise ApiError(failed, detail=str(problem)) from problem


def _markdown(content: Any) -> str:
    """Raises invalid_arguments for anything but {"type": "markdown", "markdown": "..."}."""
    is_it = isinstance(content, dict) and content.get("type") == "markdown"
    if not is_it or not isinstance(content.get("markdown"), str):
        raise invalid_arguments("[ERROR] must be markdown [json-pointer:/document_content]")
    words: str = content["markdown"]
    return words

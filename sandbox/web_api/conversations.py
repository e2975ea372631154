"""conversations.* and users.conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox import payloads
from sandbox.refusals import ApiError
from sandbox.web_api import targets
from sandbox.web_api.call import is_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.web_api.call import Call
    from sandbox.workspace import Conversation, Message

JSON = dict[str, Any]
MOST_USERS = 8
_TYPES = {"public_channel": ("public", "channels:read"), "private_channel": ("private", "groups:read")}
_TYPES |= {"im": ("im", "im:read"), "mpim": ("mpim", "mpim:read")}


def open_(call: Call) -> JSON:
    workspace, app = call.slack.workspace, call.app
    if channel := call.text("channel"):
        found = targets.conversation(call, channel)
        return {"no_op": True, "already_open": True, "channel": {"id": found.id}}
    ids = [part.strip() for part in call.text("users").split(",") if part.strip()]
    if not ids:
        raise ApiError("users_list_not_supplied")
    if len(ids) > MOST_USERS:
        raise ApiError("too_many_users")
    if len(ids) > 1:
        raise ApiError("method_not_supported_for_channel_type")
    call.needs("im:write")
    person = targets.user(call, ids[0])
    if person.deactivated:
        raise ApiError("user_disabled")
    known = workspace.find_im(app.bot_user_id, person.id)
    opened = workspace.im(app.bot_user_id, person.id)
    shape = (
        payloads.conversation(opened, workspace, viewer=app.bot_user_id)
        if call.flag("return_im")
        else {"id": opened.id}
    )
    return {"channel": shape, **({"no_op": True, "already_open": True} if known else {})}


def info(call: Call) -> JSON:
    found = targets.conversation(call, call.required("channel"), "read")
    shape = payloads.conversation(found, call.slack.workspace, viewer=call.app.bot_user_id)
    if call.flag("include_num_members"):
        shape["num_members"] = len(found.members)
    return {"channel": shape}


def members(call: Call) -> JSON:
    found = targets.conversation(call, call.required("channel"), "read")
    page, more = call.page(list(found.members), 100, 1000)
    return {"members": page, "response_metadata": more}


def join(call: Call) -> JSON:
    workspace, app = call.slack.workspace, call.app
    found = targets.conversation(call, call.required("channel"))
    if found.kind != "public":
        raise ApiError("method_not_supported_for_channel_type")
    if found.archived:
        raise ApiError("is_archived")
    answer: JSON = {}
    if app.bot_user_id in found.members:
        answer = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    else:
        call.slack.events.join(found, app.bot_user_id)
    return {"channel": payloads.conversation(found, workspace, viewer=app.bot_user_id), **answer}


def list_(call: Call) -> JSON:
    app = call.app
    found = [c for c in _of_types(call) if c.kind == "public" or app.bot_user_id in c.members]
    listed = _listed(call, found, app.bot_user_id)
    for shape in listed["channels"]:
        shape["num_members"] = len(call.slack.workspace.conversations[shape["id"]].members)
    return listed


def of_user(call: Call) -> JSON:
    """users.conversations: of a person, as far as the app may see; by default the app's own."""
    whose = call.text("user") or call.app.bot_user_id
    targets.user(call, whose)
    own = call.app.bot_user_id
    found = [c for c in _of_types(call) if whose in c.members and (c.kind == "public" or own in c.members)]
    return _listed(call, found, own)


def _of_types(call: Call) -> list[Conversation]:
    kinds = []
    for name in call.text("types", "public_channel").split(","):
        if name.strip() not in _TYPES:
            raise ApiError("invalid_types")
        kind, scope = _TYPES[name.strip()]
        call.needs(scope)
        kinds.append(kind)
    archived_too = not call.flag("exclude_archived")
    every = call.slack.workspace.conversations.values()
    return [c for c in every if c.kind in kinds and (archived_too or not c.archived)]


def _listed(call: Call, found: list[Conversation], viewer: str) -> JSON:
    page, more = call.page(found, 100, 999)
    shapes = [payloads.conversation(c, call.slack.workspace, viewer=viewer) for c in page]
    return {"channels": shapes, "response_metadata": more}


def history(call: Call) -> JSON:
    found = _readable(call)
    within = _range(call)
    messages = [m for m in reversed(found.messages) if within(m)]
    page, more = call.page(messages, 100, 999)
    return {"messages": _raws(call, page), "pin_count": 0, **_has_more(more)}


def replies(call: Call) -> JSON:
    found = _readable(call)
    root = found.log.get(call.required("ts"))
    if root is None:
        raise ApiError("thread_not_found")
    within = _range(call)
    messages = [root, *(m for m in found.replies.get(root.ts, ()) if within(m))]
    page, more = call.page(messages, 1000, 1000)
    return {"messages": _raws(call, page), **_has_more(more)}


def _readable(call: Call) -> Conversation:
    found = targets.conversation(call, call.required("channel"), "history")
    if call.app.bot_user_id not in found.members:
        raise ApiError("not_in_channel")
    return found


def _range(call: Call) -> Callable[[Message], bool]:
    """Whether a message lies between oldest and latest. Raises invalid_ts_oldest or invalid_ts_latest."""
    oldest = _stamp(call.text("oldest", "0"), "invalid_ts_oldest")
    latest = _stamp(call.text("latest") or "9999999999", "invalid_ts_latest")
    if call.flag("inclusive"):
        return lambda message: oldest <= _stamp(message.ts) <= latest
    return lambda message: oldest < _stamp(message.ts) < latest


def _stamp(ts: str, error: str = "invalid_ts") -> tuple[int, int]:
    """Compares without a float, which loses a ts's last digits."""
    seconds, _, micros = ts.partition(".")
    if not (is_number(seconds) and is_number(micros or "0")):
        raise ApiError(error)
    return int(seconds), int((micros or "0").ljust(6, "0")[:6])


def _raws(call: Call, page: list[Message]) -> list[JSON]:
    if call.flag("include_all_metadata"):
        return [m.raw for m in page]
    return [_without_metadata_payload(m.raw) for m in page]


def _without_metadata_payload(raw: JSON) -> JSON:
    if "metadata" not in raw:
        return raw
    return {**raw, "metadata": {"event_type": raw["metadata"]["event_type"]}}


def _has_more(more: JSON) -> JSON:
    return {
        "has_more": bool(more["next_cursor"]),
        **({"response_metadata": more} if more["next_cursor"] else {}),
    }

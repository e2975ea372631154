"""chat.*: posting, changing and deleting messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox import limits, payloads
from sandbox.refusals import ApiError
from sandbox.web_api import targets

if TYPE_CHECKING:
    from sandbox.web_api.call import Call
    from sandbox.workspace import Conversation, Message

JSON = dict[str, Any]
# docs.slack.dev/reference/methods/chat.postMessage and chat.update.
MOST_TEXT = 40_000
MOST_UPDATED_TEXT = 4_000
MOST_ATTACHMENTS = 100
# Slack documents metadata_too_large without a number; small by choice.
MOST_METADATA = 16_000


def post_message(call: Call) -> JSON:
    conversation = targets.postable(call, call.required("channel"))
    content = _content(call)
    _require_content(content)
    call.slack.rates.posted(call.app, conversation)
    raw = authored(call, conversation, content)
    put_in_thread(call, conversation, raw)
    message = conversation.add(raw)
    call.slack.events.posted(message)
    return {"channel": conversation.id, "ts": raw["ts"], "message": raw}


def authored(call: Call, conversation: Conversation, content: JSON) -> JSON:
    """A message of the app's, with a new ts."""
    app = call.app
    return {
        "user": app.bot_user_id,
        "type": "message",
        "ts": conversation.next_ts(),
        "bot_id": app.bot_id,
        "app_id": app.app_id,
        "text": "",
        "team": call.slack.workspace.id,
        "bot_profile": app.bot_profile,
        **content,
    }


def put_in_thread(call: Call, conversation: Conversation, raw: JSON) -> None:
    """Raises cannot_reply_to_message unless thread_ts names a top-level message."""
    root = call.text("thread_ts")
    if not root:
        return
    parent = conversation.log.get(root)
    if parent is None or parent.raw.get("thread_ts", root) != root:
        raise ApiError("cannot_reply_to_message")
    raw["thread_ts"] = root
    raw["parent_user_id"] = parent.user
    if call.flag("reply_broadcast"):
        raw["subtype"] = "thread_broadcast"
        raw["root"] = parent.raw


def update(call: Call) -> JSON:
    message = _own(call, "cant_update_message")
    content = _content(call)
    if len(content.get("text", "")) > MOST_UPDATED_TEXT:
        raise ApiError("msg_too_long")
    if not content:
        raise ApiError("no_text")
    before = dict(message.raw)
    message.raw.update(content)
    message.raw["edited"] = {"user": call.app.bot_user_id, "ts": f"{call.slack.workspace.now()}.000000"}
    call.slack.events.changed(message, before)
    return {
        "channel": message.conversation.id,
        "ts": message.ts,
        "text": message.text,
        "message": message.raw,
    }


def delete(call: Call) -> JSON:
    message = _own(call, "cant_delete_message")
    message.conversation.remove(message.ts)
    call.slack.events.deleted(message)
    return {"channel": message.conversation.id, "ts": message.ts}


def _own(call: Call, refusal: str) -> Message:
    conversation = targets.conversation(call, call.required("channel"))
    message = conversation.log.get(call.required("ts"))
    if message is None:
        raise ApiError("message_not_found")
    if message.raw.get("bot_id") != call.app.bot_id:
        raise ApiError(refusal)
    return message


def post_ephemeral(call: Call) -> JSON:
    conversation = targets.postable(call, call.required("channel"))
    reader = call.required("user")
    if reader not in conversation.members:
        raise ApiError("user_not_in_channel")
    content = _content(call)
    _require_content(content)
    content.pop("metadata", None)
    raw = authored(call, conversation, content)
    call.slack.show_ephemeral(raw, conversation, reader)
    return {"message_ts": raw["ts"]}


def get_permalink(call: Call) -> JSON:
    conversation = targets.conversation(call, call.required("channel"))
    message = conversation.log.get(call.required("message_ts"))
    if message is None:
        raise ApiError("message_not_found")
    link = f"https://{call.slack.workspace.domain}.slack.com/archives/{conversation.id}/p{message.ts.replace('.', '')}"
    root = message.raw.get("thread_ts")
    if root:
        link += f"?thread_ts={root}&cid={conversation.id}"
    return {"channel": conversation.id, "permalink": link}


def _content(call: Call) -> JSON:
    """What was given of text, blocks, attachments and metadata, checked."""
    content: JSON = {}
    if call.args.get("markdown_text") is not None:
        if call.args.get("text") or call.args.get("blocks"):
            raise ApiError("markdown_text_conflict")
        content["text"] = call.text("markdown_text")
        content["blocks"] = payloads.with_block_ids(
            [{"type": "markdown", "text": content["text"]}], call.slack.workspace
        )
    if call.args.get("text") is not None:
        content["text"] = call.text("text")[:MOST_TEXT]
    blocks = call.decoded("blocks", "invalid_blocks_format")
    if blocks is not None:
        limits.check_message(blocks)
        content["blocks"] = payloads.with_block_ids(blocks, call.slack.workspace)
    attachments = call.objects("attachments", "invalid_attachments")
    if attachments is not None:
        if len(attachments) > MOST_ATTACHMENTS:
            raise ApiError("too_many_attachments")
        content["attachments"] = attachments
    metadata = call.decoded("metadata", "invalid_metadata_format")
    if metadata is not None:
        content["metadata"] = _metadata(metadata)
    return content


def _metadata(metadata: Any) -> JSON:
    if not isinstance(metadata, dict):
        raise ApiError("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict):
        raise ApiError("invalid_metadata_schema")
    if len(str(metadata)) > MOST_METADATA:
        raise ApiError("metadata_too_large")
    return metadata


def _require_content(content: JSON) -> None:
    if not (content.get("text") or content.get("blocks") or content.get("attachments")):
        raise ApiError("no_text")

"""reactions.add."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sandbox.refusals import ApiError
from sandbox.web_api import targets

if TYPE_CHECKING:
    from sandbox.web_api.call import Call


def add(call: Call) -> dict[str, Any]:
    conversation = targets.conversation(call, call.required("channel"))
    message = conversation.log.get(call.required("timestamp"))
    name = call.required("name").strip(":")
    if message is None:
        raise ApiError("message_not_found")
    if conversation.archived:
        raise ApiError("is_archived")
    if not re.fullmatch(r"[\w+:'-]+", name):
        raise ApiError("invalid_name")
    if not call.slack.add_reaction(message, name, call.app.bot_user_id):
        raise ApiError("already_reacted")
    call.slack.events.reacted(message, call.app.bot_user_id, name)
    return {}

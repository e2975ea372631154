"""How far each person has read in each conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.workspace import Conversation, Message, Workspace


class Marks:
    def __init__(self) -> None:
        self._read: dict[tuple[str, str], int] = {}

    def read(self, workspace: Workspace, conversation: Conversation, user_id: str) -> None:
        """The person has the conversation before them."""
        newest = max((one.number for one in _to_read(workspace, conversation, user_id)), default=0)
        self._read[user_id, conversation.id] = newest

    def unread(self, workspace: Workspace, conversation: Conversation, user_id: str) -> int:
        """How many messages of others came since."""
        read = self._read.get((user_id, conversation.id), 0)
        return sum(one.number > read for one in _to_read(workspace, conversation, user_id))


def _to_read(workspace: Workspace, conversation: Conversation, user_id: str) -> list[Message]:
    notices = [
        one
        for one in workspace.ephemerals
        if one.ephemeral_to == user_id and one.conversation is conversation
    ]
    return [*(one for one in conversation.log.values() if one.user != user_id), *notices]

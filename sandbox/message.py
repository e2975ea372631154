"""A message as it stands in a conversation, and how a person reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sandbox import drawing

if TYPE_CHECKING:
    from sandbox.workspace import Conversation


@dataclass(eq=False, slots=True, repr=False)
class Message:
    """`raw` is Slack's message object. `number` orders messages over all conversations."""

    raw: dict[str, Any]
    conversation: Conversation
    number: int
    ephemeral_to: str | None = None

    def __repr__(self) -> str:
        return f"<Message {self.ts} in {self.conversation.name}: {self.text[:80]!r}>"

    @property
    def ts(self) -> str:
        return str(self.raw["ts"])

    @property
    def text(self) -> str:
        return str(self.raw.get("text", ""))

    @property
    def user(self) -> str:
        """The id of the account that wrote it."""
        return str(self.raw.get("user", ""))

    @property
    def blocks(self) -> list[dict[str, Any]]:
        blocks: list[dict[str, Any]] = self.raw.get("blocks") or []
        return blocks

    @property
    def edited(self) -> bool:
        return "edited" in self.raw

    @property
    def metadata(self) -> dict[str, Any] | None:
        return self.raw.get("metadata")

    @property
    def files(self) -> list[dict[str, Any]]:
        files: list[dict[str, Any]] = self.raw.get("files") or []
        return files

    @property
    def thread(self) -> list[Message]:
        """The replies, oldest first."""
        return list(self.conversation.replies.get(self.ts, ()))

    @property
    def is_top_level(self) -> bool:
        root = self.raw.get("thread_ts")
        return root is None or root == self.ts or self.raw.get("subtype") == "thread_broadcast"

    @property
    def drawn(self) -> str:
        """Plain text as a person reads it: blocks when there are any, names and dates resolved."""
        return drawing.draw_message(self.raw, self.conversation.workspace, self._zone())

    @property
    def buttons(self) -> list[str]:
        """The texts on its buttons, top to bottom."""
        return [
            drawing.text_of(e.get("text")) for _, e in drawing.elements(self.blocks) if e["type"] == "button"
        ]

    def _zone(self) -> ZoneInfo | None:
        """The reader's zone where there is one reader; None in channels, where dates show their fallback."""
        users = self.conversation.workspace.users
        readers = [self.ephemeral_to] if self.ephemeral_to else list(self.conversation.members)
        people = [users[r] for r in readers if r in users and not users[r].is_bot]
        return (
            ZoneInfo(people[0].tz)
            if len(people) == 1 and (self.ephemeral_to or self.conversation.is_im)
            else None
        )

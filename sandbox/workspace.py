"""What a Slack workspace holds: people, conversations, messages, open forms, files. Plain state, no network."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from sandbox import drawing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sandbox.apps import App
    from sandbox.records import Canvas, File, User, View

JSON = dict[str, Any]
Kind = Literal["public", "private", "im"]


@dataclass(eq=False, slots=True, repr=False)
class Message:
    """A message and how a person reads it. `raw` is Slack's message object; `number` orders messages over all
    conversations.
    """

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


@dataclass(eq=False, slots=True, repr=False)
class Conversation:
    """A channel or a direct message. `log` holds every message by ts, replies included, oldest first."""

    workspace: Workspace
    id: str
    name: str
    kind: Kind
    creator: str
    created: int
    members: dict[str, None] = field(default_factory=dict)
    shared: bool = False
    archived: bool = False
    log: dict[str, Message] = field(default_factory=dict)
    replies: dict[str, list[Message]] = field(default_factory=dict)
    last_us: int = 0
    canvas: Canvas | None = None

    def __repr__(self) -> str:
        return f"<Conversation {self.id} {self.name}>"

    @property
    def messages(self) -> list[Message]:
        """Top-level messages, oldest first."""
        return [m for m in self.log.values() if m.is_top_level]

    @property
    def is_im(self) -> bool:
        return self.kind == "im"

    @property
    def is_private(self) -> bool:
        return self.kind != "public"

    def other_than(self, user_id: str) -> str:
        """The other party of a direct message (oneself when alone in it)."""
        return next((member for member in self.members if member != user_id), user_id)

    def next_ts(self) -> str:
        """A ts never used before in this conversation, at or after the workspace's present."""
        self.last_us = max(self.last_us + 1, self.workspace.now_us() + 1)
        return _as_ts(self.last_us)

    def add(self, raw: JSON) -> Message:
        """Stores a message (with its ts set) and counts it on its thread's parent."""
        message = Message(raw, self, self.workspace.next_number())
        self.log[raw["ts"]] = message
        root = raw.get("thread_ts")
        if root and root != raw["ts"]:
            self._count_reply(root, message)
        return message

    def remove(self, ts: str) -> Message:
        """Takes a message out; a thread's parent leaves a tombstone, as in Slack."""
        message = self.log[ts]
        if self.replies.get(ts):
            tombstone = {
                **message.raw,
                "subtype": "tombstone",
                "text": "This message was deleted.",
                "blocks": [],
            }
            self.log[ts] = Message(tombstone, self, message.number)
            return message
        del self.log[ts]
        root = message.raw.get("thread_ts")
        if root and root != ts:
            self.replies[root] = [reply for reply in self.replies.get(root, []) if reply.ts != ts]
            if root in self.log:
                self.log[root].raw["reply_count"] = len(self.replies[root])
        return message

    def _count_reply(self, root: str, message: Message) -> None:
        thread = self.replies.setdefault(root, [])
        thread.append(message)
        parent = self.log[root].raw
        users = parent.setdefault("reply_users", [])
        if message.raw.get("user") not in users:
            users.append(message.raw.get("user"))
        parent.update(
            thread_ts=root,
            reply_count=len(thread),
            reply_users_count=len(users),
            latest_reply=message.ts,
            is_locked=False,
            subscribed=True,
        )


@dataclass(eq=False, repr=False)
class Workspace:
    """One Slack team. `now_us` reads the sandbox's clock in microseconds since 1970; `about` is said on the first page,
    `root` begins the addresses of its pages. No other workspace has ids from `first_number` on.
    """

    now_us: Callable[[], int]
    id: str = "T0SANDBOX1"
    name: str = "Sandbox"
    domain: str = "sandbox"
    about: str = ""
    root: str = ""
    first_number: int = 0
    users: dict[str, User] = field(default_factory=dict)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    apps: dict[str, App] = field(default_factory=dict)
    ephemerals: list[Message] = field(default_factory=list)
    stacks: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[tuple[str, str], View] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    canvas_refusal: str = ""
    """What canvases are refused with, where its plan or an admin has switched them off."""
    _ims: dict[frozenset[str], Conversation] = field(default_factory=dict)
    _number: int = 0

    def next_number(self) -> int:
        self._number += 1
        return self.first_number + self._number

    def new_id(self, prefix: str) -> str:
        return f"{prefix}0{0xA0000 + self.next_number():08X}"

    def free_handle(self, name: str) -> str:
        """What nobody here is called yet, after somebody's name."""
        handle = re.sub(r"[^\w]+", ".", name.casefold()).strip(".")
        taken = {user.name for user in self.users.values()}
        handles = itertools.chain([handle], (f"{handle}{number}" for number in itertools.count(2)))
        return next(one for one in handles if one not in taken)

    def now(self) -> int:
        """Seconds since 1970 by the sandbox's clock."""
        return self.now_us() // 1_000_000

    def stamp(self) -> str:
        """The present as an event_ts."""
        return _as_ts(self.now_us())

    def im(self, one: str, other: str) -> Conversation:
        """The direct message of two accounts, opened when there is none."""
        pair = frozenset((one, other))
        conversation = self._ims.get(pair)
        if conversation is None:
            conversation = Conversation(
                self, self.new_id("D"), "directmessage", "im", one, self.now(), {one: None, other: None}
            )
            self._ims[pair] = self.conversations[conversation.id] = conversation
        return conversation

    def find_im(self, one: str, other: str) -> Conversation | None:
        return self._ims.get(frozenset((one, other)))

    def user_called(self, name: str) -> User:
        """By handle or full name, in any case, with or without @. Raises LookupError."""
        wanted = name.removeprefix("@").casefold()
        for user in self.users.values():
            if wanted in (user.name.casefold(), user.real_name.casefold(), user.id.casefold()):
                return user
        raise LookupError(
            f"nobody here is called {name!r}; there are {_listed(u.name for u in self.users.values())}"
        )

    def channel_called(self, name: str) -> Conversation:
        """By name or id, with or without #. Raises LookupError."""
        wanted = name.removeprefix("#")
        for conversation in self.conversations.values():
            if wanted in (conversation.id, conversation.name) and (
                not conversation.is_im or wanted == conversation.id
            ):
                return conversation
        names = _listed(c.name for c in self.conversations.values() if not c.is_im)
        raise LookupError(f"there is no channel {name!r}; there are {names}")

    def visible_messages(self, user_id: str) -> list[Message]:
        """Everything a person can see, newest first."""
        seen = [m for m in self.ephemerals if m.ephemeral_to == user_id]
        for conversation in self.conversations.values():
            if user_id in conversation.members:
                seen.extend(conversation.log.values())
        return sorted(seen, key=lambda m: m.number, reverse=True)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _as_ts(microseconds: int) -> str:
    return f"{microseconds // 1_000_000}.{microseconds % 1_000_000:06d}"

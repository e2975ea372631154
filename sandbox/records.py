"""What a workspace keeps of people, of forms and Homes, and of files. Plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from sandbox.apps import App

JSON = dict[str, Any]
Guest = Literal["multi", "single"]


@dataclass(eq=False, slots=True)
class User:
    """An account. `name` is the handle, `tz` an IANA zone, `app_id` set on an app's bot user."""

    id: str
    name: str
    real_name: str
    team_id: str
    tz: str = "UTC"
    locale: str = "en-US"
    admin: bool = False
    guest: Guest | None = None
    deactivated: bool = False
    is_bot: bool = False
    app_id: str | None = None
    bot_id: str | None = None
    updated: int = 0


@dataclass(eq=False, slots=True, repr=False)
class View:
    """A modal on someone's screen or an App Home. `payload` is what the API answers, `values` what is filled in."""

    app: App
    user_id: str
    payload: JSON
    values: dict[str, dict[str, JSON]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    problem: str | None = None

    @property
    def id(self) -> str:
        return str(self.payload["id"])

    @property
    def blocks(self) -> list[JSON]:
        blocks: list[JSON] = self.payload["blocks"]
        return blocks

    def with_state(self) -> JSON:
        """The payload as interactions carry it, with what is filled in."""
        return {**self.payload, "state": {"values": self.values}}


@dataclass(eq=False, slots=True)
class File:
    """An uploaded file; `looks` counts files.info calls, because Slack processes files after the answer."""

    id: str
    name: str
    title: str
    size: int
    user_id: str
    created: int
    alt_text: str = ""
    content: bytes | None = None
    completed: bool = False
    looks: int = 0
    shares: dict[str, str] = field(default_factory=dict)


@dataclass(eq=False, slots=True, repr=False)
class Canvas:
    """`sections` are Markdown by id, top to bottom; `editors` whoever has written in it, the last one last."""

    id: str
    channel_id: str
    creator: str
    created: int
    title: str = "Untitled"
    sections: dict[str, str] = field(default_factory=dict)
    editors: dict[str, None] = field(default_factory=dict)
    updated: int = 0

    @property
    def markdown(self) -> str:
        return "\n\n".join(self.sections.values())

    def edited(self, by: str, at: int) -> None:
        self.editors.pop(by, None)
        self.editors[by] = None
        self.updated = at

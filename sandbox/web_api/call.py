"""One call of the Web API: who calls, with what, and how it ended."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from sandbox.calls import Called
from sandbox.reading_json import read_json
from sandbox.refusals import ApiError, invalid_arguments, missing_scope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sandbox.apps import App, Registration
    from sandbox.core import Core

JSON = dict[str, Any]
T = TypeVar("T")
Secret = tuple[str, str]
_LONGEST_NUMBER = 20


@dataclass(eq=False)
class Asked(Called):
    """A call that is being answered, and its arguments as methods read them."""

    def text(self, name: str, default: str = "") -> str:
        value = self.args.get(name)
        return default if value is None else str(value)

    def required(self, name: str) -> str:
        """Raises invalid_arguments where it is missing or empty."""
        value = self.text(name)
        if not value:
            raise invalid_arguments(f"[ERROR] missing required field: {name}")
        return value

    def flag(self, name: str) -> bool:
        return str(self.args.get(name, "")).lower() in ("true", "1")

    def decoded(self, name: str, error: str) -> Any:
        """A JSON argument, which forms carry as a string; None where absent. Raises `error` for broken JSON."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return read_json(value)
        except ValueError as broken:
            raise ApiError(error) from broken

    def objects(self, name: str, error: str) -> list[JSON] | None:
        """A list of objects, decoded; None where absent. Raises `error` for anything else."""
        value = self.decoded(name, error)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise ApiError(error)
        return value

    def limit(self, default: int, most: int) -> int:
        text = self.text("limit") or str(default)
        if not is_number(text) or int(text) < 1:
            raise ApiError("invalid_limit")
        return min(int(text), most)

    def page(self, items: list[T], default: int, most: int) -> tuple[list[T], JSON]:
        """The page the cursor asks for, and the answer's response_metadata."""
        start, limit = self._start(), self.limit(default, most)
        more = start + limit < len(items)
        cursor = base64.b64encode(f"next:{start + limit}".encode()).decode() if more else ""
        return items[start : start + limit], {"next_cursor": cursor}

    def _start(self) -> int:
        cursor = self.text("cursor")
        if not cursor:
            return 0
        try:
            return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
        except (binascii.Error, ValueError) as broken:
            raise ApiError("invalid_cursor") from broken


@dataclass(eq=False)
class Call(Asked):
    """One by an app in its workspace, with a bot token. `secret` are the client's id and secret, where it gave them."""

    app: App = field(kw_only=True)
    slack: Core = field(kw_only=True)
    token: str = field(kw_only=True, repr=False)
    secret: Secret = field(kw_only=True, repr=False)

    def needs(self, scope: str) -> None:
        """Raises missing_scope, naming what is needed and what was granted."""
        needs(self.app, scope)


@dataclass(eq=False)
class OwnCall(Asked):
    """One by an app for itself, in no workspace. `worlds` are all there are."""

    app: Registration = field(kw_only=True)
    worlds: Sequence[Core] = field(kw_only=True)


def is_number(text: str) -> bool:
    """One that Slack may have written: what other languages and ages take for digits is none."""
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER


def needs(app: App, scope: str) -> None:
    """Raises missing_scope, naming what is needed and what was granted."""
    if scope not in app.scopes:
        raise missing_scope(app, scope)


@dataclass(frozen=True, slots=True)
class Method:
    """For bot tokens. `any_of` are the scopes of which one must be granted; `per_minute` is None where Slack names no
    tier.
    """

    answer: Callable[[Call], JSON]
    any_of: tuple[str, ...] = ()
    per_minute: int | None = None


@dataclass(frozen=True, slots=True)
class OwnMethod:
    """For an app's own sake: by its app-level token, or by its client's id and secret."""

    answer: Callable[[OwnCall], JSON]
    by: Literal["app token", "client secret"]
    per_minute: int | None = None

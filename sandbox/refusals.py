"""Slack's refusals of a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.apps import App


class ApiError(Exception):
    """Slack's `{"ok": false, "error": code}`, with whatever else the answer carries."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra


def invalid_arguments(*messages: str) -> ApiError:
    return ApiError("invalid_arguments", response_metadata={"messages": list(messages)})


def missing_scope(app: App, needed: str) -> ApiError:
    return ApiError("missing_scope", needed=needed, provided=app.scopes_header)

"""response_url: five answers in thirty minutes of real time, to the person who acted."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.refusals import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.apps import App
    from sandbox.workspace import Conversation, Message

USES = 5
SECONDS = 30 * 60.0


@dataclass(eq=False, slots=True)
class ResponseUrl:
    """`source` is the message acted on, `shown` is told of what the person got to see."""

    app: App
    user_id: str
    conversation: Conversation
    expires: float
    shown: Callable[[Message], None]
    source: Message | None = None
    uses: int = 0


class ResponseUrls:
    """`base` says what their addresses begin with."""

    def __init__(self, base: Callable[[], str], monotonic: Callable[[], float]) -> None:
        self._base = base
        self._monotonic = monotonic
        self._issued: dict[str, ResponseUrl] = {}

    def issue(
        self,
        app: App,
        user_id: str,
        conversation: Conversation,
        shown: Callable[[Message], None],
        source: Message | None = None,
    ) -> str:
        key = secrets.token_urlsafe(18)
        expires = self._monotonic() + SECONDS
        self._issued[key] = ResponseUrl(app, user_id, conversation, expires, shown, source)
        return f"{self._base()}/{key}"

    def use(self, key: str) -> ResponseUrl:
        """Raises expired_url or used_url."""
        found = self._issued.get(key)
        if found is None or self._monotonic() > found.expires:
            raise ApiError("expired_url")
        if found.uses >= USES:
            raise ApiError("used_url")
        found.uses += 1
        return found

"""Slack's rate limits, in real time: docs.slack.dev/apis/web-api/rate-limits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.apps import App, Registration
    from sandbox.workspace import Conversation

POSTS_A_SECOND_IN_A_CHANNEL = 1
# "Several hundred messages a minute per workspace" is all Slack says.
POSTS_A_MINUTE = 300


class RateLimited(Exception):
    """HTTP 429; `seconds` is the Retry-After, whole seconds."""

    def __init__(self, wait: float) -> None:
        super().__init__(wait)
        self.seconds = max(1, math.ceil(wait))


class Rates:
    """Each app has a budget in each workspace, which refills evenly: a burst of a minute's worth at most, one post a second in a channel."""

    def __init__(self, *, enforced: bool, monotonic: Callable[[], float]) -> None:
        self.enforced = enforced
        self._monotonic = monotonic
        self._free_at: dict[tuple[App | Registration, str], float] = {}

    def called(self, app: App | Registration, method: str, per_minute: int | None) -> None:
        """Raises RateLimited."""
        if self.enforced and per_minute:
            self._take(app, method, 60 / per_minute, 60)

    def posted(self, app: App, conversation: Conversation) -> None:
        """Raises RateLimited."""
        if self.enforced:
            self._take(app, conversation.id, 1 / POSTS_A_SECOND_IN_A_CHANNEL, 0)
            self._take(app, "posts", 60 / POSTS_A_MINUTE, 60)

    def _take(self, app: App | Registration, what: str, cost: float, burst: float) -> None:
        """A leaky bucket of `burst` seconds that one use fills by `cost` seconds."""
        now = self._monotonic()
        key = (app, what)
        free_at = max(self._free_at.get(key, 0.0), now)
        wait = free_at + cost - now - max(burst, cost)
        if wait > 0:
            raise RateLimited(wait)
        self._free_at[key] = free_at + cost

"""Who a token belongs to, and until when: docs.slack.dev/authentication/using-token-rotation."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sandbox.refusals import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sandbox.apps import App, Registration

ROTATING_SECONDS = 12 * 60 * 60
MOST_ACTIVE = 2


class Tokens:
    """Rotating tokens end after twelve hours by the sandbox's clock, `now` in seconds; others never."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self.apps: dict[str, App] = {}
        self._ends: dict[str, int] = {}
        self._dead: dict[str, str] = {}
        self._refreshing: dict[str, App] = {}

    def take_up(self, apps: Iterable[App]) -> None:
        """Apps that were kept: a rotating token lives its twelve hours from now on."""
        for app in apps:
            if not app.uninstalled:
                self._know(app)

    def give(self, app: App, token: str | None = None) -> None:
        """A new bot token, or the given one; where tokens rotate, with one to refresh it by.

        At most two rotating ones are alive at a time: the oldest of more is revoked.
        """
        rotates = app.registration.rotates_tokens
        made = f"{'xoxe.xoxb-1' if rotates else 'xoxb'}-{secrets.token_hex(12)}"
        app.bot_token = token or made
        self._forget_refresh(app)
        app.refresh_token = f"xoxe-1-{secrets.token_hex(16)}" if rotates else None
        self._know(app)
        for oldest in self.of(app)[:-MOST_ACTIVE] if rotates else ():
            self._end(oldest, "token_revoked")

    def refresh(self, registration: Registration, refresh_token: str) -> App:
        """Each refresh token once, for the app it was given to. Raises invalid_refresh_token."""
        app = self._refreshing.get(refresh_token)
        if app is None or app.registration is not registration:
            raise ApiError("invalid_refresh_token")
        self.give(app)
        return app

    def find(self, token: str) -> App:
        """Raises invalid_auth, token_revoked, token_expired or account_inactive."""
        app = self.apps.get(token)
        if app is None:
            raise ApiError(self._dead.get(token, "invalid_auth"))
        if self._now() >= self._ends.get(token, self._now() + 1):
            raise ApiError("token_expired")
        return app

    def revoke(self, token: str) -> None:
        """Ends one token, and the refresh token that came with it."""
        app = self.apps[token]
        self._end(token, "token_revoked")
        if token == app.bot_token:
            self._forget_refresh(app)

    def end_all(self, app: App) -> None:
        """The app is gone from its workspace."""
        for token in self.of(app):
            self._end(token, "account_inactive")
        self._forget_refresh(app)

    def of(self, app: App) -> list[str]:
        """The oldest first."""
        return [token for token, whose in self.apps.items() if whose is app]

    def _know(self, app: App) -> None:
        self.apps[app.bot_token] = app
        if app.refresh_token:
            self._refreshing[app.refresh_token] = app
            self._ends[app.bot_token] = self._now() + ROTATING_SECONDS

    def _end(self, token: str, why: str) -> None:
        del self.apps[token]
        self._dead[token] = why

    def _forget_refresh(self, app: App) -> None:
        if app.refresh_token:
            del self._refreshing[app.refresh_token]
            app.refresh_token = None

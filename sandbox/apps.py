"""Apps: what a developer registers, and what a workspace has of it once it is installed there."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

JSON = dict[str, Any]

# What is told of what happens; docs.slack.dev/reference/events: the scope each needs, and in private channels where that
# is another.
SCOPES_OF_EVENTS: dict[str, tuple[str, ...]] = {
    "message.im": ("im:history",),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "app_mention": ("app_mentions:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "channel_left": ("channels:read",),
    "channel_archive": ("channels:read",),
    "group_left": ("groups:read",),
    "group_archive": ("groups:read",),
    "user_change": ("users:read",),
    "team_join": ("users:read",),
    "reaction_added": ("reactions:read",),
    "app_home_opened": (),
    "app_uninstalled": (),
    "tokens_revoked": (),
}


@dataclass(eq=False, repr=False)
class Registration:
    """An app as its developer's page shows it, the same for every workspace. Delivery is by Socket Mode until there is
    a `request_url`; `request_urls` are those of single kinds of envelopes, where they differ.
    """

    app_id: str
    manifest: JSON
    client_id: str
    client_secret: str
    signing_secret: str
    verification_token: str
    app_token: str
    request_url: str | None = None
    request_urls: dict[str, str] = field(default_factory=dict)
    events: frozenset[str] = field(init=False)
    commands: dict[str, JSON] = field(init=False)
    shortcuts: dict[str, JSON] = field(init=False)

    def __post_init__(self) -> None:
        features = self.manifest.get("features", {})
        self.events = frozenset(self._settings.get("event_subscriptions", {}).get("bot_events", ()))
        self.commands = {command["command"]: command for command in features.get("slash_commands", ())}
        self.shortcuts = {shortcut["name"]: shortcut for shortcut in features.get("shortcuts", ())}

    def url_for(self, kind: str) -> str:
        """Where envelopes of a kind go."""
        return self.request_urls.get(kind) or self.request_url or ""

    @property
    def name(self) -> str:
        """That of its bot user, where it has one."""
        bot = self.manifest.get("features", {}).get("bot_user", {})
        return str(bot.get("display_name") or self.manifest["display_information"]["name"])

    @property
    def home(self) -> JSON:
        """The manifest's app_home section."""
        home: JSON = self.manifest.get("features", {}).get("app_home", {})
        return home

    @property
    def takes_messages(self) -> bool:
        """People may write to it in its Messages tab."""
        read_only = self.home.get("messages_tab_read_only_enabled", True)
        return bool(self.home.get("messages_tab_enabled", True)) and not read_only

    @property
    def is_interactive(self) -> bool:
        return bool(self._settings.get("interactivity", {}).get("is_enabled"))

    @property
    def rotates_tokens(self) -> bool:
        return bool(self._settings.get("token_rotation_enabled"))

    @property
    def redirect_urls(self) -> list[str]:
        return list(self._oauth.get("redirect_urls", ()))

    @property
    def bot_scopes(self) -> list[str]:
        return list(self._oauth.get("scopes", {}).get("bot", ()))

    @property
    def optional_scopes(self) -> list[str]:
        """Those that whoever installs it may decline."""
        return list(self._oauth.get("scopes", {}).get("bot_optional", ()))

    @property
    def _oauth(self) -> JSON:
        oauth: JSON = self.manifest.get("oauth_config", {})
        return oauth

    @property
    def _settings(self) -> JSON:
        settings: JSON = self.manifest.get("settings", {})
        return settings


@dataclass(eq=False, repr=False)
class App:
    """An app as one workspace has it: its bot user, what it was granted, and its tokens, the newest of them first."""

    registration: Registration
    team_id: str
    bot_user_id: str
    bot_id: str
    bot_profile: JSON
    scopes: frozenset[str]
    bot_token: str = ""
    refresh_token: str | None = None
    uninstalled: bool = False

    @property
    def app_id(self) -> str:
        return self.registration.app_id

    @property
    def name(self) -> str:
        return self.registration.name

    @property
    def app_token(self) -> str:
        return self.registration.app_token

    @property
    def signing_secret(self) -> str:
        return self.registration.signing_secret

    @property
    def request_url(self) -> str | None:
        return self.registration.request_url

    def deliver_by_http(self, url: str | None) -> None:
        """Sends commands, interactions and events to one signed endpoint; None goes back to Socket Mode."""
        self.registration.request_url = url

    @property
    def scopes_header(self) -> str:
        return ",".join(sorted(self.scopes))

    def hears(self, event: str, *, private: bool = False) -> bool:
        """Subscribed in the manifest and allowed by the granted scope, that of private channels where it matters."""
        if self.uninstalled or event not in self.registration.events:
            return False
        needs = SCOPES_OF_EVENTS.get(event, ())
        return not needs or needs[-1 if private else 0] in self.scopes


def registered(manifest: JSON, app_id: str, given: Mapping[str, str]) -> Registration:
    """Reads a Slack app manifest. Secrets that are not given are made."""
    return Registration(
        app_id,
        manifest,
        client_id=given.get("client_id")
        or f"{secrets.randbelow(10**12):012}.{secrets.randbelow(10**12):012}",
        client_secret=given.get("client_secret") or secrets.token_hex(16),
        signing_secret=given.get("signing_secret") or secrets.token_hex(16),
        verification_token=given.get("verification_token") or secrets.token_hex(12),
        app_token=given.get("app_token") or f"xapp-1-{app_id}-{secrets.token_hex(12)}",
    )

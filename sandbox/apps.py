"""An installed app: what its manifest asks for and the secrets it was given."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

JSON = dict[str, Any]

# docs.slack.dev/reference/events: the scope each event needs, and in private channels where that is another.
_SCOPES_OF_EVENTS: dict[str, tuple[str, ...]] = {
    "message.im": ("im:history",),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "app_mention": ("app_mentions:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "channel_left": ("channels:read",),
    "channel_archive": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "channel_rename": ("channels:read",),
    "group_left": ("groups:read",),
    "group_archive": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "group_rename": ("groups:read",),
    "user_change": ("users:read",),
    "team_join": ("users:read",),
    "reaction_added": ("reactions:read",),
    "file_shared": ("files:read",),
    "app_home_opened": (),
    "app_uninstalled": (),
    "tokens_revoked": (),
}


@dataclass(eq=False, repr=False)
class App:
    """Tokens and secrets as Slack's app page shows them. Delivery is by Socket Mode until `deliver_by_http`."""

    app_id: str
    name: str
    manifest: JSON
    bot_user_id: str
    bot_id: str
    bot_token: str
    app_token: str
    signing_secret: str
    verification_token: str
    scopes: frozenset[str]
    events: frozenset[str]
    commands: dict[str, JSON]
    shortcuts: dict[str, JSON]
    bot_profile: JSON
    request_url: str | None = None
    uninstalled: bool = False
    scopes_header: str = field(init=False)

    def __post_init__(self) -> None:
        self.scopes_header = ",".join(sorted(self.scopes))

    def deliver_by_http(self, url: str | None) -> None:
        """Sends commands, interactions and events to one signed endpoint; None goes back to Socket Mode."""
        self.request_url = url

    def hears(self, event: str, *, private: bool = False) -> bool:
        """Subscribed in the manifest and allowed by the granted scope, that of private channels where it matters."""
        if self.uninstalled or event not in self.events:
            return False
        needs = _SCOPES_OF_EVENTS.get(event, ())
        return not needs or needs[-1 if private else 0] in self.scopes

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
        return bool(self.manifest.get("settings", {}).get("interactivity", {}).get("is_enabled"))


def app_from(
    manifest: JSON, scopes: Iterable[str] | None, *, new_id: Callable[[str], str], team_id: str, now: int
) -> App:
    """Reads a Slack app manifest. `scopes` are those granted when fewer than asked for."""
    features, settings = manifest.get("features", {}), manifest.get("settings", {})
    asked = manifest.get("oauth_config", {}).get("scopes", {})
    granted = {*asked.get("bot", ()), *asked.get("bot_optional", ())} if scopes is None else set(scopes)
    app_id, bot_id = new_id("A"), new_id("B")
    name = features.get("bot_user", {}).get("display_name") or manifest["display_information"]["name"]
    return App(
        app_id=app_id,
        name=name,
        manifest=manifest,
        bot_user_id=new_id("U"),
        bot_id=bot_id,
        bot_token=f"xoxb-{secrets.token_hex(12)}",
        app_token=f"xapp-1-{app_id}-{secrets.token_hex(12)}",
        signing_secret=secrets.token_hex(16),
        verification_token=secrets.token_hex(12),
        scopes=frozenset(granted),
        events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", ())),
        commands={command["command"]: command for command in features.get("slash_commands", ())},
        shortcuts={shortcut["name"]: shortcut for shortcut in features.get("shortcuts", ())},
        bot_profile={
            "id": bot_id,
            "app_id": app_id,
            "user_id": "",
            "name": name,
            "icons": {},
            "deleted": False,
            "updated": now,
            "team_id": team_id,
        },
    )

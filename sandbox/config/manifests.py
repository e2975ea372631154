"""What of a Slack manifest the sandbox goes by."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel

from sandbox.config.kinds import Address, Text, like


class _Named(BaseModel):
    name: Text


class _Command(BaseModel):
    command: Annotated[Text, like(re.compile(r"/[^\sA-Z]{1,31}"), "is no command; it looks like /plan")]


class _Shortcut(BaseModel):
    type: Literal["global", "message"]
    name: Text
    callback_id: Text


class _Features(BaseModel):
    app_home: dict[str, Any] = {}
    bot_user: dict[str, Any] = {}
    slash_commands: tuple[_Command, ...] = ()
    shortcuts: tuple[_Shortcut, ...] = ()


class _Scopes(BaseModel):
    bot: tuple[Text, ...] = ()
    bot_optional: tuple[Text, ...] = ()


class _OAuth(BaseModel):
    scopes: _Scopes = _Scopes()
    redirect_urls: tuple[Address, ...] = ()


class _Events(BaseModel):
    bot_events: tuple[Text, ...] = ()


class _Settings(BaseModel):
    event_subscriptions: _Events = _Events()
    interactivity: dict[str, Any] = {}


class Manifest(BaseModel):
    """What of a Slack manifest the sandbox goes by; the rest is the app's."""

    display_information: _Named
    features: _Features = _Features()
    oauth_config: _OAuth = _OAuth()
    settings: _Settings = _Settings()


def names_of(manifest: dict[str, Any]) -> set[str]:
    """What an app may be called in `members`, its bot's name among them."""
    bot = manifest.get("features", {}).get("bot_user", {}).get("display_name")
    name = manifest["display_information"]["name"]
    return {one.casefold() for one in (name, bot) if one}

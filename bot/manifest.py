"""The Slack app manifest, for Socket Mode as written and for HTTP with an address."""

import json
from pathlib import Path
from typing import Any, cast

import yaml

from bot.config import is_public
from bot.refusals import CommandRefusedError

REDIRECT = "/slack/oauth_redirect"
"""Where a browser comes back from Slack's page."""
_PLACES = (Path(__file__).with_name("manifest.yml"), Path(__file__).parent.parent / "manifest.yml")
"""Beside this file in an installed package, at the top of a checkout."""


def manifest_text() -> str:
    return next(place for place in _PLACES if place.exists()).read_text(encoding="utf-8")


def load_manifest() -> dict[str, Any]:
    return cast("dict[str, Any]", yaml.safe_load(manifest_text()))


def list_scopes() -> tuple[list[str], list[str]]:
    """Of the bot: those it needs, and those it can do without."""
    scopes = load_manifest()["oauth_config"]["scopes"]
    return scopes["bot"], scopes["bot_optional"]


class BadAddressError(CommandRefusedError):
    """Slack cannot call us there."""

    code = 2


def as_json(text: str) -> str:
    """The same manifest."""
    return json.dumps(yaml.safe_load(text), ensure_ascii=False, indent=2) + "\n"


def http_manifest(url: str, *, many: bool = False) -> str:
    """The manifest with request URLs below a public address instead of Socket Mode. Raises BadAddressError.

    For many workspaces also where browsers come back from Slack, tokens that rotate, and whole organisations: a token
    of a setting could not rotate, and Slack lets nobody switch that off again.
    """
    if not is_public(url):
        raise BadAddressError(
            f"{url!r} is no address that Slack can call: write it like --url https://drumbeat.example.org."
        )
    manifest = load_manifest()
    events = f"{url.rstrip('/')}/slack/events"
    for command in manifest["features"]["slash_commands"]:
        command["url"] = events
    settings = manifest["settings"]
    settings["event_subscriptions"] = {"request_url": events, **settings["event_subscriptions"]}
    settings["interactivity"]["request_url"] = events
    settings["socket_mode_enabled"] = False
    if many:
        manifest["oauth_config"] = {
            "redirect_urls": [f"{url.rstrip('/')}{REDIRECT}"],
            **manifest["oauth_config"],
        }
        settings["org_deploy_enabled"] = settings["token_rotation_enabled"] = True
    return yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True)

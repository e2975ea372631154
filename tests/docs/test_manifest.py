"""The Slack manifest says what the code does, in the form Slack takes."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from bot.manifest import http_manifest, load_manifest
from bot.routes import all_routes

# Slack's published schema of manifests, major version 1 (MIT, see the license file beside it).
SCHEMA = json.loads(Path(__file__).with_name("manifest.schema.1.0.0.json").read_text(encoding="utf-8"))
MANIFEST = load_manifest()
HTTP_MANIFEST = yaml.safe_load(http_manifest("https://drumbeat.example.org/"))
MANY_MANIFEST = yaml.safe_load(http_manifest("https://drumbeat.example.org/", many=True))


@pytest.mark.parametrize(
    "manifest", [MANIFEST, HTTP_MANIFEST, MANY_MANIFEST], ids=["Socket Mode", "HTTP", "many"]
)
def test_slack_takes_the_manifest(manifest: dict[str, Any]) -> None:
    problems = [
        f"{error.json_path}: {error.message}" for error in Draft7Validator(SCHEMA).iter_errors(manifest)
    ]
    assert problems == []


def test_slack_would_refuse_a_manifest_with_an_unknown_field() -> None:
    wrong = {**MANIFEST, "surprise": True}
    assert not Draft7Validator(SCHEMA).is_valid(wrong)


def test_the_http_manifest_has_an_address_wherever_slack_needs_one() -> None:
    address = "https://drumbeat.example.org/slack/events"
    settings = HTTP_MANIFEST["settings"]
    commands = HTTP_MANIFEST["features"]["slash_commands"]
    assert {command["url"] for command in commands} == {address}
    assert settings["event_subscriptions"]["request_url"] == address
    assert settings["interactivity"]["request_url"] == address
    assert settings["socket_mode_enabled"] is False


def test_every_command_is_handled_and_every_handled_command_is_in_the_manifest() -> None:
    assert {command["command"] for command in MANIFEST["features"]["slash_commands"]} == set(
        all_routes().commands
    )


def test_usage_hints_name_every_subcommand() -> None:
    hints = {command["command"]: command["usage_hint"] for command in MANIFEST["features"]["slash_commands"]}
    for name, subcommands in all_routes().commands.items():
        hinted = {word.strip() for word in hints[name].split("|")}
        assert {subcommand.name for subcommand in subcommands if subcommand.name} <= hinted


def test_shortcuts_are_those_of_the_code() -> None:
    shortcuts = {shortcut["callback_id"] for shortcut in MANIFEST["features"]["shortcuts"]}
    assert shortcuts == set(all_routes().shortcuts)


def test_every_subscribed_event_is_handled_and_every_handled_event_is_subscribed() -> None:
    subscribed = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    assert {event.split(".")[0] for event in subscribed} == set(all_routes().events)


@pytest.mark.parametrize("manifest", [MANIFEST, HTTP_MANIFEST], ids=["Socket Mode", "HTTP"])
def test_no_scope_or_event_is_asked_for_twice(manifest: dict[str, Any]) -> None:
    for asked in (
        manifest["oauth_config"]["scopes"]["bot"],
        manifest["settings"]["event_subscriptions"]["bot_events"],
    ):
        assert len(set(asked)) == len(asked)


def test_people_can_write_to_the_bot() -> None:
    home = MANIFEST["features"]["app_home"]
    assert (home["messages_tab_enabled"], home["messages_tab_read_only_enabled"]) == (True, False)

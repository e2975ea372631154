"""A manifest to install and real Bolt apps to connect."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Literal

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from sandbox import App, LocalSlack
    from sandbox.core import Core

JSON = dict[str, Any]
Delivery = Literal["socket", "http"]

SCOPES = [
    *(
        "commands",
        "chat:write",
        "im:write",
        "im:read",
        "im:history",
        "users:read",
        "channels:read",
        "groups:read",
    ),
    *(
        "channels:join",
        "channels:history",
        "app_mentions:read",
        "files:write",
        "files:read",
        "reactions:write",
    ),
    *("reactions:read", "team:read", "canvases:read", "canvases:write"),
]
EVENTS = [
    *(
        "app_home_opened",
        "app_mention",
        "app_uninstalled",
        "tokens_revoked",
        "message.im",
        "message.channels",
    ),
    *("member_joined_channel", "channel_left", "group_left", "channel_archive", "user_change", "team_join"),
    *("reaction_added", "member_left_channel", "group_archive", "message.groups"),
]


def manifest(*, scopes: list[str] = SCOPES, events: list[str] = EVENTS, **home: bool) -> JSON:
    tabs = {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False}
    return {
        "display_information": {"name": "Tempo"},
        "features": {
            "app_home": tabs | home,
            "bot_user": {"display_name": "tempo"},
            "slash_commands": [
                {"command": "/plan", "description": "Plans", "should_escape": True},
                {"command": "/raw", "description": "Says it as typed"},
            ],
            "shortcuts": [
                {
                    "type": "global",
                    "name": "New plan",
                    "callback_id": "plan.new",
                    "description": "Opens a form",
                },
                {
                    "type": "message",
                    "name": "Make it a plan",
                    "callback_id": "plan.from",
                    "description": "Takes it",
                },
            ],
        },
        "oauth_config": {"scopes": {"bot": list(scopes)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(events)},
            "interactivity": {"is_enabled": True},
            "socket_mode_enabled": True,
        },
    }


def client(slack: Core, app: App) -> AsyncWebClient:
    return AsyncWebClient(token=app.bot_token, base_url=slack.api_url, retry_handlers=[])


def bolt_for(slack: LocalSlack, app: App) -> AsyncApp:
    return AsyncApp(
        name="tempo",
        client=client(slack, app),
        signing_secret=app.signing_secret,
        process_before_response=True,
    )


@asynccontextmanager
async def connected(slack: LocalSlack, app: App, bolt: AsyncApp, delivery: Delivery) -> AsyncIterator[None]:
    """The Bolt app, taking what Slack sends over Socket Mode or HTTP."""
    if delivery == "socket":
        handler = AsyncSocketModeHandler(bolt, app.app_token)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        await slack.connected(app)
        yield
        await handler.close_async()  # type: ignore[no-untyped-call]
        return
    runner = web.AppRunner(bolt.web_app("/slack/events"))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    app.deliver_by_http(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    yield
    app.deliver_by_http(None)
    await runner.cleanup()


def plain(text: str) -> JSON:
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> JSON:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(text: str, action_id: str, **more: Any) -> JSON:
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def field(label: str, element: JSON, block_id: str, **more: Any) -> JSON:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {"action_id": "in", **element},
        **more,
    }


def modal(*blocks: JSON, title: str = "A plan", callback_id: str = "plan", **more: Any) -> JSON:
    shell = {"type": "modal", "callback_id": callback_id, "title": plain(title), "submit": plain("Save")}
    return {**shell, "blocks": list(blocks), **more}


def options(*texts: str) -> list[JSON]:
    return [{"text": plain(text), "value": text.casefold()} for text in texts]


def with_one_changed(value: Any, to: Any) -> Iterator[Any]:
    """`value` as often as it has parts, another part of it changed each time; of a list the first and the last."""
    yield to
    if isinstance(value, dict):
        for key, part in value.items():
            yield from ({**value, key: changed} for changed in with_one_changed(part, to))
    elif isinstance(value, list):
        for at in {0, len(value) - 1} if value else ():
            changed_parts = with_one_changed(value[at], to)
            yield from ([*value[:at], changed, *value[at + 1 :]] for changed in changed_parts)

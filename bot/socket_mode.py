"""Socket Mode: Slack's payloads come over a WebSocket that we open."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.adapter.socket_mode.internals import build_headers
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.incoming import Incoming
from bot.parts import Parts
from bot.pulse import Pulse

log = structlog.get_logger()
WATCH_SECONDS = 30
GRACE = 2
"""Looks in a row without a connection before a new one is made: silent losses have been reported."""


class _Handler(AsyncSocketModeHandler):
    """Bolt's, but for where it hands payloads to."""

    def __init__(self, incoming: Incoming, app_token: str, client: AsyncWebClient) -> None:
        super().__init__(incoming.bolt, app_token, web_client=client)
        self._incoming = incoming

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        response = await self._incoming.take_parsed(req.payload, build_headers(req) or {})
        await send_async_response(client, req, response, 0)


@asynccontextmanager
async def connect(parts: Parts) -> AsyncIterator[str]:
    """Connected while inside."""
    token = parts.settings.slack_app_token
    assert token is not None
    handler = _Handler(parts.incoming, token.get_secret_value(), parts.client)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    parts.health.heard(is_connected=True)
    watching = asyncio.create_task(_watch(handler, parts.health))
    try:
        yield "Socket Mode"
    finally:
        watching.cancel()
        await handler.close_async()  # type: ignore[no-untyped-call]


async def _watch(handler: AsyncSocketModeHandler, health: Pulse) -> None:
    lost = 0
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        lost = 0 if await handler.client.is_connected() else lost + 1
        health.heard(is_connected=not lost)
        if lost >= GRACE:
            log.warning("socket_lost")
            await handler.client.connect_to_new_endpoint()
            lost = 0

"""Socket Mode: Slack's payloads come over a WebSocket that we open."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

from bot.parts import Parts

log = structlog.get_logger()
WATCH_SECONDS = 30
GRACE = 2
"""Looks in a row without a connection before a new one is made: silent losses have been reported."""


@asynccontextmanager
async def connect(parts: Parts) -> AsyncIterator[str]:
    """Connected while inside."""
    token = parts.settings.slack_app_token
    assert token is not None
    handler = AsyncSocketModeHandler(parts.bolt, token.get_secret_value(), web_client=parts.client)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    watching = asyncio.create_task(_watch(handler))
    try:
        yield "Socket Mode"
    finally:
        watching.cancel()
        await handler.close_async()  # type: ignore[no-untyped-call]


async def _watch(handler: AsyncSocketModeHandler) -> None:
    lost = 0
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        lost = 0 if await handler.client.is_connected() else lost + 1
        if lost >= GRACE:
            log.warning("socket_lost")
            await handler.client.connect_to_new_endpoint()
            lost = 0

"""HTTP: Slack calls us, signed; load balancers ask how we are."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.api import add_api
from bot.parts import Parts


def build_web(parts: Parts) -> web.Application:
    """`/slack/events` for everything Slack sends, unless it comes by Socket Mode; the API for readings; `/healthz`
    (alive) and `/readyz` (the database answers).
    """

    async def slack_events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await parts.bolt.async_dispatch(await to_bolt_request(request)))

    async def healthz(_request: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def readyz(_request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(2):
                await parts.deps.transact(_ping)
        except Exception:  # noqa: BLE001 - whatever is wrong, we are not ready
            return web.Response(status=503, text="the database does not answer")
        return web.Response(text="ok")

    app = web.Application()
    if not parts.settings.uses_socket_mode:
        app.router.add_post("/slack/events", slack_events)
    add_api(app, parts.deps)
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    return app


@asynccontextmanager
async def connect(parts: Parts) -> AsyncIterator[str]:
    """Listening while inside; what is in hand is answered before it ends."""
    runner = web.AppRunner(build_web(parts), access_log=None, shutdown_timeout=5)
    await runner.setup()
    try:
        site = web.TCPSite(runner, port=parts.settings.port)
        await site.start()
        # With port 0 each address family gets a port of its own; the short address is IPv4's.
        yield f"port {min(runner.addresses, key=len)[1]}"
    finally:
        await runner.cleanup()


def _ping(session: Session) -> None:
    session.execute(text("SELECT 1"))

"""Stands between the local Slack and the bot, and keeps every body that goes by."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import ClientSession, web

from sandbox import App


@dataclass(frozen=True)
class Body:
    raw: bytes
    kind: str


@asynccontextmanager
async def recorded(app: App) -> AsyncIterator[list[Body]]:
    """While inside, what Slack delivers passes here on its way to where it went before."""
    target, bodies = app.request_url, []
    assert target is not None

    async def hand_on(request: web.Request) -> web.Response:
        raw = await request.read()
        bodies.append(Body(raw, request.headers["Content-Type"]))
        async with http.post(target, data=raw, headers=request.headers) as answer:
            headers = {"Content-Type": answer.headers["Content-Type"]}
            return web.Response(status=answer.status, body=await answer.read(), headers=headers)

    between = web.Application()
    between.router.add_post("/", hand_on)
    runner = web.AppRunner(between)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with ClientSession() as http:
        app.deliver_by_http(f"http://127.0.0.1:{runner.addresses[0][1]}/")
        try:
            yield bodies
        finally:
            app.deliver_by_http(target)
            await runner.cleanup()

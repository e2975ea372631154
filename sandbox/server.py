"""The local Slack, served on loopback: its first workspace, beside which there may be others."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self, cast

from aiohttp import web

from sandbox import responding
from sandbox.control import Control
from sandbox.page.routes import routes as page_routes
from sandbox.shared import Shared
from sandbox.web_api import dispatch
from sandbox.web_api import files as uploads
from sandbox.workspace import Workspace
from sandbox.world import World

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from types import TracebackType

    from aiohttp.typedefs import Handler

LOOPBACK = "127.0.0.1"


class LocalSlack(World):
    """Use as an async context manager; it listens while inside.

    `patience` is how many times as long as Slack it waits in real time: for an acknowledgement, for a form to be
    opened, for a follower of its clock. It is SANDBOX_PATIENCE unless given, and 1 where that is not set either, as
    Slack is. `monotonic` is the stopwatch, in seconds, by which triggers, response_urls and rate limits run out.
    """

    def __init__(
        self,
        *,
        now: datetime | None = None,
        rate_limits: bool = True,
        port: int = 0,
        patience: float | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        shared = Shared(now=now, rate_limits=rate_limits, patience=patience, monotonic=monotonic)
        super().__init__(shared, Workspace(shared.clock.now_us), [])
        self._port = port

    async def __aenter__(self) -> Self:
        served = web.Application(client_max_size=16 * 1024 * 1024)
        served.add_routes(map(self._telling, self._routes()))
        self._runner = web.AppRunner(served, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, LOOPBACK, self._port)
        await site.start()
        self.shared.url = f"http://{LOOPBACK}:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.shared.close()
        await self._runner.cleanup()

    def _telling(self, route: web.RouteDef) -> web.RouteDef:
        """Whatever was asked for may have changed what somebody sees."""
        # No middleware: aiohttp keeps the last 1,024 handlers that had one, and would every local Slack with them.
        if route.method != "POST":
            return route
        answer = cast("Handler", route.handler)

        async def tell(request: web.Request) -> web.StreamResponse:
            try:
                return await answer(request)
            finally:
                self.changes.happened()

        return web.post(route.path, tell)

    def _routes(self) -> list[web.RouteDef]:
        async def api(request: web.Request) -> web.StreamResponse:
            return await dispatch.serve(self.worlds, request)

        async def respond(request: web.Request) -> web.Response:
            return await responding.serve(self.worlds, request)

        async def upload(request: web.Request) -> web.Response:
            return await uploads.receive(self.worlds, request)

        async def download(request: web.Request) -> web.Response:
            return uploads.download(self.worlds, request)

        return [
            web.post("/api/{method}", api),
            web.get("/api/{method}", api),
            web.get("/link/", self.socket_mode.serve),
            web.get("/control/clock", self.clock.follow),
            web.post("/response/{team}/{key}", respond),
            web.post("/upload/v1/{file}", upload),
            web.get("/files/{file}", download),
            *Control(self).routes(),
            *page_routes(self),
        ]

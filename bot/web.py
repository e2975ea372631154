"""HTTP: Slack calls us, signed; load balancers ask how we are."""

import asyncio
import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response

from bot.api import add_api
from bot.config import reveal
from bot.connections import BodyRefused, Connections, Limits, read_body
from bot.health import Measured, Readiness
from bot.installing import add_installing
from bot.parts import Parts
from bot.refusals import CommandRefusedError
from bot.signatures import find_claim, is_signed

log = structlog.get_logger()

MOST_BYTES = 1 << 20
"""More than Slack sends: a view is at most 250 KB, a message's text and blocks less (docs.slack.dev, limits)."""
STOP_SECONDS = 3.0
"""For what is in hand, and as long again once it has been told to end."""
MINUTE = 60.0


def build_web(parts: Parts) -> web.Application:
    """`/slack/events` for everything Slack sends, unless it comes by Socket Mode; `/slack/install` where many workspaces
    may; the API for readings; `/healthz` (alive), `/readyz` and `/metrics` (how it is).
    """

    async def healthz(_request: web.Request) -> web.Response:
        return web.Response(text="ok")

    app = web.Application()
    if (secret := reveal(parts.settings.slack_signing_secret)) and not parts.settings.uses_socket_mode:
        app.router.add_post("/slack/events", SlackDoor(parts, secret.encode()).take)
    if parts.install_flow is not None:
        add_installing(app, parts.install_flow)
    add_api(app, parts.transact, parts.clock.now, parts.installations.only)
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", Readiness(parts).show)
    app.router.add_get("/metrics", Measured(parts).show)
    return app


@asynccontextmanager
async def connect(parts: Parts, limits: Limits | None = None) -> AsyncIterator[str]:
    """Listening while inside."""
    async with listen(build_web(parts), parts.settings.port, limits or Limits()) as port:
        yield f"port {port}"


@asynccontextmanager
async def listen(app: web.Application, port: int, limits: Limits) -> AsyncIterator[int]:
    """The port it got; what is in hand is answered before it ends."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=STOP_SECONDS)
    await runner.setup()
    assert runner.server is not None
    connections = Connections(runner.server, limits)
    try:
        listening = await asyncio.get_running_loop().create_server(connections, port=port)
    except OSError as problem:
        await runner.cleanup()
        raise PortUnusableError(_why_not_listening(port, problem)) from None
    try:
        # With port 0 each address family gets a port of its own; the short address is IPv4's.
        yield min((one.getsockname() for one in listening.sockets), key=len)[1]
    finally:
        listening.close()
        await runner.cleanup()


class PortUnusableError(CommandRefusedError):
    """Nothing can listen there."""


def _why_not_listening(port: int, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        return f"Port {port} is in use: stop what listens there, or set DRUMBEAT_PORT to another one."
    if problem.errno == errno.EACCES:
        return f"Port {port} is not for this user: set DRUMBEAT_PORT to one above 1023, behind your proxy."
    return f"Nothing can listen on port {port} ({problem.strerror}): set DRUMBEAT_PORT to another one."


class SlackDoor:
    """Lets in what Slack signed, and looks at nothing else: the rest costs a hash of its body, whatever is in it."""

    def __init__(self, parts: Parts, secret: bytes) -> None:
        self._parts = parts
        self._secret = secret
        self._told_at = -MINUTE

    async def take(self, request: web.Request) -> web.Response:
        claim = find_claim(request.headers, self._parts.clock.wall().timestamp())
        if claim is None:
            return web.Response(status=401)
        try:
            raw = await read_body(request, MOST_BYTES)
        except BodyRefused as refused:
            log.warning("body_refused", status=refused.status)
            return web.Response(status=refused.status)
        if not is_signed(self._secret, claim, raw):
            self._tell_operator()
            return web.Response(status=401)
        return await to_aiohttp_response(await self._parts.incoming.take_raw(raw, request.headers))

    def _tell_operator(self) -> None:
        """At most once a minute: with a wrong signing secret every request is refused, and others may only try."""
        now = self._parts.clock.monotonic()
        if now - self._told_at >= MINUTE:
            self._told_at = now
            log.warning("wrong_signature")

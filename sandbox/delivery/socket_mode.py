"""Socket Mode: up to ten connections an app, each envelope to one of them, acknowledged by its id.

Frames: docs.slack.dev/apis/events-api/using-socket-mode.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from sandbox.delivery.parcel import Ack

if TYPE_CHECKING:
    from sandbox.apps import App, Registration
    from sandbox.delivery.parcel import Parcel

JSON = dict[str, Any]
MAX_CONNECTIONS = 10
_HOST = "sandbox"
_ANSWERABLE = ("slash_commands", "view_submission", "block_suggestion")


@dataclass(eq=False)
class _Connection:
    socket: web.WebSocketResponse
    waiting: dict[str, asyncio.Future[Ack]] = field(default_factory=dict)

    def acknowledged(self, envelope_id: str, body: JSON | None) -> None:
        waiter = self.waiting.pop(envelope_id, None)
        if waiter and not waiter.done():
            waiter.set_result(Ack(None, body))

    def gone(self) -> None:
        for waiter in self.waiting.values():
            if not waiter.done():
                waiter.set_result(Ack("connection_failed"))


class SocketMode:
    def __init__(self, ack_seconds: float) -> None:
        self._ack_seconds = ack_seconds
        self._tickets: dict[str, Registration] = {}
        self._connections: defaultdict[str, list[_Connection]] = defaultdict(list)
        self._changed = asyncio.Event()

    def ticket(self, app: Registration) -> str:
        """A single-use ticket for one connection's address."""
        ticket = secrets.token_hex(16)
        self._tickets[ticket] = app
        return ticket

    def connections(self, app: App | Registration) -> int:
        return len(self._connections[app.app_id])

    async def connected(self, app: App | Registration, count: int) -> None:
        """Waits until the app has that many open connections."""
        while self.connections(app) != count:
            self._changed.clear()
            await self._changed.wait()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection, from hello to close."""
        app = self._tickets.pop(request.query.get("ticket", ""), None)
        if app is None:
            return web.Response(status=404)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        mine = self._connections[app.app_id]
        if len(mine) >= MAX_CONNECTIONS:
            extra = {"num_connections": len(mine), "connection_info": {"app_id": app.app_id}}
            await self._disconnect(socket, "too_many_websockets", extra)
            return socket
        await socket.send_json(_hello(app, len(mine) + 1))
        await self._listen(socket, mine)
        return socket

    async def _listen(self, socket: web.WebSocketResponse, mine: list[_Connection]) -> None:
        connection = _Connection(socket)
        mine.append(connection)
        self._changed.set()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    answer: JSON = json.loads(message.data)
                    connection.acknowledged(answer.get("envelope_id", ""), answer.get("payload"))
        finally:
            if connection in mine:
                mine.remove(connection)
            connection.gone()
            self._changed.set()

    async def send(self, app: App, parcel: Parcel) -> Ack:
        """Hands an envelope to the next connection in turn and waits for its acknowledgement."""
        mine = self._connections[app.app_id]
        if not mine:
            return Ack("connection_failed")
        connection = mine.pop(0)
        mine.append(connection)
        envelope_id = str(uuid.uuid4())
        waiter: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope_id] = waiter
        try:
            await connection.socket.send_str(json.dumps(_envelope(envelope_id, parcel)))
            async with asyncio.timeout(self._ack_seconds):
                return await waiter
        except ConnectionError:
            return Ack("connection_failed")
        except TimeoutError:
            return Ack("timeout")
        finally:
            connection.waiting.pop(envelope_id, None)

    async def refresh(self, app: App | Registration, reason: str = "refresh_requested") -> None:
        """Asks every connection to reconnect and closes it, as Slack does every few hours."""
        for connection in list(self._connections[app.app_id]):
            self._connections[app.app_id].remove(connection)
            await self._disconnect(connection.socket, reason, {})

    async def _disconnect(self, socket: web.WebSocketResponse, reason: str, extra: JSON) -> None:
        await socket.send_json(
            {"type": "disconnect", "reason": reason, "debug_info": {"host": _HOST}, **extra}
        )
        await socket.close()

    async def close(self) -> None:
        for mine in self._connections.values():
            await asyncio.gather(*(connection.socket.close() for connection in list(mine)))


def _hello(app: Registration, count: int) -> JSON:
    return {
        "type": "hello",
        "num_connections": count,
        "debug_info": {"host": _HOST, "build_number": 1, "approximate_connection_time": 18060},
        "connection_info": {"app_id": app.app_id},
    }


def _envelope(envelope_id: str, parcel: Parcel) -> JSON:
    envelope: JSON = {
        "envelope_id": envelope_id,
        "payload": parcel.payload,
        "type": parcel.kind,
        "accepts_response_payload": parcel.kind in _ANSWERABLE or parcel.payload.get("type") in _ANSWERABLE,
    }
    if parcel.kind == "events_api":
        envelope |= {"retry_attempt": parcel.attempt, "retry_reason": parcel.reason}
    return envelope

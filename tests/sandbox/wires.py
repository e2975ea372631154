"""Raw Socket Mode connections, to see exactly what is sent."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from slack_sdk.web.async_client import AsyncWebClient

if TYPE_CHECKING:
    from collections.abc import Callable

    import aiohttp

    from sandbox import App, LocalSlack


class Wire:
    """One raw Socket Mode connection; acknowledges what `acks` says."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, hello: dict[str, Any]) -> None:
        self._socket = socket
        self.hello = hello
        self.envelopes: list[dict[str, Any]] = []
        self.acks: Callable[[dict[str, Any]], bool] = lambda _: True
        self.listening = asyncio.ensure_future(self._listen())
        self.closing: asyncio.Future[None] | None = None

    async def _listen(self) -> None:
        async for frame in self._socket:
            envelope = json.loads(frame.data)
            self.envelopes.append(envelope)
            if "envelope_id" in envelope and self.acks(envelope):
                await self._socket.send_json({"envelope_id": envelope["envelope_id"]})

    async def close(self) -> None:
        await self._socket.close()


class Wires:
    def __init__(self, slack: LocalSlack, app: App, session: aiohttp.ClientSession) -> None:
        self.slack, self.app, self.session = slack, app, session
        self.open: list[Wire] = []

    async def connect(self) -> Wire:
        api = AsyncWebClient(base_url=self.slack.api_url)
        answer = await api.apps_connections_open(app_token=self.app.app_token)
        socket = await self.session.ws_connect(answer["url"])
        wire = Wire(socket, await socket.receive_json())
        self.open.append(wire)
        return wire

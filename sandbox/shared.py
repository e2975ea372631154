"""What all workspaces of one local Slack have in common: its time, its apps, and what is on its way to them."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sandbox.changes import Changes
from sandbox.clock import FOLLOWER_SECONDS, Clock
from sandbox.codes import Codes
from sandbox.delivery.http import Http
from sandbox.delivery.outgoing import Outgoing
from sandbox.delivery.socket_mode import SocketMode
from sandbox.faults import Faults
from sandbox.rates import Rates
from sandbox.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.apps import Registration
    from sandbox.calls import Called

ACK_SECONDS = 3.0
TRIGGER_SECONDS = 3.0


class Shared:
    """`LocalSlack` says what the arguments mean."""

    def __init__(
        self,
        *,
        now: datetime | None,
        rate_limits: bool,
        patience: float | None,
        monotonic: Callable[[], float],
    ) -> None:
        if patience is None:
            patience = float(os.environ.get("SANDBOX_PATIENCE", "1"))
        self.url = ""
        self.monotonic = monotonic
        self.trigger_seconds = TRIGGER_SECONDS * patience
        self.changes = Changes()
        self.socket_mode = SocketMode(ACK_SECONDS * patience)
        self.http = Http(ACK_SECONDS * patience)
        self.outgoing = Outgoing(self.socket_mode, self.http, self.changes.happened)
        starts = now or datetime.now(UTC).replace(microsecond=0)
        self.clock = Clock(starts, self.outgoing.idle, FOLLOWER_SECONDS * patience, self.changes.happened)
        self.outgoing.clock = self.clock
        self.rates = Rates(enforced=rate_limits, monotonic=monotonic)
        self.faults = Faults()
        self.calls: list[Called] = []
        self.registrations: dict[str, Registration] = {}
        self.tokens = Tokens(lambda: self.clock.now_us() // 1_000_000)
        self.codes = Codes(monotonic)
        self.ready = asyncio.Event()
        """Until it is set, what people do on the page waits: for whoever starts the app and clears it meanwhile."""
        self.ready.set()
        self.foretell: Callable[[datetime], str] = lambda _: ""
        """What will happen at the next instant, in words; whoever runs the app may know."""

    async def close(self) -> None:
        self.changes.end()
        await self.outgoing.close()
        await self.socket_mode.close()
        await self.clock.close()
        await self.http.close()

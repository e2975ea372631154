"""How the process is: for load balancers (`/readyz`) and for Prometheus (`/metrics`)."""

import asyncio
from datetime import datetime

import structlog
from aiohttp import web
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from sqlalchemy.orm import Session

from bot import metrics
from bot.clock import FollowedClock
from bot.parts import Parts
from domain.faults import kind_of
from storage.delivery import depths, seen
from storage.migrations import SchemaState, state_of

log = structlog.get_logger()

READY_SECONDS = 2.0
"""How long a look at the database holds, and how long it may take."""
MEASURE_SECONDS = 5.0
"""The same for how much waits."""
LONGEST_TICK = 120.0
"""Seconds without a look at what is due, after which this process is not ready: it looks every 15."""


class Readiness:
    """Whether the database takes a write, has this version's tables, and Slack and the clock are at work; looked at at most
    every two seconds however many ask.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._looking = asyncio.Lock()
        self._seen_at = -READY_SECONDS
        self._problem = ""

    async def show(self, _request: web.Request) -> web.Response:
        async with self._looking:
            if self._parts.clock.monotonic() - self._seen_at >= READY_SECONDS:
                problem = await self._look()
                if problem and not self._problem:
                    log.error("not_ready", problem=problem)
                self._problem, self._seen_at = problem, self._parts.clock.monotonic()
        return web.Response(status=503, text=self._problem) if self._problem else web.Response(text="ok")

    async def _look(self) -> str:
        parts = self._parts
        try:
            async with asyncio.timeout(READY_SECONDS):
                state = await parts.transact.within(seen.NOWHERE)(_try_database, parts.clock.wall())
        except TimeoutError:
            return "The database does not answer."
        except Exception as fault:  # noqa: BLE001 - whatever is wrong, we are not ready
            return f"The database cannot be written ({kind_of(fault)})."
        if state is not SchemaState.CURRENT:
            return "The database's tables are not this version's."
        if parts.health.is_deaf:
            return "Slack's connection is lost, and made anew."
        if (
            not isinstance(parts.clock, FollowedClock)
            and parts.health.seconds_idle(parts.clock) > LONGEST_TICK
        ):
            return "Nothing has been looked at that is due for two minutes."
        return ""


def _try_database(session: Session, now: datetime) -> SchemaState:
    seen.try_write(session, now)
    return state_of(session.connection())


class Measured:
    """`/metrics`: the process's own counts, and how much waits in the database, measured at most every five seconds."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._looking = asyncio.Lock()
        self._seen_at = -MEASURE_SECONDS

    async def show(self, _request: web.Request) -> web.Response:
        async with self._looking:
            if self._parts.clock.monotonic() - self._seen_at >= MEASURE_SECONDS:
                await self._look()
                self._seen_at = self._parts.clock.monotonic()
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    async def _look(self) -> None:
        parts = self._parts
        try:
            async with asyncio.timeout(READY_SECONDS):
                found = await parts.transact(depths.measure, parts.clock.now(), parts.installations.only)
        except Exception as fault:  # noqa: BLE001 - that it cannot be measured is what is told
            metrics.DATABASE.set(0)
            log.warning("not_measured", kind=kind_of(fault))
            return
        metrics.DATABASE.set(1)
        for state, count in found.rows.items():
            metrics.OUTBOX_ROWS.labels(state).set(count)
        metrics.OUTBOX_AGE.set(found.oldest.total_seconds())
        metrics.DUE_LAG.set(found.due_lag.total_seconds())

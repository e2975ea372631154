"""What a running process is made of."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.orm import Session

from bot import metrics
from bot.background import Background
from bot.clock import Clock
from bot.config import Settings
from bot.delivery.sender import Sender
from bot.incoming import Incoming
from bot.installations import Installations
from bot.pulse import Pulse
from bot.retention import Retention
from bot.roll_call import RollCall
from bot.slack_edge import DepsOf
from bot.transactions import Transactions
from domain.faults import kind_and_place
from domain.plans import SKEW
from domain.rituals import Due
from handlers.canvases import refresh_stale
from handlers.checklists import redraw_stale
from handlers.homes import publish_stale
from handlers.repairs import repair_what_is_ahead
from handlers.requests import Deps
from handlers.rituals import perform_due
from handlers.troubles import settle_all_overdue
from services.installations import forget_removed
from storage import canvases, homes, rituals
from storage.database import Database
from storage.delivery import doubts
from storage.installations import list_served
from storage.workspaces import Workspace, list_busy

log = structlog.get_logger()


AT_ONCE = 4
"""Transactions of the clock at the same time, half of those that PostgreSQL takes: people's requests find a way through."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a process is made of, whichever way Slack reaches it, and for however many workspaces.

    `client` speaks without anybody's token, or with the token of the one workspace; `transact` looks across workspaces,
    and `database` is that of the one.
    """

    settings: Settings
    database: Database
    clock: Clock
    transact: Transactions
    client: AsyncWebClient
    sender: Sender
    installations: Installations
    deps_of: DepsOf
    incoming: Incoming
    background: Background
    roll_call: RollCall
    retention: Retention
    own: tuple[Workspace, Deps] | None = None
    install_flow: AsyncOAuthFlow | None = None
    health: Pulse = field(default_factory=Pulse)

    @property
    def workspace(self) -> Workspace:
        """The one it is for. Raises LookupError where it is for many."""
        return self._own()[0]

    @property
    def deps(self) -> Deps:
        """Those of that workspace."""
        return self._own()[1]

    def _own(self) -> tuple[Workspace, Deps]:
        if self.own is None:
            raise LookupError("This process is for many workspaces.")
        return self.own

    async def tick(self, now: datetime, *, wait: bool = False) -> list[tuple[Due, str]]:
        """One pass of everything due at an instant; with `wait`, what other processes are at is done as well then."""
        began = self.clock.monotonic()
        if self.roll_call.is_due(now):
            self.roll_call.begin(await self._list_served(), now)
        if self.retention.is_due(now):
            self.background.start(self.retention.clean_up(await self._list_served(), now))
        busy = await self.transact(list_busy, now, now + SKEW, self.installations.only)
        room = asyncio.Semaphore(AT_ONCE)
        performed = await asyncio.gather(*(self._tick_in(one, now, room, wait=wait) for one in busy))
        if self.settings.serves_many:
            await self.transact(forget_removed, now)
        self.health.ticked(self.clock, began)
        return [one for of_workspace in performed for one in of_workspace]

    async def _tick_in(
        self, workspace_id: str, now: datetime, room: asyncio.Semaphore, *, wait: bool
    ) -> list[tuple[Due, str]]:
        """In one workspace; what goes wrong there is no other's affair."""
        await self.roll_call.done(workspace_id)
        try:
            in_turn = self.transact.within(workspace_id).in_turn(room)
            deps = replace(await self.deps_of(workspace_id), transact=in_turn)
            await repair_what_is_ahead(deps, now)
            performed = await perform_due(deps, now, wait=wait)
            await redraw_stale(deps, now)
            await publish_stale(deps, now)
            await refresh_stale(deps, now)
            await settle_all_overdue(deps, now)
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is tried again at the next tick
            log.error("tick_failed", workspace=workspace_id, **kind_and_place(fault))
            return []
        for due, outcome in performed:
            metrics.OCCURRENCES.labels(due.ritual, outcome).inc()
            log.info(
                "ritual", ritual=due.ritual, period=due.period, strategy=due.strategy_id, outcome=outcome
            )
        return performed

    async def _list_served(self) -> Collection[str]:
        only = self.installations.only
        return await self.transact(list_served) if only is None else only

    async def settle(self, now: datetime) -> datetime | None:
        """Everything due at an instant done and said; returns when something is next due."""
        await self.background.idle()
        await self.tick(now, wait=True)
        await self.background.idle()
        await self.sender.drain()
        return await self.transact(_find_next, self.installations.only, now)


def _find_next(session: Session, only: Collection[str] | None, now: datetime) -> datetime | None:
    served = list_served(session) if only is None else only
    instants = [
        instant
        for workspace_id in served
        for instant in (
            rituals.find_next_due(session, workspace_id),
            homes.find_next(session, workspace_id, now),
            canvases.find_next(session, workspace_id),
            doubts.find_next(session, workspace_id),
        )
        if instant is not None
    ]
    return min(instants, default=None)

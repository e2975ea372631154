"""What a running process is made of."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.orm import Session

from bot.background import Background
from bot.clock import Clock
from bot.config import Settings
from bot.delivery.sender import Sender
from bot.incoming import Incoming
from domain.rituals import Due
from handlers.homes import publish_stale
from handlers.repairs import repair_what_is_ahead
from handlers.requests import Deps
from handlers.rituals import perform_due
from handlers.troubles import settle_all_overdue
from storage import homes, rituals
from storage.database import Database
from storage.delivery import doubts
from storage.workspaces import Workspace

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Parts:
    """What a process is made of, whichever way Slack reaches it."""

    settings: Settings
    database: Database
    clock: Clock
    client: AsyncWebClient
    sender: Sender
    deps: Deps
    incoming: Incoming
    workspace: Workspace
    background: Background

    async def tick(self, now: datetime, *, wait: bool = False) -> list[tuple[Due, str]]:
        """One pass of everything due at an instant; with `wait`, what other processes are at is done as well then."""
        await repair_what_is_ahead(self.deps, now)
        performed = await perform_due(self.deps, now, wait=wait)
        await publish_stale(self.deps, now)
        await settle_all_overdue(self.deps, now)
        for due, outcome in performed:
            log.info(
                "ritual", ritual=due.ritual, period=due.period, strategy=due.strategy_id, outcome=outcome
            )
        return performed

    async def settle(self, now: datetime) -> datetime | None:
        """Everything due at an instant done and said; returns when something is next due."""
        await self.background.idle()
        await self.tick(now, wait=True)
        await self.sender.drain()
        return await self.deps.transact(_find_next, self.workspace.id, now)


def _find_next(session: Session, workspace_id: str, now: datetime) -> datetime | None:
    instants = (
        rituals.find_next_due(session, workspace_id),
        homes.find_next(session, workspace_id, now),
        doubts.find_next(session, workspace_id),
    )
    return min((instant for instant in instants if instant is not None), default=None)

"""Words that have been kept for as long as the operator wants go: once a day, in small batches."""

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from bot.transactions import Transactions
from domain.acts import Act, ActKind
from domain.faults import kind_and_place
from domain.words import counted, full_day
from storage import acts
from storage.forgetting.aging import STEPS, Batch, erase_old

log = structlog.get_logger()
EVERY = timedelta(days=1)
AT_ONCE = 200
"""Rows looked at in a transaction: what people do meanwhile waits for no more than that."""
PAUSE_SECONDS = 0.02


class Retention:
    """`days`: for how many words are kept; None: for ever."""

    def __init__(self, transact: Transactions, days: int | None) -> None:
        self._transact = transact
        self._days = days
        self._last: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        return self._days is not None and (self._last is None or abs(now - self._last) >= EVERY)

    async def clean_up(self, workspace_ids: Collection[str], now: datetime) -> None:
        """One workspace after the other; what fails in one is tried again the next day."""
        assert self._days is not None
        self._last = now
        before = now - timedelta(days=self._days)
        for workspace_id in workspace_ids:
            try:
                count = await self._clean_up_in(workspace_id, before, now)
            except Exception as fault:  # noqa: BLE001 - the others go on
                log.error("old_words_not_removed", workspace=workspace_id, **kind_and_place(fault))
            else:
                if count:
                    log.info("old_words_removed", workspace=workspace_id, rows=count)

    async def _clean_up_in(self, workspace_id: str, before: datetime, now: datetime) -> int:
        batch: Batch | None = Batch()
        count, transact = 0, self._transact.within(workspace_id)
        while batch is not None:
            batch, erased = await transact(_erase, workspace_id, before, batch, now)
            count += erased
            await asyncio.sleep(PAUSE_SECONDS)
        return count


def _erase(
    session: Session, workspace_id: str, before: datetime, step: Batch, now: datetime
) -> tuple[Batch | None, int]:
    following, erased = erase_old(session, workspace_id, before, step, AT_ONCE)
    if erased:
        day, rows = full_day(before.date()), counted(erased, "row")
        act = Act(ActKind.WORDS_REMOVED, None, now, STEPS[step.number], day, rows)
        acts.add_act(session, workspace_id, None, act)
    return following, erased

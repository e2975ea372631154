"""The door of the clock for checklists: what is no longer so is drawn anew."""

from datetime import datetime

import structlog

from domain.faults import kind_and_place
from handlers.requests import Deps
from services.checklists import leave_checklist, list_stale_checklists, redraw_checklist
from services.rituals import raise_if_away

log = structlog.get_logger()


async def redraw_stale(deps: Deps, now: datetime) -> None:
    """Each in a transaction of its own: what brought it about has taken effect, whatever becomes of this."""
    for checklist in await deps.transact(list_stale_checklists, deps.workspace_id):
        try:
            await deps.transact(redraw_checklist, checklist, now)
        except Exception as fault:  # noqa: BLE001 - one that fails must not stop the others
            raise_if_away(fault)
            log.error("checklist_failed", strategy=checklist.strategy_id, **kind_and_place(fault))
            await deps.transact(leave_checklist, checklist)

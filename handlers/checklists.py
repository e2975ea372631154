"""The door of the clock for checklists: what is no longer so is drawn anew."""

from datetime import datetime
from functools import partial

from handlers.requests import Deps, apart
from services.checklists import leave_checklist, list_stale_checklists, redraw_checklist


async def redraw_stale(deps: Deps, now: datetime) -> None:
    """What brought it about has taken effect, whatever becomes of this."""
    for checklist in await deps.transact(list_stale_checklists, deps.workspace_id):
        leave = partial(leave_checklist, checklist=checklist)
        about = checklist.strategy_id
        await apart(deps, redraw_checklist, checklist, now, leave, failed="checklist_failed", strategy=about)

"""What a clock that was ahead has left behind is put right, at the first tick by a clock that is not."""

from datetime import datetime
from functools import partial

from handlers.requests import Deps, apart
from services.repairs import find_strategies_ahead, repair_strategy


async def repair_what_is_ahead(deps: Deps, now: datetime) -> int:
    """How many strategies had something to put right."""
    found = await deps.transact(find_strategies_ahead, deps.workspace_id, now)
    repair = partial(repair_strategy, workspace_id=deps.workspace_id)
    for strategy_id in found:
        await apart(deps, repair, strategy_id, now, failed="repair_failed", strategy=strategy_id)
    return len(found)

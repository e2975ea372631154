"""What a clock that was ahead has left behind is put right, at the first tick by a clock that is not."""

from datetime import datetime

import structlog

from domain.faults import kind_and_place
from handlers.requests import Deps
from services.repairs import find_strategies_ahead, repair_strategy
from services.rituals import raise_if_away

log = structlog.get_logger()


async def repair_what_is_ahead(deps: Deps, now: datetime) -> int:
    """How many strategies had something to put right."""
    found = await deps.transact(find_strategies_ahead, deps.workspace_id, now)
    for strategy_id in found:
        try:
            await deps.transact(repair_strategy, deps.workspace_id, strategy_id, now)
        except Exception as fault:  # noqa: BLE001 - one strategy that cannot be put right must not stop the others
            raise_if_away(fault)
            log.error("repair_failed", strategy=strategy_id, **kind_and_place(fault))
    return len(found)

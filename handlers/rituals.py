"""The door of the clock: everything due, each in its own transaction."""

from datetime import datetime

import structlog

from domain.faults import kind_and_place
from domain.rituals import Due
from handlers.requests import Deps
from services.rituals import list_due, perform_ritual, put_off

log = structlog.get_logger()


async def perform_due(deps: Deps, now: datetime) -> list[tuple[Due, str]]:
    """Everything due at `now`, each in its own transaction, with what became of it."""
    performed = []
    while batch := await deps.transact(list_due, deps.workspace_id, now):
        for due in batch:
            try:
                outcome = await deps.transact(perform_ritual, due, now)
            except Exception as fault:  # noqa: BLE001 - one ritual that fails must not stop the others
                log.error(
                    "ritual_failed", ritual=due.ritual, strategy=due.strategy_id, **kind_and_place(fault)
                )
                outcome = await deps.transact(put_off, due, now)
            performed.append((due, outcome))
    return performed

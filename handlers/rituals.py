"""The door of the clock: what is due is performed."""

from collections.abc import Sequence
from datetime import datetime

import structlog

from domain.faults import kind_and_place
from domain.rituals import Due
from handlers.requests import Deps
from services.rituals import list_due_together, perform_rituals, put_off, raise_if_away

log = structlog.get_logger()


async def perform_due(deps: Deps, now: datetime, *, wait: bool = False) -> list[tuple[Due, str]]:
    """Everything due at `now`, with what became of it; all that is due of one ritual of a strategy in one transaction.

    Several processes share it: what another one is just performing is left to it or, with `wait`, waited for.
    """
    performed: list[tuple[Due, str]] = []
    while together := await deps.transact(list_due_together, deps.workspace_id, now):
        done = [one for dues in together for one in await _perform_apart(deps, dues, now, wait=wait)]
        if not done and not wait:
            break
        performed += done
    return performed


async def _perform_apart(
    deps: Deps, dues: Sequence[Due], now: datetime, *, wait: bool
) -> list[tuple[Due, str]]:
    """Where one of them fails they are performed one by one, and those that fail alone are put off. Raises where the
    database was away.
    """
    try:
        return await deps.transact(perform_rituals, dues, now, wait=wait)
    except Exception as fault:  # noqa: BLE001 - one ritual that fails must not stop the others
        raise_if_away(fault)
        log.warning("rituals_one_by_one", ritual=dues[0].ritual, number=len(dues), **kind_and_place(fault))
    return [one for due in dues for one in await _perform_alone(deps, due, now, wait=wait)]


async def _perform_alone(deps: Deps, due: Due, now: datetime, *, wait: bool) -> list[tuple[Due, str]]:
    try:
        return await deps.transact(perform_rituals, [due], now, wait=wait)
    except Exception as fault:  # noqa: BLE001 - one ritual that fails must not stop the others
        raise_if_away(fault)
        log.error("ritual_failed", ritual=due.ritual, strategy=due.strategy_id, **kind_and_place(fault))
        return [(due, await deps.transact(put_off, due, now))]

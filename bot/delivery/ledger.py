"""Records the steps of all workers, as many as have gathered, in one commit after the other."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import structlog

from bot.transactions import Transactions
from domain.faults import kind_and_place
from storage.delivery import sending

_log = structlog.get_logger()
_MOST_STEPS = 250
_LONGEST_WAIT = 10.0


class LeaseLost(Exception):
    """Another process speaks to the workspace now, or soon will."""


class Ledger:
    """`margin` is how much longer than now a lease must be held for a call to go out."""

    def __init__(self, transact: Transactions, holder: str, margin: timedelta) -> None:
        self._transact = transact
        self._holder = holder
        self._margin = margin
        self._gathered: list[tuple[sending.Step, asyncio.Future[list[sending.Outgoing]]]] = []
        self._any = asyncio.Event()

    async def take(self, step: sending.Step) -> list[sending.Outgoing]:
        """Take one step of a workspace; returns what it looked for. Raises LeaseLost."""
        taken: asyncio.Future[list[sending.Outgoing]] = asyncio.get_running_loop().create_future()
        self._gathered.append((step, taken))
        self._any.set()
        return await taken

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            await self._any.wait()
            now, self._gathered = self._gathered[:_MOST_STEPS], self._gathered[_MOST_STEPS:]
            if not self._gathered:
                self._any.clear()
            results = await self._write([step for step, _ in now])
            for step, taken in now:
                if taken.done():
                    continue
                if step.workspace_id in results:
                    taken.set_result(results[step.workspace_id])
                else:
                    taken.set_exception(LeaseLost(step.workspace_id))

    async def _write(self, steps: Sequence[sending.Step]) -> dict[str, list[sending.Outgoing]]:
        """Until it succeeds: what was sent must be recorded."""
        wait = 0.5
        while True:
            try:
                return await self._transact(sending.take_steps, self._holder, self._margin, steps)
            except Exception as error:  # noqa: BLE001 - whatever the database says, nothing may be forgotten
                _log.error("outbox_not_recorded", rows=len(steps), **kind_and_place(error))
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)

"""The sender: leases workspaces that have something to say and lets a worker speak to each."""

import asyncio
import math
import os
import socket
from collections.abc import Callable, Collection, Coroutine, Mapping
from contextlib import suppress
from typing import Any
from uuid import uuid4

import structlog
from aiohttp import ClientSession

from bot.clock import Clock
from bot.delivery.calls import Caller
from bot.delivery.ledger import Ledger
from bot.delivery.pacing import SLACK_RATES, Pacing, Rate
from bot.delivery.tools import Lost, MakeFile, Tell, Timing, TokenFor, Tools, go_on_trying, no_files
from bot.delivery.worker import Worker
from bot.transactions import Transactions
from domain.faults import kind_and_place
from storage.delivery import leases

_log = structlog.get_logger()
_MOST_WORKERS = 250
_MOST_PACES = 5_000
_MOST_FOUND = 1_000
_PATIENCE_WITH_OTHERS = 0.05
STOP_SECONDS = 8.0


class Sender:
    """Start, wake after commits, stop; all on one event loop.

    `session` is shared by all calls (its connector's limit is how many are made at once) and `slack_api_url` ends with
    a slash. `only` names the workspaces it speaks to, None meaning every one in the database. `rates` None sends
    without pacing of its own.
    """

    def __init__(
        self,
        *,
        transact: Transactions,
        clock: Clock,
        session: ClientSession,
        slack_api_url: str,
        token_for: TokenFor,
        tell: Tell,
        lost: Lost = go_on_trying,
        make_file: MakeFile = no_files,
        only: Collection[str] | None = None,
        rates: Mapping[str, Rate] | None = SLACK_RATES,
        timing: Timing | None = None,
    ) -> None:
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        timing = timing or Timing()
        ledger = Ledger(transact, self._holder, timing.margin)
        caller = Caller(session, slack_api_url, seconds=timing.call_seconds)
        self._tools = Tools(transact, clock, ledger, caller, token_for, lost, tell, make_file, rates, timing)
        self._only = only
        self._workers: dict[str, Worker] = {}
        self._paces: dict[str, Pacing] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._wanted: dict[str, None] = {}
        self._awaited: dict[str, tuple[str, float]] = {}
        self._any_wanted = asyncio.Event()
        self._look_now = asyncio.Event()
        self._one_finished = asyncio.Event()
        self._background: list[asyncio.Task[None]] = []
        self._is_stopping = False

    def start(self) -> None:
        self._background = [
            asyncio.create_task(self._tools.ledger.run(), name="ledger"),
            self._repeat(self._lease, 0.0),
            self._repeat(self._extend, self._tools.timing.extend_seconds),
            self._repeat(self._poll, 0.0),
        ]

    def wake(self, workspaces: Collection[str]) -> None:
        """Something was enqueued for these."""
        for workspace_id in workspaces:
            if self._only is not None and workspace_id not in self._only:
                continue
            if worker := self._workers.get(workspace_id):
                worker.wake()
            elif not self._is_stopping:
                self._wanted[workspace_id] = None
                self._any_wanted.set()

    def wake_soon(self, workspaces: Collection[str]) -> None:
        """The same for another process's commit: its own sender is probably there first. None named: look."""
        if workspaces:
            asyncio.get_running_loop().call_later(_PATIENCE_WITH_OTHERS, self.wake, workspaces)
        else:
            self._look_now.set()

    def resume(self, workspace_id: str) -> None:
        """There is a new token, so that what was refused with the old one need not wait."""
        if pace := self._paces.get(workspace_id):
            pace.resume()
        self.wake([workspace_id])

    async def drain(self, seconds: float = 240.0) -> bool:
        """Wait until nothing is left to send that is ours to send, whoever does; False when something stays behind."""
        try:
            async with asyncio.timeout(seconds):
                while waiting := await self._list_waiting():
                    if all(self._is_stuck(workspace_id) for workspace_id in waiting):
                        return False
                    self.wake([workspace_id for workspace_id in waiting if workspace_id not in self._workers])
                    self._one_finished.clear()
                    await _wait(self._one_finished, _PATIENCE_WITH_OTHERS)
        except TimeoutError:
            return False
        return True

    def finish(self) -> None:
        """Begin no further call."""
        self._is_stopping = True
        for worker in self._workers.values():
            worker.stop()

    async def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Finish the calls in hand, record them and give the leases back, within so many seconds."""
        self.finish()
        tasks = list(self._tasks.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            await _cancel(late)
        await _cancel(self._background)
        try:
            await self._tools.transact(leases.release_all, self._holder)
        except Exception as error:  # noqa: BLE001 - without a database they run out by themselves
            _log.warning("leases_kept", **kind_and_place(error))

    def _is_stuck(self, workspace_id: str) -> bool:
        worker = self._workers.get(workspace_id)
        return worker is not None and worker.is_stuck

    def _repeat(self, do: Callable[[], Coroutine[Any, Any, None]], seconds: float) -> "asyncio.Task[None]":
        async def forever() -> None:
            while True:
                await asyncio.sleep(seconds)
                try:
                    await do()
                except Exception as error:  # noqa: BLE001 - the database may be away for a while
                    _log.error("delivery_troubled", task=do.__name__, **kind_and_place(error))
                    await asyncio.sleep(1)

        return asyncio.create_task(forever(), name=do.__name__)

    async def _lease(self) -> None:
        """Lease what is wanted, as far as there is room, and set workers to it."""
        await self._any_wanted.wait()
        # Those that wait for long, for a token or because Slack said so, must not keep others from being served.
        room = _MOST_WORKERS - sum(not worker.is_stuck for worker in self._workers.values())
        wanted = list(self._wanted)[:room]
        for workspace_id in wanted:
            del self._wanted[workspace_id]
        if not self._wanted or room <= 0:
            self._any_wanted.clear()
        if wanted and not self._is_stopping:
            lease = self._tools.timing.lease
            acquired = await self._tools.transact(leases.acquire, self._holder, lease, wanted)
            self._report(acquired)
            for workspace_id in acquired.mine:
                self._set_to_work(workspace_id)

    def _report(self, acquired: leases.Acquired) -> None:
        """Say what was taken over, and what has been waited for longer than a lease lasts by itself."""
        for workspace_id in acquired.mine:
            self._awaited.pop(workspace_id, None)
        for workspace_id, former in acquired.lapsed.items():
            _log.warning("lease_taken_over", workspace=workspace_id, former=former)
        for workspace_id in acquired.cut:
            _log.warning("lease_cut", workspace=workspace_id, holder=acquired.held[workspace_id])
        now = self._tools.clock.monotonic()
        patience = self._tools.timing.lease.total_seconds()
        for workspace_id, holder in acquired.held.items():
            whose, since = self._awaited.get(workspace_id, ("", now))
            if whose != holder:
                self._awaited[workspace_id] = (holder, now)
            elif now - since > patience:
                _log.info("lease_awaited", workspace=workspace_id, holder=holder)
                self._awaited[workspace_id] = (holder, math.inf)

    def _set_to_work(self, workspace_id: str) -> None:
        if self._is_stopping or workspace_id in self._workers:
            return
        worker = self._workers[workspace_id] = Worker(self._tools, workspace_id, self._pace_of(workspace_id))
        task = self._tasks[workspace_id] = asyncio.create_task(worker.run(), name=f"worker {workspace_id}")
        task.add_done_callback(lambda done: self._finished(workspace_id, worker, done))

    def _pace_of(self, workspace_id: str) -> Pacing:
        """The pace outlives its worker: Slack counts on when a workspace has been quiet for a moment."""
        if len(self._paces) >= _MOST_PACES:
            self._paces = {id_: pace for id_, pace in self._paces.items() if id_ in self._workers}
        return self._paces.setdefault(workspace_id, Pacing(self._tools.rates))

    def _finished(self, workspace_id: str, worker: Worker, task: "asyncio.Task[None]") -> None:
        del self._workers[workspace_id], self._tasks[workspace_id]
        self._one_finished.set()
        if not task.cancelled() and (error := task.exception()):
            _log.error("worker_failed", workspace=workspace_id, **kind_and_place(error))
        elif worker.woken:
            self.wake([workspace_id])
        if self._wanted:
            self._any_wanted.set()

    async def _extend(self) -> None:
        if self._workers:
            lease = self._tools.timing.lease
            await self._tools.transact(leases.extend, self._holder, lease, list(self._workers))

    async def _poll(self) -> None:
        """Slowly look for what nobody told us of."""
        await _wait(self._look_now, self._tools.timing.poll_seconds)
        self._look_now.clear()
        self.wake(await self._list_waiting())

    async def _list_waiting(self) -> list[str]:
        return await self._tools.transact(leases.list_waiting_workspaces, _MOST_FOUND, self._only)


async def _wait(event: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


async def _cancel(tasks: "Collection[asyncio.Task[None]]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

"""Sends what waits for one workspace, one call after the other, for as long as there is something."""

import asyncio
import json
from contextlib import suppress

import structlog

from bot.delivery import calls
from bot.delivery.calls import CallResult, Fate
from bot.delivery.canvases import write_row
from bot.delivery.doubts import Found, Looks, can_be_found, look_up
from bot.delivery.failures import Failures
from bot.delivery.histories import Histories
from bot.delivery.ledger import LeaseLost
from bot.delivery.pacing import HISTORY, Pacing
from bot.delivery.queue import Queue
from bot.delivery.refusals import RefusalKind, is_lost, kind_of_refusal, may_pass
from bot.delivery.tools import Tools, record_and_tell
from bot.delivery.uploads import upload_row
from domain.faults import kind_and_place, kind_of
from domain.troubles import Trouble, TroubleKind
from storage.database import is_away
from storage.delivery import sending
from storage.delivery.outbox import ASK_AGAIN, CANVAS, EPHEMERAL, FILE, POST, State
from storage.delivery.sending import Outgoing, Sent, Step, Unsent, is_stranded
from views.slack.charts import has_charts

_log = structlog.get_logger()
_BATCH = 100
_MOST_IN_MEMORY = 1_000
_TOKEN_RETRY_SECONDS = 60.0
_LONGEST_BACKOFF = 60.0
STUCK_SECONDS = 20.0
_IN_STEPS = {FILE: upload_row, CANVAS: write_row}
_ASKED = (State.IN_DOUBT, TroubleKind.IN_DOUBT)


class Worker:
    """Lives while the workspace's lease is held. `woken` says that rows came since it last looked."""

    def __init__(self, tools: Tools, workspace_id: str, pace: Pacing) -> None:
        self._tools = tools
        self._transact = tools.transact.within(workspace_id)
        self._workspace_id = workspace_id
        self._pace = pace
        self._queue = Queue(pace)
        self._sent: Sent | None = None
        self._unsent: list[Unsent] = []
        self._is_marked = False
        self._tries: dict[int, int] = {}
        self._failures = Failures()
        self._histories = Histories(tools, workspace_id)
        self._calling: int | None = None
        self._looks = Looks(tools.timing.look_seconds)
        self._joined: set[str] = set()
        self._as_table: set[int] = set()
        self._charts_off = False
        self._changed = asyncio.Event()
        self._resting_until = 0.0
        self._is_stopping = False
        self._log = _log.bind(workspace=workspace_id)
        self.woken = True

    def wake(self) -> None:
        """While nothing at all may be called there is nothing to look for: it sleeps on."""
        self.woken = True
        if not self._pace.is_paused(self._tools.clock.monotonic()):
            self._changed.set()

    def stop(self) -> None:
        """Finish what is in hand and no more."""
        self._is_stopping = True
        self._changed.set()

    @property
    def is_stuck(self) -> bool:
        """Whether nothing can go out for a good while."""
        return self._resting_until > self._tools.clock.monotonic() + STUCK_SECONDS

    async def run(self) -> None:
        """Until nothing waits, or it is stopped; the lease is given back unless it was lost."""
        try:
            await self._take_over()
            while not self._is_stopping and (row := await self._next()):
                await self._send_or_set_aside(row)
            await self._record()
        except LeaseLost:
            self._log.warning("lease_lost")

    async def _take_over(self) -> None:
        """Settle what a sender that is gone had on its way."""
        self._charts_off = await self._transact(sending.is_without_charts, self._workspace_id)
        if outgoing := await self._transact(sending.find_in_flight, self._workspace_id):
            self._doubt(outgoing, "sender_gone")

    async def _next(self) -> Outgoing | None:
        """The next row to go out, when its time has come; None when nothing waits or it is time to stop."""
        while not self._is_stopping:
            if self.woken and not await self._look():
                return None
            self._drop_expired()
            self._leave_to_somebody()
            row, at = self._queue.next(self._tools.clock.monotonic())
            if row is not None:
                return row
            if at is None:
                self.woken = True
            elif self._has_to_record():
                await self._record()
            else:
                await self._rest(at)
        return None

    async def _look(self) -> bool:
        """See what waits now; False: nothing, and the lease is given back."""
        self._changed.clear()  # what comes while this looks is looked for next, however long there is to rest
        self.woken = False
        limit = _BATCH
        while True:
            waiting = await self._take(look=limit)
            self._queue.replace(waiting)
            is_all = len(waiting) < limit or limit >= _MOST_IN_MEMORY
            ready, _ = self._queue.next(self._tools.clock.monotonic())
            if is_all or (ready and ready.said_since is None):
                return bool(waiting)
            limit += _BATCH  # none of these can go now; perhaps one behind them can

    def _drop_expired(self) -> None:
        for row in self._queue.take_expired(self._tools.clock.now()):
            self._log.info("message_expired", outbox=row.id)
            self._unsent.append(Unsent(row.id, State.EXPIRED))

    def _leave_to_somebody(self) -> None:
        """What nobody but a person can say whether it was said before a restore; they are asked about all at once."""
        for row in self._queue.take_unsettled(now := self._tools.clock.now(), self._histories.since):
            self._unsent.append(Unsent(row.id, State.IN_DOUBT, "restored", row.in_doubt_since, now))

    def _has_to_record(self) -> bool:
        return self._sent is not None or bool(self._unsent) or self._is_marked

    async def _record(self) -> None:
        if self._has_to_record():
            await self._take()

    async def _take(self, *, next_id: int | None = None, look: int = 0) -> list[Outgoing]:
        """Record what became of the rows before, and take a step."""
        step = Step(self._workspace_id, self._sent, tuple(self._unsent), next_id, look)
        self._sent = None
        self._unsent.clear()
        self._is_marked = next_id is not None
        return await self._tools.ledger.take(step)

    async def _rest(self, until: float) -> None:
        self._resting_until = until
        with suppress(TimeoutError):
            async with asyncio.timeout(max(until - self._tools.clock.monotonic(), 0)):
                await self._changed.wait()
        self._resting_until = 0.0

    async def _send_or_set_aside(self, row: Outgoing) -> None:
        """Whatever is wrong with a row, those behind it go out."""
        self._calling = None
        try:
            await self._send(row)
        except Exception as fault:
            if isinstance(fault, LeaseLost) or is_away(fault):
                raise
            self._log.error("poisoned", outbox=row.id, **kind_and_place(fault))
            is_perhaps_made = self._calling == row.id or row.in_doubt_since is not None
            if is_perhaps_made and row.method == POST:
                row.in_doubt_since = row.in_doubt_since or self._tools.clock.now()
                await self._set_aside(row, *_ASKED, kind_of(fault))
            elif row.method == CANVAS:
                self._unsent.append(Unsent(row.id, State.FAILED, kind_of(fault)))
            else:
                await self._set_aside(row, State.FAILED, TroubleKind.REFUSED, kind_of(fault))

    async def _send(self, row: Outgoing) -> None:
        self._queue.take(row)
        if row.said_since is not None:
            await self._look_in_history(row)
            return
        if row.in_doubt_since is not None:
            await self._settle(row)
            return
        if is_stranded(row):
            await self._strand(row)
            return
        token = await self._find_token()
        if token is None:
            self._wait_for_token(row)
            return
        await self._mark(row)
        result = await self._call(token, row)
        now = self._tools.clock.monotonic()
        self._pace.made(row.method, row.target, now, refused=result.fate is Fate.REFUSED)
        match result.fate:
            case Fate.MADE:
                await self._made(row, result)
            case Fate.LATER:
                self._log.warning("rate_limited", method=row.method, seconds=result.seconds)
                self._pace.pause(now + result.seconds, row.method)
                self._queue.put_back(row)
            case Fate.UNREACHED:
                self._log.warning("slack_unreachable", error=result.error)
                self._pace.pause(now + self._backoff(row))
                self._queue.put_back(row)
            case Fate.IN_DOUBT:
                self._doubt(row, result.error)
            case Fate.REFUSED:
                await self._refused(token, row, result.error)

    async def _mark(self, row: Outgoing) -> None:
        """On its way; once more where this process was stopped meanwhile: the lease may be another's. Raises LeaseLost."""
        began, margin = float("-inf"), self._tools.timing.margin.total_seconds()
        while self._tools.clock.monotonic() - began >= margin:
            began = self._tools.clock.monotonic()
            await self._take(next_id=row.id)

    async def _strand(self, row: Outgoing) -> None:
        await self._record()
        now = self._tools.clock.now()
        await self._transact(sending.set_stranded_aside, row.workspace_id, row.id, now)
        self.woken = True

    async def _find_token(self) -> str | None:
        try:
            return await self._tools.token_for(self._workspace_id)
        except Exception as error:  # noqa: BLE001 - whatever keeps the token from us, the messages wait
            self._log.error("no_token", error=type(error).__name__)
            return None

    def _wait_for_token(self, row: Outgoing) -> None:
        self._pace.pause(self._tools.clock.monotonic() + _TOKEN_RETRY_SECONDS)
        self._queue.put_back(row)

    async def _call(self, token: str, row: Outgoing) -> CallResult:
        if in_steps := _IN_STEPS.get(row.method):
            return await in_steps(self._tools, token, row)
        with_charts = not self._charts_off and row.id not in self._as_table
        body = calls.body_of(row, with_charts=with_charts)
        self._calling = row.id
        return await self._tools.caller.call(token, row.method, body)

    async def _made(self, row: Outgoing, result: CallResult) -> None:
        self._failures.made(row)
        self._tries.pop(row.id, None)
        if row.method == POST:
            self._sent = Sent(row, str(result.body["channel"]), str(result.body["ts"]))
            self._queue.posted(self._sent)
        else:
            self._sent = Sent(row)
        if row.id in self._as_table:
            self._as_table.discard(row.id)
            self._charts_off = True
            self._log.info("charts_off")
            await self._transact(sending.remember_without_charts, self._workspace_id)

    async def _refused(self, token: str, row: Outgoing, error: str) -> None:
        match kind_of_refusal(row.method, error):
            case RefusalKind.TOKEN:
                self._log.error("token_refused", error=error)
                self._wait_for_token(row)
                if is_lost(error):
                    await self._record()  # that nothing is on its way: the lease ends now
                    await self._tools.lost(self._workspace_id, token)
            case RefusalKind.FILE:
                await self._set_aside(row, State.FAILED, TroubleKind.FILE, error)
            case RefusalKind.HOME:
                self._log.error("home_refused", error=error)
                self._unsent.append(Unsent(row.id, State.FAILED, error))
            case RefusalKind.NOT_IN_CHANNEL if await self._join(token, row.target):
                self._queue.put_back(row)
            case RefusalKind.BLOCKS if row.id not in self._as_table and has_charts(
                json.loads(row.payload)["blocks"]
            ):
                self._as_table.add(row.id)
                self._queue.put_back(row)
            case RefusalKind.GONE:
                await self._set_aside(row, State.FAILED, TroubleKind.GONE, error)
                self.woken = True
            case RefusalKind.UNREACHABLE | RefusalKind.NOT_IN_CHANNEL:
                await self._set_aside(row, State.HELD, TroubleKind.UNREACHABLE, error)
            case _:
                await self._set_aside(row, State.FAILED, TroubleKind.REFUSED, error)

    async def _join(self, token: str, channel_id: str) -> bool:
        """Join a public channel, once: whoever removed the bot again meant it."""
        if channel_id in self._joined:
            return False
        self._joined.add(channel_id)
        result = await self._tools.caller.ask(token, "conversations.join", {"channel": channel_id})
        return result.fate is Fate.MADE

    def _doubt(self, row: Outgoing, error: str) -> None:
        """Nobody knows whether the call was made. The row keeps its place, and so does what follows in its channel."""
        self._log.warning("in_doubt", outbox=row.id, method=row.method, error=error)
        now = self._tools.clock.monotonic()
        if row.method == EPHEMERAL:
            # Nothing can look for it; of two notices, the one person they are for sees both.
            self._queue.put_back(row, now + self._backoff(row))
            return
        row.in_doubt_since = self._tools.clock.now()
        self._failures.failed(row, error)
        self._unsent.append(Unsent(row.id, State.PENDING, error, row.in_doubt_since))
        self._looks.begin(row.id, now)
        self._queue.put_back(row, self._looks.next_at(row.id, now))

    async def _look_in_history(self, row: Outgoing) -> None:
        await self._record()
        token = await self._find_token()
        if token is None:
            self._wait_for_token(row)
            return
        found = await self._histories.look(token, row)
        now = self._tools.clock.monotonic()
        self._pace.made(HISTORY, row.target, now)
        if isinstance(found, Found):
            row.said_since = None
            self._looked(row, found, is_over=True)
            return
        if found is not None:
            self._pace.pause(now + max(found.seconds, self._backoff(row)), HISTORY)
        self._queue.put_back(row)

    async def _settle(self, row: Outgoing) -> None:
        """Find out whether a call in doubt was made; once it is over make it again, or ask somebody."""
        await self._record()
        began = self._tools.clock.monotonic()
        self._looks.begin(row.id, began)
        is_over = self._looks.is_over(row.id, began)
        if row.method in (POST, FILE) and not can_be_found(row):
            found: Found | CallResult = CallResult(Fate.REFUSED) if is_over else Found("", None)
        elif row.method in (POST, FILE):
            found = await self._look_up(row)
        else:
            found = Found("", None)  # an edit shows the same when made twice
        if isinstance(found, Found) and found.ts is None and is_over and self._failures.is_hopeless(row):
            self._looks.end(row.id)
            row.in_doubt_since = None
            await self._set_aside(row, State.FAILED, TroubleKind.REFUSED, self._failures.give_up(row))
        elif isinstance(found, Found):
            self._looked(row, found, is_over=is_over)
        elif is_over and self._is_unanswerable(row, found):
            self._looks.end(row.id)
            state, kind = (State.FAILED, TroubleKind.FILE) if row.method == FILE else _ASKED
            await self._set_aside(row, state, kind, "in_doubt")
        else:
            self._queue.put_back(row, began + max(found.seconds, self._backoff(row)))

    def _looked(self, row: Outgoing, found: Found, *, is_over: bool) -> None:
        if found.ts is None and not is_over:
            now = self._tools.clock.monotonic()
            self._queue.put_back(row, self._looks.next_at(row.id, now))
            return
        self._looks.end(row.id)
        if found.ts is None:
            row.in_doubt_since = None
            self._unsent.append(Unsent(row.id, State.PENDING))
            self._queue.put_back(row)
            return
        row.version = found.version
        if row.method == POST:
            self._sent = Sent(row, found.channel_id, found.ts)
            self._queue.posted(self._sent)
        else:
            self._sent = Sent(row)

    def _is_unanswerable(self, row: Outgoing, result: CallResult) -> bool:
        """Whether looking for it is refused for good, or has been in vain for a day."""
        if result.fate is Fate.REFUSED and not may_pass(result.error):
            return True
        since = row.in_doubt_since
        return since is not None and self._tools.clock.now() - since >= ASK_AGAIN

    async def _look_up(self, row: Outgoing) -> Found | CallResult:
        token = await self._find_token()
        if token is None:
            return CallResult(Fate.LATER, error="no_token", seconds=_TOKEN_RETRY_SECONDS)
        return await look_up(self._tools.caller, token, row)

    async def _set_aside(self, row: Outgoing, state: State, kind: TroubleKind, error: str) -> None:
        """Record it and tell a lead in one transaction, so that none of the two is lost."""
        self._log.error("not_delivered", outbox=row.id, state=state, error=error)
        now = self._tools.clock.now()
        settle_at = None if state is State.FAILED else now + ASK_AGAIN
        since = row.in_doubt_since if state is State.IN_DOUBT else None
        unsent = Unsent(row.id, state, error, since, settle_at)
        trouble = Trouble(kind, self._workspace_id, row.target, row.id, row.message_id, error)
        try:
            await self._transact(record_and_tell, unsent, trouble, self._tools.tell)
        except Exception as fault:  # noqa: BLE001 - a lead who is not told must not stop the workspace
            self._log.error("lead_not_told", **kind_and_place(fault))
            self._unsent.append(unsent)

    def _backoff(self, row: Outgoing) -> float:
        """Seconds before the next try: 1, 2, 4, ... 60."""
        tries = self._tries[row.id] = self._tries.get(row.id, -1) + 1
        return min(2.0**tries, _LONGEST_BACKOFF)

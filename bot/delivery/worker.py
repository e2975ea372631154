"""Sends what waits for one workspace, one call after the other, for as long as there is something."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import structlog
from sqlalchemy.orm import Session

from bot.delivery import calls
from bot.delivery.calls import Answer, Fate
from bot.delivery.doubts import Found, look_up
from bot.delivery.ledger import LeaseLost
from bot.delivery.pacing import Pace
from bot.delivery.queue import Queue
from bot.delivery.tools import Tell, Tools
from domain.troubles import Trouble, TroubleKind
from storage import sending
from storage.outbox import POST, State
from storage.sending import Outgoing, Sent, Step, Unsent, Waiting
from views.charts import has_charts

_log = structlog.get_logger()
_BATCH = 100
_MOST_IN_MEMORY = 1_000
_TOKEN_RETRY_SECONDS = 60.0
_LONGEST_BACKOFF = 60.0
STUCK_SECONDS = 20.0
# docs.slack.dev/reference/methods/chat.postMessage, "Errors".
_TOKEN_ERRORS = frozenset(
    {"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "missing_scope"}
)
_UNREACHABLE = frozenset(
    {"not_in_channel", "is_archived", "channel_not_found", "restricted_action", "messages_tab_disabled"}
)


class Worker:
    """Lives while the workspace's lease is held. `woken` says that rows came since it last looked."""

    def __init__(self, tools: Tools, workspace_id: str) -> None:
        self._tools = tools
        self._workspace_id = workspace_id
        self._pace = Pace(tools.rates)
        self._queue = Queue(self._pace)
        self._sent: Sent | None = None
        self._unsent: list[Unsent] = []
        self._joined: set[str] = set()
        self._as_table: set[int] = set()
        self._charts_off = False
        self._changed = asyncio.Event()
        self._resting_until = 0.0
        self._is_stopping = False
        self._log = _log.bind(workspace=workspace_id)
        self.woken = True

    def wake(self) -> None:
        self.woken = True
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
                await self._send(row)
            if self._sent or self._unsent:
                await self._take(Step(self._workspace_id))
        except LeaseLost:
            self._log.warning("lease_lost")

    async def _take_over(self) -> None:
        """Settle what a sender that is gone had on its way."""
        transact = self._tools.transact
        self._charts_off = await transact(sending.is_without_charts, self._workspace_id)
        for outgoing in await transact(sending.list_in_doubt, self._workspace_id):
            await self._settle(outgoing, "sender_gone")
            await self._take(Step(self._workspace_id))

    async def _next(self) -> Waiting | None:
        """The next row to go out, when its time has come; None when nothing waits or it is time to stop."""
        while not self._is_stopping:
            self._drop_expired()
            row, at = self._queue.next(self._tools.clock.monotonic())
            if row is not None:
                return row
            if self.woken or at is None:
                if not await self._look():
                    return None
            elif self._sent or self._unsent:
                await self._take(Step(self._workspace_id))
            else:
                await self._rest(at)
        return None

    async def _look(self) -> bool:
        """Look for more rows; False: there are none and the lease is given back."""
        self.woken = False
        limit = min(len(self._queue) + _BATCH, _MOST_IN_MEMORY)
        waiting = (await self._take(Step(self._workspace_id, look=limit))).waiting
        self._queue.add(waiting)
        clock = self._tools.clock
        for row in waiting:
            if row.not_before is not None:
                seconds = (row.not_before - clock.wall()).total_seconds()
                self._queue.delay(row.id, clock.monotonic() + seconds)
        # A full page may have left others unseen, which matters when none of these can go.
        self.woken = self.woken or (len(waiting) == limit < _MOST_IN_MEMORY and self._is_blocked())
        return bool(waiting)

    def _is_blocked(self) -> bool:
        return self._queue.next(self._tools.clock.monotonic())[0] is None

    def _drop_expired(self) -> None:
        for row in self._queue.take_expired(self._tools.clock.now()):
            self._log.info("message_expired", outbox=row.id)
            self._unsent.append(Unsent(row.id, State.EXPIRED))

    async def _take(self, step: Step) -> sending.Taken:
        """Record what became of the rows before, and take the step."""
        sent, unsent = self._sent, self._unsent
        self._sent, self._unsent = None, []
        return await self._tools.ledger.take(replace(step, sent=sent, unsent=unsent))

    async def _rest(self, until: float) -> None:
        self._changed.clear()
        self._resting_until = until
        seconds = until - self._tools.clock.monotonic()
        try:
            async with asyncio.timeout(max(seconds, 0)):
                await self._changed.wait()
        except TimeoutError:
            pass
        finally:
            self._resting_until = 0.0

    async def _send(self, row: Waiting) -> None:
        taken = await self._take(Step(self._workspace_id, next_id=row.id))
        self._queue.remove(row)
        outgoing = taken.outgoing
        if outgoing is None:
            return
        if calls.is_stranded(outgoing):
            self._unsent.append(Unsent(row.id, State.HELD, "what it belongs to is not posted"))
            return
        answer = await self._call(outgoing)
        clock = self._tools.clock
        self._pace.made(outgoing.method, outgoing.target, clock.monotonic())
        match answer.fate:
            case Fate.MADE:
                await self._made(outgoing, answer)
            case Fate.LATER:
                self._log.warning("rate_limited", method=outgoing.method, seconds=answer.seconds)
                self._pace.pause(clock.monotonic() + answer.seconds, outgoing.method)
                self._put_back(row)
            case Fate.UNREACHED:
                self._log.warning("slack_unreachable", error=answer.error)
                self._pace.pause(clock.monotonic() + _backoff(outgoing.attempts))
                self._put_back(row)
            case Fate.UNKNOWN:
                await self._settle(outgoing, answer.error)
            case Fate.REFUSED:
                await self._refused(row, outgoing, answer.error)

    async def _call(self, outgoing: Outgoing) -> Answer:
        try:
            client = await self._tools.client_for(self._workspace_id)
        except Exception as error:  # noqa: BLE001 - whatever keeps the token from us, the messages wait
            return Answer(Fate.REFUSED, error="not_authed", body={"why": type(error).__name__})
        with_charts = not self._charts_off and outgoing.id not in self._as_table
        args = calls.arguments(outgoing, with_charts=with_charts)
        return await calls.call(client, outgoing.method, args, seconds=self._tools.timing.call_seconds)

    async def _made(self, outgoing: Outgoing, answer: Answer) -> None:
        ts = answer.body.get("ts") if outgoing.method == POST else None
        self._sent = Sent(outgoing, answer.body.get("channel"), ts)
        if outgoing.id in self._as_table:
            self._as_table.discard(outgoing.id)
            self._charts_off = True
            self._log.info("charts_off")
            await self._tools.transact(sending.remember_without_charts, self._workspace_id)

    def _put_back(self, row: Waiting, retry_at: float = 0.0) -> None:
        self._unsent.append(Unsent(row.id, State.PENDING))
        self._queue.add([row], retry_at)

    async def _refused(self, row: Waiting, outgoing: Outgoing, error: str) -> None:
        clock = self._tools.clock
        if error in _TOKEN_ERRORS:
            self._log.error("token_refused", error=error)
            self._pace.pause(clock.monotonic() + _TOKEN_RETRY_SECONDS)
            self._put_back(row)
        elif error == "not_in_channel" and await self._join(row.target):
            self._put_back(row)
        elif (
            error == "invalid_blocks"
            and row.id not in self._as_table
            and has_charts(outgoing.payload.get("blocks", []))
        ):
            self._as_table.add(row.id)
            self._put_back(row)
        elif error in _UNREACHABLE:
            await self._set_aside(outgoing, State.HELD, TroubleKind.UNREACHABLE, error)
        else:
            await self._set_aside(outgoing, State.FAILED, TroubleKind.REFUSED, error)

    async def _join(self, channel_id: str) -> bool:
        """Join a public channel, once: whoever removed the bot again meant it."""
        if channel_id in self._joined:
            return False
        self._joined.add(channel_id)
        client = await self._tools.client_for(self._workspace_id)
        seconds = self._tools.timing.call_seconds
        answer = await calls.call(client, "conversations.join", {"channel": channel_id}, seconds=seconds)
        return answer.fate is Fate.MADE

    async def _settle(self, outgoing: Outgoing, error: str) -> None:
        """Nobody knows whether the call was made: find out, make it again, or ask a lead."""
        self._log.warning("outcome_unknown", outbox=outgoing.id, method=outgoing.method, error=error)
        if calls.is_repeatable(outgoing):
            self._again(outgoing)
        elif sending.is_person(outgoing.target):
            await self._settle_direct_message(outgoing, error)
        else:
            await self._set_aside(outgoing, State.AMBIGUOUS, TroubleKind.IN_DOUBT, error)

    async def _settle_direct_message(self, outgoing: Outgoing, error: str) -> None:
        tries = 0
        while not self._is_stopping:
            client = await self._tools.client_for(self._workspace_id)
            found = await look_up(client, outgoing, seconds=self._tools.timing.call_seconds)
            if isinstance(found, Found):
                if found.ts is None:
                    self._again(outgoing, immediately=True)
                else:
                    self._sent = Sent(outgoing, found.channel_id, found.ts)
                return
            if found.fate is Fate.REFUSED and found.error not in _TOKEN_ERRORS - {"missing_scope"}:
                await self._set_aside(outgoing, State.AMBIGUOUS, TroubleKind.IN_DOUBT, error)
                return
            tries += 1
            await self._rest(self._tools.clock.monotonic() + max(found.seconds, _backoff(tries)))

    def _again(self, outgoing: Outgoing, *, immediately: bool = False) -> None:
        seconds = 0.0 if immediately else _backoff(outgoing.attempts)
        not_before = self._tools.clock.wall() + timedelta(seconds=seconds)
        self._unsent.append(Unsent(outgoing.id, State.PENDING, not_before=not_before))
        self.woken = True

    async def _set_aside(self, outgoing: Outgoing, state: State, kind: TroubleKind, error: str) -> None:
        """Record it and tell a lead in one transaction, so that none of the two is lost."""
        self._log.error("not_delivered", outbox=outgoing.id, state=state, error=error)
        unsent = Unsent(outgoing.id, state, error)
        trouble = Trouble(kind, self._workspace_id, outgoing.target, outgoing.id, outgoing.message_id, error)
        try:
            await self._tools.transact(_record_and_tell, unsent, trouble, self._tools.tell)
        except Exception:  # noqa: BLE001 - a lead who is not told must not stop the workspace
            self._log.exception("lead_not_told")
            self._unsent.append(unsent)


def _record_and_tell(session: Session, unsent: Unsent, trouble: Trouble, tell: Tell) -> None:
    sending.set_aside(session, trouble.workspace_id, unsent)
    tell(session, trouble)


def _backoff(attempts: int) -> float:
    """Seconds before the next try: 1, 2, 4, ... 60."""
    return min(2.0 ** max(attempts - 1, 0), _LONGEST_BACKOFF)

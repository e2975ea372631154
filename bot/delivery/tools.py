"""What every worker of a sender shares."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.delivery.calls import Caller
from bot.delivery.ledger import Ledger
from bot.delivery.pacing import Rate
from bot.transactions import Transactions
from domain.troubles import Trouble
from storage.delivery import sending
from storage.delivery.sending import Unsent

TokenFor = Callable[[str], Awaitable[str]]
"""The bot token of a workspace; raises where there is none."""
Lost = Callable[[str, str], Awaitable[None]]
"""Told of a workspace and its token when Slack says that the token is none any more, for good."""
Tell = Callable[[Session, Trouble], None]
"""Tells a lead, in the transaction that records the trouble."""
MakeFile = Callable[[Session, str, Mapping[str, Any]], tuple[str, bytes]]
"""Makes the file that an outbox row of a workspace asks for: its name and its bytes."""


def no_files(_session: Session, _workspace_id: str, _what: Mapping[str, Any]) -> tuple[str, bytes]:
    """For a sender that is never asked for one."""
    raise LookupError("This sender makes no files.")


async def go_on_trying(_workspace_id: str, _token: str) -> None:
    """For a token that only a person can exchange."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Real time. `call_seconds` is how long an answer is waited for: longer than Slack's own libraries do (30 s), for
    what is given up too early arrives all the same. A call in doubt is looked for after `look_seconds`; by the last of
    them it is over: even what a dead process left in its socket has arrived or never will (Linux gives such a
    connection up after about 100 s, tcp_orphan_retries in tcp(7)), and so has the call of a process that lost its lease.
    """

    lease: timedelta = timedelta(seconds=15)
    poll_seconds: float = 3.0
    call_seconds: float = 45.0
    look_seconds: tuple[float, ...] = (2.0, 10.0, 30.0, 60.0, 120.0)

    @property
    def margin(self) -> timedelta:
        """How much longer a lease must be held for a call to go out."""
        return self.lease / 3

    @property
    def extend_seconds(self) -> float:
        return self.lease.total_seconds() / 4


@dataclass(frozen=True, slots=True)
class Tools:
    """`rates` None: no pacing of our own, for a Slack without limits."""

    transact: Transactions
    clock: Clock
    ledger: Ledger
    caller: Caller
    token_for: TokenFor
    lost: Lost
    tell: Tell
    make_file: MakeFile
    rates: Mapping[str, Rate] | None
    timing: Timing


def record_and_tell(session: Session, unsent: Unsent, trouble: Trouble, tell: Tell) -> None:
    """That a row was set aside, and a lead told, neither without the other."""
    sending.set_aside(session, trouble.workspace_id, unsent)
    tell(session, trouble)

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

TokenFor = Callable[[str], Awaitable[str]]
"""The bot token of a workspace; raises where there is none."""
Tell = Callable[[Session, Trouble], None]
"""Tells a lead, in the transaction that records the trouble."""
MakeFile = Callable[[Session, str, Mapping[str, Any]], tuple[str, bytes]]
"""Makes the file that an outbox row of a workspace asks for: its name and its bytes."""


def no_files(_session: Session, _workspace_id: str, _what: Mapping[str, Any]) -> tuple[str, bytes]:
    """For a sender that is never asked for one."""
    raise LookupError("This sender makes no files.")


@dataclass(frozen=True, slots=True)
class Timing:
    """Real time. A call ends well before the lease does, which is kept alive four times as often."""

    lease: timedelta = timedelta(seconds=15)
    poll_seconds: float = 3.0

    @property
    def call_seconds(self) -> float:
        return self.lease.total_seconds() * 2 / 3

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
    tell: Tell
    make_file: MakeFile
    rates: Mapping[str, Rate] | None
    timing: Timing

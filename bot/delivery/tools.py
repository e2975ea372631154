"""What every worker of a sender shares."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.delivery.ledger import Ledger
from bot.delivery.pacing import Rate
from bot.transactions import Transactions
from domain.troubles import Trouble

ClientFor = Callable[[str], Awaitable[AsyncWebClient]]
"""The client of a workspace, with its token and without retry handlers; raises where there is none."""
Tell = Callable[[Session, Trouble], None]
"""Tells a lead, in the transaction that records the trouble."""


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
    client_for: ClientFor
    tell: Tell
    rates: Mapping[str, Rate] | None
    timing: Timing

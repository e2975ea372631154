"""Reading before the transaction: people's words and files are read in a thread, while nobody waits for the database."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any, ParamSpec, Protocol, TypeVar

from sqlalchemy.orm import Session

P = ParamSpec("P")
T = TypeVar("T")
READ = "read"
"""Where a session that belongs to the event loop has what was read for it."""
_MOST = 5
"""Readings for one transaction; who changes what is read against more often than that must wait a moment."""


class ReadResult(Protocol):
    """What reading gave, or the error it raised."""

    def result(self) -> Any: ...


class UnreadError(Exception):
    """Ends a transaction that needs something read, so that it is read outside of it (`bot.transactions`)."""

    def __init__(self, read: Callable[[], Any], key: Hashable) -> None:
        super().__init__()
        self.read = read
        self.key = key


def read_first(session: Session, read: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """What a pure function gives, or raises; what it is given must be hashable.

    The first time a transaction of the event loop comes here, it ends without a trace, and runs again with the answer.
    """
    known: Mapping[Hashable, ReadResult] | None = session.info.get(READ)
    key = (read, given, tuple(named.items()))
    if known is None or (len(known) >= _MOST and key not in known):
        return read(*given, **named)
    if key not in known:
        raise UnreadError(lambda: read(*given, **named), key)
    found: T = known[key].result()
    return found

"""Transactions for the event loop: a plain function, run in the database's executor."""

import asyncio
from collections.abc import Callable, Collection, Hashable, Mapping
from contextlib import nullcontext, suppress
from contextvars import ContextVar
from typing import Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy.orm import Session

from domain.acts import Way
from services.reading_first import READ, ReadResult, UnreadError
from storage.acts import come_by
from storage.database import Database

P = ParamSpec("P")
T = TypeVar("T")


has_committed: ContextVar[bool] = ContextVar("has_committed", default=False)
"""Whether a transaction of what is being answered has taken effect: then “nothing was changed” may be untrue."""


class Transactions:
    """`await transact(fn, ...)` runs `fn(session, ...)` in one read-write transaction.

    What it wants read first (`services.reading_first`) is read in a thread, and it runs again. What nobody's request does,
    the clock does.
    """

    def __init__(
        self, database: Database, way: Way = Way.CLOCK, room: asyncio.Semaphore | None = None
    ) -> None:
        self._database = database
        self._way = way
        self._room = room

    def by(self, way: Way) -> Self:
        """The same, for what has come that way: the audit log has it from the session."""
        return type(self)(self._database, way, self._room)

    def in_turn(self, room: asyncio.Semaphore) -> Self:
        """The same, each waiting until there is room: all who share it get on evenly, one transaction after the other."""
        return type(self)(self._database, self._way, room)

    def within(self, workspace_id: str) -> Self:
        """Those of one workspace."""
        return type(self)(self._database.within(workspace_id), self._way, self._room)

    async def __call__(
        self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        read: dict[Hashable, ReadResult] = {}
        while True:
            try:
                async with self._room or nullcontext():
                    submitted = self._database.submit(_prepared, self._way, read, fn, *args, **kwargs)
                    result = await asyncio.wrap_future(submitted)
            except UnreadError as unread:
                reading = asyncio.get_running_loop().run_in_executor(None, unread.read)
                await asyncio.wait([reading])
                read[unread.key] = reading
            else:
                has_committed.set(True)
                return result


def _prepared(
    session: Session,
    way: Way,
    read: Mapping[Hashable, ReadResult],
    fn: Callable[Concatenate[Session, P], T],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    come_by(session, way)
    session.info[READ] = read
    return fn(session, *args, **kwargs)


def wake_after_commits(database: Database, wake: Callable[[Collection[str]], None]) -> None:
    """Call `wake`, on the running loop, with the workspaces that each commit left outbox rows for."""
    loop = asyncio.get_running_loop()

    def on_executor_thread(workspaces: Collection[str]) -> None:
        with suppress(RuntimeError):  # the loop has closed; the next process finds the rows
            loop.call_soon_threadsafe(wake, workspaces)

    database.when_enqueued(on_executor_thread)

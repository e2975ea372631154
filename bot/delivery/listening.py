"""Hears, on PostgreSQL, of other processes' commits that left something to send."""

import asyncio
from collections.abc import Callable, Collection

import structlog
from psycopg import AsyncConnection, OperationalError
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier
from sqlalchemy import URL

from storage.database import CHANNEL, LIVENESS

_log = structlog.get_logger()
_RECONNECT_SECONDS = 5.0


async def listen(url: URL, wake: Callable[[Collection[str]], None]) -> None:
    """Call `wake` with the workspaces of each commit, none meaning many, until cancelled."""
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    address = make_conninfo(plain, **LIVENESS)
    while True:
        try:
            async with await AsyncConnection.connect(address, autocommit=True) as connection:
                await connection.execute(SQL("LISTEN {}").format(Identifier(CHANNEL)))
                async for notice in connection.notifies():
                    wake(notice.payload.split())
        except OperationalError as error:
            _log.warning("not_listening", error=type(error).__name__)
        await asyncio.sleep(_RECONNECT_SECONDS)

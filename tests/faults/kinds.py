"""The kinds of fault, each as what it does to a running bot while somebody does something."""

import asyncio
import os
import re
import signal
import sqlite3
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

import psycopg
from sqlalchemy.engine import make_url

from sandbox.faults import FaultKind
from tests.e2e.test_two_processes import lapse_leases
from tests.faults.proxy import Use
from tests.faults.stage import Stage
from tests.support.databases import PostgresqlServer, mark
from tests.support.postgresql_tools import folder_of_tools
from tests.support.waiting import until

Doing = asyncio.Task[object]
Strike = Callable[[Stage, Doing], Awaitable[None]]
SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
EVERY = (SQLITE, POSTGRESQL)
SHARE = int(os.environ.get("DRUMBEAT_FAULTS", "0"))
"""Of a hundred, how much of all is done; 0 is the short pass, in which each happens once."""
OUTAGE, LONG_OUTAGE = (3.0, 60.0) if SHARE else (1.0, 2.0)
"""Seconds that a database can't be used."""
LOCKS = (OUTAGE, 25.0) if SHARE else (OUTAGE,)
"""Seconds; a transaction waits 20 for another one's lock."""
SPOILT = 3
"""Calls that a bad moment of Slack's spoils: of five failures in a row it would rightly make a message set aside."""


@dataclass(frozen=True)
class Kind:
    """`times` is how often `make faults` does it to each database. `needs_socket`: it strikes Socket Mode only."""

    name: str
    what: str
    strike: Strike
    databases: tuple[str, ...] = EVERY
    times: int = 30
    needs_socket: bool = False


async def _amid(stage: Stage, doing: Doing, longest: float = 0.15) -> None:
    """At a random instant of what is being done."""
    await asyncio.wait({doing}, timeout=stage.chance.uniform(0, longest))


# Slack


async def _spoil(stage: Stage, doing: Doing, kind: FaultKind, times: int, seconds: float = 0.0) -> None:
    stage.slack.faults.add("*", kind, times, seconds)
    await doing
    await stage.slack.settled()
    left = sum(fault.times for fault in stage.slack.faults.waiting)
    stage.met += times - left
    stage.slack.faults.clear()


async def storm(stage: Stage, doing: Doing) -> None:
    await _spoil(stage, doing, "rate_limited", stage.chance.randrange(3, 9), seconds=1)


async def errors(stage: Stage, doing: Doing) -> None:
    kind: FaultKind = stage.chance.choice(("error_500", "error_503"))
    await _spoil(stage, doing, kind, SPOILT)


async def drop(stage: Stage, doing: Doing) -> None:
    for one in stage.fleet.wired:
        one.slack.drops = SPOILT
    await doing
    await stage.slack.settled()
    for one in stage.fleet.wired:
        stage.met += SPOILT - one.slack.drops
        one.slack.drops = 0


async def slow(stage: Stage, doing: Doing) -> None:
    for one in stage.fleet.wired:
        one.slack.is_slow = True
    before = len(stage.slack.calls)
    await doing
    await stage.slack.settled()
    stage.met += len(stage.slack.calls) - before
    for one in stage.fleet.wired:
        one.slack.is_slow = False


async def half_open(stage: Stage, doing: Doing) -> None:
    """Sockets, and the connections that calls are made over, are left as they are and carry nothing more."""
    await _amid(stage, doing)
    sockets = {id(one): one.slack.lines(Use.SOCKET) for one in stage.fleet.wired}
    stage.met += sum(one.slack.strand((Use.SOCKET, Use.OTHER)) for one in stage.fleet.wired)
    await until(
        lambda: all(
            one.slack.lines(Use.SOCKET) - sockets[id(one)] or not sockets[id(one)]
            for one in stage.fleet.wired
        ),
        "new sockets",
    )
    await asyncio.wait({doing})
    for one in stage.fleet.wired:
        one.slack.lose()
    stage.is_over()
    await stage.until_heard()


async def refuse(stage: Stage, doing: Doing) -> None:
    """The sockets end, and the next handshakes are refused."""
    await _amid(stage, doing)
    for one in stage.fleet.wired:
        one.slack.refusals = stage.chance.randrange(1, 4)
        stage.met += one.slack.refusals
        one.slack.cut([Use.SOCKET])
    await until(lambda: not any(one.slack.refusals for one in stage.fleet.wired), "refused handshakes")
    stage.is_over()
    await stage.until_heard()


async def disorder(stage: Stage, doing: Doing) -> None:
    """What people write and edit meanwhile comes late, twice or thrice, in any order."""
    mia, priya = (stage.team.owners[name] for name in ("Mia", "Priya"))
    with stage.slack.outgoing.disorder(stage.chance.choice((2, 3)), stage.chance.shuffle):
        await doing
        number = len(stage.said.words)
        await stage.says_and_edits(mia, f"thank you {number}", f"thanks {number}")
        await stage.says_and_edits(priya, f"see you {number}", f"see you soon {number}")
        stage.met += 4
    stage.is_over()


# The process and its clock


async def zombie(stage: Stage, doing: Doing) -> None:
    """A process stops at any instant, another takes over, and the first goes on as if it had not."""
    await _amid(stage, doing)
    victim = stage.chance.choice(stage.fleet.wired)
    victim.bot.signal(signal.SIGSTOP)
    stage.met += 1
    # Slack and the test's clock notice that nobody answers; what it was saying to Slack is still on the wire.
    victim.slack.cut([Use.SOCKET, Use.CLOCK])
    await asyncio.to_thread(lapse_leases, stage.url, victim.bot.pid)
    await asyncio.wait({doing}, timeout=60)
    await asyncio.wait({asyncio.ensure_future(stage.slack.settled())}, timeout=60)
    victim.bot.signal(signal.SIGCONT)
    stage.is_over()
    await doing
    await until(
        lambda: stage.slack.clock.followers == len(stage.fleet.wired), "the process to follow the clock"
    )
    await stage.until_heard()


_STEPS = tuple(timedelta(hours=hours) for hours in (1, -1, 2, -24, 26))
_NOW = re.compile(rb'("now": ")([^"]+)(")')


async def clock(stage: Stage, doing: Doing) -> None:
    """One process is told a wrong time while something is done, then the right one again."""
    step = stage.chance.choice(_STEPS)

    def wrong(use: Use, piece: bytes) -> bytes:
        if use is not Use.CLOCK:
            return piece
        return _NOW.sub(lambda m: m[1] + _shifted(m[2], step) + m[3], piece)

    victim = stage.chance.choice(stage.fleet.wired)
    right, victim.slack.spoil = victim.slack.spoil, wrong
    await stage.slack.settled()
    await doing
    victim.slack.spoil = right
    stage.clock_was_wrong = True
    stage.met += 1
    stage.is_over()


def _shifted(told: bytes, step: timedelta) -> bytes:
    shifted = (datetime.fromisoformat(told.decode()) + step).isoformat().encode()
    assert len(shifted) == len(told)
    return shifted


METHODS = (
    *("chat.postMessage",) * 3,
    "chat.update",
    "views.publish",
    "conversations.history",
    "conversations.replies",
    "conversations.open",
    "files.getUploadURLExternal",
    "files.completeUploadExternal",
    "files.info",
)
# Slack's refusal of a message for good is no bad day: the message would rightly not come.
BAD_DAYS: tuple[FaultKind, ...] = tuple(kind for kind in get_args(FaultKind) if kind != "invalid_blocks")
SLOWEST = 0.4


def _bad_day(stage: Stage) -> None:
    """Up to three of Slack's next answers."""
    for _ in range(stage.chance.randrange(4)):
        kind = stage.chance.choice(BAD_DAYS)
        seconds = 1.0 if kind == "rate_limited" else stage.chance.uniform(0, SLOWEST)
        stage.slack.faults.add(stage.chance.choice(METHODS), kind, seconds=seconds)


async def kill(stage: Stage, doing: Doing) -> None:
    _bad_day(stage)

    async def done() -> None:
        await doing

    await stage.fleet.amid(done())
    stage.met += 1


# The database


async def full_disk(stage: Stage, doing: Doing) -> None:
    """The kernel lets the process that writes to the disk write no further byte."""
    await _amid(stage, doing)
    if stage.server is None:
        (one,) = stage.fleet.wired
        with _no_room([one.bot.pid]):
            await _lasts(OUTAGE)
    else:
        with _no_room(_processes_of(stage.server)):
            await _lasts(OUTAGE)
        await asyncio.to_thread(_restart, stage.server, "immediate")
    stage.met += 1
    stage.is_over()


@contextmanager
def _no_room(pids: list[int]) -> Iterator[None]:
    for pid in pids:
        _limit(pid, "4096")
    yield
    for pid in pids:
        if Path(f"/proc/{pid}").exists():  # it may have ended for want of room
            _limit(pid, "unlimited")


def _limit(pid: int, most: str) -> None:
    """Bytes of a file that a process may write; whose it is may say so."""
    owner = Path(f"/proc/{pid}").stat().st_uid
    subprocess.run(["prlimit", f"--pid={pid}", f"--fsize={most}:"], check=True, user=owner)


async def _lasts(seconds: float) -> None:
    await asyncio.sleep(seconds)  # how long it lasts, not how long something is waited for


async def locked(stage: Stage, doing: Doing) -> None:
    """Somebody else writes to the file and does not end."""
    await _amid(stage, doing)
    other = sqlite3.connect(_file_of(stage), isolation_level=None, timeout=20)
    other.execute("BEGIN IMMEDIATE")
    await _lasts(stage.chance.choice(LOCKS))
    other.execute("ROLLBACK")
    other.close()
    stage.met += 1
    stage.is_over()


async def read_only(stage: Stage, doing: Doing) -> None:
    await _amid(stage, doing)
    if stage.server is None:
        await asyncio.to_thread(mark, _file_of(stage), writable=False)
        await _lasts(OUTAGE)
        await asyncio.to_thread(mark, _file_of(stage), writable=True)
    else:
        _set(stage.server, "default_transaction_read_only = on")
        await _lasts(OUTAGE)
        _set(stage.server, "default_transaction_read_only = off")
    stage.met += 1
    stage.is_over()


def _file_of(stage: Stage) -> Path:
    return Path(make_url(stage.url).database or "")


async def gone(stage: Stage, doing: Doing) -> None:
    """Nobody answers at the database's address, or what is said there goes nowhere."""
    await _amid(stage, doing)
    wires = [one.database for one in stage.fleet.wired if one.database is not None]
    is_silent = stage.chance.random() < 0.5
    for wire in wires:
        if is_silent:
            wire.strand(tuple(Use))
        else:
            wire.gone()
    await _lasts(LONG_OUTAGE)
    for wire in wires:
        if is_silent:
            wire.resume()
        else:
            await wire.open()
    stage.met += len(wires)
    stage.is_over()


async def restarted(stage: Stage, doing: Doing) -> None:
    await _amid(stage, doing)
    assert stage.server is not None
    await asyncio.to_thread(_restart, stage.server, stage.chance.choice(("fast", "immediate")))
    stage.met += 1
    stage.is_over()


def _restart(server: PostgresqlServer, mode: str) -> None:
    """What runs may have ended by itself."""
    control(server, "-m", mode, "restart")


def control(server: PostgresqlServer, *told: str) -> None:
    """As whoever owns it does by `pg_ctl`."""
    folder = server.folder
    with (folder / "log").open("a") as log:
        subprocess.run(
            [folder_of_tools() / "pg_ctl", "-D", str(folder), "-w", "-l", str(folder / "log"), *told],
            check=True,
            user=folder.stat().st_uid,
            stdout=log,
            stderr=log,
        )


def _set(server: PostgresqlServer, setting: str) -> None:
    with psycopg.connect(server.admin_url, autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET {setting}".encode())
        connection.execute("SELECT pg_reload_conf()")


def _processes_of(server: PostgresqlServer) -> list[int]:
    postmaster = int((server.folder / "postmaster.pid").read_text().splitlines()[0])
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text()
    return [postmaster, *map(int, children.split())]


KINDS = (
    Kind("storm", "429 storm: Slack refuses one call after the other", storm),
    Kind("errors", "5xx: Slack fails at calls", errors),
    Kind("drop", "replies dropped after success", drop),
    Kind("slow", "slow bodies, both ways", slow),
    Kind("half-open", "half-open sockets and connections", half_open, times=10, needs_socket=True),
    Kind("refused", "refused WebSocket handshakes", refuse, needs_socket=True),
    Kind("disorder", "every event repeated, late and out of order", disorder),
    Kind("zombie", "a process stopped while another takes over, then continued", zombie, (POSTGRESQL,)),
    Kind("clock", "a clock that steps by hours or a day, and back", clock),
    Kind("kill", "SIGKILL at a random instant, on Slack's bad days", kill, times=200),
    Kind("full", "a disk that takes no further byte", full_disk),
    Kind("locked", "the file locked by another process", locked, (SQLITE,)),
    Kind("read-only", "a database that can only be read", read_only),
    Kind("restarted", "PostgreSQL restarted, half of the times without a goodbye", restarted, (POSTGRESQL,)),
    Kind("gone", "the database gone for 60 s, or silent", gone, (POSTGRESQL,), times=10),
)
RESTORE, RESTORES = "a backup restored at a random point", 100
ROWS = [(kind.what, database) for kind in KINDS for database in kind.databases] + [
    (RESTORE, database) for database in EVERY
]
"""Of the table in docs/faults.md."""


def share_of(times: int) -> int:
    """How often of so many, in this run."""
    return -(-times * SHARE // 100) if SHARE else 1

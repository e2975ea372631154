"""A thousand owners due at one Monday minute, from due rows to outbox rows, against a bare loop that writes the same.

Two hundred workspaces, each with a strategy of five owners who were asked last week and answered; each owner has an
initiative with a metric and reports a KPI. Each round is a week later.
"""

import gc
import statistics
import time
from dataclasses import dataclass

from sqlalchemy import delete, event, update
from sqlalchemy.orm import Session

from bench.bare_rows import BareRows
from bench.claims import Claim
from bench.databases import fresh_databases
from bench.monday_process import WARM_UPS, perform_all, seconds_of
from bench.plans import BEGAN, FIRST, fill_strategy, minute
from domain.periods import Week
from domain.rituals import Ritual
from storage.database import Database
from storage.models import AnswerRow, DueRow, MessageRow, OutboxRow
from storage.statements import table

WORKSPACES = [f"T{number:04}" for number in range(200)]
OWNERS = [f"U{number}" for number in range(5)]
ROUNDS = 3
_ALL = len(WORKSPACES) * len(OWNERS)
_answers, _messages, _outbox, _due = (table(row) for row in (AnswerRow, MessageRow, OutboxRow, DueRow))


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds for all owners: ours, and a bare loop's with a transaction an owner and with one a strategy."""

    ours: float
    by_owner: float
    by_strategy: float
    statements: int


async def measure() -> list[Claim]:
    claims = []
    gc.freeze()  # as `drumbeat run` does with what it imported
    with fresh_databases() as databases:
        for name, database in databases:
            database.run(_fill)
            week = FIRST
            await _perform(database, week)
            rounds = [await _round(database, week := week.next()) for _ in range(ROUNDS)]
            claims += _claims(name, rounds)
            if not database.is_sqlite:
                claims.append(await _two_processes(database, week))
    return claims


async def _perform(database: Database, week: Week) -> tuple[float, int]:
    """Seconds and statements of everything due in a week's minute; afterwards it is sent and answered."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    started = time.perf_counter()
    performed = await perform_all(database, WORKSPACES, minute(week))
    took = time.perf_counter() - started
    event.remove(database.engine, "before_cursor_execute", note)
    if performed != _ALL:
        raise RuntimeError(f"{performed} prompts instead of {_ALL}.")
    return took, len(sent)


async def _round(database: Database, week: Week) -> Round:
    database.run(_live)
    with BareRows(database.engine.url) as bare:
        known = bare.read()
        ours, statements = await _perform(database, week)
        written = bare.read() - known
        by_owner = bare.write(written, "owner")
        by_strategy = bare.write(written, "strategy")
    return Round(ours, by_owner, by_strategy, statements)


def _live(session: Session) -> None:
    """What waits is sent, and everybody answers, so that nobody is reminded."""
    session.execute(delete(_outbox))
    session.execute(delete(_due).where(_due.c.ritual != Ritual.PROMPT.value))
    session.execute(update(_messages).values(channel_id=_messages.c.target, ts=_messages.c.target))
    given = {"revision": 1, "health": "on_track", "content": {"next": "Go on"}}
    session.execute(update(_answers).values(person_id="U0", at=BEGAN, **given))


def _claims(name: str, rounds: list[Round]) -> list[Claim]:
    ours = statistics.median(one.ours for one in rounds) / _ALL * 1000
    bare = statistics.median(one.by_owner for one in rounds) / _ALL * 1000
    ratio = statistics.median(one.by_owner / one.ours for one in rounds)
    strict = statistics.median(one.by_strategy / one.ours for one in rounds)
    statements = max(one.statements for one in rounds) / _ALL
    what = f"A thousand owners at one minute, {name}"
    detail = (
        f"{ours:.2f} ms against {bare:.2f} ms an owner; {strict:.2f} of a loop with a transaction a strategy"
    )
    return [
        Claim(f"{what}, an owner", ours, 5, unit=" ms", at_most=True),
        Claim(f"{what}, an owner", statements, 15, unit=" statements", at_most=True),
        Claim(f"{what}, of a bare loop with a transaction an owner", ratio, 0.25, detail=detail),
    ]


async def _two_processes(database: Database, week: Week) -> Claim:
    ratios, details = [], []
    for _ in range(ROUNDS):
        seconds = []
        for processes in (1, 2):
            database.run(_live)
            week = week.next()
            took, performed = await seconds_of(processes, database, WORKSPACES, minute(week))
            if sum(performed) != _ALL:
                raise RuntimeError(f"{performed} prompts instead of {_ALL}.")
            seconds.append(took)
        ratios.append(seconds[0] / seconds[1])
        details.append(f"{seconds[0]:.2f} s against {seconds[1]:.2f} s, shared {performed}")
    what = "A thousand owners at one minute, PostgreSQL, two processes against one"
    return Claim(what, statistics.median(ratios), 1.6, unit="×", detail="; ".join(details))


def _fill(session: Session) -> None:
    for workspace_id in (*WORKSPACES, *WARM_UPS):
        fill_strategy(session, workspace_id, "C1", OWNERS)

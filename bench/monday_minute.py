"""A thousand owners due at one Monday minute, from due rows to outbox rows, against a bare loop that writes the same.

Two hundred workspaces, each with a strategy of five owners who were asked last week and answered; each owner has an
initiative with a metric and reports a KPI. Each round is a week later.
"""

import statistics
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import delete, event, update
from sqlalchemy.orm import Session

from bench.bare_rows import BareRows
from bench.claims import Claim
from bench.databases import fresh_databases
from bench.monday_process import perform_all, seconds_of
from domain.initiatives import Initiative, SuccessMetric
from domain.kpis import Cadence, Direction, Kind, Kpi
from domain.people import Person
from domain.periods import Week
from domain.rituals import Ritual
from domain.strategies import Goal, Strategy
from services.planning import plan_owner
from storage import initiatives, kpis, people, strategies
from storage.database import Database
from storage.models import AnswerRow, DueRow, MessageRow, OutboxRow
from storage.statements import table

WORKSPACES = [f"T{number:04}" for number in range(200)]
OWNERS = [f"U{number}" for number in range(5)]
ROUNDS = 3
FIRST = Week(2026, 48)
BEGAN = datetime(2026, 11, 20, tzinfo=UTC)
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


def _minute(week: Week) -> datetime:
    return datetime.combine(week.day(0), datetime.min.time(), UTC).replace(hour=9)


async def _perform(database: Database, week: Week) -> tuple[float, int]:
    """Seconds and statements of everything due in a week's minute; afterwards it is sent and answered."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    started = time.perf_counter()
    performed = await perform_all(database, WORKSPACES, _minute(week))
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
            took, performed = await seconds_of(processes, database, WORKSPACES, _minute(week))
            if sum(performed) != _ALL:
                raise RuntimeError(f"{performed} prompts instead of {_ALL}.")
            seconds.append(took)
        ratios.append(seconds[0] / seconds[1])
        details.append(f"{seconds[0]:.2f} s against {seconds[1]:.2f} s, shared {performed}")
    what = "A thousand owners at one minute, PostgreSQL, two processes against one"
    return Claim(what, statistics.median(ratios), 1.6, unit="×", detail="; ".join(details))


def _fill(session: Session) -> None:
    for workspace_id in WORKSPACES:
        _fill_workspace(session, workspace_id)


def _fill_workspace(session: Session, workspace_id: str) -> None:
    owners = [Person(workspace_id, id_, f"Owner {id_}", "UTC") for id_ in OWNERS]
    people.save_people(session, owners)
    goal = Goal(0, "6,000 subscribers by 31 March")
    blank = Strategy(0, workspace_id, "C1", "Harbor Lights", "Why", (goal,), "", "", (OWNERS[0],), "UTC")
    strategy = strategies.add_strategy(session, blank, BEGAN)
    if strategy is None:
        raise RuntimeError("the bench's strategy is there already")
    metric = SuccessMetric(0, "subscribers", "", Decimal(4200), Decimal(6000))
    due = date(2027, 3, 31)
    for owner in owners:
        goal_id = strategy.goals[0].id
        initiative = Initiative(
            *(0, workspace_id, strategy.id, f"Newsletter relaunch {owner.id}", goal_id, owner.id),
            *(BEGAN.date(), due, due),
            metrics=(metric,),
        )
        initiatives.add_initiative(session, initiative, BEGAN)
        kpi = Kpi(
            *(
                0,
                workspace_id,
                strategy.id,
                goal_id,
                f"KPI {owner.id}",
                Kind.COUNT,
                "",
                Direction.INCREASE_TO,
            ),
            *(Decimal(4200), BEGAN.date(), Decimal(6000), due, owner.id, Cadence.WEEKLY, "We ask why"),
        )
        kpis.add_kpi(session, kpi, BEGAN)
        plan_owner(session, strategy, owner.id, BEGAN)

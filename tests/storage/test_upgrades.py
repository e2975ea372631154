"""What a team had after thirteen weeks reads on, from every schema since weeks are closed for good."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, insert, select

from domain.decisions import AskKind, Decision
from domain.initiatives import Initiative
from domain.kpis import Kpi
from domain.reviews import Choice, LeadAnswer, LeadChoice
from services.quarters import begin_next_quarter
from storage import closed_weeks, decisions, initiatives, reviews, seen_marks, strategies
from storage.database import Database
from storage.migrations import HERE
from storage.models import Base
from tests.support.databases import SqliteFiles, at_revision
from tests.support.harbor_lights import FIRST_WEEK, MAYA, NEWSLETTER, PEOPLE, RUTH, TEAM, TOM
from tests.support.walks import Figures, Walk, thirteen_weeks
from views.quarters import NextForm

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
FIRST = "0009"
"""The schema that keeps closed weeks; an upgrade to it reckons them (`test_migrations`)."""
REVISIONS = sorted(
    script.revision
    for script in ScriptDirectory(str(HERE)).walk_revisions()
    if script.revision >= FIRST and not script.is_head
)


@dataclass(frozen=True)
class Used:
    """A database of today after thirteen weeks: its rows, and all that is told of them."""

    walk: Walk
    rows: Rows
    figures: Figures
    numbers: tuple[list[Initiative], list[Kpi]]


@pytest.fixture(scope="module")
def used(sqlite_files_of_module: SqliteFiles) -> Iterator[Used]:
    database = Database.open(sqlite_files_of_module.new(), migrate=False)
    with database.session() as session:
        walk = Walk.begin(session)
        thirteen_weeks(walk)
        says_more(walk)
        rows = {
            name: [dict(row) for row in session.execute(select(table)).mappings()]
            for name, table in Base.metadata.tables.items()
        }
        yield Used(walk, rows, walk.figures(), numbers(walk))
    database.close()


def says_more(walk: Walk) -> None:
    """What the weeks alone leave out: an ask that waits, what leads chose in a review, and a *Seen*."""
    session, about = walk.session, walk.named(NEWSLETTER.name)
    due = walk.now.date() + timedelta(days=9)
    ask = Decision(
        *(0, TEAM, walk.strategy_id, about.id, None, AskKind.DECISION, "More leaflets?", "Half are gone", ()),
        *("We print none", TOM, RUTH, due),
        created_at=walk.now,
    )
    decisions.add_decision(session, ask)
    review = next(iter(reviews.list_closed_after(session, walk.strategy, walk.now - timedelta(weeks=20))))
    reviews.add_lead_answer(session, review, LeadAnswer(RUTH, True, "Nothing", walk.now))
    kept = LeadChoice(about.id, Choice.CONTINUE, "It grows", True, RUTH, walk.now)
    reviews.add_choice(session, review, kept)
    check_in = walk.check_in_of(MAYA)
    assert check_in is not None
    seen_marks.add_mark(session, TEAM, check_in.id, about.id, RUTH, walk.now)


def numbers(walk: Walk) -> tuple[list[Initiative], list[Kpi]]:
    return initiatives.read_metrics(walk.session, TEAM, walk.initiatives, "UTC"), walk.kpis


def tables_of(connection: Connection) -> MetaData:
    """As that schema has them."""
    found = MetaData()
    found.reflect(connection)
    found.remove(found.tables["alembic_version"])
    return found


def put_back(connection: Connection, rows: Rows) -> None:
    """What a database of that schema had of them."""
    for name, table in tables_of(connection).tables.items():
        kept = [{column.name: row[column.name] for column in table.columns} for row in rows[name]]
        if kept:
            connection.execute(insert(table), kept)


def read_all(connection: Connection, columns: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    tables = tables_of(connection).tables
    return {
        name: sorted(
            repr(tuple(row)) for row in connection.execute(select(*(tables[name].c[one] for one in kept)))
        )
        for name, kept in columns.items()
    }


def begins_the_next_quarter(walk: Walk) -> None:
    """With what is owed and what goes on; the one before stays as it was."""
    former = walk.strategy
    going_on = walk.named(NEWSLETTER.name)
    goals = tuple(
        replace(
            goal, id=0, text="Newsletter subscribers from 5,580 to 7,000 by 30 June 2027", former_id=goal.id
        )
        for goal in former.goals
    )
    form = NextForm(
        name="Summer",
        why=former.why,
        goals=goals,
        end=date(2027, 6, 30),
        initiatives=frozenset([going_on.id]),
        kpis=frozenset(kpi.id for kpi in walk.kpis),
    )
    following = begin_next_quarter(walk.session, former, form, PEOPLE[MAYA], walk.now)
    assert strategies.find_strategy_by_channel(walk.session, TEAM, former.channel_id) == following
    assert walk.strategy.closed_at == walk.now
    [ask] = decisions.list_recent(walk.session, TEAM, following.id, walk.now)
    assert ask.question == "More leaflets?"


def test_every_schema_of_since_is_upgraded_from() -> None:
    assert REVISIONS[0] == FIRST
    assert len(REVISIONS) >= 8


@pytest.mark.parametrize("revision", REVISIONS)
def test_thirteen_weeks_read_on_after_an_upgrade(revision: str, used: Used, empty_url: str) -> None:
    with at_revision(empty_url, revision) as engine, engine.begin() as connection:
        put_back(connection, used.rows)
        columns = {
            name: [column.name for column in table.columns]
            for name, table in tables_of(connection).tables.items()
        }
        had = read_all(connection, columns)
    database = Database.open(empty_url, migrate=True)
    with database.engine.connect() as connection:
        assert read_all(connection, columns) == had
    with database.session() as session:
        walk = Walk(session, used.walk.now, used.walk.strategy_id, [])
        assert len(used.figures) == 13
        assert walk.figures() == used.figures
        assert numbers(walk) == used.numbers
        begins_the_next_quarter(walk)
        kept = closed_weeks.list_closed_weeks(session, TEAM, walk.strategy_id, FIRST_WEEK)
        for week, told in used.figures.items():
            assert [one for one in kept if one.period == week] == told["rows"], "of the one before"
    database.close()

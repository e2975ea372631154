"""Forgetting goes through every column there is: by the tables themselves, so that none is passed over."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, MetaData, Table, Text, insert, select

from domain.forgetting import SOMEONE, Forgotten
from domain.people import Person, is_stand_in
from storage.database import Database
from storage.forgetting import requests
from storage.forgetting.erasing import Erased, drop_messages_with, erase_person
from storage.forgetting.rules import PERSON, RULES, TEXT, WHOLE, Words
from storage.models import Base
from storage.types import UtcDateTime
from tests.support.databases import SqliteFiles

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
BEN = Forgotten("T1", "U0BEN00001", "Ben Carter", "0123456789ABCDEF0123", "D0BEN00001")
MAYA = Person("T1", "U0MAYA0001", "Maya Okafor")
STAND_IN = Person("T1", BEN.stand_in, SOMEONE, is_deactivated=True)
SAID = "Quokkas swim to the\nsecond harbor at night"
HARMLESS = "Wombats dig"
NAMING = f"Ask <@{BEN.id}> or <@{BEN.id}|ben>, that is BEN  CARTER, about U0BEN000012"
NAMING_NOBODY = f"Ask {SOMEONE} or {SOMEONE}, that is {SOMEONE}, about U0BEN000012"
QUOTING = "27 Nov (“Quokkas swim to the\nsecond harbor at night”)"


def columns_of_texts(metadata: MetaData) -> set[tuple[str, str]]:
    return {
        (rows.name, column.name)
        for rows in metadata.sorted_tables
        for column in rows.columns
        if isinstance(column.type, (Text, JSON)) and column.name != "workspace_id"
    }


def without_rule(metadata: MetaData) -> set[tuple[str, str]]:
    ruled = {(name, column) for name, rules in RULES.items() for column in rules}
    return columns_of_texts(metadata) ^ ruled


def test_every_column_of_text_has_a_rule_for_when_somebody_is_forgotten() -> None:
    """What a new column holds of people is said in storage/forgetting/rules.py."""
    assert without_rule(Base.metadata) == set()


def test_a_new_column_without_a_rule_is_found() -> None:
    grown = MetaData()
    for rows in Base.metadata.sorted_tables:
        rows.to_metadata(grown)
    grown.tables["kpis"].append_column(Column("comment", Text()))
    Table("poems", grown, Column("workspace_id", Text(), primary_key=True), Column("lines", JSON()))
    assert without_rule(grown) == {("kpis", "comment"), ("poems", "lines")}


def test_rules_name_columns_that_are_there() -> None:
    for name, rules in RULES.items():
        there = set(Base.metadata.tables[name].columns.keys())
        for rule in rules.values():
            if isinstance(rule, Words):
                assert {*rule.by, rule.at} <= there, name
    for name, whole in WHOLE.items():
        assert {whole.by, whole.at or whole.by} <= set(Base.metadata.tables[name].columns.keys())


# A row of each table for each of two people, with words wherever there may be some


def rows_of(who: str) -> Iterator[tuple[Table, dict[str, Any]]]:
    for rows in Base.metadata.sorted_tables:
        if len(rows.primary_key) == 1 and who != BEN.id:
            continue  # there is one of a workspace
        if rows.name == "people":
            yield rows, {**row_of(rows, who), "name": BEN.name if who == BEN.id else MAYA.name}
        elif rows.name != "outbox":
            yield rows, row_of(rows, who)


def row_of(rows: Table, who: str) -> dict[str, Any]:
    row = {column.name: value_of(rows, column, who) for column in rows.columns}
    if rows.name == "changes" and who == BEN.id:
        row["kind"] = "stopped"
    return row


def value_of(rows: Table, column: Column[Any], who: str) -> Any:
    name, is_ben = column.name, who == BEN.id
    if name == "workspace_id":
        return "T1"
    if isinstance(column.type, UtcDateTime):
        return NOW
    if isinstance(column.type, Date):
        return date(2026, 11, 26)
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, BigInteger):
        return 1 if is_ben else 2
    rule = RULES[rows.name][name]
    return json_of(rule, who) if isinstance(column.type, JSON) else text_of(rows, name, rule, who)


def text_of(rows: Table, name: str, rule: object, who: str) -> str:
    is_ben = who == BEN.id
    if rule is PERSON:
        return who
    if (rows.name, name) == ("changes", "after") and not is_ben:
        return QUOTING
    if isinstance(rule, Words) or (rule is TEXT and rows.name in WHOLE):
        return SAID if is_ben else NAMING
    if rule is TEXT:
        return NAMING
    if (rows.name, name) in {
        ("people", "dm_channel_id"),
        ("messages", "channel_id"),
        ("notes", "channel_id"),
    }:
        return "D0BEN00001" if is_ben else "D0MAYA0001"
    if (rows.name, name) == ("seen", "key"):
        return f"trouble:{who}:is_archived"
    return f"code {1 if is_ben else 2}"


def json_of(rule: object, who: str) -> dict[str, Any]:
    if rule is PERSON:
        return {"1": {"owner": who}, "asked": {who: 7}, "reminded": [who]}
    if isinstance(rule, Words):
        words = SAID if who == BEN.id else NAMING
        return {"progress": words, "options": [words], "readings": [[7, "4.10"]], "via": "form", "none": None}
    return {"named": NAMING} if rule is TEXT else {"code": 1}


@pytest.fixture
def full(database: Database) -> Database:
    def fill(session: Any) -> None:
        for who in (BEN.id, MAYA.id):
            for rows, row in rows_of(who):
                session.execute(insert(rows).values(row))

    database.run(fill)
    return database


def forget(database: Database) -> Erased:
    def run(session: Any) -> Erased:
        erased = erase_person(session, BEN, STAND_IN)
        drop_messages_with(session, BEN, erased)
        return erased

    return database.run(run)


def everything(database: Database) -> list[tuple[str, dict[str, Any]]]:
    def read(session: Any) -> list[tuple[str, dict[str, Any]]]:
        return [
            (rows.name, row._asdict())
            for rows in Base.metadata.sorted_tables
            for row in session.execute(select(rows).order_by(*rows.primary_key))
        ]

    return database.run(read)


def traces(rows: Iterable[tuple[str, dict[str, Any]]]) -> list[tuple[str, str]]:
    """Columns that still say who it was or what they said."""
    marks = re.compile(
        rf"quokka|harbor at night|ben\s+carter|{BEN.id}(?!\d)|{BEN.dm_channel_id}", re.IGNORECASE
    )
    return [(name, column) for name, row in rows for column, value in row.items() if marks.search(str(value))]


def test_no_column_of_any_table_holds_what_was_said_a_name_or_an_id(full: Database) -> None:
    ruled = {
        (name, column)
        for name, rules in RULES.items()
        for column, rule in rules.items()
        if (rule in (TEXT, PERSON) or isinstance(rule, Words)) and name not in ("outbox", "forgotten")
    }
    assert ruled <= set(traces(everything(full)))

    forget(full)

    assert traces(everything(full)) == []


def test_what_others_said_stays_word_for_word_but_for_the_name(full: Database) -> None:
    before = [(name, row) for name, row in everything(full) if name not in ("people", "seen")]
    of_maya = [(name, row) for name, row in before if is_mayas(name, row)]
    assert len(of_maya) > 40

    forget(full)

    after = everything(full)
    for name, row in of_maya:
        assert (name, with_nobody(name, row)) in after, name


def is_mayas(name: str, row: dict[str, Any]) -> bool:
    """Every table has one of hers; drafts that name somebody go, whoever wrote them."""
    numbered = [value for value in row.values() if value in (2, "code 2", MAYA.id)]
    return bool(numbered) and name != "drafts"


def with_nobody(name: str, row: dict[str, Any]) -> dict[str, Any]:
    def told(column: str, value: Any) -> Any:
        if (name, column) == ("changes", "after"):
            return "27 Nov (“…”)"
        if isinstance(value, dict):
            return {
                key: [NAMING_NOBODY if v == NAMING else v for v in one]
                if isinstance(one, list)
                else (NAMING_NOBODY if one == NAMING else one)
                for key, one in value.items()
            }
        return NAMING_NOBODY if value == NAMING else value

    return {column: told(column, value) for column, value in row.items()}


def test_figures_stay_under_the_stand_in(full: Database) -> None:
    before = {name: row for name, row in everything(full) if BEN.id in row.values()}

    forget(full)

    after = everything(full)
    for name in before.keys() - WHOLE.keys() - {"seen", "learning_answers"}:
        [row] = [row for of, row in after if of == name and BEN.stand_in in row.values()]
        kept = {
            column
            for column, rule in RULES[name].items()
            if not isinstance(rule, Words) and rule not in (TEXT, PERSON)
        }
        kept |= set(row) - set(RULES[name])
        if name == "messages":
            kept -= {"channel_id", "ts", "thread_ts"}
        assert {column: row[column] for column in kept} == {column: before[name][column] for column in kept}
    [answer] = [row for name, row in after if name == "answers" and row["person_id"] == BEN.stand_in]
    assert answer["content"] == {
        "progress": "",
        "options": [],
        "readings": [[7, "4.10"]],
        "via": "form",
        "none": None,
    }


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("李明", "请李明看一下"),
        ("Émile Zola", "ask ÉMILE ZOLA"),
        ("Ольга К", "спроси ОЛЬГА К"),
        ('Jo "J" Ö', 'by jo "j" ö'),
    ],
)
def test_a_name_in_any_script_is_found_in_text_and_json(
    sqlite_files: SqliteFiles, name: str, written: str
) -> None:
    database = Database.open(sqlite_files.new(), migrate=False)

    def run(session: Any) -> list[str]:
        for table in ("goals", "closed_weeks"):
            rows = Base.metadata.tables[table]
            row = row_of(rows, MAYA.id)
            row |= {"text": written} if table == "goals" else {"facts": {"named": written}}
            session.execute(insert(rows).values(row))
        erase_person(session, replace(BEN, name=name), STAND_IN)
        texts = Base.metadata.tables["goals"].c.text, Base.metadata.tables["closed_weeks"].c.facts
        return [str(session.scalar(select(column))) for column in texts]

    text, facts = database.run(run)
    database.close()
    assert SOMEONE in text
    assert SOMEONE in facts


def test_another_workspace_is_left_alone(full: Database) -> None:
    def fill(session: Any) -> None:
        for rows, row in rows_of(BEN.id):
            session.execute(
                insert(rows).values({**row, "workspace_id": "T2", **({"hash": "2"} if "hash" in row else {})})
            )

    elsewhere = full.within("T2")
    elsewhere.run(fill)
    before = [(name, row) for name, row in everything(elsewhere) if row["workspace_id"] == "T2"]

    forget(full)

    assert [(name, row) for name, row in everything(elsewhere) if row["workspace_id"] == "T2"] == before


WAITING = [
    (MAYA.id, f"*Ben* said so: <@{BEN.id}>", False),
    (MAYA.id, "By Ben Carter", False),
    (MAYA.id, "Quokkas swim to the secon…", False),
    (MAYA.id, "Quokkas swim to the second harbor at night", False),
    (MAYA.id, "&gt; Quokkas swim to the", False),
    ("C1", HARMLESS, True),
    (BEN.id, HARMLESS, False),
    (BEN.dm_channel_id, HARMLESS, False),
]
"""To whom, what, and whether it is still said."""


def test_what_waits_is_not_said_where_it_is_theirs_names_them_or_repeats_them(full: Database) -> None:
    rows = Base.metadata.tables["outbox"]

    def fill(session: Any) -> None:
        for id_, (target, shown, _) in enumerate(WAITING):
            payload = {
                "text": "New",
                "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": shown}}],
            }
            key = {"workspace_id": "T1", "id": id_, "method": "chat.postMessage", "target": target}
            session.execute(
                insert(rows).values({**key, "payload": payload, "state": "held", "created_at": NOW})
            )

    full.run(fill)
    forget(full)

    left = [row["id"] for name, row in everything(full) if name == "outbox"]
    assert left == [id_ for id_, (_, _, is_said) in enumerate(WAITING) if is_said]


# Requests


def test_a_request_is_kept_without_saying_whose(database: Database) -> None:
    database.run(requests.keep_request, "T1", BEN.id, NOW)

    [kept] = database.run(requests.list_requests)
    assert BEN.id not in str(kept)
    assert kept.means(BEN.id)
    assert not kept.means(MAYA.id)
    assert database.run(requests.is_forgotten, "T1", BEN.id)
    assert not database.run(requests.is_forgotten, "T2", BEN.id)


def test_the_stand_in_is_nobody_of_slacks() -> None:
    assert is_stand_in(BEN.stand_in)
    assert not is_stand_in(BEN.id)
    assert not is_stand_in("ULEFT01234")

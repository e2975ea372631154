"""Which strategies a command of the command line means."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from bot.strategies import WhichStrategyError, choose_strategies
from storage import people, strategies, workspaces
from storage.database import Database
from storage.workspaces import Workspace
from tests.support.harbor_lights import PEOPLE, STRATEGY, TEAM

NOW = datetime(2026, 11, 21, tzinfo=UTC)
HARBOR, KITE, KITES = "Harbor Lights", "Kite festival", "Kites for schools"


def fill(session: Session, *names: str) -> None:
    workspaces.save_workspace(session, Workspace(TEAM, "Harbor Lights", "UBOT"))
    people.save_people(session, list(PEOPLE.values()))
    for number, name in enumerate(names, start=1):
        strategies.add_strategy(session, replace(STRATEGY, name=name, channel_id=f"C{number}"), NOW)


@pytest.fixture
def three(database: Database) -> Database:
    database.run(fill, HARBOR, KITE, KITES)
    return database


def chosen(database: Database, *named: str) -> list[str]:
    return [one.name for one in database.run(choose_strategies, "", named, option="--strategy")]


def test_the_only_one_need_not_be_named(database: Database) -> None:
    database.run(fill, HARBOR)
    assert chosen(database) == [HARBOR]


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (["C2"], [KITE]),
        (["harbor"], [HARBOR]),
        (["Kites for schools", "C1"], [KITES, HARBOR]),
        (["C1", "Harbor Lights", "C1"], [HARBOR]),
    ],
)
def test_one_is_named_by_its_channel_or_its_name(
    three: Database, named: list[str], expected: list[str]
) -> None:
    assert chosen(three, *named) == expected


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ([], "There are several: say which with --strategy. There is Harbor Lights (C1), Kite"),
        (["C404"], "No strategy “C404”. There is Harbor Lights (C1), Kite"),
        (["Kite"], "No strategy “Kite”."),
        (["C1", ""], "No strategy “”."),
    ],
)
def test_what_names_none_or_several_is_told_which_there_are(
    three: Database, named: list[str], sentence: str
) -> None:
    with pytest.raises(WhichStrategyError) as refused:
        chosen(three, *named)
    assert str(refused.value).startswith(sentence)


def test_in_an_empty_database_there_is_none(database: Database) -> None:
    with pytest.raises(WhichStrategyError, match="There is no strategy yet"):
        chosen(database, HARBOR)

"""`drumbeat forget` and `forget-workspace`: what would go is said first, and what is gone stays gone."""

import logging
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import func, select
from typer.testing import CliRunner, Result

from bot.backups import back_up
from bot.cli import app
from bot.refusals import CommandRefusedError
from bot.restoring import restore
from domain.people import Person
from services.forgetting import forget_person, forget_workspace
from storage import initiatives, installations, notes, people, strategies, workspaces
from storage.database import Database
from storage.delivery import outbox
from storage.encryption import Keys, new_key
from storage.installations import Installation
from storage.models import Base
from storage.notes import Note
from storage.workspaces import Workspace
from tests.support.databases import as_owner, no_room
from tests.support.harbor_lights import NEWSLETTER, STRATEGY
from tests.support.postgresql_tools import folder_of_tools

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
SAID = "Quokkas swim to the second harbor"
BEN = Person("T1", "U0BEN00001", "Ben Carter", dm_channel_id="D0BEN00001")
MAYA = Person("T1", "U0MAYA0001", "Maya Okafor")


@pytest.fixture
def database_url(database_url: str) -> str:
    """As its owner reaches it."""
    return as_owner(database_url)


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str) -> None:
    monkeypatch.setenv("PATH", f"{folder_of_tools()}:{os.environ['PATH']}")
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def url(database_url: str) -> str:
    """Ben owns an initiative in Maya's strategy and has written something; Orchard is another workspace."""
    database = Database.open(database_url, migrate=False)
    database.run(fill, "T1")
    database.run(fill, "T2")
    database.close()
    return database_url


def fill(session: Any, workspace_id: str) -> None:
    workspaces.save_workspace(session, Workspace(workspace_id, f"Team {workspace_id}", "U0BOT00001"))
    here = [Person(workspace_id, one.id, one.name, dm_channel_id=one.dm_channel_id) for one in (BEN, MAYA)]
    people.save_people(session, here)
    people.set_dm_channel(session, workspace_id, BEN.id, "D0BEN00001")
    of_maya = replace(STRATEGY, workspace_id=workspace_id, leads=(MAYA.id,))
    strategy = strategies.add_strategy(session, of_maya, NOW)
    assert strategy is not None
    of_ben: dict[str, Any] = {
        "workspace_id": workspace_id,
        "strategy_id": strategy.id,
        "owner_id": BEN.id,
        "goal_id": None,
    }
    initiatives.add_initiative(session, replace(NEWSLETTER, **of_ben), NOW)
    said = Note(workspace_id, "D0BEN00001", "1.000001", 1, None, BEN.id, SAID, NOW)
    notes.add_note(session, said)
    outbox.enqueue_post(session, workspace_id, BEN.id, {"text": SAID}, now=NOW)


def in_database(url: str, fn: Any, *arguments: Any) -> Any:
    database = Database.open(url, migrate=False)
    try:
        return database.run(fn, *arguments)
    finally:
        database.close()


def is_known(url: str, workspace_id: str = "T1", id_: str = BEN.id) -> bool:
    return in_database(url, people.find_person, workspace_id, id_) is not None


def said_in(url: str, workspace_id: str = "T1") -> list[str]:
    found = in_database(url, notes.list_notes_of, workspace_id, BEN.id)
    return [note.text for note in found]


def types(*arguments: str, answer: str = "") -> Result:
    """What is logged goes where the command's own errors go, which is closed when it ends."""
    try:
        return CliRunner().invoke(
            app, arguments[0].split() if len(arguments) == 1 else arguments, input=answer
        )
    finally:
        structlog.reset_defaults()
        logging.getLogger().handlers.clear()


def test_what_would_go_is_said_and_without_a_yes_nothing_goes(url: str) -> None:
    looked = types("forget U0BEN00001 --workspace T1 --dry-run")
    assert looked.exit_code == 0
    assert looked.stdout.startswith("Of Ben Carter (U0BEN00001) there would go:\n")
    assert "      1  messages to the bot, each version of them\n" in looked.stdout
    assert "      1  messages that wait or were set aside\n" not in looked.stdout
    assert "What they lead or own in 1 strategy needs somebody else" in looked.stdout
    assert SAID not in looked.stdout

    asked = types("forget U0BEN00001 --workspace T1", answer="n\n")
    assert "This cannot be undone. Go on?" in asked.stdout
    assert asked.stdout.endswith("Nothing was changed.\n")
    assert said_in(url) == [SAID]

    nobody = types("forget U0BEN00001 --workspace T1")
    assert isinstance(nobody.exception, CommandRefusedError)
    assert str(nobody.exception) == "Nothing was changed: answer y, or say --yes."
    assert said_in(url) == [SAID]


@pytest.mark.parametrize("who", ["U0BEN00001", "<@U0BEN00001|ben>", "ben--carter"])
def test_by_id_mention_or_name_they_are_forgotten_in_one_workspace(url: str, who: str) -> None:
    arguments = ["forget", who.replace("--", " "), "--workspace", "T1", "--yes"]
    done = types(*arguments)

    assert done.exit_code == 0, done.output
    assert "U0BEN00001 is forgotten." in done.stdout
    assert "make a backup now" in done.stdout
    assert said_in(url) == []
    assert not is_known(url)
    assert said_in(url, "T2") == [SAID]
    again = types(*arguments)
    assert "nothing is kept of them under it" in str(again.exception)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("forget U0BEN00001", "There are several workspaces in this database: say which with --workspace."),
        ("forget U0BEN00001 --workspace T9", "There is no workspace T9 in this database."),
        ("forget Nobody --workspace T1", "Nobody known here has the id or the whole name “Nobody”"),
        ("forget-workspace T9", "Nothing is kept of T9. There is Team T1 (T1) or Team T2 (T2)."),
    ],
)
def test_who_is_meant_has_to_be_clear(url: str, arguments: str, sentence: str) -> None:
    refused = types(arguments)
    assert isinstance(refused.exception, CommandRefusedError)
    assert str(refused.exception).startswith(sentence)
    assert said_in(url) == [SAID]


def test_a_database_without_a_workspace_is_said_to_have_none() -> None:
    refused = types("forget-workspace T9")
    assert str(refused.exception) == "Nothing is kept of T9. There is no workspace in this database."


def test_of_two_who_are_called_alike_the_id_says_which(url: str) -> None:
    in_database(url, people.save_people, [Person("T1", "U0BEN00002", "Ben Carter")])
    refused = types("forget", "Ben Carter", "--workspace", "T1", "--yes")
    assert str(refused.exception) == (
        "2 people are called so. Say which by their id: U0BEN00001 or U0BEN00002."
    )


def test_no_file_holds_what_was_said_any_more(url: str) -> None:
    def remember_and_drop(session: Any) -> None:
        outbox.enqueue_post(session, "T1", MAYA.id, {"text": f"Ben Carter: {SAID}" * 50}, now=NOW)
        rows = Base.metadata.tables["outbox"]
        session.execute(rows.delete())

    in_database(url, remember_and_drop)
    if not url.startswith("sqlite"):
        assert types("forget U0BEN00001 --workspace T1 --yes").exit_code == 0
        return
    in_database(url, forget_workspace, "T2", NOW)
    folder = Path(url.removeprefix("sqlite:///"))
    assert is_written(folder, SAID)
    assert is_written(folder, BEN.name)

    assert types("forget U0BEN00001 --workspace T1 --yes").exit_code == 0

    assert not is_written(folder, SAID)
    assert not is_written(folder, BEN.name)
    assert not is_written(folder, BEN.id)


def is_written(path: Path, what: str) -> bool:
    return any(what.encode() in one.read_bytes() for one in path.parent.glob(f"{path.name}*"))


# Again after a restore


@pytest.fixture
def backup(url: str, tmp_path: Path) -> Path:
    back_up(url, tmp_path / "backup", lambda _done, _of: None)
    return tmp_path / "backup"


def test_who_was_forgotten_since_a_backup_is_forgotten_again_by_its_restore_and_nobody_told_twice(
    url: str, backup: Path
) -> None:
    in_database(url, forget_person, in_database(url, people.get_person, "T1", BEN.id), NOW)

    done = restore(url, backup, NOW + timedelta(hours=1))

    assert "Forgotten again, as they were since the backup: 1." in done.lines
    assert said_in(url) == []
    assert not is_known(url)
    assert said_in(url, "T2") == [SAID]
    waiting = in_database(url, lambda s: list(s.scalars(select(Base.metadata.tables["outbox"].c.target))))
    assert waiting == [BEN.id]  # Orchard's
    once_more = restore(url, backup, NOW + timedelta(hours=2))
    assert "Forgotten again, as they were since the backup: 1." in once_more.lines
    assert not is_known(url)


def test_who_came_back_before_the_backup_stays(url: str, tmp_path: Path) -> None:
    in_database(url, forget_person, in_database(url, people.get_person, "T1", BEN.id), NOW)
    in_database(url, people.save_people, [BEN])
    back_up(url, tmp_path / "backup", lambda _done, _of: None)

    done = restore(url, tmp_path / "backup", NOW + timedelta(hours=1))

    assert not [line for line in done.lines if "Forgotten" in line]
    assert is_known(url)


def test_a_workspace_forgotten_since_a_backup_is_forgotten_again(url: str, backup: Path) -> None:
    in_database(url, forget_workspace, "T1", NOW)

    restore(url, backup, NOW + timedelta(hours=1))

    assert in_database(url, rows_of, "T1") == {}
    assert said_in(url, "T2") == [SAID]


def rows_of(session: Any, workspace_id: str) -> dict[str, int]:
    """The tables with rows of a workspace, and how many."""
    counts = {
        rows.name: session.scalar(select(func.count()).where(rows.c.workspace_id == workspace_id))
        for rows in Base.metadata.sorted_tables
    }
    return {name: count for name, count in counts.items() if count}


def test_where_what_was_there_cannot_be_read_the_restore_says_so(url: str, backup: Path) -> None:
    if not url.startswith("sqlite"):
        return
    Path(url.removeprefix("sqlite:///")).write_bytes(b"SQLite format 3\0" + b"?" * 8_000)

    done = restore(url, backup, NOW)

    assert any("who was forgotten since the backup is not known" in line for line in done.lines)


# A workspace


@pytest.fixture
def installed(url: str) -> str:
    def install(session: Any) -> None:
        for id_ in ("T1", "T2"):
            scopes = ("chat:write",)
            one = Installation(id_, id_, id_, "A1", "B1", "U1", scopes, MAYA.id, f"xoxb-{id_}", NOW)
            installations.save_installation(session, Keys([new_key()]), one)

    in_database(url, install)
    return url


@pytest.mark.parametrize("is_removed", [False, True])
def test_everything_of_a_workspace_goes_tokens_too_and_others_are_left_alone(
    installed: str, is_removed: bool
) -> None:
    if is_removed:
        in_database(installed, installations.remove, "T1", NOW)
    before = in_database(installed, rows_of, "T2")
    assert "installations" in in_database(installed, rows_of, "T1")

    looked = types("forget-workspace T1 --dry-run")
    assert "Everything that is kept of Team T1 (T1) would go" in looked.stdout
    assert ("uninstall it in Slack first" in looked.stdout) != is_removed
    assert "installations" in in_database(installed, rows_of, "T1")

    done = types("forget-workspace T1 --yes")
    assert done.exit_code == 0, done.output
    assert "T1 is forgotten: " in done.stdout
    assert in_database(installed, rows_of, "T1") == {}
    assert in_database(installed, rows_of, "T2") == before


def test_of_an_organisation_its_workspaces_go_with_it(url: str) -> None:
    keys = Keys([new_key()])
    company = Installation("E1", "E1", "Company", "A1", "B1", "U1", (), MAYA.id, "xoxb-E1", NOW)
    in_database(url, installations.save_installation, keys, company)
    in_database(url, installations.serve_workspace, "T1", "E1", NOW)

    looked = types("forget-workspace E1 --dry-run")
    assert "Everything that is kept of E1 would go, and of the workspaces that it serves: T1" in looked.stdout
    assert types("forget-workspace E1 --yes").exit_code == 0
    assert in_database(url, rows_of, "T1") == in_database(url, rows_of, "E1") == {}
    assert said_in(url, "T2") == [SAID]


def test_what_cannot_be_overwritten_yet_is_said_to_be_forgotten_and_still_there(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_database(sqlite_url, fill, "T1")
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    with no_room():
        done = types("forget U0BEN00001 --yes")
    assert isinstance(done.exception, CommandRefusedError)
    said = str(done.exception)
    assert said.startswith(
        "U0BEN00001 is forgotten, but what was deleted can still be found in the database's files ("
    )
    assert "run `VACUUM` in it. Backups still hold it" in said
    assert said_in(sqlite_url) == []

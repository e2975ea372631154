"""`drumbeat export` and `drumbeat import`, as an operator who moves house uses them."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from sandbox import LocalSlack
from storage.database import Database
from storage.models import StrategyRow
from tests.e2e.test_command_line import bot_settings, drumbeat, set_up
from tests.support.bot_here import bot_here
from tests.support.bot_process import install
from tests.support.databases import SqliteFiles
from tests.support.team import local, team_of

FRIDAY = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
ZONE = "Europe/London"


@pytest.mark.parametrize("name", ["plan.json", "plan.zip"])
async def test_a_strategy_moves_to_another_database_and_its_rhythm_goes_on(
    database_url: str, sqlite_files: SqliteFiles, tmp_path: Path, name: str
) -> None:
    elsewhere = sqlite_files.new()
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        team = team_of(slack, install(slack), {"Ben": ZONE})
        await set_up(team, database_url)
        old = bot_settings(slack, team.app, database_url)
        new = bot_settings(slack, team.app, elsewhere)

        left = await drumbeat(f"export {name}", old, tmp_path)
        arrived = await drumbeat(f"import {name}", new, tmp_path)
        again = await drumbeat(f"import {name}", new, tmp_path)
        back = await drumbeat("export again.json", new, tmp_path)

        assert left[:2] == (0, f"Harbor Lights ({team.channel.id}): {name}\n")
        assert arrived[:2] == (0, "Harbor Lights is imported.\n")
        assert again[0] == 1
        assert "already has Harbor Lights for that channel" in again[2]
        assert back[0] == 0
        if name.endswith(".json"):
            before, after = tables(tmp_path / name), tables(tmp_path / "again.json")
            assert after["acts"].pop()["kind"] == "imported"
            assert after == before

        async with bot_here(slack, team.app, elsewhere):
            await team.until(local(ZONE, 2026, 11, 25, 12))
            assert len(team.prompts(team.owners["Ben"])) == 1
            assert len(team.digests()) == 1


async def test_a_name_moves_no_cursor_and_turns_no_line_round(
    sqlite_url: str, sqlite_files: SqliteFiles, tmp_path: Path
) -> None:
    hostile = "Harbor\x1b[2J \u202eLights\nok: 🌊"
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        team = team_of(slack, install(slack), {"Ben": ZONE})
        await set_up(team, sqlite_url)
        database = Database.open(sqlite_url, migrate=False)
        database.run(lambda session: session.execute(update(StrategyRow).values(name=hostile)))
        database.close()
        told = bot_settings(slack, team.app, sqlite_url)
        line = f"Harbor[2J Lights ok: 🌊 ({team.channel.id})"

        assert await drumbeat("export plan.json", told, tmp_path) == (0, f"{line}: plan.json\n", "")
        assert (await drumbeat("export plan.json --channel C404", told, tmp_path))[2] == (
            f"No strategy “C404”. There is {line}.\n"
        )
        ascii_only = told | {"PYTHONIOENCODING": "ascii"}
        assert (await drumbeat("export plan.json", ascii_only, tmp_path))[1] == (
            f"{line.replace('🌊', '?')}: plan.json\n"
        )
        new = bot_settings(slack, team.app, sqlite_files.new())
        arrived = await drumbeat("import plan.json", new, tmp_path)
        assert arrived == (0, "Harbor[2J Lights ok: 🌊 is imported.\n", "")
        await drumbeat("export again.json", new, tmp_path)
        again = tables(tmp_path / "again.json")
        assert again["acts"].pop()["kind"] == "imported"
        assert again == tables(tmp_path / "plan.json")


def tables(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["tables"]
    return found


async def test_refusals_are_sentences_and_exit_1(sqlite_url: str, tmp_path: Path) -> None:
    Database.open(sqlite_url, migrate=True).close()
    (tmp_path / "wrong.json").write_text("nothing", encoding="utf-8")
    (tmp_path / "deep.json").write_text("[" * 1_000 + "]" * 1_000, encoding="utf-8")
    (tmp_path / "tables.json").write_text(
        '{"format": "drumbeat-strategy", "version": 1, "workspace_id": "T1", "tables": {"workspaces": 7}}',
        encoding="utf-8",
    )
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        told = bot_settings(slack, install(slack), sqlite_url)
        for arguments, sentence in (
            ("export plan.json", "There is no strategy yet. Set one up in Slack with `/rhythm setup`."),
            ("import wrong.json", "wrong.json is neither a JSON nor a zip that `drumbeat export` made."),
            ("import deep.json", "deep.json is nested deeper than any export."),
            (
                "import tables.json",
                "The export's workspaces are not as docs/export-schema.json has them: tables.workspaces has to be an array.",
            ),
            ("import missing.json", "There is no file missing.json: is its name right?"),
        ):
            assert await drumbeat(arguments, told, tmp_path) == (1, "", f"{sentence}\n"), arguments

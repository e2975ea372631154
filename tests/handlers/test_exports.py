"""`/rhythm export`: a zip of CSVs and one JSON of the strategy as a file in a lead's DM."""

import csv
import io
import json
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.exports import ExportError, export_audit, export_to, import_document, read_file
from bot.strategies import WhichStrategyError
from domain.acts import Way
from sandbox.records import File
from storage import acts, strategies
from storage.database import Database
from tests.support.databases import SqliteFiles
from tests.support.office import Office

SCHEMA = json.loads(
    (Path(__file__).parent.parent.parent / "docs" / "export-schema.json").read_text(encoding="utf-8")
)


def files(office: Office) -> list[File]:
    return list(office.slack.workspace.files.values())


async def wanted(office: Office) -> zipfile.ZipFile:
    said = await office.asks(office.maya, "/rhythm", "export")
    assert said.startswith("I am sending everything I keep about Harbor Lights to your direct message")
    await office.slack.settled()
    (file,) = files(office)
    assert list(file.shares) == [office.maya.dm.id]
    assert file.content is not None
    return zipfile.ZipFile(io.BytesIO(file.content))


async def test_export_gives_a_lead_a_zip_of_csvs_and_one_json_as_a_file_in_their_dm(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    await office.add("=cmd() relaunch")
    archive = await wanted(office)

    assert files(office)[0].name == "harbor-lights-2026-11-20.zip"
    document: dict[str, Any] = json.loads(archive.read("strategy.json"))
    assert list(Draft202012Validator(SCHEMA).iter_errors(document)) == []
    assert {row["name"] for row in document["tables"]["people"]} >= {"Maya Okafor", "Ben Carter"}
    (row,) = csv.DictReader(io.StringIO(archive.read("initiatives.csv").decode("utf-8-sig")))
    assert row["name"] == "'=cmd() relaunch"
    assert row["owner_name"] == "Ben Carter"
    assert "strategy.json, which drumbeat import reads back" in office.maya.dm.messages[-1].drawn


async def test_only_leads_and_admins_export_and_a_refusal_says_who_can(harbor_lights: Office) -> None:
    office = harbor_lights
    gus = office.slack.person("Gus", guest="multi")
    guests = office.slack.channel("guests", members=[gus])
    for person in (office.ben, office.tom):
        said = await office.asks(person, "/rhythm", "export")
        assert said == "Only a lead of Harbor Lights can do this: Maya Okafor."
    refused = await gus.command("/rhythm", "export", channel=guests)
    assert refused.drawn.startswith("Only full members of this workspace can do this. Ask a lead")
    await office.slack.settled()
    assert files(office) == []

    await office.asks(office.ruth, "/rhythm", "export")
    await office.slack.settled()
    assert list(files(office)[0].shares) == [office.ruth.dm.id]


async def test_an_export_asked_for_once_comes_once_even_when_slack_stumbles(harbor_lights: Office) -> None:
    office = harbor_lights
    faults = office.slack.faults
    faults.add("files.getUploadURLExternal", "error_500", times=1)
    faults.add("files.completeUploadExternal", "drop_reply", times=1)
    await office.asks(office.maya, "/rhythm", "export")
    await office.slack.settled()

    assert len([file for file in files(office) if file.shares]) == 1
    assert sum("drumbeat import" in message.drawn for message in office.maya.dm.messages) == 1


async def test_where_the_app_may_not_send_files_the_lead_is_told(harbor_lights: Office) -> None:
    office = harbor_lights
    office.app.scopes -= {"files:write"}
    await office.asks(office.maya, "/rhythm", "export")
    await office.slack.settled()

    told = office.maya.dm.messages[-1].drawn
    assert told.startswith("Slack refused the file I had for you (missing_scope)")
    assert "new manifest" in told


@pytest.mark.parametrize("name", ["plan.json", "plan.zip"])
async def test_the_shell_writes_and_reads_the_same(
    harbor_lights: Office, sqlite_files: SqliteFiles, tmp_path: Path, name: str
) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    before = office.strategy
    told = export_to(office.bot.database, tmp_path / name, (), office.bot.clock.now())
    assert told == [f"Harbor Lights ({office.marketing.id}): {tmp_path / name}"]

    empty = Database.open(sqlite_files.new(), migrate=False)
    assert import_document(empty, read_file(tmp_path / name), office.bot.clock.now()) == "Harbor Lights"
    assert empty.run(strategies.get_strategy, before.workspace_id, before.id) == before
    with pytest.raises(ExportError, match="already has Harbor Lights"):
        import_document(empty, read_file(tmp_path / name), office.bot.clock.now())
    empty.close()


async def test_the_shell_writes_the_audit_log_as_a_table(
    harbor_lights: Office, sqlite_files: SqliteFiles, tmp_path: Path
) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await edits_the_why(office)
    database = office.bot.database
    with pytest.raises(ExportError, match=r"name the file .*log\.csv"):
        export_audit(database, tmp_path / "log.json")

    written = export_audit(database, tmp_path / "log.csv")
    rows = list(csv.DictReader((tmp_path / "log.csv").read_text("utf-8-sig").splitlines()))
    assert written == f"{len(rows)} acts: {tmp_path / 'log.csv'}"
    told = [(row["who"], row["way"], row["what"], row["thing"], row["to"]) for row in rows]
    assert told == [
        ("Maya Okafor", "form", "set up", "", ""),
        ("Maya Okafor", "form", "added", "Newsletter relaunch", "Newsletter relaunch"),
        ("Ben Carter", "button", "accepted", "Newsletter relaunch", "owner"),
        ("Maya Okafor", "form", "why", "", "Every child should swim."),
    ]
    assert rows[-1]["why"] == "Two drowned."
    assert {row["strategy"] for row in rows} == {"Harbor Lights"}
    assert [datetime.fromisoformat(row["at"]).utcoffset() for row in rows] == [timedelta()] * 4

    # A strategy's own export has its part, which is there again where it is imported, with that it was.
    export_to(database, tmp_path / "plan.zip", (), office.bot.clock.now())
    with zipfile.ZipFile(tmp_path / "plan.zip") as archive:
        assert len(archive.read("acts.csv").decode("utf-8-sig").splitlines()) == 1 + len(rows)
    fresh = Database.open(sqlite_files.new(), migrate=False)
    import_document(fresh, read_file(tmp_path / "plan.zip"), office.bot.clock.now())
    strategy = office.strategy
    found = fresh.run(acts.list_acts, strategy.workspace_id, strategy.id, 9)
    assert [(act.kind, act.way) for act in found[:2]] == [("imported", Way.OPERATOR), ("why", Way.FORM)]
    fresh.close()


async def edits_the_why(office: Office) -> None:
    await office.asks(office.maya, "/rhythm", "setup")
    await office.maya.fill({"Why": "Every child should swim.", "What made you change this?": "Two drowned."})
    assert await office.maya.submit() is None


async def test_the_shell_says_which_channels_there_are(harbor_lights: Office, tmp_path: Path) -> None:
    office = harbor_lights
    database, now = office.bot.database, office.bot.clock.now()
    with pytest.raises(
        WhichStrategyError, match=rf"No strategy “C404”. There is Harbor Lights \({office.marketing.id}\)"
    ):
        export_to(database, tmp_path / "plan.zip", ["C404"], now)
    for text in ("{}", "nothing", "[]"):
        (tmp_path / "wrong.json").write_text(text, encoding="utf-8")
        with pytest.raises(ExportError, match=r"neither a JSON nor a zip|not an export of Drumbeat"):
            import_document(database, read_file(tmp_path / "wrong.json"), now)
    with pytest.raises(ExportError, match="There is no file"):
        import_document(database, read_file(tmp_path / "missing.json"), now)

"""`/kpi import` and `drumbeat import-readings`: a file is looked into, then imported whole or not at all."""

from pathlib import Path

import pytest

from sandbox import Person
from tests.e2e.test_command_line import drumbeat
from tests.handlers.test_kpis import add, readings
from tests.support.bot_process import environment
from tests.support.office import Office

CONTENT = (
    b"kpi,date,value,note\nMonthly givers,2026-11-19,311,\nMonthly givers,2026-11-20,316,after the gala\n"
)


@pytest.fixture
async def watching(harbor_lights: Office) -> Office:
    """With one KPI, measured since 2 November."""
    await add(harbor_lights, {"Baseline measured on": "2026-11-02"})
    return harbor_lights


async def sends(office: Office, content: bytes, name: str = "readings.csv") -> str:
    """Maya sends a file; what she then reads in the direct message."""
    await office.maya.command("/kpi", "import", channel=office.marketing)
    await office.maya.fill({"File": {name: content}})
    form = await office.maya.submit()
    assert form is not None
    assert "I am reading the file" in form.drawn
    await office.slack.settled()
    await office.maya.close()
    return office.maya.dm.messages[-1].drawn


async def test_a_file_is_previewed_and_imported_on_the_click(watching: Office) -> None:
    preview = await sends(watching, CONTENT)
    assert "readings.csv for Harbor Lights: 2 readings to import" in preview
    assert "Monthly givers: 2 readings from 19 Nov 2026 (311) to 20 Nov 2026 (316)" in preview
    assert readings(watching) == []
    await watching.maya.click("Import 2 readings")
    await watching.slack.settled()
    assert watching.maya.dm.messages[-1].drawn == "readings.csv: 2 readings imported."
    assert watching.maya.dm.messages[-1].buttons == []
    kept = [(str(one.on), int(one.value), one.note, one.source, one.person_id) for one in readings(watching)]
    assert kept == [
        ("2026-11-19", 311, "", "csv", watching.maya.id),
        ("2026-11-20", 316, "after the gala", "csv", watching.maya.id),
    ]


async def test_leaving_it_imports_nothing(watching: Office) -> None:
    await sends(watching, CONTENT)
    await watching.maya.click("Leave it")
    await watching.slack.settled()
    assert watching.maya.dm.messages[-1].drawn == "Nothing was imported."
    assert readings(watching) == []


async def test_one_bad_line_and_nothing_is_imported(watching: Office) -> None:
    told = await sends(watching, CONTENT + b"Nobody,2026-11-19,5,\nMonthly givers,2026-11-19,=cmd(),\n")
    assert "readings.csv: nothing was imported." in told
    assert "Line 4: there is no KPI “Nobody”" in told
    assert "Line 5: “=cmd()” is a formula" in told
    assert watching.maya.dm.messages[-1].buttons == []
    assert readings(watching) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xd0\xcf\x11\xe0 old", "This workbook is of the old kind"),
        (CONTENT + "Müde,2026-11-19,5,".encode("latin-1"), "Line 4: this is not UTF-8"),
        (CONTENT + b"Monthly givers,2026-11-19,5,\n" * 9_998, "The file has more than 5,000 rows"),
        (CONTENT + b"Monthly givers,2026-11-20,5,\n", "is already on line 3"),
        (b"x" * 1_000_001, "is larger than 1,000,000 bytes"),
        (b" ", "must name the columns"),
    ],
    ids=["old workbook", "Latin-1", "10,000 rows", "duplicate dates", "too large", "empty"],
)
async def test_what_cannot_be_imported_is_said_in_a_sentence(
    watching: Office, content: bytes, sentence: str
) -> None:
    assert sentence in await sends(watching, content)
    assert readings(watching) == []


async def test_what_of_a_file_is_no_reading_is_left_out_and_said(watching: Office) -> None:
    content = "Givers <autumn>\nDate,Monthly givers,Visits\n19.11.2026,311,9\n20.11.2026,316,8\nTotal,,17\n"
    told = await sends(watching, content.encode("utf-8-sig"))
    assert "2 readings to import" in told
    assert "byte order mark" in told
    assert "Line 1 above the heading: left out." in told
    assert "No KPI is called “Visits”: left out." in told
    assert "Line 5 with totals: left out." in told


async def test_the_same_file_again_adds_nothing_and_corrections_are_counted(watching: Office) -> None:
    await sends(watching, CONTENT)
    await watching.maya.click("Import 2 readings")
    await watching.slack.settled()
    assert "all of it is there already" in await sends(watching, CONTENT)
    told = await sends(watching, CONTENT.replace(b"316", b"317"))
    assert "1 reading to import" in told
    assert "1 reading will stand in place of others of the same day" in told
    assert "1 reading there already, left out" in told


async def test_a_file_that_is_gone_is_said(watching: Office) -> None:
    await sends(watching, CONTENT)
    watching.slack.workspace.files.clear()
    await watching.maya.click("Import 2 readings")
    await watching.slack.settled()
    assert "Please upload it again" in watching.maya.dm.messages[-1].drawn
    assert readings(watching) == []


async def who_may_not(office: Office) -> list[Person]:
    guest = office.slack.person("Gus Guest", guest="multi")
    await office.maya.invites(guest, office.marketing)
    return [office.tom, office.ben, guest]


@pytest.mark.parametrize("text", ["import", "token"])
async def test_only_leads_import_and_make_tokens(watching: Office, text: str) -> None:
    for person in await who_may_not(watching):
        said = await watching.asks(person, "/kpi", text)
        assert "Maya Okafor" in said or "Ask a lead" in said
        assert person.form is None
    await watching.ruth.command("/kpi", text, channel=watching.marketing)
    assert watching.ruth.form is not None


async def test_readings_are_imported_from_the_shell(watching: Office, tmp_path: Path) -> None:
    office = watching
    file = tmp_path / "readings.csv"
    told = environment(office.slack, office.app, office.bot.settings.database_url)
    await add(office, {"Name": "Sign-ups", "Baseline measured on": "2020-01-06"})
    file.write_bytes(b"kpi,date,value\nSign-ups,2020-01-07,95\nSign-ups,2020-02-30,95\n")
    code, printed, errors = await drumbeat(f"import-readings {file} --yes", told, tmp_path)
    assert (code, printed) == (1, "")
    assert "Line 3: There is no such day as “2020-02-30”" in errors
    file.write_bytes(b"kpi,date,value\nSign-ups,2020-01-07,95\nSign-ups,2020-01-14,97\n")
    code, printed, errors = await drumbeat(f"import-readings {file}", told, tmp_path)
    assert (code, errors) == (1, "Nothing was changed: answer y, or say --yes.\n"), "there is nobody to ask"
    code, printed, errors = await drumbeat(f"import-readings {file} --yes", told, tmp_path)
    assert (code, errors) == (0, "")
    assert "Sign-ups: 2 readings from 7 Jan 2020 (95) to 14 Jan 2020 (97)" in printed
    assert "2 readings imported." in printed
    assert [int(one.value) for one in readings(office)] == [95, 97]


async def test_an_unusual_value_of_a_file_is_recorded_and_shown_to_its_owner_and_the_leads(
    watching: Office,
) -> None:
    await sends(watching, CONTENT.replace(b"316", b"3160"))
    await watching.maya.click("Import 2 readings")
    await watching.slack.settled()
    assert [int(one.value) for one in readings(watching)] == [311, 3160]
    for person in (watching.ben, watching.maya):
        shown = person.dm.messages[-1].drawn
        assert "recorded from a file, is unusual. Is it right?" in shown
        assert "Monthly givers 3,160 on 20 Nov 2026, was 311" in shown
    assert all("unusual" not in message.drawn for message in watching.tom.dm.messages)

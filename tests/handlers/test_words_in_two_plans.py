"""What somebody in two strategies writes, one case at a time: who is asked what, and what becomes of each word."""

import json
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.exports import export_to, import_document, read_file
from sandbox import Person
from storage import notes
from storage.database import Database
from tests.support.databases import SqliteFiles
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.records import kept_revisions, kept_words
from tests.support.team import in_thread
from tests.support.two_plans import FALCON, KITE, NEWSLETTER, OPEN, PRIVATE, PROMPTED, TwoPlans, told

DIGESTS = datetime(2026, 11, 25, 20, tzinfo=UTC)
NEXT_PROMPT = datetime(2026, 11, 30, 17, tzinfo=UTC)
IN_OPEN, IN_PRIVATE = f"{NEWSLETTER} ({OPEN})", f"{FALCON} ({PRIVATE})"


@pytest.fixture
async def asked(plans: TwoPlans) -> TwoPlans:
    """By both plans, on Monday."""
    await plans.begins_privately()
    await plans.until(PROMPTED)
    return plans


async def test_what_a_plan_that_has_not_asked_yet_is_told_is_nobodys_but_the_writers(plans: TwoPlans) -> None:
    await plans.until(PROMPTED)
    await plans.begins_privately()

    named = await plans.says(f"{FALCON}: off track, Maya is being replaced")
    assert f"Only you can read “{FALCON}: off track, Maya is being replaced”" in in_thread(named)
    assert named.thread[-1].buttons == []
    unnamed = await plans.says("off track, Maya is being replaced")
    assert unnamed.thread[-1].buttons == [NEWSLETTER]
    assert kept_revisions(plans.office.bot) == []
    said = await plans.says("on track here", thread=plans.prompt(OPEN))
    assert f"{NEWSLETTER} on track" in in_thread(plans.prompt(OPEN))
    assert said.text == "on track here"
    seen = await plans.seen_by_maya()
    assert "on track here" in seen
    assert "being replaced" not in seen


async def test_a_name_that_both_plans_have_is_asked_about_but_in_a_thread(plans: TwoPlans) -> None:
    await plans.begins_privately(NEWSLETTER)
    await plans.until(PROMPTED)
    there = f"{NEWSLETTER} ({PRIVATE})"

    said = await plans.says(f"{NEWSLETTER}: off track, magpie left")
    assert said.thread[-1].buttons == [IN_OPEN, there]
    await plans.clicks(there, said.thread[-1])
    assert f"Recorded: :red_circle: {there} off track" in in_thread(said)
    await plans.says(f"{NEWSLETTER}: on track, heron helps", thread=plans.prompt(OPEN))
    assert f"{IN_OPEN} on track" in in_thread(plans.prompt(OPEN))

    seen = await plans.seen_by_maya()
    assert ("heron" in seen, "magpie" in seen) == (True, False)


async def test_a_lead_of_one_who_owns_in_both_is_asked_about_what_others_own(asked: TwoPlans) -> None:
    zara = asked.private.maya
    await replace(asked.office, tom=zara).add("Sponsor day", f"@{zara.name}")
    await zara.command("/checkin")
    await zara.close()
    said = await zara.says(f"Sponsor day on track, heron helps. {FALCON} is off track, magpie left.")
    await asked.quiet()

    assert "heron helps" in " ".join(kept_words(asked.office.bot))
    assert said.thread != []
    seen = await asked.seen_by_maya()
    assert "magpie" not in seen


async def test_an_edit_after_the_week_closed_is_kept_for_its_writer_alone(asked: TwoPlans) -> None:
    said = await asked.says(f"{NEWSLETTER} on track, heron helps")
    await asked.until(NEXT_PROMPT)
    await asked.edits(said, f"{NEWSLETTER} on track, quail is replaced")
    await asked.edits(said, f"{NEWSLETTER} on track, quail was replaced")

    assert "That week is closed: your edit is kept" in in_thread(said)
    maya, own = await asked.seen_by_maya(), await asked.own_export()
    assert ("heron helps" in maya, "quail" in maya) == (True, False)
    assert all(words in own for words in ("heron helps", "quail is replaced", "quail was replaced"))


async def test_two_that_say_no_health_are_settled_one_after_the_other(asked: TwoPlans) -> None:
    said = await asked.says("Newsletter: heron wrote\nFalcon: magpie wrote")
    assert said.thread[-1].buttons == [IN_OPEN, IN_PRIVATE]
    for lead in (asked.seen_by_maya, asked.seen_by_zara):
        seen = await lead()
        assert ("heron wrote" in seen, "magpie wrote" in seen) == (False, False)

    await asked.clicks(IN_OPEN, said.thread[-1])
    await asked.ben.click("On track", message=said.thread[-1], near=IN_OPEN)
    await asked.quiet()
    assert f"Recorded: :large_green_circle: {IN_OPEN} on track" in in_thread(said)
    await asked.ben.click("At risk", message=said.thread[-1], near=IN_PRIVATE)
    await asked.quiet()
    assert f"Recorded: :large_yellow_circle: {IN_PRIVATE} at risk" in in_thread(said)
    maya, zara = await asked.seen_by_maya(), await asked.seen_by_zara()
    assert ("heron" in maya, "magpie" in maya, "heron" in zara, "magpie" in zara) == (
        True,
        False,
        False,
        True,
    )


async def test_an_edit_takes_back_from_the_digest_what_it_says_no_more(asked: TwoPlans) -> None:
    said = await asked.says(f"{NEWSLETTER}: off track, heron left")
    await asked.until(DIGESTS)
    assert "heron left" in "".join(m.drawn for m in told(asked.office.marketing))
    await asked.edits(said, f"{FALCON}: off track, magpie left")

    assert f"Taken back for {IN_OPEN}: it has no answer now." in in_thread(said)
    digest = "\n".join(m.drawn for m in told(asked.office.marketing))
    assert "heron left" not in digest
    assert f"{NEWSLETTER} is not answered (was off track)" in digest
    assert "magpie left" in "".join(m.drawn for m in told(asked.private.marketing))


async def test_a_click_stands_when_the_words_move_on(asked: TwoPlans) -> None:
    said = await asked.says("Newsletter: heron wrote")
    await asked.ben.click("At risk", message=said.thread[-1])
    await asked.quiet()
    await asked.edits(said, "Falcon on track, magpie wrote")

    assert f"Taken back for {IN_OPEN}: :large_yellow_circle: at risk stands." in in_thread(said)
    prompt = asked.prompt(OPEN).drawn
    assert "at risk" in prompt
    assert "heron" not in prompt


async def test_a_message_of_both_is_quoted_to_no_decider_and_one_of_one_to_its_own(asked: TwoPlans) -> None:
    both = await asked.says("Newsletter on track, heron wrote.\nFalcon at risk, magpie.")
    await asked.ben.shortcut("Request a decision", both)
    assert asked.ben.form is not None
    assert asked.ben.form.values["What should they know to decide?"] in (None, "")
    assert "may speak of several strategies" in str(asked.ben.form.blocks)
    await asked.ben.close()

    one = await asked.says("Falcon at risk, magpie again.")
    for message, about in ((one, "magpie again"), (asked.prompt(PRIVATE), FALCON)):
        await asked.ben.shortcut("Request a decision", message)
        assert about in asked.ben.form.values["What should they know to decide?"]
        with pytest.raises(LookupError):
            await asked.ben.fill({"About": NEWSLETTER})
        await asked.ben.close()


async def test_an_export_read_back_brings_a_strategys_words_and_nobody_elses(
    asked: TwoPlans, sqlite_files: SqliteFiles, tmp_path: Path
) -> None:
    whole = await asked.says("Newsletter on track, heron helps")
    both = await asked.says("Newsletter at risk, heron went.\nFalcon at risk, magpie went.")
    office = asked.office
    export_to(office.bot.database, tmp_path / "plan.zip", [office.marketing.id], office.bot.clock.now())
    fresh = Database.open(sqlite_files.new(), migrate=False)
    assert import_document(fresh, read_file(tmp_path / "plan.zip"), office.bot.clock.now()) == OPEN

    where = (office.slack.workspace.id, asked.ben.dm.id)
    found = fresh.run(notes.find_note, *where, whole.ts)
    assert found is not None
    assert (found.text, found.strategy_id) == ("Newsletter on track, heron helps", office.strategy.id)
    assert fresh.run(notes.find_note, *where, both.ts) is None
    with zipfile.ZipFile(tmp_path / "plan.zip") as archive:
        tables = json.loads(archive.read("strategy.json"))["tables"]
    assert [part["text"] for part in tables["note_parts"]] == [
        "Newsletter on track, heron helps",
        "Newsletter at risk, heron went.",
    ]
    fresh.close()


async def test_everybody_gets_their_own_words_and_nobody_elses(asked: TwoPlans) -> None:
    reply = await asked.office.tom.command("/rhythm", "export mine", channel=asked.office.marketing)
    assert reply.drawn == "You have written nothing to me yet, so there is nothing of yours to send."
    reply = await asked.ben.command("/rhythm", "export all")
    assert "`/rhythm export mine` for what you wrote to me" in reply.text
    await asked.office.tom.says("=cmd() and then I leave")
    said = await asked.says("Newsletter on track, heron helps.\nFalcon at risk, magpie left.")
    await asked.edits(said, "Newsletter on track, heron helps.\nFalcon at risk.")

    own = await asked.own_export()
    assert own.splitlines()[0] == "written_at,version,words,recorded"
    assert "I leave" not in own
    assert f"{NEWSLETTER}, {OPEN}: Newsletter on track, heron helps." in own
    assert f"{FALCON}, {PRIVATE}: Falcon at risk, magpie left." in own
    assert f"{FALCON}, {PRIVATE}: Falcon at risk." in own


async def test_what_forms_and_commands_of_the_private_plan_hold_stays_there(asked: TwoPlans) -> None:
    """Ask, form of a check-in, KPI, reason of a change, kickoff, retrospective: by Ben and Zara."""
    ben, zara, channel = asked.ben, asked.private.maya, asked.private.marketing

    async def sends(person: Person, fields: Mapping[str, str]) -> None:
        await person.fill(fields)
        form = await person.submit()
        assert form is None, form.errors
        await asked.quiet()

    await ben.click("Update…", message=asked.prompt(PRIVATE))
    ask = {
        "Need something from someone?": "magpie asks",
        "From whom?": f"@{zara.name}",
        "By when?": "2026-11-27",
    }
    said = {
        "What moved?": "magpie moved",
        "What is next?": "magpie next",
        "What is in the way?": "magpie blocks",
    }
    await sends(ben, {"How is it going?": "At risk", **said, **ask, "Otherwise": "magpie waits"})
    await zara.command("/kpi", "add", channel=channel)
    await sends(zara, {**KPI_FIELDS, "What will we do if it falls short?": "magpie calls"})
    await zara.command("/kpi", "update Monthly givers 316 magpie gala", channel=channel)
    await zara.command("/rhythm", "setup", channel=channel)
    await sends(zara, {"Why": "magpie why", "What made you change this?": "magpie reasons"})
    await asked.private.add("Magpie two", f"@{zara.name}")
    await zara.command("/initiative", f"close {FALCON}", channel=channel)
    await sends(zara, {"How does it end?": "Stopped: we end it here"})
    await ben.click("Look back…")
    await sends(
        ben, {"What was expected?": "magpie", "What happened?": "magpie", "What to keep?": "- magpie keeps"}
    )
    await asked.until(DIGESTS)

    assert "magpie" not in (await asked.seen_by_maya()).lower()
    seen = await asked.seen_by_zara(KITE)
    for words in ("asks", "moved", "next", "blocks", "waits", "calls", "gala", "why", "reasons", "keeps"):
        assert f"magpie {words}" in seen

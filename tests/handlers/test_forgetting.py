"""Somebody is forgotten while the bot runs: their name and words go, in Slack too, and the rhythm goes on without them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from domain.people import is_stand_in
from services.forgetting import Left, forget_person
from storage import exports, people
from storage.models import Base
from tests.support.office import STRATEGY_FIELDS, Office
from tests.support.setting_up import set_up

MONDAY = datetime(2026, 11, 23, 17, 1, tzinfo=UTC)
"""09:01 for Ben, in Los Angeles."""
DIGEST = datetime(2026, 11, 25, 12, tzinfo=UTC)
NEXT_DIGEST = datetime(2026, 12, 2, 12, tzinfo=UTC)
SAID = "At risk, blocked by the quokkas at the printer"
ASK = {
    "About": "Newsletter relaunch",
    "What do you ask for?": "Quokka-proof paper?",
    "Who decides?": "@Tom Lindqvist",
    "By when?": "2026-12-03",
    "What happens if nobody decides?": "Quokkas win",
}


@pytest.fixture
async def said(harbor_lights: Office) -> Office:
    """Ben owns Newsletter relaunch, answered in words and asked Tom; the digest told of it."""
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.slack.clock.advance(to=MONDAY)
    await office.ben.says(SAID, to=office.ben.dm)
    await office.slack.settled()
    message = await office.ben.says("The quokkas again", to=office.marketing)
    await office.ben.shortcut("Request a decision", message=message)
    await office.ben.fill(ASK)
    assert await office.ben.submit() is None
    await office.slack.clock.advance(to=DIGEST)
    assert "the quokkas at the printer" in digest(office)
    return office


def digest(office: Office) -> str:
    """All that the bot says in #marketing."""
    said = [one for one in office.marketing.messages if one.user == office.app.bot_user_id]
    return "\n".join(one.drawn for one in said)


async def forgets(office: Office, person_id: str) -> Left:
    known = office.reads(people.get_person, office.slack.workspace.id, person_id)
    left = office.reads(forget_person, known, office.slack.clock.now)
    await office.slack.settled()
    return left


def everything(office: Office) -> str:
    def read(session: Any) -> str:
        return "\n".join(
            str(row) for rows in Base.metadata.sorted_tables for row in session.execute(select(rows))
        )

    return office.reads(read)


async def test_name_and_words_go_and_the_leads_hear_what_needs_an_owner(said: Office) -> None:
    office = said
    left = await forgets(office, office.ben.id)

    kept = everything(office).lower()
    for trace in ("quokka", "ben carter", office.ben.id.lower(), office.ben.dm.id.lower()):
        assert trace not in kept, trace
    assert left.rows["notes"] == 1
    assert left.rows["decisions"] == 1
    assert left.strategies == 1
    heard = office.maya.dm.messages[-1].drawn
    assert heard.startswith(
        "Somebody, whose name and words were removed, has left and owns Newsletter relaunch in Harbor Lights. Nobody is "
        "asked about it until it has a new owner"
    )
    withdrawn = [one.drawn for one in office.tom.dm.messages if "Newsletter relaunch" in one.drawn]
    assert any("withdrawn" in one for one in withdrawn)
    assert not any("quokka" in one.lower() for one in withdrawn)
    assert "quokka" not in digest(office).lower()
    assert "Ben" not in digest(office)
    assert "someone who left" in digest(office)


async def test_everything_is_read_as_before_and_the_rhythm_goes_on(said: Office) -> None:
    office = said
    await forgets(office, office.ben.id)

    await office.slack.clock.advance(to=NEXT_DIGEST)
    told = [
        await office.asks(office.maya, "/rhythm", "status"),
        await office.asks(office.maya, "/rhythm", "status history"),
        await office.asks(office.maya, "/rhythm", "decisions past"),
        await office.asks(office.maya, "/rhythm", "review preview"),
        await office.asks(office.maya, "/initiative", "show newsletter"),
        digest(office),
    ]
    assert "needs an owner (its owner has left)" in told[0]
    assert "Newsletter relaunch needs an owner: its owner has left. Choose one with" in told[0]
    assert not [one for one in told if "quokka" in one.lower() or "Ben" in one or "ULEFT" in one]
    assert "(no longer kept)" in told[2]
    tables = office.reads(exports.read_tables, office.slack.workspace.id, office.strategy.id)
    theirs = [row for row in tables["closed_weeks"] if is_stand_in(row["person_id"])]
    [closed] = [row for row in theirs if row["period"] == "2026-W48"]
    assert closed["facts"]["initiatives"][0]["health"] == "at_risk"
    await office.maya.command("/initiative", "edit newsletter", channel=office.marketing)
    await office.maya.fill({"Owner": "@Tom Lindqvist"})
    assert await office.maya.submit() is None
    await office.slack.settled()
    assert "Will you" in office.tom.dm.messages[-1].drawn


async def test_who_was_forgotten_is_not_known_again_by_a_change_of_profile_and_a_new_person_when_they_write(
    said: Office,
) -> None:
    office = said
    await forgets(office, office.ben.id)

    await office.slack.change(office.ben, real_name="Benjamin Carter")
    await office.slack.settled()
    assert office.reads(people.find_person, office.slack.workspace.id, office.ben.id) is None

    await office.ben.says("Hello again", to=office.ben.dm)
    await office.slack.settled()
    assert office.reads(people.get_person, office.slack.workspace.id, office.ben.id).name == "Benjamin Carter"
    assert "Harbor Lights" not in office.ben.dm.messages[-1].drawn


async def test_when_the_only_lead_is_forgotten_an_admin_and_the_channel_are_asked_for_another(
    said: Office,
) -> None:
    office = said
    await forgets(office, office.maya.id)

    missing = "somebody, whose name and words were removed, has left"
    assert f"Harbor Lights has no lead any more: {missing}." in office.ruth.dm.messages[-1].drawn
    assert f"Harbor Lights needs another lead: {missing}." in digest(office)
    await office.ruth.command("/rhythm", "setup", channel=office.marketing)
    await office.ruth.fill({"Leads": ["@Ruth Adler"]})
    assert await office.ruth.submit() is None
    await office.slack.settled()
    assert office.strategy.leads == (office.ruth.id,)


async def test_a_strategy_that_they_had_nothing_to_do_with_is_not_drawn_anew(said: Office) -> None:
    office = said
    board = office.slack.channel("board", members=[office.ruth])
    await set_up(office.ruth, board, {**STRATEGY_FIELDS, "Name": "Board"})
    await office.ruth.command("/rhythm", "digest", channel=board)
    await office.slack.settled()
    before = len(office.slack.calls)

    await forgets(office, office.ben.id)

    edited = {call.args["channel"] for call in office.slack.calls[before:] if call.method == "chat.update"}
    assert office.marketing.id in edited
    assert board.id not in edited

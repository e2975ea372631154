"""Text as Slack sends it: escaped, with mentions, from any keyboard, in blocks or attachments, or none at all."""

from datetime import UTC, datetime
from typing import Any

import pytest

from storage import notes
from tests.handlers.test_kpis import add as add_kpi
from tests.handlers.test_kpis import readings
from tests.support.office import Office
from views.notes import NO_WORDS, TEXT_ONLY

WORDLESS = NO_WORDS.replace("`", "")

MONDAY = datetime(2026, 11, 23, 17, tzinfo=UTC)
"""09:00 in Los Angeles, where Ben is."""
NAME = "Parents’ Q&A <evening> – spring"


@pytest.fixture
async def office(harbor_lights: Office) -> Office:
    await harbor_lights.add(NAME)
    return harbor_lights


@pytest.mark.parametrize(
    "text",
    [
        NAME,
        "parents' q&a <evening> - spring",
        "Parentsʼ Q＆A",
        "PARENTS‘\u00a0Q&A\u202f<EVENING>",
    ],
)
async def test_a_name_is_found_from_any_keyboard_and_shown_as_it_is_kept(office: Office, text: str) -> None:
    for typed in (f"show {text}", f"ｓｈｏｗ\u202f{text}", f"SHOW\n{text}"):
        assert NAME in await office.asks(office.maya, "/initiative", typed)
    await office.maya.command("/initiative", f"edit {text}", channel=office.marketing)
    assert office.maya.form is not None
    assert office.maya.form.values["Name"] == NAME


async def test_what_was_not_found_is_repeated_as_it_was_typed(office: Office) -> None:
    shown = await office.asks(office.maya, "/initiative", "show R&D <3 &amp;")
    assert "There is no initiative “R&D <3 &amp;”" in shown
    assert "I do not know /initiative <b>&c." in await office.asks(office.maya, "/initiative", "<b>&c")


async def test_a_choice_runs_the_command_again_for_the_very_name(office: Office) -> None:
    await office.add("Parents’ Q&A <morning>")
    assert "fits more than one" in await office.asks(office.maya, "/initiative", "show parents' q&a")
    await office.maya.click(NAME)
    await office.slack.settled()
    assert NAME in office.maya.notices[-1].drawn


async def test_a_milestone_of_such_a_name_is_read_with_its_person(office: Office) -> None:
    line = "milestone parents' q&a <evening> - spring: Invite R&D @Tom Lindqvist 15 Jan"
    await office.maya.command("/initiative", line, channel=office.marketing)
    form = office.maya.form
    assert form is not None
    assert "Invite R&D" in form.values.values()


async def test_the_note_of_a_reading_names_whom_it_mentions_and_is_unescaped_once(office: Office) -> None:
    await add_kpi(office, {"Name": "R&D – gifts"})
    said = await office.asks(
        office.maya, "/kpi", f"update r&d - gifts 95 with @{office.tom.name} & <co> &amp;"
    )
    assert "95" in said
    assert [one.note for one in readings(office)] == ["with @Tom Lindqvist & <co> &amp;"]


async def tells(office: Office, message: dict[str, Any]) -> str:
    """What Ben reads under a message of his that has only what Slack's event says."""
    said = await office.ben.says("…")
    await office.slack.settled()
    event = {
        "type": "message",
        "channel": office.ben.dm.id,
        "channel_type": "im",
        "user": office.ben.id,
        "text": "",
        "ts": f"{said.ts[:-6]}9{said.ts[-5:]}",
        "thread_ts": said.ts,
        **message,
    }
    before = len(said.thread)
    await office.slack.outgoing.event(office.app, office.slack.workspace, event)
    await office.slack.settled()
    return "\n".join(one.drawn for one in said.thread[before:])


def kept(office: Office) -> str:
    return office.reads(notes.list_notes_of, office.slack.workspace.id, office.ben.id)[-1].text


async def test_the_words_of_a_message_without_text_are_read_and_those_passed_on_are_not_his(
    office: Office,
) -> None:
    await office.slack.clock.advance(to=MONDAY)
    passed_on = {"is_share": True, "from_url": "https://lights.slack.com/p1", "text": "on track, said Tom"}
    assert "How is it going?" in await tells(office, {"attachments": [passed_on]})
    assert kept(office) == "> on track, said Tom"
    pieces = [{"type": "text", "text": "at risk, waiting for "}, {"type": "user", "user_id": office.tom.id}]
    blocks = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": pieces}]}]
    assert "at risk" in await tells(office, {"blocks": blocks})
    assert kept(office) == "at risk, waiting for @Tom Lindqvist"


async def test_a_picture_alone_is_answered_kindly_and_a_plan_is_not_called_wordless(office: Office) -> None:
    message = await office.ben.uploads("pool.png", b"\x89PNG", text="")
    await office.slack.settled()
    (reply,) = message.thread
    assert WORDLESS in reply.drawn
    assert TEXT_ONLY in reply.drawn
    message = await office.ben.uploads("plan.csv", b"Initiative,Owner\n", text="")
    await office.slack.settled()
    (reply,) = message.thread
    assert WORDLESS not in reply.drawn
    image = {"type": "image", "image_url": "https://x.org/a.png", "alt_text": "a cat"}
    assert WORDLESS in await tells(office, {"blocks": [image]})


async def test_the_shortcut_reads_what_an_app_has_put_into_blocks(office: Office) -> None:
    message = await office.tom.says("x", to=office.marketing)
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "Deploy of R&amp;D failed"}}]
    message.raw.update(text="", blocks=blocks)
    await office.maya.shortcut("Request a decision", message)
    assert office.maya.form is not None
    assert "Deploy of R&D failed" in office.maya.form.values.values()

"""Characters that no database keeps, at every door: a form and a command say where one stands, words are kept with � for it."""

import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.routes import all_routes
from domain.reading.characters import storable, why_not_storable
from storage.models import KpiRow, NoteRow, StrategyRow
from tests.support.fault_words import acting, references
from tests.support.office import Office
from tests.support.raw_http import Slackbot
from tests.support.team import in_thread
from views.notes import MENDED

STRANGE = "on track \0 and half \ud83d of it \U0001f600"
KEPT = "on track \ufffd and half \ufffd of it \U0001f600"


def notes_of(session: Session) -> list[str]:
    return list(session.scalars(select(NoteRow.text).order_by(NoteRow.ts, NoteRow.version)))


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("Harbor \0Lights", "after “Harbor”"),
        ("\ud800Harbor", "at the beginning"),
        (f"{'word ' * 30}\0", "after “word word word word”"),
        ("two\nlines \0 of it", "after “two lines”"),
    ],
)
def test_it_is_said_where_such_a_character_stands(text: str, where: str) -> None:
    sentence = f"There is a character {where} that nobody can see and I cannot keep."
    assert (why_not_storable(text) or "").startswith(sentence)


@pytest.mark.parametrize(
    "text", ["", "Harbor Lights", "a\tb\nc\x07\x1b\x7f\x9b", "\U0001f600", "�", "\ufeff\u2028"]
)
def test_what_a_database_keeps_is_kept_as_it_is_typed(text: str) -> None:
    assert why_not_storable(text) is None
    assert storable(text) == text


async def test_a_message_is_kept_with_a_mark_in_their_place_and_its_writer_is_told(
    either: Office, log: list[Any]
) -> None:
    message = await either.ben.says(STRANGE)
    await either.slack.settled()
    assert MENDED in in_thread(message)
    await either.ben.edits(message, "at risk")
    await either.slack.settled()
    assert MENDED not in in_thread(message)
    await either.ben.edits(message, "at risk \0")
    await either.slack.settled()
    assert either.reads(notes_of) == [KEPT, "at risk", "at risk \ufffd"]
    assert MENDED in in_thread(message)
    assert references(log) == []


async def test_a_message_without_any_is_told_of_none(office: Office) -> None:
    message = await office.ben.says("on track, as � as ever")
    await office.slack.settled()
    assert len(message.thread) == 1
    assert MENDED not in in_thread(message)


async def test_every_command_says_where_one_stands_and_does_nothing(office: Office, log: list[Any]) -> None:
    commands = [(name, one.name) for name, several in all_routes().commands.items() for one in several]
    assert len(commands) >= 30
    async with Slackbot(office.app) as slackbot:
        for command, word in commands:
            answer = await slackbot.command(
                {
                    "command": command,
                    "text": f"{word or '@ben'} Harbor \0Lights",
                    "team_id": office.slack.workspace.id,
                    "channel_id": office.marketing.id,
                    "user_id": office.maya.id,
                    "trigger_id": "1.2.3",
                }
            )
            said = answer.body.decode()
            assert said.startswith("There is a character after “"), (command, word)
            assert said.endswith("Nothing was done.")
    assert references(log) == []


async def test_every_form_says_it_at_its_field_and_keeps_what_was_typed(
    office: Office, log: list[Any]
) -> None:
    state = {
        "name": {"value": {"type": "plain_text_input", "value": "Harbor \0Lights"}},
        "why": {"value": {"type": "plain_text_input", "value": "\ud83d"}},
        "owner": {"value": {"type": "users_select", "selected_user": office.ben.id}},
        "fine": {"value": {"type": "plain_text_input", "value": "as ever"}},
    }
    forms = list(all_routes().submissions)
    assert len(forms) > 30
    async with Slackbot(office.app) as slackbot:
        for number, form in enumerate(forms):
            view = {
                "id": f"V{number}",
                "type": "modal",
                "callback_id": form,
                "hash": "1",
                "state": {"values": state},
            }
            answer = await slackbot.interaction(acting(office, office.maya, "view_submission", view=view))
            shown = json.loads(answer.body)
            assert (shown["response_action"], sorted(shown["errors"])) == ("errors", ["name", "why"]), form
            assert shown["errors"]["name"].startswith("There is a character after “Harbor” that")
    kept = office.reads(
        lambda session: [*session.scalars(select(StrategyRow.name)), *session.scalars(select(KpiRow.name))]
    )
    assert kept == []
    assert references(log) == []

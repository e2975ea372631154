"""What goes wrong is in the log with a reference, and whoever waits reads a true sentence with the same reference."""

import json
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select

from bot.admission import Admission
from bot.directory import Directory
from bot.incoming import Incoming
from bot.parts import Parts
from bot.routes import all_routes
from bot.slack_edge import Edge, build_bolt
from handlers.requests import Deps, Event, Reply, Routes
from tests.hostile.test_characters import notes_of
from tests.support.fault_words import acting, message_event, references, told, truth
from tests.support.office import Office
from tests.support.raw_http import Slackbot

# Ids that nobody answers to


async def test_a_form_of_an_unknown_id_keeps_what_was_typed(
    office: Office, slackbot: Slackbot, log: list[Any]
) -> None:
    state = {"values": {"name": {"value": {"type": "plain_text_input", "value": "words"}}}}
    view = {"id": "V1", "type": "modal", "callback_id": "gone.by", "hash": "1", "state": state}
    answer = await slackbot.interaction(acting(office, office.ben, "view_submission", view=view))
    shown = json.loads(answer.body)
    assert (answer.status, shown["response_action"], list(shown["errors"])) == (200, "errors", ["name"])
    assert truth(shown["errors"]["name"], log).startswith("I do not know this form any more")


async def test_a_form_without_fields_shows_the_sentence_in_its_place(
    office: Office, slackbot: Slackbot, log: list[Any]
) -> None:
    view = {"id": "V1", "type": "modal", "callback_id": "gone.by", "hash": "1", "state": {"values": {}}}
    answer = await slackbot.interaction(acting(office, office.ben, "view_submission", view=view))
    shown = json.loads(answer.body)
    assert shown["response_action"] == "update"
    assert truth(shown["view"]["blocks"][0]["text"]["text"], log).startswith("I do not know this form")


async def test_a_button_of_an_unknown_id_is_answered_where_it_stands(
    office: Office, slackbot: Slackbot, log: list[Any]
) -> None:
    action = {"type": "button", "action_id": "gone.by", "block_id": "b", "value": "1"}
    where = {"id": office.marketing.id, "name": "marketing"}
    clicked = acting(office, office.ben, "block_actions", actions=[action], channel=where)
    answer = await slackbot.interaction(clicked)
    assert (answer.status, answer.body) == (200, b"")
    await office.bot.background.idle()
    assert truth(office.ben.notices[-1].text, log).startswith("I do not know this button any more")


async def test_a_shortcut_of_an_unknown_id_is_answered_in_the_direct_message(
    office: Office, slackbot: Slackbot, log: list[Any]
) -> None:
    answer = await slackbot.interaction(acting(office, office.ben, "shortcut", callback_id="gone.by"))
    assert answer.status == 200
    assert truth(await told(office, office.ben), log).startswith("I do not know this shortcut any more")


async def test_options_that_nobody_offers_are_none(
    office: Office, slackbot: Slackbot, log: list[Any]
) -> None:
    asked = acting(office, office.ben, "block_suggestion", action_id="gone.by", block_id="b", value="wor")
    answer = await slackbot.interaction(asked)
    assert (answer.status, json.loads(answer.body)) == (200, {"options": []})
    assert len(references(log)) == 1


async def test_a_payload_of_an_unknown_type_is_acknowledged_and_logged(
    office: Office, slackbot: Slackbot, log: list[Any]
) -> None:
    answer = await slackbot.interaction(acting(office, office.ben, "our words of a new kind"))
    assert answer.status == 200
    [entry] = log
    assert (entry["event"], entry["what"]) == ("fault", "unknown")


@pytest.mark.parametrize("missing", ["user", "team", "actions", "trigger_id"])
async def test_a_click_that_lacks_something_is_acknowledged_and_logged(
    office: Office, slackbot: Slackbot, log: list[Any], missing: str
) -> None:
    action = {"type": "button", "action_id": "check_in.on_track", "block_id": "b", "value": "x"}
    clicked = acting(office, office.ben, "block_actions", actions=[action])
    del clicked[missing]
    if missing == "team":
        del clicked["user"]["team_id"]
    assert (await slackbot.interaction(clicked)).status == 200
    assert len(references(log)) == 1
    if missing != "user":
        truth(await told(office, office.ben), log)


@pytest.mark.parametrize(
    "event",
    [
        5,
        None,
        {},
        {"type": "message"},
        {"type": "reaction_added"},
        {"type": "user_change", "user": 3},
        {"type": ["message"]},
    ],
)
async def test_an_event_of_unknown_shape_is_acknowledged_and_logged(
    office: Office, slackbot: Slackbot, log: list[Any], event: Any
) -> None:
    body = {"type": "event_callback", "team_id": office.slack.workspace.id, "event_id": "Ev1", "event": event}
    answer = await slackbot.event(body)
    assert answer.status == 200
    if event != {"type": "message"}:  # a message in no direct message: none of ours
        assert len(references(log)) == 1


async def test_words_where_an_id_should_stand_are_not_sent_to_slack(
    office: Office, slackbot: Slackbot, log: list[Any]
) -> None:
    calls = len(office.slack.calls)
    for event in (
        {"type": "app_home_opened", "user": "words of mine", "tab": "home", "channel": office.ben.dm.id},
        {"type": "app_home_opened", "user": ["words of mine"], "tab": "home", "channel": office.ben.dm.id},
    ):
        body = {"type": "event_callback", "team_id": office.slack.workspace.id, "event_id": "Ev1"}
        assert (await slackbot.event({**body, "event": event})).status == 200
    assert office.slack.calls[calls:] == []
    assert len(references(log)) == 2
    assert "words" not in json.dumps(log)


# Faults of ours


async def failing(deps: Deps, event: Any) -> Reply | None:
    raise LookupError(event.body["text"] if isinstance(event, Event) else "words")


async def test_words_whose_reading_fails_are_kept_and_their_writer_is_told(
    office: Office, log: list[Any]
) -> None:
    incoming = _with(office.bot, replace(all_routes(), events={"message": failing}))
    event = message_event(office, office.ben, "off track, words of mine")
    for _ in range(2):
        assert (await incoming.take(event, {})).status == 200
    assert office.reads(notes_of) == ["off track, words of mine"]
    assert truth(await told(office, office.ben), log).startswith("I kept your words")
    assert "words of mine" not in json.dumps(log)


async def test_an_edit_whose_reading_fails_is_kept_as_a_version(office: Office, log: list[Any]) -> None:
    async with Slackbot(office.app) as slackbot:
        await slackbot.event(message_event(office, office.ben, "hello"))
    incoming = _with(office.bot, replace(all_routes(), events={"message": failing}))
    said = message_event(office, office.ben, "")["event"]
    edit = message_event(office, office.ben, "", "1780000000.000200")
    edit["event"] |= {"subtype": "message_changed", "message": {**said, "text": "hello again"}}
    assert (await incoming.take(edit, {})).status == 200
    assert office.reads(notes_of) == ["hello", "hello again"]
    assert truth(await told(office, office.ben), log).startswith("I kept your words")


async def test_a_fault_after_something_took_effect_never_says_that_nothing_was_changed(
    office: Office, log: list[Any]
) -> None:
    async def half_done(deps: Deps, _request: Any) -> Reply | None:
        await deps.transact(lambda session: session.execute(select(1)).all())
        raise LookupError("words of mine")

    shortcuts = {"whole": failing, "half": half_done}
    incoming = _with(office.bot, replace(all_routes(), shortcuts=shortcuts))
    for which, expected in (
        ("half", "I cannot say how much of it is recorded"),
        ("whole", "nothing was changed"),
    ):
        await incoming.take(acting(office, office.ben, "shortcut", callback_id=which), {})
        assert expected in truth(await told(office, office.ben), log)
    assert "words of mine" not in json.dumps(log)


async def test_work_after_the_answer_that_fails_is_told_too(office: Office, log: list[Any]) -> None:
    async def later(_deps: Deps, _request: Any) -> Reply | None:
        return Reply(after=failing)

    incoming = _with(office.bot, replace(all_routes(), clicks={"go": later}))
    action = {"type": "button", "action_id": "go", "block_id": "b", "value": "1"}
    await incoming.take(acting(office, office.ben, "block_actions", actions=[action]), {})
    assert truth(await told(office, office.ben), log).endswith("nothing was changed. Please try again.")


def _with(bot: Parts, routes: Routes) -> Incoming:
    """A door with other handlers behind it."""

    async def client_of(_workspace_id: str | None) -> AsyncWebClient:
        return bot.client

    bolt = build_bolt(bot.client, Admission(bot.installations))
    incoming = Incoming(bolt, client_of, bot.background)
    directory = Directory(client_of, bot.transact)
    Edge(bot.deps_of, directory, routes, bot.background, incoming.tell).register(bolt)
    return incoming

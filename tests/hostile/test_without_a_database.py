"""While the database is away nobody gets a bare error: each is told, in a way that needs no database."""

import json
import resource
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession
from sqlalchemy import select, text

from sandbox import LocalSlack
from storage.database import Database
from storage.models import NoteRow
from tests.support.bot_process import install, start_bot
from tests.support.databases import PostgresqlServer, SqliteFiles, as_owner
from tests.support.fault_words import FAULT, acting, message_event, references, told, truth
from tests.support.office import Office
from tests.support.offices import FRIDAY, open_office
from tests.support.raw_http import Slackbot
from tests.support.team import team_of

SENTENCE = "I cannot record anything just now, so nothing was changed. Please try again in a few minutes."


AT_WORK = (
    "This takes me longer than usual, and I am still at it. Please look in a minute before you repeat it."
)


@pytest.fixture
async def away(server: PostgresqlServer) -> AsyncIterator[Office]:
    """The database has gone under a running bot."""
    url = server.new()
    async with open_office(url) as office:
        server.drop(url)
        yield office


async def test_a_command_a_form_and_a_click_say_so(away: Office, log: list[Any]) -> None:
    async with Slackbot(away.app) as slackbot:
        fields = {
            "command": "/initiative",
            "text": "list",
            "team_id": away.slack.workspace.id,
            "channel_id": away.marketing.id,
            "user_id": away.maya.id,
            "trigger_id": "1.2.3",
        }
        answer = await slackbot.command(fields)
        assert (answer.status, json.loads(answer.body)["response_type"]) == (200, "ephemeral")
        assert truth(json.loads(answer.body)["text"], log, "database_away") == SENTENCE

        state = {"values": {"first": {"value": {"type": "datepicker", "selected_date": "2026-12-01"}}}}
        view = {
            "id": "V",
            "type": "modal",
            "callback_id": "absence.submit",
            "private_metadata": "D1",
            "state": state,
            "hash": "1",
        }
        answer = await slackbot.interaction(acting(away, away.maya, "view_submission", view=view))
        assert answer.status == 200
        shown = json.loads(answer.body)
        assert truth(shown["errors"]["first"], log, "database_away") == SENTENCE

        action = {"type": "button", "action_id": "check_in.on_track", "block_id": "b", "value": "1:2"}
        where = {"id": away.marketing.id, "name": "marketing"}
        clicked = acting(away, away.maya, "block_actions", actions=[action], channel=where)
        answer = await slackbot.interaction(clicked)
        assert (answer.status, answer.body) == (200, b"")
        await away.bot.background.idle()
        assert truth(away.maya.notices[-1].text, log, "database_away") == SENTENCE

        shortcut = acting(away, away.maya, "shortcut", callback_id="initiative.new")
        assert (await slackbot.interaction(shortcut)).status == 200
        assert truth(await told(away, away.maya), log, "database_away") == SENTENCE


async def test_an_event_is_asked_for_again_and_its_writer_told_when_it_is_the_last_time(
    away: Office, log: list[Any]
) -> None:
    event = message_event(away, away.ben, "on track, words of mine")
    async with Slackbot(away.app) as slackbot:
        for retry in ({}, {"X-Slack-Retry-Num": "1"}, {"X-Slack-Retry-Num": "2"}):
            answer = await slackbot.event(event, **retry)
            assert (answer.status, answer.body) == (503, b"")
        await away.bot.background.idle()
        assert [m for m in away.ben.dm.messages if m.user == away.app.bot_user_id] == []
        await slackbot.event(event, **{"X-Slack-Retry-Num": "3"})
    assert truth(await told(away, away.ben), log, "database_away") == SENTENCE
    assert len(references(log, "database_away")) == 4
    assert "words of mine" not in json.dumps(log)


async def test_the_api_and_the_readiness_say_so_while_the_process_is_alive(
    away: Office, log: list[Any]
) -> None:
    assert away.app.request_url is not None
    base = away.app.request_url.removesuffix("/slack/events")
    async with ClientSession() as http:
        async with http.get(f"{base}/healthz") as answer:
            assert answer.status == 200
        for _ in range(20):
            async with http.get(f"{base}/readyz") as answer:
                assert answer.status == 503
                assert (await answer.text()).startswith("The database cannot be written (OperationalError")
        headers = {"Authorization": "Bearer drumbeat_x"}
        async with http.post(f"{base}/api/v1/kpis/1/readings", json={}, headers=headers) as answer:
            assert answer.status == 503
            assert truth((await answer.json())["error"]["message"], log, "database_away") == SENTENCE
    assert [entry["event"] for entry in log if entry["event"] == "not_ready"] == ["not_ready"]


async def test_a_database_that_says_nothing_keeps_nobody_waiting_and_what_was_begun_is_done_once(
    server: PostgresqlServer, log: list[Any]
) -> None:
    url = server.new()
    owned = Database.open(as_owner(url), migrate=False)
    async with open_office(url) as office, Slackbot(office.app) as slackbot:
        office.bot.incoming.patience = 0.3
        event = message_event(office, office.ben, "off track, the printer is broken")
        with owned.engine.begin() as silent:
            silent.execute(text("LOCK TABLE seen, strategies IN ACCESS EXCLUSIVE MODE"))
            told = {"command": "/initiative", "text": "list", "team_id": office.slack.workspace.id}
            who = {"channel_id": office.marketing.id, "user_id": office.maya.id, "trigger_id": "1.2.3"}
            answer = await slackbot.command({**told, **who})
            assert answer.status == 200
            assert truth(json.loads(answer.body)["text"], log, "answer_late") == AT_WORK
            assert (await slackbot.event(event)).status == 503
            assert (await slackbot.event(event, **{"X-Slack-Retry-Num": "1"})).status == 503
        await office.bot.background.idle()
        assert (await slackbot.event(event, **{"X-Slack-Retry-Num": "2"})).status == 200
        kept = office.bot.database.run(lambda session: list(session.scalars(select(NoteRow.text))))
    owned.close()
    assert kept == ["off track, the printer is broken"]


async def test_with_a_full_disk_nothing_is_lost_and_nobody_kept_in_the_dark(
    sqlite_files: SqliteFiles,
) -> None:
    """The disk of this process takes no further byte: what it may write to a file is limited by the kernel."""
    url = sqlite_files.new()
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack, ClientSession() as http:
        app = install(slack)
        team = team_of(slack, app, {"Ben": "Europe/London"})
        bot = await start_bot(slack, app, url, http=True)
        await team.begins()
        ready = f"http://127.0.0.1:{bot.port}/readyz"
        _, hard = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (4096, hard))

        async with http.get(ready) as answer:
            assert answer.status == 503
            assert "cannot be written" in await answer.text()
        reply = await team.maya.command("/rhythm", "pause", channel=team.channel)
        found = FAULT.match(reply.drawn)
        assert found is not None, reply.drawn
        assert found["truth"] == SENTENCE
        await team.owners["Ben"].says("off track, the printer is broken")

        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (hard, hard))
        while (await http.get(ready)).status == 503:
            pass
        reply = await team.maya.command("/rhythm", "status", channel=team.channel)
        assert "paused" not in reply.drawn.lower()
        await team.until(slack.clock.now + timedelta(hours=1))
        assert await bot.stop() == 0
    database = Database.open(url, migrate=False)
    assert database.run(lambda session: list(session.scalars(select(NoteRow.text)))) == [
        "off track, the printer is broken"
    ]
    database.close()
    assert {entry["event"] for entry in bot.faults} <= {"worker_failed"}

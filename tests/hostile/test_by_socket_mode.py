"""The same door by Socket Mode: what cannot be answered well is answered all the same, and in the log."""

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from bot import socket_mode
from bot.app import assemble
from bot.parts import Parts
from sandbox import App, LocalSlack, Person
from sandbox.delivery.parcel import Parcel
from storage.models import NoteRow
from tests.support.bot_here import settings_for
from tests.support.bot_process import install
from tests.support.databases import PostgresqlServer, SqliteFiles
from tests.support.fault_words import FAULT, references
from tests.support.offices import FRIDAY
from tests.support.waiting import until


@dataclass
class Connected:
    slack: LocalSlack
    app: App
    bot: Parts
    ben: Person
    url: str

    async def sends(self, kind: str, payload: Any) -> Any:
        """What comes back for one envelope; its `failure` is None when it was acknowledged."""
        return await self.slack.socket_mode.send(self.app, Parcel(kind, payload))

    def acting(self, kind: str, **told: Any) -> dict[str, Any]:
        team = self.slack.workspace.id
        user = {"id": self.ben.id, "team_id": team}
        return {"type": kind, "team": {"id": team}, "user": user, "trigger_id": "1.2.3", **told}

    def says(self, text: str) -> dict[str, Any]:
        event = {"type": "message", "channel": self.ben.dm.id, "channel_type": "im", "user": self.ben.id}
        told = {**event, "text": text, "ts": "1780000000.000100"}
        team = self.slack.workspace.id
        return {"type": "event_callback", "team_id": team, "event_id": "Ev1", "event": told}

    def command(self, text: str) -> dict[str, str]:
        return {
            "command": "/initiative",
            "text": text,
            "team_id": self.slack.workspace.id,
            "channel_id": "C1",
            "user_id": self.ben.id,
            "trigger_id": "1.2.3",
        }


async def connected(url: str) -> AsyncIterator[Connected]:
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        app = install(slack)
        told = settings_for(slack, app, url)
        settings = told.model_copy(update={"slack_app_token": SecretStr(app.app_token)})
        ben = slack.person("Ben Carter", tz="Europe/London")
        async with assemble(settings) as bot, socket_mode.connect(bot):
            await slack.connected(app)
            yield Connected(slack, app, bot, ben, url)


@pytest.fixture
async def by_socket(sqlite_files: SqliteFiles) -> AsyncIterator[Connected]:
    async for one in connected(sqlite_files.new()):
        yield one


@pytest.fixture
async def away(server: PostgresqlServer) -> AsyncIterator[Connected]:
    """The database has gone under the bot."""
    async for one in connected(server.new()):
        server.drop(one.url)
        yield one


async def test_unknown_ids_and_shapes_are_acknowledged_with_a_reference_in_the_log(
    by_socket: Connected, log: list[Any]
) -> None:
    values = {"name": {"value": {"type": "plain_text_input", "value": "words"}}}
    view = {"id": "V", "type": "modal", "callback_id": "gone.by", "hash": "1", "state": {"values": values}}
    answer = await by_socket.sends("interactive", by_socket.acting("view_submission", view=view))
    found = FAULT.match(answer.body["errors"]["name"])
    assert found is not None
    assert [found["reference"]] == references(log)

    deep: Any = "words"
    for _ in range(400):
        deep = {"a": [deep]}
    for kind, payload in (
        ("interactive", by_socket.acting("something new")),
        ("interactive", by_socket.acting("block_actions", actions=5)),
        ("events_api", {**by_socket.says(""), "event": 5}),
        ("events_api", {**by_socket.says(""), "event": deep}),
        ("events_api", {"type": "event_callback", "a": deep}),
    ):
        answer = await by_socket.sends(kind, payload)
        assert answer.failure is None, payload
    assert len(references(log)) == 6
    assert "words" not in str(log)


async def test_characters_that_no_database_takes_are_replaced(by_socket: Connected, log: list[Any]) -> None:
    answer = await by_socket.sends("events_api", by_socket.says("on \0 track \ud800 \U0001f600"))
    assert answer.failure is None
    read = by_socket.bot.database.run(lambda session: list(session.scalars(select(NoteRow.text))))
    assert read == ["on \ufffd track \ufffd \U0001f600"]
    assert references(log) == []


async def test_while_the_database_is_away_a_command_is_told_so_and_an_event_left_to_be_sent_again(
    away: Connected, log: list[Any]
) -> None:
    answer = await away.sends("slash_commands", away.command("list"))
    found = FAULT.match(answer.body["text"])
    assert found is not None
    assert found["truth"].startswith("I cannot record anything just now")
    assert found["reference"] == references(log, "database_away")[-1]
    event = asyncio.create_task(away.sends("events_api", away.says("on track")))
    while len(references(log, "database_away")) < 2:
        await away.sends("interactive", away.acting("something new"))
    await away.sends("interactive", away.acting("something new"))
    assert not event.done()
    event.cancel()


async def test_what_came_before_the_end_is_answered(by_socket: Connected) -> None:
    """As over HTTP: a process that is told to stop finishes what is in hand."""
    database, going_on = by_socket.bot.database, threading.Event()
    async with socket_mode.connect(by_socket.bot):
        await by_socket.sends(
            "slash_commands", by_socket.command("help")
        )  # by the first socket: this is next
        busy = database.submit(lambda _session: going_on.wait())
        await until(busy.running, "the database to be busy")
        asking = asyncio.create_task(by_socket.sends("slash_commands", by_socket.command("list")))
        await until(lambda: database._executor._work_queue.qsize() > 0, "the command")
        asyncio.get_running_loop().call_later(0.3, going_on.set)
    answered = await asking
    assert answered.failure is None
    assert "no strategy" in answered.body["text"]

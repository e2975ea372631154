"""Processes die at random instants while Slack has its bad days: nothing is lost, doubled, or left without an owner.

`make kills` does to each database what is asked for here, sixty times instead of four.
"""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, get_args

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from sandbox import LocalSlack, Message
from sandbox.faults import FaultKind
from storage.delivery.outbox import State
from storage.models import MessageRow, NoteRow, OutboxRow
from tests.e2e.test_two_processes import (
    TUESDAY,
    ZONES,
    Processes,
    identity,
    in_database,
    press_until_it_works,
    settle_doubts,
)
from tests.support.bot_process import install
from tests.support.team import Team, local, sent_at, team_of

KILLS = int(os.environ.get("DRUMBEAT_KILLS", "4"))
KILLS_A_WEEK = 10
FIRST_MONDAY = date(2026, 11, 23)
METHODS = (
    "chat.postMessage",
    "chat.update",
    "views.publish",
    "conversations.history",
    "conversations.replies",
    "conversations.open",
    "files.getUploadURLExternal",
    "files.completeUploadExternal",
    "files.info",
)
# Slack's refusal of a message for good is no bad day: the message would rightly not come.
BAD_DAYS: tuple[FaultKind, ...] = tuple(kind for kind in get_args(FaultKind) if kind != "invalid_blocks")
SLOWEST = 0.4
RETRIES = timedelta(minutes=6)
"""By then Slack has sent for the last time what nobody took (docs.slack.dev/apis/events-api, "Retries")."""


@dataclass
class Week:
    """What happens in a week, step by step; at each something may go wrong with Slack, at some a process dies."""

    team: Team
    monday: date
    chance: Random
    said: list[Message]

    def steps(self) -> Iterator[Any]:
        team, day = self.team, self.monday.timetuple()[:3]
        prompts = sorted({local(zone, *day) for zone in ZONES.values()})
        digest = local("Europe/London", *day, 11) + timedelta(days=2)
        aroha, leo, mia = (team.owners[name] for name in ("Aroha", "Leo", "Mia"))
        yield from (lambda at=at: team.until(at) for at in prompts)
        yield lambda: press_until_it_works(aroha, team.prompts(aroha)[-1])
        yield lambda: self._says(leo.name, f"on track, {4300 + self.chance.randrange(99)} subscribers")
        yield lambda: self._says(mia.name, "hello everybody")
        yield lambda: team.maya.command("/rhythm", "export", channel=team.channel)
        yield leo.opens_home
        yield from (lambda at=at: team.until(at + timedelta(days=1)) for at in prompts)
        yield lambda: team.until(digest)
        yield lambda: self._says(mia.name, "on track")

    async def _says(self, name: str, words: str) -> None:
        self.said.append(await self.team.owners[name].says(words))

    def spoil(self) -> None:
        """Up to three of Slack's next answers."""
        for _ in range(self.chance.randrange(4)):
            kind = self.chance.choice(BAD_DAYS)
            seconds = 1.0 if kind == "rate_limited" else self.chance.uniform(0, SLOWEST)
            method = self.chance.choice((*METHODS, METHODS[0], METHODS[0]))
            self.team.slack.faults.add(method, kind, seconds=seconds)


@pytest.mark.parametrize(
    ("database_url", "processes"), [("sqlite", 1), ("postgresql", 2)], indirect=["database_url"]
)
async def test_killed_on_slacks_bad_days_nothing_is_lost_or_doubled_and_nothing_waits_unasked(
    database_url: str, processes: int
) -> None:
    chance, said = Random(60), list[Message]()
    mondays = [FIRST_MONDAY + timedelta(weeks=week) for week in range(-(-KILLS // KILLS_A_WEEK))]
    async with LocalSlack(now=TUESDAY, rate_limits=False) as slack:
        app = install(slack)
        team = team_of(slack, app, ZONES)
        bots = Processes(slack, app, database_url, http=processes == 1, seed=60)
        await bots.start(processes)
        await team.begins()
        for monday in mondays:
            await live(Week(team, monday, chance, said), bots, min(KILLS - bots.kills, KILLS_A_WEEK))
            slack.faults.clear()
            await slack.clock.advance(by=RETRIES)
            require_asked(team, in_database(database_url, unsettled))
            await settle_doubts(team)
            assert in_database(database_url, unsettled) == []
        await bots.stop()

        assert bots.kills == KILLS
        require_all_there_once(team, in_database(database_url, known_messages))
        assert len(team.digests()) == len(mondays)
        for name, owner in team.owners.items():
            prompted = [sent_at(message, ZONES[name]) for message in team.prompts(owner)]
            at_nine = time(9)
            assert prompted == [datetime.combine(monday, at_nine) for monday in mondays], name
        assert Counter(in_database(database_url, known_words)) == Counter(message.text for message in said)
        assert [len(message.thread) for message in said] == [1] * len(said)
        exported = [message for message in team.maya.dm.messages if message.files]
        assert len(exported) <= len(mondays)


async def live(week: Week, bots: Processes, kills: int) -> None:
    steps = list(week.steps())
    deadly = set(week.chance.sample(range(len(steps)), kills))
    for number, step in enumerate(steps):
        week.spoil()
        await (bots.amid(step()) if number in deadly else step())
        await week.team.slack.settled()
        if number in deadly:
            # A process is back long before Slack gives an event up; here a day may pass in the second it takes.
            await week.team.slack.clock.advance(by=RETRIES)


def unsettled(session: Session) -> list[OutboxRow]:
    return list(session.scalars(select(OutboxRow)))


def require_asked(team: Team, rows: list[OutboxRow]) -> None:
    """Of each row that is left: the lead has a question about it, or about what it belongs to, with its buttons."""
    asked = {question.blocks[-1]["elements"][0]["value"] for question in team.questions(team.maya)}
    in_doubt = [row for row in rows if row.state == State.IN_DOUBT]
    assert {str(row.id) for row in in_doubt} == asked
    assert {row.state for row in rows} <= {State.IN_DOUBT, State.HELD}
    assert in_doubt or not rows


def known_messages(session: Session) -> list[tuple[str | None, str | None]]:
    return [(row.channel_id, row.ts) for row in session.scalars(select(MessageRow))]


def known_words(session: Session) -> list[str]:
    return list(session.scalars(select(NoteRow.text)))


def require_all_there_once(team: Team, known: list[tuple[str | None, str | None]]) -> None:
    """What the bot has said, by its own book, is what stands in Slack, each once."""
    places = [team.channel, *(person.dm for person in (team.maya, *team.owners.values()))]
    shown = [
        message
        for place in places
        for root in place.messages
        for message in (root, *root.thread)
        if identity(message)
    ]
    assert [who for who, times in Counter(map(identity, shown)).items() if times > 1] == []
    assert Counter((message.conversation.id, message.ts) for message in shown) == Counter(known)

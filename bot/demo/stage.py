"""The stage: a local Slack, the real bot, the people of the plan, and how they act on it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console

from bot.demo import plan
from bot.demo.process import install, running_bot
from bot.demo.telling import Teller, as_drawn
from sandbox import Conversation, LocalSlack, Message, Person

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")


class UnexpectedError(RuntimeError):
    """The story did not go as it must; the text is a sentence for whoever runs the demo."""


class Stage:
    """People act by first name; each act returns when all that follows from it can be seen, and is told.

    `ways` collects the ways of answering that were used, with by whom and when.
    """

    def __init__(self, slack: LocalSlack, teller: Teller) -> None:
        self.slack = slack
        self.teller = teller
        self.ways: list[tuple[str, str, datetime]] = []
        self.monday = plan.SET_UP_DAY - timedelta(days=4)
        self.people = {
            first: slack.person(someone.name, tz=someone.tz, locale="en-GB")
            for first, someone in plan.PEOPLE.items()
        }
        self.channel: Conversation = slack.channel(plan.CHANNEL, members=self.people.values())
        teller.watch(self.channel, plan.PEOPLE["Maya"])
        for first, person in self.people.items():
            teller.watch(person.dm, plan.PEOPLE[first])

    def person(self, first: str) -> Person:
        return self.people[first]

    def week(self, number: int, title: str) -> None:
        """Turn to the week of the plan with that number, from 1 on."""
        self.monday = plan.FIRST_MONDAY + timedelta(weeks=number - 1)
        self.teller.heading(f"Week {number}, from {self.monday.day} {self.monday:%B}: {title}")

    async def until(self, first: str, day: str, clock: str) -> None:
        """Let time pass until a day and time of the week as that person's clock shows it, and tell what came."""
        local = datetime.combine(self._day(day), time.fromisoformat(clock), plan.PEOPLE[first].zone)
        await self.slack.clock.advance(to=local)
        self.teller.news(by_the_clock=True)

    def _day(self, day: str) -> date:
        return self.monday + timedelta(days=_DAYS.index(day))

    async def clicks(self, first: str, button: str, *, way: str = "", near: str | None = None) -> None:
        self._tell(first, f"clicks “{button}”", way)
        await self.person(first).click(button, near=near)
        await self._after()

    async def opens(self, first: str, button: str) -> None:
        """Clicks a button that opens a form."""
        await self.person(first).click(button)
        self._require_form(first, f"“{button}”")

    async def fills(
        self,
        first: str,
        words: str,
        values: Mapping[str, Any],
        *,
        way: str = "",
        told: Mapping[str, str] | None = None,
    ) -> None:
        """Fills in the open form and saves it; `words` say how they came to it, `told` the values more briefly."""
        person = self.person(first)
        self._tell(first, words, way, told or {label: _value(value) for label, value in values.items()})
        await person.fill(values)
        left = await person.submit()
        if left is not None:
            raise UnexpectedError(f"{first}'s form did not save: {left.errors or left.title}.")
        await self._after()

    async def says(self, first: str, words: str, *, way: str, thread: Message | None = None) -> Message:
        where = "in the prompt's thread" if thread else "to Drumbeat"
        self._tell(first, f"writes {where}: “{words}”", way)
        message = await self.person(first).says(words, thread=thread)
        await self._after()
        return message

    async def edits(self, first: str, message: Message, words: str, *, way: str) -> None:
        self._tell(first, f"edits that message: “{words}”", way)
        await self.person(first).edits(message, words)
        await self._after()

    async def commands(self, first: str, command: str, *, in_channel: bool = False) -> None:
        """Runs a command that answers in words."""
        name, _, text = command.partition(" ")
        self._tell(first, f"runs {command}" + (f" in #{plan.CHANNEL}" if in_channel else ""))
        reply = await self.person(first).command(name, text, self.channel if in_channel else None)
        await self._after()
        if reply.notices:
            self.teller.shown(plan.PEOPLE[first], reply.drawn)

    async def opens_form(self, first: str, command: str) -> None:
        """Runs a command in the channel that opens a form."""
        name, _, text = command.partition(" ")
        await self.person(first).command(name, text, self.channel)
        self._require_form(first, command)

    def prompt_of(self, first: str) -> Message:
        """The newest message of the bot in their DM that asks something."""
        asking = [m for m in self.person(first).dm.messages if "On track" in as_drawn("\n".join(m.buttons))]
        if not asking:
            raise UnexpectedError(f"{first} has no open prompt.")
        return asking[-1]

    def _require_form(self, first: str, what: str) -> None:
        if self.person(first).form is None:
            raise UnexpectedError(f"No form opened for {first} at {what}.")

    def _tell(self, first: str, words: str, way: str = "", values: Mapping[str, str] | None = None) -> None:
        if way:
            self.ways.append((way, first, self.slack.clock.now))
        self.teller.act(plan.PEOPLE[first], self.slack.clock.now, words, values, way)

    async def _after(self) -> None:
        await self.slack.settled()
        self.teller.news(by_the_clock=False)


def _value(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


@asynccontextmanager
async def opened_stage(database: Path, console: Console) -> AsyncIterator[Stage]:
    """The bot runs while inside, on a database made anew. Raises BotFailedError when it does not end well."""
    url = _make_room(database)
    begin = datetime.combine(plan.SET_UP_DAY, time(10), plan.PEOPLE["Maya"].zone)
    async with LocalSlack(now=begin) as slack:
        slack.workspace.name = plan.WORKSPACE
        app = install(slack)
        stage = Stage(slack, Teller(console))
        async with running_bot(slack, app, url):
            yield stage


def _make_room(database: Path) -> str:
    """The URL of a SQLite file that is not there (any more)."""
    for leftover in (database, *(database.with_name(f"{database.name}-{end}") for end in ("wal", "shm"))):
        leftover.unlink(missing_ok=True)
    return f"sqlite:///{database.resolve()}"

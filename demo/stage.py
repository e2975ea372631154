"""The stage: a local Slack, the real bot, the people of the plan, and how they act on it."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console

from demo import expected, plan
from demo.process import install, running_bot
from demo.telling import Teller, as_drawn
from domain.periods import Month
from sandbox import Conversation, LocalSlack, Message, Person, draw_blocks

_TOLD_IN_FULL = 2
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")


class UnexpectedError(RuntimeError):
    """The story did not go as it must; the text is a sentence for whoever runs the demo."""


class Stage:
    """People act by first name; each act returns when all that follows from it can be seen, and is told.

    `ways` collects the ways of answering that were used, with by whom and when; `previews` what commands
    showed, and `homes` what Home did.
    """

    def __init__(self, slack: LocalSlack, teller: Teller) -> None:
        self.slack = slack
        self.teller = teller
        self.ways: list[tuple[str, str, datetime]] = []
        self.previews: list[str] = []
        self.homes: list[str] = []
        self.monday = plan.SET_UP_DAY - timedelta(days=plan.SET_UP_DAY.weekday())
        self.people = {
            first: slack.people.get(someone.mention[1:])
            or slack.person(someone.name, tz=someone.tz, locale="en-GB")
            for first, someone in plan.PEOPLE.items()
        }
        self.channel = _channel(slack) or slack.channel(plan.CHANNEL, members=self.people.values())
        teller.watch(self.channel, plan.PEOPLE["Maya"])
        for first, person in self.people.items():
            teller.watch(person.dm, plan.PEOPLE[first])

    def person(self, first: str) -> Person:
        return self.people[first]

    def be_brief(self, *, brief: bool = True) -> None:
        """Tell what people do in a line each, and of what they see only the channel's messages, in a few lines."""
        self.teller.is_brief = brief

    @contextmanager
    def in_full(self) -> Iterator[None]:
        """For what happens the first time within a week that is told briefly."""
        before = self.teller.is_brief
        self.be_brief(brief=False)
        try:
            yield
        finally:
            self.be_brief(brief=before)

    def week(self, number: int, title: str) -> None:
        """Turn to the week of the plan with that number, from 1 on; from the third on weeks are told briefly."""
        self.be_brief(brief=number > _TOLD_IN_FULL)
        self.monday = plan.FIRST_MONDAY + timedelta(weeks=number - 1)
        self.teller.heading(f"Week {number}, from {self.monday.day} {self.monday:%B}: {title}")

    async def until(self, first: str, day: str, clock: str) -> None:
        """Let time pass until a day and time of the week as that person's clock shows it, and tell what came."""
        local = datetime.combine(self._day(day), time.fromisoformat(clock), plan.PEOPLE[first].zone)
        await self.slack.clock.advance(to=local)
        self.teller.news()

    def _day(self, day: str) -> date:
        return self.monday + timedelta(days=_DAYS.index(day))

    async def clicks(
        self, first: str, button: str, *, way: str = "", near: str | None = None, note: str = ""
    ) -> None:
        """`note` is told with it."""
        self._tell(first, f"clicks “{button}”{note}", way)
        await self.person(first).click(button, near=near)
        await self._after(first)

    async def opens(self, first: str, button: str, *, near: str | None = None) -> None:
        """Clicks a button that opens a form."""
        await self.person(first).click(button, near=near)
        self._require_form(first, f"“{button}”")

    async def fills(
        self,
        first: str,
        words: str,
        values: Mapping[str, Any],
        *,
        way: str = "",
        then: str = "",
    ) -> None:
        """Fills in the open form and saves it; `words` say how they came to it.

        `then` is the title of the form that follows, if one must.
        """
        person = self.person(first)
        self._tell(first, words, way, {label: _value(value) for label, value in values.items()})
        await person.fill(values)
        left = await person.submit()
        if (left.title if left else "") != then or (left and left.errors):
            raise UnexpectedError(
                f"{first}'s form did not save: {left.errors or left.title if left else 'closed'}."
            )
        await self._after(first)

    async def says(
        self, first: str, words: str, *, way: str = "", thread: Message | None = None, note: str = ""
    ) -> Message:
        """`note` is told with it."""
        where = "in the prompt's thread" if thread else "to Drumbeat"
        self._tell(first, f"writes {where}: “{words}”{note}", way)
        message = await self.person(first).says(words, thread=thread)
        await self._after(first)
        return message

    async def edits(self, first: str, message: Message, words: str, *, way: str) -> None:
        self._tell(first, f"edits that message: “{words}”", way)
        await self.person(first).edits(message, words)
        await self._after(first)

    async def tells_channel(self, first: str, words: str) -> Message:
        """Writes to the team, not to Drumbeat."""
        self._tell(first, f"writes in #{plan.CHANNEL}: “{words}”")
        message = await self.person(first).says(words, self.channel)
        await self._after(first)
        return message

    async def asks_about(self, first: str, message: Message) -> None:
        """Opens the form of the message's menu."""
        await self.person(first).shortcut("Request a decision", message)
        self._require_form(first, "the shortcut")

    async def opens_home(self, first: str) -> None:
        person = self.person(first)
        self._tell(first, "opens Drumbeat's Home tab")
        await person.opens_home()
        await self._after(first)
        if person.home is None:
            raise UnexpectedError(f"{first} sees an empty Home tab.")
        drawn = draw_blocks(person.home.blocks, self.slack.workspace, plan.PEOPLE[first].zone)
        self.homes.append(drawn)
        self.teller.shown(plan.PEOPLE[first], drawn)

    async def reads(self, first: str, kpi: str, value: str, *, is_told: bool = True) -> None:
        """Reports a KPI by command."""
        if is_told:
            self._tell(first, f"runs /kpi update {kpi} {value}")
        reply = await self.person(first).command("/kpi", f"update {kpi} {value}")
        if not reply.drawn.startswith(kpi):
            raise UnexpectedError(f"{first}'s reading was not recorded: {reply.drawn}")
        await self._after(first)

    async def commands(self, first: str, command: str, *, in_channel: bool = False) -> None:
        """Runs a command that answers in words."""
        name, _, text = command.partition(" ")
        self._tell(first, f"runs {command}" + (f" in #{plan.CHANNEL}" if in_channel else ""))
        reply = await self.person(first).command(name, text, self.channel if in_channel else None)
        await self._after(first)
        if reply.notices:
            self.previews.append(reply.drawn)
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

    def everything_posted(self) -> str:
        """What stands in the channel by now, with its threads."""
        return "\n".join(map(_with_thread, self.channel.messages))

    @property
    def canvas(self) -> str:
        """The Markdown of the channel's canvas, "" while there is none."""
        return self.channel.canvas.markdown if self.channel.canvas else ""

    @property
    def report(self) -> str:
        """The page that was sent last, "" while none was."""
        pages = [one for one in self.slack.workspace.files.values() if one.name.endswith(".html")]
        return (pages[-1].content or b"").decode() if pages else ""

    def posted_reviews(self) -> dict[str, str]:
        """The reviews with their threads, by month as in "2026-12"."""
        titles = {f" · Review of {Month.parse(month).day(1):%B %Y}": month for month in expected.REVIEWS}
        return {
            month: _with_thread(message)
            for title, month in titles.items()
            for message in self.channel.messages
            if message.drawn.splitlines()[0].endswith(title)
        }

    def _require_form(self, first: str, what: str) -> None:
        if self.person(first).form is None:
            raise UnexpectedError(f"No form opened for {first} at {what}.")

    def _tell(self, first: str, words: str, way: str = "", values: Mapping[str, str] | None = None) -> None:
        if way:
            self.ways.append((way, first, self.slack.clock.now))
        self.teller.act(plan.PEOPLE[first], self.slack.clock.now, words, values, way)

    async def _after(self, first: str) -> None:
        await self.slack.settled()
        self.teller.news(by=first)


def _channel(slack: LocalSlack) -> Conversation | None:
    """The team's channel, where the workspace is taken up again."""
    return next((one for one in slack.workspace.conversations.values() if one.name == plan.CHANNEL), None)


def _with_thread(message: Message) -> str:
    return "\n".join([message.drawn, *(reply.drawn for reply in message.thread)])


def _value(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


@asynccontextmanager
async def opened_stage(database: Path, console: Console) -> AsyncIterator[Stage]:
    """The bot runs while inside, on a database made anew. Raises BotFailedError when it does not end well."""
    make_room(database)
    async with opened_slack() as slack:
        stage = Stage(slack, Teller(console))
        async with running_bot(slack, slack.app, url_of(database)):
            yield stage


@asynccontextmanager
async def opened_slack(port: int = 0, kept: Path | None = None) -> AsyncIterator[LocalSlack]:
    """The plan's workspace on the day of its set-up, or as it was kept in a file, with Drumbeat installed."""
    begin = datetime.combine(plan.SET_UP_DAY, time(10), plan.PEOPLE["Maya"].zone)
    async with LocalSlack(now=begin, rate_limits=False, patience=10, port=port) as slack:
        if kept:
            slack.take_up(kept)
        else:
            slack.workspace.name = plan.WORKSPACE
            install(slack)
        yield slack


def url_of(database: Path) -> str:
    return f"sqlite:///{database.resolve()}"


def make_room(database: Path) -> None:
    """Takes a SQLite file away, with what belongs to it."""
    for leftover in (database, *(database.with_name(f"{database.name}-{end}") for end in ("wal", "shm"))):
        leftover.unlink(missing_ok=True)

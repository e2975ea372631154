"""A team whose bot runs as processes, each behind wires of its own, and what they do in a week."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from sandbox import App, LocalSlack, Message, Person
from storage.delivery.outbox import State
from storage.models import OutboxRow
from tests.e2e.test_two_processes import TUESDAY, ZONES, Processes, in_database, settle_doubts
from tests.faults.proxy import Proxy, proxied
from tests.support.bot_here import bot_here
from tests.support.bot_process import BotProcess, install, start_bot
from tests.support.databases import PostgresqlServer
from tests.support.team import Team, in_thread, local, team_of
from tests.support.waiting import LONG, until

_MINUTE = re.compile(r" \d\d:\d\d UTC")
_DAY_ANSWERED = re.compile(r"^(by [^·\n]+) · \d{1,2} \w{3}", re.MULTILINE)
FIRST_MONDAY = date(2026, 11, 23)
RETRIES = timedelta(minutes=6)
"""By then Slack has sent for the last time what nobody took (docs.slack.dev/apis/events-api, "Retries")."""
Step = Callable[[], Awaitable[object]]


@dataclass
class Wired:
    """A process and the wires that it hangs on; a SQLite file hangs on none."""

    bot: BotProcess
    slack: Proxy
    database: Proxy | None


class Fleet(Processes):
    """Processes behind wires."""

    def __init__(
        self,
        slack: LocalSlack,
        app: App,
        database_url: str,
        *,
        http: bool,
        chance: Random,
        wires: AsyncExitStack,
    ) -> None:
        super().__init__(slack, app, database_url, http=http, seed=chance.randrange(1 << 30))
        self._wires = wires
        self._wired: dict[int, Wired] = {}

    async def _start(self) -> BotProcess:
        port = urlsplit(self._slack.url).port
        assert port is not None
        slack = await self._wires.enter_async_context(proxied(port))
        url, database = self._url, None
        if url.startswith("postgresql"):
            database = await self._wires.enter_async_context(proxied(_socket_of(url)))
            url = _by_port(url, database.port)
        told = {"SLACK_API_URL": f"http://127.0.0.1:{slack.port}/api/"}
        bot = await start_bot(self._slack, self._app, url, http=self._is_http, told=told)
        self._wired[bot.pid] = Wired(bot, slack, database)
        return bot

    @property
    def is_http(self) -> bool:
        return self._is_http

    @property
    def wired(self) -> list[Wired]:
        """Those that run."""
        return [self._wired[bot.pid] for bot in self._running]

    @property
    def faults(self) -> list[dict[str, object]]:
        """What any of them ever logged of a bug of ours."""
        return [entry for one in self._wired.values() for entry in one.bot.log if entry["event"] in _BUGS]


_BUGS = ("fault", "ritual_failed", "not a log line", "poisoned", "lead_not_told")


def _socket_of(url: str) -> Path:
    parsed = make_url(url)
    folder = parsed.query["host"]
    assert isinstance(folder, str)
    return Path(folder) / ".s.PGSQL.5432"


def _by_port(url: str, port: int) -> str:
    parsed = make_url(url).set(host="127.0.0.1", port=port, query={})
    return parsed.render_as_string(hide_password=False)


@dataclass
class Said:
    """What people gave the bot: it has to be there afterwards."""

    messages: list[Message] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    """Every version of every message."""
    healths: dict[tuple[str, str], str] = field(default_factory=dict)
    """By owner and week."""
    exports: int = 0
    """How many were asked for."""


@dataclass
class Stage:
    team: Team
    bots: Fleet | None
    url: str
    chance: Random
    server: PostgresqlServer | None = None
    """Of its own, so that it can be restarted."""
    said: Said = field(default_factory=Said)
    mondays: list[date] = field(default_factory=list)
    reached: list[tuple[str, date]] = field(default_factory=list)
    """Whose weeks have begun."""
    met: int = 0
    """Calls, connections and processes that a fault struck."""
    clock_was_wrong: bool = False
    flagged: int = 0
    pressed: tuple[Person, int] | None = None
    """Who has just pressed a button, and how much they had been told before."""
    healed_at: float = 0.0

    @property
    def slack(self) -> LocalSlack:
        return self.team.slack

    @property
    def fleet(self) -> Fleet:
        assert self.bots is not None
        return self.bots

    # What people do

    def week(self, monday: date) -> Iterator[Step]:
        """Step by step; the same words in the same week, whatever goes wrong."""
        team, day, week = self.team, monday.timetuple()[:3], len(self.mondays)
        self.mondays.append(monday)
        instants = {name: local(zone, *day) for name, zone in ZONES.items()}
        digest = local("Europe/London", *day, 11) + timedelta(days=2)
        aroha, leo, mia = (team.owners[name] for name in ("Aroha", "Leo", "Mia"))
        for at in sorted(set(instants.values())):
            yield partial(self._begin, at, [name for name, its in instants.items() if its == at], monday)
        yield partial(self.presses, aroha, monday)
        yield partial(self.says, leo, f"on track, {4310 + week} subscribers", monday)
        yield partial(self.says_and_edits, mia, f"hello everybody, week {week}", f"hello all, week {week}")
        yield self.exports
        yield leo.opens_home
        for at in sorted(set(instants.values())):
            yield partial(team.until, at + timedelta(days=1))
        yield partial(team.until, digest)
        yield partial(team.until, digest + timedelta(hours=2))
        yield partial(self.says, mia, "on track", monday)

    async def _begin(self, at: datetime, names: list[str], monday: date) -> None:
        self.reached += [(name, monday) for name in names]
        await self.team.until(max(at, self.slack.clock.now))

    async def exports(self) -> None:
        self.said.exports += 1
        await self.team.maya.command("/rhythm", "export", channel=self.team.channel)

    async def says(self, person: Person, words: str, monday: date) -> None:
        """That all is on track."""
        self.said.healths[(person.id, period_of(monday))] = "on_track"
        self.said.words.append(words)
        self.said.messages.append(await person.says(words))

    async def says_and_edits(self, person: Person, words: str, better: str) -> None:
        self.said.words += [words, better]
        message = await person.says(words)
        self.said.messages.append(message)
        await person.edits(message, better)

    async def presses(self, person: Person, monday: date) -> None:
        self.said.healths[(person.id, period_of(monday))] = "on_track"
        self.pressed = (person, self._told(person))
        await person.click("On track", message=self.team.prompts(person)[-1])

    def _told(self, person: Person) -> int:
        return len(person.notices) + len(person.dm.messages)

    async def _presses_again(self) -> None:
        """As people do who are told that something went wrong: again when it is over, unless it shows as answered."""
        while self.pressed is not None and self._told(self.pressed[0]) > self.pressed[1]:
            person = self.pressed[0]
            self.pressed = (person, self._told(person))
            asked = self.team.prompts(person)[-1]
            if not any("On track" in button for button in asked.buttons):
                break
            await person.click("On track", message=asked)
            await self.recovers()
        self.pressed = None

    # What goes wrong

    async def suffers(
        self, strike: Callable[["Stage", "asyncio.Task[object]"], Awaitable[None]], step: Step
    ) -> float:
        """Does the step while something goes wrong; returns how long, from when it was over, all took to be well."""
        self.healed_at = time.monotonic()
        doing = asyncio.ensure_future(_coroutine(step))
        await strike(self, doing)
        await doing
        await self.recovers()
        seconds = time.monotonic() - self.healed_at
        await self._presses_again()
        return seconds

    def is_over(self) -> None:
        """What went wrong has ended; the rest is the bot's."""
        self.healed_at = time.monotonic()

    async def recovers(self) -> None:
        """Slack repeats what nobody took, and what waits goes out."""
        await self.slack.settled()
        await self.slack.clock.advance(by=RETRIES)
        async with asyncio.timeout(LONG):
            while True:
                await self.slack.settled()
                if not in_database(self.url, is_waiting):
                    return
                await asyncio.sleep(0.05)  # nothing tells of what another process does

    async def settles_doubts(self) -> None:
        self.slack.faults.clear()
        self.flagged += len(self.team.questions(self.team.maya))
        await settle_doubts(self.team)
        await self.recovers()

    async def until_heard(self) -> None:
        """Until Slack reaches the bot again by a socket."""
        count = len(self.fleet.wired)
        if not self.fleet.is_http:
            await until(
                lambda: self.slack.socket_mode.connections(self.team.app) == count,
                "as many sockets as processes",
            )


async def _coroutine(step: Step) -> object:
    return await step()


def period_of(monday: date) -> str:
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02}"


def is_waiting(session: Session) -> bool:
    pending = select(OutboxRow.id).where(OutboxRow.state == State.PENDING).limit(1)
    return session.scalar(pending) is not None


@asynccontextmanager
async def on_stage(
    url: str, chance: Random, *, http: bool, server: PostgresqlServer | None
) -> AsyncIterator[Stage]:
    """The team has begun, and nothing has gone wrong yet. On a server there are two processes."""
    async with LocalSlack(now=TUESDAY, rate_limits=False) as slack, AsyncExitStack() as wires:
        app = install(slack)
        bots = Fleet(slack, app, url, http=http, chance=chance, wires=wires)
        stage = Stage(team_of(slack, app, ZONES), bots, url, chance, server)
        await bots.start(2 if server else 1)
        try:
            await stage.team.begins()
            yield stage
        finally:
            await bots.stop()


Digests = Mapping[str, list[str]]
"""What each shows, by its first line: itself, and what is in its thread."""


async def tell_undisturbed(url: str, weeks: int) -> list[Digests]:
    """The digests after each of so many weeks in which nothing goes wrong."""
    async with LocalSlack(now=TUESDAY, rate_limits=False) as slack:
        app = install(slack)
        stage = Stage(team_of(slack, app, ZONES), None, url, Random(0))
        async with bot_here(slack, app, url):
            await stage.team.begins()
            told = []
            for number in range(weeks):
                for step in stage.week(FIRST_MONDAY + timedelta(weeks=number)):
                    await step()
                    await stage.slack.settled()
                told.append(digests_of(stage.team))
        return told


def digests_of(team: Team) -> Digests:
    """At what minute something was said is no part of it: what went wrong moves that."""
    return {
        one.drawn.splitlines()[0]: [
            _MINUTE.sub("", text) for text in (one.drawn, *sorted(in_thread(one).splitlines()))
        ]
        for one in team.digests()
    }


def without_days(digests: Digests) -> Digests:
    """But for the days on which something was answered: a wrong clock gives a button pressed meanwhile another one."""
    return {name: [_DAY_ANSWERED.sub(r"\1", text) for text in texts] for name, texts in digests.items()}

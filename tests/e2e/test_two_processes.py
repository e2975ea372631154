"""Several processes on one database, and processes that die, say exactly what one process says."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from random import Random
from typing import Any, TypeVar

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from sandbox import App, LocalSlack, Message, Person
from storage.database import Database
from storage.models import LeaseRow
from tests.support.bot_process import BotProcess, install, running_bot, start_bot
from tests.support.databases import PostgresqlServer, as_owner
from tests.support.team import Team, in_thread, link_of, local, sent_at, team_of
from tests.support.waiting import LONG, until

T = TypeVar("T")
TUESDAY = datetime(2026, 11, 17, 12, tzinfo=UTC)
MONDAYS = [date(2026, 11, 23), date(2026, 11, 30), date(2026, 12, 7)]
ONE_ZONE = dict.fromkeys(("Aroha", "Leo", "Mia", "Priya"), "Europe/London")
ZONES = {
    "Aroha": "Pacific/Auckland",
    "Leo": "Europe/London",
    "Mia": "America/Los_Angeles",
    "Priya": "Asia/Kolkata",
}
ON_ITS_WAY = 0.05
"""Seconds that each message takes to Slack, so that some processes die just then."""
PARTICIPATION = "2 of 4 answered"


@pytest.mark.parametrize("is_http", [False, True], ids=["socket mode", "http"])
async def test_two_processes_say_exactly_what_one_says(server: PostgresqlServer, is_http: bool) -> None:
    urls = [server.new(), server.new()]
    async with asyncio.TaskGroup() as both:
        alone = both.create_task(tell_story(urls[0], processes=1, is_http=is_http))
        racing = both.create_task(tell_story(urls[1], processes=2, is_http=is_http))

    assert racing.result() == alone.result()
    assert sum(text.startswith("Your week, ") for _, _, text in alone.result()) == 8
    for url in urls:
        server.drop(url)


async def tell_story(database_url: str, *, processes: int, is_http: bool) -> list[tuple[str, int, str]]:
    """Two weeks of four owners who are all prompted at the same instant: (whose, when, what was read)."""
    async with LocalSlack(now=TUESDAY, rate_limits=False) as slack, AsyncExitStack() as stack:
        app = install(slack)
        team = team_of(slack, app, ONE_ZONE)
        bots = [
            await stack.enter_async_context(running_bot(slack, app, database_url, http=is_http))
            for _ in range(processes)
        ]
        await team.begins()
        for bot, monday in zip(cycle(bots), MONDAYS[:2], strict=False):
            if is_http:
                app.deliver_by_http(f"http://127.0.0.1:{bot.port}/slack/events")
            await team.until(local("Europe/London", *monday.timetuple()[:3]))
            await team.owners["Leo"].click("On track")
            await team.owners["Mia"].says("at risk, 4,310 subscribers, waiting for legal")
            await team.until(local("Europe/London", *monday.timetuple()[:3]) + timedelta(days=2, hours=2))
        return sorted(everything_seen(team))


def everything_seen(team: Team) -> list[tuple[str, int, str]]:
    places = {person.name: person.dm for person in (team.maya, *team.owners.values())}
    places["the channel"] = team.channel
    return [
        (name, int(float(message.ts)), message.drawn)
        for name, place in places.items()
        for root in place.messages
        for message in (root, *root.thread)
    ]


class Processes:
    """Bots of which one is killed now and then, at a random instant, and started again."""

    def __init__(self, slack: LocalSlack, app: App, database_url: str, *, http: bool, seed: int) -> None:
        self._slack = slack
        self._app = app
        self._url = database_url
        self._is_http = http
        self._random = Random(seed)
        self._running: list[BotProcess] = []
        self.kills = 0

    async def start(self, count: int) -> None:
        self._running += await asyncio.gather(*(self._start() for _ in range(count)))

    async def _start(self) -> BotProcess:
        return await start_bot(self._slack, self._app, self._url, http=self._is_http)

    async def stop(self) -> None:
        assert await asyncio.gather(*(bot.stop() for bot in self._running)) == [0] * len(self._running)

    async def amid(self, doing: Coroutine[Any, Any, T]) -> T:
        """Do it, while one of the processes is killed."""
        task = asyncio.create_task(doing)
        await asyncio.wait({task}, timeout=self._random.uniform(0, 0.15))
        victim = self._running.pop(self._random.randrange(len(self._running)))
        await victim.kill()
        self.kills += 1
        starting = asyncio.create_task(self._start())
        # What it had sent arrives, long before its lease ends in reality.
        await asyncio.wait({starting}, timeout=3 * ON_ITS_WAY)
        await until(lambda: all(call.ok or call.error for call in self._slack.calls), "what it had sent")
        lapse_leases(self._url, victim.pid)
        result, started = await asyncio.gather(task, starting)
        self._running.append(started)
        await self._slack.settled()
        return result


def lapse_leases(database_url: str, pid: int) -> None:
    """As if the 15 s had passed after which a dead process's workspace is free."""

    def lapse(session: Session) -> None:
        its = LeaseRow.holder.like(f"%:{pid}:%")
        session.execute(update(LeaseRow).where(its).values(until=datetime(2026, 1, 1, tzinfo=UTC)))

    in_database(database_url, lapse)


def in_database(database_url: str, fn: Callable[[Session], T]) -> T:
    database = Database.open(as_owner(database_url), migrate=False)
    try:
        return database.run(fn)
    finally:
        database.close()


async def test_one_of_two_processes_killed_twenty_times_changes_nothing(postgresql_url: str) -> None:
    await survive_three_weeks(postgresql_url, processes=2, http=False, kills_a_week=7, seed=7)


async def test_a_process_on_sqlite_killed_again_and_again_changes_nothing(sqlite_url: str) -> None:
    await survive_three_weeks(sqlite_url, processes=1, http=True, kills_a_week=2, seed=11)


async def survive_three_weeks(
    database_url: str, *, processes: int, http: bool, kills_a_week: int, seed: int
) -> None:
    async with LocalSlack(now=TUESDAY, rate_limits=False) as slack:
        app = install(slack)
        team = team_of(slack, app, ZONES)
        bots = Processes(slack, app, database_url, http=http, seed=seed)
        await bots.start(processes)
        await team.begins()
        slack.faults.add("chat.postMessage", "latency", times=1_000, seconds=ON_ITS_WAY)
        for monday in MONDAYS:
            await live_a_deadly_week(team, bots, monday, kills_a_week, Random(seed))
        await bots.stop()

    assert bots.kills == kills_a_week * len(MONDAYS)
    for name, owner in team.owners.items():
        prompted = [sent_at(message, ZONES[name]) for message in team.prompts(owner)]
        assert prompted == [
            datetime.combine(monday, datetime.min.time().replace(hour=9)) for monday in MONDAYS
        ], name
    assert len(team.digests()) == len(MONDAYS)
    assert all(PARTICIPATION in digest.drawn for digest in team.digests())
    assert "→ 4,327 (target" in in_thread(team.digests()[-1])


async def live_a_deadly_week(team: Team, bots: Processes, monday: date, kills: int, random: Random) -> None:
    """Every instant of the week at which something happens; at so many of them a process dies."""
    leo, aroha = team.owners["Leo"], team.owners["Aroha"]
    day = monday.timetuple()[:3]
    prompts = sorted(local(zone, *day) for zone in ZONES.values())
    reminders = [instant + timedelta(days=1) for instant in prompts]
    digest = local("Europe/London", *day, 11) + timedelta(days=2)
    subscribers = f"4,3{monday.isocalendar().week % 100 - 23:02}"
    steps: list[Any] = [lambda at=at: team.until(at) for at in prompts]
    steps += [lambda: press_until_it_works(aroha, team.prompts(aroha)[-1])]
    steps += [lambda: leo.says(f"on track, {subscribers} subscribers")]
    steps += [lambda at=at: team.until(at) for at in (*reminders, digest)]
    deadly = set(random.sample(range(len(steps)), kills))
    for number, step in enumerate(steps):
        await (bots.amid(step()) if number in deadly else step())
    await settle_doubts(team)


async def press_until_it_works(person: Person, prompt: Message) -> None:
    """As people do when Slack says that something went wrong."""
    while (await person.click("On track", message=prompt)).notices:
        assert "went wrong" in person.notices[-1].text


async def settle_doubts(team: Team) -> None:
    """Whenever she is asked, Maya looks into the channel and says whether the message is there."""
    there = {identity(message): message for root in team.channel.messages for message in (root, *root.thread)}
    for question in team.questions(team.maya):
        message = there.get(question.blocks[-1]["elements"][0]["value"])
        if message is None:
            await team.maya.click("Post it again", message=question)
            continue
        await team.maya.click("It is there…", message=question)
        await team.maya.fill({"Link of the message": link_of(message)})
        assert await team.maya.submit() is None
    await team.slack.settled()


def identity(message: Message) -> str:
    return str(message.metadata["event_payload"]["id"]) if message.metadata else ""


@pytest.mark.parametrize(
    ("database_url", "is_http"), [("sqlite", True), ("postgresql", False)], indirect=["database_url"]
)
async def test_sigterm_ends_it_cleanly_in_the_middle_of_sending(database_url: str, is_http: bool) -> None:
    async with LocalSlack(now=TUESDAY, rate_limits=False) as slack:
        app = install(slack)
        team = team_of(slack, app, ONE_ZONE)
        bot = await start_bot(slack, app, database_url, http=is_http)
        await team.begins()
        slack.faults.add("chat.postMessage", "latency", times=4, seconds=2.0)
        prompting = asyncio.create_task(team.until(local("Europe/London", 2026, 11, 23)))
        ids = {owner.id for owner in team.owners.values()}
        await until(lambda: slack.calls[-1].args.get("channel") in ids, "the first prompt on its way")
        assert await bot.stop() == 0
        await prompting
        slack.faults.clear()

        assert in_database(database_url, count_leases) == 0
        sent = sum(len(team.prompts(owner)) for owner in team.owners.values())
        assert 1 <= sent < 4
        async with running_bot(slack, app, database_url, http=is_http):
            await slack.settled()
            assert [len(team.prompts(owner)) for owner in team.owners.values()] == [1, 1, 1, 1]


@pytest.mark.parametrize("is_http", [True, False])
async def test_sigterm_ends_it_in_ten_seconds_though_slack_answers_nothing(
    sqlite_url: str, *, is_http: bool
) -> None:
    async with LocalSlack(now=TUESDAY, rate_limits=False) as slack:
        app = install(slack)
        team = team_of(slack, app, ONE_ZONE)
        bot = await start_bot(slack, app, sqlite_url, http=is_http)
        await team.begins()
        before = len(slack.calls)
        slack.faults.add("*", "latency", times=1_000, seconds=LONG)
        doing = [
            asyncio.ensure_future(team.maya.command("/rhythm", "export", channel=team.channel)),
            asyncio.ensure_future(team.maya.command("/rhythm", "setup", channel=team.channel)),
        ]
        await until(lambda: len(slack.calls) > before + 1, "a form and a file on their way")
        assert await bot.stop() == 0
        for one in doing:
            one.cancel()
    assert [entry["event"] for entry in bot.log][-1] == "stopped_short"


def count_leases(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(LeaseRow)).one()

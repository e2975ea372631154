"""The local Slack in a process of its own, so that it takes no time from who is measured."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass

from bench.child import running
from bot.manifest import load_manifest
from sandbox import App, LocalSlack, Person


@dataclass(frozen=True, slots=True)
class Place:
    """Where the local Slack is, and the ids of the people in it and of the channels that the bot is in."""

    api_url: str
    team_id: str
    token: str
    people: list[str]
    channels: list[str]


@asynccontextmanager
async def slack_elsewhere(people: int, channels: int = 0) -> AsyncIterator[Place]:
    """Without rate limits, and with so many people and channels."""
    async with running("bench.slack_process", str(people), str(channels)) as line:
        yield Place(**json.loads(line))


async def _serve(people: int, channels: int) -> None:
    async with LocalSlack(rate_limits=False) as slack:
        app = slack.install(load_manifest())
        persons = [slack.person(f"Person {number}", tz="UTC") for number in range(people)]
        place = Place(
            slack.api_url,
            slack.workspace.id,
            app.bot_token,
            [person.id for person in persons],
            [await _with_bot(slack, app, persons[0], number) for number in range(channels)],
        )
        print(json.dumps(asdict(place)), flush=True)
        await asyncio.to_thread(sys.stdin.read)


async def _with_bot(slack: LocalSlack, app: App, person: Person, number: int) -> str:
    channel = slack.channel(f"team-{number}", members=[person])
    await person.invites(app, channel)
    return channel.id


if __name__ == "__main__":
    asyncio.run(_serve(*map(int, sys.argv[1:])))

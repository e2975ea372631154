"""A local Slack with many workspaces, which keeps Slack's limits, in a process of its own.

`python -m bench.workspaces_process WORKSPACES PEOPLE`: says where it is and who is there; answers each line it reads, an
instant in the machine's monotonic seconds, with what was posted since; until its input ends.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import yaml

from bench.child import talking
from bot.manifest import http_manifest
from sandbox import LocalSlack, World
from sandbox.calls import Called

_PUBLIC = "https://drumbeat.example.org"


@dataclass(frozen=True, slots=True)
class Team:
    """A workspace of it: what an installation there has, and its people."""

    id: str
    token: str
    bot_id: str
    bot_user_id: str
    people: list[str]


@dataclass(frozen=True, slots=True)
class Posted:
    """How many prompts were posted, to how many people, how often Slack refused by its limits, and when the last one came.

    `last` is in the machine's monotonic seconds.
    """

    posts: int
    people: int
    refused: int
    last: float


@dataclass(frozen=True, slots=True)
class Slack:
    """Where it is, whose app that is, and who answers what was posted."""

    api_url: str
    app_id: str
    client_id: str
    client_secret: str
    signing_secret: str
    teams: list[Team]
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def posted(self, since: float) -> Posted:
        self.writer.write(f"{since}\n".encode())
        return Posted(**json.loads(await self.reader.readline()))


@asynccontextmanager
async def many_elsewhere(workspaces: int, people: int) -> AsyncIterator[Slack]:
    async with talking("bench.workspaces_process", str(workspaces), str(people)) as (reader, writer):
        said: dict[str, Any] = json.loads(await reader.readline())
        teams = [Team(**team) for team in said.pop("teams")]
        yield Slack(**said, teams=teams, reader=reader, writer=writer)


async def _serve(workspaces: int, people: int) -> None:
    async with LocalSlack(rate_limits=True) as slack:
        worlds: list[World] = [slack, *(slack.add_workspace(f"Team {n}") for n in range(1, workspaces))]
        manifest = yaml.safe_load(http_manifest(_PUBLIC, many=True))
        manifest["settings"]["token_rotation_enabled"] = False
        registration = slack.register(manifest)
        teams = []
        for world in worlds:
            app = world.install(registration)
            ids = [world.person(f"Person {number}", tz="UTC").id for number in range(people)]
            team = {"id": world.workspace.id, "token": app.bot_token, "bot_id": app.bot_id}
            teams.append({**team, "bot_user_id": app.bot_user_id, "people": ids})
        whose = {
            name: getattr(registration, name) for name in ("client_id", "client_secret", "signing_secret")
        }
        _say({"api_url": slack.api_url, "app_id": registration.app_id, **whose, "teams": teams})
        while since := await asyncio.to_thread(sys.stdin.readline):
            _say(_posted([call for call in slack.calls if call.began >= float(since)]))


def _posted(calls: list[Called]) -> dict[str, Any]:
    posts = [call for call in calls if call.method == "chat.postMessage" and call.ok]
    return {
        "posts": len(posts),
        "people": len({call.args["channel"] for call in posts}),
        "refused": sum(call.error == "ratelimited" for call in calls),
        "last": max((call.began for call in posts), default=0.0),
    }


def _say(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    asyncio.run(_serve(*map(int, sys.argv[1:])))

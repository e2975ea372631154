"""The local Slack in a process of its own, so that it takes no time from who is measured."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bench.child import running
from sandbox import LocalSlack

_MANIFEST = {
    "display_information": {"name": "Bench"},
    "features": {
        "app_home": {"messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
        "bot_user": {"display_name": "bench"},
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "im:write", "im:history"]}},
    "settings": {"socket_mode_enabled": True},
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the local Slack is, and the user ids of the people in it."""

    api_url: str
    token: str
    people: list[str]


@asynccontextmanager
async def slack_elsewhere(people: int) -> AsyncIterator[Place]:
    """Without rate limits, and with so many people."""
    async with running("bench.slack_process", str(people)) as line:
        yield Place(**json.loads(line))


async def _serve(people: int) -> None:
    async with LocalSlack(rate_limits=False) as slack:
        app = slack.install(_MANIFEST)
        ids = [slack.person(f"Person {number}").id for number in range(people)]
        print(json.dumps({"api_url": slack.api_url, "token": app.bot_token, "people": ids}), flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))

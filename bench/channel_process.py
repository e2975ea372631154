"""A local Slack whose channel has very many messages, and beside it a bare page with the same ones."""

import asyncio
import html
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from sandbox import Conversation, LocalSlack

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
_WORDS = (
    "The referral cards went out this morning, and the *first answers* are in: people like the new picture. "
    "Next I ring the ten givers who asked for more, and <https://example.org/cards|the list> is up to date."
)
_BARE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Bare</title>
<style>body{{margin:0;font:15px sans-serif}}[role=log]{{height:100vh;overflow-y:auto}}article{{padding:6px 22px}}</style>
<div role="log">{articles}</div>
<script>
const log = document.querySelector("[role=log]");
log.scrollTop = log.scrollHeight;
window.source = new EventSource("/changes");
source.onmessage = (event) => {{
  log.insertAdjacentHTML("beforeend", event.data);
  log.scrollTop = log.scrollHeight;
}};
</script></html>"""


class Bare:
    """The least that shows messages and one more: it is pushed, and put behind the others."""

    def __init__(self, texts: list[str]) -> None:
        self._articles = "".join(map(article, texts))
        self._listeners: set[web.StreamResponse] = set()

    async def page(self, _: web.Request) -> web.Response:
        return web.Response(text=_BARE.format(articles=self._articles), content_type="text/html")

    async def changes(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        self._listeners.add(response)
        try:
            await asyncio.Event().wait()
        finally:
            self._listeners.discard(response)
        return response

    async def say(self, request: web.Request) -> web.Response:
        said = f"data: {article(await request.text())}\n\n".encode()
        for response in list(self._listeners):
            with suppress(ConnectionError):  # of a page that was closed
                await response.write(said)
        return web.Response()


def article(text: str) -> str:
    return f"<article><b>Ben</b> <small>09:00</small><p>{html.escape(text)}</p></article>"


def fill(channel: Conversation, writers: list[str], count: int) -> list[str]:
    """Messages of some length, of several people, over some days; every twentieth of an app's make, with buttons."""
    texts = []
    for number in range(count):
        at = START + timedelta(minutes=7 * number)
        text = f"Message {number}. {_WORDS}"
        raw: dict[str, Any] = {
            "ts": f"{at.timestamp():.0f}.{number:06}",
            "user": writers[number % len(writers)],
            "text": text,
        }
        if number % 20 == 0:
            button = {"type": "button", "text": {"type": "plain_text", "text": "On track"}, "action_id": "a"}
            section = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
            raw["blocks"] = [section, {"type": "actions", "block_id": "b", "elements": [button]}]
        channel.add({"type": "message", **raw})
        texts.append(text)
    return texts


async def _serve(count: int) -> None:
    async with LocalSlack(now=START + timedelta(days=30), rate_limits=False) as slack:
        people = [slack.person(name) for name in ("Ana", "Ben", "Cleo")]
        channel = slack.channel("long", members=people)
        bare = Bare(fill(channel, [one.id for one in people], count))
        app = web.Application()
        app.add_routes(
            [web.get("/", bare.page), web.get("/changes", bare.changes), web.post("/say", bare.say)]
        )
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        print(slack.url, f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
        await asyncio.to_thread(sys.stdin.read)
        await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))

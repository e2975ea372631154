"""Photographs for the README: the demo's four weeks, then Ben's prompt of the fifth. `make pictures` runs this.

Needs Debian's chromium, fonts-inter and fonts-noto-color-emoji.
"""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from bot.demo import plan
from bot.demo.stage import Stage, opened_stage
from bot.demo.story import play_everything
from sandbox import Message
from sandbox.page.photograph import Shot, photograph

PICTURES = Path(__file__).parent / "pictures"
WIDTH = 1060
TALL = 2000
"""Of the window, so that a long form is not scrolled."""
ANSWER = {
    "How is it going?": "On track",
    "What became of last week’s “next”?": "Done",
    "What moved?": "The director saw it and said yes: the new pledge form is live.",
    "What is next?": "Ring the ten givers who asked for cards",
    "referred givers": "19",
    "What is in the way?": "",
}


async def make() -> None:
    with TemporaryDirectory() as folder:
        async with opened_stage(Path(folder) / "pictures.db", Console(quiet=True)) as stage:
            await play_everything(stage)
            await take(stage, "digest.png", message=stage.channel.messages[-1], reader="Maya")
            await stage.until("Maya", "Fri", "17:00")
            stage.week(5, "pictures")
            await stage.until("Ben", "Mon", "09:05")
            await take_form(stage, "Maya", f"/initiative edit {plan.NEWSLETTER}", "initiative-form.png")
            prompt = stage.prompt_of("Ben")
            await take(stage, "prompt.png", message=prompt, reader="Ben")
            await stage.opens("Ben", "Update…")
            await stage.person("Ben").fill(ANSWER)
            await take(stage, "form.png", reader="Ben")
            await stage.person("Ben").submit()
            await stage.slack.settled()
            await take(stage, "answered.png", message=prompt, reader="Ben")


async def take_form(stage: Stage, first: str, command: str, name: str) -> None:
    await stage.opens_form(first, command)
    await take(stage, name, reader=first)
    await stage.person(first).close()


async def take(stage: Stage, name: str, *, reader: str, message: Message | None = None) -> None:
    """A message as `reader` sees it, or the form they have open."""
    place, selector = "form", ".form"
    if message is not None:
        place, selector = message.conversation.id, f'article[data-ts="{message.ts}"]'
    url = f"{stage.slack.url}/as/{stage.person(reader).id}/{place}"
    await photograph([Shot(url, PICTURES / name, selector, width=WIDTH, height=TALL)])


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    asyncio.run(make())

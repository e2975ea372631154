"""A Bolt app on a local Slack whose people sit at browsers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.browser.windows import Windows, opened_windows
from tests.sandbox.conftest import Office, opened_office
from tests.sandbox.support import bolt_for, connected

JSON = dict[str, Any]


@dataclass
class Bot:
    """On /plan opens `view`, or says `reply`; answers submissions with `answer`; keeps what it is sent."""

    view: JSON | None = None
    reply: str = "It is planned."
    answer: JSON = field(default_factory=dict)
    redrawn: JSON | None = None
    sent: list[JSON] = field(default_factory=list)

    async def commanded(self, ack: Any, body: JSON, client: Any) -> None:
        self.sent.append(body)
        await ack("" if self.view else self.reply)
        if self.view:
            await client.views_open(trigger_id=body["trigger_id"], view=self.view)

    async def submitted(self, ack: Any, body: JSON) -> None:
        self.sent.append(body)
        await ack(**self.answer)

    async def acted(self, ack: Any, body: JSON, client: Any) -> None:
        self.sent.append(body)
        await ack()
        if self.redrawn:
            await client.views_update(view_id=body["view"]["id"], view=self.redrawn)

    async def heard(self) -> None:
        """Whatever is written: Slack waits for an answer to every event it sends."""

    async def offered(self, ack: Any, body: JSON) -> None:
        found = [
            one for one in ("Red", "Rust", "Blue") if one.casefold().startswith(body["value"].casefold())
        ]
        await ack(
            options=[{"text": {"type": "plain_text", "text": one}, "value": one.casefold()} for one in found]
        )


@dataclass(frozen=True)
class Desk:
    """An office with an app, and browser pages to sit at."""

    office: Office
    bot: Bot
    windows: Windows

    async def sits(self, who: str, where: str = "marketing") -> Any:
        return await self.windows.on(f"/as/{who}/{where}")

    def actions(self) -> list[JSON]:
        return [one for one in self.bot.sent if one.get("type") == "block_actions"]


@asynccontextmanager
async def opened_desk(bot: Bot, **options: Any) -> AsyncIterator[Desk]:
    """`options` are those of its windows."""
    async with opened_office() as office, opened_windows(office.slack.url, **options) as windows:
        bolt = bolt_for(office.slack, office.app)
        bolt.command("/plan")(bot.commanded)
        bolt.view("plan")(bot.submitted)
        bolt.options("pick")(bot.offered)
        for event in ("message", "member_joined_channel"):
            bolt.event(event)(bot.heard)
        for kind in ("global_shortcut", "message_shortcut"):
            getattr(bolt, kind)({"global_shortcut": "plan.new", "message_shortcut": "plan.from"}[kind])(
                bot.acted
            )
        for action_id in ("go", "in", "pick", "more"):
            bolt.action(action_id)(bot.acted)
        async with connected(office.slack, office.app, bolt, "socket"):
            yield Desk(office, bot, windows)


async def writes(page: Any, words: str) -> None:
    await page.locator("main").get_by_role("textbox").fill(words)
    await page.keyboard.press("Enter")

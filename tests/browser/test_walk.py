"""Someone new on the demo's page, with the real bot: set-up, the first answer, the first digest."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from demo import plan
from demo.setting_up import set_up
from demo.stage import Stage, opened_slack, url_of
from demo.telling import Teller
from sandbox.page.photograph import CHROMIUM, available
from tests.browser.windows import Windows, opened_windows
from tests.support.bot_process import running_bot

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not available(), reason=f"{CHROMIUM} is missing"),
]


@asynccontextmanager
async def opened_page(folder: Path) -> AsyncIterator[tuple[Stage, Windows]]:
    """The demo's team with nothing set up."""
    async with (
        opened_slack() as slack,
        opened_windows(slack.url) as windows,
        running_bot(slack, slack.app, url_of(folder / "walk.db")),
    ):
        yield Stage(slack, Teller(Console(quiet=True))), windows


async def says(page: Any, words: str) -> None:
    await page.get_by_role("textbox", name="Message").fill(words)
    await page.keyboard.press("Enter")


async def fills(page: Any, values: dict[str, str]) -> None:
    """By label, as a person reads it."""
    form = page.get_by_role("dialog")
    for label, value in values.items():
        field = form.get_by_label(label).first
        if await field.evaluate("one => one.matches('select')"):
            await field.select_option(label=value)
        else:
            await field.fill(value)


ACTIONS, MOST_ACTIONS = 20, 40
"""Of someone new: nine clicks in a page, five fields, three forms sent, Ruth's page opened, her yes, and a click as the
answer; turns of the clock come on top.
"""
PLAN = """\
Newsletter relaunch @maya by 31 March, subscribers 4,200→6,000, £1,200, decides subject and layout, sponsor @ruth
KPI Cost per new giver £52→£38 by 31 March @ben monthly, goal 1
"""


async def test_someone_new_sets_up_answers_and_reads_the_first_digest(tmp_path: Path) -> None:
    async with opened_page(tmp_path) as (_, windows):
        maya, ruth = await windows.new(), await windows.new()
        await maya.goto("/")
        await maya.get_by_role("link", name="Maya Okafor").click()
        await maya.get_by_role("link", name="Drumbeat").click()
        await maya.get_by_role("link", name="Home").click()
        await maya.get_by_text("Hello, I am Drumbeat").wait_for()
        await maya.get_by_role("button", name="Set up a rhythm here…").click()
        form = maya.get_by_role("dialog", name="Set up the rhythm")
        await form.get_by_role("button", name="Continue").click()
        await form.get_by_role("alert").first.wait_for()
        await fills(
            maya,
            {
                "Channel": "#marketing",
                "Name": "Harbor Lights",
                "Why": "One child in three cannot swim.",
                "Goal 1": "Newsletter subscribers from 4,200 to 6,000 by 31 March",
            },
        )
        await form.get_by_role("button", name="Continue").click()
        form = maya.get_by_role("dialog", name="Your plan")
        await form.wait_for()
        await fills(maya, {"Your plan": PLAN})
        await form.get_by_role("button", name="Continue").click()
        await form.get_by_text("I understood 1 initiative and 1 KPI.").wait_for()
        assert await form.get_by_text("Not understood").count() == 0
        await form.get_by_role("button", name="Start").click()
        await form.get_by_text("Started: 1 initiative and 1 KPI.").wait_for()
        await form.get_by_text("Close", exact=True).click()
        await form.wait_for(state="detached")
        await maya.get_by_role("link", name="Drumbeat").click()
        await maya.wait_for_url("**/drumbeat")
        await ruth.goto("/as/ruth.adler/drumbeat")
        await ruth.get_by_role("button", name="Confirm").click()
        await maya.get_by_role("button", name="Monday 09:00").click()
        await maya.get_by_role("button", name="On track").click()
        await maya.get_by_text("Recorded").wait_for()
        await ruth.get_by_role("link", name="marketing").click()
        turns = await turns_until(maya, "This week is closed")
        assert ACTIONS + turns <= MOST_ACTIONS
        await ruth.get_by_text("Week of 23 Nov").wait_for()


async def test_owners_answer_in_three_ways_a_decision_is_made_and_a_review_is_held(tmp_path: Path) -> None:
    async with opened_page(tmp_path) as (stage, windows):
        await set_up(stage)
        await stage.slack.clock.advance(to=monday_evening())
        aroha, maya, ben = [await sits(windows, one) for one in ("aroha.ngata", "maya.okafor", "ben.carter")]
        await aroha.get_by_role("button", name="On track").click()
        await aroha.get_by_text("Recorded").wait_for()
        await says(maya, "on track, 4,230 subscribers")
        await maya.get_by_text("Recorded").wait_for()
        await ben.get_by_role("button", name="Update…").click()
        await ben.get_by_role("radio", name="At risk").check()
        await fills(ben, ASK)
        await ben.get_by_role("button", name="Save").click()
        await ben.get_by_text("Recorded").wait_for()
        ruth = await sits(windows, "ruth.adler")
        await (
            ruth.get_by_role("article")
            .filter(has_text=ASK["Need something from someone?"])
            .get_by_role("button", name="Yes")
            .click()
        )
        await ben.get_by_role("log").get_by_text("Ruth Adler", exact=False).last.wait_for()
        await maya.get_by_role("link", name="marketing").click()
        await turns_until(maya, "Week of 23 Nov")
        digest = maya.get_by_role("article").filter(has_text="Week of 23 Nov")
        assert "3 of 5 answered" in await digest.inner_text()
        assert "The pledge form is late" in await digest.inner_text()
        await says(maya, "/rhythm review")
        await maya.get_by_role("article").filter(has_text="Review of ").first.wait_for()
        await maya.get_by_role("link", name="Drumbeat").click()
        await maya.get_by_role("button", name="Answer…").click()
        await maya.get_by_role("dialog").get_by_label("Yes, it still holds").check()
        await fills(maya, {"What changed in the market?": "Nothing new"})
        await maya.get_by_role("button", name="Save").click()
        await maya.get_by_role("dialog").wait_for(state="detached")
        await maya.get_by_role("button", name="stop…").first.click()
        await fills(maya, {"On what evidence, in a sentence?": "Subscribers grow by the week"})
        await maya.get_by_role("dialog").locator("footer .primary").click()
        await maya.get_by_role("dialog").wait_for(state="detached")
        await maya.get_by_text("Subscribers grow by the week").first.wait_for()


async def test_the_clock_plays_from_event_to_event_until_it_is_paused(tmp_path: Path) -> None:
    async with opened_page(tmp_path) as (stage, windows):
        await set_up(stage)
        maya = await windows.on("/as/maya.okafor/marketing")
        await maya.get_by_role("button", name="Play").click()
        await maya.get_by_text("Week of 23 Nov").wait_for()
        await maya.get_by_role("button", name="Pause").click()
        await maya.get_by_role("button", name="Play").wait_for()
        paused = stage.slack.clock.now
        assert paused.date() >= plan.FIRST_MONDAY + timedelta(days=2)
        await maya.reload()
        assert stage.slack.clock.now == paused


ASK = {
    "What is in the way?": "The pledge form is late",
    "Need something from someone?": "New pledge form or the old one?",
    "From whom?": "Ruth Adler",
    "By when?": "2026-11-27",
    "Otherwise": "We keep the old form",
}


def monday_evening() -> datetime:
    """When everybody's Monday morning has come."""
    return datetime.combine(plan.FIRST_MONDAY, time(9, 30), plan.PEOPLE["Ben"].zone)


async def sits(windows: Windows, who: str) -> Any:
    return await windows.on(f"/as/{who}/drumbeat")


NEWEST = """async () => {
  const html = await (await fetch(location.href)).text();
  return Number(new DOMParser().parseFromString(html, "text/html").body.dataset.changes);
}"""
"""As of how many changes the page would be drawn by now."""


async def turns_until(page: Any, words: str) -> int:
    """By the clock's own button, from event to event, each shown with all that came of it; how many times it took."""
    turns = 0
    while not await page.get_by_text(words).count():
        turned = page.expect_response(
            lambda answer: answer.request.method == "POST" and answer.url.endswith("/clock")
        )
        async with turned as answered:
            await page.get_by_role("button", name="Next:").click()
        await (await answered.value).finished()
        newest = await page.evaluate(NEWEST)
        await page.wait_for_function("newest => Number(document.body.dataset.changes) >= newest", arg=newest)
        turns += 1
    return turns

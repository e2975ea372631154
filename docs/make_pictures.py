"""Photographs for README.md and docs/pictures.md: of set-up, of the demo's first weeks and of its end, and a film.

`make pictures` runs this.

Needs Debian's chromium, fonts-inter and fonts-noto-color-emoji.
"""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from animation import animate
from rich.console import Console

from demo import plan
from demo.months import review as hold_review
from demo.setting_up import say_channel
from demo.stage import Stage, opened_stage
from demo.story import SCENES
from demo.turns import take_turns
from sandbox import Message
from sandbox.page.photograph import Shot, opened_browser, photograph

PICTURES = Path(__file__).parent / "pictures"
WIDTH, PHONE = 1060, 390
SCREEN = 844
"""Of a phone, which a form fills."""
REPORT_STYLE = b"html, body { height: 1480px; overflow: hidden; }</style>"
"""A whole one is too long for a picture."""
TALL = 3000
"""Of the window, so that a long form is not scrolled."""
UNTIL_BEN_ASKS, UNTIL_TOM_EDITS, UNTIL_JANUARY = 4, 5, 7
"""Scenes played before a picture."""
ANSWER = {
    "How is it going?": "On track",
    "What became of last week’s “next”?": "Done",
    "What moved?": "The director saw it and said yes: the new pledge form is live.",
    "What is next?": "Ring the ten givers who asked for cards",
    "referred givers": "19",
    "What is in the way?": "",
}
ASK = {
    "Need something from someone?": "May the summer camp join the referrals?",
    "From whom?": plan.PEOPLE["Ruth"].mention_by_name,
    "By when?": "2027-02-26",
    "Otherwise": "We ask again in April",
}


SEVERAL = plan.PASTED.replace("@priya", "@maya").replace("@tom", "@maya")
SEVERAL = SEVERAL.replace("@maya monthly", "@maya").replace("@ben monthly", "@maya")
"""The plan with three initiatives and four KPIs for one person, asked for each week."""


async def make() -> None:
    with TemporaryDirectory() as folder:
        for number, pictures in enumerate((of_setting_up, of_several, of_the_week, of_the_month)):
            async with opened_stage(Path(folder) / f"{number}.db", Console(quiet=True)) as stage:
                await pictures(stage)


async def of_setting_up(stage: Stage) -> None:
    maya = stage.person("Maya")
    await stage.opens_home("Maya")
    await take_at(stage, "Maya", "home", "greeting.png", ".home")
    await stage.clicks("Maya", "Show me a digest")
    await take(stage, "example.png", message=maya.dm.messages[-1], reader="Maya")
    await stage.opens("Maya", "Set up a rhythm here…")
    said = {label: plan.STRATEGY[label] for label in ("Name", "Why", "Goal 1", "Goal 2", "Goal 3")}
    await maya.fill({"Channel": f"#{plan.CHANNEL}", **said})
    await take(stage, "setup.png", reader="Maya")
    await maya.submit()
    await maya.close()
    await stage.slack.settled()
    checklist = maya.dm.messages[-1]
    await take(stage, "checklist.png", message=checklist, reader="Maya")
    await stage.opens("Maya", "Paste a plan…")
    await maya.fill({"Your plan": plan.PASTED})
    await take(stage, "paste.png", reader="Maya")
    await maya.submit()
    await take(stage, "plan.png", reader="Maya")
    await maya.submit()
    await stage.slack.settled()
    await take(stage, "kickoff.png", message=stage.person("Ruth").dm.messages[-1], reader="Ruth")
    await maya.dismiss()
    await stage.person("Ruth").click("Confirm all 5")
    await stage.slack.settled()
    await take(stage, "checklist-ticked.png", message=checklist, reader="Maya")


async def of_several(stage: Stage) -> None:
    """Maya in the second week, with three initiatives."""
    maya = stage.person("Maya")
    await stage.opens_form("Maya", "/rhythm setup")
    await maya.click("More…")
    await maya.fill(plan.STRATEGY)
    for fields in ({"Your plan": SEVERAL}, {}):
        await maya.submit()
        await maya.fill(fields)
    await maya.submit()
    await maya.close()
    await say_channel(stage)
    await stage.until("Ruth", "Thu", "10:40")
    await stage.clicks("Ruth", "Confirm all 5")
    stage.week(1, "pictures")
    await stage.until("Maya", "Mon", "09:05")
    await stage.clicks("Maya", "All on track")
    for name, value in (("Newsletter subscribers", "4,230"), ("Answer time to parents", "38")):
        await stage.reads("Maya", name, value)
    stage.week(2, "pictures")
    await stage.until("Maya", "Mon", "09:05")
    await take(stage, "prompt-several.png", message=stage.prompt_of("Maya"), reader="Maya")
    await stage.opens("Maya", "Update all…")
    await take(stage, "form-several.png", reader="Maya")
    await stage.person("Maya").close()
    await stage.opens("Maya", "At risk", near=plan.QUESTION_DESK)
    said = {
        "What is in the way?": "One person answers all questions",
        "Need something from someone?": "May we close the desk on weekends?",
        "Otherwise": "We stay open",
    }
    await maya.fill(said)
    await take(stage, "at-risk.png", reader="Maya")


async def of_the_week(stage: Stage) -> None:
    """Ben answers the fifth week's prompt otherwise than in the story."""
    for scene in SCENES[:UNTIL_BEN_ASKS]:
        await scene(stage)
    digest = stage.channel.messages[-1]
    await take(stage, "digest.png", message=digest, reader="Maya")
    place = f"{digest.conversation.id}/{digest.ts}"
    await take_at(stage, "Maya", place, "thread.png", f'aside [data-ts="{digest.thread[0].ts}"]')
    for scene in SCENES[UNTIL_BEN_ASKS:UNTIL_TOM_EDITS]:
        await scene(stage)
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
    await film(stage)


async def film(stage: Stage) -> None:
    """Tom answers with a click, the clock turns, and the channel has its digest."""
    frames: list[tuple[bytes, float]] = []
    async with opened_browser() as browser:
        page = await browser.new_page(
            base_url=stage.slack.url, viewport={"width": 960, "height": 600}, locale="en-GB"
        )

        async def shows(seconds: float) -> None:
            frames.append((await page.screenshot(), seconds))

        await page.goto("/as/tom.lindqvist/drumbeat")
        await shows(2)
        await page.get_by_role("button", name="On track").last.hover()
        await shows(1)
        await page.get_by_role("button", name="On track").last.click()
        await page.get_by_text("Recorded").last.wait_for()
        await shows(2)
        await page.get_by_role("link", name="marketing").click()
        await page.get_by_role("button", name="Next:").wait_for()
        await shows(1)
        while not await page.get_by_text("Week of 21 Dec").count():
            before = await page.locator(".clock-bar .now").inner_text()
            await page.get_by_role("button", name="Next:").click()
            await page.wait_for_function(
                "before => document.querySelector('.clock-bar .now').innerText !== before", arg=before
            )
            await shows(1)
        await page.get_by_role("article").last.scroll_into_view_if_needed()
        await shows(4)
    (PICTURES / "week.png").write_bytes(animate(frames))


async def of_the_month(stage: Stage) -> None:
    """The January review, before its leads decide; at the end Ben asks, so that something waits for Ruth."""
    for scene in SCENES[:UNTIL_JANUARY]:
        await scene(stage)
    stage.week(UNTIL_JANUARY, "pictures")
    await take_turns(stage, UNTIL_JANUARY)
    await stage.until("Ruth", "Thu", "10:01")
    await take(stage, "lead.png", message=stage.person("Ruth").dm.messages[-1], reader="Ruth")
    review = next(m for m in stage.channel.messages if "Review of January" in m.drawn.splitlines()[0])
    await take(stage, "review.png", message=review, reader="Maya")
    await hold_review(stage, "A swimming pool in the east closed; parents ask more.", {})
    for scene in SCENES[UNTIL_JANUARY + 1 :]:
        await scene(stage)
    await stage.opens("Ben", "Edit", near=plan.REFERRALS)
    await stage.fills("Ben", "asks", ASK)
    await take(stage, "decision.png", message=stage.person("Ruth").dm.messages[-1], reader="Ruth")
    await stage.until("Ruth", "Wed", "11:40")
    await take_report(stage, "Ruth", "January", "report.png")
    await stage.opens_home("Ruth")
    await take_at(stage, "Ruth", "home", "home.png", ".home")


async def take_report(stage: Stage, lead: str, month: str, name: str) -> None:
    """The file that comes of asking for a month, down to its first charts."""
    await stage.person(lead).command("/rhythm", f"report {month}", channel=stage.channel)
    await stage.slack.settled()
    *_, file = stage.slack.workspace.files.values()
    with TemporaryDirectory() as folder:
        page = Path(folder) / file.name
        page.write_bytes((file.content or b"").replace(b"</style>", REPORT_STYLE))
        shots = (PICTURES / name, WIDTH), (PICTURES / name.replace(".png", "-phone.png"), PHONE)
        await photograph([Shot(page.as_uri(), path, width=width, height=SCREEN) for path, width in shots])


async def take_form(stage: Stage, first: str, command: str, name: str) -> None:
    await stage.opens_form(first, command)
    await take(stage, name, reader=first)
    await stage.person(first).close()


async def take(stage: Stage, name: str, *, reader: str, message: Message | None = None) -> None:
    """A message as `reader` sees it, or the form they have open."""
    place, selector = "form", ".form"
    if message is not None:
        place, selector = message.conversation.id, f'article[data-ts="{message.ts}"]'
    await take_at(stage, reader, place, name, selector)


async def take_at(stage: Stage, reader: str, place: str, name: str, selector: str) -> None:
    url = f"{stage.slack.url}/as/{stage.person(reader).id}/{place}"
    on_phone = PICTURES / name.replace(".png", "-phone.png")
    high = SCREEN if place == "form" else TALL
    shots = (PICTURES / name, WIDTH, TALL), (on_phone, PHONE, high)
    await photograph([Shot(url, path, selector, width=width, height=height) for path, width, height in shots])


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    asyncio.run(make())

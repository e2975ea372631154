"""What is reckoned of a phone's screens is what a browser shows."""

import json

import pytest

from sandbox.page.photograph import CHROMIUM, available, opened_browser
from tests.sandbox.page.stage import staged
from tests.support.golden import FOLDER
from tests.support.phone import SCREEN, phone_screens

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not available(), reason=f"{CHROMIUM} is missing"),
]
DRAWN = ("prompt_five", "prompt_typical", "prompt_partly", "kickoff_five", "reminder")
_NEAR = 0.15


async def test_messages_stand_on_a_phone_as_high_as_is_reckoned() -> None:
    """The weekly message of five initiatives takes at most one and a half screens."""
    messages = {name: json.loads((FOLDER / f"{name}.json").read_text("utf-8")) for name in DRAWN}
    shown: dict[str, float] = {}
    async with staged() as stage, opened_browser() as browser:
        bot = {"type": "message", "user": stage.app.bot_user_id, "app_id": stage.app.app_id, "bot_id": "B1"}
        page = await browser.new_page(base_url=stage.slack.url, viewport={"width": 390, "height": 844})
        for number, (name, message) in enumerate(messages.items()):
            ts = f"{stage.slack.clock.now.timestamp() + 3600 * number:.0f}.000100"
            stage.marketing.add({**bot, "ts": ts, "text": message["text"], "blocks": message["blocks"]})
            await page.goto(f"/as/{stage.maya.id}/{stage.marketing.id}")
            box = await page.locator(f'article[data-ts="{ts}"]').bounding_box()
            assert box is not None
            shown[name] = box["height"] / SCREEN
        screen = await page.locator(".scroll").first.evaluate("one => one.clientHeight")

    assert screen == SCREEN
    assert shown["prompt_five"] <= 1.5
    reckoned = {name: phone_screens(message["blocks"]) for name, message in messages.items()}
    far = {name: (shown[name], one) for name, one in reckoned.items() if abs(one / shown[name] - 1) > _NEAR}
    assert far == {}

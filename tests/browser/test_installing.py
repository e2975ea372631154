"""Somebody installs an app by clicks, in a real Chromium that keeps to the page's policy."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from aiohttp import web

from sandbox.page.photograph import CHROMIUM, available
from tests.browser.test_acting import finds_nothing
from tests.browser.windows import opened_windows
from tests.sandbox.test_oauth import by_oauth, opened_shop

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not available(), reason=f"{CHROMIUM} is missing"),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_click_on_allow_leads_to_the_app_and_one_on_cancel_too(scheme: str) -> None:
    async def told(request: web.Request) -> web.Response:
        return web.Response(text="<!doctype html><title>The app</title>", content_type="text/html")

    app = web.Application()
    app.add_routes([web.get("/oauth_redirect", told), web.get("/favicon.ico", told)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    back = f"http://127.0.0.1:{runner.addresses[0][1]}/oauth_redirect"
    window = {"viewport": {"width": 390, "height": 844}, "color_scheme": scheme}
    async with opened_shop() as shop, opened_windows(shop.slack.url, **window) as windows:
        shop.app = shop.slack.register(by_oauth(back=back))
        page: Any = await windows.on(shop.address(scope="chat:write,pins:write"))
        await finds_nothing(page, 390)
        await page.get_by_label("Install it as").select_option(label="Olive")
        await page.get_by_label("pins:write").uncheck()
        await page.get_by_role("button", name="Allow").click()
        await page.wait_for_url(f"{back}?**")
        sent = dict(parse_qsl(urlsplit(page.url).query))
        granted = await shop.exchange(sent["code"])
        assert (granted["team"]["name"], granted["scope"]) == ("Orchard", "chat:write")
        await page.goto(shop.address())
        await page.get_by_role("button", name="Cancel").click()
        await page.wait_for_url(f"{back}?error=access_denied**")
        await page.goto("/")
        await finds_nothing(page, 390)
        await page.get_by_role("link", name="Olive").click()
        assert urlsplit(page.url).path.startswith("/in/orchard/as/olive")
        await finds_nothing(page, 390)
    await runner.cleanup()

"""Browser windows on a local Slack, of which the browser must have nothing to complain."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sandbox.page.photograph import opened_browser
from tests.support.waiting import LONG


@dataclass(frozen=True)
class Windows:
    browser: Any
    options: dict[str, Any]
    complaints: list[str] = field(default_factory=list)
    """Of the browser; there must be none at the end."""

    async def new(self) -> Any:
        """A page in a window of its own: Chromium draws a page behind another once in a while only."""
        context = await self.browser.new_context(locale="en-GB", **self.options)
        context.set_default_timeout(LONG * 1_000)
        context.on("console", lambda said: self.complaints.append(said.text))
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        return await context.new_page()

    async def on(self, address: str) -> Any:
        page = await self.new()
        await page.goto(address)
        return page


@asynccontextmanager
async def opened_windows(url: str, **options: Any) -> AsyncIterator[Windows]:
    async with opened_browser() as browser:
        windows = Windows(browser, {"base_url": url, **options})
        yield windows
    assert windows.complaints == []

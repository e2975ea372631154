"""Photographs of pages by Debian's Chromium; needs the `playwright` package and /usr/bin/chromium."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from playwright.async_api import Browser

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_LAUNCH_MS = 300_000


class NoChromiumError(RuntimeError):
    """There is no Chromium to take pictures with."""

    def __init__(self) -> None:
        super().__init__(f"{CHROMIUM} is missing: apt-get install chromium fonts-noto-color-emoji")


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture to take: of the first element that `selector` matches, in a window of that size (CSS pixels)."""

    url: str
    path: Path
    selector: str = "body"
    width: int = 1200
    height: int = 900


def available() -> bool:
    return CHROMIUM.exists()


@asynccontextmanager
async def opened_browser() -> AsyncIterator[Browser]:
    """A running Chromium. Raises NoChromiumError, or ImportError without playwright."""
    if not available():
        raise NoChromiumError
    from playwright.async_api import async_playwright  # noqa: PLC0415 - a development package, not installed with us

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=list(ARGUMENTS), timeout=_LAUNCH_MS
        )
        try:
            yield browser
        finally:
            await browser.close()


async def photograph(shots: Sequence[Shot]) -> None:
    """Takes the pictures at two device pixels a CSS pixel, for screens that have them, without scripts.

    Raises NoChromiumError, or playwright's TimeoutError where a selector matches nothing.
    """
    async with opened_browser() as browser:
        for shot in shots:
            page = await browser.new_page(
                viewport={"width": shot.width, "height": shot.height},
                device_scale_factor=2,
                java_script_enabled=False,
            )
            await page.goto(shot.url)
            await page.locator(shot.selector).first.screenshot(path=shot.path)
            await page.close()

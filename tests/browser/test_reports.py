"""A report in a real Chromium: for everybody, at a phone's width, and on paper."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe

from domain.reports import ReportMaterial, report_facts
from domain.reviews import ReviewMaterial
from sandbox.page.photograph import CHROMIUM, available, opened_browser
from tests.support.reviews import largest, smallest, typical
from views.reports.page import report_page

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.browser,
    pytest.mark.skipif(not available(), reason=f"{CHROMIUM} is missing"),
]

LONG_WORD = "W" * 75
FROM_RIGHT = "<script>alert('1')</script> & שלום עולם "
MADE = {
    "smallest": smallest(),
    "typical": typical(),
    "one long word": largest(LONG_WORD),
    "hostile": largest(FROM_RIGHT),
}
PAPER = {"A4": 794, "Letter": 816}
"""Widths in CSS pixels."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Any]:
    async with opened_browser() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Any) -> AsyncIterator[Any]:
    page = await browser.new_page()
    yield page
    await page.close()


async def opens(page: Any, made: ReviewMaterial, folder: Path, width: int = 1060) -> None:
    """As a file, which is how it is read."""
    file = folder / "report.html"
    file.write_text(report_page(report_facts(ReportMaterial(made, made.rhythm.at))), encoding="utf-8")
    await page.set_viewport_size({"width": width, "height": 844})
    await page.goto(file.as_uri())


@pytest.mark.parametrize("name", ["smallest", "typical"])
async def test_axe_finds_nothing(page: Any, tmp_path: Path, name: str) -> None:
    await opens(page, MADE[name], tmp_path)
    found = (await Axe().run(page)).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


@pytest.mark.parametrize("width", [390, 794, 1060])
@pytest.mark.parametrize("name", MADE)
async def test_nothing_is_wider_than_the_window(page: Any, tmp_path: Path, name: str, width: int) -> None:
    await opens(page, MADE[name], tmp_path, width)
    assert await page.evaluate("document.documentElement.scrollWidth") == width
    beyond = """[...document.querySelectorAll('main *:not(svg *):not(.unseen)')].filter(
        one => one.getBoundingClientRect().right > innerWidth).map(one => one.outerHTML)"""
    assert await page.evaluate(beyond) == []


async def test_the_letters_of_a_chart_can_be_read_on_a_phone(page: Any, tmp_path: Path) -> None:
    await opens(page, MADE["typical"], tmp_path, 390)
    heights = await page.evaluate(
        "[...document.querySelectorAll('svg text')].map(one => one.getBoundingClientRect().height)"
    )
    assert min(heights) >= 10


@pytest.mark.parametrize("paper", PAPER)
async def test_it_prints_on_a_few_pages_and_cuts_no_chart_or_row(
    page: Any, tmp_path: Path, paper: str
) -> None:
    await opens(page, MADE["typical"], tmp_path)
    printed = await page.pdf(format=paper)
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 5
    await page.emulate_media(media="print")
    whole = await page.evaluate(
        "[...document.querySelectorAll('figure, tr, article, li')].every(one => getComputedStyle(one).breakInside === 'avoid')"
    )
    assert whole


async def test_it_loads_nothing_and_runs_nothing(page: Any, tmp_path: Path) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("console", lambda message: said.append(message.text))
    await opens(page, MADE["hostile"], tmp_path)
    assert [url for url in asked if not url.endswith("report.html")] == []
    assert said == []

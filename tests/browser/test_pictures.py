"""Every message and form of docs/pictures can be read: in light and dark, on a desk and on a phone."""

import importlib
import inspect
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from rich.console import Console

from demo.stage import Stage, opened_stage
from sandbox.page.photograph import CHROMIUM, Shot, available, opened_browser
from tests.support.waiting import LONG

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not available(), reason=f"{CHROMIUM} is missing"),
]

DOCS = Path(__file__).parents[2] / "docs"
CONTRAST = {"runOnly": ["color-contrast"]}
LEAST_PIXELS = 10
"""Of a letter: what Slack sets its own smallest words in."""
TOO_WIDE = """
([selector, least]) => {
  const root = document.querySelector(selector);
  const edge = Math.min(root.getBoundingClientRect().right, innerWidth) + 1;
  const wrong = [];
  if (document.documentElement.scrollWidth > innerWidth) wrong.push("the page is wider than its window");
  for (const one of root.querySelectorAll("*")) {
    const box = one.getBoundingClientRect();
    if (!box.width || one.closest("svg, .table-frame > *, option, details:not([open]) > :not(summary)")) continue;
    const words = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    const name = `${one.tagName.toLowerCase()}.${one.className}: ${one.textContent.trim().slice(0, 40)}`;
    if (box.right > edge || box.left < -1) wrong.push(`${name} reaches out of it`);
    if (words && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline")
      wrong.push(`${name} does not hold its words`);
    if (words && parseFloat(getComputedStyle(one).fontSize) < least) wrong.push(`${name} is too small`);
  }
  return wrong;
}
"""
Pictures = Callable[[Stage], Awaitable[None]]


@pytest.fixture
def studio(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module that takes the pictures."""
    monkeypatch.syspath_prepend(DOCS)
    return importlib.import_module("make_pictures")


@pytest.fixture
async def browser() -> AsyncIterator[Any]:
    async with opened_browser() as opened:
        yield opened


class Looking:
    """A camera that looks at what it would take, in light and in dark; `faults` are by picture."""

    def __init__(self, browser: Any) -> None:
        self._browser = browser
        self.seen: set[str] = set()
        self.faults: list[str] = []

    async def __call__(self, shots: Sequence[Shot]) -> None:
        for shot in shots:
            size = {"width": shot.width, "height": shot.height}
            page = await self._browser.new_page(viewport=size, locale="en-GB")
            page.set_default_timeout(LONG * 1_000)
            await page.goto(shot.url)
            await page.locator(shot.selector).first.wait_for()
            for scheme in ("light", "dark"):
                await page.emulate_media(color_scheme=scheme)
                faults = [*await _illegible(page, shot.selector), *await _overflowing(page, shot.selector)]
                self.faults += [f"{shot.path.name}, {scheme}: {one}" for one in faults]
            await page.close()
            self.seen.add(shot.path.name)


async def _illegible(page: Any, selector: str) -> list[str]:
    found = (await Axe().run(page, context=selector, options=CONTRAST)).response
    assert found["passes"] or found["violations"] or found["incomplete"], "axe has looked at something"
    return [node["failureSummary"] for one in found["violations"] for node in one["nodes"]]


async def _overflowing(page: Any, selector: str) -> list[str]:
    wrong: list[str] = await page.evaluate(TOO_WIDE, [selector, LEAST_PIXELS])
    return wrong


def taken_by(pictures: Pictures) -> set[str]:
    """The names in its source, each once for a desk and once for a phone."""
    names = set(re.findall(r'"([\w-]+)\.png"', inspect.getsource(pictures)))
    return {f"{name}{end}.png" for name in names for end in ("", "-phone")}


KINDS = ("of_setting_up", "of_several", "of_the_week", "of_the_month")


@pytest.mark.parametrize("kind", KINDS)
async def test_every_picture_is_legible_and_nothing_reaches_out_of_it(
    kind: str, studio: Any, browser: Any, tmp_path: Path
) -> None:
    looking = Looking(browser)
    studio.CAMERA.set(looking)
    async with opened_stage(tmp_path / "pictures.db", Console(quiet=True)) as stage:
        await getattr(studio, kind)(stage)
    assert looking.faults == []
    assert looking.seen == taken_by(getattr(studio, kind))


def test_no_picture_of_the_documents_is_left_out(studio: Any) -> None:
    looked_at = set[str]().union(*(taken_by(getattr(studio, kind)) for kind in KINDS))
    there = {one.name for one in (DOCS / "pictures").iterdir()}
    assert there - {"week.png"} == looked_at, "week.png is the film"


async def test_what_cannot_be_read_or_reaches_out_is_found(browser: Any) -> None:
    looking = Looking(browser)
    wrong = (
        "<main><p style='color:%23aaa;background:%23fff'>pale</p><p style='width:3000px'>wide</p>"
        "<p style='font-size:6px'>small</p><p style='width:20px;overflow:hidden'>incomprehensible</p></main>"
    )
    await looking([Shot(f"data:text/html,<html lang=en><title>x</title>{wrong}", Path("x.png"), "main")])
    told = "\n".join(looking.faults)
    for words in ("contrast", "wider than its window", "reaches out", "too small", "does not hold its words"):
        assert words in told

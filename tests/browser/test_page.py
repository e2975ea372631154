"""A real Chromium opens the page of a local Slack."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from sandbox.page.photograph import CHROMIUM, Shot, available, opened_browser, photograph
from tests.sandbox.page import gallery
from tests.sandbox.page.stage import Stage, staged
from tests.support.waiting import LONG

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.browser,
    pytest.mark.skipif(not available(), reason=f"{CHROMIUM} is missing"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Any]:
    """One for all pages: it takes longer to start than a page to show."""
    async with opened_browser() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    async with staged() as one:
        yield one


@pytest_asyncio.fixture(loop_scope="module")
async def page(stage: Stage, browser: Any) -> AsyncIterator[Any]:
    page = await browser.new_page(base_url=stage.slack.url, viewport={"width": 1200, "height": 900})
    page.set_default_timeout(LONG * 1_000)
    yield page
    await page.close()


async def test_a_reader_goes_from_the_first_page_to_a_thread_by_its_links(page: Any) -> None:
    await page.goto("/")
    await page.get_by_role("link", name="Maya Okafor").click()
    await page.get_by_role("link", name="marketing").click()
    await page.get_by_text("1 reply").click()
    thread = page.locator(".panel")
    assert await thread.get_by_text("Late: Friday").is_visible()


async def test_buttons_and_fields_carry_the_names_an_app_knows_them_by(page: Any) -> None:
    await page.goto("/as/maya.okafor/tempo")
    button = page.locator('button[data-block-id="newsletter_relaunch"][data-action-id="at_risk"]')
    assert await button.inner_text() == "At risk"


async def test_a_form_lies_over_the_conversation_with_its_errors_in_view_at_their_fields(
    stage: Stage, page: Any
) -> None:
    stage.opens_form()
    await page.goto("/as/maya.okafor/form")
    form = page.get_by_role("dialog", name="New initiative")
    due = form.locator('.block[data-block-id="due"]')
    assert await due.get_by_role("alert").inner_text() == gallery.ERRORS["due"]
    await due.scroll_into_view_if_needed()
    assert await due.is_visible()


@pytest.mark.parametrize("width", [1200, 900])
@pytest.mark.parametrize("where", ["marketing", "tempo", "home"])
async def test_nothing_is_wider_than_the_window(stage: Stage, page: Any, width: int, where: str) -> None:
    stage.publishes_home()
    await page.set_viewport_size({"width": width, "height": 900})
    await page.goto(f"/as/maya.okafor/{where}")
    assert await page.evaluate("document.documentElement.scrollWidth") == width
    inside = "[...document.querySelectorAll('.scroll')].every(one => one.scrollWidth <= one.clientWidth)"
    assert await page.evaluate(inside)


async def test_right_to_left_words_are_set_from_the_right(page: Any) -> None:
    await page.goto("/as/maya.okafor/marketing")
    words = page.get_by_text("مرحبا")
    assert await words.evaluate("one => getComputedStyle(one).direction") == "rtl"


async def test_a_chart_is_drawn_and_can_be_heard(page: Any) -> None:
    await page.goto("/as/maya.okafor/marketing")
    chart = page.get_by_role("img", name="Bar chart: Health over the last weeks")
    box = await chart.bounding_box()
    assert box["width"] > 400
    assert await chart.locator("rect").count() == 20


async def test_words_that_look_like_a_script_do_not_run(stage: Stage, page: Any) -> None:
    await stage.maya.says("<img src=x onerror=\"document.title='broken'\">", to=stage.marketing)
    await page.goto("/as/maya.okafor/marketing")
    assert await page.title() == "(1) # marketing · Sandbox"
    assert await page.get_by_text("<img src=x").is_visible()


async def test_a_photograph_is_of_the_element_asked_for_at_twice_its_size(
    stage: Stage, tmp_path: Path
) -> None:
    picture = tmp_path / "chart.png"
    await photograph([Shot(f"{stage.slack.url}/as/maya.okafor/marketing", picture, selector=".chart")])
    header = picture.read_bytes()[:24]
    assert header.startswith(b"\x89PNG")
    width = int.from_bytes(header[16:20], "big")
    assert 2 * 400 < width <= 2 * 690

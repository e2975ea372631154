"""What is posted to the page, by whom it may be, and what it then tells."""

import asyncio

import aiohttp
import pytest

from tests.sandbox.page import gallery
from tests.sandbox.page.stage import staged


async def test_what_another_site_posts_is_refused() -> None:
    async with staged() as stage, aiohttp.ClientSession(stage.slack.url) as session:
        before = len(stage.marketing.log)
        for path in (f"/as/maya.okafor/say/{stage.marketing.id}", "/as/maya.okafor/clock", "/inspect/faults"):
            headers = {"Sec-Fetch-Site": "cross-site"}
            async with session.post(path, data={"text": "x", "by": "60"}, headers=headers) as answer:
                assert answer.status == 403
        assert len(stage.marketing.log) == before
        assert stage.slack.clock.now == gallery.NOW


@pytest.mark.parametrize("what", ["say", "edit", "delete", "react", "act"])
async def test_nobody_does_anything_where_they_are_not(what: str) -> None:
    async with staged() as stage, aiohttp.ClientSession(stage.slack.url) as session:
        leads = stage.slack.workspace.channel_called("leads")
        said = await stage.maya.says("ours", to=leads)
        paths = {"say": f"say/{leads.id}", "act": f"act/{leads.id}/{said.ts}"}
        path = paths.get(what, f"act/{leads.id}/{said.ts}/{what}")
        given = {"text": "theirs", "name": "eyes"}
        async with session.post(f"/as/ben.carter/{path}", data=given) as answer:
            assert answer.status == 404
        assert [one.text for one in leads.messages] == ["ours"]
        assert "reactions" not in said.raw


async def test_a_message_of_somebody_else_is_not_edited() -> None:
    async with staged() as stage, aiohttp.ClientSession(stage.slack.url) as session:
        said = await stage.maya.says("mine", to=stage.marketing)
        path = f"/as/ben.carter/act/{stage.marketing.id}/{said.ts}/edit"
        async with session.post(path, data={"text": "his"}) as answer:
            assert answer.status == 400
            assert "didn&#x27;t write that" in await answer.text()
        assert said.text == "mine"


async def test_a_form_of_somebody_else_is_not_there() -> None:
    async with staged() as stage, aiohttp.ClientSession(stage.slack.url) as session:
        stage.opens_form()
        view = stage.slack.workspace.stacks[stage.maya.id][-1]
        async with session.post(f"/as/ben.carter/act/view/{view.id}/close") as answer:
            assert answer.status == 404
        async with session.post(f"/as/maya.okafor/act/view/{view.id}/submit?") as answer:
            assert answer.status in (200, 400)
        assert stage.slack.workspace.stacks[stage.maya.id]


async def test_a_button_that_has_gone_in_the_meantime_is_said_to_have() -> None:
    async with staged() as stage, aiohttp.ClientSession(stage.slack.url) as session:
        said = await stage.maya.says("x", to=stage.marketing)
        path = f"/as/maya.okafor/act/{stage.marketing.id}/{said.ts}?block=b&action=gone"
        async with session.post(path) as answer:
            assert answer.status == 400
            assert "changed in the meantime" in await answer.text()


async def test_a_change_is_told_to_whoever_listens() -> None:
    async with staged() as stage, aiohttp.ClientSession(stage.slack.url) as session:
        since = stage.slack.changes.count
        async with session.get(f"/changes?since={since}") as answer, asyncio.timeout(60):
            await session.post("/as/maya.okafor/clock", data={"by": "60"})
            line = await answer.content.readline()
        assert line.startswith(b"data: ")
        assert int(line.removeprefix(b"data: ")) > since


async def test_only_the_newest_of_many_messages_are_drawn_until_more_are_asked_for() -> None:
    async with staged() as stage, aiohttp.ClientSession(stage.slack.url) as session:
        for number in range(130):
            stage.marketing.add(
                {"user": stage.ben.id, "text": f"no {number}.", "ts": stage.marketing.next_ts()}
            )
        page = await (await session.get("/as/maya.okafor/marketing")).text()
        assert "no 129." in page
        assert "no 29." not in page
        more = await (await session.get("/as/maya.okafor/marketing?shown=200")).text()
        assert "no 29." in more


async def test_what_is_done_before_the_app_is_there_waits_for_it() -> None:
    async with staged() as stage, aiohttp.ClientSession(stage.slack.url) as session:
        stage.slack.ready.clear()
        before = len(stage.marketing.log)
        path = f"/as/maya.okafor/say/{stage.marketing.id}"
        posting = asyncio.create_task(session.post(path, data={"text": "early"}))
        async with session.get("/as/maya.okafor/marketing") as seen:
            assert seen.status == 200
        assert len(stage.marketing.log) == before
        stage.slack.ready.set()
        assert (await posting).status == 200
        assert len(stage.marketing.log) == before + 1


async def test_what_no_app_hears_of_is_told_to_the_page_all_the_same() -> None:
    async with staged() as stage:
        before = stage.slack.changes.count
        said = await stage.ben.says("quietly", to=stage.marketing)
        assert stage.slack.changes.count > before
        before = stage.slack.changes.count
        await stage.ben.deletes(said)
        assert stage.slack.changes.count > before

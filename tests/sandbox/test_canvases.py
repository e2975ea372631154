"""Canvases of channels: made and changed by an app as in Slack, read and written in by people."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from tests.sandbox.conftest import Office
from tests.sandbox.support import client, manifest

JSON = dict[str, Any]
PLAN = "# Plan\n\n> why\n\n- one\n- two\n\nlast"


def markdown(words: str) -> JSON:
    return {"type": "markdown", "markdown": words}


def change(operation: str, words: str | None = None, **more: Any) -> list[JSON]:
    return [{"operation": operation, **({"document_content": markdown(words)} if words else {}), **more}]


async def made(office: Office, words: str = PLAN) -> str:
    await office.ana.invites(office.app, office.marketing)
    answer = await office.api.conversations_canvases_create(
        channel_id=office.marketing.id, document_content=markdown(words)
    )
    return str(answer["canvas_id"])


def written(office: Office) -> str:
    assert office.marketing.canvas
    return office.marketing.canvas.markdown


async def test_a_channels_canvas_is_told_by_the_channel_and_looked_at_as_a_file(office: Office) -> None:
    canvas_id = await made(office)
    channel = (await office.api.conversations_info(channel=office.marketing.id))["channel"]
    assert channel["properties"]["canvas"]["file_id"] == canvas_id
    assert channel["properties"]["canvas"]["is_empty"] is False
    file = (await office.api.files_info(file=canvas_id))["file"]
    assert (file["filetype"], file["user"]) == ("quip", office.app.bot_user_id)
    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {office.app.bot_token}"}
        async with session.get(file["url_private"], headers=headers) as answer:
            html = await answer.text()
        async with session.get(file["url_private"]) as answer:
            stranger = await answer.text()
    assert '<h1 id="temp:C:' in html
    assert "<li>two</li>" in html
    assert "Sign in" in stranger


async def test_a_channel_has_one_canvas(office: Office) -> None:
    await made(office)
    with pytest.raises(SlackApiError, match="channel_canvas_already_exists"):
        await made(office)


@pytest.mark.parametrize(
    ("edit", "left"),
    [
        (change("replace", "new"), "new"),
        (change("insert_at_start", "new"), f"new\n\n{PLAN}"),
        (change("insert_at_end", "new"), f"{PLAN}\n\nnew"),
        (change("insert_after", "new", section_id="h1"), "# Plan\n\nnew\n\n> why\n\n- one\n- two\n\nlast"),
        (change("insert_before", "new", section_id="h1"), f"new\n\n{PLAN}"),
        (change("replace", "new", section_id="h1"), "new\n\n> why\n\n- one\n- two\n\nlast"),
        (change("delete", section_id="h1"), "> why\n\n- one\n- two\n\nlast"),
    ],
)
async def test_a_change_changes_what_it_names(office: Office, edit: list[JSON], left: str) -> None:
    canvas_id = await made(office)
    criteria = {"section_types": ["any_header"], "contains_text": "Plan"}
    found = await office.api.canvases_sections_lookup(canvas_id=canvas_id, criteria=criteria)
    [heading] = found["sections"]
    named = [{**one, **({"section_id": heading["id"]} if "section_id" in one else {})} for one in edit]
    await office.api.canvases_edit(canvas_id=canvas_id, changes=named)
    assert written(office) == left


async def test_a_title_is_changed_by_itself(office: Office) -> None:
    canvas_id = await made(office)
    rename = [{"operation": "rename", "title_content": markdown("Our plan")}]
    await office.api.canvases_edit(canvas_id=canvas_id, changes=rename)
    assert (await office.api.files_info(file=canvas_id))["file"]["title"] == "Our plan"
    assert written(office) == PLAN


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ([], "invalid_arguments"),
        (change("replace", "a") * 2, "invalid_arguments"),
        (change("improve", "a"), "invalid_arguments"),
        (change("insert_after", "a"), "invalid_arguments"),
        (change("delete"), "invalid_arguments"),
        (change("replace"), "invalid_arguments"),
        ([{"operation": "replace", "document_content": "a"}], "invalid_arguments"),
        (change("replace", "a", section_id="temp:C:none"), "canvas_editing_failed"),
        (change("replace", "> - a list in a quote"), "canvas_editing_failed"),
        (change("replace", "a" * 1_048_577), "canvas_too_large"),
    ],
)
async def test_what_slack_refuses_changes_nothing(office: Office, changes: list[JSON], error: str) -> None:
    canvas_id = await made(office)
    with pytest.raises(SlackApiError, match=error):
        await office.api.canvases_edit(canvas_id=canvas_id, changes=changes)
    assert written(office) == PLAN


async def test_an_app_reaches_the_canvases_of_its_own_channels(office: Office) -> None:
    with pytest.raises(SlackApiError, match="not_in_channel"):
        await office.api.conversations_canvases_create(
            channel_id=office.marketing.id, document_content=markdown("a")
        )
    canvas_id = await made(office)
    await office.ana.removes(office.app, office.marketing)
    with pytest.raises(SlackApiError, match="canvas_not_found"):
        await office.api.canvases_edit(canvas_id=canvas_id, changes=change("replace", "a"))


async def test_without_the_scope_nothing_is_written(office: Office) -> None:
    granted = [one for one in manifest()["oauth_config"]["scopes"]["bot"] if one != "canvases:write"]
    other = office.slack.install(manifest(), scopes=granted)
    await office.ana.invites(other, office.marketing)
    with pytest.raises(SlackApiError, match="missing_scope"):
        await client(office.slack, other).conversations_canvases_create(
            channel_id=office.marketing.id, document_content=markdown("a")
        )


async def test_a_workspace_may_switch_canvases_off(office: Office) -> None:
    canvas_id = await made(office)
    office.slack.workspace.canvas_refusal = "canvas_disabled_user_team"
    for calling in (
        office.api.canvases_edit(canvas_id=canvas_id, changes=change("replace", "a")),
        office.api.files_info(file=canvas_id),
    ):
        with pytest.raises(SlackApiError, match="canvas_disabled_user_team"):
            await calling
    with pytest.raises(PermissionError, match="switched off"):
        office.ana.writes_canvas("a", office.marketing)


async def test_people_begin_and_change_a_canvas_and_slack_says_who_did(office: Office) -> None:
    office.ana.writes_canvas("# Ours", office.marketing)
    await office.ana.invites(office.app, office.marketing)
    with pytest.raises(SlackApiError, match="channel_canvas_already_exists"):
        await office.api.conversations_canvases_create(
            channel_id=office.marketing.id, document_content=markdown("a")
        )
    assert office.marketing.canvas
    office.ben.writes_canvas("# Ours and Ben's", office.marketing)
    file = (await office.api.files_info(file=office.marketing.canvas.id))["file"]
    assert (file["user"], file["editors"]) == (office.ana.id, [office.ana.id, office.ben.id])
    with pytest.raises(PermissionError, match="not in"):
        office.cleo.writes_canvas("a", office.marketing)


async def test_a_canvas_is_read_and_written_on_the_page(office: Office) -> None:
    async with aiohttp.ClientSession(office.slack.url) as session:

        async def page(path: str) -> str:
            async with session.get(path) as answer:
                return await answer.text()

        assert "no canvas yet" in await page("/as/ana/marketing/canvas")
        await made(office, "# Plan\n\n<b>bold</b> [link](javascript:x)")
        shown = await page("/as/ana/marketing/canvas")
        assert "<h1>Plan</h1>" in shown
        assert "&lt;b&gt;bold" in shown
        assert 'href="javascript' not in shown
        assert "Canvas</a>" in await page("/as/ana/marketing")
        assert "# Plan" in await page("/as/ana/marketing/canvas?edit=1")
        where = f"/as/ana/canvas/{office.marketing.id}"
        came_from = {
            "Referer": f"{office.slack.url}/as/ana/marketing/canvas?edit=1",
            "Origin": office.slack.url,
        }
        async with session.post(where, data={"text": "# Ours"}, headers=came_from) as answer:
            assert answer.status == 200
        assert written(office) == "# Ours"

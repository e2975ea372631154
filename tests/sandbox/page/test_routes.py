"""The page's addresses, served by a local Slack."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import ClientSession

from sandbox.page import screens
from tests.sandbox.page import gallery
from tests.sandbox.page.stage import Stage, staged

Get = Callable[[str], Awaitable[tuple[int, str]]]


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with staged() as one:
        yield one


@pytest.fixture
async def get(stage: Stage) -> AsyncIterator[Get]:
    async with ClientSession(stage.slack.url) as session:

        async def fetch(path: str) -> tuple[int, str]:
            async with session.get(path) as answer:
                return answer.status, await answer.text()

        yield fetch


async def test_the_first_page_offers_everyones_eyes_but_no_bots(get: Get) -> None:
    status, page = await get("/")
    assert status == 200
    assert 'href="/as/maya.okafor"' in page
    assert "Tempo" not in page
    assert "Slackbot" not in page


async def test_a_person_starts_where_something_was_said_last(get: Get) -> None:
    status, page = await get("/as/ben.carter")
    assert status == 200
    assert '<h1 dir="auto"># marketing</h1>' in page


async def test_buttons_that_are_heard_alike_are_shown_in_the_inspector(stage: Stage, get: Get) -> None:
    twice = [
        {
            "type": "button",
            "text": {"type": "plain_text", "text": ":white_circle: Edit"},
            "action_id": f"a{n}",
        }
        for n in (1, 2)
    ]
    blocks = [{"type": "actions", "elements": twice}]
    said = stage.marketing.add(
        {"ts": "1796209200.000100", "user": stage.app.bot_user_id, "text": "Two", "blocks": blocks}
    )
    _, alike = await get(f"/inspect/{stage.marketing.id}/{said.ts}")
    twice[1]["accessibility_label"] = "Newsletter: edit"
    _, apart = await get(f"/inspect/{stage.marketing.id}/{said.ts}")
    assert "Read out alike" in alike
    assert "Read out alike" not in apart


async def test_a_person_sees_a_conversation_they_are_in(get: Get) -> None:
    status, page = await get("/as/maya.okafor/marketing")
    assert status == 200
    assert "Week 50: 3 on track" in page
    assert "@Aroha Ngata" in page
    assert "6 members" in page


async def test_a_conversation_the_person_is_not_in_is_as_if_it_did_not_exist(get: Get) -> None:
    hidden, missing = await get("/as/ben.carter/leads"), await get("/as/ben.carter/no-such-channel")
    assert hidden == missing
    assert hidden[0] == 404
    assert (await get("/as/maya.okafor/leads"))[0] == 200


async def test_only_the_person_meant_sees_a_notice(get: Get) -> None:
    assert "Only visible to you" in (await get("/as/maya.okafor/marketing"))[1]
    assert "Only visible to you" not in (await get("/as/ben.carter/marketing"))[1]


async def test_each_person_reads_times_on_their_own_clock(get: Get) -> None:
    assert "<time>11:00</time>" in (await get("/as/maya.okafor/marketing"))[1]
    assert "<time>3:00 AM</time>" in (await get("/as/ben.carter/marketing"))[1]


async def test_the_direct_message_with_an_app_goes_by_its_name(get: Get) -> None:
    status, page = await get("/as/maya.okafor/tempo")
    assert status == 200
    assert "Your check-in for week 50" in page
    status, page = await get("/as/ben.carter/tempo")
    assert status == 200
    assert "Nothing has been said here yet." in page


async def test_a_direct_message_is_no_channel_to_choose(stage: Stage) -> None:
    maya = stage.maya
    workspace = stage.slack.workspace
    assert workspace.find_im(maya.id, stage.app.bot_user_id) is not None
    assert set(screens.reader_of(workspace, workspace.users[maya.id]).channels.values()) == {
        "marketing",
        "leads",
    }


async def test_a_thread_opens_beside_its_channel(get: Get) -> None:
    status, page = await get(f"/as/maya.okafor/marketing/{gallery.DIGEST['ts']}")
    assert status == 200
    assert 'class="panel"' in page
    assert "Late: Friday" in page
    assert "Late: Friday" not in (await get("/as/maya.okafor/marketing"))[1]
    assert (await get("/as/maya.okafor/marketing/1.000001"))[0] == 404


async def test_an_open_form_is_shown_with_its_errors_to_whom_it_is_open(stage: Stage, get: Get) -> None:
    assert (await get("/as/maya.okafor/form"))[0] == 404
    stage.opens_form()
    status, page = await get("/as/maya.okafor/form")
    assert status == 200
    assert gallery.ERRORS["due"] in page
    assert (await get("/as/ben.carter/form"))[0] == 404


async def test_the_home_tab_is_the_persons_own(stage: Stage, get: Get) -> None:
    stage.publishes_home()
    assert "Your check-in for week 50" in (await get("/as/maya.okafor/home"))[1]
    assert "has not published" in (await get("/as/ben.carter/home"))[1]
    assert (await get("/as/ben.carter/home?app=A404"))[0] == 404


async def test_nobody_looks_through_a_bots_eyes_or_those_of_nobody(get: Get) -> None:
    assert (await get("/as/tempo"))[0] == 404
    assert (await get("/as/slackbot"))[0] == 404
    assert (await get("/as/nobody"))[0] == 404


async def test_what_a_person_writes_reaches_the_page_escaped(stage: Stage, get: Get) -> None:
    await stage.maya.says("<script>alert(1)</script> & more", to=stage.marketing)
    page = (await get("/as/maya.okafor/marketing"))[1]
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page
    assert "<script>" not in page


async def test_the_page_lets_no_script_run_but_its_own(stage: Stage) -> None:
    async with ClientSession(stage.slack.url) as session, session.get("/as/maya.okafor/marketing") as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "script-src 'self';" in policy
    async with ClientSession(stage.slack.url) as session, session.get("/page/style.css") as answer:
        assert answer.content_type == "text/css"


def test_the_scripts_stay_few_and_load_nothing_from_elsewhere() -> None:
    scripts = [path.read_text("utf-8") for path in Path(screens.__file__).parent.glob("*.js")]
    assert len(scripts) == 3
    assert sum(len(script.splitlines()) for script in scripts) <= 400
    assert not any("http" in script for script in scripts)


async def test_somebody_is_written_to_for_the_first_time(stage: Stage, get: Get) -> None:
    dora = stage.slack.person("Dora Lang")
    _, page = await get("/as/ben.carter/marketing")
    (menu,) = re.findall(r"<summary>Write to…</summary>.*?</details>", page)
    assert '<a href="/as/ben.carter/dora.lang">Dora Lang</a>' in menu
    assert "Ben Carter" not in menu
    assert "Tempo" not in menu
    status, page = await get("/as/ben.carter/dora.lang")
    assert status == 200
    assert "Nothing has been said here yet." in page
    where = stage.slack.workspace.find_im(stage.ben.id, dora.id)
    assert where is not None
    async with ClientSession(stage.slack.url) as session:
        await session.post(f"/as/ben.carter/say/{where.id}", data={"text": "Welcome!"})
    _, hers = await get("/as/dora.lang/ben.carter")
    assert "Welcome!" in hers
    _, page = await get("/as/ben.carter/marketing")
    assert 'dora.lang">Dora Lang</a></li>' not in page.partition("Write to…")[2].partition("</details>")[0]


async def test_an_app_is_written_to_for_the_first_time_from_its_home(stage: Stage, get: Get) -> None:
    dora = stage.slack.person("Dora Lang")
    _, home = await get(f"/as/dora.lang/home?app={stage.app.app_id}")
    assert 'href="/as/dora.lang/tempo">Messages</a>' in home
    assert stage.slack.workspace.find_im(dora.id, stage.app.bot_user_id) is None
    status, page = await get("/as/dora.lang/tempo")
    assert status == 200
    assert "Nothing has been said here yet." in page


async def test_who_left_or_is_no_person_is_not_written_to(stage: Stage, get: Get) -> None:
    gone = stage.slack.person("Gone", deactivated=True)
    for name in ("slackbot", "gone", "nobody"):
        assert (await get(f"/as/ben.carter/{name}"))[0] == 404
    assert stage.slack.workspace.find_im(stage.ben.id, gone.id) is None

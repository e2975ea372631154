"""Files that people put into a form, and how an app reads them."""

import aiohttp
import pytest

from sandbox import LocalSlack, files
from tests.sandbox.conftest import MONDAY, Office
from tests.sandbox.support import SCOPES, connected, field, manifest, modal
from tests.sandbox.test_forms import Bot

UPLOAD = modal(field("Plan", {"type": "file_input", "filetypes": ["csv"], "max_files": 1}, "plan"))


async def test_a_file_in_a_form_arrives_as_an_object_and_is_read_with_the_token(
    office: Office, session: aiohttp.ClientSession
) -> None:
    bot = Bot(office, UPLOAD)
    async with connected(office.slack, office.app, bot.bolt, "http"):
        await office.ana.command("/plan", "", channel=office.marketing)
        await office.ana.fill({"Plan": {"plan.csv": b"a,b"}})
        assert office.ana.form is not None
        assert office.ana.form.values["Plan"] == ["plan.csv"]
        assert await office.ana.submit() is None
    (file,) = bot.sent[-1]["view"]["state"]["values"]["plan"]["in"]["files"]
    assert (file["name"], file["size"]) == ("plan.csv", 3)
    known = (await office.api.files_info(file=file["id"]))["file"]
    headers = {"Authorization": f"Bearer {office.app.bot_token}"}
    async with session.get(known["url_private"], headers=headers) as answer:
        assert (answer.status, await answer.read()) == (200, b"a,b")


async def test_a_form_without_its_file_stays(office: Office) -> None:
    bot = Bot(office, UPLOAD)
    async with connected(office.slack, office.app, bot.bolt, "http"):
        await office.ana.command("/plan", "", channel=office.marketing)
        form = await office.ana.submit()
        assert form is not None
        assert form.errors == {"Plan": "Please complete this required field."}


@pytest.mark.parametrize("is_allowed", [True, False])
async def test_without_token_or_scope_slack_shows_its_sign_in_page(
    session: aiohttp.ClientSession, is_allowed: bool
) -> None:
    scopes = SCOPES if is_allowed else [scope for scope in SCOPES if scope != "files:read"]
    async with LocalSlack(now=MONDAY, rate_limits=False) as slack:
        app = slack.install(manifest(scopes=scopes))
        ana = slack.person("Ana")
        stored = files.store(slack, "plan.csv", b"a,b", ana.id)
        url = files.shape_of(slack, stored)["url_private"]
        async with session.get(url) as answer:
            assert answer.content_type == "text/html"
        async with session.get(url, headers={"Authorization": f"Bearer {app.bot_token}"}) as answer:
            assert (answer.content_type != "text/html") is is_allowed

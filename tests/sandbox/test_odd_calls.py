"""Whatever an app calls with is answered in Slack's way: taken, or refused with a code, never a bare 500.

A local Slack that breaks where Slack refuses would have an app's tests look for faults in the wrong place.
"""

import json
from itertools import product
from typing import Any

import pytest
from aiohttp import ClientSession

from sandbox import canvases
from sandbox.web_api import METHODS, OWN_METHODS
from tests.sandbox.conftest import Office
from tests.sandbox.support import button, field, modal, options, section, with_one_changed

JSON = dict[str, Any]
ODD: list[Any] = [
    *(None, True, -1, 1 << 70, float("nan"), "", "²", "9" * 5000, "[]", '[{"id": []}]', "[" * 5000),
    *("\ud800", "MSH4dA==", [], {}, [{}], [None], {"type": []}),
]
BODIES = [
    *(
        b"",
        b"{",
        b"7",
        b"null",
        b"[]",
        b"[" * 100_000,
        b"\xff\xfe",
        b"a=%ff&b=%00",
        b"9" * 5000,
        b"--x\r\n\r\n",
    ),
    b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=no\r\n\r\n\xff\r\n--x--\r\n',
]
TYPES = [
    *(
        "application/json",
        "application/json; charset=nonsense",
        "application/x-www-form-urlencoded",
        "text/plain",
    ),
    *("multipart/form-data", "multipart/form-data; boundary=x", "\xff"),
]
VIEW = modal(
    section("Words", accessory=button("Go", "go")),
    field("Name", {"type": "plain_text_input", "max_length": 20}, "name"),
    field("Who", {"type": "multi_users_select"}, "who"),
    field("When", {"type": "datepicker", "initial_date": "2026-11-30"}, "when"),
    field("Which", {"type": "static_select", "options": options("One", "Two")}, "which"),
    external_id="mine",
    private_metadata="{}",
)
BLOCKS = [section("Words"), {"type": "actions", "elements": [button("Go", "go")]}]
MARKDOWN = {"type": "markdown", "markdown": "# x"}
METADATA = {"event_type": "tick", "event_payload": {"id": "1"}}

Named = dict[str, Any]
"""Words in capitals stand for what is there: see `Place.real`."""
CALLS: dict[str, Named] = {
    "api.test": {"error": "my_error"},
    "apps.uninstall": {"client_id": "CLIENT", "client_secret": "SECRET"},
    "apps.connections.open": {},
    "auth.revoke": {"test": True},
    "auth.test": {},
    "bots.info": {"bot": "BOT"},
    "canvases.edit": {
        "canvas_id": "CANVAS",
        "changes": [{"operation": "replace", "section_id": "SECTION", "document_content": MARKDOWN}],
    },
    "canvases.sections.lookup": {
        "canvas_id": "CANVAS",
        "criteria": {"section_types": ["h1"], "contains_text": "x"},
    },
    "conversations.canvases.create": {
        "channel_id": "WITHOUT_CANVAS",
        "document_content": MARKDOWN,
        "title": "x",
    },
    "chat.delete": {"channel": "DM", "ts": "POSTED"},
    "chat.getPermalink": {"channel": "DM", "message_ts": "POSTED"},
    "chat.postEphemeral": {"channel": "DM", "user": "ANA", "text": "x", "blocks": BLOCKS},
    "chat.postMessage": {
        "channel": "ANA",
        "text": "x",
        "blocks": BLOCKS,
        "attachments": [{"text": "x"}],
        "metadata": METADATA,
        "thread_ts": "POSTED",
        "reply_broadcast": True,
        "markdown_text": None,
    },
    "chat.update": {
        "channel": "DM",
        "ts": "POSTED",
        "text": "x",
        "blocks": BLOCKS,
        "attachments": [],
        "metadata": METADATA,
    },
    "conversations.history": {
        "channel": "DM",
        "oldest": "0",
        "latest": "9",
        "limit": 3,
        "cursor": "",
        "inclusive": True,
    },
    "conversations.info": {"channel": "MARKETING", "include_num_members": True},
    "conversations.join": {"channel": "MARKETING"},
    "conversations.list": {"types": "public_channel", "limit": 3, "cursor": "", "exclude_archived": True},
    "conversations.members": {"channel": "MARKETING", "limit": 3, "cursor": ""},
    "conversations.open": {"users": "ANA", "channel": "", "return_im": True},
    "conversations.replies": {
        "channel": "DM",
        "ts": "POSTED",
        "oldest": "0",
        "latest": "9",
        "limit": 3,
        "cursor": "",
    },
    "files.completeUploadExternal": {
        "files": [{"id": "FILE", "title": "x"}],
        "channel_id": "DM",
        "channels": "",
        "initial_comment": "x",
        "thread_ts": "POSTED",
        "blocks": None,
    },
    "files.getUploadURLExternal": {"filename": "x", "length": 3, "alt_txt": "x"},
    "files.info": {"file": "FILE"},
    "oauth.v2.access": {
        "client_id": "CLIENT",
        "client_secret": "SECRET",
        "grant_type": "authorization_code",
        "code": "x",
        "redirect_uri": "x",
        "refresh_token": "x",
    },
    "reactions.add": {"channel": "DM", "timestamp": "POSTED", "name": "tada"},
    "team.info": {"team": "TEAM"},
    "users.conversations": {"user": "ANA", "types": "public_channel", "limit": 3, "cursor": ""},
    "users.info": {"user": "ANA", "include_locale": True},
    "users.list": {"limit": 3, "cursor": "", "include_locale": True},
    "views.open": {"trigger_id": "TRIGGER", "view": VIEW},
    "views.publish": {"user_id": "ANA", "hash": "", "view": {"type": "home", "blocks": BLOCKS}},
    "views.push": {"trigger_id": "TRIGGER", "view": VIEW},
    "views.update": {"view_id": "OPEN", "external_id": "", "hash": "", "view": VIEW},
}


def test_every_method_is_called() -> None:
    assert set(CALLS) == {*METHODS, *OWN_METHODS}


USED_UP = {
    *("apps.uninstall", "auth.revoke", "chat.delete", "views.open", "views.push"),
    *("canvases.edit", "conversations.canvases.create"),
}
"""What these were called with is there no more."""


class Place:
    """An office in which there is something of everything that a call may name."""

    def __init__(self, office: Office, http: ClientSession) -> None:
        self._office = office
        self._http = http

    async def posts(self, path: str, raw: bytes, kind: str) -> int:
        address = f"{self._office.slack.url}{path}"
        async with self._http.post(address, data=raw, headers={"Content-Type": kind}) as answer:
            await answer.read()
            return answer.status

    async def calls(self, method: str, args: Any, **headers: str) -> tuple[int, JSON]:
        raw = args if isinstance(args, bytes) else json.dumps(args).encode()
        app = self._office.app
        token = app.app_token if method == "apps.connections.open" else app.bot_token
        told = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **headers}
        async with self._http.post(f"{self._office.slack.api_url}{method}", data=raw, headers=told) as answer:
            return answer.status, await answer.json() if answer.status == 200 else {}

    async def real(self) -> dict[str, str]:
        office = self._office
        if office.app.uninstalled or office.app.bot_token not in office.slack.tokens.apps:
            office.slack.install(office.app.registration)
        posted = (await self.calls("chat.postMessage", {"channel": office.ana.id, "text": "x"}))[1]
        opened = (await self.calls("views.open", {"trigger_id": self._trigger(), "view": modal()}))[1]
        told = (await self.calls("files.getUploadURLExternal", {"filename": "x", "length": 1}))[1]
        async with self._http.post(told["upload_url"], data=b"x"):
            pass
        bare, full = (
            office.slack.channel(f"c{len(office.slack.workspace.conversations)}", members=[office.ana])
            for _ in range(2)
        )
        bare.members[office.app.bot_user_id] = full.members[office.app.bot_user_id] = None
        canvas = canvases.add(office.slack.workspace, full, office.ana.id)
        canvas.sections = canvases.sections_of("# x")
        return {
            "CANVAS": canvas.id,
            "SECTION": next(iter(canvas.sections)),
            "WITHOUT_CANVAS": bare.id,
            "ANA": office.ana.id,
            "BOT": office.app.bot_id,
            "CLIENT": office.app.registration.client_id,
            "SECRET": office.app.registration.client_secret,
            "DM": posted["channel"],
            "FILE": told["file_id"],
            "MARKETING": office.marketing.id,
            "OPEN": opened["view"]["id"],
            "POSTED": posted["ts"],
            "TEAM": office.slack.workspace.id,
            "TRIGGER": self._trigger(),
        }

    def _trigger(self) -> str:
        slack = self._office.slack
        return slack.triggers.issue(self._office.app, self._office.ana.id, lambda _view: None).id

    def response_url(self) -> str:
        office = self._office
        url = office.slack.response_urls.issue(
            office.app, office.ana.id, office.marketing, lambda _message: None
        )
        return url.removeprefix(office.slack.url)


def named(value: Any, real: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: named(part, real) for key, part in value.items()}
    if isinstance(value, list):
        return [named(part, real) for part in value]
    return real.get(value, value) if isinstance(value, str) else value


@pytest.fixture
async def place(office: Office, session: ClientSession) -> Place:
    return Place(office, session)


@pytest.mark.parametrize("method", CALLS)
async def test_whatever_an_argument_is_the_call_is_taken_or_refused_with_a_code(
    place: Place, method: str
) -> None:
    real = await place.real()
    assert "ok" in (await place.calls(method, named(CALLS[method], real)))[1]
    for name in (*CALLS[method], "token"):
        for odd in ODD:
            if method in USED_UP:
                real = await place.real()
            status, answer = await place.calls(method, {**named(CALLS[method], real), name: odd})
            assert status == 200, (name, odd)
            assert answer["ok"] or answer["error"], (name, odd)


PARTS = {
    "chat.postMessage": ("attachments", "metadata"),
    "files.completeUploadExternal": ("files",),
    "views.publish": ("view",),
}


@pytest.mark.parametrize("method", PARTS)
async def test_whatever_a_part_of_an_argument_is_too(place: Place, method: str) -> None:
    real = await place.real()
    good = named(CALLS[method], real)
    for name in PARTS[method]:
        for odd in ODD:
            for changed in with_one_changed(good[name], odd):
                status, answer = await place.calls(method, {**good, name: changed})
                assert status == 200, (name, changed)
                assert answer["ok"] or answer["error"], (name, changed)


async def test_a_body_that_cannot_be_read_is_refused_wherever_it_comes(place: Place) -> None:
    await place.real()
    paths = [
        "/api/chat.postMessage",
        "/api/oauth.v2.access",
        "/upload/v1/F1",
        "/control/act",
        "/oauth/v2/authorize",
    ]
    for raw, kind in product(BODIES, TYPES):
        for path in (*paths, place.response_url()):
            assert await place.posts(path, raw, kind) < 500, (path, raw[:50], kind)


@pytest.mark.parametrize("name", ["text", "blocks", "response_type", "thread_ts"])
async def test_whatever_an_app_says_by_response_url_is_taken_or_refused(place: Place, name: str) -> None:
    good = {"text": "x", "blocks": BLOCKS, "response_type": "in_channel", "thread_ts": "1.2"}
    for odd in ODD:
        raw = json.dumps({**good, name: odd}).encode()
        assert await place.posts(place.response_url(), raw, "application/json") in (200, 400), odd


@pytest.mark.parametrize(
    "credentials", ["", "Basic", "Basic x", "Basic /w==", f"Basic {'A' * 401}", "Bearer"]
)
@pytest.mark.parametrize("method", ["chat.postMessage", "oauth.v2.access", "apps.connections.open"])
async def test_who_does_not_say_who_it_is_is_refused(place: Place, method: str, credentials: str) -> None:
    status, answer = await place.calls(method, {}, Authorization=credentials)
    assert (status, answer["ok"]) == (200, False)

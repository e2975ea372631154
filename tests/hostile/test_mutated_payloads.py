"""Whatever comes in, signed: an answer that is none of ours to be ashamed of, and every fault in the log.

The payloads are Slack's samples and those of a week at the office, with something wrong in each. `make hostile` sends
a hundred thousand.
"""

import asyncio
import json
import logging
import os
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from aiohttp import web
from hypothesis import given, seed
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.api import Limiter, add_api
from bot.connections import Limits
from bot.log import LibraryHandler
from bot.routes import all_routes
from bot.web import listen
from storage import kpis
from storage.installations import restore_own
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.mutations import CANARY, Mutation, mutated, so_many, torn
from tests.support.office import INITIATIVE_FIELDS, Office
from tests.support.offices import open_office
from tests.support.raw_http import FORM, JSON, Line, Response, request, signed
from tests.support.recorder import Body, recorded

TOTAL = int(os.environ.get("DRUMBEAT_HOSTILE", "2000"))
BATCH = max(1_000, TOTAL // 20)
DATABASES = ("sqlite", "postgresql")
SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.*"))
ROUTES = all_routes()
CLICKS, FORMS, SHORTCUTS = sorted(ROUTES.clicks), sorted(ROUTES.submissions), sorted(ROUTES.shortcuts)
COMMANDS = [
    (name, f"{one.name} {words}".strip())
    for name, known in ROUTES.commands.items()
    for one in known
    for words in (
        "",
        "newsletter",
        CANARY,
        f"{CANARY} 316 after the gala",
        "<@U1|x> by 31 March",
        "1 December to 4",
    )
]
REFERENCE = re.compile(r"this reference: ([0-9a-f]{8})")
COMPLAINTS = {"fault", "other_workspace_refused"}


@dataclass(frozen=True)
class Attack:
    """`payload` is the sample's number, `ids` picks the ids it names, `tear` breaks its bytes."""

    payload: int
    ids: int
    by_socket: bool
    mutations: list[Mutation]
    tear: tuple[int, int] | None


NUMBERS = st.integers(0, 1 << 40)
ATTACKS = st.builds(
    Attack,
    payload=NUMBERS,
    ids=NUMBERS,
    by_socket=st.booleans(),
    mutations=st.lists(st.builds(Mutation, where=NUMBERS, what=NUMBERS), max_size=3),
    tear=st.none() | st.none() | st.none() | st.tuples(NUMBERS, NUMBERS),
)


@dataclass
class Target:
    """An office at work, what it was sent so far, and a line to its door."""

    office: Office
    samples: list[Body]
    slack: Line
    api: Line
    api_path: str
    token: str
    secrets: tuple[str, ...]
    count: int = 0

    async def meets(self, attack: Attack) -> tuple[str, Response]:
        """What was sent, to be shown when it went wrong, and the answer."""
        self.count += 1
        if attack.payload % 20 == 0:
            return await self._reading(attack)
        sample = self.samples[attack.payload % len(self.samples)]
        payload = mutated(self._aimed(_read(sample), attack.ids), attack.mutations)
        if attack.by_socket and attack.tear is None and isinstance(payload, dict):
            answer = await self.office.bot.incoming.take_parsed(payload, {})
            return repr(payload), Response(answer.status, {}, answer.body.encode())
        raw = _written(payload, sample.kind)
        if attack.tear is not None:
            raw = torn(raw, *attack.tear)
        self.slack.sends(signed(self.office.app, raw, sample.kind))
        return repr(raw), await self.slack.answer()

    async def _reading(self, attack: Attack) -> tuple[str, Response]:
        # One of the events before may have told that the app was removed, which Slack's signature makes true.
        self.office.bot.database.run(restore_own, self.office.slack.workspace.id)
        told = {"date": "2026-11-23", "value": 316, "unit": "", "source": "crm", "note": CANARY}
        raw = json.dumps(mutated(told, attack.mutations)).encode()
        if attack.tear is not None:
            raw = torn(raw, *attack.tear)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": JSON}
        self.api.sends(request(raw, headers, path=self.api_path))
        return repr(raw), await self.api.answer()

    def _aimed(self, payload: Any, ids: int) -> Any:
        """Not seen before, and as often as not naming another button, form, shortcut or command of ours."""
        stamp = f"17800{self.count:05}.000100"
        if "event_id" in payload:
            payload["event_id"] = f"Ev{self.count}"
        event, view = payload.get("event"), payload.get("view")
        if isinstance(event, dict) and event.get("type") == "message" and "subtype" not in event:
            event["ts"] = stamp
        if isinstance(view, dict):
            view["hash"] = str(self.count)
        if ids % 2:
            if payload.get("type") == "view_submission" and isinstance(view, dict):
                view["callback_id"] = FORMS[ids % len(FORMS)]
            elif payload.get("type") in ("shortcut", "message_action"):
                payload["callback_id"] = SHORTCUTS[ids % len(SHORTCUTS)]
            elif payload.get("actions"):
                payload["actions"][0]["action_id"] = CLICKS[ids % len(CLICKS)]
            elif "command" in payload:
                payload["command"], payload["text"] = COMMANDS[ids % len(COMMANDS)]
        return payload


def _read(sample: Body) -> Any:
    if sample.kind == JSON:
        return json.loads(sample.raw)
    fields = dict(parse_qsl(sample.raw.decode(), keep_blank_values=True))
    return json.loads(fields["payload"]) if "payload" in fields else fields


def _written(payload: Any, kind: str) -> bytes:
    if kind == JSON:
        return json.dumps(payload).encode()
    if isinstance(payload, dict) and "type" not in payload and "command" in payload:
        return urlencode({name: str(value) for name, value in payload.items()}, errors="replace").encode()
    return urlencode({"payload": json.dumps(payload)}).encode()


def slack_samples(office: Office) -> list[Body]:
    """Slack's own, with the ids of this office."""
    found = []
    for path in SAMPLES:
        if path.suffix not in (".json", ".txt") or path.name.startswith("LICENSE"):
            continue
        raw = path.read_text(encoding="utf-8")
        is_about_somebody = "user_change" in path.name or "team_join" in path.name
        raw = re.sub(r"\bT[0-9_][A-Z0-9_]*\b|\bT_INSTALLED\b", office.slack.workspace.id, raw)
        if not is_about_somebody:
            raw = re.sub(r"\b[UW](?:111|222)\b", office.ben.id, raw)
        raw = re.sub(r"\bC111\b", office.marketing.id, raw)
        raw = re.sub(r"\bD[0-9]+\b", office.ben.dm.id, raw)
        is_event = path.name.startswith(("event.", "synthetic.event.", "url_"))
        if path.suffix == ".txt":
            found.append(Body(raw.strip().encode(), FORM))
        elif is_event:
            found.append(Body(raw.encode(), JSON))
        else:
            found.append(Body(urlencode({"payload": raw}).encode(), FORM))
    return found


async def a_week(office: Office) -> None:
    """Something of everything that people send."""
    maya, ben = office.maya, office.ben
    await office.set_up()
    await office.add("Newsletter relaunch")
    await maya.command("/kpi", "add", channel=office.marketing)
    await maya.fill(KPI_FIELDS)
    assert await maya.submit() is None
    await maya.command("/initiative", "add", channel=office.marketing)
    await maya.fill({**INITIATIVE_FIELDS, "Name": "Lottery"})
    await maya.submit()
    await office.slack.settled()
    await office.slack.clock.advance(to=office.slack.clock.now.replace(day=23, hour=18))
    await ben.click("At risk")
    await ben.fill({"What is in the way?": "The printer"})
    await ben.submit()
    await ben.says("off track, blocked by the printer")
    said = await ben.says("hello everybody")
    await ben.edits(said, "hello everybody, on track")
    await ben.command("/checkin")
    await ben.close()
    await ben.opens_home()
    for command, text in (
        ("/rhythm", "schedule"),
        ("/rhythm", "away"),
        ("/kpi", "token"),
        ("/kpi", "import"),
    ):
        await maya.command(command, text, channel=office.marketing)
        await maya.submit() if text == "schedule" else await maya.dismiss()
    await office.slack.settled()


@asynccontextmanager
async def target(database_url: str) -> AsyncIterator[Target]:
    async with AsyncExitStack() as stack:
        office = await stack.enter_async_context(open_office(database_url))
        bodies = await stack.enter_async_context(recorded(office.app))
        await a_week(office)
        await office.maya.command("/kpi", "token", channel=office.marketing)
        await office.maya.click("Make a token")
        assert office.maya.form is not None
        words = office.maya.form.drawn.split()
        token = next(word.strip("`") for word in words if word.strip("`").startswith("drumbeat_"))
        strategy = office.strategy
        (kpi,) = office.reads(kpis.list_kpis, strategy.workspace_id, strategy.id)
        api = web.Application()
        add_api(api, office.bot.transact, office.bot.clock.now, None, Limiter(1 << 40))
        api_port = await stack.enter_async_context(listen(api, 0, Limits()))
        port = await stack.enter_async_context(_bot_port(office))
        yield Target(
            office,
            slack_samples(office) + bodies,
            await Line.to(port),
            await Line.to(api_port),
            f"/api/v1/kpis/{kpi.id}/readings",
            token,
            (office.app.bot_token, office.app.signing_secret, token, "Traceback", 'File "'),
        )


@asynccontextmanager
async def _bot_port(office: Office) -> AsyncIterator[int]:
    from bot.web import build_web  # noqa: PLC0415

    async with listen(build_web(office.bot), 0, Limits()) as port:
        yield port


@pytest.fixture
def libraries() -> Iterator[None]:
    """What Bolt and its like report goes to our log, as in `drumbeat run`."""
    handler = LibraryHandler(logging.ERROR)
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)


@pytest.mark.usefixtures("libraries")
@pytest.mark.parametrize("batch", range(max(1, TOTAL // BATCH)))
def test_nothing_hostile_is_answered_badly_or_goes_unlogged(
    request: pytest.FixtureRequest, batch: int
) -> None:
    url: str = request.getfixturevalue(f"{DATABASES[batch % 2]}_url")
    sent: list[str] = []

    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        under_attack = runner.run(stack.enter_async_context(target(url)))

        @seed(batch)
        @so_many(BATCH)
        @given(ATTACKS)
        def attack(one: Attack) -> None:
            with capture_logs() as log:
                shown, answer = runner.run(under_attack.meets(one))
            sent.append(shown)
            judge(shown, answer, log, under_attack)

        try:
            attack()
            runner.run(under_attack.office.bot.background.idle())
            told = [
                m.text for c in under_attack.office.slack.workspace.conversations.values() for m in c.messages
            ]
            told += [m.text for m in under_attack.office.slack.workspace.ephemerals]
            of_faults = [text for text in told if REFERENCE.search(text)]
            assert not [text for text in of_faults if CANARY in text]
        finally:
            runner.run(stack.aclose())
    assert len(sent) >= BATCH


def judge(shown: str, answer: Response, log: list[Any], target: Target) -> None:
    body = answer.body.decode()
    heard = {entry["event"] for entry in log}
    why = (shown[:3000], answer.status, body[:1000], log)
    assert answer.status in (200, 201, 400, 404, 409, 413, 415, 421, 422), why
    if answer.status in (400, 421) and not body:
        assert heard & COMPLAINTS, why
    for reference in REFERENCE.findall(body):
        assert reference in {entry.get("reference") for entry in log}, why
        assert CANARY not in body, why
    assert "library_failed" not in heard, why
    written = json.dumps(log)
    for secret in (CANARY, *target.secrets):
        assert secret not in written, why
    for secret in target.secrets:
        assert secret not in body, why

"""What Slack sends of one workspace, with ids of another one in it: the other's rows stay, and nothing of it is shown.

Both have installed the bot by a click and lived two weeks. In each payload up to three ids are exchanged, wherever they
stand: in fields, in buttons' values, in forms' metadata and state. `make hostile` sends a hundred thousand.
"""

import asyncio
import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import product
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given, seed
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot.payloads import workspace_of
from bot.routes import all_routes
from sandbox.delivery.http import signature
from storage.models import Base
from tests.support.mutations import Mutation, mutated, so_many
from tests.support.raw_http import FORM, JSON, Line, Response, request
from tests.support.recorder import Body
from tests.support.rivals import Neighbours, Side, neighbours

TOTAL = int(os.environ.get("DRUMBEAT_HOSTILE", "150"))
BATCH = max(75, TOTAL // 10)
DATABASES = ("sqlite", "postgresql")
TOGETHER = 50
BROKEN = {"library_failed", "ritual_failed", "worker_failed", "tick_failed", "poisoned", "lead_not_told"}
ROUTES = all_routes()
CLICKS, FORMS = sorted(ROUTES.clicks), sorted(ROUTES.submissions)
COMPANY = "E0COMPANY1"
NUMBERS = st.integers(0, 1 << 40)


@dataclass(frozen=True)
class Attack:
    """`payload` picks what was sent, `places` the ids to exchange in it, `aim` another button or form, `mutations` more."""

    payload: int
    places: list[int]
    aim: int
    mutations: list[Mutation]


ATTACKS = st.builds(
    Attack,
    payload=NUMBERS,
    places=st.lists(NUMBERS, min_size=1, max_size=3),
    aim=NUMBERS,
    mutations=st.lists(st.builds(Mutation, where=NUMBERS, what=NUMBERS), max_size=1),
)


def read(body: Body) -> Any:
    if body.kind.startswith(JSON):
        return json.loads(body.raw)
    fields = dict(parse_qsl(body.raw.decode(), keep_blank_values=True))
    return json.loads(fields["payload"]) if "payload" in fields else fields


def written(payload: Any) -> tuple[bytes, str]:
    if isinstance(payload, dict) and "command" in payload:
        return urlencode({name: str(told) for name, told in payload.items()}, errors="replace").encode(), FORM
    if isinstance(payload, dict) and payload.get("type") == "event_callback":
        return json.dumps(payload).encode(), JSON
    return urlencode({"payload": json.dumps(payload)}).encode(), FORM


def counterparts(one: Side, other: Side, there: Neighbours) -> dict[str, str]:
    """Every id of a side, with the other's of the same kind; ids of organisations stand where there is none."""
    spaces = {world.workspace.id: world.workspace for world in there.slack.worlds}
    mine, theirs = spaces[one.lead.workspace_id], spaces[other.lead.workspace_id]
    (app,), (their_app,) = mine.apps.values(), theirs.apps.values()
    return {
        mine.id: theirs.id,
        one.lead.person_id: other.lead.person_id,
        one.owner.person_id: other.owner.person_id,
        one.channel: other.channel,
        one.dm: other.dm,
        one.ts: other.ts,
        one.file: other.file,
        app.bot_user_id: their_app.bot_user_id,
        app.bot_id: their_app.bot_id,
        **{str(id_): str(other[name]) for name, id_ in one.ids.items()},
        '"enterprise_id": null': f'"enterprise_id": "{COMPANY}"',
        '"enterprise": null': f'"enterprise": {{"id": "{COMPANY}", "name": "Company"}}',
        '"is_enterprise_install": false': '"is_enterprise_install": true',
    }


def exchanged(payload: Any, places: Sequence[int], ids: Mapping[str, str]) -> Any:
    """With those ids in place of others, wherever they stand, in strings of JSON too."""
    text = json.dumps(payload)
    found = list(re.finditer("|".join(map(re.escape, sorted(ids, key=len, reverse=True))), text))
    chosen = (
        {found[place % len(found)].span(): found[place % len(found)][0] for place in places} if found else {}
    )
    for (begin, end), was in sorted(chosen.items(), reverse=True):
        text = f"{text[:begin]}{ids[was]}{text[end:]}"
    return json.loads(text)


def aimed(payload: Any, aim: int, ids: Sequence[str]) -> Any:
    """As often as not at another button or form of ours, with the other's ids as its value."""
    if aim % 2 == 0:
        return payload
    pick = [ids[(aim >> shift) % len(ids)] for shift in (1, 7, 13)]
    values = (
        pick[0],
        ":".join(pick[:2]),
        ":".join(pick),
        json.dumps({"strategy_id": pick[0], "channel_id": pick[1]}),
    )
    if payload.get("type") == "view_submission":
        payload["view"]["callback_id"] = FORMS[aim % len(FORMS)]
        payload["view"]["private_metadata"] = values[(aim >> 3) % len(values)]
    elif payload.get("type") == "block_actions":
        payload["actions"][0]["action_id"] = CLICKS[aim % len(CLICKS)]
        payload["actions"][0]["value"] = values[(aim >> 3) % len(values)]
    return payload


def rows_of(session: Session, workspace_id: str) -> dict[str, list[str]]:
    """Everything kept of a workspace."""
    return {
        name: sorted(
            str(tuple(row))
            for row in session.execute(select(table).where(table.c.workspace_id == workspace_id))
        )
        for name, table in Base.metadata.tables.items()
        if "workspace_id" in table.c
    }


@dataclass(frozen=True)
class Heap:
    """What is sent together: in whose name it is signed (None: in nobody's), and whose words are in it."""

    about: str | None
    words_of: str


@dataclass
class Target:
    """The two, and what Slack has sent of each."""

    there: Neighbours
    samples: list[tuple[Any, Side, Side]]
    count: int = 0
    waiting: dict[Heap, list[tuple[bytes, str]]] = field(default_factory=lambda: defaultdict(list))

    def makes(self, attack: Attack) -> Heap:
        self.count += 1
        sample, one, other = self.samples[attack.payload % len(self.samples)]
        ids = counterparts(one, other, self.there)
        payload = aimed(json.loads(json.dumps(sample)), attack.aim, [*ids.values()][:-3])
        payload = mutated(exchanged(payload, attack.places, ids), attack.mutations)
        heap = Heap(workspace_of(payload) if isinstance(payload, dict) else None, one.word)
        if isinstance(payload, dict) and "event_id" in payload:
            payload["event_id"] = f"Ev{self.count}"
        self.waiting[heap].append(written(payload))
        return heap

    async def sends(self, heap: Heap) -> None:
        """Of a workspace that it is not about nothing changes, and nothing is shown."""
        others = [
            side for side in (self.there.mango, self.there.zebra) if side.lead.workspace_id != heap.about
        ]
        before = [self._kept_of(side) for side in others]
        del self.there.slack.calls[:]
        sent = self.waiting.pop(heap)
        with capture_logs() as log:
            line = await Line.to(urlsplit(self.there.many.url).port or 0)
            answers = [await self._sent(line, raw, kind) for raw, kind in sent]
            line.close()
            await self.there.many.bot.background.idle()
            await self.there.many.bot.sender.drain(60)
        assert [self._kept_of(side) for side in others] == before, sent
        assert {entry["event"] for entry in log}.isdisjoint(BROKEN), (log, sent)
        assert {answer.status for answer in answers} <= {200, 400, 421}, list(zip(sent, answers, strict=True))
        said = json.dumps([answer.body.decode() for answer in answers]) + repr(
            [call.args for call in self.there.slack.calls]
        )
        for other in others:
            if other.word != heap.words_of:
                assert other.word.lower() not in said.lower(), sent

    async def _sent(self, line: Line, raw: bytes, kind: str) -> Response:
        signed = {"Content-Type": kind, **signature(self.there.many.registration.signing_secret, raw)}
        line.sends(request(raw, signed))
        return await line.answer()

    def _kept_of(self, side: Side) -> dict[str, list[str]]:
        workspace_id = side.lead.workspace_id
        return self.there.many.bot.database.within(workspace_id).run(rows_of, workspace_id)


def sent_so_far(there: Neighbours) -> list[tuple[Any, Side, Side]]:
    """Each with whose it is, and whose it is not."""
    sides = {side.lead.workspace_id: side for side in (there.mango, there.zebra)}
    found = []
    for body in there.bodies:
        one = sides[workspace_of(payload := read(body)) or ""]
        other = there.zebra if one is there.mango else there.mango
        found.append((payload, one, other))
    for one, other in ((there.mango, there.zebra), (there.zebra, there.mango)):
        for kind in ("team_access_granted", "team_access_revoked"):
            event = {"type": kind, "team_ids": [one.lead.workspace_id], "enterprise_id": None}
            told = {
                "type": "event_callback",
                "event_id": "",
                "team_id": one.lead.workspace_id,
                "event": event,
            }
            found.append((told, one, other))
    return found


@pytest.mark.parametrize("batch", range(max(1, TOTAL // BATCH)))
def test_nothing_of_another_workspace_changes_or_is_shown(request: pytest.FixtureRequest, batch: int) -> None:
    url: str = request.getfixturevalue(f"{DATABASES[batch % 2]}_url")
    heaps = Counter[Heap]()
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        there = runner.run(stack.enter_async_context(neighbours(url)))
        target = Target(there, sent_so_far(there))

        @seed(batch)
        @so_many(BATCH)
        @given(ATTACKS)
        def attack(one: Attack) -> None:
            heap = target.makes(one)
            heaps[heap] += 1
            if len(target.waiting[heap]) >= TOGETHER:
                runner.run(target.sends(heap))

        try:
            for at, place in product(range(len(there.bodies), len(target.samples)), range(4)):
                target.makes(Attack(at, [place], 0, []))
            attack()
            for heap in list(target.waiting):
                runner.run(target.sends(heap))
        finally:
            runner.run(stack.aclose())
    assert target.count >= BATCH
    both = {side.lead.workspace_id for side in (there.mango, there.zebra)}
    assert {heap.about for heap in heaps} >= both

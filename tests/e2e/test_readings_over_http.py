"""Readings that an outside system reports over HTTP, with a token that a lead made in Slack."""

import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp import ClientSession
from jsonschema import Draft202012Validator

from bot.api import Limiter
from bot.parts import Parts
from domain.acts import ActKind, Way
from sandbox import LocalSlack
from storage import acts, kpis
from tests.e2e.test_kpis_of_the_week import adds
from tests.support.bot_process import install, running_bot
from tests.support.team import Team

FILE = Path(__file__).parent.parent.parent / "docs" / "openapi.yaml"
SCHEMAS = yaml.safe_load(FILE.read_text(encoding="utf-8"))["components"]["schemas"]
READING = {"date": "2026-11-20", "value": 316, "source": "crm"}


def token_shown(team: Team) -> str:
    assert team.maya.form is not None
    drawn = team.maya.form.drawn
    return next(word.strip("`") for word in drawn.split() if word.strip("`").startswith("drumbeat_"))


@dataclass
class Outside:
    """Another system; `url` is the KPI's address."""

    http: ClientSession
    url: str
    token: str

    async def posts(
        self, told: Any, *, token: str | None = None, raw: bytes | None = None, encoding: str | None = None
    ) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.token if token is None else token}"}
        headers |= {"Content-Encoding": encoding} if encoding else {}
        body = json.dumps(told).encode() if raw is None else raw
        async with self.http.post(self.url, data=body, headers=headers) as answer:
            shown = await answer.json()
            name = "Reading" if answer.status < 300 else "Refusal"
            Draft202012Validator(SCHEMAS[name]).validate(shown)
            return answer.status, shown


@pytest.fixture
async def outside(team: Team, bot: Parts) -> AsyncIterator[Outside]:
    """Maya added Monthly givers (Ben's) and made a token."""
    await adds(team, "Monthly givers", "Ben")
    await team.maya.command("/kpi", "token", channel=team.channel)
    await team.maya.click("Make a token")
    assert team.app.request_url is not None
    base = team.app.request_url.removesuffix("/slack/events")
    (kpi,) = bot.database.run(
        kpis.list_owned_kpis, team.slack.workspace.id, _strategy(bot), [team.owners["Ben"].id]
    )
    async with ClientSession() as http:
        yield Outside(http, f"{base}/api/v1/kpis/{kpi.id}/readings", token_shown(team))


def _strategy(bot: Parts) -> int:
    from storage.strategies import list_strategies  # noqa: PLC0415

    (strategy,) = bot.database.run(list_strategies, bot.workspace.id)
    return strategy.id


async def test_a_reading_is_taken_and_shows_in_slack(team: Team, outside: Outside) -> None:
    status, shown = await outside.posts({**READING, "note": "nightly"})
    assert (status, shown["value"], shown["source"]) == (201, "316", "crm")
    reply = await team.maya.command("/kpi", "list", channel=team.channel)
    assert "Monthly givers 316 (20 Nov)" in reply.drawn


async def test_the_same_again_adds_nothing_and_another_value_is_a_correction_each_on_record(
    bot: Parts, outside: Outside
) -> None:
    _, first = await outside.posts(READING)
    assert await outside.posts(READING) == (200, first)
    status, second = await outside.posts({**READING, "value": 317})
    assert status == 201
    assert second["id"] != first["id"]
    told = [act for _, act in bot.database.run(acts.list_all_acts, bot.workspace.id) if act.way is Way.HTTP]
    token = outside.token[-4:]
    assert [(act.kind, act.person_id, act.token, act.before, act.after) for act in told] == [
        (ActKind.READING_GIVEN, None, token, "", "316"),
        (ActKind.READING_CORRECTED, None, token, "316", "317"),
    ]


@pytest.mark.parametrize("value", ["1,316.5", 1316.5, "1.3165k"])
async def test_values_come_as_numbers_or_as_people_write_them(outside: Outside, value: object) -> None:
    status, shown = await outside.posts({**READING, "value": value})
    assert (status, Decimal(shown["value"])) == (201, Decimal("1316.5"))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"date": "2026-11-23"}, "date"),
        ({"date": "2026-11-19"}, "date"),
        ({"date": "20261121"}, "date"),
        ({"date": 5}, "date"),
        ({"value": "many"}, "value"),
        ({"value": "12%"}, "value"),
        ({"value": True}, "value"),
        ({"value": None}, "value"),
        ({"value": 10**15}, "value"),
        ({"value": 1e-9}, "value"),
        ({"unit": "h"}, "value"),
        ({"source": ""}, "source"),
        ({"source": "CSV"}, "source"),
        ({"source": " \n "}, "source"),
        ({"value": "1e99999999999999999999"}, "value"),
        ({"note": "x" * 501}, "note"),
        ({"when": "now"}, "when"),
    ],
)
async def test_a_wrong_field_is_named(outside: Outside, changed: dict[str, Any], field: str) -> None:
    status, shown = await outside.posts({**READING, **changed})
    assert (status, shown["error"]["code"], shown["error"]["field"]) == (422, "invalid", field)


async def test_source_and_note_are_kept_without_spaces_around_them(outside: Outside) -> None:
    status, shown = await outside.posts({**READING, "source": " nightly \t job", "note": " a b "})
    assert (status, shown["source"], shown["note"]) == (201, "nightly job", "a b")


@pytest.mark.parametrize("field", ["source", "note", "value", "unit", "date"])
async def test_a_character_that_no_database_takes_is_named_by_its_field(outside: Outside, field: str) -> None:
    for strange in ("3\0", "3\ud800"):
        status, shown = await outside.posts({**READING, field: strange})
        assert (status, shown["error"]["code"], shown["error"]["field"]) == (422, "invalid", field)
        assert shown["error"]["message"].startswith("There is a character after “3” that")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff",
        b'{"value": NaN}',
        b"[" * 5000,
        b'{"value": 1e999999999999999999999}',
        b'{"value": ' + b"9" * 5000 + b"}",
    ],
)
async def test_what_is_not_json_is_refused(outside: Outside, raw: bytes) -> None:
    assert (await outside.posts(None, raw=raw))[0] == 400


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "none"])
async def test_an_encoded_body_is_refused_whether_or_not_it_is_what_it_says(
    outside: Outside, encoding: str
) -> None:
    assert (await outside.posts(READING, encoding=encoding))[0] == 415


async def test_a_body_too_large_is_refused(outside: Outside) -> None:
    assert (await outside.posts(None, raw=b" " * 20_000))[0] == 413


@pytest.mark.parametrize("token", ["", "drumbeat_wrong", "ü"])
async def test_without_a_token_that_works_nothing_is_told(outside: Outside, token: str) -> None:
    status, shown = await outside.posts(READING, token=token)
    assert (status, shown["error"]["code"]) == (401, "unauthorized")


async def test_a_revoked_token_works_no_more(team: Team, outside: Outside) -> None:
    await team.maya.click("Revoke")
    assert (await outside.posts(READING))[0] == 401


async def test_a_token_is_shown_once_and_never_kept(team: Team, bot: Parts, outside: Outside) -> None:
    await team.maya.close()
    await team.maya.command("/kpi", "token", channel=team.channel)
    assert team.maya.form is not None
    assert "drumbeat_" not in team.maya.form.drawn
    assert outside.token[-4:] in team.maya.form.drawn
    path = bot.settings.database_url.removeprefix("sqlite:///")
    stored = b"".join(file.read_bytes() for file in Path(path).parent.glob(f"{Path(path).name}*"))
    assert outside.token.encode() not in stored


async def test_a_kpi_of_another_strategy_is_not_there(outside: Outside) -> None:
    for other in ("1", "9" * 18, "9" * 19, "0" * 5000, "one"):
        url = outside.url.split("/kpis/")[0] + f"/kpis/{other}/readings"
        assert (await Outside(outside.http, url, outside.token).posts(READING))[0] == 404


async def test_a_retired_kpi_takes_nothing(team: Team, outside: Outside) -> None:
    await team.maya.command("/kpi", "retire Monthly givers", channel=team.channel)
    assert (await outside.posts(READING))[0] == 409


async def test_who_calls_more_than_sixty_times_a_minute_is_told_to_wait(outside: Outside) -> None:
    """One call a second comes back while the calls are made, so that a slow machine makes a few more."""
    started = time.monotonic()
    headers = {"Authorization": f"Bearer {outside.token}"}
    taken = 0
    while True:
        async with outside.http.post(outside.url, json=READING, headers=headers) as answer:
            if answer.status == 429:
                break
            taken += 1
    assert 60 <= taken <= 61 + (time.monotonic() - started)
    assert int(answer.headers["Retry-After"]) >= 1


def test_a_caller_who_waits_may_go_on() -> None:
    now = [0.0]
    limiter = Limiter(2, lambda: now[0])
    assert [limiter.wait_for("a"), limiter.wait_for("a"), limiter.wait_for("b")] == [0, 0, 0]
    assert limiter.wait_for("a") == 30
    now[0] = 30
    assert limiter.wait_for("a") == 0


@pytest.mark.parametrize("who", ["Ben", "Tom"])
async def test_only_a_lead_makes_tokens(team: Team, who: str) -> None:
    await adds(team, "Monthly givers", "Ben")
    reply = await team.owners[who].command("/kpi", "token", channel=team.channel)
    assert "Only a lead of Harbor Lights can do this: Maya" in reply.drawn
    assert team.owners[who].form is None


async def test_a_reading_shows_in_the_prompt_that_asked_for_it(team: Team, outside: Outside) -> None:
    await team.until(datetime(2026, 11, 23, 9, tzinfo=UTC))
    await outside.posts({**READING, "date": "2026-11-23"})
    await team.slack.settled()
    (prompt,) = team.prompts(team.owners["Ben"])
    assert "316 on 23 Nov, recorded" in prompt.drawn


async def test_the_call_is_served_beside_socket_mode_where_a_port_is_set(sqlite_url: str) -> None:
    async with LocalSlack(now=datetime(2026, 11, 20, 16, 30, tzinfo=UTC), rate_limits=False) as slack:
        app = install(slack)
        async with running_bot(slack, app, sqlite_url) as process, ClientSession() as http:
            ready = next(entry for entry in process.log if entry["event"] == "ready")
            base = f"http://127.0.0.1:{str(ready['listening']).partition('port ')[2]}"
            async with http.get(f"{base}/healthz") as answer:
                assert answer.status == 200
            async with http.post(f"{base}/api/v1/kpis/1/readings", json=READING) as answer:
                assert answer.status == 401
            async with http.post(f"{base}/slack/events") as answer:
                assert answer.status == 404


async def test_an_unusual_value_is_recorded_and_shown_to_its_owner_and_the_leads(
    team: Team, outside: Outside
) -> None:
    status, _ = await outside.posts({**READING, "value": 3160})
    assert status == 201
    await team.slack.settled()
    for person in (team.owners["Ben"], team.maya):
        shown = person.dm.messages[-1].drawn
        assert "recorded from crm, is unusual. Is it right?" in shown
        assert "Monthly givers 3,160 on 20 Nov 2026, was 310" in shown

"""The HTTP API as docs/openapi.yaml describes it, asked by schemathesis for what it allows and what it does not.

`make hostile` asks thousands of times.
"""

import asyncio
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import schemathesis
from aiohttp import web
from hypothesis import given, seed
from schemathesis import Case, GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot.api import Limiter, add_api
from bot.connections import Limits
from bot.transactions import Transactions
from bot.web import listen
from domain.people import Person
from domain.strategies import Goal, Strategy
from services.tokens import digest_of
from storage import kpis, people, strategies, tokens
from storage.database import Database
from storage.models import KpiReadingRow
from tests.domain.kpis_to_read import GIVERS
from tests.support.mutations import CANARY, so_many

FILE = Path(__file__).parents[2] / "docs" / "openapi.yaml"
TIMES = max(8, int(os.environ.get("DRUMBEAT_HOSTILE", "0")) // 50)
Operation = APIOperation[Any, Any, Any, Any]
Asked = Case[Any]
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
SCHEMA = schemathesis.openapi.from_path(FILE)
OPERATIONS: list[Operation] = [SCHEMA[path][method] for path in SCHEMA for method in SCHEMA[path]]
TOKENS = {"T1": "drumbeat_ours", "T2": "drumbeat_theirs", "revoked": "drumbeat_revoked"}
STRANGERS = (
    "",
    " ",
    "drumbeat_made_up",
    TOKENS["revoked"],
    TOKENS["T2"],
    f"{TOKENS['T1']}x",
    TOKENS["T1"][:-1],
)


@dataclass(frozen=True)
class Served:
    """The API of a bot for two workspaces, each with a KPI; `kpi_ids` by workspace."""

    url: str
    database: Database
    kpi_ids: dict[str, int]

    def headers(self, token: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {token}"}

    def count(self, workspace_id: str) -> int:
        rows = (
            select(func.count()).select_from(KpiReadingRow).where(KpiReadingRow.workspace_id == workspace_id)
        )
        return self.database.within(workspace_id).run(lambda session: session.scalar(rows)) or 0


def watch(session: Session, team: str) -> int:
    """Somebody's strategy with a KPI and a token."""
    people.save_people(session, [Person(team, "UBEN", "Ben", "Europe/London")])
    blank = Strategy(0, team, "C1", CANARY, "Why", (Goal(0, "5 by May"),), "", "", ("UBEN",), "UTC")
    strategy = strategies.add_strategy(session, blank, NOW)
    assert strategy is not None
    told = {name: digest_of(token) for name, token in TOKENS.items()}
    tokens.add_token(session, team, strategy.id, digest=told[team], hint="", by="UBEN", now=NOW)
    if team == "T1":
        tokens.add_token(session, team, strategy.id, digest=told["revoked"], hint="", by="UBEN", now=NOW)
        revoked = tokens.list_tokens(session, team, strategy.id)[-1]
        tokens.revoke_token(session, team, strategy.id, revoked.id, NOW)
    kpi = replace(GIVERS, workspace_id=team, strategy_id=strategy.id)
    return kpis.add_kpi(session, kpi, NOW).id


@pytest.fixture
def served(every_workspace: Database) -> Iterator[Served]:
    """On a thread of its own: schemathesis waits for each answer."""
    database = every_workspace
    kpi_ids = {team: database.within(team).run(watch, team) for team in ("T1", "T2")}
    app, is_up, ports = web.Application(), Event(), list[int]()
    add_api(app, Transactions(database), lambda: NOW, None, Limiter(1 << 40))

    async def serve(stop: asyncio.Event) -> None:
        async with listen(app, 0, Limits()) as port:
            ports.append(port)
            is_up.set()
            await stop.wait()

    with asyncio.Runner() as runner:
        stop = asyncio.Event()
        serving = Thread(target=runner.run, args=[serve(stop)])
        serving.start()
        is_up.wait()
        yield Served(f"http://127.0.0.1:{ports[0]}", database, kpi_ids)
        runner.get_loop().call_soon_threadsafe(stop.set)
        serving.join()


def ask_again_and_again(operation: Operation, mode: GenerationMode, ask: Callable[[Asked], None]) -> None:
    @seed(1)
    @so_many(TIMES)
    @given(operation.as_strategy(generation_mode=mode))
    def each(case: Asked) -> None:
        ask(case)

    each()


def aimed(case: Asked, kpi_id: int, mode: GenerationMode) -> Asked:
    """At a KPI that is there, as often as its id is one at all; what is described at a day when it had a plan."""
    if re.fullmatch("[0-9]{1,19}", str(case.path_parameters.get("id", ""))):
        case.path_parameters["id"] = str(kpi_id)
    if mode is GenerationMode.POSITIVE and isinstance(case.body, dict):
        case.body["date"] = "2026-11-28"
    return case


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.label)
def test_every_operation_answers_as_it_is_described(
    served: Served, operation: Operation, mode: GenerationMode
) -> None:
    statuses = Counter[int]()

    def ask(case: Asked) -> None:
        aimed(case, served.kpi_ids["T1"], mode)
        with capture_logs() as log:
            answer = case.call(base_url=served.url, headers=served.headers(TOKENS["T1"]))
        # What no schema can say is refused as well, a number nobody can read, or another unit than the KPI's.
        case.validate_response(answer, excluded_checks=[positive_data_acceptance])
        statuses[answer.status_code] += 1
        assert answer.status_code < 500, (case.as_curl_command(), log)
        assert log == [], case.as_curl_command()
        assert "Traceback" not in answer.text

    ask_again_and_again(operation, mode, ask)
    assert statuses[201] > 0 or mode is GenerationMode.NEGATIVE, statuses
    assert statuses[422] + statuses[400] > 0, statuses


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.label)
def test_without_a_token_of_that_workspace_nothing_is_told_or_changed(
    served: Served, operation: Operation
) -> None:
    def ask(case: Asked) -> None:
        aimed(case, served.kpi_ids["T1"], GenerationMode.POSITIVE)
        for headers in ({}, {"Authorization": "Basic Zm9vOmJhcg=="}, *map(served.headers, STRANGERS)):
            case.headers.pop("Authorization", None)
            case.headers.update(headers)
            answer = case.call(base_url=served.url)
            case.validate_response(answer, excluded_checks=[positive_data_acceptance, ignored_auth])
            is_of_another = headers == served.headers(TOKENS["T2"])
            assert answer.status_code in ({404, 422} if is_of_another else {401}), headers
            assert CANARY not in answer.text

    ask_again_and_again(operation, GenerationMode.POSITIVE, ask)
    assert served.count("T1") == served.count("T2") == 0

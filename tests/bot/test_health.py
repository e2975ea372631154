"""What the process says of itself to load balancers and to Prometheus."""

import asyncio
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from bot.asking import NotReadyError, ask_whether_ready
from bot.pulse import Pulse
from bot.web import connect
from sandbox import LocalSlack
from storage.database import Database
from storage.delivery import outbox
from storage.delivery.depths import measure
from storage.delivery.outbox import State
from tests.support.bot_here import bot_here
from tests.support.bot_process import install
from tests.support.team import team_of

FRIDAY = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def samples(told: str) -> dict[tuple[str, str], float]:
    """By name and the values of its labels, these in the order of their names."""
    return {
        (sample.name, ",".join(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(told)
        for sample in family.samples
    }


async def test_metrics_say_what_was_done_and_hold_nobodys_words_or_ids(sqlite_url: str) -> None:
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        team = team_of(slack, install(slack), {"Ben": "Europe/London"})
        async with bot_here(slack, team.app, sqlite_url) as parts, connect(parts) as where:
            await team.begins()
            await team.until(MONDAY)
            await team.owners["Ben"].click("On track")
            await slack.settled()
            url = f"http://127.0.0.1:{where.removeprefix('port ')}"
            async with aiohttp.ClientSession() as http, http.get(f"{url}/metrics") as answer:
                told = await answer.text()
                assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")

    found = samples(told)
    assert found["drumbeat_occurrences_total", "prompted,prompt"] >= 1
    assert found["drumbeat_slack_calls_total", "chat.postMessage,made"] >= 1
    assert found["drumbeat_ack_seconds_count", "block_actions"] >= 1
    assert found["drumbeat_database_up", ""] == 1
    assert found["drumbeat_outbox_rows", "pending"] == 0
    assert found["drumbeat_tick_seconds_count", ""] >= 1
    for secret in ("Ben", team.owners["Ben"].id, slack.workspace.id, "marketing", team.app.bot_token):
        assert secret not in told


async def test_readiness_knows_that_slack_is_lost_that_nothing_ticks_and_that_tables_are_others(
    sqlite_url: str,
) -> None:
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        app = install(slack)
        async with bot_here(slack, app, sqlite_url) as parts:

            async def ask() -> tuple[int, str]:
                async with connect(parts) as where, aiohttp.ClientSession() as http:
                    port = where.removeprefix("port ")
                    async with http.get(f"http://127.0.0.1:{port}/readyz") as answer:
                        return answer.status, await answer.text()

            assert await ask() == (200, "ok")
            parts.health.heard(is_connected=False)
            assert await ask() == (503, "Slack's connection is lost, and made anew.")
            parts.health.heard(is_connected=True)
            assert await ask() == (200, "ok")
            await parts.transact(
                lambda session: session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
            )
            assert await ask() == (503, "The database's tables are not this version's.")


async def test_the_bot_is_asked_from_beside_it_whether_it_is_ready(sqlite_url: str) -> None:
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        app = install(slack)
        async with bot_here(slack, app, sqlite_url) as parts:
            async with connect(parts) as where:
                port = int(where.removeprefix("port "))
                assert await asyncio.to_thread(ask_whether_ready, port) == "Ready."
                parts.health.heard(is_connected=False)
            async with connect(parts) as where:
                port = int(where.removeprefix("port "))
                with pytest.raises(NotReadyError, match=r"Not ready: Slack's connection is lost"):
                    await asyncio.to_thread(ask_whether_ready, port)
            with pytest.raises(NotReadyError, match=f"Nothing answers on port {port}"):
                await asyncio.to_thread(ask_whether_ready, port)


@pytest.mark.parametrize("said", [b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.0 404 No\r\n\r\n<html>"])
async def test_what_is_not_drumbeat_is_called_that_and_asked_by_no_proxy(
    said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    async def say(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        writer.close()

    async with await asyncio.start_server(say, "127.0.0.1", 0) as other:
        port = other.sockets[0].getsockname()[1]
        with pytest.raises(NotReadyError, match=f"Something else than Drumbeat listens on port {port}"):
            await asyncio.to_thread(ask_whether_ready, port)


class StoppedClock:
    def __init__(self) -> None:
        self.seconds = 100.0

    def now(self) -> datetime:
        return MONDAY

    def wall(self) -> datetime:
        return MONDAY

    def monotonic(self) -> float:
        return self.seconds


def test_a_pulse_tells_for_how_long_nothing_was_looked_at() -> None:
    clock, pulse = StoppedClock(), Pulse()
    assert pulse.seconds_idle(clock) == 0
    pulse.ticked(clock, 99.0)
    clock.seconds += 130
    assert pulse.seconds_idle(clock) == 130


def test_what_waits_is_measured_by_state_and_age(every_workspace: Database) -> None:
    database = every_workspace
    for minutes in (10, 3):
        database.within("T1").run(
            outbox.enqueue_post, "T1", "U1", {"text": "Hello"}, now=MONDAY - timedelta(minutes=minutes)
        )
    database.within("T2").run(
        outbox.enqueue_post, "T2", "U1", {"text": "Hello"}, now=MONDAY - timedelta(hours=1)
    )

    of_one = database.run(measure, MONDAY, ["T1"])
    of_all = database.run(measure, MONDAY)

    assert (of_one.rows[State.PENDING], of_one.oldest) == (2, timedelta(minutes=10))
    assert (of_all.rows[State.PENDING], of_all.oldest) == (3, timedelta(hours=1))
    assert of_one.rows[State.FAILED] == 0
    assert of_one.due_lag == timedelta()

"""Draining the outbox against a bare loop over a shared AsyncWebClient, to the same Slack without limits."""

import asyncio
import statistics
import time
from datetime import UTC, datetime
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.orm import Session

from bench.claims import Claim
from bench.databases import address_for_bot, fresh_databases
from bench.slack_process import Place, slack_elsewhere
from bot.clock import SystemClock
from bot.delivery.sender import Sender
from bot.transactions import Transactions
from storage.database import Database
from storage.delivery import outbox

WORKSPACES = 200
MESSAGES = 10_000
ROUNDS = 3
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def _payload() -> dict[str, Any]:
    """About the size of a prompt for one initiative."""

    def button(text: str) -> dict[str, Any]:
        return {
            "type": "button",
            "text": {"type": "plain_text", "text": text},
            "action_id": text,
            "value": "1",
        }

    words = "*Newsletter relaunch* serves “Subscribers from 4,200 to 6,000 by 31 March”, due 31 Mar. " * 3
    section = {"type": "section", "text": {"type": "mrkdwn", "text": words}}
    actions = {
        "type": "actions",
        "elements": [button(text) for text in ("On track", "At risk", "Off track", "Update")],
    }
    return {"text": words, "blocks": [section, actions]}


async def measure() -> list[Claim]:
    async with (
        slack_elsewhere(WORKSPACES) as place,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=WORKSPACES)) as session,
    ):
        client = AsyncWebClient(place.token, place.api_url, session=session, retry_handlers=[])
        await _bare(client, place, MESSAGES // 10)
        with fresh_databases() as databases:
            return [await _compare(name, database, client, session, place) for name, database in databases]


async def _compare(
    name: str, database: Database, client: AsyncWebClient, session: aiohttp.ClientSession, place: Place
) -> Claim:
    """The median of a few rounds, each measuring both."""
    ratios, rates = [], []
    for _ in range(ROUNDS):
        bare = await _bare(client, place, MESSAGES)
        ours = await _drain(database, session, place)
        ratios.append(ours / bare)
        rates.append(f"{ours:.0f}/s against {bare:.0f}/s")
    detail = "; ".join(rates)
    return Claim(
        f"Outbox to Slack, {name}, against a bare client", statistics.median(ratios), 0.5, detail=detail
    )


async def _bare(client: AsyncWebClient, place: Place, messages: int) -> float:
    """Messages a second of one loop a workspace, each sending its messages one after the other."""

    async def one(person: str) -> None:
        payload = _payload()
        for _ in range(messages // WORKSPACES):
            await client.chat_postMessage(channel=person, unfurl_links=False, unfurl_media=False, **payload)

    started = time.perf_counter()
    await asyncio.gather(*(one(person) for person in place.people))
    return messages / (time.perf_counter() - started)


async def _drain(database: Database, session: aiohttp.ClientSession, place: Place) -> float:
    """Messages a second from the start of the sender to the last one recorded."""

    async def token_for(_workspace_id: str) -> str:
        return place.token

    await Transactions(database)(_fill, place.people)
    bots = Database.open(address_for_bot(database), migrate=False)
    transact = Transactions(bots)
    sender = Sender(
        transact=transact,
        clock=SystemClock(),
        session=session,
        slack_api_url=place.api_url,
        token_for=token_for,
        tell=lambda *_: None,
        rates=None,
    )
    started = time.perf_counter()
    sender.start()
    if not await sender.drain(seconds=120):
        raise RuntimeError("The outbox was not emptied.")
    took = time.perf_counter() - started
    await sender.stop()
    bots.close()
    return MESSAGES / took


def _fill(session: Session, people: list[str]) -> None:
    payload = _payload()
    for number in range(MESSAGES):
        which = number % WORKSPACES
        outbox.enqueue_post(session, f"T{which:04}", people[which], payload, now=NOW)

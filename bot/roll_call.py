"""Looks up again who is known, at start and once a day: what Slack told of them while the bot was away is lost."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.client import ClientOf, refusal_of
from bot.transactions import Transactions
from domain.faults import kind_and_place
from services.people import refresh_people
from storage import people
from views.people import read_person

log = structlog.get_logger()
EVERY = timedelta(days=1)
PAGE = 1000
"""The most of one page (docs.slack.dev/reference/methods/users.list)."""
PAUSES = (3.0, 1.0)
"""Seconds after a page of `users.list`, 20 a minute, and after a `users.info`, of which half are left to requests."""
AGAIN_SECONDS, TRIES = 30.0, 5
AT_ONCE = 4
"""Answers awaited, and pages recorded: those of many workspaces at once would leave no room for requests."""
WAIT_SECONDS = 10.0
"""So long what is due waits for it: a busy Slack, or a workspace of very many people, delays nobody longer."""


class RollCall:
    """Of every workspace, each in a task of its own. `is_paced`: as fast as Slack's limits allow, else at once."""

    def __init__(self, client_of: ClientOf, transact: Transactions, *, is_paced: bool) -> None:
        self._client_of = client_of
        self._transact = transact
        self._is_paced = is_paced
        self._last: datetime | None = None
        self._room = asyncio.Semaphore(AT_ONCE)
        self._looking: dict[str, asyncio.Task[None]] = {}

    def is_due(self, now: datetime) -> bool:
        return self._last is None or abs(now - self._last) >= EVERY

    def begin(self, workspace_ids: Collection[str], now: datetime) -> None:
        self._last = now
        for workspace_id in workspace_ids:
            before = self._looking.get(workspace_id)
            if before is None or before.done():
                self._looking[workspace_id] = asyncio.create_task(self._call(workspace_id, now))

    async def done(self, workspace_id: str) -> None:
        """Returns when everybody there has been looked up, or a moment has passed."""
        task = self._looking.get(workspace_id)
        if task is not None and not task.done():
            await asyncio.wait([task], timeout=WAIT_SECONDS)

    async def stop(self) -> None:
        for task in self._looking.values():
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _call(self, workspace_id: str, now: datetime) -> None:
        try:
            within = self._transact.within(workspace_id).in_turn(self._room)
            seen = await within(people.list_all, workspace_id)
            if not seen:
                return
            ids = {person.id for person in seen}
            changed, missing = 0, {person.id for person in seen if not person.is_deactivated}
            client = await self._client_of(workspace_id)
            async for users in self._describe(client, missing):
                described = (read_person(workspace_id, user) for user in users)
                told = [person for person in described if person.id in ids or person.is_admin]
                changed += await within(refresh_people, told, now)
            log.info("people_looked_up", workspace=workspace_id, changed=changed, not_found=len(missing))
        except Exception as fault:  # noqa: BLE001 - tomorrow it is tried again, and what is due goes on
            log.error("people_not_looked_up", workspace=workspace_id, **kind_and_place(fault))

    async def _describe(
        self, client: AsyncWebClient, missing: set[str]
    ) -> AsyncIterator[list[dict[str, Any]]]:
        """Slack's users, page by page, and one by one those of other organisations who are on none; `missing` is who is left."""
        cursor, page_pause, one_pause = "", *(PAUSES if self._is_paced else (0.0, 0.0))
        while True:
            answer = await self._ask(client, "users.list", {"limit": PAGE, "cursor": cursor})
            missing.difference_update(user["id"] for user in answer["members"])
            yield answer["members"]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
            await asyncio.sleep(page_pause)
        for person_id in sorted(missing):
            with suppress(SlackApiError):  # nobody Slack knows
                answer = await self._ask(client, "users.info", {"user": person_id})
                missing.discard(person_id)
                yield [answer["user"]]
            await asyncio.sleep(one_pause)

    async def _ask(self, client: AsyncWebClient, method: str, what: dict[str, Any]) -> Any:
        """Raises SlackApiError where it was refused, or what kept Slack from answering for a long time."""
        for tries_left in reversed(range(TRIES)):
            try:
                async with self._room:
                    return (await client.api_call(method, params=what)).data
            except SlackApiError as refused:
                refusal = refusal_of(refused)
                if not refusal.is_passing or not tries_left:
                    raise
                pause = refusal.retry_after or AGAIN_SECONDS
            except (ClientError, TimeoutError, OSError):
                if not tries_left:
                    raise
                pause = AGAIN_SECONDS
            await asyncio.sleep(pause if self._is_paced else 0.0)
        raise AssertionError

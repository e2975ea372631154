"""Looks people up in Slack who are not in the table yet."""

import asyncio
from collections.abc import Collection, Sequence
from typing import Any

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.client import ClientOf, is_person_id, refusal_of
from bot.transactions import Transactions
from domain.errors import DomainError
from storage import people
from views.people import read_person

log = structlog.get_logger()
PATIENCE = 1.0
"""Seconds for all look-ups of one request, well inside Slack's three."""
UNKNOWN = "Slack does not know one of those people. Please choose somebody else."
SLOW = "Slack is busy and does not say who that is. Please try again in a moment."
_NOBODY = {"user_not_found", "user_not_visible", "users_not_found"}
"""Slack's codes for somebody it does not know (docs.slack.dev/reference/methods/users.info); others say nothing of them."""


class NotLookedUp(DomainError):
    """`person_ids` are those Slack does not know, or did not tell of."""

    def __init__(self, sentence: str, person_ids: Collection[str]) -> None:
        super().__init__(sentence)
        self.person_ids = frozenset(person_ids)


class Directory:
    """`users.info`, kept in the people table."""

    def __init__(self, client_of: ClientOf, transact: Transactions, patience: float = PATIENCE) -> None:
        self._client_of = client_of
        self._transact = transact
        self._patience = patience

    async def look_up(self, workspace_id: str, person_ids: Sequence[str]) -> None:
        """Raises NotLookedUp; those of whom Slack told are kept all the same."""
        if strange := [id_ for id_ in person_ids if not is_person_id(id_)]:
            raise NotLookedUp(UNKNOWN, strange)
        client = await self._client_of(workspace_id)
        answers = await asyncio.gather(*(self._ask(client, id_) for id_ in person_ids))
        told = dict(zip(person_ids, answers, strict=True))
        found = [read_person(workspace_id, user) for user in answers if not isinstance(user, str)]
        await self._transact.within(workspace_id)(people.save_people, found)
        for sentence in (UNKNOWN, SLOW):
            if refused := [id_ for id_, answer in told.items() if answer == sentence]:
                raise NotLookedUp(sentence, refused)

    async def _ask(self, client: AsyncWebClient, person_id: str) -> dict[str, Any] | str:
        """Slack's user, or the sentence for why there is none."""
        try:
            async with asyncio.timeout(self._patience):
                user: dict[str, Any] = (await client.users_info(user=person_id))["user"]
                return user
        except SlackApiError as refused:
            error = refusal_of(refused).error
        except (ClientError, TimeoutError, OSError) as lost:
            error = type(lost).__name__
        if error in _NOBODY:
            return UNKNOWN
        log.warning("person_unknown", error=error)
        return SLOW

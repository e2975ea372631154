"""Looks people up in Slack who are not in the table yet."""

import asyncio
from collections.abc import Sequence

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from bot.client import ClientOf, is_person_id, refusal_of
from domain.errors import DomainError
from domain.reading.characters import storable_all
from handlers.requests import Transact
from storage import people
from views.people import read_person

PATIENCE = 1.0
"""Seconds for all look-ups of one request, well inside Slack's three."""
UNKNOWN = "Slack does not know one of those people. Please choose somebody else."
SLOW = "Slack is slow to say who that is. Please try again in a moment."


class Directory:
    """`users.info`, kept in the people table."""

    def __init__(self, client_of: ClientOf, transact: Transact, patience: float = PATIENCE) -> None:
        self._client_of = client_of
        self._transact = transact
        self._patience = patience

    async def look_up(self, workspace_id: str, person_ids: Sequence[str]) -> None:
        """Raises DomainError when Slack does not answer in time or does not know somebody."""
        if not all(map(is_person_id, person_ids)):
            raise DomainError(UNKNOWN)
        client = await self._client_of(workspace_id)
        try:
            async with asyncio.timeout(self._patience):
                answers = await asyncio.gather(*(client.users_info(user=id_) for id_ in person_ids))
        except SlackApiError as refused:
            if refusal_of(refused).is_passing:
                raise DomainError(SLOW) from None
            raise DomainError(UNKNOWN) from None
        except (ClientError, TimeoutError, OSError):
            raise DomainError(SLOW) from None
        found = [read_person(workspace_id, storable_all(answer["user"])) for answer in answers]
        await self._transact(people.save_people, found)

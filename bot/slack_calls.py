"""The calls to Slack made while somebody waits: opening and redrawing forms, channels, files."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.client import is_person_id, refusal_of
from bot.directory import PATIENCE
from bot.slack_files import read_file
from domain.errors import DomainError
from domain.reading.people import Member
from handlers.requests import Form, SlackFile, View
from views.people import read_member

log = structlog.get_logger()
MOST_MEMBERS = 1000
"""Of one page (docs.slack.dev/reference/methods/conversations.members, users.list)."""
MOST_OTHERS = 30
"""Members of a channel who are not on the first page of a large workspace's people, looked up one by one."""
MOST_CHANNELS = 999
"""Of one page (docs.slack.dev/reference/methods/users.conversations): somebody in more misses a board."""
FORM_PATIENCE = 2.0
"""Seconds Slack gets to open a form: what is left of its three answers the person."""
_TOO_LATE = {"expired_trigger_id", "trigger_expired", "hash_conflict"}
_OPEN_ALREADY = "exchanged_trigger_id"
"""A click that comes twice: the form it opened the first time is there."""


class SlackCalls:
    """The calls made while somebody waits (`handlers.requests.Slack`)."""

    def __init__(
        self, client: AsyncWebClient, patience: float = FORM_PATIENCE, looking_up: float = PATIENCE
    ) -> None:
        self._client = client
        self._patience = patience
        self._looking_up = looking_up

    async def open_view(self, trigger_id: str, view: View, *, recorded: str = "") -> None:
        await self._call(self._client.views_open(trigger_id=trigger_id, view=view), recorded)

    async def update_view(self, form: Form, view: View, *, recorded: str = "") -> None:
        await self._call(self._client.views_update(view_id=form.id, hash=form.hash, view=view), recorded)

    async def list_channels(self, person_id: str) -> tuple[str, ...] | None:
        if not is_person_id(person_id):
            return None
        try:
            async with asyncio.timeout(self._looking_up):
                answer = await self._client.users_conversations(
                    user=person_id,
                    types="public_channel,private_channel",
                    exclude_archived=True,
                    limit=MOST_CHANNELS,
                )
        except (SlackApiError, ClientError, TimeoutError, OSError) as problem:
            log.warning("channels_unknown", error=type(problem).__name__)
            return None
        return tuple(channel["id"] for channel in answer["channels"])

    async def list_members(self, channel_id: str) -> tuple[Member, ...] | None:
        try:
            async with asyncio.timeout(self._looking_up):
                listed, known = await asyncio.gather(
                    self._client.conversations_members(channel=channel_id, limit=MOST_MEMBERS),
                    self._client.users_list(limit=MOST_MEMBERS),
                )
                ids = set(listed["members"])
                users = [user for user in known["members"] if user["id"] in ids]
                others = sorted(ids - {user["id"] for user in users})[:MOST_OTHERS]
                asked = [self._client.users_info(user=person_id) for person_id in others]
                users += [answer["user"] for answer in await asyncio.gather(*asked)]
        except (SlackApiError, ClientError, TimeoutError, OSError) as problem:
            log.warning("members_unknown", error=type(problem).__name__)
            return None
        return tuple(member for user in users if (member := read_member(user)))

    async def read_file(self, file_id: str, person_id: str, limit: int) -> SlackFile:
        return await read_file(self._client, file_id, person_id, limit)

    async def _call(self, call: Awaitable[Any], recorded: str = "") -> None:
        """Raises DomainError where Slack is late or in trouble; the sentence begins with what is recorded all the same."""
        try:
            async with asyncio.timeout(self._patience):
                await call
        except SlackApiError as refused:
            refusal = refusal_of(refused)
            if refusal.error == _OPEN_ALREADY:
                return
            if refusal.error not in _TOO_LATE and not refusal.is_passing:
                raise
            problem = refusal.error
        except (ClientError, TimeoutError, OSError) as lost:
            problem = type(lost).__name__
        else:
            return
        log.warning("form_not_opened", error=problem)
        raise DomainError(f"{recorded} Slack could not open the form in time. Please try again.".lstrip())

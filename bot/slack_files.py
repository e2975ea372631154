"""Files that people put into a form, read from Slack (docs.slack.dev, files.info and file objects)."""

import asyncio

from aiohttp import ClientError, ClientTimeout
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.client import refusal_of
from bot.network import is_slacks, read_at_most
from domain.errors import DomainError, NotFound
from domain.reading.characters import storable
from handlers.requests import SlackFile

PATIENCE = 20.0
"""Seconds for looking a file up and fetching it."""
LATE = "Slack did not give me the file in time. Please try again in a moment."


async def read_file(client: AsyncWebClient, file_id: str, person_id: str, limit: int) -> SlackFile:
    """Raises DomainError with a sentence when that person did not upload it, or it cannot be had, or is larger than
    `limit` bytes.
    """
    try:
        async with asyncio.timeout(PATIENCE):
            file = (await client.files_info(file=file_id))["file"]
            if file.get("user") != person_id:
                raise NotFound
            name = storable(str(file.get("name") or "the file"))
            if int(file.get("size") or 0) > limit:
                raise DomainError(
                    f"{name} is larger than {limit:,} bytes. Please split it into smaller files."
                )
            return SlackFile(name, await _fetch(client, str(file.get("url_private") or ""), limit))
    except SlackApiError as refused:
        refusal = refusal_of(refused)
        raise DomainError(LATE if refusal.is_passing else _why(refusal.error)) from None
    except (TimeoutError, OSError, ClientError):
        raise DomainError(LATE) from None


async def _fetch(client: AsyncWebClient, url: str, limit: int) -> bytes:
    """The token goes to Slack's own hosts only."""
    if not is_slacks(url, client.base_url):
        raise DomainError("This file is not kept in Slack, so I cannot read it. Please upload it.")
    assert client.session is not None
    headers = {"Authorization": f"Bearer {client.token}"}
    async with client.session.get(url, headers=headers, timeout=ClientTimeout(PATIENCE)) as answer:
        if answer.status == 429 or answer.status >= 500:
            raise DomainError(LATE)
        # Without the scope Slack shows its sign-in page instead of the file.
        if answer.status != 200 or answer.content_type == "text/html":
            raise DomainError(_why("missing_scope"))
        content = await read_at_most(answer.content, limit)
        if len(content) > limit:
            raise DomainError(f"The file is larger than {limit:,} bytes. Please split it into smaller files.")
        return content


def _why(error: str) -> str:
    if error == "missing_scope":
        return (
            "I may not read files in this workspace. Ask whoever runs Drumbeat to give the app the scope files:read "
            "(the manifest has it) and to install it again."
        )
    return "Slack does not have this file any more. Please upload it again."

"""Asking Slack who we are while the process starts: a busy Slack is waited for a little, a refusal is said in a sentence."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.client import refusal_of
from bot.config import HINTS
from bot.refusals import CommandRefusedError

T = TypeVar("T")
log = structlog.get_logger()
START_PAUSES = (1.0, 2.0, 4.0, 8.0)
"""Seconds between tries to reach a Slack that is busy when the process starts, where it does not say itself."""
ANSWER_SECONDS = 10.0


class CannotStartError(CommandRefusedError):
    """Slack does not answer, or refuses; the text says which."""


async def require_same_app(client: AsyncWebClient, bot_id: str, app_id: str) -> None:
    """The app token has its app's id in it. Raises CannotStartError where the bot is another app's."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            bots = (await client.bots_info(bot=bot_id))["bot"].get("app_id")
    except (SlackApiError, ClientError, OSError, TimeoutError) as problem:
        log.warning("app_unknown", error=type(problem).__name__)
        return
    if app_id and bots and bots != app_id:
        raise CannotStartError(
            f"SLACK_APP_TOKEN is of the app {app_id}, and SLACK_BOT_TOKEN of {bots}: take both from the same app's pages."
        )


async def insist(ask: Callable[[], Awaitable[T]], setting: str, slack_api_url: str) -> T:
    """What Slack answers to the token of that setting. Raises CannotStartError."""
    pauses = iter(START_PAUSES)
    while True:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await ask()
        except SlackApiError as refused:
            refusal = refusal_of(refused)
        except (ClientError, OSError, TimeoutError) as error:
            raise CannotStartError(f"{slack_api_url} does not answer ({type(error).__name__}).") from None
        if not refusal.is_passing:
            raise CannotStartError(f"Slack refused {setting} ({refusal.error}). It is {HINTS[setting]}.")
        pause = next(pauses, None)
        if pause is None or refusal.retry_after > max(START_PAUSES):
            later = (
                f" It asks to be left alone for {refusal.retry_after:.0f} s." if refusal.retry_after else ""
            )
            raise CannotStartError(
                f"Slack is busy or in trouble ({refusal.error}): start me again later.{later}"
            )
        pause = refusal.retry_after or pause
        log.warning("slack_busy", error=refusal.error, seconds=pause)
        await asyncio.sleep(pause)

"""The client that speaks to Slack's Web API."""

from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.config import Settings


def make_client(settings: Settings, session: ClientSession) -> AsyncWebClient:
    """No retry handlers: the SDK's default one posts twice when a reply is lost."""
    return AsyncWebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        session=session,
        retry_handlers=[],
    )

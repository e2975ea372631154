"""The client that speaks to Slack's Web API, and what Slack's refusals mean."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

# docs.slack.dev/reference/methods/chat.postMessage, "Errors".
LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
UNCLEAR = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable"})
"""Perhaps it was done."""
ClientOf = Callable[[str | None], Awaitable[AsyncWebClient]]
"""The client that speaks to a workspace, None: the only one. Raises LookupError where there is no token for it."""
_PERSON_ID = re.compile(r"[UW][A-Z0-9]{1,40}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Refusal:
    """`error` is Slack's code, or "HTTP 503" where it gave none; `retry_after` is in seconds, 0 where it said nothing.

    `is_passing`: Slack is busy or in trouble, which says nothing about what was asked of it.
    """

    error: str
    is_passing: bool
    retry_after: float = 0


def is_person_id(value: object) -> bool:
    """Anything else that stands where one should is not for Slack to see."""
    return isinstance(value, str) and _PERSON_ID.fullmatch(value) is not None


def refusal_of(refused: SlackApiError) -> Refusal:
    """What Slack's answer says; the SDK hands on even those that are not JSON."""
    response: Any = refused.response
    status = getattr(response, "status_code", None) or response.status
    told = getattr(response, "data", None)
    error = str(told.get("error", "")) if isinstance(told, dict) else ""
    is_passing = status == 429 or status >= 500 or error in LIMITED | UNCLEAR
    wait = str(response.headers.get("Retry-After", "")) if status == 429 else ""
    return Refusal(error or f"HTTP {status}", is_passing, float(wait) if wait.isdigit() else 0)


def make_client(
    slack_api_url: str, session: ClientSession, token: str | None = None, *, team_id: str | None = None
) -> AsyncWebClient:
    """No retry handlers: the SDK's default one posts twice when a reply is lost.

    `team_id` is said in every call: a token of a whole organisation does not tell which workspace is meant.
    """
    client = AsyncWebClient(
        token=token or None, base_url=slack_api_url, session=session, retry_handlers=[], team_id=team_id
    )
    client.proxy = None  # the session knows (`bot.network`); the SDK's own reading passes over NO_PROXY
    return client

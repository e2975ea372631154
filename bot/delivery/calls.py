"""One call to Slack, and what is known afterwards."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from aiohttp import ClientConnectorError, ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from storage.outbox import EPHEMERAL, POST, UPDATE
from storage.sending import Outgoing
from views.charts import without_charts

EVENT_TYPE = "drumbeat_message"
_TOO_MANY = 429
_SERVER_ERROR = 500
_RETRY_SECONDS = 30.0  # where Slack limits without saying for how long
# docs.slack.dev/reference/methods/chat.postMessage, "Errors".
_LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_UNCLEAR = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable"})


class Fate(StrEnum):
    """What is known of a call: `later` and `unreached`: it was not made; `unknown`: perhaps it was."""

    MADE = "made"
    REFUSED = "refused"
    LATER = "later"
    UNREACHED = "unreached"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """`error` is Slack's code or the exception's name; `seconds` is how long Slack asked to wait."""

    fate: Fate
    body: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
    seconds: float = 0.0


async def call(client: AsyncWebClient, method: str, args: Mapping[str, Any], *, seconds: float) -> Answer:
    """Call Slack once, for at most so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            answer = await client.api_call(method, json=dict(args))
    except SlackApiError as error:
        return _read_refusal(error)
    except ClientConnectorError as error:
        return Answer(Fate.UNREACHED, error=type(error).__name__)
    except (ClientError, OSError, TimeoutError) as error:
        return Answer(Fate.UNKNOWN, error=type(error).__name__)
    return Answer(Fate.MADE, answer.data if isinstance(answer.data, dict) else {})


def _read_refusal(error: SlackApiError) -> Answer:
    response: Any = error.response
    # The SDK raises with aiohttp's own response where the body is not JSON.
    status = int(getattr(response, "status_code", None) or getattr(response, "status", None) or 0)
    body = getattr(response, "data", None)
    code = str(body.get("error", "")) if isinstance(body, dict) else ""
    if status == _TOO_MANY or code in _LIMITED:
        return Answer(Fate.LATER, error=code, seconds=_retry_after(response.headers))
    if status >= _SERVER_ERROR or code in _UNCLEAR or not code:
        return Answer(Fate.UNKNOWN, error=code or f"http_{status}")
    return Answer(Fate.REFUSED, body or {}, error=code)


def _retry_after(headers: Mapping[str, str]) -> float:
    given = {name.lower(): value for name, value in headers.items()}.get("retry-after", "")
    return float(given) if given.isdigit() else _RETRY_SECONDS


def arguments(outgoing: Outgoing, *, with_charts: bool) -> dict[str, Any]:
    """The arguments of the call that a row stands for."""
    args = dict(outgoing.payload)
    if not with_charts:
        args["blocks"] = without_charts(args.get("blocks", []))
    if outgoing.method == UPDATE:
        return {**args, "channel": outgoing.channel_id, "ts": outgoing.ts}
    if outgoing.method == EPHEMERAL:
        return {**args, "channel": outgoing.target}
    args |= {"channel": outgoing.target, "unfurl_links": False, "unfurl_media": False}
    args["metadata"] = {"event_type": EVENT_TYPE, "event_payload": {"id": str(outgoing.id)}}
    if outgoing.thread_ts:
        args["thread_ts"] = outgoing.thread_ts
    return args


def is_stranded(outgoing: Outgoing) -> bool:
    """Whether what it belongs to has not been posted, so that it cannot be said yet."""
    return outgoing.is_stranded or (outgoing.method == UPDATE and outgoing.ts is None)


def is_repeatable(outgoing: Outgoing) -> bool:
    """Whether making the call twice does no harm: an edit shows the same, an ephemeral one reaches one person."""
    return outgoing.method != POST

"""One call to Slack, and what is known afterwards."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
)

from bot import metrics
from bot.client import LIMITED, UNCLEAR
from bot.network import is_slacks, read_at_most
from storage.delivery.outbox import EPHEMERAL, HOME, UPDATE
from storage.delivery.sending import Outgoing
from views.slack.charts import without_charts
from views.slack.references import is_direct_message

EVENT_TYPE = "drumbeat_message"
_OK = 200
_TOO_MANY = 429
_CONNECT_SECONDS = 10.0
_MOST_READ = 8 * 1024 * 1024
_RETRY_SECONDS = 30.0  # where Slack limits without saying for how long


class Fate(StrEnum):
    """What is known of a call: `later` and `unreached`: it was not made; `in_doubt`: perhaps it was."""

    MADE = "made"
    REFUSED = "refused"
    LATER = "later"
    UNREACHED = "unreached"
    IN_DOUBT = "in_doubt"


@dataclass(frozen=True, slots=True)
class CallResult:
    """`error` is Slack's code or the exception's name; `seconds` is how long Slack asked to wait."""

    fate: Fate
    body: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
    seconds: float = 0.0


class Caller:
    """Calls Slack's Web API at `api_url` (ending with a slash) over one shared session, each call exactly once.

    Plain aiohttp: the SDK's client would parse and write each payload again, at twice the time of a call.
    """

    def __init__(self, session: ClientSession, api_url: str, *, seconds: float) -> None:
        self._session = session
        self._api_url = api_url
        self._timeout = ClientTimeout(total=seconds, sock_connect=min(seconds, _CONNECT_SECONDS))

    async def call(self, token: str, method: str, body: str) -> CallResult:
        """Call a method that takes a JSON body."""
        return await self._post(token, method, body.encode(), "application/json; charset=utf-8")

    async def ask(self, token: str, method: str, args: Mapping[str, str]) -> CallResult:
        """Call a method with a form, the only thing that methods which read take."""
        return await self._post(token, method, urlencode(args).encode(), "application/x-www-form-urlencoded")

    async def find_channel(self, token: str, row: Outgoing) -> str | CallResult:
        """Where a direct message stands, by an id of its own; a result other than made says why Slack does not say."""
        own = row.target if is_direct_message(row.target) else None
        if known := row.channel_id or row.dm_channel_id or own:
            return known
        opened = await self.ask(token, "conversations.open", {"users": row.target})
        return str(opened.body["channel"]["id"]) if opened.fate is Fate.MADE else opened

    async def read(self, token: str, url: str) -> bytes | CallResult:
        """What Slack shows at one of its addresses; a result says why that could not be had just now."""
        if not is_slacks(url, self._api_url):
            return CallResult(Fate.UNREACHED, error="no address of Slack's")
        headers = {"Authorization": f"Bearer {token}"}
        try:
            async with self._session.get(url, headers=headers, timeout=self._timeout) as response:
                if response.status == _OK:
                    return await read_at_most(response.content, _MOST_READ)
                return CallResult(Fate.UNREACHED, error=f"http_{response.status}")
        except (ClientError, OSError, TimeoutError) as error:
            return CallResult(Fate.UNREACHED, error=type(error).__name__)

    async def put(self, url: str, content: bytes) -> CallResult:
        """Give Slack the bytes of a file, at the address it asked for them; a token has no place there."""
        try:
            async with self._session.post(url, data=content, timeout=self._timeout) as response:
                is_there = response.status == _OK
                return CallResult(Fate.MADE if is_there else Fate.IN_DOUBT, error=f"http_{response.status}")
        except (ClientError, OSError, TimeoutError) as error:
            return CallResult(Fate.IN_DOUBT, error=type(error).__name__)

    async def _post(self, token: str, method: str, body: bytes, content_type: str) -> CallResult:
        result = await self._try(token, method, body, content_type)
        metrics.CALLS.labels(method, result.fate).inc()
        return result

    async def _try(self, token: str, method: str, body: bytes, content_type: str) -> CallResult:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": content_type}
        url = self._api_url + method
        try:
            async with self._session.post(url, data=body, headers=headers, timeout=self._timeout) as response:
                return _read(response.status, response.headers, await response.read())
        except (ClientConnectorError, ConnectionTimeoutError) as error:
            return CallResult(Fate.UNREACHED, error=type(error).__name__)
        except (ClientError, OSError, TimeoutError) as error:
            return CallResult(Fate.IN_DOUBT, error=type(error).__name__)


def _read(status: int, headers: Mapping[str, str], raw: bytes) -> CallResult:
    body = _object(raw)
    code = str(body.get("error", ""))
    if status == _TOO_MANY or code in LIMITED:
        given = headers.get("Retry-After", "")
        return CallResult(Fate.LATER, error=code, seconds=float(given) if given.isdigit() else _RETRY_SECONDS)
    if status != _OK or code in UNCLEAR or "ok" not in body:
        return CallResult(Fate.IN_DOUBT, error=code or f"http_{status}")
    return CallResult(Fate.MADE if body["ok"] else Fate.REFUSED, body, error=code)


def _object(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def body_of(outgoing: Outgoing, *, with_charts: bool) -> str:
    """The JSON body of the call that a row stands for: its payload with the arguments that say where it goes."""
    payload = outgoing.payload
    if not with_charts and outgoing.method != HOME:
        args = json.loads(payload)
        payload = json.dumps({**args, "blocks": without_charts(args.get("blocks", []))})
    where = json.dumps(_where(outgoing))
    # Spliced as text: payloads are written once, when they enter the outbox.
    return f"{where[:-1]}, {payload.lstrip()[1:]}"


def _where(outgoing: Outgoing) -> dict[str, Any]:
    if outgoing.method == UPDATE:
        return {"channel": outgoing.channel_id, "ts": outgoing.ts}
    if outgoing.method == HOME:
        return {"user_id": outgoing.target}
    if outgoing.method == EPHEMERAL:
        return {"channel": outgoing.target}
    args = {
        "channel": outgoing.target,
        "unfurl_links": False,
        "unfurl_media": False,
        "metadata": {
            "event_type": EVENT_TYPE,
            "event_payload": {"id": str(outgoing.id), "version": outgoing.version, **_occasion_of(outgoing)},
        },
    }
    return {**args, "thread_ts": outgoing.thread_ts} if outgoing.thread_ts else args


def _occasion_of(outgoing: Outgoing) -> dict[str, str]:
    """By which it is known again when a restored backup has it said anew."""
    return {"occasion": outgoing.occasion} if outgoing.occasion else {}

"""The one place that everything from Slack passes, by HTTP or by Socket Mode.

Whatever goes wrong with it is logged with a reference, and told to whoever waits by a way that needs no database:
the answer itself for a command or a form, else a message sent at once.
"""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import structlog
from aiohttp import ClientError
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot import metrics
from bot.background import Background
from bot.client import ClientOf, is_person_id, refusal_of
from bot.faults import StillAtWork, report_fault
from bot.payloads import dig, workspace_of
from bot.transactions import has_committed
from domain.reading.characters import storable_all, why_not_storable
from domain.reading.legible import legible
from domain.reading.messages import words_of
from storage.database import is_away
from views.slack import blocks as b

log = structlog.get_logger()

Body = dict[str, Any]
Headers = Mapping[str, Any]
Tell = Callable[[str | None, Any, Any, str], None]
"""Workspace or None, person, channel or None, sentence: see `Incoming.tell`."""

MENDED = "mended"
"""Where a payload has what was wrong with its characters, if anything was."""
_RATE_LIMITED = "app_rate_limited"
"""Slack has left events out for a minute, and says so instead: people wrote or clicked and nothing came of it."""
LAST_RETRY = 3
"""Slack sends an event again at once, after one minute and after five, then no more (docs.slack.dev/apis/events-api)."""
TELLING_SECONDS = 10.0
PATIENCE = 2.5
"""Seconds until an answer: Slack waits three, and some of them pass on the way."""
_CHANNEL = re.compile(r"[CDG][A-Z0-9]{1,40}", re.ASCII)
_NO_TEXT = re.compile(r"\\u(?:0000|d[89a-f])", re.IGNORECASE)
"""The only way for JSON to hold what a database refuses, beside halves of characters that belong together."""
_TYPES = {
    "block_actions",
    "block_suggestion",
    "event_callback",
    "message_action",
    "shortcut",
    "view_submission",
}


class UnreadableBody(Exception):
    """Slack's, by its signature, and yet no payload."""


class Incoming:
    """Hands payloads to Bolt and answers for what goes wrong."""

    def __init__(
        self, bolt: AsyncApp, client_of: ClientOf, background: Background, patience: float = PATIENCE
    ) -> None:
        self.bolt = bolt
        self.patience = patience
        self._client_of = client_of
        self._background = background
        bolt.error(_hand_on)

    async def take_raw(self, raw: bytes, headers: Headers) -> BoltResponse:
        """A body as it came by HTTP, its signature already checked."""
        try:
            body = read_body(raw)
        except (ValueError, RecursionError, UnreadableBody) as problem:
            report_fault(problem, "unreadable body")
            return BoltResponse(status=400, headers={"x-slack-no-retry": "1"})
        return await self.take(body, headers)

    async def take_parsed(self, payload: Any, headers: Headers) -> BoltResponse:
        """A payload as the SDK parsed it from a Socket Mode envelope."""
        try:
            body = _mended(payload)
        except RecursionError as problem:
            report_fault(problem, "unreadable body")
            return BoltResponse(status=200)
        return await self.take(body, headers)

    async def take(self, body: Body, headers: Headers) -> BoltResponse:
        """Its answer, which is never a 5xx but for an event that the database could not take."""
        if body.get("type") == _RATE_LIMITED:
            minute = body.get("minute_rate_limited")
            log.error(
                _RATE_LIMITED,
                workspace=workspace_of(body),
                minute=minute if isinstance(minute, int) else "not said",
            )
            return BoltResponse(status=200)
        has_committed.set(False)
        with metrics.ACKS.labels(kind_of(body)).time():
            return await self._answered(body, headers)

    async def _answered(self, body: Body, headers: Headers) -> BoltResponse:
        """In time: what takes longer, as with a database that says nothing, goes on by itself."""
        handling = asyncio.create_task(self._handled(body, headers))
        try:
            done, _ = await asyncio.wait([handling], timeout=self.patience)
        except asyncio.CancelledError:
            handling.cancel()
            raise
        if done:
            return handling.result()
        self._background.start(_to_its_end(handling))
        return self._answer(StillAtWork(), body, headers)

    async def _handled(self, body: Body, headers: Headers) -> BoltResponse:
        try:
            # Parsed and verified already, which is how Bolt takes what comes by Socket Mode.
            request = AsyncBoltRequest(body=body, headers=headers, mode="socket_mode")  # type: ignore[arg-type]
            return await self.bolt.async_dispatch(request)
        except Exception as fault:  # noqa: BLE001 - the one place that answers for any fault
            return self._answer(fault, body, headers)

    def tell(self, workspace_id: str | None, person_id: Any, channel_id: Any, sentence: str) -> None:
        """Say it at once, to that person only: where they clicked, else in their direct message."""
        if is_person_id(person_id):
            has_channel = isinstance(channel_id, str) and _CHANNEL.fullmatch(channel_id)
            where = channel_id if has_channel else None
            self._background.start(self._tell(workspace_id, person_id, where, sentence))

    async def _tell(
        self, workspace_id: str | None, person_id: str, channel_id: str | None, sentence: str
    ) -> None:
        text = b.escape(sentence)
        try:
            async with asyncio.timeout(TELLING_SECONDS):
                client = await self._client_of(workspace_id)
                if channel_id is not None:
                    try:
                        await client.chat_postEphemeral(channel=channel_id, user=person_id, text=text)
                    except SlackApiError as refused:
                        if refusal_of(refused).is_passing:
                            raise
                    else:
                        return
                await client.chat_postMessage(channel=person_id, text=text)
        except SlackApiError as refused:
            log.warning("person_not_told", error=refusal_of(refused).error)
        except (ClientError, OSError, TimeoutError, LookupError, SQLAlchemyError) as problem:
            log.warning("person_not_told", error=type(problem).__name__)

    def _answer(self, fault: Exception, body: Body, headers: Headers) -> BoltResponse:
        kind = kind_of(body)
        sentence = report_fault(fault, kind)
        if kind == "event_callback":
            return self._answer_event(fault, body, headers, sentence)
        if kind == "command":
            return BoltResponse(status=200, body={"response_type": "ephemeral", "text": b.escape(sentence)})
        if kind == "view_submission":
            return BoltResponse(status=200, body=refused_form(body, sentence))
        if kind == "block_suggestion":
            return BoltResponse(status=200, body={"options": []})
        self.tell(workspace_of(body), dig(body, "user", "id"), dig(body, "channel", "id"), sentence)
        return BoltResponse(status=200)

    def _answer_event(self, fault: Exception, body: Body, headers: Headers, sentence: str) -> BoltResponse:
        """503 lets Slack repeat it, which helps against a database that is away or slow and nothing else."""
        is_passing = is_away(fault) or isinstance(fault, StillAtWork)
        will_repeat = is_passing and _retry_number(headers) < LAST_RETRY
        if not will_repeat and dig(body, "event", "channel_type") == "im":
            message = dig(body, "event", "message") or dig(body, "event")
            if dig(message, "bot_id") is None:
                self.tell(workspace_of(body), dig(message, "user"), None, sentence)
        return BoltResponse(status=503 if is_passing else 200)


async def _to_its_end(handling: "asyncio.Task[BoltResponse]") -> None:
    """What it answers comes too late; what went wrong with it has been logged, and told where that needs no answer."""
    await asyncio.wait([handling])


async def _hand_on(error: Exception) -> None:
    """Bolt's own answer to a fault is a bare 500."""
    raise error


def read_body(raw: bytes) -> Body:
    """JSON, or a form with JSON in `payload`, or a form. Raises ValueError, RecursionError or UnreadableBody."""
    text = raw.decode()
    if text.startswith("{"):
        return _read_json(text)
    fields = dict(parse_qsl(text, keep_blank_values=True))
    if "payload" in fields:
        return _read_json(fields["payload"])
    return _mended(fields)


def _read_json(text: str) -> Body:
    body = json.loads(text)
    if not isinstance(body, dict):
        raise UnreadableBody
    return _mended(body) if _NO_TEXT.search(text) else body


def _mended(body: Body) -> Body:
    """The same where all of it can be kept; else with � for each character that cannot, and in `MENDED` the sentences
    that say so, by the field of a form or as "text".
    """
    kept: Body = storable_all(body)
    if kept == body:
        return body
    kept[MENDED] = {
        field: sentence
        for field, words in _told(body).items()
        if isinstance(words, str) and (sentence := why_not_storable(words))
    }
    return kept


def _told(body: Body) -> dict[str, Any]:
    """What a person wrote: after a command, in a message, in the fields of a form."""
    if "command" in body:
        return {"text": body.get("text")}
    if "event" in body:
        event = body["event"]
        message = dig(event, "message") or event
        return {"text": words_of(message).quoted} if isinstance(message, dict) else {}
    fields = dig(body, "view", "state", "values")
    if not isinstance(fields, dict):
        return {}
    return {
        field: dig(element, "value")
        for field, elements in fields.items()
        if isinstance(elements, dict)
        for element in elements.values()
    }


def kind_of(body: Body) -> str:
    """What came in: Slack's `type`, or "command", or "unknown"."""
    if "command" in body:
        return "command"
    told = body.get("type")
    return told if isinstance(told, str) and told in _TYPES else "unknown"


def refused_form(body: Body, sentence: str) -> Body:
    """The sentence at the form's first field, so that what was typed stays; where there is none, in its place."""
    fields = dig(body, "view", "state", "values")
    if isinstance(fields, dict) and fields:
        return {"response_action": "errors", "errors": {next(iter(fields)): legible(sentence)}}
    return {"response_action": "update", "view": b.notice_modal("Drumbeat", b.escape(sentence))}


def _retry_number(headers: Headers) -> int:
    told = headers.get("x-slack-retry-num", "0")
    told = told[0] if isinstance(told, list) and told else told
    return int(told) if isinstance(told, str) and told.isdigit() and len(told) < 3 else 0

"""Signed HTTP delivery, as in docs.slack.dev/authentication/verifying-requests-from-slack."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import aiohttp

from sandbox.delivery.parcel import Ack

if TYPE_CHECKING:
    from sandbox.apps import App
    from sandbox.delivery.parcel import Parcel

JSON = dict[str, Any]
_FORM = "application/x-www-form-urlencoded"


class Http:
    """Posts to an app's request URL and waits for its 2xx within the ack time."""

    def __init__(self, ack_seconds: float) -> None:
        self._timeout = aiohttp.ClientTimeout(total=ack_seconds)
        self._session: aiohttp.ClientSession | None = None

    async def send(self, app: App, parcel: Parcel) -> Ack:
        body, content_type = _body(parcel)
        headers = {"Content-Type": content_type, **signature(app.signing_secret, body)}
        if parcel.attempt:
            headers |= {"x-slack-retry-num": str(parcel.attempt), "x-slack-retry-reason": parcel.reason}
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=self._timeout, headers={"User-Agent": "Slackbot 1.0"}
            )
        try:
            async with self._session.post(
                app.registration.url_for(parcel.kind), data=body, headers=headers
            ) as answer:
                return _ack(answer, await answer.read())
        except TimeoutError:
            return Ack("http_timeout")
        except aiohttp.ClientError:
            return Ack("connection_failed")

    async def close(self) -> None:
        if self._session:
            await self._session.close()


def signature(secret: str, body: bytes) -> dict[str, str]:
    """The two headers that prove a body is Slack's; the timestamp is real time, as apps compare it with theirs."""
    timestamp = str(int(time.time()))
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}


def _body(parcel: Parcel) -> tuple[bytes, str]:
    if parcel.kind == "events_api":
        return json.dumps(parcel.payload).encode(), "application/json"
    if parcel.kind == "interactive":
        return urlencode({"payload": json.dumps(parcel.payload)}).encode(), _FORM
    return urlencode(parcel.payload).encode(), _FORM


def _ack(answer: aiohttp.ClientResponse, body: bytes) -> Ack:
    if not answer.ok:
        return Ack("http_error", may_retry=answer.headers.get("x-slack-no-retry") != "1")
    text = body.decode(errors="replace").strip()
    if answer.content_type == "application/json" and text:
        return Ack(None, json.loads(text))
    return Ack(None, {"text": text} if text else None)

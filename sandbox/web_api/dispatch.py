"""From an HTTP request to a method and back: tokens, scopes, rate limits, faults, the log of calls."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from aiohttp import web

from sandbox.rates import RateLimited
from sandbox.reading_json import read_json
from sandbox.refusals import ApiError, missing_scope
from sandbox.web_api import METHODS, OWN_METHODS
from sandbox.web_api.call import Call, OwnCall
from sandbox.web_api.oauth import by_secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sandbox.apps import Registration
    from sandbox.core import Core
    from sandbox.faults import Fault, Faults
    from sandbox.web_api.call import Asked, Secret

JSON = dict[str, Any]
_SECRETS = ("code", "refresh_token")


async def serve(worlds: Sequence[Core], request: web.Request) -> web.StreamResponse:
    """Answers one call of /api/<method>."""
    name = request.match_info["method"]
    try:
        args = await _arguments(request)
    except (ValueError, LookupError):
        return _answer({"ok": False, "error": "invalid_json"}, {})
    try:
        call = _call_of(worlds, name, args, request.headers.get("Authorization", ""))
    except ApiError as refused:
        return _answer({"ok": False, "error": refused.code}, {})
    worlds[0].calls.append(call)
    try:
        return await _met(worlds[0].faults, request, call)
    finally:
        call.seconds = time.monotonic() - call.began
        call.args = {key: value for key, value in call.args.items() if key not in _SECRETS}


def _call_of(worlds: Sequence[Core], name: str, args: JSON, authorization: str) -> Call | OwnCall:
    """Who calls: an app for itself, or in the workspace its token is for. Raises ApiError."""
    shared = worlds[0].shared
    kind, _, credentials = authorization.partition(" ")
    token = str(args.pop("token", "") or "") or (credentials.strip() if kind == "Bearer" else "")
    secret = str(args.pop("client_id", "") or ""), str(args.pop("client_secret", "") or "")
    if not any(secret) and kind == "Basic":
        secret = _basic(credentials)
    if own := OWN_METHODS.get(name):
        known = shared.registrations.values()
        app = _by_app_token(known, token) if own.by == "app token" else by_secret(known, secret)
        return OwnCall(name, args, shared.clock.now, app=app, worlds=worlds)
    if not token:
        raise ApiError("not_authed")
    if name in METHODS and any(token == one.app_token for one in shared.registrations.values()):
        raise ApiError("not_allowed_token_type")
    installed = shared.tokens.find(token)
    slack = next(one for one in worlds if installed in one.workspace.apps.values())
    return Call(name, args, shared.clock.now, app=installed, slack=slack, token=token, secret=secret)


def _basic(credentials: str) -> Secret:
    try:
        name, _, secret = base64.b64decode(credentials).decode().partition(":")
    except ValueError:
        return "", ""
    return name, secret


def _by_app_token(known: Iterable[Registration], token: str) -> Registration:
    if not token:
        raise ApiError("not_authed")
    found = next((one for one in known if one.app_token == token), None)
    if found is None:
        raise ApiError("not_allowed_token_type" if token.startswith("xox") else "invalid_auth")
    return found


async def _met(faults: Faults, request: web.Request, call: Call | OwnCall) -> web.Response:
    """The answer, or what a fault makes of it."""
    fault = faults.take(call.method, call.args)
    if fault is not None and (spoiled := await _before(request, call, fault)):
        return spoiled
    answer = _call(call)
    if fault is None or fault.kind != "drop_reply":
        return answer
    call.error = call.error or fault.kind
    return _cut(request)


async def _arguments(request: web.Request) -> JSON:
    """Query, form or JSON body, as Slack takes them for any method. Raises ValueError or LookupError."""
    args: JSON = dict(request.query) if request.query_string else {}
    if request.method != "POST" or not request.can_read_body:
        return args
    if request.content_type == "application/json":
        body = read_json(await request.read() or b"{}")
        return args | body if isinstance(body, dict) else args
    if request.content_type.startswith("multipart/"):
        return args | dict(await request.post())
    return args | dict(parse_qsl((await request.read()).decode(), keep_blank_values=True))


def _call(call: Call | OwnCall) -> web.Response:
    headers = {"x-oauth-scopes": call.app.scopes_header} if isinstance(call, Call) else {}
    try:
        answer = _done_for_itself(call) if isinstance(call, OwnCall) else _done(call)
    except ApiError as refused:
        call.error = refused.code
        return _answer({"ok": False, "error": refused.code, **refused.extra}, headers)
    except RateLimited as limited:
        call.error = "ratelimited"
        return _too_many(limited.seconds)
    call.ok = True
    return _answer({"ok": True, **answer}, headers)


def _done(call: Call) -> JSON:
    method = METHODS.get(call.method)
    if method is None:
        raise ApiError("unknown_method", req_method=call.method)
    if method.any_of and not any(scope in call.app.scopes for scope in method.any_of):
        raise missing_scope(call.app, method.any_of[0])
    call.slack.rates.called(call.app, call.method, method.per_minute)
    return method.answer(call)


def _done_for_itself(call: OwnCall) -> JSON:
    method = OWN_METHODS[call.method]
    call.worlds[0].rates.called(call.app, call.method, method.per_minute)
    return method.answer(call)


def _answer(body: JSON, headers: dict[str, str]) -> web.Response:
    data = json.dumps(body).encode()
    return web.Response(body=data, headers=headers, content_type="application/json", charset="utf-8")


def _too_many(seconds: int) -> web.Response:
    answer = _answer({"ok": False, "error": "ratelimited"}, {"Retry-After": str(seconds)})
    answer.set_status(429)
    return answer


async def _before(request: web.Request, call: Asked, fault: Fault) -> web.Response | None:
    """The answer of a fault that strikes before the call is done; None when the call goes ahead."""
    if fault.kind not in ("latency", "drop_reply"):
        call.error = fault.kind
    match fault.kind:
        case "refuse":
            return _cut(request)
        case "error_500" | "error_503":
            return web.Response(status=int(fault.kind.removeprefix("error_")), text="")
        case "rate_limited":
            return _too_many(max(1, round(fault.seconds)))
        case "invalid_blocks":
            return _answer({"ok": False, "error": "invalid_blocks"}, {})
        case "latency":
            await asyncio.sleep(fault.seconds)
    return None


def _cut(request: web.Request) -> web.Response:
    """Closes the connection instead of answering."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()

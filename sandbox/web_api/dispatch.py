"""From an HTTP request to a method and back: tokens, scopes, rate limits, faults, the log of calls."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from aiohttp import web

from sandbox.rates import RateLimited
from sandbox.refusals import ApiError, missing_scope
from sandbox.web_api import METHODS
from sandbox.web_api.call import Call, Method

if TYPE_CHECKING:
    from sandbox.apps import App
    from sandbox.core import Core
    from sandbox.faults import Fault

JSON = dict[str, Any]
APP_LEVEL = "apps.connections.open"


async def serve(slack: Core, request: web.Request) -> web.StreamResponse:
    """Answers one call of /api/<method>."""
    name = request.match_info["method"]
    try:
        args = await _arguments(request)
    except ValueError:
        return _answer({"ok": False, "error": "invalid_json"}, {})
    token = args.pop("token", "") or request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    try:
        app = _authenticate(slack, name, token)
    except ApiError as refused:
        return _answer({"ok": False, "error": refused.code}, {})
    call = Call(app, name, args, slack.clock.now, slack=slack)
    slack.calls.append(call)
    try:
        return await _met(slack, request, call)
    finally:
        call.seconds = time.monotonic() - call.began


async def _met(slack: Core, request: web.Request, call: Call) -> web.Response:
    """The answer, or what a fault makes of it."""
    fault = slack.faults.take(call.method, call.args)
    if fault is not None and (spoiled := await _before(request, call, fault)):
        return spoiled
    answer = _call(call, METHODS.get(call.method))
    if fault is None or fault.kind != "drop_reply":
        return answer
    call.error = call.error or fault.kind
    return _cut(request)


async def _arguments(request: web.Request) -> JSON:
    """Query, form or JSON body, as Slack takes them for any method."""
    args: JSON = dict(request.query) if request.query_string else {}
    if request.method != "POST" or not request.can_read_body:
        return args
    if request.content_type == "application/json":
        body = json.loads(await request.read() or b"{}")
        return args | body if isinstance(body, dict) else args
    if request.content_type.startswith("multipart/"):
        return args | dict(await request.post())
    return args | dict(parse_qsl((await request.read()).decode(), keep_blank_values=True))


def _authenticate(slack: Core, method: str, token: str) -> App:
    if not token:
        raise ApiError("not_authed")
    app = slack.apps_by_token.get(token)
    if app is None:
        raise ApiError("invalid_auth")
    if app.uninstalled:
        raise ApiError("account_inactive")
    if (token == app.app_token) != (method == APP_LEVEL) and method in METHODS:
        raise ApiError("not_allowed_token_type")
    return app


def _call(call: Call, method: Method | None) -> web.Response:
    headers = {"x-oauth-scopes": call.app.scopes_header}
    try:
        answer = _permitted(call, method).answer(call)
    except ApiError as refused:
        call.error = refused.code
        return _answer({"ok": False, "error": refused.code, **refused.extra}, headers)
    except RateLimited as limited:
        call.error = "ratelimited"
        return _too_many(limited.seconds)
    call.ok = True
    return _answer({"ok": True, **answer}, headers)


def _permitted(call: Call, method: Method | None) -> Method:
    if method is None:
        raise ApiError("unknown_method", req_method=call.method)
    if method.any_of and not any(scope in call.app.scopes for scope in method.any_of):
        raise missing_scope(call.app, method.any_of[0])
    call.slack.rates.called(call.app, call.method, method.per_minute)
    return method


def _answer(body: JSON, headers: dict[str, str]) -> web.Response:
    data = json.dumps(body).encode()
    return web.Response(body=data, headers=headers, content_type="application/json", charset="utf-8")


def _too_many(seconds: int) -> web.Response:
    answer = _answer({"ok": False, "error": "ratelimited"}, {"Retry-After": str(seconds)})
    answer.set_status(429)
    return answer


async def _before(request: web.Request, call: Call, fault: Fault) -> web.Response | None:
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

"""The HTTP call with which outside systems report KPI readings; `docs/openapi.yaml` describes it."""

import json
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from bot.connections import BodyRefused, read_body
from bot.faults import report_fault
from bot.transactions import Transactions, has_committed
from domain.acts import Way
from domain.reading.characters import storable, why_not_storable
from services.readings import (
    ReadingIn,
    RefusedCall,
    Reported,
    authenticate,
    find_workspace_of,
    report_reading,
)
from services.tokens import digest_of
from storage.database import is_away

READINGS = "/api/v1/kpis/{id}/readings"
A_MINUTE = 60
"""Calls a minute of one token in one process; of one address, for those without a token that works."""
MAX_BYTES = 16_384
_MOST_CALLERS = 10_000
_BODY_CODES = {400: "not_json", 408: "too_slow", 413: "too_large"}
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Limiter:
    """A bucket of calls for each caller, which fills up again in a minute; `clock` is monotonic, in seconds."""

    def __init__(self, a_minute: int = A_MINUTE, clock: Callable[[], float] = time.monotonic) -> None:
        self._a_minute = a_minute
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_for(self, caller: str) -> float:
        """Takes a call; 0 when it may go on, else the seconds until the next one may."""
        now = self._clock()
        left, at = self._buckets.pop(caller, (float(self._a_minute), now))
        left = min(float(self._a_minute), left + (now - at) * self._a_minute / 60)
        wait = 0.0 if left >= 1 else (1 - left) * 60 / self._a_minute
        self._buckets[caller] = (left - 1 if not wait else left, now)
        if len(self._buckets) > _MOST_CALLERS:
            self._buckets.popitem(last=False)
        return wait


def add_api(
    app: web.Application,
    transact: Transactions,
    now: Callable[[], datetime],
    only: Collection[str] | None,
    limiter: Limiter | None = None,
) -> None:
    """Adds the route, for tokens of these workspaces, None meaning all."""
    limits = limiter or Limiter()

    async def readings(request: web.Request) -> web.Response:
        try:
            return await _readings(request, transact.by(Way.HTTP), now(), only, limits)
        except RefusedCall as refused:
            return _refusal(refused)
        except ConnectionError:
            raise  # the caller has gone
        except Exception as fault:  # noqa: BLE001 - the one place that answers for any fault
            status = 503 if is_away(fault) else 500
            return _refusal(RefusedCall(status, "unavailable", report_fault(fault, "reading")))

    app.router.add_post(READINGS, readings)


async def _readings(
    request: web.Request, transact: Transactions, now: datetime, only: Collection[str] | None, limits: Limiter
) -> web.Response:
    has_committed.set(False)
    try:
        digest = digest_of(_bearer(request))
        whose = await transact(find_workspace_of, digest, only)
        transact = transact.within(whose)
        token = await transact(authenticate, whose, digest, now)
    except RefusedCall:
        _limit(limits, f"address {request.remote}")
        raise
    _limit(limits, f"token {token.id}")
    body = await _body(request)
    kpi_id = request.match_info["id"]
    if not kpi_id.isascii() or not kpi_id.isdigit() or len(kpi_id) > 19 or int(kpi_id) >= 1 << 63:
        raise RefusedCall(404, "not_found", "There is no such KPI in the strategy of this token.")
    reported = await transact(report_reading, token, int(kpi_id), body, now)
    return web.json_response(_shown(reported), status=201 if reported.is_new else 200)


def _bearer(request: web.Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip() or not token.isascii():
        raise RefusedCall(401, "unauthorized", "Send the token of `/kpi token` as “Authorization: Bearer …”.")
    return token.strip()


def _limit(limits: Limiter, caller: str) -> None:
    wait = limits.wait_for(caller)
    if wait:
        raise RefusedCall(
            429, "rate_limited", f"At most {A_MINUTE} calls a minute. Please wait.", retry_after=int(wait) + 1
        )


async def _body(request: web.Request) -> ReadingIn:
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise RefusedCall(415, "encoded", "Send the body as it is, without Content-Encoding.")
    try:
        raw = await read_body(request, MAX_BYTES)
    except BodyRefused as refused:
        raise RefusedCall(refused.status, _BODY_CODES[refused.status], str(refused)) from None
    try:
        told = json.loads(raw, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError, ArithmeticError):
        raise RefusedCall(400, "not_json", "The body is not JSON that I can read.") from None
    return _validated(told)


def _validated(told: Any) -> ReadingIn:
    for field, value in told.items() if isinstance(told, dict) else ():
        if isinstance(value, str) and (problem := why_not_storable(value)):
            raise RefusedCall(422, "invalid", problem, storable(field))
    if isinstance(told, dict) and isinstance(told.get("date"), str):
        told = {**told, "date": _day(told["date"])}
    try:
        return ReadingIn.model_validate(told)
    except ValidationError as invalid:
        first = invalid.errors()[0]
        field = storable(str(first["loc"][0])) if first["loc"] else ""
        raise RefusedCall(422, "invalid", f"{first['msg']}.", field) from None


def _day(text: str) -> date:
    try:
        if _ISO_DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise RefusedCall(422, "invalid", "Write the date like 2026-11-30.", "date")


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _shown(reported: Reported) -> dict[str, str]:
    """Ids as text: they are larger than many programs' numbers."""
    reading = reported.reading
    return {
        "id": str(reading.id),
        "kpi_id": str(reading.kpi_id),
        "date": reading.on.isoformat(),
        "value": f"{reading.value:f}",
        "source": reading.source,
        "note": reading.note,
    }


def _refusal(refused: RefusedCall) -> web.Response:
    told = {"code": refused.code, "message": str(refused)}
    if refused.field:
        told["field"] = refused.field
    headers = {}
    if refused.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if refused.retry_after:
        headers["Retry-After"] = str(refused.retry_after)
    return web.json_response({"error": told}, status=refused.status, headers=headers)

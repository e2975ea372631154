"""Installing by a click: `/slack/install` sends a browser to Slack, which sends it back to `/slack/oauth_redirect`.

Bolt's own flow, over its interfaces of an installation store and a state store, with our tables behind them.
"""

import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from logging import Logger, getLogger
from typing import Any
from urllib.parse import urljoin

import structlog
from aiohttp import ClientError, web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.oauth.async_callback_options import (
    AsyncCallbackOptions,
    AsyncFailureArgs,
    AsyncSuccessArgs,
)
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import Installation as SlackInstallation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.api import Limiter
from bot.client import refusal_of
from bot.clock import Clock, SystemClock
from bot.config import Settings, reveal
from bot.faults import report_fault
from bot.installations import StoredInstallations
from bot.manifest import REDIRECT, list_scopes
from bot.transactions import Transactions
from domain.acts import Way
from services.installations import STATE_LIVES, install
from storage import installations
from storage.delivery.seen import NOWHERE
from storage.installations import Installation
from views.installations import REASONS, SLACK_BUSY, failed_page, installed_page

log = structlog.get_logger()
INSTALL = "/slack/install"
_BEGUN_A_MINUTE = 600
"""Behind a proxy everybody has one address."""
_HTML: Mapping[str, str] = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
}
Handle = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]
_TEAM = re.compile("[TE][A-Z0-9]{1,40}", re.ASCII)
_SYSTEM = SystemClock()
"""Bolt counts from it when a token ends."""
_silent = getLogger("drumbeat.installing")
_silent.disabled = True  # Bolt's flow logs the code that is exchanged for a token


class InstallationStore(AsyncInstallationStore):
    """What Bolt's flow takes of its interface, over our table; `resume` is told where there is a new token."""

    def __init__(
        self, transact: Transactions, clock: Clock, found: StoredInstallations, resume: Callable[[str], None]
    ) -> None:
        self._transact = transact.by(Way.SLACK)
        self._clock = clock
        self._found = found
        self._resume = resume

    @property
    def logger(self) -> Logger:
        return _silent

    async def async_save(self, installation: SlackInstallation) -> None:
        installed = self._read(installation)
        within = self._transact.within(installed.id)
        await within(install, self._found.keys, installed, self._clock.now())
        self._found.forget()
        self._resume(installed.id)

    def _read(self, told: SlackInstallation) -> Installation:
        id_ = told.enterprise_id if told.is_enterprise_install else told.team_id
        name = told.enterprise_name if told.is_enterprise_install else told.team_name
        assert id_  # for every install is of one or the other
        assert told.bot_token  # for scopes of a bot are all that is asked for
        # Slack tells to the second when it was removed, and that may be the same second.
        now, ends = self._clock.now().replace(microsecond=0), told.bot_token_expires_at
        return Installation(
            workspace_id=id_,
            id=id_,
            name=name or id_,
            app_id=told.app_id or "",
            bot_id=told.bot_id or "",
            bot_user_id=told.bot_user_id or "",
            scopes=tuple(told.bot_scopes or ()),
            installer_id=told.user_id,
            token=told.bot_token,
            installed_at=now,
            refresh_token=told.bot_refresh_token,
            expires_at=now + timedelta(seconds=ends - _SYSTEM.wall().timestamp()) if ends else None,
        )


class StateStore(AsyncOAuthStateStore):
    """What comes back from Slack was issued here, less than ten minutes ago, and is taken once."""

    def __init__(self, transact: Transactions, clock: Clock) -> None:
        self._transact = transact.within(NOWHERE)
        self._clock = clock

    @property
    def logger(self) -> Logger:
        return _silent

    async def async_issue(self, *_: object, **__: object) -> str:
        state, now = secrets.token_urlsafe(32), self._clock.now()
        await self._transact(installations.issue_state, _digest(state), now, now - STATE_LIVES)
        return state

    async def async_consume(self, state: str) -> bool:
        expired = self._clock.now() - STATE_LIVES
        return await self._transact(installations.consume_state, _digest(state), expired)


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode(errors="replace")).hexdigest()


class _SlackBusyError(Exception):
    """Slack did not get round to answering: what it was asked may be as good as ever."""


class _Client(AsyncWebClient):
    """Bolt's flow takes any refusal for one of the code; raises _SlackBusyError where Slack is busy or in trouble."""

    async def api_call(self, *args: Any, **kwargs: Any) -> AsyncSlackResponse:
        try:
            return await super().api_call(*args, **kwargs)
        except SlackApiError as refused:
            if refusal_of(refused).is_passing:
                raise _SlackBusyError from None
            raise
        except (ClientError, OSError, TimeoutError):
            raise _SlackBusyError from None


class _Flow(AsyncOAuthFlow):
    """Bolt's, but that only the id of a workspace goes on to Slack as one: whatever is in the address is anybody's."""

    async def build_authorize_url(self, state: str, request: AsyncBoltRequest) -> str:
        team = (request.query.get("team") or [""])[0]
        is_team = _TEAM.fullmatch(team) is not None
        return self.settings.authorize_url_generator.generate(state, team if is_team else None)


def build_flow(
    settings: Settings, client: AsyncWebClient, store: InstallationStore, states: StateStore
) -> AsyncOAuthFlow:
    """Every setting is passed, so that stray variables change nothing; `client` has no token of its own."""
    needed, optional = list_scopes()
    told = AsyncOAuthSettings(
        client_id=settings.slack_client_id,
        client_secret=reveal(settings.slack_client_secret),
        scopes=[*needed, *optional],
        user_scopes=[],
        redirect_uri=settings.base_url + REDIRECT,
        install_path=INSTALL,
        redirect_uri_path=REDIRECT,
        install_page_rendering_enabled=False,
        authorization_url=urljoin(settings.slack_api_url, "/oauth/v2/authorize"),
        installation_store=store,
        state_store=states,
        state_expiration_seconds=int(STATE_LIVES.total_seconds()),
        callback_options=AsyncCallbackOptions(_succeed, _fail),
        logger=_silent,
    )
    own = _Client(base_url=client.base_url, session=client.session, retry_handlers=[])
    own.proxy = client.proxy
    return _Flow(client=own, logger=_silent, settings=told)


async def _succeed(args: AsyncSuccessArgs) -> BoltResponse:
    told = args.installation
    name = told.enterprise_name if told.is_enterprise_install else told.team_name
    id_ = told.enterprise_id if told.is_enterprise_install else told.team_id
    page = installed_page(name or id_ or "", told.app_id or "", id_ or "")
    return BoltResponse(status=200, body=page, headers={**_HTML, "Set-Cookie": _no_cookie(args)})


async def _fail(args: AsyncFailureArgs) -> BoltResponse:
    _say_why_not(args.reason)
    page = failed_page(args.reason, _begin_again(args.settings))
    status = args.suggested_status_code
    return BoltResponse(status=status, body=page, headers={**_HTML, "Set-Cookie": _no_cookie(args)})


def _say_why_not(reason: str) -> None:
    """What Slack says comes by the browser, which may say anything."""
    log.warning("not_installed", reason=reason if reason in REASONS else "other")


def _begin_again(settings: AsyncOAuthSettings) -> str:
    """There may be a path before ours."""
    return str(settings.redirect_uri).removesuffix(REDIRECT) + INSTALL


def _no_cookie(args: AsyncSuccessArgs | AsyncFailureArgs) -> str:
    return args.settings.state_utils.build_set_cookie_for_deletion()


def add_installing(app: web.Application, flow: AsyncOAuthFlow, limiter: Limiter | None = None) -> None:
    """Adds the two routes; each address may begin so many times a minute, for each leaves a row for ten."""
    limits = limiter or Limiter(_BEGUN_A_MINUTE)

    async def begin(request: web.Request) -> web.Response:
        if limits.wait_for(f"address {request.remote}"):
            return busy(429)
        return await answer(flow.handle_installation, request)

    async def finish(request: web.Request) -> web.Response:
        return await answer(flow.handle_callback, request)

    async def answer(handle: Handle, request: web.Request) -> web.Response:
        try:
            return await to_aiohttp_response(await handle(await to_bolt_request(request)))
        except _SlackBusyError:
            _say_why_not(SLACK_BUSY)
            return busy(503, SLACK_BUSY)
        except Exception as fault:  # noqa: BLE001 - whoever waits in a browser reads a sentence
            report_fault(fault, "installation")
            return busy(503)

    def busy(status: int, reason: str = "storage_error") -> web.Response:
        page = failed_page(reason, _begin_again(flow.settings))
        return web.Response(status=status, text=page, headers=_HTML)

    app.router.add_get(INSTALL, begin, allow_head=False)
    app.router.add_get(REDIRECT, finish, allow_head=False)

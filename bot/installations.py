"""Whose token speaks where: the one of the settings, or those of the installations in the database."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import structlog
from aiohttp import ClientError, ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.background import Background
from bot.client import make_client, refusal_of
from bot.clock import Clock
from bot.transactions import Transactions
from domain.acts import Way
from domain.faults import kind_of
from services.installations import join_organisation, remove
from storage import installations
from storage.database import is_away
from storage.encryption import Keys
from storage.installations import Installation

log = structlog.get_logger()

FRESH_SECONDS = 15.0
"""How long what was read of an installation is believed: it may be removed, or made anew, by another process."""
ROTATE_AHEAD = timedelta(hours=2)
"""A token that rotates lives twelve hours; the one before goes on working until it ends."""
_CLAIM_SECONDS = 60.0
_SAVE_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)
_MOST_KEPT = 10_000


class NotInstalledError(LookupError):
    """There is no token for a workspace."""


class Installations(Protocol):
    """`only` are the workspaces this process serves; None: all there are."""

    @property
    def only(self) -> Collection[str] | None: ...

    async def find(self, workspace_id: str) -> Installation | None:
        """What serves a workspace, or an organisation; a removed one says so. None where there never was any."""

    async def join(self, workspace_id: str, organisation_id: str) -> Installation | None:
        """The same of a workspace not met so far, which has the app by its organisation."""

    async def lost(self, workspace_id: str, token: str) -> None:
        """Slack says that this token is none any more, for good."""


async def require(found: Installations, workspace_id: str) -> Installation:
    """Raises NotInstalledError."""
    installation = await found.find(workspace_id)
    if installation is None or installation.removed_at is not None:
        raise NotInstalledError(workspace_id)
    return installation


class Clients:
    """A client for each workspace, with its token."""

    def __init__(self, found: Installations, slack_api_url: str, session: ClientSession) -> None:
        self._found = found
        self._slack_api_url = slack_api_url
        self._session = session
        self._made: dict[str, AsyncWebClient] = {}

    async def of(self, workspace_id: str | None) -> AsyncWebClient:
        """None: of the only one there is. Raises NotInstalledError."""
        if workspace_id is None:
            [workspace_id] = self._found.only or [""]
        installation = await require(self._found, workspace_id)
        made = self._made.get(workspace_id)
        if made is None or made.token != installation.token:
            team_id = None if installation.id == workspace_id else workspace_id
            made = make_client(self._slack_api_url, self._session, installation.token, team_id=team_id)
            if len(self._made) >= _MOST_KEPT:
                self._made.clear()
            self._made[workspace_id] = made
        return made


class OwnInstallation:
    """The one workspace whose token is a setting; `identity` is what auth.test answers to that token."""

    only: Collection[str]

    def __init__(self, identity: AsyncSlackResponse, token: str, app_id: str = "") -> None:
        self._own = Installation(
            workspace_id=identity["team_id"],
            id=identity["team_id"],
            name=identity["team"],
            app_id=app_id,
            bot_id=identity["bot_id"],
            bot_user_id=identity["user_id"],
            scopes=(),
            installer_id="",
            token=token,
            installed_at=datetime.fromtimestamp(0, UTC),
        )
        self.only = (self._own.id,)

    async def find(self, workspace_id: str) -> Installation | None:
        return self._own if workspace_id == self._own.workspace_id else None

    async def join(self, workspace_id: str, organisation_id: str) -> Installation | None:
        return None

    async def lost(self, workspace_id: str, token: str) -> None:
        """Another token needs a restart; until then it is tried again."""


@dataclass(frozen=True, slots=True)
class _Kept:
    installation: Installation
    at: float


class StoredInstallations:
    """Those of the database, each that works read at most every few seconds; tokens that run out are changed in time.

    `client` has no token of its own.
    """

    only: Collection[str] | None = None

    def __init__(
        self,
        transact: Transactions,
        clock: Clock,
        keys: Keys,
        client: AsyncWebClient,
        client_id: str,
        client_secret: str,
        background: Background,
    ) -> None:
        self._transact = transact.by(Way.SLACK)
        self._clock = clock
        self.keys = keys
        self._client = client
        self._credentials = {"client_id": client_id, "client_secret": client_secret}
        self._background = background
        self._kept: dict[str, _Kept] = {}

    async def find(self, workspace_id: str) -> Installation | None:
        kept = self._kept.get(workspace_id)
        if kept is None or self._clock.monotonic() - kept.at >= FRESH_SECONDS:
            return await self._read(workspace_id)
        return kept.installation

    async def join(self, workspace_id: str, organisation_id: str) -> Installation | None:
        await self._transact(join_organisation, workspace_id, organisation_id, self._clock.now())
        return await self._read(workspace_id)

    async def lost(self, workspace_id: str, token: str) -> None:
        installation = await self._read(workspace_id)
        if installation is not None and installation.token == token:
            await self._transact(remove, installation.id, self._clock.now())
            self.forget()

    def forget(self) -> None:
        """Something has changed, perhaps for all workspaces of an organisation: everything is read anew."""
        self._kept.clear()

    async def _read(self, workspace_id: str) -> Installation | None:
        try:
            within = self._transact.within(workspace_id)
            found = await within(installations.find_installation, self.keys, workspace_id)
        except Exception as fault:
            kept = self._kept.get(workspace_id)
            if kept is None or not is_away(fault):
                raise
            return kept.installation  # so that people can be told that the database is away
        self._kept.pop(workspace_id, None)
        if found is None or found.removed_at is not None:
            return found  # it may be installed at any moment, and hears of it at once
        if found.expires_at is not None:
            found = await self._rotated(found)
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        self._kept[workspace_id] = _Kept(found, self._clock.monotonic())
        return found

    async def _rotated(self, found: Installation) -> Installation:
        """With a token that lasts, where this process is the one to get it."""
        due_before = self._clock.now() + ROTATE_AHEAD
        if found.expires_at is None or found.expires_at > due_before:
            return found
        claimed = await self._transact.within(found.id)(
            installations.claim_rotation, self.keys, found.id, _CLAIM_SECONDS, due_before
        )
        if claimed is None:
            return found
        # Whoever needs the token may give up waiting for it; what Slack gives is kept all the same.
        rotated = await asyncio.shield(self._background.start(self._rotate(claimed)))
        return replace(rotated, workspace_id=found.workspace_id) if rotated else found

    async def _rotate(self, claimed: Installation) -> Installation | None:
        """None where Slack gives no other token just now."""
        try:
            answer = await self._exchange(claimed)
        except SlackApiError as refused:
            log.error("rotation_refused", workspace=claimed.id, error=refusal_of(refused).error)
            return None
        except (ClientError, OSError, TimeoutError) as lost:
            log.warning("rotation_failed", workspace=claimed.id, error=kind_of(lost))
            return None
        rotated = replace(
            claimed,
            token=str(answer["access_token"]),
            refresh_token=str(answer["refresh_token"]),
            expires_at=self._clock.now() + timedelta(seconds=int(answer["expires_in"])),
        )
        await self._save(claimed, rotated)
        return rotated

    async def _exchange(self, claimed: Installation) -> AsyncSlackResponse:
        """Where the answer is lost it is asked for once more at once: for a moment Slack gives the same one again."""
        told: dict[str, Any] = {
            **self._credentials,
            "grant_type": "refresh_token",
            "refresh_token": claimed.refresh_token,
        }
        try:
            return await self._client.oauth_v2_access(**told)
        except (ClientError, OSError, TimeoutError):
            return await self._client.oauth_v2_access(**told)

    async def _save(self, before: Installation, after: Installation) -> None:
        """What refreshed the token is good only once, so that what it gave must not be lost to a moment's trouble."""
        for pause in (*_SAVE_PAUSES, None):
            try:
                await self._transact.within(before.id)(installations.save_rotated, self.keys, before, after)
            except Exception as fault:
                log.error("rotation_not_saved", workspace=before.id, error=kind_of(fault))
                if pause is None:
                    raise
                await asyncio.sleep(pause)
            else:
                log.info("token_rotated", workspace=before.id)
                return

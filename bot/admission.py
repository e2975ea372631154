"""Who is let in: what is about a workspace this process serves, for the app that is installed there."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot.installations import Installations
from bot.payloads import app_of, is_of_organisation, organisation_of, workspace_of
from storage.installations import Installation

log = structlog.get_logger()
_MISDIRECTED = 421
"""HTTP's word for it. An event that is refused Slack sends again, perhaps to the process it is for."""
_FOUND = "installation"


class Admission(AsyncAuthorize):
    """Two steps of Bolt's: `admit` before it authorizes, and then that. Neither asks Slack.

    `install_url` is where a workspace installs it; None: nowhere.
    """

    def __init__(self, found: Installations, install_url: str | None = None) -> None:
        self._found = found
        self._install_url = install_url

    async def admit(
        self,
        context: AsyncBoltContext,
        body: dict[str, Any],
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt's name
    ) -> BoltResponse:
        workspace_id, organisation_id = workspace_of(body), organisation_of(body)
        if workspace_id is None and organisation_id is None:
            # What names no workspace is not another's, but a fault to be told of.
            return await next()
        installation = await self._find(body, workspace_id, organisation_id)
        if installation is None:
            log.error("other_workspace_refused", workspace=workspace_id or organisation_id)
            return self._refusal(body)
        if installation.removed_at is not None:
            log.info("removed_workspace_heard", workspace=installation.workspace_id)
            return BoltResponse(status=200)
        app_id = app_of(body)
        if app_id is not None and installation.app_id and app_id != installation.app_id:
            log.error("other_app_refused", workspace=installation.workspace_id)
            return BoltResponse(status=_MISDIRECTED)
        context[_FOUND] = installation
        return await next()

    async def __call__(self, *, context: AsyncBoltContext, **_told: Any) -> AuthorizeResult:
        installation: Installation | None = context.get(_FOUND)
        if installation is None:
            return AuthorizeResult(enterprise_id=None, team_id=None)
        return AuthorizeResult(
            enterprise_id=context.enterprise_id,
            team_id=installation.workspace_id,
            bot_user_id=installation.bot_user_id,
            bot_id=installation.bot_id,
            bot_token=installation.token,
            user_id=context.user_id,
        )

    async def _find(
        self, body: Mapping[str, Any], workspace_id: str | None, organisation_id: str | None
    ) -> Installation | None:
        if workspace_id is None:
            return await self._found.find(organisation_id or "")
        found = await self._found.find(workspace_id)
        if found is None and organisation_id is not None and is_of_organisation(body):
            return await self._found.join(workspace_id, organisation_id)
        return found

    def _refusal(self, body: Mapping[str, Any]) -> BoltResponse:
        if self._install_url is None or "command" not in body:
            return BoltResponse(status=_MISDIRECTED)
        sentence = (
            "Drumbeat is not installed in this workspace yet, as far as I know. "
            f"Whoever looks after your apps can do that at {self._install_url}"
        )
        return BoltResponse(status=200, body={"response_type": "ephemeral", "text": sentence})

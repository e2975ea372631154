"""Until one process serves many workspaces it serves one: what else is in its database, and what of that it is sent."""

import re
from collections.abc import Awaitable, Callable

import structlog
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse
from sqlalchemy.orm import Session

from bot.refusals import CommandRefusedError
from domain.words import MAX_NAME, listed
from storage.workspaces import Workspace, list_workspaces
from views.slack.blocks import plain_line

log = structlog.get_logger()
_WORKSPACE = re.compile("[TE][A-Z0-9]{1,40}", re.ASCII)
_MISDIRECTED = 421
"""HTTP's word for it. An event that is refused Slack sends again, perhaps to the process it is for."""


class WhichWorkspaceError(CommandRefusedError):
    """A command of the command line could mean several workspaces, or none; the text says what to do."""


def list_neighbours(session: Session, workspace_id: str) -> list[Workspace]:
    """The other workspaces in the database."""
    return [one for one in list_workspaces(session) if one.id != workspace_id]


def known_by(workspace: Workspace) -> str:
    return f"{plain_line(workspace.name, MAX_NAME)} ({workspace.id})"


def choose_workspace(session: Session, workspace_id: str) -> str | None:
    """The one named, or where none is the only one there is; None in an empty database.

    Raises WhichWorkspaceError.
    """
    there = list_workspaces(session)
    known = listed([known_by(one) for one in there], "or")
    if workspace_id and workspace_id not in {one.id for one in there}:
        raise WhichWorkspaceError(f"There is no workspace {workspace_id} in this database. There is {known}.")
    if not workspace_id and len(there) > 1:
        raise WhichWorkspaceError(
            f"There are several workspaces in this database: say which with --workspace. There is {known}."
        )
    return workspace_id or (there[0].id if there else None)


def refuse_others(
    workspace_id: str,
) -> Callable[[AsyncBoltContext, Callable[[], Awaitable[BoltResponse]]], Awaitable[BoltResponse]]:
    """A middleware of Bolt's that lets through only what concerns this workspace."""

    async def refuse(
        context: AsyncBoltContext,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt's name
    ) -> BoltResponse:
        # What names no workspace is not another's, but a fault to be told of.
        if context.team_id in (None, workspace_id):
            return await next()
        is_id = _WORKSPACE.fullmatch(str(context.team_id))
        log.error("other_workspace_refused", workspace=context.team_id if is_id else "unreadable")
        return BoltResponse(status=_MISDIRECTED)

    return refuse

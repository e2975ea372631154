"""The workspaces of a database beside the one that a process, or a command, is for."""

from sqlalchemy.orm import Session

from bot.refusals import CommandRefusedError
from domain.words import MAX_NAME, listed
from storage.workspaces import Workspace, list_workspaces
from views.slack.blocks import plain_line


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

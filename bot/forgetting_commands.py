"""`drumbeat forget` and `drumbeat forget-workspace`."""

from typing import Annotated

import typer

from bot.speaking import is_wanted, now, opened, say

_DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would go, and change nothing.")]
_Yes = Annotated[bool, typer.Option("--yes", help="Do not ask; for where there is no terminal to ask at.")]
_FOR_GOOD = "This cannot be undone. Go on?"


def forget(
    user: Annotated[str, typer.Argument(help="Who: their Slack id, like U0123456789, or their whole name.")],
    workspace: Annotated[
        str,
        typer.Option(help="The workspace's id, like T0123456789, where there are several in the database."),
    ] = "",
    dry_run: _DryRun = False,
    yes: _Yes = False,
) -> None:
    """Remove somebody's name and words everywhere; figures stay under “someone who left”. Says first what would go."""
    from bot.forgetting import describe, find_whom, forget_for_good, preview  # noqa: PLC0415

    with opened(is_whole=True) as database:
        began = now()
        whom = database.run(find_whom, user, workspace)
        say(describe(whom, preview(database, whom, began)))
        if not dry_run and is_wanted(_FOR_GOOD, yes=yes):
            say(forget_for_good(database, whom, began))


def forget_workspace(
    team: Annotated[str, typer.Argument(help="The id of the workspace, like T0123456789, or organisation.")],
    dry_run: _DryRun = False,
    yes: _Yes = False,
) -> None:
    """Delete everything that is kept of a workspace, its tokens too; also once it has uninstalled the app."""
    from bot.forgetting import describe_workspace, forget_workspace_for_good  # noqa: PLC0415

    with opened(is_whole=True) as database:
        say(database.run(describe_workspace, team))
        if not dry_run and is_wanted(_FOR_GOOD, yes=yes):
            say(forget_workspace_for_good(database, team, now()))

"""Channels as Slack tells of them: what follows when Drumbeat is let into one, or when one gets another id."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from storage import acts, strategies, workspaces
from storage.channels import move_channel
from storage.delivery import outbox


def open_channel(session: Session, workspace_id: str, channel_id: str, joined: str | None) -> None:
    """What waited for the channel can go out, unless `joined` is somebody else's id than the bot's own."""
    workspace = workspaces.find_workspace(session, workspace_id)
    if joined is None or (workspace and joined == workspace.bot_user_id):
        outbox.release_held(session, workspace_id, channel_id)


def follow_channel(session: Session, workspace_id: str, old_id: str, new_id: str, now: datetime) -> None:
    """It goes on under another id. Where somebody has set up the new one already, both stay what they are."""
    if strategies.find_strategy_by_channel(session, workspace_id, new_id) is None:
        moved = strategies.find_strategy_by_channel(session, workspace_id, old_id)
        move_channel(session, workspace_id, old_id, new_id)
        if moved is not None:
            act = Act(ActKind.CHANNEL_MOVED, None, now, before=old_id, after=new_id)
            acts.add_act(session, workspace_id, moved.id, act)
        outbox.release_held(session, workspace_id, new_id)

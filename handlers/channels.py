"""What Slack tells about channels: invitations, unarchiving, another id."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.requests import Event, Routes, acts
from services.channels import follow_channel, open_channel
from views.slack.references import is_slack_id


def notice_invitation(session: Session, event: Event, now: datetime) -> None:
    """Invited to a channel, or it was unarchived."""
    is_join = event.body["type"] == "member_joined_channel"
    joined = event.body.get("user", "") if is_join else None
    open_channel(session, event.workspace_id, event.body["channel"], joined)


def notice_new_id(session: Session, event: Event, now: datetime) -> None:
    """It was made private or shared with another organisation, or is so no more."""
    old_id, new_id = event.body["old_channel_id"], event.body["new_channel_id"]
    if is_slack_id(old_id) and is_slack_id(new_id):
        follow_channel(session, event.workspace_id, old_id, new_id, now)


ROUTES = Routes(
    events={
        "member_joined_channel": acts(notice_invitation),
        "channel_unarchive": acts(notice_invitation),
        "group_unarchive": acts(notice_invitation),
        "channel_id_changed": acts(notice_new_id),
    }
)

"""What Slack tells about people and channels: zones, deactivations, invitations."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.requests import Event, Routes, acts, hears
from services.people import open_channel, update_person
from views.people import read_person


def notice_change(session: Session, event: Event, now: datetime) -> None:
    """`user_change` and `team_join`."""
    update_person(session, read_person(event.workspace_id, event.body["user"]), now)


def notice_invitation(session: Session, event: Event, now: datetime) -> None:
    """Invited to a channel, or it was unarchived."""
    is_join = event.body["type"] == "member_joined_channel"
    joined = event.body.get("user", "") if is_join else None
    open_channel(session, event.workspace_id, event.body["channel"], joined)


ROUTES = Routes(
    events={
        "user_change": hears(notice_change),
        "team_join": hears(notice_change),
        "member_joined_channel": acts(notice_invitation),
        "channel_unarchive": acts(notice_invitation),
        "group_unarchive": acts(notice_invitation),
    }
)

"""What Slack tells about people: names, zones, deactivations."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.requests import Event, Routes, hears
from services.people import update_person
from views.people import read_person


def notice_change(session: Session, event: Event, now: datetime) -> None:
    """`user_change` and `team_join`."""
    update_person(session, read_person(event.workspace_id, event.body["user"]), now)


ROUTES = Routes(
    events={
        "user_change": hears(notice_change),
        "team_join": hears(notice_change),
    }
)

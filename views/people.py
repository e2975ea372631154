"""People as Slack describes them."""

from collections.abc import Mapping
from typing import Any

from domain.people import Person


def read_person(workspace_id: str, user: Mapping[str, Any]) -> Person:
    """A Slack `user` object (users.info, user_change, team_join) as a Person."""
    profile = user.get("profile") or {}
    return Person(
        workspace_id=workspace_id,
        id=user["id"],
        name=profile.get("display_name") or user.get("real_name") or user.get("name") or user["id"],
        zone=user.get("tz") or "UTC",
        is_admin=bool(user.get("is_admin") or user.get("is_owner")),
        is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_external=bool(user.get("is_stranger")) or user.get("team_id", workspace_id) != workspace_id,
        is_deactivated=bool(user.get("deleted")),
    )

"""Which workspace, organisation and app something from Slack is about."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

_WORKSPACE = re.compile("T[A-Z0-9]{1,40}", re.ASCII)
_ORGANISATION = re.compile("E[A-Z0-9]{1,40}", re.ASCII)
_LATEST = 1 << 33
"""Seconds: whatever is later than that was not written by Slack."""


def workspace_of(body: Mapping[str, Any]) -> str | None:
    """The workspace that has the app and sees what happened: in a shared channel others may see it as well.

    None where it names none, as what is about a whole organisation does not.
    """
    authorized = _first(body.get("authorizations"))
    candidates = (
        dig(body, "view", "app_installed_team_id"),
        dig(authorized, "team_id"),
        dig(body, "team", "id"),
        body.get("team_id"),
        dig(body, "user", "team_id"),
        dig(body, "view", "team_id"),
    )
    return next((one for one in candidates if _is(one, _WORKSPACE)), None)


def organisation_of(body: Mapping[str, Any]) -> str | None:
    """The organisation that the workspace belongs to, if any."""
    candidates = (
        dig(_first(body.get("authorizations")), "enterprise_id"),
        dig(body, "enterprise", "id"),
        body.get("enterprise_id"),
        dig(body, "team", "enterprise_id"),
    )
    return next((one for one in candidates if _is(one, _ORGANISATION)), None)


def is_of_organisation(body: Mapping[str, Any]) -> bool:
    """Whether it comes by an installation of the whole organisation."""
    authorized = _first(body.get("authorizations"))
    told = authorized if "is_enterprise_install" in authorized else body
    return told.get("is_enterprise_install") in (True, "true")


def app_of(body: Mapping[str, Any]) -> str | None:
    """Slack leaves it out of some shortcuts."""
    told = body.get("api_app_id") or dig(body, "view", "app_id")
    return told if isinstance(told, str) else None


def time_of(body: Mapping[str, Any]) -> datetime | None:
    """When an event happened."""
    told = body.get("event_time")
    if not isinstance(told, int) or not 0 < told < _LATEST:
        return None
    return datetime.fromtimestamp(told, UTC)


def dig(value: Any, *names: str) -> Any:
    """What lies at that path, None where there is no such path."""
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _first(value: Any) -> Mapping[str, Any]:
    is_list = isinstance(value, list) and value and isinstance(value[0], dict)
    return value[0] if is_list else {}


def _is(value: Any, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None

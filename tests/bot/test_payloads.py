"""Whose a payload is: as Slack writes them, of one workspace, of an organisation, of a channel that two share."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.payloads import app_of, is_of_organisation, organisation_of, time_of, workspace_of

GRID = {"id": "T1", "domain": "harbor", "enterprise_id": "E1", "enterprise_name": "Company"}


@pytest.mark.parametrize(
    ("body", "workspace", "organisation", "is_shared"),
    [
        ({"command": "/kpi", "team_id": "T1", "user_id": "U1"}, "T1", None, False),
        (
            {"command": "/kpi", "team_id": "T1", "enterprise_id": "E1", "is_enterprise_install": "false"},
            "T1",
            "E1",
            False,
        ),
        (
            {"command": "/kpi", "team_id": "T1", "enterprise_id": "E1", "is_enterprise_install": "true"},
            "T1",
            "E1",
            True,
        ),
        ({"type": "view_submission", "team": GRID, "user": {"id": "W1", "team_id": "T1"}}, "T1", "E1", False),
        (
            {
                "type": "block_actions",
                "team": None,
                "enterprise": {"id": "E1", "name": "Company"},
                "is_enterprise_install": True,
                "user": {"id": "W1", "team_id": "T7"},
            },
            "T7",
            "E1",
            True,
        ),
        (
            # Opened in a channel that is shared: its people are of another workspace than the app.
            {
                "type": "view_submission",
                "team": {"id": "T9"},
                "user": {"id": "U9", "team_id": "T9"},
                "view": {"id": "V1", "team_id": "T9", "app_installed_team_id": "T1"},
            },
            "T1",
            None,
            False,
        ),
        (
            # Seen in a shared channel: it happened in T9, and the app is in T1.
            {
                "team_id": "T9",
                "authorizations": [{"enterprise_id": None, "team_id": "T1", "is_enterprise_install": False}],
            },
            "T1",
            None,
            False,
        ),
        (
            {
                "team_id": "T1",
                "enterprise_id": "E1",
                "authorizations": [{"enterprise_id": "E1", "team_id": None, "is_enterprise_install": True}],
            },
            "T1",
            "E1",
            True,
        ),
        ({"enterprise_id": "E1", "event": {"type": "team_access_granted"}}, None, "E1", False),
        ({"type": "url_verification", "challenge": "x"}, None, None, False),
    ],
)
def test_it_is_of_the_workspace_that_has_the_app(
    body: dict[str, Any], workspace: str | None, organisation: str | None, is_shared: bool
) -> None:
    assert (workspace_of(body), organisation_of(body), is_of_organisation(body)) == (
        workspace,
        organisation,
        is_shared,
    )


@pytest.mark.parametrize("odd", [None, "", 5, [], {}, "t1", "T1\n", "T" * 99, "U1", {"id": ["T1"]}, [None]])
def test_what_is_none_is_taken_for_none(odd: Any) -> None:
    for name in ("team_id", "team", "enterprise_id", "enterprise", "authorizations", "user", "view"):
        assert workspace_of({name: odd}) is None
        assert organisation_of({name: odd}) is None
        assert not is_of_organisation({name: odd})
    assert time_of({"event_time": odd}) in (None, datetime.fromtimestamp(5, UTC))
    assert app_of({"api_app_id": odd}) in (None, odd)


def test_an_app_is_named_by_its_payload_or_its_form() -> None:
    assert app_of({"api_app_id": "A1", "view": {"app_id": "A2"}}) == "A1"
    assert app_of({"view": {"app_id": "A2"}}) == "A2"
    assert app_of({"type": "shortcut"}) is None

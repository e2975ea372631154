"""What is served over HTTP, with and without Socket Mode."""

from types import SimpleNamespace
from typing import Any

import pytest

from bot.clock import SystemClock
from bot.config import Settings
from bot.web import build_web

SOCKET_MODE = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
HTTP = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}


class Stub:
    """As much of a process as building its routes looks at."""

    install_flow: Any = None
    transact: Any = None
    clock: Any = SystemClock()
    installations: Any = SimpleNamespace(only=None)

    def __init__(self, settings: Settings) -> None:
        self.settings = settings


def paths(settings: Settings) -> set[str]:
    parts: Any = Stub(settings)
    routes = build_web(parts).router.resources()
    return {resource.canonical for resource in routes}


API = {"/api/v1/kpis/{id}/readings", "/healthz", "/readyz", "/metrics"}


@pytest.mark.parametrize(
    ("told", "serves"),
    [
        (SOCKET_MODE, False),
        ({**SOCKET_MODE, "DRUMBEAT_PORT": "8080"}, True),
        (HTTP, True),
        ({**HTTP, "DRUMBEAT_PORT": "8080"}, True),
    ],
)
def test_beside_socket_mode_a_port_must_be_asked_for(told: dict[str, str], serves: bool) -> None:
    assert Settings.model_validate(told).serves_http is serves


def test_slack_itself_is_heard_over_http_only_without_socket_mode() -> None:
    assert paths(Settings.model_validate(HTTP)) == API | {"/slack/events"}
    assert paths(Settings.model_validate(SOCKET_MODE)) == API

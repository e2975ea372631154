"""The settings of a bot for many workspaces: every mistake is one sentence, and one workspace stays as simple as it was."""

from pathlib import Path

import pytest

from bot.config import SettingsError, load_settings
from storage.encryption import new_key

KEY = new_key()
MANY = {
    "SLACK_CLIENT_ID": "1.2",
    "SLACK_CLIENT_SECRET": "secret",
    "SLACK_SIGNING_SECRET": "signing",
    "DRUMBEAT_ENCRYPTION_KEYS": KEY,
    "DRUMBEAT_PUBLIC_URL": "https://drumbeat.example.org",
}
NAMES = (*MANY, "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_API_URL")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """Where no settings are but those of the test."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def problems(told: pytest.MonkeyPatch, **settings: str) -> list[str]:
    for name, value in settings.items():
        told.setenv(name, value)
    try:
        load_settings()
    except SettingsError as wrong:
        return str(wrong).splitlines()
    return []


def test_five_settings_make_it_one_for_many(told: pytest.MonkeyPatch) -> None:
    assert problems(told, **MANY) == []
    assert load_settings().serves_many


@pytest.mark.parametrize("name", MANY)
def test_each_that_is_missing_is_named_with_how_to_get_it(told: pytest.MonkeyPatch, name: str) -> None:
    [problem] = problems(told, **{**MANY, name: ""})
    assert problem.startswith(f"{name} is missing. It is ")


@pytest.mark.parametrize(
    ("wrong", "begins"),
    [
        ({"DRUMBEAT_ENCRYPTION_KEYS": "secret"}, "DRUMBEAT_ENCRYPTION_KEYS is not valid."),
        ({"DRUMBEAT_ENCRYPTION_KEYS": f"{KEY},x"}, "DRUMBEAT_ENCRYPTION_KEYS is not valid."),
        ({"DRUMBEAT_ENCRYPTION_KEYS": ","}, "DRUMBEAT_ENCRYPTION_KEYS is missing."),
        ({"DRUMBEAT_PUBLIC_URL": "http://drumbeat.example.org"}, "DRUMBEAT_PUBLIC_URL is not valid."),
        ({"DRUMBEAT_PUBLIC_URL": "drumbeat.example.org"}, "DRUMBEAT_PUBLIC_URL is not valid."),
        ({"DRUMBEAT_PUBLIC_URL": "https://drumbeat.example.org?x=1"}, "DRUMBEAT_PUBLIC_URL is not valid."),
        ({"DRUMBEAT_PUBLIC_URL": "https://[drumbeat"}, "DRUMBEAT_PUBLIC_URL is not valid."),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_APP_TOKEN is for one workspace"),
    ],
)
def test_each_that_is_wrong_is_named(told: pytest.MonkeyPatch, wrong: dict[str, str], begins: str) -> None:
    [problem] = problems(told, **(MANY | wrong))
    assert problem.startswith(begins)


@pytest.mark.parametrize("name", ["DRUMBEAT_ENCRYPTION_KEYS", "DRUMBEAT_PUBLIC_URL"])
def test_what_is_for_many_beside_a_bot_token_is_a_mistake(told: pytest.MonkeyPatch, name: str) -> None:
    one = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "signing", name: MANY[name]}
    assert problems(told, **one) == [
        f"{name} is for many workspaces, which set no SLACK_BOT_TOKEN: unset one of the two."
    ]


def test_a_stray_client_id_changes_nothing_of_a_bot_for_one_workspace(told: pytest.MonkeyPatch) -> None:
    one = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1-A1-2-x"}
    assert problems(told, **one, SLACK_CLIENT_ID="1.2", SLACK_CLIENT_SECRET="secret") == []
    settings = load_settings()
    assert not settings.serves_many
    assert settings.uses_socket_mode
    assert settings.app_id == "A1"


def test_keys_are_read_with_room_around_them_and_the_address_without_its_last_slash(
    told: pytest.MonkeyPatch,
) -> None:
    other = new_key()
    keys, url = f" {KEY} ,\n{other},", "https://example.org/drumbeat/"
    assert problems(told, **{**MANY, "DRUMBEAT_ENCRYPTION_KEYS": keys, "DRUMBEAT_PUBLIC_URL": url}) == []
    settings = load_settings()
    assert settings.keys == [KEY, other]
    assert settings.base_url == "https://example.org/drumbeat"

"""Settings from the environment, each with what it is for and how to get it."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import urlparse

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.refusals import CommandRefusedError

DEFAULT_API_URL = "https://slack.com/api/"


_QUOTES = "\"'"


class SettingsError(CommandRefusedError):
    """Settings that are wrong or missing; the text names each and says how to get it."""

    code = 2


class DatabaseSettings(BaseSettings):
    """What a command needs that works without Slack."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    database_url: str = Field(default="sqlite:///drumbeat.db", validation_alias="DATABASE_URL")
    log_level: str = Field(
        default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", validation_alias="DRUMBEAT_LOG_LEVEL"
    )

    @model_validator(mode="before")
    @classmethod
    def _as_meant(cls, given: Mapping[str, Any]) -> dict[str, Any]:
        """Without the newlines and quotes that files and panels leave around a value; an empty one is not set."""
        meant = {name: _bare(value) if isinstance(value, str) else value for name, value in given.items()}
        return {name: value for name, value in meant.items() if value != ""}


class Settings(DatabaseSettings):
    """What the process needs to know; `_HINTS` say how to get each."""

    slack_bot_token: SecretStr = Field(validation_alias="SLACK_BOT_TOKEN")
    slack_app_token: SecretStr | None = Field(default=None, validation_alias="SLACK_APP_TOKEN")
    slack_signing_secret: SecretStr | None = Field(default=None, validation_alias="SLACK_SIGNING_SECRET")
    slack_api_url: str = Field(default=DEFAULT_API_URL, validation_alias="SLACK_API_URL")
    port: int = Field(default=3000, ge=0, le=65535, validation_alias="DRUMBEAT_PORT")
    follow_clock: bool = Field(default=False, validation_alias="DRUMBEAT_FOLLOW_CLOCK")

    @field_validator("slack_api_url")
    @classmethod
    def _an_address(cls, url: str) -> str:
        address = urlparse(url)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise ValueError(url)
        return f"{url.rstrip('/')}/"

    @property
    def uses_socket_mode(self) -> bool:
        return self.slack_app_token is not None

    @property
    def serves_http(self) -> bool:
        """Without Socket Mode always; beside it when a port was given."""
        return not self.uses_socket_mode or "port" in self.model_fields_set

    @cached_property
    def is_local_slack(self) -> bool:
        """Whether SLACK_API_URL is a stand-in on this machine."""
        return urlparse(self.slack_api_url).hostname in {"127.0.0.1", "localhost", "::1"}


_HINTS = {
    "SLACK_BOT_TOKEN": "the bot token, which starts with xoxb-: your app's page, “OAuth & Permissions”",
    "SLACK_APP_TOKEN": (
        "the app-level token for Socket Mode, which starts with xapp-: your app's page, “Basic Information”, "
        "“App-Level Tokens”, with the scope connections:write"
    ),
    "SLACK_SIGNING_SECRET": "what HTTP requests are signed with: your app's page, “Basic Information”",
    "SLACK_API_URL": "where Slack's Web API is; leave it unset",
    "DATABASE_URL": "sqlite:///drumbeat.db (the default) or postgresql://user:password@host/name",
    "DRUMBEAT_PORT": "the port to listen on for HTTP, 0 to 65535 (default 3000; with Socket Mode only if set)",
    "DRUMBEAT_LOG_LEVEL": "DEBUG, INFO (default), WARNING or ERROR",
    "DRUMBEAT_FOLLOW_CLOCK": "only for tests and the demo: follow the clock of a local stand-in for Slack",
}


def load_settings() -> Settings:
    """Raises SettingsError with a sentence for each wrong or missing setting."""
    settings = _load(Settings)
    problems = [*_database_problems(settings), *_combined_problems(settings)]
    if problems:
        raise SettingsError("\n".join(problems))
    return settings


def load_database_settings() -> DatabaseSettings:
    """The same, for what needs no Slack."""
    settings = _load(DatabaseSettings)
    problems = _database_problems(settings)
    if problems:
        raise SettingsError("\n".join(problems))
    return settings


S = TypeVar("S", bound=DatabaseSettings)


def _load(kind: type[S]) -> S:
    try:
        return kind()  # values come from the environment
    except ValidationError as invalid:
        problems = [_problem(str(e["loc"][0]), e["type"]) for e in invalid.errors()]
        raise SettingsError("\n".join(problems)) from None
    except (OSError, UnicodeDecodeError) as problem:
        why = problem.strerror if isinstance(problem, OSError) else "it is not written in UTF-8"
        raise SettingsError(f"The file .env cannot be read: {why}. Correct it, or remove it.") from None


def _bare(value: str) -> str:
    value = value.strip()
    is_quoted = len(value) > 1 and value[0] in _QUOTES and value[-1] == value[0]
    return value[1:-1].strip() if is_quoted else value


def _problem(name: str, kind: str) -> str:
    state = "is missing" if kind == "missing" else "is not valid"
    return f"{name} {state}. It is {_HINTS.get(name, 'a setting of Drumbeat')}."


def _database_problems(settings: DatabaseSettings) -> list[str]:
    from storage.database import parse_url  # noqa: PLC0415 - `drumbeat --help` needs no SQLAlchemy

    try:
        parse_url(settings.database_url)
    except ValueError as problem:
        return [f"{_problem('DATABASE_URL', 'url')} {problem}"]
    return []


def _combined_problems(settings: Settings) -> list[str]:
    problems = []
    if not settings.slack_bot_token.get_secret_value().startswith("xoxb-"):
        problems.append(_problem("SLACK_BOT_TOKEN", "prefix"))
    app_token = settings.slack_app_token
    if app_token is not None and not app_token.get_secret_value().startswith("xapp-"):
        problems.append(_problem("SLACK_APP_TOKEN", "prefix"))
    if app_token is None and not (
        settings.slack_signing_secret and settings.slack_signing_secret.get_secret_value()
    ):
        problems.append(
            "Set SLACK_APP_TOKEN for Socket Mode (no public address needed) or SLACK_SIGNING_SECRET for HTTP. "
            f"SLACK_APP_TOKEN is {_HINTS['SLACK_APP_TOKEN']}. "
            f"SLACK_SIGNING_SECRET is {_HINTS['SLACK_SIGNING_SECRET']}."
        )
    if settings.follow_clock and not settings.is_local_slack:
        problems.append(
            "DRUMBEAT_FOLLOW_CLOCK works only with a SLACK_API_URL on this machine. Unset it to use Slack."
        )
    return problems

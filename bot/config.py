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


class _AsMeant(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _as_meant(cls, given: Mapping[str, Any]) -> dict[str, Any]:
        """Without the newlines and quotes that files and panels leave around a value; an empty one is not set."""
        meant = {name: _bare(value) if isinstance(value, str) else value for name, value in given.items()}
        return {name: value for name, value in meant.items() if value != ""}


class DatabaseSettings(_AsMeant):
    """What a command needs that works without Slack."""

    database_url: str = Field(default="sqlite:///drumbeat.db", validation_alias="DATABASE_URL")
    log_level: str = Field(
        default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", validation_alias="DRUMBEAT_LOG_LEVEL"
    )


class PortSettings(_AsMeant):
    """Where a bot on this machine listens."""

    port: int = Field(default=3000, ge=0, le=65535, validation_alias="DRUMBEAT_PORT")


class Settings(DatabaseSettings, PortSettings):
    """What the process needs to know; `HINTS` say how to get each."""

    slack_bot_token: SecretStr | None = Field(default=None, validation_alias="SLACK_BOT_TOKEN")
    slack_app_token: SecretStr | None = Field(default=None, validation_alias="SLACK_APP_TOKEN")
    slack_signing_secret: SecretStr | None = Field(default=None, validation_alias="SLACK_SIGNING_SECRET")
    slack_client_id: str | None = Field(default=None, validation_alias="SLACK_CLIENT_ID")
    slack_client_secret: SecretStr | None = Field(default=None, validation_alias="SLACK_CLIENT_SECRET")
    encryption_keys: SecretStr | None = Field(default=None, validation_alias="DRUMBEAT_ENCRYPTION_KEYS")
    public_url: str | None = Field(default=None, validation_alias="DRUMBEAT_PUBLIC_URL")
    slack_api_url: str = Field(default=DEFAULT_API_URL, validation_alias="SLACK_API_URL")
    keep_words_days: int | None = Field(
        default=None, ge=90, le=36_500, validation_alias="DRUMBEAT_KEEP_WORDS_DAYS"
    )
    follow_clock: bool = Field(default=False, validation_alias="DRUMBEAT_FOLLOW_CLOCK")

    @field_validator("slack_api_url")
    @classmethod
    def _an_address(cls, url: str) -> str:
        address = urlparse(url)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise ValueError(url)
        return f"{url.rstrip('/')}/"

    @property
    def serves_many(self) -> bool:
        """Whether workspaces install it by a click; else it is for the one whose bot token is set."""
        of_many = (self.slack_client_id, self.slack_client_secret, self.encryption_keys, self.public_url)
        return not self.slack_bot_token and any(of_many)

    @property
    def uses_socket_mode(self) -> bool:
        return self.slack_app_token is not None

    @property
    def app_id(self) -> str:
        """The app's, as its app token has it in the middle; empty where there is none."""
        parts = reveal(self.slack_app_token).split("-")
        return parts[2] if len(parts) > 3 else ""

    @property
    def base_url(self) -> str:
        """DRUMBEAT_PUBLIC_URL without a slash at its end."""
        return (self.public_url or "").rstrip("/")

    @property
    def keys(self) -> list[str]:
        """The first encrypts, all decrypt."""
        return [key.strip() for key in reveal(self.encryption_keys).split(",") if key.strip()]

    @property
    def serves_http(self) -> bool:
        """Without Socket Mode always; beside it when a port was given."""
        return not self.uses_socket_mode or "port" in self.model_fields_set

    @cached_property
    def is_local_slack(self) -> bool:
        """Whether SLACK_API_URL is a stand-in on this machine."""
        return urlparse(self.slack_api_url).hostname in {"127.0.0.1", "localhost", "::1"}


HINTS = {
    "SLACK_BOT_TOKEN": "the bot token, which starts with xoxb-: your app's page, “OAuth & Permissions”",
    "SLACK_APP_TOKEN": (
        "the app-level token for Socket Mode, which starts with xapp-: your app's page, “Basic Information”, "
        "“App-Level Tokens”, with the scope connections:write"
    ),
    "SLACK_SIGNING_SECRET": "what HTTP requests are signed with: your app's page, “Basic Information”",
    "SLACK_CLIENT_ID": (
        "what many workspaces install the app by, together with SLACK_CLIENT_SECRET: your app's page, "
        "“Basic Information”; for one workspace set SLACK_BOT_TOKEN instead"
    ),
    "SLACK_CLIENT_SECRET": "the secret that goes with SLACK_CLIENT_ID: your app's page, “Basic Information”",
    "DRUMBEAT_ENCRYPTION_KEYS": (
        "what the workspaces' tokens are encrypted with: a key that `drumbeat new-key` prints, or several with commas "
        "between, of which the first encrypts and all decrypt"
    ),
    "DRUMBEAT_PUBLIC_URL": (
        "where browsers and Slack reach this process when many workspaces install it, such as "
        "https://drumbeat.example.org"
    ),
    "SLACK_API_URL": "where Slack's Web API is; leave it unset",
    "DATABASE_URL": "sqlite:///drumbeat.db (the default) or postgresql://user:password@host/name",
    "DRUMBEAT_PORT": "the port to listen on for HTTP, 0 to 65535 (default 3000; with Socket Mode only if set)",
    "DRUMBEAT_KEEP_WORDS_DAYS": (
        "for how many days what people wrote is kept, 90 or more; unset, for ever. Figures stay in any case"
    ),
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


def load_port() -> int:
    """Raises SettingsError."""
    return _load(PortSettings).port


S = TypeVar("S", bound=_AsMeant)


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
    return f"{name} {state}. It is {HINTS.get(name, 'a setting of Drumbeat')}."


def _database_problems(settings: DatabaseSettings) -> list[str]:
    from storage.database import parse_url  # noqa: PLC0415 - `drumbeat --help` needs no SQLAlchemy

    try:
        parse_url(settings.database_url)
    except ValueError as problem:
        return [f"{_problem('DATABASE_URL', 'url')} {problem}"]
    return []


def _combined_problems(settings: Settings) -> list[str]:
    problems = _problems_of_many(settings) if settings.serves_many else _problems_of_one(settings)
    if settings.follow_clock and not settings.is_local_slack:
        problems.append(
            "DRUMBEAT_FOLLOW_CLOCK works only with a SLACK_API_URL on this machine. Unset it to use Slack."
        )
    return problems


def _problems_of_one(settings: Settings) -> list[str]:
    """Of a process for the workspace of its bot token."""
    problems = []
    token, app_token = reveal(settings.slack_bot_token), reveal(settings.slack_app_token)
    if not token:
        problems.append(_problem("SLACK_BOT_TOKEN", "missing"))
    elif not token.startswith("xoxb-"):
        problems.append(_problem("SLACK_BOT_TOKEN", "prefix"))
    if app_token and not app_token.startswith("xapp-"):
        problems.append(_problem("SLACK_APP_TOKEN", "prefix"))
    if not app_token and not reveal(settings.slack_signing_secret):
        problems.append(
            "Set SLACK_APP_TOKEN for Socket Mode (no public address needed) or SLACK_SIGNING_SECRET for HTTP. "
            f"SLACK_APP_TOKEN is {HINTS['SLACK_APP_TOKEN']}. "
            f"SLACK_SIGNING_SECRET is {HINTS['SLACK_SIGNING_SECRET']}."
        )
    for_many = [
        ("DRUMBEAT_ENCRYPTION_KEYS", settings.encryption_keys),
        ("DRUMBEAT_PUBLIC_URL", settings.public_url),
    ]
    problems += [
        f"{name} is for many workspaces, which set no SLACK_BOT_TOKEN: unset one of the two."
        for name, value in for_many
        if value and token
    ]
    return problems


def _problems_of_many(settings: Settings) -> list[str]:
    """Of a process that workspaces install by a click."""
    told = {
        "SLACK_CLIENT_ID": settings.slack_client_id,
        "SLACK_CLIENT_SECRET": reveal(settings.slack_client_secret),
        "SLACK_SIGNING_SECRET": reveal(settings.slack_signing_secret),
        "DRUMBEAT_ENCRYPTION_KEYS": settings.keys,
        "DRUMBEAT_PUBLIC_URL": settings.public_url,
    }
    problems = [_problem(name, "missing") for name, value in told.items() if not value]
    if settings.slack_app_token is not None:
        problems.append("SLACK_APP_TOKEN is for one workspace: many reach the bot over HTTP, so unset it.")
    if settings.keys and not _are_keys(settings.keys):
        problems.append(_problem("DRUMBEAT_ENCRYPTION_KEYS", "keys"))
    if settings.public_url and not is_public(settings.public_url, is_local=settings.is_local_slack):
        problems.append(
            f"{_problem('DRUMBEAT_PUBLIC_URL', 'url')} It begins with https:// and has no question mark in it."
        )
    return problems


def reveal(secret: SecretStr | None) -> str:
    """Empty where it is not set."""
    return secret.get_secret_value() if secret else ""


def _are_keys(keys: list[str]) -> bool:
    from storage.encryption import Keys  # noqa: PLC0415 - one workspace needs no cryptography

    try:
        Keys(keys)
    except ValueError:
        return False
    return True


def is_public(url: str, *, is_local: bool = False) -> bool:
    """Slack calls, and sends browsers to, https only; a stand-in on this machine any address."""
    try:
        parts = urlparse(url)
    except ValueError:
        return False
    is_secure = parts.scheme == "https" or (is_local and parts.scheme == "http")
    has_more = parts.query or parts.fragment or parts.username or any(map(str.isspace, url))
    return is_secure and bool(parts.hostname) and not has_more

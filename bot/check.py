"""`drumbeat check`: is everything there to run?"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.client import make_client, refusal_of
from bot.clock import TOLERANCE, SystemClock, ask_slack, read_http_date
from bot.config import Settings, SettingsError, load_settings, reveal
from bot.databases import DatabaseUnusableError, NoDatabaseError, explain_newer, is_sqlite, look_at
from bot.manifest import list_scopes
from bot.neighbours import known_by, list_neighbours
from bot.network import open_session
from bot.starting import ANSWER_SECONDS
from domain.words import MAX_NAME, listed
from storage import strategies
from storage.database import Database
from storage.encryption import Keys, WrongKeysError
from storage.installations import Installation, list_installations
from storage.isolation import ACROSS, APP
from storage.migrations import SchemaState
from storage.migrations.isolation import Isolation, find_isolation
from storage.workspaces import Workspace
from views.slack.blocks import plain_line

_AT_ONCE = 8
_PROBLEMS = (SlackApiError, ClientError, OSError)
"""What asking Slack raises."""


@dataclass(frozen=True, slots=True)
class Finding:
    is_ok: bool
    what: str
    detail: str

    def __str__(self) -> str:
        return f"{'ok     ' if self.is_ok else 'PROBLEM'} {self.what}: {self.detail}"


async def check_all() -> list[Finding]:
    """Stops at the first problem that keeps the rest from being looked at."""
    try:
        settings = load_settings()
    except SettingsError as problems:
        return [Finding(is_ok=False, what="settings", detail=line) for line in str(problems).splitlines()]
    findings = [
        Finding(is_ok=True, what="settings", detail=_mode_of(settings)),
        Finding(is_ok=True, what="retention", detail=_retention_of(settings)),
    ]
    with ExitStack() as stack:
        database, about_it = _check_database(settings.database_url)
        if database is not None:
            stack.callback(database.close)
        async with open_session(ANSWER_SECONDS) as session:
            client = make_client(settings.slack_api_url, session, reveal(settings.slack_bot_token))
            findings += about_it
            check = _check_installations if settings.serves_many else _check_slack
            findings += [finding async for finding in check(settings, client, database)]
    return findings


def _mode_of(settings: Settings) -> str:
    if settings.uses_socket_mode:
        return "Socket Mode"
    whom = f", for every workspace that installs it at {settings.base_url}" if settings.serves_many else ""
    return f"HTTP on port {settings.port}{whom}"


def _retention_of(settings: Settings) -> str:
    if settings.keep_words_days is None:
        return "what people write is kept until somebody is forgotten (DRUMBEAT_KEEP_WORDS_DAYS is not set)"
    return f"what people wrote goes after {settings.keep_words_days:,} days, figures stay"


def _check_database(url: str) -> tuple[Database | None, list[Finding]]:
    """The database is returned where it can be read."""
    kind = "SQLite" if is_sqlite(url) else "PostgreSQL"
    to_come = Finding(is_ok=True, what="migrations", detail="will be made by `drumbeat run`")
    try:
        database, state = look_at(url, must_be_there=True)
    except NoDatabaseError:
        return None, [Finding(is_ok=True, what="database", detail=f"{kind}, not there yet"), to_come]
    except DatabaseUnusableError as problem:
        return None, [Finding(is_ok=False, what="database", detail=str(problem))]
    answers = Finding(is_ok=True, what="database", detail=f"{kind} answers")
    if state is SchemaState.CURRENT:
        up_to_date = Finding(is_ok=True, what="migrations", detail="up to date")
        return database, [answers, up_to_date, *_check_isolation(database)]
    database.close()
    if state is SchemaState.NEWER:
        newer = explain_newer(database.engine.url)
        return None, [answers, Finding(is_ok=False, what="migrations", detail=newer)]
    by_hand = Finding(is_ok=False, what="migrations", detail="run `drumbeat migrate`")
    return None, [answers, to_come if database.is_sqlite else by_hand]


def _check_isolation(database: Database) -> list[Finding]:
    """Whether PostgreSQL, too, keeps workspaces apart. With SQLite nothing but the queries does."""
    if database.is_sqlite:
        return []
    with database.engine.connect() as connection:
        found = find_isolation(connection)
    detail = _ISOLATION[found].format(user=database.engine.url.username)
    return [Finding(is_ok=found is not Isolation.BROKEN, what="workspaces apart", detail=detail)]


_HOW = "docs/operating.md, “Workspaces apart”, says how to make a user for the bot."
_ISOLATION = {
    Isolation.ON: "PostgreSQL shows a transaction the rows of its workspace only",
    Isolation.ON_DEMAND: "in part: a transaction sees the rows of the workspace that it names, but {user} is not "
    f"{APP} and sees all where it names none. {_HOW}",
    Isolation.OFF: f"by the queries alone: PostgreSQL shows {{user}} everything, as it is a superuser. {_HOW}",
    Isolation.BROKEN: f"{{user}} may not do its work: `GRANT {ACROSS} TO {APP}`, then run `drumbeat migrate` as the tables’ owner.",
}


async def _check_slack(
    settings: Settings, client: AsyncWebClient, database: Database | None
) -> AsyncIterator[Finding]:
    try:
        identity = await client.auth_test()
    except _PROBLEMS as problem:
        means = "Slack refused SLACK_BOT_TOKEN ({error}). Copy it again from “OAuth & Permissions”."
        yield _not_told("token", client, problem, means)
        return
    yield Finding(is_ok=True, what="token", detail=f"{identity['user']} in {identity['team']}")
    yield compare_clocks(SystemClock().wall(), read_http_date(identity.headers.get("Date", "")))
    yield _check_scopes(identity.headers.get("x-oauth-scopes", ""))
    if settings.uses_socket_mode:
        yield await _check_app_token(settings, client)
    if database is not None:
        if others := database.run(list_neighbours, identity["team_id"]):
            yield _name_neighbours(identity["team"], others)
        for strategy in database.within(identity["team_id"]).run(
            strategies.list_strategies, identity["team_id"]
        ):
            yield await _check_channel(client, plain_line(strategy.name, MAX_NAME), strategy.channel_id)


async def _check_installations(
    settings: Settings, client: AsyncWebClient, database: Database | None
) -> AsyncIterator[Finding]:
    """Every workspace's token is asked about; those that work are counted."""
    assert client.session is not None
    try:
        told = await ask_slack(client.session, settings.slack_api_url)
    except OSError as error:
        detail = f"{settings.slack_api_url} does not answer ({error})."
        yield Finding(is_ok=False, what="Slack", detail=detail)
        return
    yield compare_clocks(SystemClock().wall(), told)
    if database is None:
        return
    try:
        found = database.run(list_installations, Keys(settings.keys))
    except WrongKeysError as unreadable:
        detail = f"none decrypts the token of {unreadable}. Add the key that it was kept with."
        yield Finding(is_ok=False, what="DRUMBEAT_ENCRYPTION_KEYS", detail=detail)
        return
    asking = asyncio.Semaphore(_AT_ONCE)
    findings = await asyncio.gather(*(_check_installation(client, one, asking) for one in found))
    for problem in filter(None, findings):
        yield problem
    works = f"{findings.count(None)} of {len(found)} installations work"
    yield Finding(is_ok=True, what="installations", detail=works)


async def _check_installation(
    client: AsyncWebClient, installation: Installation, asking: asyncio.Semaphore
) -> Finding | None:
    """None where nothing is wrong."""
    what = f"{plain_line(installation.name, MAX_NAME)} ({installation.id})"
    try:
        async with asking:
            await client.auth_test(token=installation.token)
    except _PROBLEMS as problem:
        means = "Slack refused its token ({error}). It must be installed again."
        return _not_told(what, client, problem, means)
    scopes = _check_scopes(",".join(installation.scopes))
    return None if scopes.is_ok else Finding(is_ok=False, what=what, detail=scopes.detail)


def _not_told(what: str, client: AsyncWebClient, problem: Exception, means: str) -> Finding:
    """Why Slack did not tell of it; `means` is said where Slack refuses it for good, with the {error} in it."""
    if not isinstance(problem, SlackApiError):
        detail = f"{client.base_url} does not answer ({type(problem).__name__})."
        return Finding(is_ok=False, what="Slack", detail=detail)
    refusal = refusal_of(problem)
    if refusal.is_passing:
        detail = f"Slack is in trouble ({refusal.error}). Please check again in a few minutes."
        return Finding(is_ok=False, what="Slack", detail=detail)
    return Finding(is_ok=False, what=what, detail=means.format(error=refusal.error))


def compare_clocks(ours: datetime, slacks: datetime | None) -> Finding:
    """Whether this machine's clock agrees with Slack's; where Slack does not say, nothing is wrong."""
    ahead = ours - slacks if slacks else timedelta()
    if abs(ahead) <= TOLERANCE:
        return Finding(is_ok=True, what="clock", detail="agrees with Slack’s")
    way = "ahead of" if ahead > timedelta() else "behind"
    detail = (
        f"{timedelta(seconds=round(abs(ahead).total_seconds()))} {way} Slack’s. Set this machine’s clock, "
        "best by NTP; until then Drumbeat goes by Slack’s."
    )
    return Finding(is_ok=False, what="clock", detail=detail)


def _name_neighbours(own: str, others: list[Workspace]) -> Finding:
    detail = f"{listed([known_by(one) for one in others])} share this database. With this token Drumbeat serves {own} and leaves their rows alone."
    return Finding(is_ok=True, what="other workspaces", detail=detail)


def _check_scopes(granted: str) -> Finding:
    needed, optional = list_scopes()
    given = {scope.strip() for scope in granted.split(",")}
    missing = [scope for scope in needed if scope not in given]
    if missing:
        detail = f"missing {', '.join(missing)}. Update the app from manifest.yml and reinstall it."
        return Finding(is_ok=False, what="scopes", detail=detail)
    detail = f"all {len(needed)} granted"
    if without := [scope for scope in optional if scope not in given]:
        detail += (
            f". Without {listed(without)} strategies have no canvas: add it and reinstall where you want one"
        )
    return Finding(is_ok=True, what="scopes", detail=detail)


async def _check_app_token(settings: Settings, client: AsyncWebClient) -> Finding:
    try:
        await client.apps_connections_open(app_token=reveal(settings.slack_app_token))
    except _PROBLEMS as problem:
        means = "Slack refused SLACK_APP_TOKEN ({error}); it needs connections:write."
        return _not_told("app token", client, problem, means)
    return Finding(is_ok=True, what="app token", detail="Socket Mode opens")


async def _check_channel(client: AsyncWebClient, name: str, channel_id: str) -> Finding:
    what = f"channel of {name}"
    try:
        channel = (await client.conversations_info(channel=channel_id))["channel"]
    except _PROBLEMS as problem:
        return _not_told(what, client, problem, "cannot be seen ({error}). Invite the bot there.")
    if channel.get("is_archived"):
        return Finding(is_ok=False, what=what, detail=f"#{channel['name']} is archived")
    if not channel.get("is_member") and channel.get("is_private"):
        return Finding(is_ok=False, what=what, detail=f"invite the bot to #{channel['name']}")
    return Finding(is_ok=True, what=what, detail=f"#{channel['name']} is reachable")

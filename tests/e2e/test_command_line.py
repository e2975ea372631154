"""`drumbeat tick`, `check`, `migrate` and wrong settings, as an operator meets them."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sandbox import App, LocalSlack
from tests.support.bot_here import bot_here
from tests.support.bot_process import DRUMBEAT, environment, install, start_bot
from tests.support.databases import PostgresqlServer
from tests.support.team import Team, team_of
from tests.support.waiting import until

FRIDAY = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)


async def drumbeat(arguments: str, told: dict[str, str], where: Path) -> tuple[int, str, str]:
    """Exit code, what it printed, and what it printed as errors."""
    process = await asyncio.create_subprocess_exec(
        DRUMBEAT,
        *arguments.split(),
        env=told,
        cwd=where,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    printed, errors = await process.communicate()
    assert process.returncode is not None
    return process.returncode, printed.decode(), errors.decode()


def bot_settings(slack: LocalSlack, app: App, database_url: str, **changes: str) -> dict[str, str]:
    return {**environment(slack, app, database_url), **changes}


async def set_up(team: Team, database_url: str) -> None:
    async with bot_here(team.slack, team.app, database_url):
        await team.begins()


# tick


async def test_a_tick_does_what_is_due_at_an_instant_says_so_and_ends(
    database_url: str, tmp_path: Path
) -> None:
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        team = team_of(slack, install(slack), {"Ben": "Europe/London"})
        await set_up(team, database_url)
        told = bot_settings(slack, team.app, database_url)
        ben = team.owners["Ben"]

        early = await drumbeat("tick --at 2026-11-23T08:59Z", told, tmp_path)
        first = await drumbeat("tick --at 2026-11-23T09:00Z", told, tmp_path)
        again = await drumbeat("tick --at 2026-11-23T09:00Z", told, tmp_path)

        assert early[:2] == (0, "Nothing was due.\n")
        assert first[:2] == (0, f"prompt 2026-W48 {ben.id} due 2026-11-23 09:00Z: prompted\n")
        assert again[:2] == (0, "Nothing was due.\n")
        assert len(team.prompts(ben)) == 1


async def test_a_tick_needs_an_instant_it_can_read(tmp_path: Path) -> None:
    async with LocalSlack() as slack:
        told = bot_settings(slack, install(slack), "sqlite:///t.db")
        code, _, errors = await drumbeat("tick --at noon", told, tmp_path)

    assert code == 2
    assert "I could not read 'noon' as an instant. Write it like 2026-11-23T09:00Z." in errors


async def test_a_tick_refuses_to_move_the_time_of_the_real_slack(tmp_path: Path) -> None:
    told = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "DATABASE_URL": "sqlite:///t.db"}
    code, _, errors = await drumbeat("tick --at 2026-11-23T09:00Z", told, tmp_path)

    assert code == 2
    assert "works only with a SLACK_API_URL on this machine" in errors


# check


async def test_a_check_of_a_bot_that_is_all_right(database_url: str, tmp_path: Path) -> None:
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        team = team_of(slack, install(slack), {})
        await set_up(team, database_url)
        told = bot_settings(slack, team.app, database_url, DRUMBEAT_KEEP_WORDS_DAYS="365")
        code, printed, _ = await drumbeat("check", told, tmp_path)

    assert code == 0, printed
    assert "retention: what people wrote goes after 365 days, figures stay" in printed
    is_apart = not database_url.startswith("sqlite")
    assert (
        "workspaces apart: PostgreSQL shows a transaction the rows of its workspace only" in printed
    ) is is_apart
    assert [line.split()[0] for line in printed.splitlines()] == ["ok"] * (9 + is_apart)
    for what in ("settings", "database", "migrations", "token", "scopes", "app token", "#marketing"):
        assert what in printed


async def test_a_check_names_a_channel_that_is_archived_or_closed_to_the_bot(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        team = team_of(slack, install(slack), {})
        await set_up(team, sqlite_url)
        board = slack.channel("board", members=[team.maya], private=True)
        await set_up(Team(slack, team.app, team.maya, board), sqlite_url)
        await team.maya.archives(team.channel)
        code, printed, _ = await drumbeat("check", bot_settings(slack, team.app, sqlite_url), tmp_path)

    problems = [line for line in printed.splitlines() if line.startswith("PROBLEM")]
    assert code == 1
    assert len(problems) == 2
    assert "#marketing is archived" in printed
    assert "cannot be seen (channel_not_found). Invite the bot there." in printed


async def test_a_check_names_scopes_that_are_missing(sqlite_url: str, tmp_path: Path) -> None:
    from bot.manifest import load_manifest  # noqa: PLC0415

    manifest = load_manifest()
    granted = [scope for scope in manifest["oauth_config"]["scopes"]["bot"] if scope != "users:read"]
    async with LocalSlack() as slack:
        app = slack.install(manifest, scopes=granted)
        code, printed, _ = await drumbeat("check", bot_settings(slack, app, sqlite_url), tmp_path)

    assert code == 1
    assert "PROBLEM scopes: missing users:read." in printed


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("SLACK_BOT_TOKEN", "xoxb-wrong", "PROBLEM token: Slack refused SLACK_BOT_TOKEN (invalid_auth)."),
        (
            "SLACK_APP_TOKEN",
            "xapp-wrong",
            "PROBLEM app token: Slack refused SLACK_APP_TOKEN (invalid_auth)",
        ),
        (
            "SLACK_API_URL",
            "http://127.0.0.1:9/api/",
            "PROBLEM Slack: http://127.0.0.1:9/api/ does not answer",
        ),
        ("DATABASE_URL", "mysql://here/there", "PROBLEM settings: DATABASE_URL is not valid."),
        (
            "DATABASE_URL",
            "postgresql://nobody@127.0.0.1:9/nothing",
            "PROBLEM database: PostgreSQL does not answer",
        ),
        ("SLACK_BOT_TOKEN", "", "PROBLEM settings: SLACK_BOT_TOKEN is missing."),
    ],
)
async def test_a_check_names_what_is_wrong(
    sqlite_url: str, tmp_path: Path, name: str, value: str, problem: str
) -> None:
    async with LocalSlack() as slack:
        told = bot_settings(slack, install(slack), sqlite_url) | {name: value}
        code, printed, errors = await drumbeat("check", told, tmp_path)

    assert code == 1, errors
    assert problem in printed


async def test_a_check_says_when_the_database_has_to_be_migrated(
    server: PostgresqlServer, tmp_path: Path
) -> None:
    url = server.empty()
    async with LocalSlack() as slack:
        told = bot_settings(slack, install(slack), url)
        before = await drumbeat("check", told, tmp_path)
        several = await asyncio.gather(*(drumbeat("migrate", told, tmp_path) for _ in range(3)))
        after = await drumbeat("check", told, tmp_path)
    server.drop(url)

    assert before[0] == 1
    assert "PROBLEM migrations: run `drumbeat migrate`" in before[1]
    assert [(code, printed) for code, printed, _ in several] == [(0, "The database is up to date.\n")] * 3
    assert after[0] == 0


# Settings


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ({}, ["SLACK_BOT_TOKEN is missing."]),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, ["SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"]),
        ({"SLACK_BOT_TOKEN": "hello", "SLACK_APP_TOKEN": "hello"}, ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]),
        (
            {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "DRUMBEAT_PORT": "99999"},
            ["DRUMBEAT_PORT is not valid."],
        ),
        (
            {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "DRUMBEAT_LOG_LEVEL": "LOUD"},
            ["DRUMBEAT_LOG_LEVEL is not valid."],
        ),
        (
            {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "DRUMBEAT_KEEP_WORDS_DAYS": "7"},
            [
                "DRUMBEAT_KEEP_WORDS_DAYS is not valid. It is for how many days what people wrote is kept, 90 or more"
            ],
        ),
        (
            {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "DRUMBEAT_FOLLOW_CLOCK": "true"},
            ["DRUMBEAT_FOLLOW_CLOCK works only with a SLACK_API_URL on this machine."],
        ),
    ],
)
async def test_wrong_settings_name_themselves_and_exit_2(
    tmp_path: Path, told: dict[str, str], names: list[str]
) -> None:
    code, _, errors = await drumbeat("run", told, tmp_path)

    assert code == 2
    for name in names:
        assert name in errors
    assert "Traceback" not in errors
    assert "xoxb-1" not in errors


@pytest.mark.parametrize("url", ["mysql://here/there", "nonsense"])
async def test_a_database_url_that_is_none_names_itself_and_exits_2(tmp_path: Path, url: str) -> None:
    async with LocalSlack() as slack:
        told = bot_settings(slack, install(slack), url)
        code, _, errors = await drumbeat("run", told, tmp_path)

    assert code == 2
    assert "DATABASE_URL" in errors
    assert "Traceback" not in errors


# run


async def test_a_start_that_cannot_be_says_why_in_a_sentence(
    server: PostgresqlServer, tmp_path: Path
) -> None:
    async with LocalSlack() as slack:
        told = bot_settings(slack, install(slack), "sqlite:///t.db")
        empty = server.empty()
        for change, sentence in (
            ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, "Slack refused SLACK_BOT_TOKEN (invalid_auth)."),
            (
                {"SLACK_APP_TOKEN": "xapp-revoked"},
                "Slack refused SLACK_APP_TOKEN (invalid_auth). It is the app",
            ),
            ({"SLACK_API_URL": "http://127.0.0.1:9/api/"}, "http://127.0.0.1:9/api/ does not answer"),
            (
                {"DATABASE_URL": "sqlite:////no/such/folder/t.db"},
                "There is no folder /no/such/folder for the database",
            ),
            ({"SLACK_APP_TOKEN": "xapp-1-A0OTHER-1-x"}, "SLACK_APP_TOKEN is of the app A0OTHER, and"),
            ({"DATABASE_URL": empty}, "run `drumbeat migrate` first"),
        ):
            code, _, errors = await drumbeat("run", told | change, tmp_path)
            assert code == 1
            assert sentence in errors
            assert "Traceback" not in errors
        server.drop(empty)


async def test_a_start_that_waits_for_slack_ends_when_it_is_told_to(sqlite_url: str) -> None:
    async with LocalSlack() as slack:
        app = install(slack)
        slack.faults.add("apps.connections.open", "latency", seconds=300)
        bot = await start_bot(slack, app, sqlite_url, wait=False)
        await until(lambda: any(one.method == "apps.connections.open" for one in slack.calls), "the start")
        async with asyncio.timeout(30):
            assert await bot.stop() == 0
    assert [entry["event"] for entry in bot.log][-1:] == ["stopping"]

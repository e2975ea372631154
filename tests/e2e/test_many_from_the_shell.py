"""What whoever runs the bot for many workspaces types: keys, a manifest, a check, and the process itself."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from aiohttp import ClientSession, DummyCookieJar

from demo.process import BotProcess
from sandbox import LocalSlack
from storage.encryption import new_key
from tests.e2e.test_command_line import drumbeat
from tests.support.bot_process import DRUMBEAT
from tests.support.many import Browser, environment_of_many, free_port, register

FRIDAY = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)


@dataclass
class Shell:
    """Where it is run: `keys` are in the settings."""

    browser: Browser
    database_url: str
    folder: Path
    keys: list[str]

    @property
    def settings(self) -> dict[str, str]:
        browser = self.browser
        told = environment_of_many(
            browser.slack, browser.registration, self.database_url, browser.url, self.keys
        )
        return {**told, "PATH": os.environ["PATH"]}

    async def types(self, arguments: str) -> tuple[int, str, str]:
        return await drumbeat(arguments, self.settings, self.folder)

    @asynccontextmanager
    async def runs(self) -> AsyncIterator[BotProcess]:
        """Ends with exit code 0 and without a fault."""
        process = await asyncio.create_subprocess_exec(
            DRUMBEAT,
            "run",
            env=self.settings,
            cwd=self.folder,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        bot = BotProcess(process)
        await bot.until_ready()
        try:
            yield bot
        finally:
            code = await bot.stop()
        assert (code, bot.faults) == (0, [])


@pytest.fixture
async def shell(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Shell]:
    url = f"http://127.0.0.1:{free_port()}"
    async with (
        LocalSlack(now=FRIDAY, rate_limits=False) as slack,
        ClientSession(cookie_jar=DummyCookieJar()) as http,
    ):
        browser = Browser(slack, register(slack, url, rotates=False), url, http)
        yield Shell(browser, sqlite_url, tmp_path, [new_key()])


async def test_it_runs_is_checked_and_its_keys_are_changed_while_it_runs(shell: Shell) -> None:
    slack = shell.browser.slack
    orchard = slack.add_workspace("Orchard")
    ada, olive = slack.person("Ada"), orchard.person("Olive")
    code, made, _ = await shell.types("new-key")
    assert code == 0
    async with shell.runs() as bot:
        [ready] = [entry for entry in bot.log if entry["event"] == "ready"]
        assert ready["workspace"] == "many"
        await shell.browser.installs(ada)
        await shell.browser.installs(olive)
        for path in ("healthz", "readyz", "metrics"):
            async with shell.browser.http.get(f"{shell.browser.url}/{path}") as answer:
                assert answer.status == 200, await answer.text()
        code, printed, errors = await shell.types("check")
        assert code == 0, printed + errors
        assert f"for every workspace that installs it at {shell.browser.url}" in printed
        assert "ok      installations: 2 of 2 installations work" in printed
        assert "ok      clock: agrees" in printed

        shell.keys = [made.strip(), *shell.keys]
        code, printed, errors = await shell.types("rotate-keys")
        assert (code, printed) == (
            0,
            "Encrypted with the first key: the tokens of 2. The other keys may be removed now.\n",
        ), errors
    written = json.dumps(bot.log)
    secrets = [slack.app.bot_token, orchard.app.bot_token, *shell.settings.values()]
    assert [
        one for one in secrets if one in written and one not in ("true", shell.settings["DRUMBEAT_PORT"])
    ] == []
    shell.keys = shell.keys[:1]
    async with shell.runs():
        assert "What you can do" in (await ada.command("/rhythm", "help")).drawn
        assert "What you can do" in (await olive.command("/rhythm", "help")).drawn
        orchard.tokens.revoke(orchard.app.bot_token)
        code, printed, _ = await shell.types("check")
        assert code == 1
        assert "PROBLEM Orchard (T0SANDBOX2): Slack refused its token (token_revoked)" in printed
        assert "1 of 2 installations work" in printed


async def test_without_the_right_key_each_command_says_so_in_a_sentence(shell: Shell) -> None:
    async with shell.runs():
        await shell.browser.installs(shell.browser.slack.person("Ada"))
    shell.keys = [new_key()]
    for arguments, code in (("run", 1), ("check", 1), ("rotate-keys", 1)):
        found, printed, errors = await shell.types(arguments)
        said = printed + errors
        assert found == code, said
        assert "Traceback" not in said
        [sentence] = [line for line in said.splitlines() if "T0SANDBOX1" in line]
        assert "DRUMBEAT_ENCRYPTION_KEYS" in sentence
        assert "dd the key that it was kept with" in sentence


async def test_one_workspace_has_no_keys_to_change(shell: Shell) -> None:
    told = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "PATH": os.environ["PATH"]}
    code, _, errors = await drumbeat("rotate-keys", told, shell.folder)
    assert (code, errors) == (
        2,
        "One workspace keeps no tokens in the database, so there is nothing to encrypt.\n",
    )


async def test_the_manifest_for_many_says_where_browsers_come_back_and_that_tokens_rotate(
    shell: Shell,
) -> None:
    code, printed, _ = await shell.types("manifest --url https://drumbeat.example.org/ --many")
    assert code == 0
    manifest = yaml.safe_load(printed)
    assert manifest["oauth_config"]["redirect_urls"] == ["https://drumbeat.example.org/slack/oauth_redirect"]
    assert manifest["settings"]["token_rotation_enabled"] is True
    assert manifest["settings"]["org_deploy_enabled"] is True
    assert manifest["settings"]["socket_mode_enabled"] is False
    code, _, errors = await shell.types("manifest --many")
    assert code == 2
    assert "say where with --url" in errors

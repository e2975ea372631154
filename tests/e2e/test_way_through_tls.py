"""Many workspaces from behind a proxy that alone finds Slack, over TLS by an authority of the company's own: every kind of call."""

import asyncio
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import ClientSession

from sandbox import LocalSlack, Person
from storage.encryption import new_key
from tests.e2e.test_ways_out import HIDDEN, authority, pass_on
from tests.support.bot_process import DRUMBEAT
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.many import free_port, register
from tests.support.office import STRATEGY_FIELDS
from tests.support.setting_up import set_up
from tests.support.waiting import until

CALLED = {
    *("oauth.v2.access", "auth.test", "views.open", "users.info", "chat.postMessage"),
    *("files.info", "files.getUploadURLExternal", "files.completeUploadExternal"),
}


class Tunnels:
    """A proxy that opens tunnels to Slack's door, which takes TLS off, and to nowhere else; `asked` is what it was asked for."""

    def __init__(self, slack_port: int, context: ssl.SSLContext) -> None:
        self._slack_port, self._context = slack_port, context
        self.asked: list[str] = []
        self.url = ""

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        door = await asyncio.start_server(self._take_tls_off, "127.0.0.1", 0, ssl=self._context)
        self._door = door.sockets[0].getsockname()[1]
        server = await asyncio.start_server(self._tunnel, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield
        finally:
            server.close()
            door.close()

    async def _tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        method, target, _ = (await reader.readuntil(b"\r\n\r\n")).decode().split(" ", 2)
        self.asked.append(f"{method} {target}")
        if (method, target) != ("CONNECT", f"{HIDDEN}:443"):
            writer.write(b"HTTP/1.1 403 Forbidden\r\n\r\n")
            writer.close()
            return
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await self._pass_to(self._door, reader, writer)

    async def _take_tls_off(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._pass_to(self._slack_port, reader, writer)

    async def _pass_to(self, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, asks = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pass_on(reader, asks), pass_on(answers, writer))


@asynccontextmanager
async def run(told: dict[str, str], where: Path) -> AsyncIterator[None]:
    """`drumbeat run`, while inside."""
    bot = await asyncio.create_subprocess_exec(
        DRUMBEAT, "run", env=told, cwd=where, stderr=asyncio.subprocess.PIPE
    )
    assert bot.stderr is not None
    log: list[bytes] = []
    try:
        while not log or b'"ready"' not in log[-1]:
            log.append(await bot.stderr.readline())
            assert log[-1], log
        yield
    finally:
        bot.terminate()
        await bot.communicate()


async def use_it(slack: LocalSlack, ada: Person) -> None:
    """So that it looks up, opens forms, posts, fetches a file and sends one."""
    marketing = slack.channel("marketing", members=[ada])
    await ada.invites(slack.app, marketing)
    await set_up(ada, marketing, STRATEGY_FIELDS)
    await ada.command("/kpi", "add", channel=marketing)
    await ada.fill({**KPI_FIELDS, "Owner": "@Ada"})
    assert await ada.submit() is None
    await ada.command("/kpi", "import", channel=marketing)
    await ada.fill({"File": {"readings.csv": b"kpi,date,value,note\nNobody,2026-11-20,316,\n"}})
    await ada.submit()
    await until(lambda: any("Nobody" in message.drawn for message in ada.dm.messages), "what is in the file")
    await ada.dismiss()
    await ada.command("/rhythm", "export", channel=marketing)
    await until(lambda: any(message.files for message in ada.dm.messages), "the export")


async def test_every_kind_of_call_finds_its_way_through_the_proxy(sqlite_url: str, tmp_path: Path) -> None:
    file, context = authority(tmp_path, HIDDEN)
    async with LocalSlack(rate_limits=False) as slack, ClientSession() as http:
        tunnels = Tunnels(urlsplit(slack.url).port or 0, context)
        async with tunnels.open():
            port, public = free_port(), "https://drumbeat.invalid"
            registration = register(slack, public, rotates=True)
            registration.request_url = f"http://127.0.0.1:{port}/slack/events"
            slack.shared.url = f"https://{HIDDEN}"
            told = {
                "SLACK_CLIENT_ID": registration.client_id,
                "SLACK_CLIENT_SECRET": registration.client_secret,
                "SLACK_SIGNING_SECRET": registration.signing_secret,
                "DRUMBEAT_ENCRYPTION_KEYS": new_key(),
                "DRUMBEAT_PUBLIC_URL": public,
                "DRUMBEAT_PORT": str(port),
                "SLACK_API_URL": f"https://{HIDDEN}/api/",
                "DATABASE_URL": sqlite_url,
                "HTTPS_PROXY": tunnels.url,
                "NO_PROXY": "example.org",
                "SSL_CERT_FILE": str(file),
                "PATH": os.environ["PATH"],
            }
            async with run(told, tmp_path):
                ada = slack.person("Ada", tz="Europe/London")
                begin = f"http://127.0.0.1:{port}/slack/install"
                async with http.get(begin, allow_redirects=False) as begun:
                    asking, cookie = begun.headers["Location"], begun.headers["Set-Cookie"].split(";")[0]
                back = ada.allows(asking).replace(public, f"http://127.0.0.1:{port}")
                async with http.get(back, headers={"Cookie": cookie}) as page:
                    assert page.status == 200, await page.text()
                await use_it(slack, ada)
    refused = {call.method: call.error for call in slack.calls if not call.ok}
    assert refused.keys() <= {"conversations.join"}, refused
    assert {call.method for call in slack.calls} >= CALLED
    assert set(tunnels.asked) == {f"CONNECT {HIDDEN}:443"}

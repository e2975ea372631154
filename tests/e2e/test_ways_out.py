"""Out of a network that lets nothing out but through its proxy, or that has an authority of its own."""

import asyncio
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from bot import socket_mode
from bot.app import assemble
from bot.network import proxy_for
from sandbox import LocalSlack
from storage.delivery import outbox
from tests.support.bot_here import settings_for
from tests.support.bot_process import DRUMBEAT, install
from tests.support.databases import SqliteFiles

HIDDEN = "slack.invalid"
"""A name that only the proxy can find."""


class Proxy:
    """Passes on what it is asked for, all of it on this machine, and keeps the first path of each connection."""

    def __init__(self) -> None:
        self.url = ""
        self.paths: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        there = urlsplit(head.split()[1].decode())
        self.paths.append(there.path)
        answers, asks = await asyncio.open_connection("127.0.0.1", there.port)
        asks.write(head)
        await asyncio.gather(pass_on(reader, asks), pass_on(answers, writer))


async def pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while piece := await source.read(65_536):
            target.write(piece)
            await target.drain()
    except ConnectionError:
        pass
    target.close()


@asynccontextmanager
async def proxy() -> AsyncIterator[Proxy]:
    found = Proxy()
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    found.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield found
    finally:
        server.close()


@pytest.mark.parametrize("is_socket_direct", [False, True])
async def test_every_call_to_slack_goes_by_the_proxy_but_where_it_is_told_not_to(
    sqlite_files: SqliteFiles, monkeypatch: pytest.MonkeyPatch, *, is_socket_direct: bool
) -> None:
    async with LocalSlack(rate_limits=False) as slack, proxy() as way_out:
        app, ben = install(slack), slack.person("Ben Carter")
        port = urlsplit(slack.api_url).port
        settings = settings_for(slack, app, sqlite_files.new()).model_copy(
            update={
                "slack_api_url": f"http://{HIDDEN}:{port}/api/",
                "slack_app_token": SecretStr(app.app_token),
                "follow_clock": False,
            }
        )
        monkeypatch.setenv("HTTP_PROXY", way_out.url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1" if is_socket_direct else "example.org")
        async with assemble(settings) as parts, socket_mode.connect(parts):
            await slack.connected(app)
            now = parts.clock.now()
            await parts.transact(
                outbox.enqueue_post, slack.workspace.id, ben.id, {"text": "Hello", "blocks": []}, now=now
            )
            await parts.sender.drain(60)
            assert ben.dm.messages[-1].drawn == "Hello"
    made = {call.method for call in slack.calls}
    assert made >= {"auth.test", "apps.connections.open", "chat.postMessage"}
    sockets = [path for path in way_out.paths if not path.startswith("/api/")]
    assert bool(sockets) is not is_socket_direct


@pytest.mark.parametrize(
    ("address", "told", "way"),
    [
        ("wss://wss-primary.slack.com/link", {"HTTPS_PROXY": "http://p:1"}, "http://p:1"),
        ("wss://wss-primary.slack.com/link", {"https_proxy": "http://p:1"}, "http://p:1"),
        ("wss://wss-primary.slack.com/link", {"HTTP_PROXY": "http://p:1"}, None),
        ("ws://127.0.0.1:80/link", {"HTTP_PROXY": "http://p:1"}, "http://p:1"),
        ("wss://wss-primary.slack.com/link", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "slack.com"}, None),
        ("wss://wss-primary.slack.com/link", {"HTTPS_PROXY": "http://p:1", "no_proxy": "*"}, None),
        (
            "wss://slack.company.example/link",
            {"HTTPS_PROXY": "http://p:1", "NO_PROXY": ".slack.com"},
            "http://p:1",
        ),
        ("wss://wss-primary.slack.com/link", {}, None),
    ],
)
def test_a_socket_takes_the_way_that_https_takes(
    monkeypatch: pytest.MonkeyPatch, address: str, told: dict[str, str], way: str | None
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    assert proxy_for(address) == way


def authority(where: Path, host: str = "localhost") -> tuple[Path, ssl.SSLContext]:
    """One of our own, and a server's context that it vouches for."""
    own, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "own")]),
    )
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(own, hashes.SHA256())
    )
    file, key = where / "authority.pem", where / "key.pem"
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        own.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file, key)
    return file, context


@pytest.mark.parametrize(
    ("is_known", "said"),
    [(True, "Slack refused SLACK_BOT_TOKEN (invalid_auth)."), (False, "does not answer")],
)
async def test_an_authority_of_ones_own_is_believed_when_it_is_named(
    tmp_path: Path, *, is_known: bool, said: str
) -> None:
    async def refuse(_request: web.Request) -> web.Response:
        return web.json_response({"ok": False, "error": "invalid_auth"})

    file, context = authority(tmp_path)
    app = web.Application()
    app.router.add_post("/api/{method}", refuse)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    told = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_SIGNING_SECRET": "secret",
        "SLACK_API_URL": f"https://localhost:{runner.addresses[0][1]}/api/",
        "PATH": os.environ["PATH"],
    }
    process = await asyncio.create_subprocess_exec(
        DRUMBEAT,
        "run",
        env=told | ({"SSL_CERT_FILE": str(file)} if is_known else {}),
        cwd=tmp_path,
        stderr=asyncio.subprocess.PIPE,
    )
    _, errors = await process.communicate()
    await runner.cleanup()
    assert said in errors.decode()

"""Connections out: through the proxies, and with the authorities, that the environment names.

`HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` in either case; `SSL_CERT_FILE` is read by Python itself.
"""

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from aiohttp import ClientSession, ClientTimeout, StreamReader, TCPConnector

ANSWER_SECONDS = 15.0
"""For an answer, where whoever asks does not say; aiohttp's own are five minutes, and the SDK's do not hold here."""


def open_session(seconds: float = ANSWER_SECONDS) -> ClientSession:
    """As many connections at once as are wanted."""
    return ClientSession(
        connector=TCPConnector(limit=0), trust_env=True, timeout=ClientTimeout(total=seconds)
    )


async def read_at_most(content: StreamReader, most: int) -> bytes:
    """All that comes; of more than `most` bytes so many and one, for whoever asks to see it."""
    raw = bytearray()
    async for piece in content.iter_any():
        raw += piece
        if len(raw) > most:
            break
    return bytes(raw[: most + 1])


def is_slacks(url: str, api_url: str) -> bool:
    """Whether an address is Slack's own: a token goes nowhere else."""
    host = urlsplit(url).hostname or ""
    return host == urlsplit(api_url).hostname or host.endswith(".slack.com")


def proxy_for(address: str) -> str | None:
    """Of a WebSocket, for which aiohttp reads other variables than everybody sets."""
    parts = urlsplit(address)
    if parts.hostname is None or proxy_bypass(parts.hostname):
        return None
    return getproxies().get({"ws": "http", "wss": "https"}[parts.scheme])

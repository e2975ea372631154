"""Connections out: through the proxies, and with the authorities, that the environment names.

`HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` in either case; `SSL_CERT_FILE` is read by Python itself.
"""

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from aiohttp import ClientSession, TCPConnector


def open_session() -> ClientSession:
    """As many connections at once as are wanted."""
    return ClientSession(connector=TCPConnector(limit=0), trust_env=True)


def proxy_for(address: str) -> str | None:
    """Of a WebSocket, for which aiohttp reads other variables than everybody sets."""
    parts = urlsplit(address)
    if parts.hostname is None or proxy_bypass(parts.hostname):
        return None
    return getproxies().get({"ws": "http", "wss": "https"}[parts.scheme])

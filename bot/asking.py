"""`drumbeat ready`: what a running bot says of itself, asked from beside it."""

import urllib.request
from urllib.error import HTTPError, URLError

from bot.refusals import CommandRefusedError

_SECONDS = 4.0


class NotReadyError(CommandRefusedError):
    """It does not answer, or says that it is not ready."""


def ask_whether_ready(port: int) -> str:
    """Raises NotReadyError."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=_SECONDS):  # http  # nosec B310
            return "Ready."
    except HTTPError as answer:
        raise NotReadyError(f"Not ready: {answer.read(500).decode('utf-8', 'replace')}") from None
    except (URLError, TimeoutError, OSError):
        raise NotReadyError(
            f"Nothing answers on port {port} of this machine: is the bot running, and DRUMBEAT_PORT set for it?"
        ) from None

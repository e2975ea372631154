"""`drumbeat ready`: what a running bot says of itself, asked from beside it."""

from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

from bot.refusals import CommandRefusedError

_SECONDS = 4.0
_NOT_READY = 503
_straight = build_opener(ProxyHandler({}))
"""This machine is not reached through the proxy that HTTP_PROXY names."""


class NotReadyError(CommandRefusedError):
    """It does not answer, or says that it is not ready."""


def ask_whether_ready(port: int) -> str:
    """Raises NotReadyError."""
    try:
        with _straight.open(f"http://127.0.0.1:{port}/readyz", timeout=_SECONDS):
            return "Ready."
    except HTTPError as answer:
        if answer.code == _NOT_READY:
            raise NotReadyError(f"Not ready: {answer.read(500).decode('utf-8', 'replace')}") from None
        raise NotReadyError(_explain_other(port)) from None
    except HTTPException:
        raise NotReadyError(_explain_other(port)) from None
    except OSError:
        raise NotReadyError(
            f"Nothing answers on port {port} of this machine: is the bot running, and DRUMBEAT_PORT set for it?"
        ) from None


def _explain_other(port: int) -> str:
    return f"Something else than Drumbeat listens on port {port}: set DRUMBEAT_PORT to the port that the bot has."

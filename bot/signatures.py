"""Whether a request is Slack's (docs.slack.dev/authentication/verifying-requests-from-slack)."""

import hashlib
import hmac
import re
from collections.abc import Mapping

MOST_SECONDS_OFF = 300
_STAMP = re.compile(r"\d{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)


def find_claim(headers: Mapping[str, str], now: float) -> tuple[str, str] | None:
    """The timestamp and the signature, if they have their shapes and the time is within five minutes of `now`.

    Without them nothing of the body needs to be read.
    """
    stamp = headers.get("X-Slack-Request-Timestamp", "")
    signature = headers.get("X-Slack-Signature", "")
    if not _STAMP.fullmatch(stamp) or not _SIGNATURE.fullmatch(signature):
        return None
    return (stamp, signature) if abs(now - int(stamp)) <= MOST_SECONDS_OFF else None


def is_signed(secret: bytes, claim: tuple[str, str], body: bytes) -> bool:
    """Whether whoever knows the secret signed these very bytes."""
    stamp, signature = claim
    expected = hmac.new(secret, f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(f"v0={expected}", signature)

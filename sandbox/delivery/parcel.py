"""What is delivered to an app, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ack:
    """What came back. `failure` is Slack's retry reason, None when it was acknowledged in time."""

    failure: str | None
    body: JSON | None = None
    may_retry: bool = True


@dataclass(frozen=True, slots=True)
class Parcel:
    """One thing to deliver. `kind` is the Socket Mode envelope type."""

    kind: str
    payload: JSON
    attempt: int = 0
    reason: str = ""

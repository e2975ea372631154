"""What is delivered to an app, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from sandbox.apps import App

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


@dataclass(frozen=True, slots=True)
class Delivered:
    """A parcel that went out at one of the sandbox's times; `began` and `seconds` are real time."""

    app: App
    parcel: Parcel
    at: datetime
    began: float
    seconds: float
    ack: Ack

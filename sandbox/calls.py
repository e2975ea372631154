"""The log of what apps asked of the Web API."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(eq=False)
class Called:
    """What was called, with which arguments (without tokens and secrets), at which of the sandbox's times; how it ended.

    What was done and not answered is `ok` and has an error all the same. `began` and `seconds` are real time.
    """

    method: str
    args: dict[str, Any]
    at: datetime
    ok: bool = False
    error: str | None = None
    began: float = field(default_factory=time.monotonic)
    seconds: float = 0.0

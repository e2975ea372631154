"""Trouble on request: what Slack or the network does on a bad day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

FaultKind = Literal["drop_reply", "error_500", "error_503", "rate_limited", "refuse", "latency"]


@dataclass(eq=False, slots=True)
class Fault:
    """`seconds` is the latency, or the Retry-After of rate_limited."""

    method: str
    kind: FaultKind
    times: int
    seconds: float
    channel: str | None


class Faults:
    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(
        self, method: str, kind: FaultKind, times: int = 1, seconds: float = 0.0, channel: str | None = None
    ) -> None:
        """The next `times` calls of a method ("*" for any), in one channel's if given. Raises ValueError."""
        if kind not in get_args(FaultKind):
            raise ValueError(f"{kind!r} is none of {', '.join(get_args(FaultKind))}")
        self._waiting.append(Fault(method, kind, times, seconds, channel))

    def clear(self) -> None:
        self._waiting.clear()

    def take(self, method: str, args: Mapping[str, Any]) -> Fault | None:
        """The fault this call meets, counted down."""
        for fault in self._waiting:
            if fault.method in (method, "*") and (
                fault.channel is None or fault.channel == args.get("channel")
            ):
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None

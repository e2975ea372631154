"""Trouble on request: what Slack or the network does on a bad day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.workspace import Conversation

FaultKind = Literal[
    "drop_reply", "error_500", "error_503", "rate_limited", "refuse", "latency", "invalid_blocks"
]


@dataclass(eq=False, slots=True)
class Fault:
    """`seconds` is the latency, or the Retry-After of rate_limited; `channels` are the ids it is meant for."""

    method: str
    kind: FaultKind
    times: int
    seconds: float
    channels: frozenset[str]


class Faults:
    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(
        self,
        method: str,
        kind: FaultKind,
        times: int = 1,
        seconds: float = 0.0,
        channel: str | Conversation | None = None,
    ) -> None:
        """The next `times` calls of a method ("*" for any), only those to a channel if given. Raises ValueError.

        A direct message is met by its D… id and by the person's U….
        """
        if kind not in get_args(FaultKind):
            raise ValueError(f"{kind!r} is none of {', '.join(get_args(FaultKind))}")
        self._waiting.append(Fault(method, kind, times, seconds, _ids(channel)))

    @property
    def waiting(self) -> list[Fault]:
        """Those not met yet."""
        return list(self._waiting)

    def clear(self) -> None:
        self._waiting.clear()

    def take(self, method: str, args: Mapping[str, Any]) -> Fault | None:
        """The fault this call meets, counted down."""
        for fault in self._waiting:
            if fault.method in (method, "*") and (
                not fault.channels or str(args.get("channel")) in fault.channels
            ):
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None


def _ids(channel: str | Conversation | None) -> frozenset[str]:
    if channel is None:
        return frozenset()
    if isinstance(channel, str):
        return frozenset((channel,))
    return frozenset((channel.id, *(channel.members if channel.is_im else ())))

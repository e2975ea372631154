"""Trigger ids: 3 s of real time, or what they are stretched to, one use, for the app they were given to."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.refusals import ApiError, invalid_arguments

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.apps import App
    from sandbox.records import View
    from sandbox.workspace import Conversation


@dataclass(eq=False, slots=True)
class Trigger:
    """`opened` is told of the view it was exchanged for."""

    id: str
    app: App
    user_id: str
    expires: float
    conversation: Conversation | None
    opened: Callable[[View], None]
    exchanged: bool = False


class Triggers:
    def __init__(self, seconds: float, monotonic: Callable[[], float]) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        self._issued: dict[str, Trigger] = {}

    def issue(
        self, app: App, user_id: str, opened: Callable[[View], None], conversation: Conversation | None = None
    ) -> Trigger:
        trigger_id = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        trigger = Trigger(trigger_id, app, user_id, self._monotonic() + self._seconds, conversation, opened)
        self._issued[trigger_id] = trigger
        return trigger

    def exchange(self, app: App, trigger_id: str) -> Trigger:
        """Raises invalid_arguments, expired_trigger_id or exchanged_trigger_id."""
        trigger = self._issued.get(trigger_id)
        if trigger is None or trigger.app is not app:
            raise invalid_arguments("invalid `trigger_id`")
        if trigger.exchanged:
            raise ApiError("exchanged_trigger_id")
        if self._monotonic() > trigger.expires:
            raise ApiError("expired_trigger_id")
        trigger.exchanged = True
        return trigger

"""What a process knows of itself: when it last looked at what is due, and whether Slack reaches it."""

from dataclasses import dataclass

from bot import metrics
from bot.clock import Clock


@dataclass(slots=True)
class Pulse:
    """`is_deaf`: Socket Mode is not connected. Times are monotonic seconds."""

    ticked_at: float | None = None
    is_deaf: bool = False

    def ticked(self, clock: Clock, began: float) -> None:
        self.ticked_at = clock.monotonic()
        metrics.TICKS.observe(self.ticked_at - began)
        metrics.LAST_TICK.set(clock.wall().timestamp())

    def heard(self, *, is_connected: bool) -> None:
        self.is_deaf = not is_connected
        metrics.SOCKET.labels("socket").set(is_connected)

    def seconds_idle(self, clock: Clock) -> float:
        """Since the last look; 0 before the first."""
        return 0.0 if self.ticked_at is None else clock.monotonic() - self.ticked_at

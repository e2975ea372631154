"""One pass of everything due at an instant."""

from datetime import datetime

from bot.app import assemble
from bot.clock import SystemClock
from bot.config import Settings

SEND_SECONDS = 45.0


class FixedClock(SystemClock):
    """Schedule time stands at one instant; real time goes on."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at


async def tick_once(settings: Settings, at: datetime) -> list[str]:
    """Performs and sends what is due; one line for each, and what stays unsent."""
    async with assemble(settings, FixedClock(at)) as parts:
        performed = await parts.tick(at, wait=True)
        is_all_sent = await parts.sender.drain(SEND_SECONDS)
    lines = [
        f"{due.ritual} {due.period} {due.person_id or 'strategy'} due {due.due_at:%Y-%m-%d %H:%M}Z: {outcome}"
        for due, outcome in performed
    ]
    if not lines:
        lines.append("Nothing was due.")
    if not is_all_sent:
        lines.append("Some messages could not be sent yet and wait in the outbox.")
    return lines

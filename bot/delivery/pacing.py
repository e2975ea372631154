"""How fast Slack may be called: per method and workspace, and one message a second in a channel."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from storage.delivery.outbox import CANVAS, EPHEMERAL, FILE, HOME, POST, UPDATE


@dataclass(frozen=True, slots=True)
class Rate:
    """So many calls a minute, after a burst."""

    per_minute: float
    burst: int

    @property
    def interval(self) -> float:
        """Seconds a call."""
        return 60 / self.per_minute


HISTORY = "conversations.history"
# As slow as Slack is with apps that many use and its directory does not list (one a minute, 15 messages); only what may have been
# said before a restore is looked for at this pace.
# docs.slack.dev/apis/web-api/rate-limits: chat.postMessage "several hundred a minute" in a workspace and one a second
# in a channel, chat.update tier 3 (50 a minute), chat.postEphemeral, views.publish and files.* tier 4 (100), and of what a canvas
# takes conversations.canvases.create tier 2 (20). Burst and rate stay below together.
SLACK_RATES: Mapping[str, Rate] = {
    POST: Rate(200, 40),
    UPDATE: Rate(40, 10),
    EPHEMERAL: Rate(80, 10),
    HOME: Rate(80, 10),
    FILE: Rate(80, 10),
    CANVAS: Rate(12, 4),
    HISTORY: Rate(1, 1),
}
SECONDS_BETWEEN_POSTS = 1.05  # a twentieth for the network, which may bring two calls closer together


@dataclass(slots=True)
class Pacing:
    """The pace of one workspace. Times are monotonic seconds; without `rates` only what Slack asked for counts."""

    rates: Mapping[str, Rate] | None
    _full_at: dict[str, float] = field(default_factory=dict)
    _post_at: dict[str, float] = field(default_factory=dict)
    _paused_until: dict[str, float] = field(default_factory=dict)

    def ready_at(self, method: str, target: str) -> float:
        """When the next call may be made; a time past means now."""
        ready = max(self._paused_until.get(method, 0.0), self._paused_until.get("", 0.0))
        if self.rates is None:
            return ready
        if method == POST:
            ready = max(ready, self._post_at.get(target, 0.0))
        rate = self.rates.get(method)
        if rate is not None:
            ready = max(ready, self._full_at.get(method, 0.0) - (rate.burst - 1) * rate.interval)
        return ready

    def made(self, method: str, target: str, now: float, *, refused: bool = False) -> None:
        """A call was made; `now` is when its answer came. One that Slack refused posted nothing in the channel."""
        if self.rates is None:
            return
        if method == POST and not refused:
            self._post_at[target] = now + SECONDS_BETWEEN_POSTS
        if rate := self.rates.get(method):
            self._full_at[method] = max(self._full_at.get(method, 0.0), now) + rate.interval

    def pause(self, until: float, method: str = "") -> None:
        """Make no call of a method, or none at all, until then."""
        self._paused_until[method] = max(self._paused_until.get(method, 0.0), until)

    def is_paused(self, now: float) -> bool:
        """Whether nothing at all may be called just now."""
        return self._paused_until.get("", 0.0) > now

    def resume(self) -> None:
        """What kept everything from being called is over."""
        self._paused_until.pop("", None)

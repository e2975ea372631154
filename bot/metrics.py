"""What an operator watches, in Prometheus's terms. Counts are the process's own; none of them holds an id or a word.

They are of the module, as the library has them: a process has one set of them, whatever it is made of.
"""

from importlib.metadata import version

from prometheus_client import Counter, Gauge, Histogram, Info, disable_created_metrics

disable_created_metrics()  # type: ignore[no-untyped-call]  # the library leaves it untyped
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 10.0)

BUILD = Info("drumbeat_build", "Which version runs.")
BUILD.info({"version": version("drumbeat")})
ACKS = Histogram(
    "drumbeat_ack_seconds",
    "From Slack's payload to its answer; Slack waits 3.",
    ["listener"],
    buckets=_SECONDS,
)
TICKS = Histogram("drumbeat_tick_seconds", "One look at everything due.", buckets=_SECONDS)
LAST_TICK = Gauge("drumbeat_last_tick_timestamp_seconds", "When the last look at everything due ended.")
OCCURRENCES = Counter(
    "drumbeat_occurrences_total", "Rituals that were due, and what became of them.", ["ritual", "outcome"]
)
CALLS = Counter(
    "drumbeat_slack_calls_total",
    "Calls that say something in Slack or look for it, and what became of them; later: refused for their pace (429).",
    ["method", "outcome"],
)
SOCKET = Gauge(
    "drumbeat_socket_connected",
    "1 while Socket Mode is connected, 0 while it is not; absent over HTTP.",
    ["mode"],
)
EVENTS = Counter("drumbeat_log_events_total", "Warnings and errors in the log, by event.", ["level", "event"])
WATCHED = (
    "app_rate_limited",
    "clock_wrong",
    "fault",
    "lead_not_told",
    "poisoned",
    "repair_failed",
    "ritual_failed",
    "tick_failed",
    "token_refused",
    "worker_failed",
    "wrong_signature",
)
"""What alerts are for stands at 0 from the start: of a count that begins at 1 Prometheus sees no increase."""
for _event in WATCHED:
    for _level in ("warning", "error"):
        EVENTS.labels(_level, _event)
DATABASE = Gauge("drumbeat_database_up", "1 when the database answered the last look, else 0.")
OUTBOX_ROWS = Gauge("drumbeat_outbox_rows", "Messages in the outbox, by state.", ["state"])
OUTBOX_AGE = Gauge(
    "drumbeat_outbox_oldest_seconds", "How long the oldest message that may go out now has waited."
)
DUE_LAG = Gauge("drumbeat_due_lag_seconds", "How long the ritual that is due the longest has been due.")

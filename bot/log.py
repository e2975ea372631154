"""Logs: one JSON line an event, never with what people wrote, nor tokens."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from bot.metrics import EVENTS
from domain.faults import kind_and_place

log = structlog.get_logger()


def set_up_logging(level: str) -> None:
    """`level` is a name of the logging module."""
    number = logging.getLevelNamesMapping()[level]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            _count,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    # Below that libraries write bodies; Bolt and the SDK take their own level from the root's.
    logging.basicConfig(level=logging.ERROR, handlers=[LibraryHandler()], force=True)


def _count(_logger: Any, level: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Warnings and errors, for whoever watches; events are names of ours, never texts."""
    if level in ("warning", "error"):
        EVENTS.labels(level, event["event"]).inc()
    return event


class LibraryHandler(logging.Handler):
    """What Bolt, the SDK, aiohttp and asyncio complain about: where and of what kind.

    Their texts are left out: they hold bodies, URLs and what was raised with its words.
    """

    def emit(self, record: logging.LogRecord) -> None:
        fault = record.exc_info[1] if record.exc_info else None
        told: dict[str, Any] = dict(kind_and_place(fault)) if fault is not None else {}
        log.error("library_failed", library=record.name, said_at=f"{record.module}:{record.lineno}", **told)

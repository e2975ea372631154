"""Logs: one JSON line an event, never with what people wrote, nor tokens."""

import logging
import sys

import structlog


def set_up_logging(level: str) -> None:
    """`level` is a name of the logging module; Bolt and the SDK, which log bodies, speak only of errors."""
    number = logging.getLevelNamesMapping()[level]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=logging.CRITICAL, stream=sys.stderr)

"""What commands print, and how they end: done, or refused in a sentence."""

import errno
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import typer

from bot.config import DatabaseSettings, Settings, load_database_settings, load_settings
from bot.log import set_up_logging
from bot.refusals import CommandRefusedError
from domain.faults import kind_of, places_of
from domain.reading.legible import legible

if TYPE_CHECKING:
    from storage.database import Database


def say(lines: str, *, is_error: bool = False) -> None:
    """Names come from people: none of them moves the cursor, colours the terminal or fails in its encoding."""
    stream = sys.stderr if is_error else sys.stdout
    if stream is not None:  # closed by whoever started us
        print(legible(lines).encode(stream.encoding, "replace").decode(stream.encoding), file=stream)


@contextmanager
def in_a_sentence() -> Iterator[None]:
    """Whatever is raised ends the process with a sentence and exit code 1, or 2 for settings and arguments."""
    try:
        yield
        if sys.stdout is not None:
            sys.stdout.flush()
    except CommandRefusedError as refusal:
        _end(str(refusal), refusal.code)
    except BrokenPipeError:
        # Whoever read what we print has had enough; nothing more can be said, at exit neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except Exception as fault:  # noqa: BLE001 - the operator reads a sentence, whatever it is
        _end(_explained(fault), 1)


def full_settings() -> Settings:
    """Raises SettingsError."""
    settings = load_settings()
    set_up_logging(settings.log_level)
    return settings


def database_settings() -> DatabaseSettings:
    """For what needs no Slack and, told to stop, undoes what it has half done, as at Ctrl-C. Raises SettingsError."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    settings = load_database_settings()
    set_up_logging(settings.log_level)
    return settings


@contextmanager
def opened(*, must_be_there: bool = True, is_whole: bool = False) -> "Iterator[Database]":
    """The database of the settings, up to date; `is_whole`: only for whoever sees all of it. Raises CommandRefusedError."""
    from bot.databases import open_database, require_all  # noqa: PLC0415 - `drumbeat --help` needs no SQLAlchemy

    database = open_database(database_settings().database_url, migrate=True, must_be_there=must_be_there)
    try:
        if is_whole:
            require_all(database)
        yield database
    finally:
        database.close()


def is_wanted(question: str, *, yes: bool) -> bool:
    """Asks, unless the answer was given. Raises CommandRefusedError where there is nobody to ask."""
    try:
        is_it = yes or typer.confirm(question)
    except typer.Abort:
        raise CommandRefusedError("Nothing was changed: answer y, or say --yes.") from None
    if not is_it:
        say("Nothing was changed.")
    return is_it


def now() -> datetime:
    from bot.clock import SystemClock  # noqa: PLC0415 - `drumbeat --help` needs none of it

    return SystemClock().now()


def _explained(fault: Exception) -> str:
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - slow to import

    from storage.database import CommitInDoubt, parse_url  # noqa: PLC0415

    if isinstance(fault, (SQLAlchemyError, CommitInDoubt)):
        from bot.databases import explain  # noqa: PLC0415

        return explain(fault, parse_url(load_database_settings().database_url))
    if isinstance(fault, OSError) and fault.errno == errno.EADDRINUSE:
        return f"The port is in use ({fault.strerror}): stop what listens there, or name another one."
    if isinstance(fault, OSError) and fault.strerror:
        return f"{fault.filename or 'The system'}: {fault.strerror}. Look there, then try again."
    places = ", ".join(places_of(fault))
    return f"A fault of Drumbeat's own kept it from being done ({kind_of(fault)} at {places}): please report this line."


def _end(sentence: str, code: int) -> None:
    say(sentence, is_error=True)
    raise SystemExit(code)

"""What goes wrong while somebody waits: a line in the log, and a sentence that is true, with the same reference."""

import secrets

import structlog

from bot.transactions import has_committed
from domain.faults import kind_and_place
from storage.database import CommitInDoubt, is_away

log = structlog.get_logger()


class UnknownIdError(Exception):
    """A button, form or shortcut that no feature answers to; the text is one of these words."""


class StillAtWork(Exception):
    """It takes longer than Slack waits, and goes on."""


class WordsKept(Exception):
    """What a person wrote is kept; what was to be done with it failed (`__cause__`)."""


def report_fault(fault: BaseException, what: str) -> str:
    """Logs where it happened, never what was written; `what` came in is a word of ours, not of the payload's."""
    reference = secrets.token_hex(4)
    cause = (isinstance(fault, WordsKept) and fault.__cause__) or fault
    log.error(
        _event_of(cause),
        reference=reference,
        what=what,
        **kind_and_place(cause),
    )
    return f"{_what_is_true(fault)} If it goes on, give this reference to whoever runs Drumbeat: {reference}."


def _event_of(cause: BaseException) -> str:
    if isinstance(cause, StillAtWork):
        return "answer_late"
    return "database_away" if is_away(cause) else "fault"


def _what_is_true(fault: BaseException) -> str:
    if isinstance(fault, WordsKept):
        return "I kept your words, but something went wrong on my side when I read them, so nothing is recorded yet."
    if isinstance(fault, StillAtWork):
        return "This takes me longer than usual, and I am still at it. Please look in a minute before you repeat it."
    if isinstance(fault, UnknownIdError):
        return f"I do not know this {fault} any more, so nothing was changed. Please open it again."
    if isinstance(fault, CommitInDoubt) or has_committed.get():
        return (
            "Something went wrong on my side, and I cannot say how much of it is recorded. "
            "Please look, and repeat what is not there."
        )
    if is_away(fault):
        return "I cannot record anything just now, so nothing was changed. Please try again in a few minutes."
    return "Something went wrong on my side, and nothing was changed. Please try again."

"""Whatever a library complains about is in our log, and nothing of what it complained with."""

import logging

from structlog.testing import capture_logs

from bot.log import LibraryHandler

WORDS = "the printer of Maya is broken"


def fail() -> None:
    raise LookupError(WORDS)


def test_an_error_of_a_library_is_logged_by_kind_and_place_and_without_its_text() -> None:
    logger = logging.getLogger("slack_bolt.AsyncApp.of_this_test")
    logger.propagate = False
    logger.addHandler(LibraryHandler())
    with capture_logs() as entries:
        try:
            fail()
        except LookupError:
            logger.exception("Failed to run listener (error: %s, body: %s)", WORDS, {"text": WORDS})
        logger.error(f"Failed to parse {WORDS}")  # noqa: G004 - as Bolt does

    with_fault, without = entries
    assert (with_fault["event"], with_fault["library"]) == ("library_failed", logger.name)
    assert with_fault["kind"] == "LookupError"
    assert all(place.startswith(__file__) for place in with_fault["at"])
    assert without["said_at"].startswith("test_log:")
    assert WORDS not in str(entries)

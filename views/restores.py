"""Asking whether what was perhaps said before a restore is there: one message, one answer for all."""

from collections.abc import Mapping
from datetime import datetime

from domain.words import counted, listed
from views.slack import blocks as b
from views.troubles import Place

AGAIN = "restore.again"
THERE = "restore.there"
_MOST_PLACES = 10


def question_message(since: datetime, counts: Mapping[Place, int]) -> b.Payload:
    """How many messages for each place; never what they say, which may be somebody else's words."""
    text = (
        f"I was restored from a backup, and do not know what I said since {b.slack_time(since)}. Perhaps it is there "
        f"already: {_places(counts)}. Please look: is it there?"
    )
    buttons = [b.button("All of it is there", THERE, "all"), b.button("Post all of it", AGAIN, "all")]
    return b.message(text, [b.section(text), b.actions(buttons)])


def settled_message(count: int, *, by: str, again: bool) -> b.Payload:
    what = counted(count, "message")
    answer = (
        f"“Post all of it”: I do ({what})."
        if again
        else f"“All of it is there”: thank you, I leave it ({what})."
    )
    return b.text_message(
        f"What I perhaps said before I was restored from a backup.\n{b.mention(by)}: {answer}"
    )


def asked_again_message() -> b.Payload:
    return b.text_message(
        "What I perhaps said before I was restored from a backup: I ask about it again below."
    )


def given_up_message() -> b.Payload:
    return b.text_message(
        "What I perhaps said before I was restored from a backup: nobody told me in three days whether it is there, so I "
        "left it as it is. What is recorded is kept."
    )


def _places(counts: Mapping[Place, int]) -> str:
    told = [
        f"{counted(count, 'message')} in {place.shown}"
        for place, count in list(counts.items())[:_MOST_PLACES]
    ]
    more = len(counts) - _MOST_PLACES
    return listed([*told, f"{more:,} more places"] if more > 0 else told)

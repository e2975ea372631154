"""The greeting of whoever comes to the bot where no rhythm of theirs is yet: what it is, and the way in."""

from views.digests.messages import example_button
from views.slack import blocks as b
from views.strategies.forms import BEGIN

WELCOME = (
    "*Hello, I am Drumbeat.* Once a week I ask each owner how it goes: one minute.\n"
    "Your channel then gets one short digest: what needs you, and what moves."
)


def greeting_message() -> b.Payload:
    """To whoever has just installed it."""
    return b.message(WELCOME, _welcome())


def greeting_blocks() -> list[b.Block]:
    note = (
        "Is there one already? Then it shows here once you are in its channel, or answer for something in it."
    )
    return [*_welcome(), b.context(note)]


def _welcome() -> list[b.Block]:
    begin = b.button("Set up a rhythm here…", BEGIN, "begin", style="primary")
    return [b.section(WELCOME), b.actions([begin, example_button()])]

"""When the bot's clock was wrong: what leads and owners are told."""

from datetime import datetime

from domain.strategies import Strategy
from domain.words import MAX_NAME
from views.slack import blocks as b


def repaired_message(strategy: Strategy, next_digest: datetime, reopened: int) -> b.Payload:
    """To a lead."""
    text = (
        f"*{b.one_line(strategy.name, MAX_NAME)}*: the clock of the machine I run on was ahead for a moment. What I had "
        f"taken for past is planned again; the next digest comes {b.slack_time(next_digest)}."
    )
    if reopened:
        asks = "One ask is" if reopened == 1 else f"{reopened} asks are"
        text += f" {asks} open again whose default I had let take effect."
    text += " If something still looks wrong, please tell whoever runs Drumbeat."
    return b.text_message(text)


def withdrawn_prompt_message(strategy: Strategy) -> b.Payload:
    """In place of a prompt that came long before its week."""
    text = (
        f"*{b.one_line(strategy.name, MAX_NAME)}*: I asked you this far too early, because my clock was wrong. "
        "There is nothing to answer here; I ask again when it is time."
    )
    return b.text_message(text)

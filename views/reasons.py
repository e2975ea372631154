"""The one sentence that says what made somebody change the strategy, as a field of a form."""

from views import blocks as b
from views.fields import Reading

REASON = "reason"
MAX_REASON = 300
MISSING = "Say in a sentence what made you change this: the team reads it in the next digest."


def reason_block(what: str, given: str = "") -> b.Block:
    """For the end of a form; `what` names what must not change without it, as in "the why or a goal"."""
    return b.input_block(
        "What made you change this?",
        b.text_input(given, max_length=MAX_REASON, placeholder="Half of our readers left in October."),
        block_id=REASON,
        hint=f"One sentence of evidence, needed when you change {what}. The team reads it in the next digest.",
        optional=True,
    )


def read_reason(reading: Reading) -> str:
    """What was given, "" for nothing: whether it is needed depends on what changed."""
    return " ".join(reading.words(REASON, MAX_REASON).split())

"""When a command may mean several things: each offered as a button that runs it again."""

from collections.abc import Sequence

from pydantic import Field

from views.slack import blocks as b
from views.slack.references import Reference, SlackId

MOST = 20
ACTIONS = tuple(f"command.again.{number}" for number in range(MOST))
"""Ids of the buttons, which must differ within a block (docs.slack.dev, button element)."""
MAX_COMMAND = 1_000
"""Characters somebody may type after a command: the longest note and name, and as much again."""


class Again(Reference):
    """The command that a button runs."""

    command: str
    subcommand: str
    text: str = Field(pattern=r"^[^\x00]*$")
    channel_id: SlackId

    def value(self) -> str:
        return self.model_copy(update={"text": self.text[:MAX_COMMAND]}).model_dump_json()


def choice_message(sentence: str, choices: Sequence[tuple[str, Again]]) -> b.Payload:
    """`sentence` is plain words; further choices than fit stand only in it."""
    text = b.escape(sentence)
    buttons = [
        b.button(label, action, again.value(), about="Choose")
        for action, (label, again) in zip(ACTIONS, choices, strict=False)
    ]
    return b.message(text, [b.section(text), b.actions(buttons)])

"""Help for commands, made from the table of routes."""

from collections.abc import Sequence

from domain.reading.names import closest_word
from handlers.requests import Subcommand
from views.slack import blocks as b
from views.slack.lines import shorten


def answer_help(command: str, subcommands: Sequence[Subcommand], word: str) -> b.Payload:
    """What the command can do; a word it does not know gets the closest one it does."""
    lines = [
        f"`{command} {line.name} {line.usage}`".replace("  ", " ").replace(" `", "`") + f" {line.summary}"
        for line in subcommands
    ]
    lines.append(f"`{command} help` this list")
    intro = "*What you can do*"
    if word and word.lower() != "help":
        closest = closest_word(word, [line.name for line in subcommands if line.name])
        guess = f" Did you mean `{command} {closest}`?" if closest else ""
        intro = f"I do not know `{command} {b.escape(shorten(word, 40))}`.{guess}"
    text = "\n".join([intro, *lines])
    return b.text_message(text)

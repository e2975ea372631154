"""What was typed after a command and was not understood, said above the form that it opens."""

from collections.abc import Sequence

from domain.words import echo
from views.slack import blocks as b

_MOST = 3


def unread_parts(parts: Sequence[str]) -> tuple[str, ...]:
    """At most three, each as far as it need be repeated; the last of many is all that are left."""
    shown = parts if len(parts) <= _MOST else (*parts[: _MOST - 1], ", ".join(parts[_MOST - 1 :]))
    return tuple(echo(part) for part in shown)


def unread_blocks(parts: Sequence[str]) -> list[b.Block]:
    return [
        b.section(b.escape(f"I did not understand “{part}”. Please put it where it belongs."))
        for part in parts
    ]

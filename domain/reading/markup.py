"""Text as Slack writes it, made plain."""

import re
from collections.abc import Mapping

_MARKUP = re.compile(r"<(?P<inside>[^<>\n]+)>|&(?P<escaped>amp|lt|gt);")
PRIVATE_CHANNEL = "a private channel"
"""Slack leaves the name of a channel out for those who may not see it."""
GROUP = "a group of people"
_ESCAPED = {"amp": "&", "lt": "<", "gt": ">"}


def plain_text(text: str, people: Mapping[str, str] | None = None) -> str:
    """The text of a Slack event as its writer sees it: `&amp;` and markup undone, once.

    `people` are names by user id, for mentions that carry none.
    Source: https://docs.slack.dev/messaging/formatting-message-text
    """
    people = people or {}

    def readable(match: re.Match[str]) -> str:
        return _ESCAPED[match["escaped"]] if match["escaped"] else _readable(match["inside"], people)

    return _MARKUP.sub(readable, text)


def as_markup(text: str) -> str:
    """Plain words as Slack writes them, which `plain_text` undoes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain_but_mentions(text: str) -> str:
    """As `plain_text`, with the mentions of people left as Slack writes them, for those who read them."""

    def readable(match: re.Match[str]) -> str:
        return match[0] if (match["inside"] or "").startswith("@") else plain_text(match[0])

    return _MARKUP.sub(readable, text)


def _readable(inside: str, people: Mapping[str, str]) -> str:
    target, _, label = inside.partition("|")
    label = re.sub(r"&(amp|lt|gt);", lambda match: _ESCAPED[match[1]], label)
    target = re.sub(r"&(amp|lt|gt);", lambda match: _ESCAPED[match[1]], target)
    if target.startswith("@"):
        return f"@{people.get(target[1:]) or label.removeprefix('@') or target[1:]}"
    if target.startswith("#"):
        return f"#{label}" if label else PRIVATE_CHANNEL
    if target.startswith("!"):
        return label or (GROUP if target.startswith("!subteam") else f"@{target[1:].partition('^')[0]}")
    bare = target.removeprefix("mailto:").removeprefix("tel:")
    if not label or label in (bare, re.sub(r"^https?://", "", bare).rstrip("/")):
        return label or bare
    return f"{label} ({bare})"

"""People named in what Slack sends: `<@U1>` or `<@U1|ben>` (docs.slack.dev/messaging/formatting-message-text)."""

import re

MENTION = r"<@(?P<id>[UW][A-Z0-9]+)(?:\|(?P<name>[^<>]*))?>"
_MENTION = re.compile(MENTION)


def find_mentioned(text: str) -> str | None:
    """The user id of the first person named in a text."""
    found = _MENTION.search(text)
    return found["id"] if found else None


def list_mentioned(text: str) -> list[str]:
    """The user ids of everybody named in it, once each, as they come."""
    return list(dict.fromkeys(found["id"] for found in _MENTION.finditer(text)))

"""What Slack means by refusing a call."""

from enum import Enum, auto

from storage.delivery.outbox import FILE, HOME, UPDATE

# docs.slack.dev/reference/methods/chat.postMessage, "Errors".
_TOKEN = frozenset(
    {"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "missing_scope"}
)
_LOST = frozenset({"token_revoked", "account_inactive"})
_UNREACHABLE = frozenset({"is_archived", "channel_not_found", "restricted_action", "messages_tab_disabled"})
# docs.slack.dev/reference/methods/chat.update, "Errors".
_GONE = frozenset({"message_not_found", "cant_update_message"})


class RefusalKind(Enum):
    """What is refused: the whole token, this place, this message, or only what it holds."""

    TOKEN = auto()
    FILE = auto()
    HOME = auto()
    NOT_IN_CHANNEL = auto()
    BLOCKS = auto()
    GONE = auto()
    UNREACHABLE = auto()
    MESSAGE = auto()


def kind_of_refusal(method: str, error: str) -> RefusalKind:
    """Of a call of a method; a scope that is missing keeps files alone from going out."""
    if error in _TOKEN and not (method == FILE and error == "missing_scope"):
        return RefusalKind.TOKEN
    if method in (FILE, HOME):
        return RefusalKind.FILE if method == FILE else RefusalKind.HOME
    if method == UPDATE and error in _GONE:
        return RefusalKind.GONE
    if error in _UNREACHABLE:
        return RefusalKind.UNREACHABLE
    named = {"not_in_channel": RefusalKind.NOT_IN_CHANNEL, "invalid_blocks": RefusalKind.BLOCKS}
    return named.get(error, RefusalKind.MESSAGE)


def is_lost(error: str) -> bool:
    """Whether the app was removed, or the workspace is gone; the other errors of a token may pass."""
    return error in _LOST


def may_pass(error: str) -> bool:
    """Whether looking for a message may be answered another time."""
    return error in _TOKEN - {"missing_scope"}

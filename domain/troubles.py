"""What keeps a message from being delivered, for the operator's log and for the leads."""

from dataclasses import dataclass
from enum import StrEnum


class TroubleKind(StrEnum):
    """`unreachable`: the message waits until the bot can post there; `in_doubt`: perhaps posted, a person decides;
    `refused`: Slack will never take it; `file`: that is so of a file for one person; `gone`: what it edits is not there.
    """

    UNREACHABLE = "unreachable"
    IN_DOUBT = "in_doubt"
    REFUSED = "refused"
    FILE = "file"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Trouble:
    """`target` is a channel or a user id; `error` Slack's code such as `not_in_channel`, or what the network did."""

    kind: TroubleKind
    workspace_id: str
    target: str
    outbox_id: int
    message_id: int | None
    error: str

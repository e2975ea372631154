"""The canvas of a strategy's channel: whose it is, and what is done about it next."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum, auto
from hashlib import sha256
from html import unescape

AT_MOST_EVERY = timedelta(hours=1)
"""How often it is written, however much changes."""
UNDER_WAY = timedelta(minutes=1)
"""What somebody did may be written down so much later than the time it is given."""
ANOTHER, EDITED, UNSURE = "another", "edited", "unsure"
"""Why a lead is asked: the channel has a canvas that is not ours; people wrote in ours; or who knows, after a restore."""
_TAG = re.compile(r"<(/?[a-z0-9]+)[^>]*>", re.IGNORECASE)


class CanvasState(StrEnum):
    """`wanted`: a lead asked for it; `replacing`: whatever stands there, a lead said; `kept`: ours, and kept up to date;
    `asked`: nothing is written until a lead says; `left`: a lead said so; `refused`: Slack lets us not; `gone`: people deleted it.
    """

    WANTED = "wanted"
    REPLACING = "replacing"
    KEPT = "kept"
    ASKED = "asked"
    LEFT = "left"
    REFUSED = "refused"
    GONE = "gone"


WRITTEN_IN = (CanvasState.WANTED, CanvasState.REPLACING, CanvasState.KEPT)
"""The states in which it is brought up to date."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """A strategy's. `person_id` is the lead who said last what is to become of it, `reason` why it is asked about or
    refused. `text` and `content` tell apart what was written last: our Markdown, and what Slack made of it; "" where that
    is not known.
    """

    workspace_id: str
    strategy_id: int
    state: CanvasState
    person_id: str
    looked_at: datetime
    """What has changed before is in it."""
    look_at: datetime
    """When it is looked at whatever changes: what is late is late by the day."""
    reason: str = ""
    canvas_id: str | None = None
    message_id: int | None = None
    """The message that asks about it."""
    text: str = ""
    content: str = ""
    is_begun: bool = False
    """A call that writes it is on its way, or its answer was lost."""
    written_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CanvasFound:
    """What the channel has; `is_own`: the bot made it. `content` is "" where it cannot be seen."""

    id: str
    is_own: bool
    content: str


class CanvasStep(Enum):
    CREATE = auto()
    WRITE = auto()
    ASK_ANOTHER = auto()
    ASK_EDITED = auto()
    GONE = auto()


def next_step(canvas: Canvas, found: CanvasFound | None) -> CanvasStep:
    """Only what we wrote is written over, unless a lead said so; one whose answer was lost is written once more."""
    if found is None:
        was_there = canvas.state is CanvasState.KEPT and not canvas.is_begun
        return CanvasStep.GONE if was_there else CanvasStep.CREATE
    if canvas.state is CanvasState.REPLACING:
        return CanvasStep.WRITE
    is_ours = found.id == canvas.canvas_id or (canvas.canvas_id is None and canvas.is_begun and found.is_own)
    if not is_ours:
        return CanvasStep.ASK_ANOTHER
    is_as_left = found.content == canvas.content != ""
    return CanvasStep.WRITE if canvas.is_begun or is_as_left else CanvasStep.ASK_EDITED


def may_be_written(canvas: Canvas, now: datetime) -> bool:
    """Whether the hour is over. One dated ahead was written by a clock that was wrong."""
    at = canvas.written_at
    return at is None or at <= now - AT_MOST_EVERY or at > now + AT_MOST_EVERY


def tell_apart(html: str) -> str:
    """The same for a canvas that Slack shows the same: its words and kinds of blocks, without ids that it makes anew."""
    words = unescape(_TAG.sub(r"<\1>", html))
    return digest_of(" ".join(words.split()))


def digest_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()

"""Closing an initiative, and making room for a sixth."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict

from domain.decisions import AskFate, Decision
from domain.initiatives import Initiative, Status
from domain.strategies import MAX_INITIATIVES, Strategy
from domain.words import MAX_NAME, dated
from views.decisions.words import question_of
from views.initiatives.forms import InitiativeDraft
from views.slack import blocks as b
from views.slack.fields import FormReader, State
from views.slack.references import Id, Reference, SlackId

CLOSE_FORM = "initiative.close"
ROOM_FORM = "initiative.room"
PAUSE_ONE = "initiative.room.pause"
CLOSE_ONE = "initiative.room.close"
OUTCOME = "outcome"
WHY = "why"
ASKS = "asks"
_MOST_ASKS = 8
_MAX_WHY = 500


class Waiting(Reference):
    """What goes on once there is room: the form of a new initiative with what was typed, or a resumption."""

    channel_id: SlackId
    strategy_id: Id
    draft: InitiativeDraft | None = None
    resume_id: Id | None = None


class CloseRef(Reference):
    """What the closing form carries; `waiting` where it was opened to make room."""

    channel_id: SlackId
    initiative_id: Id
    waiting: Waiting | None = None


class CloseForm(BaseModel):
    model_config = ConfigDict(frozen=True)
    status: Status
    why: str
    asks: AskFate


def room_modal(
    strategy: Strategy, counted: Sequence[Initiative], waiting: Waiting, today: date
) -> dict[str, Any]:
    """Offers to pause or close one of the initiatives that count toward the limit."""
    then = "What you typed is kept." if waiting.draft and waiting.draft.name else "Then we go on here."
    blocks = [
        b.section(
            f"*{b.one_line(strategy.name, MAX_NAME)}* already has {MAX_INITIATIVES} initiatives, which is the most a team can "
            f"carry. Pause or close one to make room. {then}"
        )
    ]
    for initiative in counted:
        value = str(initiative.id)
        words = f"*{b.one_line(initiative.name, MAX_NAME)}*\n{b.mention(initiative.owner_id)}, due {dated(initiative.due, today)}"
        blocks.append(b.section(words))
        pause = b.button("Pause", PAUSE_ONE, value, about=initiative.name)
        close = b.button("Close…", CLOSE_ONE, value, about=initiative.name)
        blocks.append(b.actions([pause, close]))
    metadata = waiting.model_dump_json(exclude_defaults=True)
    return b.modal("Make room first", blocks, callback_id=ROOM_FORM, private_metadata=metadata)


def close_modal(
    initiative: Initiative, ref: CloseRef, today: date, open_asks: Sequence[Decision] = ()
) -> dict[str, Any]:
    """Where asks are open it says so, and asks what happens to them."""
    outcomes = [
        ("Completed: it did what it was for", Status.COMPLETED),
        ("Stopped: we end it here", Status.STOPPED),
    ]
    why = b.text_input(multiline=True, max_length=_MAX_WHY)
    blocks = [
        b.section(
            f"*{b.one_line(initiative.name, MAX_NAME)}*: nobody is asked about it any more once it is closed."
        ),
        b.input_block("How does it end?", b.radio(outcomes), block_id=OUTCOME),
        b.input_block("Why, in a sentence", why, block_id=WHY, optional=True),
        *_asks_blocks(open_asks, today),
    ]
    metadata = ref.model_dump_json(exclude_defaults=True)
    return b.modal(
        "Close the initiative", blocks, callback_id=CLOSE_FORM, submit="Close it", private_metadata=metadata
    )


def _asks_blocks(open_asks: Sequence[Decision], today: date) -> list[b.Block]:
    if not open_asks:
        return []
    lines = [f"• {question_of(decision)}, due {dated(decision.due, today)}" for decision in open_asks]
    count = "An ask is open" if len(lines) == 1 else f"{len(lines)} asks are open"
    wishes = [
        ("Withdraw, and tell who was asked", AskFate.WITHDRAW),
        ("Let the default take effect now", AskFate.DEFAULT),
        ("Keep: it is still to be decided", AskFate.KEEP),
    ]
    return [
        b.section("\n".join([f"*{count}:*", *b.and_more(lines, _MOST_ASKS)])),
        b.input_block("What happens to open asks?", b.radio(wishes, AskFate.WITHDRAW), block_id=ASKS),
    ]


def read_close_form(state: State) -> CloseForm:
    """Raises FieldErrors."""
    reader = FormReader(state)
    outcome = reader.choice(OUTCOME, {Status.COMPLETED, Status.STOPPED}, "Choose how it ends.")
    why = reader.words(WHY, _MAX_WHY)
    asks = AskFate(reader.choice(ASKS, set(AskFate)) or AskFate.WITHDRAW)
    reader.finish()
    return CloseForm(status=Status(outcome or Status.STOPPED), why=why, asks=asks)


def done_modal(sentence: str) -> dict[str, Any]:
    """The end of a form's way: what was done."""
    return b.modal("Done", [b.section(b.escape(sentence))], callback_id=ROOM_FORM, close="Close")

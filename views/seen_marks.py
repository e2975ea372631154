"""A lead's *Seen* with the word they may add, and how its owner reads it."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.check_ins import SeenMark
from domain.healths import Health
from domain.initiatives import Initiative
from domain.people import Person
from domain.words import MAX_NAME
from views.slack import blocks as b
from views.slack.fields import FormReader, State

WORD = "digest.word"
FORM = "digest.word.submit"
_FIELD = "word"
_MAX_WORD = 150
_MOST_SEEN = 5


def seen_reply(owner: Person, initiative: Initiative, value: str) -> b.Payload:
    """For the lead who pressed *Seen*; `value` is what that button carried."""
    text = f"{b.one_line(owner.name, MAX_NAME)} sees with their check-in that you have seen it."
    button = b.button("Add a word…", WORD, value, about=initiative.name)
    return b.message(text, [b.section(text, accessory=button)])


def word_modal(owner: Person, initiative: Initiative, word: str, value: str) -> dict[str, Any]:
    name = b.one_line(owner.name, MAX_NAME)
    said = f"*{b.one_line(initiative.name, MAX_NAME)}*: {name} reads it in this check-in and the next one."
    field = b.text_input(
        word, max_length=_MAX_WORD, placeholder="Thanks for saying so. I will ask Legal today."
    )
    label = f"A word for {b.plain_line(owner.name, MAX_NAME)}"
    blocks = [b.section(said), b.input_block(label, field, block_id=_FIELD, optional=True)]
    return b.modal("Seen", blocks, callback_id=FORM, submit="Save", private_metadata=value)


def read_word(state: State) -> str:
    """Raises FieldErrors."""
    reader = FormReader(state)
    word = reader.words(_FIELD, _MAX_WORD)
    reader.finish()
    return word


def seen_words(health: Health, marks: Sequence[SeenMark], names: Mapping[str, str]) -> str:
    """As in "Seen by Maya: “I will ask Legal”", for an answer that is not on track, and for whatever was said."""
    shown = [mark for mark in marks if mark.word or health is not Health.ON_TRACK]
    silent = [_name(mark, names) for mark in shown if not mark.word]
    said = [f":eyes: Seen by {', '.join(b.and_more(silent, _MOST_SEEN))}"] if silent else []
    return "\n".join([*said, *(f":eyes: Seen by {_said(mark, names)}" for mark in shown if mark.word)])


def last_week_said(marks: Sequence[SeenMark], names: Mapping[str, str]) -> list[str]:
    """What leads said of the check-in before, as in "Maya, on last week: “I will ask Legal”"."""
    return [f":eyes: On your last check-in, {_said(mark, names)}" for mark in marks if mark.word]


def _said(mark: SeenMark, names: Mapping[str, str]) -> str:
    return f"{_name(mark, names)}: “{b.one_line(mark.word, _MAX_WORD)}”"


def _name(mark: SeenMark, names: Mapping[str, str]) -> str:
    return b.one_line(names.get(mark.person_id, "a lead"), MAX_NAME)

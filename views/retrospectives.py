"""Looking back: what an owner and a sponsor are asked when an initiative, or a phase of it, is over."""

from dataclasses import dataclass
from typing import Any

from domain.initiatives import Initiative
from domain.milestones import Milestone
from domain.retrospectives import Retrospective, split_learnings
from domain.words import MAX_NAME
from views.slack import blocks as b
from views.slack.fields import FormReader, State

OPEN = "retrospective.open"
FORM = "retrospective.submit"
EXPECTED = "expected"
HAPPENED = "happened"
KEEP = "keep"
CHANGE = "change"

_GLIMPSE = 300
_MOST_LEARNINGS = 10
_QUESTIONS = (
    (EXPECTED, "What was expected?", None),
    (HAPPENED, "What happened?", None),
    (KEEP, "What to keep?", "One on each line. Whoever works on this goal next is shown each of them."),
    (CHANGE, "What to change?", "One on each line, too."),
)


@dataclass(frozen=True, slots=True)
class LookingBack:
    """What one person is asked about: the initiative, or the phase that a milestone ended."""

    initiative: Initiative
    milestone: Milestone | None
    retrospective: Retrospective

    @property
    def what(self) -> str:
        """As in "Newsletter relaunch" or "Newsletter relaunch, up to First issue"; escaped."""
        name = b.one_line(self.initiative.name, MAX_NAME)
        return f"{name}, up to {b.one_line(self.milestone.name, MAX_NAME)}" if self.milestone else name


def retrospective_message(looking: LookingBack) -> b.Payload:
    """Asks with a button; once answered, shows what will be passed on."""
    asked = looking.retrospective
    over = "a phase is over" if looking.milestone else f"closed as {looking.initiative.status}"
    head = f"*{looking.what}*: {over}."
    if asked.answered_at is not None:
        lines = [head, "Thank you. What you said returns at the next kickoff for this goal."]
        lines += _said("Keep", asked.keep) + _said("Change", asked.change)
        return b.message(b.fallback(lines), b.sections(lines))
    text = (
        f"{head} Before it fades: what was expected, what happened, what should the next initiative keep, "
        "and what should it change? A few words are enough."
    )
    button = b.button("Look back…", OPEN, str(asked.id), style="primary")
    return b.message(text, [b.section(text), b.actions([button])])


def _said(title: str, words: str) -> list[str]:
    lines = [f"• {title}: {b.one_line(line, _GLIMPSE)}" for line in split_learnings(words)]
    return b.and_more(lines, _MOST_LEARNINGS)


def retrospective_modal(looking: LookingBack) -> dict[str, Any]:
    blocks = [b.section(f"*{looking.what}*")]
    blocks += [
        b.input_block(label, b.text_input(multiline=True), block_id=field, hint=hint, optional=True)
        for field, label, hint in _QUESTIONS
    ]
    metadata = str(looking.retrospective.id)
    return b.modal("Looking back", blocks, callback_id=FORM, submit="Save", private_metadata=metadata)


def read_retrospective(state: State) -> dict[str, str]:
    """The words of each field; raises FieldErrors where there are none at all."""
    reader = FormReader(state)
    words = {field: reader.words(field) for field, _, _ in _QUESTIONS}
    if not any(words.values()):
        reader.refuse(HAPPENED, "Say at least one thing, in a few words.")
    reader.finish()
    return words

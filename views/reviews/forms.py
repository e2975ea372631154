"""The forms of a review: whether the strategy still holds, and what is decided for an initiative, on what evidence."""

from dataclasses import dataclass
from typing import Any

from domain.errors import NotFound
from domain.initiatives import Initiative
from domain.reviews import Choice, LeadAnswer, LeadChoice
from domain.words import MAX_NAME
from views.reviews.leads import LeadReview, chosen_words, evidence_lines
from views.slack import blocks as b
from views.slack.fields import FormReader, State
from views.slack.references import read_id, read_two_ids

ANSWER_FORM = "review.answer.submit"
CHOICE_FORM = "review.choice.submit"
HOLDS = "holds"
MARKET = "market"
EVIDENCE = "evidence"
AUTHORITY = "authority"
CHANGED = "changed"
_MAX_WORDS = 500
_YES, _NO = "yes", "no"
_EFFECTS = {
    Choice.CONTINUE: "It goes on as it is.",
    Choice.CHANGE: "Its form opens next: owner, dates, metrics, budget and people. Close it if the note is enough.",
    Choice.STOP: "It is stopped when the review's outcome goes out; until then any lead may decide otherwise.",
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was filled in: the evidence, whether authority and resources are still true, and what of them changed."""

    evidence: str = ""
    authority_holds: bool | None = None
    changed: str = ""


@dataclass(frozen=True, slots=True)
class ChoiceRef:
    """What the form is about; `seen_id` is the choice that stood when it was opened, 0 where none did."""

    review_id: int
    initiative_id: int
    choice: Choice
    seen_id: int = 0

    def write(self) -> str:
        return f"{self.review_id}:{self.initiative_id}:{self.choice.value}:{self.seen_id}"


def answer_modal(deciding: LeadReview, answer: LeadAnswer | None) -> dict[str, Any]:
    holds = None if answer is None else _YES if answer.still_holds else _NO
    return b.modal(
        "Does it still hold?",
        [
            b.section(
                f"*{b.one_line(deciding.strategy.name, MAX_NAME)}*\n{b.one_line(deciding.strategy.why, 300)}"
            ),
            b.input_block(
                "Does the strategy still hold?",
                b.radio([("Yes, it still holds", _YES), ("No, something must change", _NO)], holds),
                block_id=HOLDS,
            ),
            b.input_block(
                "What changed in the market?",
                b.text_input(answer.market if answer else "", multiline=True),
                block_id=MARKET,
                hint="Audience, competitors, partners, prices; “nothing” is an answer.",
            ),
        ],
        callback_id=ANSWER_FORM,
        submit="Save",
        private_metadata=str(deciding.review.id),
    )


def read_answer(state: State) -> tuple[bool, str]:
    """Whether it still holds, and what changed. Raises FieldErrors."""
    reader = FormReader(state)
    holds = reader.choice(HOLDS, {_YES, _NO}, "Choose yes or no.")
    market = reader.words(MARKET, missing="Write what changed, or “nothing”.")
    reader.finish()
    return holds == _YES, market


def choice_modal(
    deciding: LeadReview,
    initiative: Initiative,
    choice: Choice,
    may_decide: str,
    person_id: str,
    typed: Chosen | None = None,
) -> dict[str, Any]:
    """`may_decide` is what its owner was given at kickoff, in a line; `typed` what stands in the form already."""
    stands = deciding.choices.get(initiative.id)
    own = stands if stands and stands.choice is choice and stands.person_id == person_id else None
    typed = typed or (Chosen(own.evidence, own.authority_holds, own.changed) if own else Chosen())
    other = stands if stands and stands.person_id != person_id else None
    reference = ChoiceRef(deciding.review.id, initiative.id, choice, stands.id if stands else 0)
    return b.modal(
        f"{choice.value.capitalize()} it",
        [
            *b.sections(_about(deciding, initiative, choice, may_decide)),
            *_decided_already(deciding, other),
            *_choice_inputs(deciding, initiative, choice, typed),
        ],
        callback_id=CHOICE_FORM,
        submit="Replace" if other else "Save",
        private_metadata=reference.write(),
    )


def _about(deciding: LeadReview, initiative: Initiative, choice: Choice, may_decide: str) -> list[str]:
    lines = [f"*{b.one_line(initiative.name, MAX_NAME)}*: {choice.value}. {_EFFECTS[choice]}"]
    lines += evidence_lines(deciding, initiative)
    return [*lines, f"Given at kickoff: {b.one_line(may_decide, 600)}"] if may_decide else lines


def _decided_already(deciding: LeadReview, other: LeadChoice | None) -> list[b.Block]:
    """What another lead has decided, so that whoever opens the form decides whether to replace it."""
    if other is None:
        return []
    by = deciding.name_of(other.person_id)
    text = (
        f":warning: *{by} has decided already:* {chosen_words(deciding, other)}\nSending this replaces it. Both stay in "
        f"the record, and {by} is told. Close the form to leave it as it is."
    )
    return [b.section(text)]


def _choice_inputs(
    deciding: LeadReview, initiative: Initiative, choice: Choice, typed: Chosen
) -> list[b.Block]:
    """Evidence is needed where something changes or stops."""
    holds = {None: None, True: _YES, False: _NO}[typed.authority_holds]
    who = deciding.facts.name_of(initiative.owner_id) if deciding.facts else "its owner"
    return [
        b.input_block(
            "On what evidence, in a sentence?",
            b.text_input(typed.evidence, max_length=_MAX_WORDS),
            block_id=EVIDENCE,
            hint="For example: “Subscribers grow half as fast as planned, and the two tests changed nothing.”",
            optional=choice is Choice.CONTINUE,
        ),
        b.input_block(
            f"Does {b.plain_line(who, MAX_NAME)} still have the decisions, budget and people given at kickoff?",
            b.radio([("Yes", _YES), ("No, something changed", _NO)], holds),
            block_id=AUTHORITY,
            optional=True,
        ),
        b.input_block(
            "If not: what changed?",
            b.text_input(typed.changed, max_length=_MAX_WORDS),
            block_id=CHANGED,
            hint="The sponsor reads it and is asked to confirm again.",
            optional=True,
        ),
    ]


def read_choice_metadata(metadata: str) -> ChoiceRef:
    """Raises NotFound."""
    reference, _, seen = metadata.rpartition(":")
    reference, _, choice = reference.rpartition(":")
    if choice not in set(Choice):
        raise NotFound
    return ChoiceRef(*read_two_ids(reference), Choice(choice), read_id(seen) if seen != "0" else 0)


def read_choice(state: State, choice: Choice) -> Chosen:
    """Raises FieldErrors. What changed says that not all of it is there any more, without a choice above, too."""
    reader = FormReader(state)
    authority = reader.choice(AUTHORITY, {_YES, _NO})
    asked = None if choice is Choice.CONTINUE else "Write one sentence of evidence, for whoever asks why."
    evidence = reader.words(EVIDENCE, _MAX_WORDS, missing=asked)
    asked = "Say in a sentence what changed: the sponsor reads it." if authority == _NO else None
    changed = reader.words(CHANGED, _MAX_WORDS, missing=asked)
    if changed and authority == _YES:
        reader.refuse(CHANGED, "Choose “No, something changed” above, or empty this.")
    reader.finish()
    holds = None if authority is None else authority == _YES
    return Chosen(evidence, False if changed else holds, changed)

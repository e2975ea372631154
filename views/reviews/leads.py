"""What leads are asked in a review: whether the strategy holds, then what becomes of each initiative; its outcome."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.errors import NotFound
from domain.initiatives import Initiative
from domain.reviews import Choice, LeadAnswer, LeadChoice, Review
from domain.strategies import Strategy
from domain.words import MAX_NAME, listed
from views.decisions.forms import ask_button
from views.slack import blocks as b
from views.slack.fields import FormReader, State
from views.slack.references import read_two_ids

ANSWER = "review.answer"
CHOICE_ACTIONS = {f"review.{choice.value}": choice for choice in Choice}
ANSWER_FORM = "review.answer.submit"
CHOICE_FORM = "review.choice.submit"
HOLDS = "holds"
MARKET = "market"
EVIDENCE = "evidence"
AUTHORITY = "authority"
_LONGEST = 900
_MOST_LEADS = 5
_YES, _NO = "yes", "no"
_ACTION_OF = {choice: action for action, choice in CHOICE_ACTIONS.items()}
_STYLES = {Choice.CONTINUE: None, Choice.CHANGE: None, Choice.STOP: "danger"}


@dataclass(frozen=True, slots=True)
class LeadReview:
    """A review as its leads see it; `initiatives` are those to decide, `names` those of people."""

    strategy: Strategy
    review: Review
    initiatives: tuple[Initiative, ...]
    answers: Mapping[str, LeadAnswer]
    choices: Mapping[int, LeadChoice]
    names: Mapping[str, str]

    @property
    def undecided(self) -> tuple[Initiative, ...]:
        return tuple(one for one in self.initiatives if one.id not in self.choices)

    @property
    def title(self) -> str:
        """Not escaped."""
        name = b.plain_line(self.strategy.name, MAX_NAME)
        return f"{name}: the review of {self.review.period.day(1):%B}"

    def name_of(self, person_id: str) -> str:
        return b.one_line(self.names.get(person_id, "a lead"), MAX_NAME)


def choice_reference(review: Review, initiative: Initiative) -> str:
    """What buttons and forms carry: "REVIEW:INITIATIVE"."""
    return f"{review.id}:{initiative.id}"


def lead_message(deciding: LeadReview, lead_id: str) -> b.Payload:
    """One lead's message: first the strategy, then its initiatives; once it is over, what was decided."""
    blocks = [b.header(deciding.title), b.context(f"_{b.one_line(deciding.strategy.why, 300)}_")]
    answer = deciding.answers.get(lead_id)
    is_open = deciding.review.closed_at is None
    blocks += _strategy_blocks(deciding, answer, is_open=is_open)
    if answer is not None or not is_open:
        for initiative in deciding.initiatives:
            blocks += _initiative_blocks(deciding, initiative, is_open=is_open)
    if is_open:
        ends = f"The outcome goes out {b.slack_time(deciding.review.ends_at)}."
        if answer is not None:
            blocks.append(b.actions([ask_button(deciding.strategy)]))
        blocks.append(b.context(f"The evidence is in <#{deciding.strategy.channel_id}>. {ends}"))
    else:
        blocks.append(b.context("This review is over; its outcome is in its thread."))
    return b.message(_lead_text(deciding, answer, is_open=is_open), blocks)


def _lead_text(deciding: LeadReview, answer: LeadAnswer | None, *, is_open: bool) -> str:
    title = b.escape(deciding.title)
    if not is_open:
        return f"{title} is over; its outcome is in its thread."
    if answer is None:
        return f"{title}: does the strategy still hold, and what changed in the market?"
    waiting = [b.one_line(one.name, MAX_NAME) for one in deciding.undecided]
    return f"{title}: {f'to decide: {listed(waiting)}' if waiting else 'everything is decided, thank you.'}"


def _strategy_blocks(deciding: LeadReview, answer: LeadAnswer | None, *, is_open: bool) -> list[b.Block]:
    value = str(deciding.review.id)
    if answer is not None:
        edit = b.button("Edit", ANSWER, value) if is_open else None
        return [b.section(f"*The strategy*\n{_holds(answer)}", accessory=edit)]
    if not is_open:
        return []
    asked = "First: does the strategy still hold, and what changed in the market? Then decide for each initiative."
    return [b.section(asked), b.actions([b.button("Answer…", ANSWER, value, style="primary")])]


def _holds(answer: LeadAnswer, *, limit: int = 600) -> str:
    holds = "It still holds." if answer.still_holds else "It does not hold as it is."
    said = f"{holds} Market: {b.one_line(answer.market, limit)}" if answer.market else holds
    return b.shorten_mrkdwn(said, _LONGEST)


def _initiative_blocks(deciding: LeadReview, initiative: Initiative, *, is_open: bool) -> list[b.Block]:
    made = deciding.choices.get(initiative.id)
    said = choice_line(deciding, initiative, made)
    if not is_open:
        return [b.section(said)]
    value = choice_reference(deciding.review, initiative)
    buttons = [
        b.button(f"{choice.value.capitalize()}…", _ACTION_OF[choice], value, style=_STYLES[choice])
        for choice in Choice
    ]
    return [b.section(said), b.actions(buttons, block_id=f"review.{value}")]


def choice_line(deciding: LeadReview, initiative: Initiative, made: LeadChoice | None) -> str:
    """What was chosen for an initiative, on what evidence, by whom."""
    name = f"*{b.one_line(initiative.name, MAX_NAME)}*"
    if made is None:
        return f"{name}: undecided"
    line = f"{name}: {made.choice.value} — {b.shorten_mrkdwn(b.one_line(made.evidence, 400), 500)} ({deciding.name_of(made.person_id)})"
    if made.authority_holds is not None:
        state = "still true" if made.authority_holds else "no longer true"
        line += f"; authority and resources {state}"
    return b.shorten_mrkdwn(line, _LONGEST)


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
    deciding: LeadReview, initiative: Initiative, choice: Choice, may_decide: str
) -> dict[str, Any]:
    """`may_decide` is what its owner was given at kickoff, in a line."""
    made = deciding.choices.get(initiative.id)
    effect = {
        Choice.CONTINUE: "It goes on as it is.",
        Choice.CHANGE: "Its form opens next: owner, dates, metrics, resources. Close it if the note is enough.",
        Choice.STOP: "It is stopped when the review's outcome goes out; until then any lead may decide otherwise.",
    }[choice]
    given = f"\nGiven at kickoff: {b.one_line(may_decide, 600)}" if may_decide else ""
    evidence = made.evidence if made and made.choice is choice else ""
    return b.modal(
        f"{choice.value.capitalize()} it",
        [
            b.section(f"*{b.one_line(initiative.name, MAX_NAME)}*: {choice.value}. {effect}{given}"),
            b.input_block(
                "On what evidence, in a sentence?",
                b.text_input(evidence, max_length=500),
                block_id=EVIDENCE,
                hint="For example: “Subscribers grow at half the line, and the two tests changed nothing.”",
            ),
            b.input_block(
                "Are its authority and resources still true?",
                b.radio([("Yes, still true", _YES), ("No, they changed", _NO)]),
                block_id=AUTHORITY,
            ),
        ],
        callback_id=CHOICE_FORM,
        submit="Save",
        private_metadata=f"{choice_reference(deciding.review, initiative)}:{choice.value}",
    )


def read_choice_metadata(metadata: str) -> tuple[int, int, Choice]:
    """Raises NotFound."""
    reference, _, choice = metadata.rpartition(":")
    if choice not in set(Choice):
        raise NotFound
    return *read_two_ids(reference), Choice(choice)


def read_choice(state: State) -> tuple[str, bool]:
    """The evidence, and whether authority and resources are still true. Raises FieldErrors."""
    reader = FormReader(state)
    authority = reader.choice(AUTHORITY, {_YES, _NO}, "Choose yes or no.")
    evidence = reader.words(EVIDENCE, 500, missing="Write one sentence of evidence, for whoever asks why.")
    reader.finish()
    return evidence, authority == _YES


def outcome_message(deciding: LeadReview, leads: Sequence[str]) -> b.Payload:
    """For the review's thread: what the leads say, what was decided, and what was left undecided, by name."""
    title = f"*Outcome of the review of {deciding.review.period.day(1):%B}*"
    lines = [title]
    spoken = []
    for lead in leads:
        answer = deciding.answers.get(lead)
        said = _holds(answer, limit=400) if answer else "did not answer whether the strategy holds."
        spoken.append(f"{deciding.name_of(lead)}: {said}")
    lines += [f"• {said}" for said in b.and_more(spoken, _MOST_LEADS)]
    decided = [one for one in deciding.initiatives if one.id in deciding.choices]
    lines += [f"• {choice_line(deciding, one, deciding.choices[one.id])}" for one in decided]
    if deciding.undecided:
        names = listed([b.one_line(one.name, MAX_NAME) for one in deciding.undecided])
        lines.append(f"Left undecided: {names}.")
    return b.message(b.fallback(line.replace("*", "") for line in lines), b.sections(lines))


def touched_message(deciding: LeadReview, theirs: Sequence[Initiative]) -> b.Payload:
    """For an owner: what was decided for each of theirs."""
    title = b.escape(deciding.title)
    lines = [f"• {choice_line(deciding, one, deciding.choices.get(one.id))}" for one in theirs]
    text = [f"{title} is over. For you:", *(line.replace("*", "") for line in lines)]
    return b.message(b.fallback(text), b.sections([f"*{title}* is over. For you:", *lines]))

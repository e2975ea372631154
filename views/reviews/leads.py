"""What leads are asked in a review, and see of each other: whether the strategy holds, what becomes of each initiative."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.healths import Health
from domain.initiatives import Initiative, Status, due_standing
from domain.reviews import Choice, LeadAnswer, LeadChoice, Review, ReviewFacts
from domain.schedules import local_day
from domain.strategies import Strategy
from domain.words import MAX_NAME, dated, listed, short_day
from views.decisions.forms import ask_button
from views.initiatives.messages import metric_line
from views.reviews.words import health_runs
from views.signs import leads_line
from views.slack import blocks as b

ANSWER = "review.answer"
HOLDS = "review.holds"
CONTINUE_ONE = "review.continue_one"
CONTINUE_ALL = "review.continue_on_track"
CHOICE_ACTIONS = {f"review.{choice.value}": choice for choice in Choice}
_LONGEST = 900
_GLIMPSE = 200
_MOST_LEADS = 5
_MOST_ASKS = 3
_ACTION_OF = {choice: action for action, choice in CHOICE_ACTIONS.items()}
_STYLES = {Choice.CONTINUE: None, Choice.CHANGE: None, Choice.STOP: "danger"}
_MEANWHILE = {
    Status.COMPLETED: "closed as completed since",
    Status.STOPPED: "closed as stopped since",
    Status.PAUSED: "paused since",
    Status.PROPOSED: "now waits for its owner and its sponsor",
}


@dataclass(frozen=True, slots=True)
class LeadReview:
    """A review as its leads see it; `initiatives` are those to decide, `names` those of people.

    `answers` are what stands, by lead; `made` all that was chosen, by initiative, the last of each standing. `facts`
    are the evidence, while it is open.
    """

    strategy: Strategy
    review: Review
    initiatives: tuple[Initiative, ...]
    answers: Mapping[str, LeadAnswer]
    made: Mapping[int, tuple[LeadChoice, ...]]
    names: Mapping[str, str]
    facts: ReviewFacts | None = None

    @property
    def choices(self) -> dict[int, LeadChoice]:
        """What stands, by initiative."""
        return {initiative_id: made[-1] for initiative_id, made in self.made.items()}

    @property
    def undecided(self) -> tuple[Initiative, ...]:
        """Those that may still be decided, and are not."""
        active = (one for one in self.initiatives if one.status is Status.ACTIVE)
        return tuple(one for one in active if one.id not in self.made)

    @property
    def title(self) -> str:
        """Not escaped."""
        return f"{b.plain_line(self.strategy.name, MAX_NAME)}: the review of {self.month}"

    @property
    def month(self) -> str:
        return f"{self.review.period.day(1):%B}"

    @property
    def on_track(self) -> tuple[Initiative, ...]:
        """Those undecided whose owner last said so, and said it this week."""
        lines = self.facts.lines if self.facts else ()
        healthy = {
            line.initiative.id for line in lines if line.latest is Health.ON_TRACK and not line.is_ownerless
        }
        return tuple(one for one in self.undecided if one.id in healthy)

    def name_of(self, person_id: str) -> str:
        return b.one_line(self.names.get(person_id, "a lead"), MAX_NAME)

    def replaced(self, initiative: Initiative) -> LeadChoice | None:
        """What another lead had chosen last before what stands."""
        *before, stands = self.made.get(initiative.id, (None,))
        others = (one for one in reversed(before) if one and stands and one.person_id != stands.person_id)
        return next(others, None)


def lead_message(deciding: LeadReview, lead_id: str) -> b.Payload:
    """One lead's message: the strategy, then its initiatives with the evidence; once it is over, what was decided."""
    blocks = [b.header(deciding.title), b.context(f"_{b.one_line(deciding.strategy.why, 300)}_")]
    answer = deciding.answers.get(lead_id)
    is_open = deciding.review.closed_at is None
    blocks += strategy_blocks(deciding, lead_id)
    if answer is not None and len(deciding.on_track) > 1:
        blocks.append(b.actions([_continue_button(deciding)]))
    for initiative in deciding.initiatives:
        blocks += initiative_blocks(deciding, initiative, lead_id, may_decide=is_open and answer is not None)
    if is_open:
        ends = f"The outcome goes out {b.slack_time(deciding.review.ends_at)}."
        if answer is not None:
            blocks.append(b.actions([ask_button(deciding.strategy)]))
        blocks.append(b.context(f"All numbers are in <#{deciding.strategy.channel_id}>. {ends}"))
    else:
        blocks.append(b.context("This review is over; its outcome is in its thread."))
    return b.message(_lead_text(deciding, answer, is_open=is_open), blocks)


def _lead_text(deciding: LeadReview, answer: LeadAnswer | None, *, is_open: bool) -> str:
    if not is_open:
        return f"{b.escape(deciding.title)} is over; its outcome is in its thread."
    by = _last_day(deciding)
    if answer is None:
        first = f"Does {b.one_line(deciding.strategy.name, MAX_NAME)} still hold? The review of {deciding.month} asks you by {by}."
    else:
        first = f"The review of {deciding.month}, until {by}: {to_decide(deciding)}"
    said = [line for one in deciding.initiatives for line in _said(deciding, one)]
    return b.fallback([first, *(line.replace("*", "") for line in said)])


def _last_day(deciding: LeadReview) -> str:
    day = local_day(deciding.review.ends_at, deciding.strategy.zone)
    return f"{day:%a} {short_day(day)}"


def to_decide(deciding: LeadReview) -> str:
    """As in "to decide: Newsletter and Referrals"."""
    waiting = [b.one_line(one.name, MAX_NAME) for one in deciding.undecided]
    return f"to decide: {listed(waiting)}" if waiting else "everything is decided, thank you."


def strategy_blocks(deciding: LeadReview, lead_id: str) -> list[b.Block]:
    """What this lead said of the strategy, or the question; and what others said."""
    value = str(deciding.review.id)
    is_open = deciding.review.closed_at is None
    answer = deciding.answers.get(lead_id)
    blocks: list[b.Block] = []
    if answer is not None:
        edit = b.button("Edit", ANSWER, value, about="The strategy") if is_open else None
        blocks.append(b.section(f"*The strategy*\n{_holds(answer)}", accessory=edit))
    elif is_open:
        asked = "First: does the strategy still hold, and what changed in the market? Then decide for each initiative."
        blocks.append(b.section(asked))
        blocks.append(b.actions([_holds_button(deciding), answer_button(deciding)]))
    others = [one for person_id, one in deciding.answers.items() if person_id != lead_id]
    said = [f"{deciding.name_of(one.person_id)}: {_holds(one, limit=300)}" for one in others[:_MOST_LEADS]]
    return [*blocks, b.context(*said)] if said else blocks


def _holds(answer: LeadAnswer, *, limit: int = 600) -> str:
    holds = "It still holds." if answer.still_holds else "It does not hold as it is."
    said = f"{holds} Market: {b.one_line(answer.market, limit)}" if answer.market else holds
    return b.shorten_mrkdwn(said, _LONGEST)


def initiative_blocks(
    deciding: LeadReview, initiative: Initiative, lead_id: str, *, may_decide: bool
) -> list[b.Block]:
    blocks = b.sections(_said(deciding, initiative))
    if not may_decide or initiative.status is not Status.ACTIVE:
        return blocks
    return [*blocks, choice_buttons(deciding, initiative, lead_id)]


def _said(deciding: LeadReview, initiative: Initiative) -> list[str]:
    """What stands; the evidence as long as nothing does, and then in the form."""
    line = choice_line(deciding, initiative)
    return [line] if initiative.id in deciding.made else [line, *evidence_lines(deciding, initiative)]


def answer_button(deciding: LeadReview) -> b.Element:
    return b.button("Answer…", ANSWER, str(deciding.review.id), about=deciding.title)


def _holds_button(deciding: LeadReview) -> b.Element:
    """One click for what is true in most months; what changed in the market is said in the form."""
    return b.button("It still holds", HOLDS, str(deciding.review.id), style="primary")


def _continue_button(deciding: LeadReview) -> b.Element:
    """It names the initiatives it was shown with: no other is decided by it."""
    shown = deciding.on_track
    value = ":".join(str(id_) for id_ in (deciding.review.id, *(one.id for one in shown)))
    return b.button(f"Continue the {len(shown)} on track", CONTINUE_ALL, value)


def choice_buttons(deciding: LeadReview, initiative: Initiative, lead_id: str) -> b.Block:
    """To continue is one click, unless another lead has decided: then a form shows what, and asks."""
    value, name = f"{deciding.review.id}:{initiative.id}", initiative.name
    stands = deciding.choices.get(initiative.id)
    buttons = [
        b.button(f"{one.value.capitalize()}…", _ACTION_OF[one], value, style=_STYLES[one], about=name)
        for one in (Choice.CHANGE, Choice.STOP)
    ]
    if stands is None or (stands.person_id == lead_id and stands.choice is not Choice.CONTINUE):
        buttons.insert(0, b.button("Continue", CONTINUE_ONE, value, about=name))
    elif stands.choice is not Choice.CONTINUE:
        buttons.insert(0, b.button("Continue…", _ACTION_OF[Choice.CONTINUE], value, about=name))
    return b.actions(buttons, block_id=f"review.{value}")


def evidence_lines(deciding: LeadReview, initiative: Initiative) -> list[str]:
    """Its numbers against their plans, what is in the way, how its date moved and passed, what it waits for."""
    facts = deciding.facts
    if facts is None or initiative.status is not Status.ACTIVE:
        return []
    lines = [metric_line(metric, initiative, facts.today) for metric in initiative.metrics]
    if slipping := leads_line(facts.slipping, initiative.id):
        lines.append(slipping)
    if blocker := facts.blockers.get(initiative.id):
        lines.append(f"In the way: {b.one_line(blocker, _GLIMPSE)}")
    if initiative.due_moves or initiative.is_overdue(facts.today):
        lines.append(f"Due {due_standing(initiative, facts.today)}")
    asks = [
        f"Waits for {b.one_line(facts.name_of(one.decider_id), MAX_NAME)}: {b.one_line(one.question, _GLIMPSE)}, "
        f"due {dated(one.due, facts.today)}"
        for one in facts.waiting
        if one.initiative_id == initiative.id
    ]
    return [f"• {b.shorten_mrkdwn(line, _LONGEST)}" for line in (*lines, *b.and_more(asks, _MOST_ASKS))]


def choice_line(deciding: LeadReview, initiative: Initiative) -> str:
    """What stands for an initiative, on what evidence, by whom, in place of what; and what became of it meanwhile."""
    name = f"*{b.one_line(initiative.name, MAX_NAME)}*"
    made = deciding.choices.get(initiative.id)
    meanwhile = _MEANWHILE.get(initiative.status, "")
    if made is None:
        return f"{name}: {meanwhile}" if meanwhile else f"{name}: undecided{_weeks(deciding, initiative)}"
    line = f"{name}: {chosen_words(deciding, made)}"
    if made.authority_holds is not None:
        line += (
            f"; decisions, budget and people {'as given' if made.authority_holds else 'no longer as given'}"
        )
    if made.changed:
        line += f": {b.one_line(made.changed, _GLIMPSE)}"
    if before := deciding.replaced(initiative):
        line += f"; in place of {chosen_words(deciding, before, 150)}"
    return b.shorten_mrkdwn(line, _LONGEST) + (f"; {meanwhile}" if meanwhile else "")


def _weeks(deciding: LeadReview, initiative: Initiative) -> str:
    """How its weeks went, as in " · 🟢🟢 on track from 23 Nov"."""
    facts = deciding.facts
    lines = facts.lines if facts else ()
    runs = [health_runs(line, facts) for line in lines if facts and line.initiative.id == initiative.id]
    return "".join(f" · {run}" for run in runs)


def chosen_words(deciding: LeadReview, made: LeadChoice, limit: int = 400) -> str:
    """As in "stop — Nobody reads it (Maya)"; without evidence where it was continued with others in one click."""
    evidence = b.shorten_mrkdwn(b.one_line(made.evidence, limit), limit + 100)
    said = f"{made.choice.value} — {evidence}" if evidence else made.choice.value
    return f"{said} ({deciding.name_of(made.person_id)})"


def not_asked_message(deciding: LeadReview) -> b.Payload:
    """In place of what was asked of somebody who does not lead the strategy any more."""
    return b.text_message(
        f"{b.escape(deciding.title)} is not asked of you any more, as you do not lead it now."
    )


def reminder_message(deciding: LeadReview, lead_id: str) -> b.Payload:
    """The day before it closes with something undecided; with the buttons, and the evidence above. It says what stands."""
    of = b.one_line(deciding.strategy.name, MAX_NAME)
    review = f"The review of {deciding.month} of {of}"
    if deciding.review.closed_at is not None:
        return b.text_message(f"{review} is over; its outcome is in its thread.")
    if lead_id in deciding.answers and not deciding.undecided:
        return b.text_message(f"{review}: all is decided, thank you.")
    ends = b.slack_time(deciding.review.ends_at)
    text = f"{review} closes {ends}. Still {to_decide(deciding)}."
    blocks: list[b.Block] = [b.section(text)]
    if lead_id not in deciding.answers:
        return b.message(text, [*blocks, *strategy_blocks(deciding, lead_id)])
    for initiative in deciding.undecided:
        blocks += initiative_blocks(deciding, initiative, lead_id, may_decide=True)
    return b.message(text, blocks)


def replaced_message(deciding: LeadReview, initiative: Initiative, before: LeadChoice) -> b.Payload:
    """For the lead in whose place another one has decided."""
    by = deciding.name_of(deciding.choices[initiative.id].person_id)
    text = (
        f"{by} has decided for {b.one_line(initiative.name, MAX_NAME)} in your place. You chose {before.choice.value}; now it is "
        f"{chosen_words(deciding, deciding.choices[initiative.id])}. Both stay in the record. If you see it otherwise, "
        f"talk to {by}; any lead may decide again until {b.slack_time(deciding.review.ends_at)}."
    )
    return b.text_message(text)


def outcome_message(deciding: LeadReview, leads: Sequence[str]) -> b.Payload:
    """For the review's thread: what these leads say, what was decided, and what was left undecided, by name."""
    lines = [f"*Outcome of the review of {deciding.month}: {_counts(deciding)}*"]
    spoken = []
    for lead in leads:
        answer = deciding.answers.get(lead)
        said = _holds(answer, limit=400) if answer else "did not say whether the strategy still holds."
        spoken.append(f"{deciding.name_of(lead)}: {said}")
    lines += [f"• {said}" for said in b.and_more(spoken, _MOST_LEADS)]
    undecided = deciding.undecided
    plain = [one for one in deciding.initiatives if _goes_on_plainly(deciding, one)]
    told = (one for one in deciding.initiatives if one not in undecided and one not in plain)
    lines += [f"• {choice_line(deciding, one)}" for one in told]
    if plain:
        lines.append(f"Continue: {_names(plain)}.")
    if undecided:
        lines.append(f"Left undecided: {_names(undecided)}.")
    return b.message(b.fallback(line.replace("*", "") for line in lines), b.sections(lines))


def _counts(deciding: LeadReview) -> str:
    """As in "4 continue, 1 change"."""
    made = Counter(one.choice for one in deciding.choices.values())
    said = [f"{made[choice]} {choice.value}" for choice in Choice if made[choice]]
    return ", ".join(said) or "no lead decided anything"


def _goes_on_plainly(deciding: LeadReview, initiative: Initiative) -> bool:
    """With nothing more to be said of it."""
    made = deciding.choices.get(initiative.id)
    is_plain = made is not None and not made.evidence and made.authority_holds is None
    is_alone = made is not None and made.choice is Choice.CONTINUE and not deciding.replaced(initiative)
    return is_plain and is_alone and initiative.status is Status.ACTIVE


def _names(initiatives: Iterable[Initiative]) -> str:
    return listed([b.one_line(one.name, MAX_NAME) for one in initiatives])


def reopened_message(deciding: LeadReview) -> b.Payload:
    """In place of an outcome that was told too early."""
    return b.text_message(
        "I told the outcome too early, because my clock was wrong. The leads decide until "
        f"{b.slack_time(deciding.review.ends_at)}; then it stands here."
    )


def touched_message(deciding: LeadReview, theirs: Sequence[Initiative]) -> b.Payload:
    """For an owner: what was decided for each of theirs."""
    title = b.escape(deciding.title)
    lines = [f"• {choice_line(deciding, one)}" for one in theirs]
    text = [f"{title} is over. For you:", *(line.replace("*", "") for line in lines)]
    return b.message(b.fallback(text), b.sections([f"*{title}* is over. For you:", *lines]))

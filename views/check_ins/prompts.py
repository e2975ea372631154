"""The weekly prompt and its reminder."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from domain.check_ins import Answer, CheckIn, CheckInState, SeenMark
from domain.decisions import Decision
from domain.healths import Health
from domain.initiatives import Initiative, SuccessMetric, due_words
from domain.milestones import Milestone
from domain.pace import Pace
from domain.periods import Month, Week
from domain.strategies import Strategy
from domain.words import MAX_NAME, dated, listed, short_day
from views.check_ins.follow_ups import blocker_buttons, follow_up_blocks, follow_up_lines
from views.check_ins.words import (
    answer_by,
    done_since,
    drafted_progress,
    last_words,
    metric_standing,
    metric_words,
    number,
)
from views.joins import updated
from views.message_checks import MessageChecks, check_blocks
from views.milestones import late_lines
from views.readings import KpiLine, prompt_blocks, prompt_line, still_to_enter
from views.seen_marks import last_week_said, seen_words
from views.slack import blocks as b
from views.slack.room import is_roomy

HEALTH_ACTIONS = {
    "check_in.on_track": Health.ON_TRACK,
    "check_in.at_risk": Health.AT_RISK,
    "check_in.off_track": Health.OFF_TRACK,
}
UPDATE = "check_in.update"
ALL_ON_TRACK = "check_in.all_on_track"
SAME = "check_in.same"
UPDATE_ALL = "check_in.update_all"
SNOOZE = "check_in.snooze"
AWAY = "check_in.away"

_EVER = datetime.max.replace(tzinfo=UTC)
_WHY = 90
"""Characters of the why: a line."""
_SOON = timedelta(days=14)
_MOST_METRICS = 2
"""Numbers said of one initiative among several: the form has them all."""
_ACTION_OF = {health: action for action, health in HEALTH_ACTIONS.items()}


@dataclass(frozen=True, slots=True)
class PromptLine:
    """One initiative of a prompt: what stands recorded and what was said last time."""

    initiative: Initiative
    answer: Answer
    last: Answer | None = None
    last_period: Week | None = None
    blocker: str = ""
    """What was in the way before and is yet to be called resolved."""
    told: tuple[tuple[int, Decimal], ...] | None = None
    """(metric id, value) reported for the week, of a KPI in whatever way; None: those of the answer."""

    @property
    def reported(self) -> tuple[tuple[int, Decimal], ...]:
        return self.answer.readings if self.told is None else self.told


@dataclass(frozen=True, slots=True)
class Continued:
    """A lead decided in the review of a month that an initiative goes on as it is."""

    period: Month
    by: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A check-in as its owner sees it; `today` is their local day, `names` who answered for whom."""

    strategy: Strategy
    check_in: CheckIn
    lines: tuple[PromptLine, ...]
    digest_at: datetime
    today: date
    names: Mapping[str, str]
    is_open: bool = True
    """Edits stay possible until the next prompt."""
    away_until: date | None = None
    owner_name: str = ""
    kpis: tuple[KpiLine, ...] = ()
    """Those asked for with this prompt."""
    asks: Mapping[int, tuple[Decision, ...]] = field(default_factory=dict)
    """By initiative: open ones, and those settled since the prompt before."""
    continued: Mapping[int, Continued] = field(default_factory=dict)
    """By initiative: by a review closed since the prompt before."""
    seen: Mapping[int, tuple[SeenMark, ...]] = field(default_factory=dict)
    """By initiative: the leads who marked the digest's line as seen."""
    seen_before: Mapping[int, tuple[SeenMark, ...]] = field(default_factory=dict)
    """The same of the check-in before."""
    milestones: Mapping[int, tuple[Milestone, ...]] = field(default_factory=dict)
    """By initiative."""
    message_checks: MessageChecks | None = None
    """What is asked with the last prompt before a review."""
    zone: str = "UTC"
    """The owner's."""

    @property
    def open_lines(self) -> list[PromptLine]:
        return [line for line in self.lines if line.answer.health is None] if self.is_open else []

    @property
    def is_of_several(self) -> bool:
        return len(self.lines) > 1

    def drafted(self, line: PromptLine, until: datetime = _EVER) -> str:
        """What is known to have moved since the last answer."""
        about = line.initiative.id
        steps, asks = self.milestones.get(about, ()), self.asks.get(about, ())
        return drafted_progress(line.initiative, line.last, steps, asks, until)


def reference(check_in: CheckIn, initiative: Initiative) -> str:
    """What buttons and forms carry: "CHECK_IN:INITIATIVE"."""
    return f"{check_in.id}:{initiative.id}"


def prompt_message(prompt: Prompt) -> b.Payload:
    """The weekly prompt in the state it is in: asked, partly or wholly recorded, or closed."""
    blocks = _prompt_blocks(prompt)
    if any(prompt.asks.values()) and not is_roomy(blocks):
        blocks = [
            *_prompt_blocks(replace(prompt, asks={})),
            b.context("Your asks: `/rhythm decisions mine`."),
        ]
    return b.message(_prompt_text(prompt), blocks)


def _prompt_blocks(prompt: Prompt) -> list[b.Block]:
    blocks: list[b.Block] = [b.header(_heading(prompt)), *_for_all(prompt)]
    for line in prompt.lines:
        blocks += _line_blocks(prompt, line)
    blocks += prompt_blocks(prompt.kpis, prompt.check_in.id, prompt.today, is_open=prompt.is_open)
    blocks += check_blocks(prompt.message_checks, is_open=prompt.is_open)
    return blocks + _footer(prompt)


def _heading(prompt: Prompt) -> str:
    """As in "Your week, Ben: 3 initiatives"."""
    name = prompt.names.get(prompt.check_in.person_id, "").split()
    week = f"Your week, {b.plain_line(name[0], MAX_NAME)}" if name else "Your week"
    counted = [(len(prompt.lines), "initiative"), (0 if prompt.lines else len(prompt.kpis), "number")]
    said = [f"{count} {noun}{'s' if count > 1 else ''}" for count, noun in counted if count]
    return f"{week}: {said[0]}" if said else week


def _prompt_text(prompt: Prompt) -> str:
    """What waits, and until when, before what is recorded."""
    missing = [b.one_line(line.initiative.name, MAX_NAME) for line in prompt.open_lines]
    head = b.escape(_heading(prompt))
    if len(missing) == 1:
        head += f". How is {missing[0]} going? Please answer by {_answer_by(prompt)}."
    elif missing:
        left = "" if len(missing) == len(prompt.lines) else f", {len(missing)} still open"
        head += f"{left}. Please answer by {_answer_by(prompt)}."
    elif waiting := still_to_enter(prompt.kpis) if prompt.is_open else 0:
        head += f", {waiting} to enter."
    lines = [head, _place(prompt)]
    lines += [
        f"{b.one_line(line.initiative.name, MAX_NAME)}: {_stands(prompt, line)}"
        for line in (*prompt.open_lines, *(one for one in prompt.lines if one.answer.health))
    ]
    return b.fallback([*lines, *(prompt_line(line, prompt.today) for line in prompt.kpis)])


def _stands(prompt: Prompt, line: PromptLine) -> str:
    if line.answer.health:
        return f"{line.answer.health.emoji} {line.answer.health.label}"
    return last_words(line.last, line.last_period, prompt.check_in.period)


def _place(prompt: Prompt) -> str:
    week = short_day(prompt.check_in.period.day(0))
    return f"{b.one_line(prompt.strategy.name, MAX_NAME)}, week of {week}"


def _answer_by(prompt: Prompt) -> str:
    return answer_by(prompt.digest_at, prompt.zone, prompt.check_in.due_at, prompt.today)


def _for_all(prompt: Prompt) -> list[b.Block]:
    """Buttons that answer for all of several at once."""
    if not prompt.is_open or not prompt.is_of_several or _is_spared(prompt):
        return []
    value, about = str(prompt.check_in.id), prompt.strategy.name
    elements, waiting = [], prompt.open_lines
    if len(waiting) > 1:
        these = "All" if len(waiting) == len(prompt.lines) else "All others"
        text = f"{Health.ON_TRACK.emoji} {these} on track"
        elements.append(b.button(text, ALL_ON_TRACK, value, about=about))
        elements += _same_button(prompt)
    elements.append(b.button("Update all…", UPDATE_ALL, value, about=about))
    return [b.actions(elements, block_id=f"all.{value}")]


def _same_button(prompt: Prompt) -> list[b.Element]:
    if not any(line.last and line.last.health for line in prompt.open_lines):
        return []
    return [b.button("Same as last week", SAME, str(prompt.check_in.id), about=prompt.strategy.name)]


def _line_blocks(prompt: Prompt, line: PromptLine) -> list[b.Block]:
    if line.answer.health is not None:
        return [_recorded(prompt, line), *_follow_ups(prompt, line)]
    if not prompt.is_open:
        return [b.section(f"*{b.one_line(line.initiative.name, MAX_NAME)}*: no answer")]
    return [b.section(_asked(prompt, line)), _answer_buttons(prompt, line)]


def _follow_ups(prompt: Prompt, line: PromptLine) -> list[b.Block]:
    if not prompt.is_open:
        return []
    asks = prompt.asks.get(line.initiative.id, ())
    value = reference(prompt.check_in, line.initiative)
    repeated = line.answer.repeats_blocker
    about = line.initiative.name
    return follow_up_blocks(asks, prompt.names, line.blocker, value, about=about, is_repeated=repeated)


def _answer_buttons(prompt: Prompt, line: PromptLine) -> b.Block:
    """The healths, what was in the way, and the form where no other button opens it."""
    value, name = reference(prompt.check_in, line.initiative), line.initiative.name
    elements = _health_buttons(value, name)
    if line.blocker:
        elements += blocker_buttons(value, name)
    if not prompt.is_of_several:
        elements.append(b.button("Update…", UPDATE, value, about=name))
    return b.actions(elements, block_id=f"check_in.{value}")


def _health_buttons(value: str, name: str) -> list[b.Element]:
    return [b.button(f"{h.emoji} {h.label.capitalize()}", _ACTION_OF[h], value, about=name) for h in Health]


def _asked(prompt: Prompt, line: PromptLine) -> str:
    """What is known of an initiative that waits for an answer: a line, and another for what was said and became of it."""
    initiative, last, today = line.initiative, line.last, prompt.today
    steps = prompt.milestones.get(initiative.id, ())
    facts = [
        f"*{b.one_line(initiative.name, MAX_NAME)}*",
        last_words(last, line.last_period, prompt.check_in.period),
        *(metric_words(one, initiative, today) for one in _shown_metrics(prompt, line)),
    ]
    if initiative.due_moves or initiative.due - today <= _SOON:
        facts.append(f"due {due_words(initiative, today)}")
    lines = [" · ".join(facts)]
    if last is not None and last.next:
        lines.append(f"You said next: _{_quote(last.next)}_")
    lines += last_week_said(prompt.seen_before.get(initiative.id, ()), prompt.names)
    if done := done_since(steps, last.at if last else None, prompt.check_in.due_at):
        lines.append(f"Since then done: {b.escape(listed(done))}")
    if (decided := prompt.continued.get(initiative.id)) is not None:
        by = b.one_line(prompt.names.get(decided.by, "a lead"), MAX_NAME)
        lines.append(f"The review of {decided.period.day(1):%B}: continue ({by})")
    lines += late_lines(steps, today)
    lines += _disagreements(prompt, line)
    asks = prompt.asks.get(initiative.id, ())
    return "\n".join([*lines, *follow_up_lines(asks, prompt.names, line.blocker)])


def _shown_metrics(prompt: Prompt, line: PromptLine) -> list[SuccessMetric]:
    metrics = line.initiative.metrics
    if not prompt.is_of_several:
        return list(metrics)
    return [
        one
        for number, one in enumerate(metrics)
        if number < _MOST_METRICS or metric_standing(one, line.initiative, prompt.today).pace is Pace.BEHIND
    ]


def _disagreements(prompt: Prompt, line: PromptLine) -> list[str]:
    """A note where a metric lags its pace while the last health was on track."""
    if line.last is None or line.last.health is not Health.ON_TRACK:
        return []
    behind = [
        b.one_line(metric.name, MAX_NAME)
        for metric in line.initiative.metrics
        if metric_standing(metric, line.initiative, prompt.today).pace is Pace.BEHIND
    ]
    if not behind:
        return []
    are, their = ("are", "their plans") if len(behind) > 1 else ("is", "its plan")
    return [f":information_source: {listed(behind)} {are} behind {their}."]


def _recorded(prompt: Prompt, line: PromptLine) -> b.Block:
    value, name = reference(prompt.check_in, line.initiative), line.initiative.name
    edit = b.button("Edit", UPDATE, value, about=name) if prompt.is_open else None
    return b.section(answer_text(line, prompt), accessory=edit)


def answer_text(line: PromptLine, prompt: Prompt) -> str:
    """What stands recorded for one initiative, as markup."""
    answer, initiative = line.answer, line.initiative
    assert answer.health is not None
    facts = [f"{answer.health.emoji} *{b.one_line(initiative.name, MAX_NAME)}*: {answer.health.label}"]
    if answer.by not in (None, prompt.check_in.person_id):
        facts[0] += f" (by {b.one_line(prompt.names.get(str(answer.by), 'a lead'), MAX_NAME)})"
    metrics = {metric.id: metric for metric in initiative.metrics}
    readings = [
        f"{b.one_line(metrics[metric_id].name, MAX_NAME)} {number(metrics[metric_id], value)}{updated(metrics[metric_id])}"
        for metric_id, value in line.reported
        if metric_id in metrics
    ]
    if readings:
        facts.append(" · ".join(readings))
    facts += [
        f"{label}: {_quote(words)}"
        for label, words in (
            ("Progress", answer.progress),
            ("Next", answer.next),
            ("In the way", answer.blocker),
            ("Needed", answer.need),
        )
        if words
    ]
    if seen := seen_words(answer.health, prompt.seen.get(initiative.id, ()), prompt.names):
        facts.append(seen)
    return "\n".join(facts)


def _footer(prompt: Prompt) -> list[b.Block]:
    why = b.context(f"{_place(prompt)} · _{b.one_line(prompt.strategy.why, _WHY)}_")
    if not prompt.is_open:
        return [b.context("This week is closed. Your answers stand as shown."), why]
    if _is_spared(prompt):
        until = f" until {dated(prompt.away_until, prompt.today)}" if prompt.away_until else ""
        said = f"You are away{until}, so I ask you nothing. Run `/rhythm back` when you are back."
        return [b.context(said), why]
    if not prompt.lines and prompt.kpis:
        return [b.context("A number is all it takes, here or with `/kpi update`."), why]
    if not prompt.lines:
        return [b.context("You have nothing left to answer this week."), why]
    if prompt.check_in.is_answered:
        return [b.context("Recorded, thank you. You can edit this until your next check-in."), why]
    words = f"Or just write it here in your own words. Please answer by {_answer_by(prompt)}."
    if len(prompt.open_lines) < len(prompt.lines):
        names = [b.one_line(line.initiative.name, MAX_NAME) for line in prompt.open_lines]
        words = f"Still open: {listed(names)}. {words}"
    if prompt.check_in.snoozed_until is not None:
        words = f"I will remind you {b.slack_time(prompt.check_in.snoozed_until)}. {words}"
    return [_whole_message_buttons(prompt), b.context(words), why]


def _is_spared(prompt: Prompt) -> bool:
    """Away, or the week is skipped."""
    return prompt.away_until is not None or prompt.check_in.state is CheckInState.SKIPPED


def _whole_message_buttons(prompt: Prompt) -> b.Block:
    value, about = str(prompt.check_in.id), prompt.strategy.name
    elements = [] if prompt.is_of_several and len(prompt.open_lines) > 1 else _same_button(prompt)
    elements += [
        b.button("Remind me in 3 h", SNOOZE, value, about=about),
        b.button("I’m away", AWAY, value, about=about),
    ]
    return b.actions(elements, block_id=f"check_in.{value}")


def reminder_message(prompt: Prompt) -> b.Payload:
    """Names only what is missing; once all is recorded it says so and asks nothing."""
    missing = prompt.open_lines
    name = b.one_line(prompt.strategy.name, MAX_NAME)
    if not missing:
        text = f"{name}: all recorded, thank you." if prompt.is_open else f"{name}: this week is closed."
        return b.text_message(text)
    names = [b.one_line(line.initiative.name, MAX_NAME) for line in missing]
    by = f"Please answer by {_answer_by(prompt)}."
    what = f"{names[0]} is" if len(names) == 1 else f"{len(names)} initiatives are"
    text = f"{name}: {what} still open. {by}"
    blocks = [b.section(f"*{name}*: still open. {by}"), *_for_all(prompt)]
    for line, about in zip(missing, names, strict=True):
        value = reference(prompt.check_in, line.initiative)
        elements = _health_buttons(value, line.initiative.name)
        elements.append(b.button("Update…", UPDATE, value, about=line.initiative.name))
        blocks += [b.section(f"*{about}*"), b.actions(elements, block_id=f"check_in.{value}")]
    return b.message(
        b.fallback([text, *(names if len(names) > 1 else [])]), [*blocks, _whole_message_buttons(prompt)]
    )


def _quote(words: str) -> str:
    return b.one_line(words, 280)

"""The weekly prompt and its reminder."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from domain.check_ins import Answer, CheckIn, CheckInState
from domain.decisions import Decision
from domain.healths import Health
from domain.initiatives import Initiative, SuccessMetric, due_words
from domain.milestones import Milestone
from domain.pace import Pace
from domain.periods import Month, Week
from domain.strategies import Strategy
from domain.words import MAX_NAME, dated, short_day, show_number
from views.check_ins.follow_ups import follow_up_blocks, seen_words
from views.joins import updated
from views.message_checks import MessageChecks, check_blocks
from views.milestones import late_lines
from views.pace import PaceWords, metric_pace_words, metric_target
from views.readings import KpiLine, prompt_blocks, prompt_line
from views.slack import blocks as b

HEALTH_ACTIONS = {
    "check_in.on_track": Health.ON_TRACK,
    "check_in.at_risk": Health.AT_RISK,
    "check_in.off_track": Health.OFF_TRACK,
}
UPDATE = "check_in.update"
SAME = "check_in.same"
SNOOZE = "check_in.snooze"
AWAY = "check_in.away"

_ACTION_OF = {health: action for action, health in HEALTH_ACTIONS.items()}


@dataclass(frozen=True, slots=True)
class PromptLine:
    """One initiative of a prompt: what stands recorded and what was said last time."""

    initiative: Initiative
    goal: str
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
    seen: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """By initiative: the leads who marked the digest's line as seen."""
    milestones: Mapping[int, tuple[Milestone, ...]] = field(default_factory=dict)
    """By initiative."""
    message_checks: MessageChecks | None = None
    """What is asked with the last prompt before a review."""


def reference(check_in: CheckIn, initiative: Initiative) -> str:
    """What buttons and forms carry: "CHECK_IN:INITIATIVE"."""
    return f"{check_in.id}:{initiative.id}"


def prompt_message(prompt: Prompt) -> b.Payload:
    """The weekly prompt in the state it is in: asked, partly or wholly recorded, or closed."""
    blocks = _prompt_blocks(prompt)
    if not b.is_roomy(blocks):
        blocks = [
            *_prompt_blocks(replace(prompt, asks={})),
            b.context("Your asks: `/rhythm decisions mine`."),
        ]
    return b.message(_prompt_text(prompt), blocks)


def _prompt_blocks(prompt: Prompt) -> list[b.Block]:
    blocks: list[b.Block] = [
        b.header(f"{prompt.strategy.name}: week of {short_day(prompt.check_in.period.day(0))}"),
        b.context(f"_{b.one_line(prompt.strategy.why, 300)}_"),
    ]
    for line in prompt.lines:
        blocks += _line_blocks(prompt, line)
    blocks += prompt_blocks(prompt.kpis, prompt.check_in.id, prompt.today, is_open=prompt.is_open)
    blocks += check_blocks(prompt.message_checks, is_open=prompt.is_open)
    return blocks + _footer(prompt)


def _prompt_text(prompt: Prompt) -> str:
    name = b.one_line(prompt.strategy.name, MAX_NAME)
    missing = [line for line in prompt.lines if line.answer.health is None]
    recorded = [
        f"{line.answer.health.emoji} {b.one_line(line.initiative.name, MAX_NAME)}: {line.answer.health.label}"
        for line in prompt.lines
        if line.answer.health
    ]
    if missing and prompt.is_open:
        names = ", ".join(b.one_line(line.initiative.name, MAX_NAME) for line in missing)
        recorded.insert(0, f"{name}: how is it going with {names}? One click, the form, or just write here.")
    else:
        recorded.insert(0, f"{name}: week of {short_day(prompt.check_in.period.day(0))}")
    return b.fallback([*recorded, *(prompt_line(line, prompt.today) for line in prompt.kpis)])


def _line_blocks(prompt: Prompt, line: PromptLine) -> list[b.Block]:
    if line.answer.health is not None:
        return [_recorded(prompt, line), *_follow_ups(prompt, line)]
    section = b.section(_asked(prompt, line))
    if not prompt.is_open:
        return [b.section(f"*{b.one_line(line.initiative.name, MAX_NAME)}*: no answer")]
    return [section, *_follow_ups(prompt, line), _health_buttons(prompt.check_in, line.initiative)]


def _follow_ups(prompt: Prompt, line: PromptLine) -> list[b.Block]:
    if not prompt.is_open:
        return []
    asks = prompt.asks.get(line.initiative.id, ())
    value = reference(prompt.check_in, line.initiative)
    repeated = line.answer.repeats_blocker
    about = line.initiative.name
    return follow_up_blocks(asks, prompt.names, line.blocker, value, about=about, is_repeated=repeated)


def _health_buttons(check_in: CheckIn, initiative: Initiative) -> b.Block:
    value = reference(check_in, initiative)
    return b.actions(
        [
            *(
                b.button(f"{h.emoji} {h.label.capitalize()}", _ACTION_OF[h], value, about=initiative.name)
                for h in Health
            ),
            b.button("Update…", UPDATE, value, about=initiative.name),
        ],
        block_id=f"check_in.{value}",
    )


def _asked(prompt: Prompt, line: PromptLine) -> str:
    initiative = line.initiative
    facts = [f"*{b.one_line(initiative.name, MAX_NAME)}* · due {due_words(initiative, prompt.today)}"]
    if line.goal:
        facts.append(f"For: {b.one_line(line.goal, 150)}")
    if initiative.metrics:
        facts.append(" · ".join(metric_line(one, initiative, prompt.today) for one in initiative.metrics))
    if line.last is not None and line.last.health is not None and line.last_period is not None:
        said = f"{line.last.health.emoji} {line.last.health.label} ({line.last_period.label})"
        facts.append(f"Last: {said}" + (f" · next: {_quote(line.last.next)}" if line.last.next else ""))
    if (decided := prompt.continued.get(initiative.id)) is not None:
        by = b.one_line(prompt.names.get(decided.by, "a lead"), MAX_NAME)
        facts.append(f"The review of {decided.period.day(1):%B}: continue ({by})")
    facts += late_lines(prompt.milestones.get(initiative.id, ()), prompt.today)
    facts += _disagreements(prompt, line)
    return "\n".join(facts)


def _disagreements(prompt: Prompt, line: PromptLine) -> list[str]:
    """A note where a metric lags its pace while the last health was on track."""
    if line.last is None or line.last.health is not Health.ON_TRACK:
        return []
    stands = [
        (metric, metric_standing(metric, line.initiative, prompt.today)) for metric in line.initiative.metrics
    ]
    return [
        f":information_source: {b.one_line(metric.name, MAX_NAME)} is behind its plan: {one.value}."
        for metric, one in stands
        if one.pace is Pace.BEHIND
    ]


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
    if not prompt.is_open:
        return [b.context("This week is closed. Your answers stand as shown.")]
    if prompt.away_until is not None or prompt.check_in.state is CheckInState.SKIPPED:
        until = f" until {dated(prompt.away_until, prompt.today)}" if prompt.away_until else ""
        return [
            b.context(f"You are marked away{until}; nothing is asked of you. `/rhythm back` when you are.")
        ]
    if not prompt.lines and prompt.kpis:
        return [b.context("A number is all it takes, here or with `/kpi update`.")]
    if not prompt.lines:
        return [b.context("Nothing is asked of you this week any more.")]
    if prompt.check_in.is_answered:
        return [b.context("Recorded, thank you. You can edit this until your next prompt.")]
    words = f"Or just write it here in your own words. The digest goes out {b.slack_time(prompt.digest_at)}."
    if prompt.check_in.snoozed_until is not None:
        words = f"I will remind you {b.slack_time(prompt.check_in.snoozed_until)}. {words}"
    return [_whole_message_buttons(prompt), b.context(words)]


def _whole_message_buttons(prompt: Prompt) -> b.Block:
    value, about = str(prompt.check_in.id), prompt.strategy.name
    elements = []
    if any(line.last and line.last.health and line.answer.health is None for line in prompt.lines):
        elements.append(b.button("Same as last week", SAME, value, about=about))
    elements += [
        b.button("Remind me in 3 h", SNOOZE, value, about=about),
        b.button("I’m away", AWAY, value, about=about),
    ]
    return b.actions(elements, block_id=f"check_in.{value}")


def reminder_message(prompt: Prompt) -> b.Payload:
    """Names only what is missing; once all is recorded it says so and asks nothing."""
    missing = [line for line in prompt.lines if line.answer.health is None]
    name = b.one_line(prompt.strategy.name, MAX_NAME)
    if not missing or not prompt.is_open:
        text = f"{name}: all recorded, thank you." if not missing else f"{name}: this week is closed."
        return b.text_message(text)
    names = ", ".join(b.one_line(line.initiative.name, MAX_NAME) for line in missing)
    text = f"{name}: still open before the digest {b.slack_time(prompt.digest_at)}: {names}"
    blocks = [b.section(f"*{name}*: still open before the digest {b.slack_time(prompt.digest_at)}")]
    for line in missing:
        blocks += [
            b.section(f"*{b.one_line(line.initiative.name, MAX_NAME)}*"),
            _health_buttons(prompt.check_in, line.initiative),
        ]
    return b.message(text, [*blocks, _whole_message_buttons(prompt)])


def metric_line(metric: SuccessMetric, initiative: Initiative, today: date) -> str:
    """As in "subscribers 4,310 (target 6,000)": "of" would be wrong where less is better."""
    stands = metric_standing(metric, initiative, today)
    if stands.pace is Pace.MISSED:
        return f"{b.one_line(metric.name, MAX_NAME)} {stands.verdict}"
    told = number(metric, metric.baseline if metric.value is None else metric.value)
    if stands.should:
        told += f", should be {stands.should}"
    elif not stands.value:
        told = stands.verdict
    return f"{b.one_line(metric.name, MAX_NAME)} {told} (target {metric_target(metric, partial(number, metric))})"


def metric_standing(metric: SuccessMetric, initiative: Initiative, today: date) -> PaceWords:
    return metric_pace_words(metric, initiative, today, partial(number, metric))


def number(metric: SuccessMetric, value: Decimal | None) -> str:
    return b.one_line(show_number(value, metric.unit), MAX_NAME) if value is not None else "—"


def _quote(words: str) -> str:
    return b.one_line(words, 280)

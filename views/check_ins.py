"""The weekly prompt, its reminder, and the forms that answer it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from domain.check_ins import Answer, CheckIn, CheckInState, NextOutcome
from domain.health import Health
from domain.initiatives import Initiative, SuccessMetric, is_behind_pace, pace_now, short_day, slip
from domain.numbers import read_number, show_number
from domain.periods import Week
from domain.strategies import Strategy
from views import blocks as b
from views.fields import Reading, State, choice_of, text_of

HEALTH_ACTIONS = {
    "check_in.on_track": Health.ON_TRACK,
    "check_in.at_risk": Health.AT_RISK,
    "check_in.off_track": Health.OFF_TRACK,
}
UPDATE = "check_in.update"
SAME = "check_in.same"
SNOOZE = "check_in.snooze"
AWAY = "check_in.away"
EARLY = "check_in.early"
CHOOSE = "check_in.choose"
FORM = "check_in.submit"
TROUBLE_FORM = "check_in.trouble"
LIST_FORM = "check_in.list"

_ACTION_OF = {health: action for action, health in HEALTH_ACTIONS.items()}


@dataclass(frozen=True, slots=True)
class PromptLine:
    """One initiative of a prompt: what stands recorded and what was said last time."""

    initiative: Initiative
    goal: str
    answer: Answer
    last: Answer | None = None
    last_period: Week | None = None


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


def reference(check_in: CheckIn, initiative: Initiative) -> str:
    """What buttons and forms carry: "CHECK_IN:INITIATIVE"."""
    return f"{check_in.id}:{initiative.id}"


def read_reference(value: str) -> tuple[int, int]:
    check_in_id, _, initiative_id = value.partition(":")
    return int(check_in_id), int(initiative_id)


def prompt_message(prompt: Prompt) -> b.Payload:
    """The weekly prompt in the state it is in: asked, partly or wholly recorded, or closed."""
    blocks: list[b.Block] = [
        b.header(f"{prompt.strategy.name}: week of {short_day(prompt.check_in.period.day(0))}"),
        b.context(f"_{b.escape(b.shorten(prompt.strategy.why, 300))}_"),
    ]
    for line in prompt.lines:
        blocks += _line_blocks(prompt, line)
    blocks += _footer(prompt)
    return b.message(_prompt_text(prompt), blocks)


def _prompt_text(prompt: Prompt) -> str:
    name = b.escape(prompt.strategy.name)
    missing = [line for line in prompt.lines if line.answer.health is None]
    recorded = [
        f"{line.answer.health.emoji} {b.escape(line.initiative.name)}: {line.answer.health.label}"
        for line in prompt.lines
        if line.answer.health
    ]
    if missing and prompt.is_open:
        names = ", ".join(b.escape(line.initiative.name) for line in missing)
        recorded.insert(0, f"{name}: how is it going with {names}? One click, the form, or just write here.")
    else:
        recorded.insert(0, f"{name}: week of {short_day(prompt.check_in.period.day(0))}")
    return b.fallback(recorded)


def _line_blocks(prompt: Prompt, line: PromptLine) -> list[b.Block]:
    if line.answer.health is not None:
        return [_recorded(prompt, line)]
    section = b.section(_asked(prompt, line))
    if not prompt.is_open:
        return [b.section(f"*{b.escape(line.initiative.name)}*: no answer")]
    return [section, _health_buttons(prompt.check_in, line.initiative)]


def _health_buttons(check_in: CheckIn, initiative: Initiative) -> b.Block:
    value = reference(check_in, initiative)
    return b.actions(
        [
            *(b.button(f"{h.emoji} {h.label.capitalize()}", _ACTION_OF[h], value) for h in Health),
            b.button("Update…", UPDATE, value),
        ],
        block_id=f"check_in.{value}",
    )


def _asked(prompt: Prompt, line: PromptLine) -> str:
    initiative = line.initiative
    due = slip(initiative) or short_day(initiative.due)
    facts = [f"*{b.escape(initiative.name)}* · due {due}"]
    if line.goal:
        facts.append(f"For: {b.escape(b.shorten(line.goal, 150))}")
    if initiative.metrics:
        facts.append(" · ".join(metric_line(metric) for metric in initiative.metrics))
    if line.last is not None and line.last.health is not None and line.last_period is not None:
        said = f"{line.last.health.emoji} {line.last.health.label} ({line.last_period.label})"
        facts.append(f"Last: {said}" + (f" · next: {_quote(line.last.next)}" if line.last.next else ""))
    facts += _disagreements(prompt, line)
    return "\n".join(facts)


def _disagreements(prompt: Prompt, line: PromptLine) -> list[str]:
    """A note where a metric lags its pace while the last health was on track."""
    if line.last is None or line.last.health is not Health.ON_TRACK:
        return []
    initiative = line.initiative
    return [
        f":information_source: {b.escape(metric.name)} is behind its pace: "
        f"{_number(metric, metric.value)} where the straight line stands at "
        f"{_number(metric, _line(metric, initiative, prompt.today))}."
        for metric in initiative.metrics
        if metric.value is not None and is_behind_pace(metric, initiative.start, initiative.due, prompt.today)
    ]


def _line(metric: SuccessMetric, initiative: Initiative, today: date) -> Decimal:
    return Decimal(f"{pace_now(metric, initiative.start, initiative.due, today):.3g}")


def _recorded(prompt: Prompt, line: PromptLine) -> b.Block:
    edit = b.button("Edit", UPDATE, reference(prompt.check_in, line.initiative)) if prompt.is_open else None
    return b.section(answer_text(line, prompt), accessory=edit)


def answer_text(line: PromptLine, prompt: Prompt) -> str:
    """What stands recorded for one initiative, as markup."""
    answer, initiative = line.answer, line.initiative
    assert answer.health is not None
    facts = [f"{answer.health.emoji} *{b.escape(initiative.name)}*: {answer.health.label}"]
    if answer.by not in (None, prompt.check_in.person_id):
        facts[0] += f" (by {b.escape(prompt.names.get(str(answer.by), 'a lead'))})"
    metrics = {metric.id: metric for metric in initiative.metrics}
    readings = [
        f"{b.escape(metrics[metric_id].name)} {_number(metrics[metric_id], value)}"
        for metric_id, value in answer.readings
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
    return "\n".join(facts)


def _footer(prompt: Prompt) -> list[b.Block]:
    if not prompt.is_open:
        return [b.context("This week is closed. Your answers stand as shown.")]
    if prompt.away_until is not None or prompt.check_in.state is CheckInState.SKIPPED:
        until = f" until {short_day(prompt.away_until)}" if prompt.away_until else ""
        return [
            b.context(f"You are marked away{until}; nothing is asked of you. `/rhythm back` when you are.")
        ]
    if not prompt.lines:
        return [b.context("Nothing is asked of you this week any more.")]
    if prompt.check_in.is_answered:
        return [b.context("Recorded, thank you. You can edit this until your next prompt.")]
    digest = f"The digest goes out {b.slack_time(prompt.digest_at)}."
    if prompt.check_in.snoozed_until is not None:
        digest += f" I will remind you {b.slack_time(prompt.check_in.snoozed_until)}."
    return [_whole_message_buttons(prompt), b.context(f"Or just write your update here. {digest}")]


def _whole_message_buttons(prompt: Prompt) -> b.Block:
    value = str(prompt.check_in.id)
    elements = []
    if any(line.last and line.last.health and line.answer.health is None for line in prompt.lines):
        elements.append(b.button("Same as last week", SAME, value))
    elements += [b.button("Remind me in 3 h", SNOOZE, value), b.button("I’m away", AWAY, value)]
    return b.actions(elements, block_id=f"check_in.{value}")


def reminder_message(prompt: Prompt) -> b.Payload:
    """Names only what is missing; once all is recorded it says so and asks nothing."""
    missing = [line for line in prompt.lines if line.answer.health is None]
    name = b.escape(prompt.strategy.name)
    if not missing or not prompt.is_open:
        text = f"{name}: all recorded, thank you." if not missing else f"{name}: this week is closed."
        return b.message(text, [b.section(text)])
    names = ", ".join(b.escape(line.initiative.name) for line in missing)
    text = f"{name}: still open before the digest {b.slack_time(prompt.digest_at)}: {names}"
    blocks = [b.section(f"*{name}*: still open before the digest {b.slack_time(prompt.digest_at)}")]
    for line in missing:
        blocks += [
            b.section(f"*{b.escape(line.initiative.name)}*"),
            _health_buttons(prompt.check_in, line.initiative),
        ]
    return b.message(text, [*blocks, _whole_message_buttons(prompt)])


def update_modal(prompt: Prompt, line: PromptLine) -> dict[str, Any]:
    """The whole form for one initiative, prefilled from what is recorded, else from last time."""
    base = line.answer if line.answer.revision else line.last or Answer(line.initiative.id)
    blocks: list[b.Block] = [b.section(f"*{b.escape(line.initiative.name)}*"), *_for_somebody(prompt)]
    blocks.append(
        b.input_block(
            "How is it going?",
            b.radio([(f"{h.emoji} {h.label.capitalize()}", h.value) for h in Health], base.health),
            block_id="health",
        )
    )
    if line.last is not None and line.last.next:
        blocks.append(
            b.input_block(
                "What became of last week’s “next”?",
                b.radio(
                    [(outcome.value.capitalize(), outcome.value) for outcome in NextOutcome],
                    line.answer.last_next,
                ),
                block_id="last_next",
                hint=b.shorten(line.last.next, 300),
                optional=True,
            )
        )
    blocks += [
        _words("progress", "What moved?", base.progress),
        _words("next", "What is next?", base.next),
        *(_metric_input(metric) for metric in line.initiative.metrics),
        _words("blocker", "What is in the way?", base.blocker),
        _words("need", "What do you need, and from whom?", base.need),
    ]
    return b.modal(
        "Weekly check-in",
        blocks,
        callback_id=FORM,
        submit="Save",
        private_metadata=reference(prompt.check_in, line.initiative),
    )


def _for_somebody(prompt: Prompt) -> list[b.Block]:
    if not prompt.owner_name:
        return []
    return [b.context(f"You answer for {b.escape(prompt.owner_name)}; it will be marked as by you.")]


def trouble_modal(check_in: CheckIn, initiative: Initiative, answer: Answer) -> dict[str, Any]:
    """After at risk or off track: the click is kept even when this is closed."""
    assert answer.health is not None
    return b.modal(
        answer.health.label.capitalize(),
        [
            b.section(
                f"{answer.health.emoji} *{b.escape(initiative.name)}* is recorded as {answer.health.label}. "
                "Two words about why help the team to help you; you can also just close this."
            ),
            _words("blocker", "What is in the way?", answer.blocker),
            _words("need", "What do you need, and from whom?", answer.need),
        ],
        callback_id=TROUBLE_FORM,
        submit="Save",
        private_metadata=reference(check_in, initiative),
        close="Close",
    )


def list_modal(prompts: Sequence[Prompt], notice: str = "") -> dict[str, Any]:
    """The person's check-ins, each initiative with a button; what is answered can be edited."""
    blocks: list[b.Block] = [b.section(notice)] if notice else []
    for prompt in prompts:
        week = f"week of {short_day(prompt.check_in.period.day(0))}"
        early = " (early)" if prompt.check_in.state is CheckInState.EARLY else ""
        blocks += [b.section(f"*{b.escape(prompt.strategy.name)}*, {week}{early}"), *_for_somebody(prompt)]
        for line in prompt.lines:
            health = line.answer.health
            said = f"{health.emoji} {health.label}" if health else "no answer yet"
            blocks.append(
                b.section(
                    f"*{b.escape(line.initiative.name)}*: {said}",
                    accessory=b.button(
                        "Edit" if health else "Answer", CHOOSE, reference(prompt.check_in, line.initiative)
                    ),
                )
            )
        if prompt.check_in.is_answered and prompt.check_in.state is not CheckInState.EARLY:
            blocks.append(b.actions([b.button("Answer next week early", EARLY, str(prompt.check_in.id))]))
    return b.modal("Your check-ins", blocks, callback_id=LIST_FORM, close="Done")


def _words(name: str, label: str, initial: str) -> b.Block:
    hint = (
        "Only the beginning fits here; what you wrote before is kept whole."
        if len(initial) > b.MAX_INPUT
        else None
    )
    return b.input_block(
        label, b.text_input(initial, multiline=True), block_id=name, hint=hint, optional=True
    )


def _metric_input(metric: SuccessMetric) -> b.Block:
    unit = f" ({metric.unit})" if metric.unit else ""
    value = metric.baseline if metric.value is None else metric.value
    return b.input_block(
        b.shorten(f"{metric.name}{unit}", 150),
        b.text_input(show_number(value), max_length=40, placeholder="A number, like 4,650"),
        block_id=f"metric.{metric.id}",
        hint=f"Target {_number(metric, metric.target)}",
        optional=True,
    )


def read_update(state: State, initiative: Initiative, base: Answer) -> Answer:
    """The form's answer; metric values that did not change are no reading. Raises FieldErrors."""
    reading = Reading(state)
    readings = dict(base.readings)
    for metric in initiative.metrics:
        field = f"metric.{metric.id}"
        known = metric.baseline if metric.value is None else metric.value
        typed = text_of(state, field)
        if (
            typed
            and (value := reading.attempt(field, partial(read_number, typed, metric.unit), known)) != known
        ):
            readings[metric.id] = value
    health = choice_of(state, "health")
    if health is None:
        reading.refuse("health", "Choose on track, at risk or off track.")
    last_next = choice_of(state, "last_next")
    answer = Answer(
        initiative.id,
        health=Health(health) if health else None,
        progress=reading.words("progress"),
        next=reading.words("next"),
        last_next=NextOutcome(last_next) if last_next else None,
        blocker=reading.words("blocker"),
        need=reading.words("need"),
        readings=tuple(readings.items()),
    )
    reading.finish()
    return answer


def read_trouble(state: State) -> tuple[str, str]:
    """What is in the way, and what is needed. Raises FieldErrors."""
    reading = Reading(state)
    words = reading.words("blocker"), reading.words("need")
    reading.finish()
    return words


def metric_line(metric: SuccessMetric) -> str:
    """As in "subscribers 4,310 of 6,000"."""
    value = metric.baseline if metric.value is None else metric.value
    return f"{b.escape(metric.name)} {_number(metric, value)} of {_number(metric, metric.target)}"


def _number(metric: SuccessMetric, value: Decimal | None) -> str:
    return b.escape(show_number(value, metric.unit)) if value is not None else "—"


def _quote(words: str) -> str:
    return b.escape(b.shorten(words, 280))

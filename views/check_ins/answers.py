"""One initiative in a prompt: what is asked of it, and what stands recorded."""

from collections.abc import Mapping
from datetime import timedelta

from domain.check_ins import CheckInState
from domain.healths import Health
from domain.initiatives import SuccessMetric, due_standing
from domain.pace import Pace
from domain.words import MAX_NAME, listed
from views.check_ins.follow_ups import (
    blocker_buttons,
    follow_up_blocks,
    follow_up_lines,
    promise_blocks,
    promise_line,
)
from views.check_ins.prompts import HEALTH_ACTIONS, UPDATE, Prompt, PromptLine, reference
from views.check_ins.words import done_since, last_words, metric_standing, metric_words, reading_words
from views.milestones import late_lines
from views.seen_marks import last_week_said, seen_words
from views.signs import asked_lines, signs_line
from views.slack import blocks as b

_SOON = timedelta(days=14)
_MOST_METRICS = 2
"""Numbers said of one initiative among several: the form has them all."""


def line_blocks(prompt: Prompt, line: PromptLine) -> list[b.Block]:
    if line.answer.health is not None:
        return [_recorded(prompt, line), *_follow_ups(prompt, line)]
    if not prompt.is_open:
        expected = " expected" if prompt.check_in.state is CheckInState.SKIPPED else ""
        return [b.section(f"*{b.one_line(line.initiative.name, MAX_NAME)}*: no answer{expected}")]
    return [b.section(_asked(prompt, line)), _answer_buttons(prompt, line)]


def _follow_ups(prompt: Prompt, line: PromptLine) -> list[b.Block]:
    if not prompt.is_open:
        return []
    asks = prompt.asks.get(line.initiative.id, ())
    value = reference(prompt.check_in, line.initiative)
    repeated = line.answer.repeats_blocker
    about = line.initiative.name
    signs = prompt.slipping.signs.get(line.initiative.id)
    return [
        *([b.context(f":warning: Still {signs_line(signs)}")] if signs else []),
        *promise_blocks(line.to_settle, prompt.check_in.period, value, about=about),
        *follow_up_blocks(asks, prompt.names, line.blocker, value, about=about, is_repeated=repeated),
    ]


def _answer_buttons(prompt: Prompt, line: PromptLine) -> b.Block:
    """The healths, what was in the way, and the form where no other button opens it."""
    value, name = reference(prompt.check_in, line.initiative), line.initiative.name
    elements = health_buttons(value, name)
    if line.blocker:
        elements += blocker_buttons(value, name)
    if not prompt.is_of_several:
        elements.append(b.button("Update…", UPDATE, value, about=name))
    return b.actions(elements, block_id=f"check_in.{value}")


def health_buttons(value: str, name: str, actions: Mapping[str, Health] = HEALTH_ACTIONS) -> list[b.Element]:
    return [b.button(health.shown, action, value, about=name) for action, health in actions.items()]


def _asked(prompt: Prompt, line: PromptLine) -> str:
    """What is known of an initiative that waits for an answer: a line, and another for what was said and became of it."""
    initiative, last, today = line.initiative, line.last, prompt.today
    steps = prompt.milestones.get(initiative.id, ())
    facts = [
        f"*{b.one_line(initiative.name, MAX_NAME)}*",
        last_words(*line.said_last, prompt.check_in.period),
        *(metric_words(one, initiative, today) for one in _shown_metrics(prompt, line)),
    ]
    if initiative.due_moves or initiative.due - today <= _SOON:
        facts.append(f"due {due_standing(initiative, today)}")
    lines = [" · ".join(facts)]
    if line.promise is not None:
        lines.append(promise_line(line.promise, prompt.check_in.period))
    lines += last_week_said(prompt.seen_before.get(initiative.id, ()), prompt.names)
    if done := done_since(steps, last.at if last else None, prompt.check_in.due_at):
        lines.append(f"Since then done: {b.escape(listed(done))}")
    if (decided := prompt.continued.get(initiative.id)) is not None:
        by = b.one_line(prompt.names.get(decided.by, "a lead"), MAX_NAME)
        lines.append(f"The review of {decided.period.day(1):%B}: continue ({by})")
    lines += late_lines(steps, today)
    lines += asked_lines(prompt.slipping, initiative.id) or _disagreements(prompt, line)
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
        reading_words(metrics[metric_id], value) for metric_id, value in line.reported if metric_id in metrics
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


def _quote(words: str) -> str:
    return b.one_line(words, 280)

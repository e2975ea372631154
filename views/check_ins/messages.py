"""The weekly prompt and its reminder."""

from dataclasses import replace

from domain.check_ins import CheckInState
from domain.healths import Health
from domain.words import MAX_NAME, counted, dated, listed, short_day
from views.check_ins.answers import health_buttons, line_blocks
from views.check_ins.prompts import (
    ALL_ON_TRACK,
    AWAY,
    SAME,
    SNOOZE,
    UPDATE,
    UPDATE_ALL,
    Prompt,
    PromptLine,
    reference,
)
from views.check_ins.words import answer_by, last_words
from views.message_checks import check_blocks
from views.readings import prompt_blocks, prompt_line, still_to_enter
from views.signals import signal_blocks, signal_line
from views.slack import blocks as b
from views.slack.room import is_roomy

_WHY = 90
"""Characters of the why: a line."""


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
        blocks += line_blocks(prompt, line)
    blocks += prompt_blocks(prompt.kpis, prompt.check_in.id, prompt.today, is_open=prompt.is_open)
    blocks += signal_blocks(prompt.signals, prompt.today)
    blocks += check_blocks(prompt.message_checks, is_open=prompt.is_open)
    return blocks + _footer(prompt)


def _heading(prompt: Prompt) -> str:
    """As in "Your week, Ben: 3 initiatives"."""
    name = prompt.names.get(prompt.check_in.person_id, "").split()
    week = f"Your week, {b.plain_line(name[0], MAX_NAME)}" if name else "Your week"
    if prompt.lines:
        return f"{week}: {counted(len(prompt.lines), 'initiative')}"
    return f"{week}: {counted(len(prompt.kpis), 'number')}" if prompt.kpis else week


def _prompt_text(prompt: Prompt) -> str:
    """What waits, and until when, before what is recorded."""
    missing = [b.one_line(line.initiative.name, MAX_NAME) for line in prompt.open_lines]
    head = b.escape(_heading(prompt))
    if len(missing) == 1:
        head += f". How is {missing[0]} going? {_please(prompt)}"
    elif missing:
        left = "" if len(missing) == len(prompt.lines) else f", {len(missing)} still open"
        head += f"{left}. {_please(prompt)}"
    elif waiting := still_to_enter(prompt.kpis) if prompt.is_open else 0:
        head += f", {waiting} to enter."
    lines = [head, _place(prompt)]
    lines += [
        f"{b.one_line(line.initiative.name, MAX_NAME)}: {_stands(prompt, line)}"
        for line in (*prompt.open_lines, *(one for one in prompt.lines if one.answer.health))
    ]
    lines += [prompt_line(line, prompt.today) for line in prompt.kpis]
    return b.fallback([*lines, *(signal_line(line, prompt.today) for line in prompt.signals)])


def _stands(prompt: Prompt, line: PromptLine) -> str:
    if line.answer.health:
        return f"{line.answer.health.emoji} {line.answer.health.label}"
    return last_words(*line.said_last, prompt.check_in.period)


def _place(prompt: Prompt) -> str:
    week = short_day(prompt.check_in.period.day(0))
    return f"{b.one_line(prompt.strategy.name, MAX_NAME)}, week of {week}"


def _please(prompt: Prompt) -> str:
    """Until when, or that it is late, and not too late."""
    if prompt.is_late:
        return "A late answer still counts, until your next check-in."
    return (
        f"Please answer by {answer_by(prompt.digest_at, prompt.zone, prompt.check_in.due_at, prompt.today)}."
    )


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


def _footer(prompt: Prompt) -> list[b.Block]:
    why = b.context(f"{_place(prompt)} · _{b.one_line(prompt.strategy.why, _WHY)}_")
    if not prompt.is_open:
        return [b.context(_closed(prompt)), why]
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
    words = f"Or just write it here in your own words. {_please(prompt)}"
    if len(prompt.open_lines) < len(prompt.lines):
        names = [b.one_line(line.initiative.name, MAX_NAME) for line in prompt.open_lines]
        words = f"Still open: {listed(names)}. {words}"
    if prompt.check_in.snoozed_until is not None:
        words = f"I will remind you {b.slack_time(prompt.check_in.snoozed_until)}. {words}"
    return [_whole_message_buttons(prompt), b.context(words), why]


def _closed(prompt: Prompt) -> str:
    is_anything_said = any(line.answer.health for line in prompt.lines) or any(
        line.recorded for line in prompt.kpis
    )
    return "This week is closed. Your answers stand as shown." if is_anything_said else "This week is closed."


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
    by = _please(prompt)
    what = f"{names[0]} is" if len(names) == 1 else f"{len(names)} initiatives are"
    text = f"{name}: {what} still open. {by}"
    blocks = [b.section(f"*{name}*: still open. {by}"), *_for_all(prompt)]
    for line, about in zip(missing, names, strict=True):
        value = reference(prompt.check_in, line.initiative)
        elements = health_buttons(value, line.initiative.name)
        elements.append(b.button("Update…", UPDATE, value, about=line.initiative.name))
        blocks += [b.section(f"*{about}*"), b.actions(elements, block_id=f"check_in.{value}")]
    return b.message(
        b.fallback([text, *(names if len(names) > 1 else [])]), [*blocks, _whole_message_buttons(prompt)]
    )

"""The message that leads a lead from set-up to the first digest: it ticks itself off, and says what is still missing."""

from collections.abc import Sequence
from datetime import datetime

from domain.checklists import ChecklistStep, Progress
from domain.strategies import Strategy
from domain.words import MAX_NAME, listed, short_day
from views.digests.messages import example_button
from views.schedules import dropped_sentences
from views.slack import blocks as b
from views.strategies.messages import missing_buttons, missing_lines
from views.zones import place_of

_MOST_NAMED = 3
_DONE, _OPEN = ":white_check_mark:", ":white_large_square:"


def checklist_message(progress: Progress) -> b.Payload:
    """For a lead; with buttons for what is missing."""
    strategy, following = progress.strategy, progress.next
    name, where = b.one_line(strategy.name, MAX_NAME), f"<#{strategy.channel_id}>"
    if following is None:
        first = heading = f"{name} is under way in {where}: every step of its start is done."
    else:
        heading = f"{name} is set up in {where}."
        first = f"{heading} {_next_words(progress, following)}."
    left_out = dropped_sentences(strategy.schedule) if following is not None else []
    steps = [_step_line(progress, step) for step in ChecklistStep]
    missing = missing_lines(strategy, progress.initiatives, progress.kpis, progress.ownerless)
    head = " ".join([heading.replace(name, f"*{name}*", 1), *left_out])
    blocks = [b.section(head), b.section("\n".join(steps))]
    if missing:
        blocks.append(b.section("\n".join(["*Still missing*", *missing])))
    buttons = missing_buttons(strategy, progress.initiatives, progress.kpis, progress.ownerless)
    if ChecklistStep.DIGEST not in progress.done:
        buttons = [*buttons, example_button()]
    if buttons:
        blocks.append(b.actions(buttons))
    rest = ["Still missing:", *missing] if missing else []
    return b.message("\n".join([first, *left_out, *steps, *rest]), blocks)


def is_over(progress: Progress) -> bool:
    """Nothing is to be done any more."""
    missing = missing_lines(progress.strategy, progress.initiatives, progress.kpis, progress.ownerless)
    return progress.next is None and not missing


def setup_message(strategy: Strategy) -> b.Payload:
    """For whoever set it up and does not lead it."""
    leads = listed([b.mention(lead) for lead in strategy.leads])
    name = b.one_line(strategy.name, MAX_NAME)
    return b.text_message(
        f"*{name}* is set up in <#{strategy.channel_id}>. {leads} will see what comes next."
    )


def ended_message(strategy: Strategy) -> b.Payload:
    """In place of a checklist that ends before its last step: it is closed, or others lead it by now."""
    name = b.one_line(strategy.name, MAX_NAME)
    if strategy.closed_at is not None:
        return b.text_message(f"*{name}* in <#{strategy.channel_id}> is closed.")
    leads = listed([b.mention(lead) for lead in strategy.leads])
    return b.text_message(
        f"*{name}* in <#{strategy.channel_id}> is led by {leads} now, so this list ends here."
    )


def _step_line(progress: Progress, step: ChecklistStep) -> str:
    title = f"*{step.value.capitalize()}*"
    if step in progress.done:
        return f"{_DONE} {title}: done, {_done_words(progress, step)}"
    return f"{_OPEN} {title}: {_open_words(progress, step)}"


def _done_words(progress: Progress, step: ChecklistStep) -> str:
    match step:
        case ChecklistStep.PLAN:
            return f"{len(progress.counted)} initiatives and {len(progress.kpis)} KPIs"
        case ChecklistStep.KICKOFF:
            count = len(progress.counted)
            return f"all {count} are active" if count > 1 else "it is active"
        case ChecklistStep.CHECK_IN:
            return "answers are in"
        case ChecklistStep.DIGEST:
            return "it stands in the channel"


def _open_words(progress: Progress, step: ChecklistStep) -> str:
    match step:
        case ChecklistStep.PLAN:
            return "see below what is still missing"
        case ChecklistStep.KICKOFF:
            return _kickoff_words(progress)
        case ChecklistStep.CHECK_IN:
            return _check_in_words(progress)
        case ChecklistStep.DIGEST:
            return _digest_words(progress)


def _kickoff_words(progress: Progress) -> str:
    if not progress.counted:
        return "owners and sponsors say yes to what the plan asks of them"
    active = len(progress.active) or "none"
    said = [f"{active} of {len(progress.counted)} active"]
    for what, names in (("still to say yes", progress.awaited), ("declined", progress.declined)):
        if names:
            said.append(f"{what}: {_named(names)}")
    return "; ".join(said)


def _named(names: Sequence[str]) -> str:
    shown = [b.one_line(one, MAX_NAME) for one in names[:_MOST_NAMED]]
    more = len(names) - len(shown)
    return f"{', '.join(shown)} and {more} more" if more else listed(shown)


def _check_in_words(progress: Progress) -> str:
    if progress.is_asked:
        return "owners are asked, and nobody has answered yet"
    if progress.prompt_at is not None:
        return f"{_at(progress.prompt_at)}, each owner by their own clock"
    if progress.strategy.paused_at is not None:
        return "once the rhythm goes on (`/rhythm resume`)"
    return f"{progress.strategy.schedule.prompt}, once something is active"


def _digest_words(progress: Progress) -> str:
    if progress.digest_at is None:
        return "after the first check-in"
    return f"{_at(progress.digest_at)}, {b.escape(place_of(progress.strategy.zone))} time"


def _next_words(progress: Progress, step: ChecklistStep) -> str:
    """In short, for the first line on a phone's screen."""
    match step:
        case ChecklistStep.PLAN:
            return "Please add your plan"
        case ChecklistStep.KICKOFF:
            return "Still to come: the yes of owners and sponsors"
        case ChecklistStep.CHECK_IN if progress.is_asked:
            return "Still to come: the first answer"
        case ChecklistStep.CHECK_IN:
            return f"Still to come: the first check-in, {_check_in_words(progress)}"
        case ChecklistStep.DIGEST:
            return f"Still to come: the first digest, {_digest_words(progress)}"


def _at(local: datetime) -> str:
    return f"{local:%a} {short_day(local.date())} {local:%H:%M}"

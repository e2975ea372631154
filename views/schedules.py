"""The times of a strategy, as fields of a form and as sentences."""

from collections.abc import Mapping
from datetime import time
from zoneinfo import ZoneInfo

from domain.periods import Week
from domain.schedules import (
    DAY_NAMES,
    DEFAULT_SCHEDULE,
    NTHS,
    MonthlyTime,
    Schedule,
    WeeklyTime,
    check_schedule,
    describe,
    digest_instant,
    dropped_reminders,
)
from domain.strategies import Strategy, digest_at
from domain.words import MAX_NAME, listed, short_day
from views.changes import read_reason, reason_block
from views.slack import blocks as b
from views.slack.fields import FormReader, State, time_of
from views.zones import place_of

FORM = "schedule.submit"
PROMPT = "prompt"
REMINDERS = ("reminder_1", "reminder_2")
DIGEST = "digest"
REVIEW = "review"
_NONE = "none"
_DAYS = [(name, str(number)) for number, name in enumerate(DAY_NAMES)]
_MISSING = "Choose a time, for example 09:00."


def schedule_blocks(schedule: Schedule) -> list[b.Block]:
    """Day and time of the prompt, of up to two reminders, of the digest and of the review."""
    reminders: list[WeeklyTime | None] = [*schedule.reminders, None, None][: len(REMINDERS)]
    blocks = _fields(PROMPT, "Check-ins", schedule.prompt, "In each owner's own time zone.")
    for field, label, reminder in zip(
        REMINDERS, ("First reminder", "Second reminder"), reminders, strict=True
    ):
        blocks += _fields(field, label, reminder, "Only to those who have not answered.", optional=True)
    blocks += _fields(DIGEST, "Digest", schedule.digest, "In the strategy's time zone, in the channel.")
    nths = [(f"The {nth} of the month", str(number)) for number, nth in enumerate(NTHS, start=1)]
    nth = b.select(nths, str(schedule.review.nth))
    blocks.append(b.input_block("Monthly review: which week", nth, block_id=f"{REVIEW}_nth"))
    blocks += _fields(
        REVIEW, "Monthly review", schedule.review.on, "In the strategy's time zone, in the channel."
    )
    note = "A reminder less than 2 h before the digest is left out."
    return [*blocks, b.context(" ".join([*dropped_sentences(schedule), note]))]


def _fields(
    field: str, label: str, chosen: WeeklyTime | None, hint: str, *, optional: bool = False
) -> list[b.Block]:
    none = [("No reminder", _NONE)] if optional else []
    day = b.select([*none, *_DAYS], str(chosen.weekday) if chosen else _NONE)
    clock = b.time_input(chosen.time if chosen else time(9))
    return [
        b.input_block(f"{label}: day", day, block_id=f"{field}_day", hint=hint),
        b.input_block(f"{label}: time", clock, block_id=f"{field}_time", optional=optional),
    ]


def read_schedule(reader: FormReader) -> Schedule:
    """The schedule in a form; problems are kept at the day they concern."""
    prompt, digest, review = (_weekly(reader, field) for field in (PROMPT, DIGEST, REVIEW))
    chosen = {field: found for field in REMINDERS if (found := _weekly(reader, field))}
    offered = {str(number) for number, _ in enumerate(NTHS, start=1)}
    nth = reader.choice(f"{REVIEW}_nth", offered, "Choose a week of the month.")
    if prompt is None or digest is None or review is None or nth is None or reader.problems:
        return DEFAULT_SCHEDULE
    schedule = Schedule(prompt, tuple(chosen.values()), digest, MonthlyTime(int(nth), review))
    for field, sentence in _problems(schedule, chosen).items():
        reader.refuse(f"{field}_day", sentence)
    return schedule


def _weekly(reader: FormReader, field: str) -> WeeklyTime | None:
    day = reader.choice(f"{field}_day", {_NONE, *(number for _, number in _DAYS)}) or _NONE
    clock = time_of(reader.state, f"{field}_time")
    if day == _NONE:
        if field not in REMINDERS:
            reader.refuse(f"{field}_day", "Choose a day.")
        return None
    if clock is None:
        reader.refuse(f"{field}_time", _MISSING)
        return None
    return WeeklyTime(int(day), clock)


def _problems(schedule: Schedule, reminders: Mapping[str, WeeklyTime]) -> dict[str, str]:
    bare = Schedule(schedule.prompt, (), schedule.digest)
    of_digest = check_schedule(bare)
    found = {DIGEST: of_digest[0]} if of_digest else {}
    for field, reminder in reminders.items():
        own = check_schedule(Schedule(schedule.prompt, (reminder,), schedule.digest))
        if own[len(of_digest) :]:
            found[field] = own[len(of_digest)]
    if not found and (together := check_schedule(schedule)):
        found[REMINDERS[-1]] = together[0]
    return found


def schedule_modal(strategy: Strategy, metadata: str) -> dict[str, object]:
    intro = b.section(
        f"*{b.one_line(strategy.name, MAX_NAME)}*: a change counts from the next week that has begun nowhere yet; "
        "nobody is asked twice or left out."
    )
    return b.modal(
        "Weekly schedule",
        [intro, *schedule_blocks(strategy.schedule), reason_block("a time")],
        callback_id=FORM,
        submit="Save",
        private_metadata=metadata,
    )


def read_schedule_form(state: State) -> tuple[Schedule, str]:
    """The schedule, and what made somebody change it. Raises FieldErrors."""
    reader = FormReader(state)
    schedule, reason = read_schedule(reader), read_reason(reader)
    reader.finish()
    return schedule, reason


def schedule_in_short(schedule: Schedule) -> str:
    """As in "Check-ins Monday 09:00, digest Wednesday 11:00, review first Thursday", without a full stop."""
    nth = NTHS[schedule.review.nth - 1]
    day = DAY_NAMES[schedule.review.on.weekday]
    return f"Check-ins {schedule.prompt}, digest {schedule.digest}, review {nth} {day}"


def schedule_line(schedule: Schedule, zone: str) -> str:
    """The schedule in one sentence, and which reminders it leaves out."""
    return " ".join([f"{describe(schedule, f'{place_of(zone)} time')}.", *dropped_sentences(schedule)])


def dropped_sentences(schedule: Schedule) -> list[str]:
    """Which reminders it leaves out, and why."""
    dropped = [str(reminder) for reminder in dropped_reminders(schedule)]
    if not dropped:
        return []
    subject = (
        f"The reminder on {dropped[0]} is" if len(dropped) == 1 else f"The reminders on {listed(dropped)} are"
    )
    return [f"{subject} left out: less than 2 h would remain until the digest."]


def schedule_saved_message(strategy: Strategy, schedule: Schedule, first: Week) -> b.Payload:
    """`strategy` as it is by now."""
    line = b.escape(schedule_line(schedule, strategy.zone))
    text = (
        f"*{b.one_line(strategy.name, MAX_NAME)}* has a new schedule from the week of "
        f"{short_day(first.day(0))} on. {line}{_brought_forward(strategy, first.previous())}"
    )
    return b.text_message(text)


def _brought_forward(strategy: Strategy, last: Week) -> str:
    """That the last digest by the old schedule comes earlier; "" where it does not."""
    at = digest_at(strategy, last)
    if at == digest_instant(strategy.schedule_for(last), last, strategy.zone):
        return ""
    local = at.astimezone(ZoneInfo(strategy.zone))
    return f" The digest before that comes {local:%a} {short_day(local.date())} {local:%H:%M}, ahead of the first new check-ins."

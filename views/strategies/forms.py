"""The strategy form: what a channel's rhythm is about, and when it beats."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from domain.absences import WorkPattern
from domain.goals import GOAL_EXAMPLE, why_vague
from domain.people import Person
from domain.schedules import DEFAULT_SCHEDULE, Schedule
from domain.strategies import MAX_GOALS, Goal, Strategy
from domain.words import MAX_NAME
from views.changes import read_reason, reason_block
from views.schedules import read_schedule, schedule_blocks
from views.slack import blocks as b
from views.slack.fields import FormReader, State, people_of, text_of
from views.slack.references import Id, Reference, SlackId
from views.work_patterns import place_blocks, read_work_pattern, working_days_input
from views.zones import known_zones, zone_choices

FORM = "strategy.submit"
NAME = "name"
WHY = "why"
GOALS = tuple(f"goal_{number}" for number in range(1, MAX_GOALS + 1))
AUDIENCE = "audience"
DIFFERENCE = "difference"
CORE_MESSAGE = "core_message"
LEADS = "leads"
WITHOUT_ME = "without_me"
ZONE = "zone"

_MAX_GOAL = 300


class StrategyRef(Reference):
    """What a form about a strategy carries: where it was opened, and which strategy it changes, if any."""

    channel_id: SlackId
    strategy_id: Id | None = None
    goal_ids: tuple[Id, ...] = ()


class StrategyForm(BaseModel):
    """What a lead filled in; `goals` keep the ids they had, `schedule` is asked only when setting up."""

    model_config = ConfigDict(frozen=True)
    name: str
    why: str
    goals: tuple[Goal, ...]
    audience: str
    difference: str
    core_message: str
    leads: tuple[str, ...]
    zone: str
    work_pattern: WorkPattern
    schedule: Schedule
    reason: str = ""
    without_me: bool = False
    """Whoever sent it means not to lead."""


def setup_modal(channel_id: str, caller: Person) -> dict[str, Any]:
    """For a channel without a strategy; whoever opens it leads."""
    blank = Strategy(0, "", channel_id, "", "", (), "", "", (caller.id,), caller.zone)
    return _modal(_fields(blank, caller), StrategyRef(channel_id=channel_id))


def edit_modal(strategy: Strategy, caller: Person) -> dict[str, Any]:
    """For a lead of the channel's strategy."""
    ref = StrategyRef(
        channel_id=strategy.channel_id,
        strategy_id=strategy.id,
        goal_ids=tuple(goal.id for goal in strategy.goals),
    )
    return _modal(_fields(strategy, caller), ref)


def caution_modal(
    sent: Strategy, state: State, ref: StrategyRef, form: StrategyForm, caller: Person
) -> dict[str, Any]:
    """The form as it was sent, asking its author whether they mean not to lead."""
    words = (
        ":warning: You are not among the leads: once this is saved, only they and workspace admins can change it. "
        "Add yourself to the leads below, or keep it so."
    )
    keep = b.checkboxes([("Keep it so: others lead, I do not", WITHOUT_ME)])
    goals = [text_of(state, field) for field in GOALS]
    fields = _fields(sent, caller, goals=goals, reason=form.reason)
    asked = b.input_block("Leading", keep, block_id=WITHOUT_ME, optional=True)
    return _modal([b.section(words), asked, *fields], ref)


def _modal(blocks: list[b.Block], ref: StrategyRef) -> dict[str, Any]:
    title = "Set up the rhythm" if ref.strategy_id is None else "Edit the strategy"
    return b.modal(title, blocks, callback_id=FORM, submit="Save", private_metadata=ref.model_dump_json())


def _fields(
    strategy: Strategy, caller: Person, *, goals: Sequence[str] | None = None, reason: str = ""
) -> list[b.Block]:
    """Filled in with what is known; `goals` field by field, where some between were left empty."""
    in_order = [goal.text for goal in strategy.goals] if goals is None else goals
    blocks = [*_words_blocks(strategy, in_order), *_people_blocks(strategy, caller)]
    if strategy.id:
        note = b.context("The weekly times have a form of their own: `/rhythm schedule`.")
        return [*blocks, reason_block("the why or a goal", reason), note]
    beats = "*When it beats.* The usual week is filled in; `/rhythm schedule` changes it later."
    return [*blocks, b.divider(), b.section(beats), *schedule_blocks(strategy.schedule)]


def _words_blocks(strategy: Strategy, goal_texts: Sequence[str]) -> list[b.Block]:
    goals = [*goal_texts, *[""] * MAX_GOALS]
    long = b.text_input
    return [
        b.input_block("Name", long(strategy.name, max_length=MAX_NAME), block_id=NAME),
        b.input_block(
            "Why",
            long(strategy.why, multiline=True),
            block_id=WHY,
            hint="Why this matters, in a sentence or two. Everyone sees it with every check-in and digest.",
        ),
        *(
            b.input_block(
                f"Goal {number}",
                long(goal, max_length=_MAX_GOAL),
                block_id=field,
                hint=f"With a number and a date, such as: {GOAL_EXAMPLE}" if number == 1 else None,
                optional=number > 1,
            )
            for number, (field, goal) in enumerate(zip(GOALS, goals, strict=False), start=1)
        ),
        b.input_block(
            "Audience", long(strategy.audience, multiline=True), block_id=AUDIENCE, hint="Who it is for."
        ),
        b.input_block(
            "What makes us different",
            long(strategy.difference, multiline=True),
            block_id=DIFFERENCE,
            hint="What you offer that others do not.",
        ),
        b.input_block(
            "Core message",
            long(strategy.core_message, multiline=True),
            block_id=CORE_MESSAGE,
            hint="What every channel must carry, in a sentence.",
            optional=True,
        ),
    ]


def _people_blocks(strategy: Strategy, caller: Person) -> list[b.Block]:
    zones = b.grouped_select(zone_choices(strategy.zone, caller.zone), strategy.zone)
    return [
        b.input_block(
            "Leads",
            b.users_select(strategy.leads),
            block_id=LEADS,
            hint="They change the strategy and its initiatives. Workspace admins can, too.",
        ),
        b.input_block("Time zone", zones, block_id=ZONE, hint="For the digest. Type a city to find it."),
        *place_blocks(strategy.work_pattern),
        working_days_input(strategy.work_pattern.working_days),
    ]


def read_strategy_form(state: State, ref: StrategyRef) -> StrategyForm:
    """Raises FieldErrors with a sentence at each field that needs something."""
    reader = FormReader(state)
    form = StrategyForm(
        name=reader.words(NAME, MAX_NAME, missing="Give it a name, such as Spring campaign."),
        why=reader.words(WHY, missing="Say in a sentence why this matters."),
        goals=_read_goals(reader, ref),
        audience=reader.words(AUDIENCE, missing="Say whom it is for."),
        difference=reader.words(DIFFERENCE, missing="Say what makes you different."),
        core_message=reader.words(CORE_MESSAGE),
        leads=people_of(state, LEADS),
        zone=reader.choice(ZONE, known_zones(), "Choose the time zone of the digest.") or "",
        work_pattern=read_work_pattern(reader),
        schedule=DEFAULT_SCHEDULE if ref.strategy_id else read_schedule(reader),
        reason=read_reason(reader),
        without_me=WITHOUT_ME in reader.choices(WITHOUT_ME, {WITHOUT_ME}),
    )
    if not form.leads:
        reader.refuse(LEADS, "Choose at least one lead.")
    reader.finish()
    return form


def _read_goals(reader: FormReader, ref: StrategyRef) -> tuple[Goal, ...]:
    ids = dict(zip(GOALS, ref.goal_ids, strict=False))
    goals = []
    for field in GOALS:
        text = reader.words(field, _MAX_GOAL)
        if text and (sentence := why_vague(text)):
            reader.refuse(field, sentence)
        if text:
            goals.append(Goal(ids.get(field, 0), text))
    if not goals:
        reader.refuse(
            GOALS[0], f"Give at least one goal, with a number and a date. For example: “{GOAL_EXAMPLE}”."
        )
    return tuple(goals)

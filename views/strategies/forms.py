"""The strategy form: what a channel's rhythm is about. Setting up, the rest has defaults, shown when asked for."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from domain.absences import WorkPattern, name_country
from domain.goals import GOAL_EXAMPLE
from domain.people import Person
from domain.schedules import Schedule
from domain.strategies import Goal, Strategy
from domain.words import MAX_NAME
from domain.zones import known_zones
from views.changes import read_reason, reason_block
from views.goals import GOALS, goal_inputs, read_goals
from views.schedules import PROMPT, read_schedule, schedule_blocks, schedule_in_short
from views.slack import blocks as b
from views.slack.fields import FormReader, State, channel_of, people_of, text_of
from views.slack.references import Id, Reference, SlackId
from views.work_patterns import WORKING_DAYS, place_blocks, read_work_pattern, working_days_input
from views.zones import place_of, zone_choices

FORM = "strategy.submit"
BEGIN = "strategy.begin"
SHOW_TIMES = "strategy.times"
SHOW_MORE = "strategy.more"
CHANNEL = "channel"
NAME = "name"
WHY = "why"
AUDIENCE = "audience"
DIFFERENCE = "difference"
CORE_MESSAGE = "core_message"
LEADS = "leads"
WITHOUT_ME = "without_me"
ZONE = "zone"


class StrategyRef(Reference):
    """What a form about a strategy carries: where it was opened, and which strategy it changes, if any."""

    channel_id: SlackId
    strategy_id: Id | None = None
    goal_ids: tuple[Id, ...] = ()

    @property
    def asks_channel(self) -> bool:
        """Whether the channel is chosen in the form."""
        return self.strategy_id is None and not self.channel_id


class StrategyForm(BaseModel):
    """What a lead filled in; `goals` keep the ids they had. What the form did not show is as it was."""

    model_config = ConfigDict(frozen=True)
    channel_id: str
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


def setup_modal(blank: Strategy) -> dict[str, Any]:
    """For a channel without a strategy, chosen in it where none is given: what it cannot do without; `blank` holds the
    defaults of the rest.
    """
    fields = _setup_fields(blank, asks_channel=not blank.channel_id)
    return _modal(fields, StrategyRef(channel_id=blank.channel_id))


def edit_modal(strategy: Strategy, caller: Person) -> dict[str, Any]:
    """For a lead of the channel's strategy."""
    ref = StrategyRef(
        channel_id=strategy.channel_id,
        strategy_id=strategy.id,
        goal_ids=tuple(goal.id for goal in strategy.goals),
    )
    return _modal(_edit_fields(strategy, caller), ref)


def with_times(blocks: Sequence[Mapping[str, Any]], blank: Strategy) -> list[b.Block]:
    """The blocks of an open form with the schedule's fields in place of its line."""
    return _in_place_of(SHOW_TIMES, blocks, schedule_blocks(blank.schedule))


def with_more(blocks: Sequence[Mapping[str, Any]], blank: Strategy, caller: Person) -> list[b.Block]:
    """The blocks of an open form with the fields that have defaults in place of the line that tells them."""
    return _in_place_of(SHOW_MORE, blocks, _more_blocks(blank, caller))


def _in_place_of(line: str, blocks: Sequence[Mapping[str, Any]], fields: Sequence[b.Block]) -> list[b.Block]:
    """What is typed elsewhere stays: Slack keeps it where block and action ids do."""
    found: list[b.Block] = []
    for block in blocks:
        found += fields if block.get("block_id") == line else [dict(block)]
    return found


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
    if sent.id:
        fields = _edit_fields(sent, caller, goals=goals, reason=form.reason)
    else:
        fields = with_more(_setup_fields(sent, goals, asks_channel=ref.asks_channel), sent, caller)
        fields = with_times(fields, sent) if shows_times(state) else fields
    asked = b.input_block("Leading", keep, block_id=WITHOUT_ME, optional=True)
    return _modal([b.section(words), asked, *fields], ref)


def _modal(blocks: list[b.Block], ref: StrategyRef) -> dict[str, Any]:
    title, submit = (
        ("Set up the rhythm", "Continue") if ref.strategy_id is None else ("Edit the strategy", "Save")
    )
    return b.modal(title, blocks, callback_id=FORM, submit=submit, private_metadata=ref.model_dump_json())


def _setup_fields(
    blank: Strategy, goals: Sequence[str] | None = None, *, asks_channel: bool
) -> list[b.Block]:
    """`goals` field by field, where some between were left empty."""
    change = b.button("Change…", SHOW_TIMES, "show")
    more = b.button("More…", SHOW_MORE, "show")
    in_order = [goal.text for goal in blank.goals] if goals is None else goals
    return [
        *([_channel_input(blank.channel_id)] if asks_channel else []),
        *_words_blocks(blank, in_order),
        b.section(f"{schedule_in_short(blank.schedule)}.", accessory=change, block_id=SHOW_TIMES),
        b.section(b.escape(_defaults_line(blank)), accessory=more, block_id=SHOW_MORE),
    ]


def _channel_input(chosen: str) -> b.Block:
    hint = (
        "Where your team talks: its digests come there. In a private channel, type /invite @Drumbeat first."
    )
    return b.input_block("Channel", b.channel_select(chosen), block_id=CHANNEL, hint=hint)


def _defaults_line(blank: Strategy) -> str:
    country = name_country(blank.work_pattern.country)
    holidays = f"; public holidays: {country}" if country else ""
    return f"You lead it, by {place_of(blank.zone)} time{holidays}. Audience, core message and the like can wait."


def _edit_fields(
    strategy: Strategy, caller: Person, *, goals: Sequence[str] | None = None, reason: str = ""
) -> list[b.Block]:
    in_order = [goal.text for goal in strategy.goals] if goals is None else goals
    blocks = [*_words_blocks(strategy, in_order), *_more_blocks(strategy, caller)]
    note = b.context("The weekly times have a form of their own: `/rhythm schedule`.")
    return [*blocks, reason_block("the why or a goal", reason), note]


def _words_blocks(strategy: Strategy, goal_texts: Sequence[str]) -> list[b.Block]:
    return [
        b.input_block("Name", b.text_input(strategy.name, max_length=MAX_NAME), block_id=NAME),
        b.input_block(
            "Why",
            b.text_input(strategy.why, multiline=True),
            block_id=WHY,
            hint="Why this matters, in a sentence or two. Everyone sees it with every check-in and digest.",
        ),
        *goal_inputs(goal_texts, f"With a number and a date, such as: {GOAL_EXAMPLE}"),
    ]


def _more_blocks(strategy: Strategy, caller: Person) -> list[b.Block]:
    zones = b.grouped_select(zone_choices(strategy.zone, caller.zone), strategy.zone)
    return [
        b.input_block(
            "Audience",
            b.text_input(strategy.audience, multiline=True),
            block_id=AUDIENCE,
            hint="Who it is for.",
            optional=True,
        ),
        b.input_block(
            "What makes us different",
            b.text_input(strategy.difference, multiline=True),
            block_id=DIFFERENCE,
            hint="What you offer that others do not.",
            optional=True,
        ),
        b.input_block(
            "Core message",
            b.text_input(strategy.core_message, multiline=True),
            block_id=CORE_MESSAGE,
            hint="What every channel must carry, in a sentence.",
            optional=True,
        ),
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


def shows_times(state: State) -> bool:
    """Whether a form asks for the schedule."""
    return f"{PROMPT}_day" in state


def read_strategy_form(state: State, ref: StrategyRef, before: Strategy) -> StrategyForm:
    """What the form does not show is as `before` has it. Raises FieldErrors with a sentence at each field."""
    reader = FormReader(state)
    form = StrategyForm(
        channel_id=before.channel_id or channel_of(state, CHANNEL),
        name=reader.words(NAME, MAX_NAME, missing="Give it a name, such as Spring campaign."),
        why=reader.words(WHY, missing="Say in a sentence why this matters."),
        goals=tuple(Goal(id_ or 0, text) for text, id_ in read_goals(reader, ref.goal_ids)),
        audience=reader.words(AUDIENCE) if AUDIENCE in state else before.audience,
        difference=reader.words(DIFFERENCE) if DIFFERENCE in state else before.difference,
        core_message=reader.words(CORE_MESSAGE) if CORE_MESSAGE in state else before.core_message,
        leads=people_of(state, LEADS) if LEADS in state else before.leads,
        zone=_read_zone(reader) if ZONE in state else before.zone,
        work_pattern=read_work_pattern(reader) if WORKING_DAYS in state else before.work_pattern,
        schedule=read_schedule(reader) if shows_times(state) and not before.id else before.schedule,
        reason=read_reason(reader),
        without_me=WITHOUT_ME in reader.choices(WITHOUT_ME, {WITHOUT_ME}),
    )
    if not form.leads:
        reader.refuse(LEADS, "Choose at least one lead.")
    reader.finish()
    return form


def _read_zone(reader: FormReader) -> str:
    return reader.choice(ZONE, known_zones(), "Choose the time zone of the digest.") or ""

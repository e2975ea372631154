"""The next quarter's form, and what a channel had before."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict

from domain.days import why_too_far
from domain.initiatives import Initiative
from domain.kpis import Kpi
from domain.schedules import local_day
from domain.strategies import Goal, Strategy
from domain.words import MAX_NAME, full_day
from views.goals import goal_inputs, read_goals
from views.slack import blocks as b
from views.slack.fields import FormReader, State, day_of
from views.slack.references import Id, Reference, SlackId

FORM = "quarter.submit"
NEXT = "quarter.next"
INITIATIVES, KPIS, DECISIONS, EXPORT = (
    "quarter.initiatives",
    "quarter.kpis",
    "quarter.decisions",
    "quarter.export",
)
NAME, WHY, END, GO_ON, WATCHED = "name", "why", "end", "go_on", "watched"
_MOST_FORMER = 8
_MOST_CHOICES = 10


class QuarterRef(Reference):
    """What the form carries: where the answer goes, which strategy ends, and its goals in their order."""

    channel_id: SlackId
    strategy_id: Id
    goal_ids: tuple[Id, ...] = ()


class NextForm(BaseModel):
    """What a lead filled in; goals say which one they go on with, `end` is by when what goes on is due."""

    model_config = ConfigDict(frozen=True)
    name: str
    why: str
    goals: tuple[Goal, ...]
    end: date
    initiatives: frozenset[int]
    kpis: frozenset[int]


def next_modal(
    strategy: Strategy, listing: Sequence[Initiative], watched: Sequence[Kpi], end: date
) -> dict[str, Any]:
    """Filled in with what there is; everything that is not closed is ticked."""
    words = (
        f"*{b.one_line(strategy.name, MAX_NAME)}* is closed and stays to be read; what you choose goes on from where its "
        "numbers stand. You see it line by line before anybody is told."
    )
    blocks = [
        b.section(words),
        b.input_block("Name", b.text_input(strategy.name, max_length=MAX_NAME), block_id=NAME),
        b.input_block("Why", b.text_input(strategy.why, multiline=True), block_id=WHY),
        *goal_inputs([goal.text for goal in strategy.goals], "With its new number and date."),
        b.input_block(
            "By when?", b.date_input(end), block_id=END, hint="Each line can have its own day later."
        ),
        *_choices("Initiatives that go on", [(one.name, one.id) for one in listing], GO_ON),
        *_choices("KPIs that go on", [(one.name, one.id) for one in watched], WATCHED),
    ]
    ref = QuarterRef(
        channel_id=strategy.channel_id,
        strategy_id=strategy.id,
        goal_ids=tuple(goal.id for goal in strategy.goals),
    )
    return b.modal(
        "Next quarter", blocks, callback_id=FORM, submit="Continue", private_metadata=ref.model_dump_json()
    )


def _choices(label: str, known: Sequence[tuple[str, int]], field: str) -> list[b.Block]:
    options = [(name, str(id_)) for name, id_ in known[:_MOST_CHOICES]]
    if not options:
        return []
    ticked = b.checkboxes(options, [value for _, value in options])
    return [b.input_block(label, ticked, block_id=field, optional=True)]


def read_next_form(
    state: State,
    ref: QuarterRef,
    initiative_ids: set[int],
    kpi_ids: set[int],
    today: date,
) -> NextForm:
    """Raises FieldErrors with a sentence at each field that needs something."""
    reader = FormReader(state)
    name = reader.words(NAME, MAX_NAME, missing="Give it a name, such as Spring campaign.")
    why = reader.words(WHY, missing="Say in a sentence why this matters.")
    goals = tuple(Goal(0, text, former_id) for text, former_id in read_goals(reader, ref.goal_ids))
    end = day_of(state, END)
    if end is None or end <= today:
        reader.refuse(END, "Choose a day to come.")
    elif problem := why_too_far(end, today):
        reader.refuse(END, problem)
    going_on = reader.choices(GO_ON, set(map(str, initiative_ids)))
    watched = reader.choices(WATCHED, set(map(str, kpi_ids)))
    reader.finish()
    return NextForm(
        name=name,
        why=why,
        goals=goals,
        end=end or today,
        initiatives=frozenset(map(int, going_on)),
        kpis=frozenset(map(int, watched)),
    )


def next_button(strategy: Strategy) -> b.Element:
    return b.button("Next quarter…", NEXT, str(strategy.id), about=strategy.name)


def former_message(strategy: Strategy, former: Sequence[Strategy]) -> b.Payload:
    """What the channel had before, each with what can be read of it."""
    if not former:
        return b.notice(f"{strategy.name} is the first strategy of this channel.")
    head = f"Before *{b.one_line(strategy.name, MAX_NAME)}* this channel had:"
    lines, blocks = [head], [b.section(head)]
    for one in former[:_MOST_FORMER]:
        closed = f", closed {full_day(local_day(one.closed_at, one.zone))}" if one.closed_at else ""
        line = f"*{b.one_line(one.name, MAX_NAME)}*{closed}"
        lines.append(line)
        value = str(one.id)
        named = (("Initiatives", INITIATIVES), ("KPIs", KPIS), ("Decisions", DECISIONS), ("Export", EXPORT))
        buttons = [b.button(text, action, value, about=one.name) for text, action in named]
        blocks += [b.section(line), b.actions(buttons, block_id=f"former.{one.id}")]
    return b.message(b.fallback(lines), blocks)

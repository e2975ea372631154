"""The KPI form: what is watched for which goal, from where to where, and who reports it."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from pydantic import BaseModel, ConfigDict

from domain.days import MOST_YEARS_OF_TARGET, why_too_far
from domain.kpis import Cadence, Direction, Kind, Kpi, why_wrong_side
from domain.pace import Point
from domain.reading.amounts import kept_unit, read_amount, why_wrong_unit
from domain.reading.months import read_months, write_months
from domain.strategies import Goal, Strategy
from domain.words import MAX_NAME, dated, full_day, show_number
from views.changes import read_reason, reason_block
from views.slack import blocks as b
from views.slack.fields import MAX_NUMBER, MAX_UNIT, FormReader, State, choice_of, day_of, person_of, text_of
from views.slack.references import Id, Reference, SlackId, read_id
from views.slack.unread import unread_blocks

FORM = "kpi.submit"
SERVE = "kpi.serve"
MOST_SERVING = 3
NAME, GOAL, KIND, UNIT, DIRECTION = "name", "goal", "kind", "unit", "direction"
BASELINE, BASELINE_ON, TARGET, TARGET_ON = "baseline", "baseline_on", "target", "target_on"
OWNER, CADENCE, IF_SHORT, KEEP, MONTHS = "owner", "cadence", "if_short", "keep", "months"
MAX_MONTHS = 1000
MAX_PLAN = 500
_KINDS = {
    Kind.COUNT: "Count",
    Kind.PERCENT: "%",
    Kind.CURRENCY: "Currency",
    Kind.RATIO: "Ratio",
    Kind.DURATION: "Duration",
}


class KpiRef(Reference):
    """What the form carries: where it was opened and, when editing, what it edits."""

    channel_id: SlackId
    strategy_id: Id
    kpi_id: Id | None = None


class ServeRef(Reference):
    """Which KPI is perhaps a goal's."""

    strategy_id: Id
    kpi_id: Id
    goal_id: Id


def serve_value(strategy: Strategy, kpi: Kpi, goal: Goal) -> str:
    """What the button carries that opens a KPI's form with a goal chosen."""
    return ServeRef(strategy_id=strategy.id, kpi_id=kpi.id, goal_id=goal.id).model_dump_json()


class KpiDraft(BaseModel):
    """What a form is filled in with, as typed."""

    model_config = ConfigDict(frozen=True)
    name: str = ""
    goal_id: int | None = None
    kind: Kind | None = None
    unit: str = ""
    direction: Direction | None = None
    baseline: str = ""
    baseline_on: date | None = None
    target: str = ""
    target_on: date | None = None
    months: str = ""
    owner_id: str | None = None
    cadence: Cadence = Cadence.WEEKLY
    if_short: str = ""
    unread: tuple[str, ...] = ()
    """What of a command was not understood."""


class KpiForm(BaseModel):
    """What a lead filled in; `keeps_vanity` that a cautioned name shall stay, `reason` what made them change it."""

    model_config = ConfigDict(frozen=True)
    name: str
    goal_id: int
    kind: Kind
    unit: str
    direction: Direction
    baseline: Decimal
    baseline_on: date
    target: Decimal
    target_on: date
    months: tuple[Point, ...] = ()
    owner_id: str
    cadence: Cadence
    if_short: str
    keeps_vanity: bool
    reason: str


def draft_of(kpi: Kpi) -> KpiDraft:
    return KpiDraft(
        name=kpi.name,
        goal_id=kpi.goal_id,
        kind=kpi.kind,
        unit=kpi.unit,
        direction=kpi.direction,
        baseline=show_number(kpi.baseline),
        baseline_on=kpi.baseline_on,
        target=show_number(kpi.target),
        target_on=kpi.target_on,
        months=write_months(kpi.months, kpi.unit),
        owner_id=kpi.owner_id,
        cadence=kpi.cadence,
        if_short=kpi.if_short,
    )


def draft_of_state(state: State) -> KpiDraft:
    """What stands in a form that was read without a problem, to show it again."""
    kind, direction, goal = (choice_of(state, field) for field in (KIND, DIRECTION, GOAL))
    return KpiDraft(
        name=text_of(state, NAME),
        goal_id=int(goal) if goal else None,
        kind=Kind(kind) if kind else None,
        unit=text_of(state, UNIT),
        direction=Direction(direction) if direction else None,
        baseline=text_of(state, BASELINE),
        baseline_on=day_of(state, BASELINE_ON),
        target=text_of(state, TARGET),
        target_on=day_of(state, TARGET_ON),
        months=text_of(state, MONTHS),
        owner_id=person_of(state, OWNER),
        cadence=Cadence(choice_of(state, CADENCE) or Cadence.WEEKLY),
        if_short=text_of(state, IF_SHORT),
    )


def add_modal(strategy: Strategy, draft: KpiDraft, ref: KpiRef, today: date) -> dict[str, Any]:
    only_goal = strategy.goals[0].id if len(strategy.goals) == 1 else None
    known = {"baseline_on": draft.baseline_on or today, "goal_id": draft.goal_id or only_goal}
    return _modal("New KPI", strategy, draft.model_copy(update=known), ref, submit="Add")


def edit_modal(strategy: Strategy, kpi: Kpi, channel_id: str, goal_id: int | None = None) -> dict[str, Any]:
    """`goal_id` is chosen in place of the goal it serves."""
    ref = KpiRef(channel_id=channel_id, strategy_id=strategy.id, kpi_id=kpi.id)
    draft = draft_of(kpi).model_copy(update={"goal_id": goal_id or kpi.goal_id})
    return _modal("Edit the KPI", strategy, draft, ref, submit="Save")


def caution_modal(strategy: Strategy, state: State, ref: KpiRef, instead: str) -> dict[str, Any]:
    """The form as it was sent, with an outcome to consider in place of a vanity metric."""
    title, submit = ("New KPI", "Add") if ref.kpi_id is None else ("Edit the KPI", "Save")
    reason = read_reason(FormReader(state)) if ref.kpi_id is not None else ""
    return _modal(title, strategy, draft_of_state(state), ref, submit=submit, instead=instead, reason=reason)


def _modal(
    title: str,
    strategy: Strategy,
    draft: KpiDraft,
    ref: KpiRef,
    *,
    submit: str,
    instead: str = "",
    reason: str = "",
) -> dict[str, Any]:
    blocks = [
        *unread_blocks(draft.unread),
        b.context(f"{b.one_line(strategy.name, MAX_NAME)}: {b.one_line(strategy.why, 300)}"),
        *(_caution(draft.name, instead) if instead else []),
        *_what(strategy, draft),
        *_numbers(draft),
        *_who(draft),
    ]
    if ref.kpi_id is not None:
        blocks.append(reason_block("the baseline, the target or the plan", reason))
    metadata = ref.model_dump_json()
    return b.modal(title, blocks, callback_id=FORM, submit=submit, private_metadata=metadata)


def _caution(name: str, instead: str) -> list[b.Block]:
    words = (
        f":warning: “{b.one_line(name, MAX_NAME)}” can grow while nothing gets better. Consider {b.escape(instead)}: "
        "change the name and numbers below, or keep it."
    )
    keep = b.checkboxes([("Keep it; it is noted that I chose it", KEEP)])
    return [b.section(words), b.input_block("This number", keep, block_id=KEEP, optional=True)]


def _what(strategy: Strategy, draft: KpiDraft) -> list[b.Block]:
    goals = [(goal.text, str(goal.id)) for goal in strategy.goals]
    kinds = [(label, kind.value) for kind, label in _KINDS.items()]
    return [
        b.input_block(
            "Name",
            b.text_input(draft.name, max_length=MAX_NAME),
            block_id=NAME,
            hint="Such as Monthly givers.",
        ),
        b.input_block("Goal it serves", b.select(goals, str(draft.goal_id)), block_id=GOAL),
        b.input_block("Kind of number", b.select(kinds, draft.kind), block_id=KIND),
        b.input_block(
            "Unit",
            b.text_input(draft.unit, max_length=MAX_UNIT),
            block_id=UNIT,
            hint="A currency such as £, a time such as h, or what is counted.",
            optional=True,
        ),
    ]


def _numbers(draft: KpiDraft) -> list[b.Block]:
    ways = _options(Direction)
    return [
        b.input_block("Which way is good?", b.select(ways, draft.direction), block_id=DIRECTION),
        b.input_block(
            "Baseline",
            b.text_input(draft.baseline, max_length=MAX_NUMBER),
            block_id=BASELINE,
            hint="Where it stood: 4650, 4,650.5, 4k, 12% or 3h.",
        ),
        b.input_block("Baseline measured on", b.date_input(draft.baseline_on), block_id=BASELINE_ON),
        b.input_block("Target", b.text_input(draft.target, max_length=MAX_NUMBER), block_id=TARGET),
        b.input_block("Target date", b.date_input(draft.target_on), block_id=TARGET_ON),
        b.input_block(
            "Plan by month",
            b.text_input(draft.months, multiline=True, max_length=MAX_MONTHS),
            block_id=MONTHS,
            hint="Where it does not change evenly, what is due at the end of months: Dec 320, Jan 345.",
            optional=True,
        ),
    ]


def _who(draft: KpiDraft) -> list[b.Block]:
    return [
        b.input_block(
            "Owner",
            b.user_select(draft.owner_id),
            block_id=OWNER,
            hint="One person, who is asked for it within the weekly check-in.",
        ),
        b.input_block(
            "How often is it asked for?",
            b.radio(_options(Cadence), draft.cadence),
            block_id=CADENCE,
            hint="Monthly ones are asked for with the first check-in of the month.",
        ),
        b.input_block(
            "What will we do if it falls short?",
            b.text_input(draft.if_short, multiline=True, max_length=MAX_PLAN),
            block_id=IF_SHORT,
        ),
    ]


def _options(values: Iterable[Direction | Cadence]) -> list[tuple[str, str]]:
    return [(value.value.capitalize(), value.value) for value in values]


def read_kpi_form(state: State, before: Kpi | None, today: date, *, may_wait: bool = False) -> KpiForm:
    """`before` is what is edited, as it stands; `may_wait`: what is done if it falls short can be said later.

    Raises FieldErrors with a sentence at each field that needs something.
    """
    reader = FormReader(state)
    name = reader.words(NAME, MAX_NAME, missing="Give it a name, such as Monthly givers.")
    goal = choice_of(state, GOAL)
    if goal is None:
        reader.refuse(GOAL, "Choose the goal it serves.")
    kind = Kind(reader.choice(KIND, set(Kind), "Choose what kind of number it is.") or Kind.COUNT)
    direction = Direction(
        reader.choice(DIRECTION, set(Direction), "Choose which way is good.") or Direction.INCREASE_TO
    )
    unit = reader.words(UNIT, MAX_UNIT)
    if problem := why_wrong_unit(kind, unit):
        reader.refuse(UNIT, problem)
    baseline, target = _read_numbers(reader, kind, kept_unit(kind, unit), direction)
    baseline_on, target_on = _read_days(reader, before, today)
    between = (Point(baseline_on, baseline), Point(target_on, target))
    owner = person_of(state, OWNER)
    if owner is None:
        reader.refuse(OWNER, "Choose the one person who reports it.")
    plan = "Say what you will do then; deciding it now is easier than when it happens."
    form = KpiForm(
        name=name,
        goal_id=read_id(goal) if goal else 0,
        kind=kind,
        unit=kept_unit(kind, unit),
        direction=direction,
        baseline=baseline,
        baseline_on=baseline_on,
        target=target,
        target_on=target_on,
        months=_read_months(reader, kind, kept_unit(kind, unit), direction, between),
        owner_id=owner or "",
        cadence=Cadence(reader.choice(CADENCE, set(Cadence)) or Cadence.WEEKLY),
        if_short=reader.words(IF_SHORT, MAX_PLAN, missing=None if may_wait else plan),
        keeps_vanity=KEEP in reader.choices(KEEP, {KEEP}),
        reason=read_reason(reader) if before else "",
    )
    reader.finish()
    return form


def _read_numbers(reader: FormReader, kind: Kind, unit: str, direction: Direction) -> tuple[Decimal, Decimal]:
    numbers = {}
    for field in (BASELINE, TARGET):
        typed = reader.words(field, MAX_NUMBER, missing="Give a number.")
        numbers[field] = reader.attempt(field, partial(read_amount, typed, kind, unit), Decimal(0))
    problem = why_wrong_side(direction, numbers[BASELINE], numbers[TARGET])
    if problem and not {BASELINE, TARGET, DIRECTION} & reader.problems.keys():
        read = f"I read {show_number(numbers[BASELINE], unit)} and {show_number(numbers[TARGET], unit)}."
        reader.refuse(TARGET, f"{problem} {read}")
    return numbers[BASELINE], numbers[TARGET]


def _read_months(
    reader: FormReader, kind: Kind, unit: str, direction: Direction, between: tuple[Point, Point]
) -> tuple[Point, ...]:
    typed = reader.words(MONTHS, MAX_MONTHS)
    if not typed.strip() or {BASELINE, TARGET, BASELINE_ON, TARGET_ON} & reader.problems.keys():
        return ()
    if direction.is_limit:
        reader.refuse(MONTHS, "What has to stay where it is has no plan by month. Leave this empty.")
    return reader.attempt(MONTHS, partial(read_months, typed, kind, unit, *between), ())


def _read_days(reader: FormReader, before: Kpi | None, today: date) -> tuple[date, date]:
    begins, ends = day_of(reader.state, BASELINE_ON), day_of(reader.state, TARGET_ON)
    if begins is None:
        reader.refuse(BASELINE_ON, "Choose the day it was measured.")
    elif begins > today:
        reader.refuse(
            BASELINE_ON, f"{dated(begins, today)} is in the future. Choose the day it was measured."
        )
    if ends is None:
        reader.refuse(TARGET_ON, "Choose the day by which it shall be reached.")
    elif begins is not None and ends <= begins:
        reader.refuse(
            TARGET_ON, f"This is not after the baseline of {dated(begins, today)}. Choose a later day."
        )
    elif ends < today and (before is None or ends != before.target_on):
        reader.refuse(TARGET_ON, f"{full_day(ends)} has passed. Choose today or a later day.")
    elif (before is None or ends != before.target_on) and (
        problem := why_too_far(ends, today, MOST_YEARS_OF_TARGET)
    ):
        reader.refuse(TARGET_ON, problem)
    return begins or today, ends or today

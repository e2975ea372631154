"""The initiative form: who does what for which goal, until when, and how it will be measured."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from domain.initiatives import MAX_METRICS, Initiative, SuccessMetric
from domain.joins import is_alike
from domain.kpis import Kpi
from domain.strategies import Strategy
from domain.words import MAX_NAME, listed, show_number
from views.changes import reason_block
from views.initiatives.charters import CharterDraft, charter_blocks
from views.slack import blocks as b
from views.slack.fields import MAX_NUMBER, MAX_UNIT
from views.slack.references import Id, Reference, SlackId
from views.slack.unread import unread_blocks

FORM = "initiative.submit"
STRATEGY_FORM = "initiative.strategy"
SHORTCUT = "initiative.new"
NAME = "name"
GOAL = "goal"
OWNER = "owner"
START = "start"
DUE = "due"
STRATEGY = "strategy"

OWN_NUMBER = "0"


def metric_field(number: int, part: str) -> str:
    """The field of a part (name, unit, baseline, target, kpi) of a success metric, numbered from 1."""
    return f"metric_{number}_{part}"


class MetricDraft(BaseModel):
    """A success metric as typed."""

    model_config = ConfigDict(frozen=True)
    name: str = ""
    unit: str = ""
    baseline: str = ""
    target: str = ""
    kpi_id: Id | None = None
    """The KPI that it is."""


class InitiativeDraft(BaseModel):
    """What a form is filled in with."""

    model_config = ConfigDict(frozen=True)
    name: str = ""
    goal_id: Id | None = None
    owner_id: str | None = None
    start: date | None = None
    due: date | None = None
    metrics: tuple[MetricDraft, ...] = ()
    charter: CharterDraft = CharterDraft()
    unread: tuple[str, ...] = ()
    """What of a command was not understood."""


class InitiativeRef(Reference):
    """What a form carries: where it was opened, its strategy and, when editing, what it edits with its metrics."""

    channel_id: SlackId
    strategy_id: Id
    initiative_id: Id | None = None
    metric_ids: tuple[Id, ...] = ()


class InitiativeForm(BaseModel):
    """What a lead filled in; metrics keep the ids they had, 0 for new ones."""

    model_config = ConfigDict(frozen=True)
    name: str
    goal_id: int
    owner_id: str
    start: date
    due: date
    metrics: tuple[SuccessMetric, ...] = Field(min_length=1)
    charter: CharterDraft = CharterDraft()
    reason: str = ""
    """What made them change a metric."""


def draft_of(known: Initiative | InitiativeForm, charter: CharterDraft | None = None) -> InitiativeDraft:
    metrics = tuple(
        MetricDraft(
            name=metric.name,
            unit=metric.unit,
            baseline=show_number(metric.baseline),
            target=show_number(metric.target),
            kpi_id=metric.kpi_id,
        )
        for metric in known.metrics
    )
    return InitiativeDraft(
        name=known.name,
        goal_id=known.goal_id,
        owner_id=known.owner_id,
        start=known.start,
        due=known.due,
        metrics=metrics,
        charter=charter or CharterDraft(),
    )


def add_modal(
    strategy: Strategy,
    draft: InitiativeDraft,
    channel_id: str,
    today: date,
    lead_id: str | None = None,
    watched: Sequence[Kpi] = (),
) -> dict[str, Any]:
    """A new initiative, with what is known of it already filled in; `lead_id` sponsors it unless another is known.

    `watched` are the KPIs that a metric may be.
    """
    sponsor = draft.charter.sponsor_id or lead_id
    known = draft.model_copy(
        update={
            "name": draft.name[:MAX_NAME],
            "start": draft.start or today,
            "goal_id": draft.goal_id or (strategy.goals[0].id if len(strategy.goals) == 1 else None),
            "charter": draft.charter.model_copy(update={"sponsor_id": sponsor}),
        }
    )
    ref = InitiativeRef(channel_id=channel_id, strategy_id=strategy.id)
    return _modal("New initiative", strategy, known, ref, watched, submit="Add")


def edit_modal(
    strategy: Strategy,
    initiative: Initiative,
    channel_id: str,
    charter: CharterDraft | None = None,
    reason: str = "",
    watched: Sequence[Kpi] = (),
) -> dict[str, Any]:
    """`reason`: what is known already of why it changes; `watched` are the KPIs that a metric may be."""
    ref = InitiativeRef(
        channel_id=channel_id,
        strategy_id=strategy.id,
        initiative_id=initiative.id,
        metric_ids=tuple(metric.id for metric in initiative.metrics),
    )
    draft = draft_of(initiative, charter)
    return _modal("Edit the initiative", strategy, draft, ref, watched, submit="Save", reason=reason)


def _modal(
    title: str,
    strategy: Strategy,
    draft: InitiativeDraft,
    ref: InitiativeRef,
    watched: Sequence[Kpi],
    *,
    submit: str,
    reason: str = "",
) -> dict[str, Any]:
    goals = [(goal.text, str(goal.id)) for goal in strategy.goals]
    metrics = [*draft.metrics, *[MetricDraft()] * MAX_METRICS][:MAX_METRICS]
    blocks = [
        *unread_blocks(draft.unread),
        b.context(f"{b.one_line(strategy.name, MAX_NAME)}: {b.one_line(strategy.why, 300)}"),
        b.input_block("Name", b.text_input(draft.name, max_length=MAX_NAME), block_id=NAME),
        b.input_block("Goal it serves", b.select(goals, str(draft.goal_id)), block_id=GOAL),
        b.input_block(
            "Owner",
            b.user_select(draft.owner_id),
            block_id=OWNER,
            hint="One person, who is asked each week how it goes.",
        ),
        b.input_block(
            "Start", b.date_input(draft.start), block_id=START, hint="Check-ins begin with this day."
        ),
        b.input_block("Due", b.date_input(draft.due), block_id=DUE),
        b.divider(),
        b.header("Success metrics"),
        b.context("One to three numbers that will show whether it works."),
    ]
    for number, metric in enumerate(metrics, start=1):
        blocks += _metric_blocks(number, metric, is_named=not watched)
        blocks += _kpi_choice(number, metric, watched)
    if ref.initiative_id is not None:
        blocks.append(reason_block("a metric", reason))
    blocks += charter_blocks(draft.charter)
    metadata = ref.model_dump_json()
    return b.modal(title, blocks, callback_id=FORM, submit=submit, private_metadata=metadata)


def _metric_blocks(number: int, metric: MetricDraft, *, is_named: bool) -> list[b.Block]:
    """Four fields; only the first metric has hints and must be filled in, but for the name where it may be a KPI's."""
    parts = (
        ("name", "name", metric.name, MAX_NAME, "Such as subscribers."),
        ("unit", "unit", metric.unit, MAX_UNIT, "Such as %, £ or hours."),
        ("baseline", "where it stands now", metric.baseline, MAX_NUMBER, "Numbers like 4650, 4,650 or 3.5."),
        ("target", "target", metric.target, MAX_NUMBER, None),
    )
    return [
        b.input_block(
            f"Metric {number}: {words}",
            b.text_input(value, max_length=limit),
            block_id=metric_field(number, part),
            hint=hint if number == 1 else None,
            optional=number > 1 or part == "unit" or (part == "name" and not is_named),
        )
        for part, words, value, limit, hint in parts
    ]


def _kpi_choice(number: int, metric: MetricDraft, watched: Sequence[Kpi]) -> list[b.Block]:
    """Whether it is one of the KPIs, suggested where the names are alike and never chosen unasked."""
    if not watched:
        return []
    options = [("No, a number of its own", OWN_NUMBER), *((kpi.name, str(kpi.id)) for kpi in watched)]
    alike = [kpi.name for kpi in watched if metric.name and is_alike(metric.name, kpi.name)]
    hint = "Where it is one, its number is given once and counts for both." if number == 1 else None
    if alike and metric.kpi_id is None:
        hint = (
            f"It looks like {listed(alike, 'or')}. If it is, choose it here: its number is then given once."
        )
    return [
        b.input_block(
            f"Metric {number}: is it a KPI?",
            b.select(options, str(metric.kpi_id or OWN_NUMBER)),
            block_id=metric_field(number, "kpi"),
            hint=hint,
            optional=True,
        )
    ]


def strategy_modal(strategies: Sequence[Strategy]) -> dict[str, Any]:
    """Which strategy a new initiative is for."""
    options = [(strategy.name, str(strategy.id)) for strategy in strategies]
    choice = b.input_block("Strategy", b.select(options, options[0][1]), block_id=STRATEGY)
    return b.modal("New initiative", [choice], callback_id=STRATEGY_FORM, submit="Continue")

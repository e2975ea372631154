"""What forms about a draft hold, and a draft's lines as the forms of what they say: so that one set of rules checks both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.drafts import DraftInitiative, DraftKpi
from domain.errors import DomainError
from domain.initiatives import MAX_METRICS
from domain.kickoffs import MAX_PARTNERS
from domain.kpis import Cadence, Kind, Kpi
from domain.reading.amounts import kind_of
from views.initiatives import charters
from views.initiatives import forms as initiatives
from views.initiatives.lines import metric_draft, partner_drafts
from views.kpis import forms as kpis
from views.slack.fields import FormReader, State, as_filled_in, choice_of, filled_in, person_of
from views.slack.references import read_id

SAME, ANOTHER, KEEP = "same", "another", "keep"
OWN_NUMBER, IS_KPI = "own", "kpi."


@dataclass(frozen=True, slots=True)
class Answers:
    """What was chosen beside the lines of a draft, by the number of the line.

    `people` are by (line, as what); `same` whether a line is what it sounds like; `kept` are vanity metrics to keep;
    `kpis` the names of the KPIs that metrics are, by (line, position from 1), "" for a number of its own.
    """

    people: Mapping[tuple[int, str], str] = field(default_factory=dict)
    goals: Mapping[int, int] = field(default_factory=dict)
    same: Mapping[int, bool] = field(default_factory=dict)
    kept: frozenset[int] = frozenset()
    kpis: Mapping[tuple[int, int], str] = field(default_factory=dict)


def person_field(number: int, role: str) -> str:
    return f"person.{number}.{role}"


def goal_field(number: int) -> str:
    return f"goal.{number}"


def same_field(number: int) -> str:
    return f"same.{number}"


def keep_field(number: int) -> str:
    return f"keep.{number}"


def kpi_field(number: int, position: int) -> str:
    return f"kpi.{number}.{position}"


def read_answers(state: State) -> Answers:
    """Raises FieldErrors or NotFound for what was not offered."""
    reader = FormReader(state)
    people: dict[tuple[int, str], str] = {}
    goals: dict[int, int] = {}
    same: dict[int, bool] = {}
    kept: set[int] = set()
    kpis: dict[tuple[int, int], str] = {}
    for name in state:
        kind, _, rest = name.partition(".")
        number, _, role = rest.partition(".")
        if kind == "person" and (chosen := person_of(state, name)):
            people[read_id(number), role] = chosen
        elif kind == "goal" and (option := choice_of(state, name)) is not None:
            goals[read_id(number)] = read_id(option)
        elif kind == "same" and (option := reader.choice(name, {SAME, ANOTHER})):
            same[read_id(number)] = option == SAME
        elif kind == "keep" and reader.choices(name, {KEEP}):
            kept.add(read_id(number))
        elif kind == "kpi" and (option := choice_of(state, name)) is not None:
            kpis[read_id(number), read_id(role)] = (
                option.removeprefix(IS_KPI) if option.startswith(IS_KPI) else ""
            )
    reader.finish()
    return Answers(people, goals, same, frozenset(kept), kpis)


def labelled(view: Mapping[str, Any], problems: Mapping[str, str]) -> tuple[str, ...]:
    """The problems of a form's fields, each with its field's label."""
    labels = {
        block["block_id"]: block["label"]["text"] for block in view["blocks"] if block["type"] == "input"
    }
    return tuple(f"{labels[name]}: {told}" if name in labels else told for name, told in problems.items())


def as_initiative(
    item: DraftInitiative, goal_id: int | None, watched: Sequence[Kpi]
) -> initiatives.InitiativeDraft:
    """`watched` are the KPIs that its metrics may be. Raises DomainError for more than its form has room for."""
    if len(item.metrics) > MAX_METRICS:
        names = ", ".join(one.name for one in item.metrics[MAX_METRICS:])
        raise DomainError(f"An initiative has at most {MAX_METRICS} success metrics. Leave out {names}.")
    if len(item.partners) > MAX_PARTNERS:
        raise DomainError(f"An initiative has at most {MAX_PARTNERS} partners. Leave somebody out.")
    charter = charters.CharterDraft(
        sponsor_id=item.sponsor.person_id if item.sponsor else None,
        may_decide=item.may_decide,
        budget=item.budget,
        resources=item.resources,
        channels=item.channels,
        partners=partner_drafts(item.partners),
    )
    return initiatives.InitiativeDraft(
        name=item.name,
        goal_id=goal_id,
        owner_id=item.owner.person_id if item.owner else None,
        start=item.start,
        due=item.due,
        metrics=tuple(metric_draft(one, watched) for one in item.metrics),
        charter=charter,
    )


def initiative_state(view: Mapping[str, Any], item: DraftInitiative) -> State:
    """As the form would be sent; words that a field cuts stand in it whole, so that it is refused."""
    state = dict(as_filled_in(view))
    state[initiatives.NAME] = {"value": item.name}
    state[charters.MAY_DECIDE] = {"value": item.may_decide}
    state[charters.BUDGET] = {"value": item.budget}
    for number, partner in enumerate(item.partners, start=1):
        state[charters.commitment_field(number)] = {"value": partner.what}
    for number, metric in enumerate(item.metrics, start=1):
        state[initiatives.metric_field(number, "name")] = {"value": metric.name}
        state[initiatives.metric_field(number, "unit")] = {"value": metric.unit}
    return state


def as_kpi(item: DraftKpi, goal_id: int | None) -> kpis.KpiDraft:
    return kpis.KpiDraft(
        name=item.name,
        goal_id=goal_id,
        kind=kind_of(item.unit) or Kind.COUNT,
        unit=item.unit,
        direction=item.direction,
        baseline=filled_in(item.baseline),
        target=filled_in(item.target),
        target_on=item.due,
        owner_id=item.owner.person_id if item.owner else None,
        cadence=item.cadence or Cadence.WEEKLY,
        if_short=item.if_short,
    )


def kpi_state(view: Mapping[str, Any], item: DraftKpi) -> State:
    return {**as_filled_in(view), kpis.NAME: {"value": item.name}, kpis.UNIT: {"value": item.unit}}

"""The end of what a strategy was set up for, and what of it goes on in the next one."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from domain.drafts import (
    DraftInitiative,
    DraftKpi,
    DraftLine,
    DraftMetric,
    DraftPartner,
    Whom,
)
from domain.initiatives import Initiative, SuccessMetric, metric_plan
from domain.kickoffs import Charter, Confirmation, Role
from domain.kpis import Cadence, Kpi
from domain.words import full_day, show_number

NEAR = timedelta(weeks=3)
"""Before the last of its dates, from when on the next quarter is offered."""
_TOO_SHORT = timedelta(weeks=6)
_MONTHS = 3


def quarter_end(today: date) -> date:
    """The last day of the quarter, of the next one where less than six weeks are left."""
    month = (today.month + 2) // _MONTHS * _MONTHS
    last = date(today.year, month, monthrange(today.year, month)[1])
    return last if last - today >= _TOO_SHORT else quarter_end(last + timedelta(days=1))


def is_near_end(initiatives: Sequence[Initiative], kpis: Sequence[Kpi], today: date) -> bool:
    """Whether nothing that goes on has a date beyond the next three weeks."""
    days = [one.due for one in initiatives if not one.status.is_closed]
    days += [one.target_on for one in kpis if one.retired_at is None]
    return bool(days) and max(days) <= today + NEAR


def initiative_again(
    initiative: Initiative,
    charter: Charter | None,
    asked: Sequence[Confirmation],
    names: Mapping[str, str],
    goal: str,
    due: date,
    kpis: Mapping[int, str],
) -> DraftLine:
    """As a line of a plan, from where its metrics stand; a target that is reached is left to be said anew.

    `names` are those of people, `kpis` of the strategy's KPIs, by id.
    """
    item = DraftInitiative(
        initiative.name,
        _whom(initiative.owner_id, names),
        _whom(charter.sponsor_id, names) if charter else None,
        tuple(
            DraftPartner(_whom(one.person_id, names), one.what) for one in asked if one.role is Role.PARTNER
        ),
        due=due,
        metrics=tuple(_metric_again(one, initiative, kpis) for one in initiative.metrics),
        budget=charter.budget if charter else "",
        may_decide=charter.may_decide if charter else "",
        resources=charter.resources if charter else "",
        channels=charter.channels if charter else (),
        goal=goal,
    )
    parts = [
        f"{item.name} {_at(item.owner)} by {full_day(due)}",
        *map(_metric_words, item.metrics),
        item.budget,
    ]
    parts += [f"decides {item.may_decide}"] if item.may_decide else []
    parts += [f"sponsor {_at(item.sponsor)}"] if item.sponsor else []
    parts += [f"partner {_at(one.who)}: {one.what}" for one in item.partners]
    return DraftLine(1, ", ".join(filter(None, parts)), item)


def kpi_again(kpi: Kpi, names: Mapping[str, str], goal: str, due: date) -> DraftLine:
    """The same for a KPI."""
    stands = kpi.latest.value if kpi.latest else kpi.baseline
    is_met = not kpi.direction.is_limit and kpi.plan.is_met(stands)
    item = DraftKpi(
        kpi.name,
        kpi.unit,
        stands,
        None if is_met else kpi.target,
        kpi.direction,
        due,
        _whom(kpi.owner_id, names),
        kpi.cadence,
        goal,
        if_short=kpi.if_short,
    )
    metric = _metric_words(DraftMetric(kpi.name, kpi.unit, stands, item.target))
    cadence = "monthly" if kpi.cadence is Cadence.MONTHLY else "weekly"
    return DraftLine(1, f"KPI {metric} by {full_day(due)} {_at(item.owner)} {cadence}", item)


def _metric_again(metric: SuccessMetric, initiative: Initiative, kpis: Mapping[int, str]) -> DraftMetric:
    stands = metric.baseline if metric.value is None else metric.value
    is_met = metric_plan(metric, initiative).is_met(stands)
    is_one = kpis.get(metric.kpi_id, "") if metric.kpi_id is not None else ""
    return DraftMetric(metric.name, metric.unit, stands, None if is_met else metric.target, is_one)


def _metric_words(metric: DraftMetric) -> str:
    start = show_number(metric.baseline, metric.unit) if metric.baseline is not None else ""
    end = show_number(metric.target, metric.unit) if metric.target is not None else ""
    return f"{metric.name} {start}→{end}" if end else f"{metric.name} {start}"


def _whom(person_id: str, names: Mapping[str, str]) -> Whom:
    handle = names[person_id].casefold().replace(" ", ".")
    return Whom(f"@{handle}", person_id, handle)


def _at(whom: Whom | None) -> str:
    return whom.words if whom else ""

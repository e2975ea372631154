"""Numbers read out of words: a KPI's readings, and what is asked about or said to be left as words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from domain.kpis import Kpi, why_no_reading
from domain.people import Person
from domain.reading.answers import Understanding
from domain.schedules import local_day
from services.check_ins.answering import Answering
from services.readings import CHECK_IN, Given, record_reading, withdraw_reading
from services.references import Request, report_kpi
from storage import strategies
from views.notes import KpiTold, NoteReply, ValueAsked

_MOST_LEFT = 3
"""Numbers left as words that a reply names."""


def record_kpis(
    session: Session, person: Person, kpis: Sequence[Kpi], read: Understanding, now: datetime
) -> tuple[KpiTold, ...]:
    """The KPIs that words gave a reading of today, with it."""
    by_id = {kpi.id: kpi for kpi in kpis}
    today = local_day(now, person.zone)
    lines = []
    for kpi_id, value in read.kpis:
        kpi = by_id[kpi_id]
        if why_no_reading(kpi, today, today):
            continue
        if not any((one.on, one.value) == (today, value) for one in kpi.readings):
            _record(session, person, kpi, value, now)
        lines.append(KpiTold(kpi, value))
    return tuple(lines)


def withdraw_kpis(
    session: Session,
    person: Person,
    kpis: Sequence[Kpi],
    was: Understanding,
    read: Understanding,
    now: datetime,
) -> None:
    """An edited message says a number no more: today's reading of it is taken back."""
    told = {kpi_id for kpi_id, _ in read.kpis}
    today = local_day(now, person.zone)
    for kpi in kpis:
        value = dict(was.kpis).get(kpi.id)
        standing = next((one for one in kpi.readings if (one.on, one.value) == (today, value)), None)
        if kpi.id not in told and standing is not None and standing.source == CHECK_IN:
            strategy = strategies.get_strategy(session, person.workspace_id, kpi.strategy_id)
            withdraw_reading(session, strategy, standing, person, now)


def confirm_kpi(session: Session, request: Request, kpi_id: int, value: Decimal, now: datetime) -> Kpi:
    """An unlikely value that is meant. Raises DomainError."""
    person, _, kpi = report_kpi(session, request, kpi_id)
    _record(session, person, kpi, value, now)
    return kpi


def _record(session: Session, person: Person, kpi: Kpi, value: Decimal, now: datetime) -> None:
    strategy = strategies.get_strategy(session, person.workspace_id, kpi.strategy_id)
    on = local_day(now, person.zone)
    record_reading(session, strategy, Given(kpi, on, value), CHECK_IN, person, now)


def with_questions(
    reply: NoteReply,
    read: Understanding,
    owners: Mapping[int, Answering],
    kpis: Sequence[Kpi],
    today: date,
) -> NoteReply:
    """With what is asked about, unless it has been recorded since, and the numbers that stay words."""
    asked = []
    for understood in read.understood:
        ctx = owners.get(understood.candidate_id)
        if ctx is None:
            continue
        given = dict(ctx.line(understood.candidate_id).answer.readings)
        metrics = {metric.id: metric for metric in ctx.initiative(understood.candidate_id).metrics}
        asked += [
            ValueAsked(ctx.check_in, ctx.initiative(understood.candidate_id), metrics[id_], value)
            for id_, value in understood.unlikely
            if given.get(id_) != value
        ]
    by_id = {kpi.id: kpi for kpi in kpis}
    asked_kpis = [
        KpiTold(by_id[id_], value)
        for id_, value in read.unlikely_kpis
        if not any((one.on, one.value) == (today, value) for one in by_id[id_].readings)
    ]
    return replace(
        reply,
        asked=tuple(asked),
        asked_kpis=tuple(asked_kpis),
        left=tuple(dict.fromkeys(read.left))[:_MOST_LEFT],
    )

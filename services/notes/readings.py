"""Numbers read out of words: a KPI's readings, and what is asked about or said to be left as words."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from domain.kpis import CHECK_IN, Kpi, KpiReading, why_no_reading
from domain.people import Person
from domain.reading.answers import Understanding
from domain.schedules import local_day
from services.check_ins.answering import Answering
from services.readings import Given, record_reading, record_readings, withdraw_readings
from storage import kpis, strategies
from storage.delivery import seen
from storage.notes import Note
from views.notes import KpiTold, NoteReply, ValueAsked

METRIC, KPI = "metric", "kpi"
"""What a question about a value is of."""


def record_kpis(
    session: Session, person: Person, owned: Sequence[Kpi], read: Understanding, now: datetime
) -> None:
    """What words say today of KPIs that the person owns."""
    by_id = {kpi.id: kpi for kpi in owned}
    today = local_day(now, person.zone)
    given = [
        Given(by_id[kpi_id], today, value)
        for kpi_id, value in read.kpis
        if not any((one.on, one.value) == (today, value) for one in by_id[kpi_id].readings)
        and not why_no_reading(by_id[kpi_id], today, today)
    ]
    for strategy_id in sorted({one.kpi.strategy_id for one in given}):
        strategy = strategies.get_strategy(session, person.workspace_id, strategy_id)
        theirs = [one for one in given if one.kpi.strategy_id == strategy_id]
        record_readings(session, strategy, theirs, CHECK_IN, person, now)


def withdraw_kpis(
    session: Session,
    person: Person,
    owned: Sequence[Kpi],
    was: Understanding,
    read: Understanding,
    now: datetime,
) -> None:
    """An edited message says a number no more: today's reading of it is taken back."""
    told = {kpi_id for kpi_id, _ in read.kpis}
    said = dict(was.kpis)
    today = local_day(now, person.zone)
    gone = defaultdict[int, list[KpiReading]](list)
    for kpi in owned:
        if kpi.id in said and kpi.id not in told:
            gone[kpi.strategy_id] += [
                one
                for one in kpi.readings
                if (one.on, one.value, one.source) == (today, said[kpi.id], CHECK_IN)
            ]
    for strategy_id, readings in gone.items():
        if readings:
            strategy = strategies.get_strategy(session, person.workspace_id, strategy_id)
            withdraw_readings(session, strategy, readings, person, now)


def record_kpi(session: Session, person: Person, kpi: Kpi, on: date, value: Decimal, now: datetime) -> None:
    """A reading that words gave. Raises DomainError."""
    strategy = strategies.get_strategy(session, person.workspace_id, kpi.strategy_id)
    record_reading(session, strategy, Given(kpi, on, value), CHECK_IN, person, now)


def close_questions(session: Session, note: Note, kind: str, ids: Collection[int], now: datetime) -> None:
    """Of values of metrics or of KPIs: answered, with whatever value, and not asked again of this version of it."""
    for id_ in ids:
        seen.is_new(session, note.workspace_id, _key(note, kind, id_), now)


def _key(note: Note, kind: str, id_: int) -> str:
    return f"value:{note.channel_id}:{note.ts}:{note.version}:{kind}:{id_}"


def with_numbers(
    session: Session,
    reply: NoteReply,
    note: Note,
    read: Understanding,
    owners: Mapping[int, Answering],
    today: date,
) -> NoteReply:
    """With the readings of KPIs, what is asked about until it is answered, and the numbers that stay words.

    `today` is the day of the message.
    """

    def is_open(kind: str, id_: int) -> bool:
        return not seen.was_met(session, note.workspace_id, _key(note, kind, id_))

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
            if given.get(id_) != value and is_open(METRIC, id_)
        ]
    said = [
        KpiTold(kpis.get_kpi(session, note.workspace_id, id_), value)
        for id_, value in (*read.kpis, *read.unlikely_kpis)
    ]
    told = [one for one in said if any((r.on, r.value) == (today, one.value) for r in one.kpi.readings)]
    asked_kpis = [
        one
        for one in said
        if (one.kpi.id, one.value) in read.unlikely_kpis and one not in told and is_open(KPI, one.kpi.id)
    ]
    return replace(
        reply,
        kpis=tuple(told),
        asked=tuple(asked),
        asked_kpis=tuple(asked_kpis),
        left=tuple(dict.fromkeys(read.left)),
    )

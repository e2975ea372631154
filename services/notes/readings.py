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
from storage import kpis, notes, strategies
from storage.delivery import seen
from storage.notes import Note
from views.notes import KpiTold, NoteReply, ValueAsked

Values = Mapping[int, Decimal]
"""By KPI."""
METRIC, KPI = "metric", "kpi"
"""What a question about a value is of."""


def day_of(session: Session, note: Note, person: Person) -> date:
    """That its numbers are of, however late it is edited."""
    return local_day(notes.find_first_instant(session, note), person.zone)


def change_kpis(
    session: Session,
    person: Person,
    owned: Sequence[Kpi],
    was: Values,
    said: Values,
    on: date,
    now: datetime,
) -> None:
    """What words say of KPIs that the person owns, in place of what they said before an edit."""
    gone = {id_: value for id_, value in was.items() if id_ not in said}
    _withdraw_kpis(session, person, owned, gone, on, now)
    new = {id_: value for id_, value in said.items() if was.get(id_) != value}
    _record_kpis(session, person, owned, new, on, now)


def _record_kpis(
    session: Session, person: Person, owned: Sequence[Kpi], said: Values, on: date, now: datetime
) -> None:
    """Unless it stands already."""
    today = local_day(now, person.zone)
    given = [
        Given(kpi, on, said[kpi.id])
        for kpi in owned
        if kpi.id in said
        and not any((one.on, one.value) == (on, said[kpi.id]) for one in kpi.readings)
        and not why_no_reading(kpi, on, today)
    ]
    for strategy_id in sorted({one.kpi.strategy_id for one in given}):
        strategy = strategies.get_strategy(session, person.workspace_id, strategy_id)
        theirs = [one for one in given if one.kpi.strategy_id == strategy_id]
        record_readings(session, strategy, theirs, CHECK_IN, person, now)


def _withdraw_kpis(
    session: Session, person: Person, owned: Sequence[Kpi], gone: Values, on: date, now: datetime
) -> None:
    """Unless another number stands for the day by now."""
    of_strategies = defaultdict[int, list[KpiReading]](list)
    for kpi in owned:
        of_strategies[kpi.strategy_id] += [
            one for one in kpi.readings if (one.on, one.value, one.source) == (on, gone.get(kpi.id), CHECK_IN)
        ]
    for strategy_id, readings in of_strategies.items():
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

"""Answers of check-ins: expected, given, revised; every revision is kept."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from domain.check_ins import Answer, BlockerOutcome, CheckIn, LastHealth, NextOutcome, Via, taken_back
from domain.healths import Health
from domain.kpis import CHECK_IN, KpiReading
from domain.periods import Week
from domain.schedules import local_day
from domain.strategies import Strategy
from storage import kpis
from storage.ids import new_id
from storage.models import AnswerRow, CheckInRow, MetricRow, ReadingRow, RevisionRow
from storage.statements import insert_all_missing, insert_missing, is_of, points_at, table, upsert

_check_ins = table(CheckInRow)
_answers = table(AnswerRow)
_revisions = table(RevisionRow)
_readings = table(ReadingRow)
_metrics = table(MetricRow)
_NO_KPIS: Mapping[int, int] = {}
_WEEKS_BACK = 52

# Built once: building a statement costs several times what running it does.
_LATEST_FIRST = func.row_number().over(
    partition_by=_answers.c.initiative_id, order_by=_check_ins.c.period.desc()
)
_HEALTHS = (
    select(
        *(_answers.c.initiative_id, _answers.c.health, _answers.c.content, _check_ins.c.period),
        _LATEST_FIRST.label("place"),
    )
    .join_from(
        _check_ins,
        _answers,
        points_at(_answers, "check_in_id", _check_ins) & _answers.c.health.is_not(None),
    )
    .where(
        _check_ins.c.workspace_id == bindparam("workspace_id"),
        _check_ins.c.strategy_id == bindparam("strategy_id"),
        _check_ins.c.period >= bindparam("since"),
        _check_ins.c.due_at <= bindparam("now"),
    )
    .subquery()
)
_LAST_HEALTHS = select(_HEALTHS).where(_HEALTHS.c.place == 1)


def expect_answers(session: Session, check_ins: Iterable[CheckIn]) -> None:
    """Expect all that these have, where nothing is kept of it yet."""
    rows = [
        {
            "workspace_id": check_in.workspace_id,
            "check_in_id": check_in.id,
            "initiative_id": answer.initiative_id,
            "revision": 0,
            "content": {},
        }
        for check_in in check_ins
        for answer in check_in.answers
    ]
    insert_all_missing(session, _answers, rows)


def drop_unanswered(session: Session, workspace_id: str, initiative_id: int) -> None:
    """Expect no answer for an initiative any more where none was given (owner changed, paused, closed).

    What was left unanswered in a closed week stays so.
    """
    still_open = select(_check_ins.c.id).where(
        _check_ins.c.workspace_id == workspace_id, _check_ins.c.closed_at.is_(None)
    )
    session.execute(
        delete(_answers).where(
            is_of(_answers, workspace_id, initiative_id=initiative_id, revision=0),
            _answers.c.check_in_id.in_(still_open),
        )
    )


def save_answer(
    session: Session,
    check_in: CheckIn,
    answer: Answer,
    *,
    on: date | None = None,
    kpi_of: Mapping[int, int] = _NO_KPIS,
) -> Answer:
    """Record an answer as the next revision, with its readings; returns it as stored.

    `kpi_of` are the KPIs that its metrics are, by metric: their readings, of the day `on`, are the KPIs'.
    """
    before = check_in.answer_for(answer.initiative_id)
    revision = (before.revision if before else 0) + 1
    values: dict[str, Any] = {
        "workspace_id": check_in.workspace_id,
        "check_in_id": check_in.id,
        "initiative_id": answer.initiative_id,
        "revision": revision,
        "content": write_content(answer),
        "health": answer.health.value if answer.health else None,
        "person_id": answer.by,
        "at": answer.at,
    }
    upsert(session, _answers, [values], ("revision", "content", "health", "person_id", "at"))
    insert_missing(session, _revisions, values)
    for metric_id in taken_back(before, answer):
        _withdraw_readings(session, check_in, answer, metric_id)
        if metric_id in kpi_of:
            _withdraw_days(session, check_in, answer, kpi_of[metric_id])
    given = [one for one in answer.readings if before is None or one not in before.readings]
    for metric_id, value in given:
        if metric_id not in kpi_of:
            _save_reading(session, check_in, answer, metric_id, value)
    if on is not None:
        of_kpis = [(kpi_of[metric_id], value) for metric_id, value in given if metric_id in kpi_of]
        _save_kpi_readings(session, check_in, answer, of_kpis, on)
    return read_answer(
        answer.initiative_id, revision, values["content"], values["health"], answer.by, answer.at
    )


def _save_kpi_readings(
    session: Session, check_in: CheckIn, answer: Answer, given: Iterable[tuple[int, Decimal]], on: date
) -> None:
    """In place of what this check-in reported before, on whichever day."""
    by, at = answer.by or check_in.person_id, answer.at
    assert at is not None
    readings = [
        KpiReading(0, kpi_id, on, value, CHECK_IN, "", by, at, check_in.id) for kpi_id, value in given
    ]
    for reading in readings:
        kpis.withdraw_given(session, check_in.workspace_id, reading.kpi_id, check_in.id, by, at)
    kpis.add_readings(session, check_in.workspace_id, readings)


def _withdraw_days(session: Session, check_in: CheckIn, answer: Answer, kpi_id: int) -> None:
    """A number that is emptied is withdrawn everywhere: nothing stands for the days this check-in reported."""
    by, at = answer.by or check_in.person_id, answer.at
    assert at is not None
    for on in kpis.list_days_given(session, check_in.workspace_id, kpi_id, check_in.id):
        kpis.withdraw_readings(session, check_in.workspace_id, kpi_id, on, by, at)


def _save_reading(
    session: Session, check_in: CheckIn, answer: Answer, metric_id: int, value: Decimal
) -> None:
    reading = {
        "workspace_id": check_in.workspace_id,
        "id": new_id(),
        "metric_id": metric_id,
        "check_in_id": check_in.id,
        "value": str(value),
        "person_id": answer.by or check_in.person_id,
        "at": answer.at,
    }
    session.execute(insert(_readings), [reading])
    _set_value(session, check_in.workspace_id, metric_id, str(value))


def _withdraw_readings(session: Session, check_in: CheckIn, answer: Answer, metric_id: int) -> None:
    """What this check-in reported for a metric is kept as taken back; the value before stands again."""
    of_metric = is_of(_readings, check_in.workspace_id, metric_id=metric_id)
    is_standing = _readings.c.withdrawn_at.is_(None)
    session.execute(
        update(_readings)
        .where(of_metric, _readings.c.check_in_id == check_in.id, is_standing)
        .values(withdrawn_by=answer.by or check_in.person_id, withdrawn_at=answer.at)
    )
    standing = select(_readings.c.value).where(of_metric, is_standing)
    latest = session.scalar(standing.order_by(_readings.c.at.desc(), _readings.c.id.desc()).limit(1))
    _set_value(session, check_in.workspace_id, metric_id, latest)


def _set_value(session: Session, workspace_id: str, metric_id: int, value: str | None) -> None:
    session.execute(update(_metrics).where(is_of(_metrics, workspace_id, id=metric_id)).values(value=value))


def list_revisions(session: Session, check_in: CheckIn, initiative_id: int) -> list[Answer]:
    """Every version of an answer, oldest first."""
    rows = session.execute(
        select(
            _revisions.c.revision,
            _revisions.c.content,
            _revisions.c.health,
            _revisions.c.person_id,
            _revisions.c.at,
        )
        .where(
            _revisions.c.workspace_id == check_in.workspace_id,
            _revisions.c.check_in_id == check_in.id,
            _revisions.c.initiative_id == initiative_id,
        )
        .order_by(_revisions.c.revision)
    )
    return [read_answer(initiative_id, *row) for row in rows]


def list_last_healths(session: Session, strategy: Strategy, now: datetime) -> dict[int, LastHealth]:
    """The last health of each initiative of a strategy within a year; none that was given early, for a week to come."""
    since = Week.of(local_day(now, strategy.zone)).plus(-_WEEKS_BACK)
    values = {
        "workspace_id": strategy.workspace_id,
        "strategy_id": strategy.id,
        "since": str(since),
        "now": now,
    }
    return {
        row.initiative_id: LastHealth(Health(row.health), Week.parse(row.period), row.content.get("next", ""))
        for row in session.execute(_LAST_HEALTHS, values)
    }


def write_content(answer: Answer) -> dict[str, Any]:
    """All of it that has no column of its own."""
    return {
        "progress": answer.progress,
        "next": answer.next,
        "last_next": answer.last_next.value if answer.last_next else None,
        "blocker": answer.blocker,
        "last_blocker": answer.last_blocker.value if answer.last_blocker else None,
        "need": answer.need,
        "readings": [[metric_id, str(value)] for metric_id, value in answer.readings],
        "via": answer.via.value if answer.via else None,
    }


def read_answer(
    initiative_id: int,
    revision: int,
    content: dict[str, Any],
    health: str | None,
    person_id: str | None,
    at: datetime | None,
    first_at: datetime | None = None,
) -> Answer:
    return Answer(
        initiative_id=initiative_id,
        health=Health(health) if health else None,
        progress=content.get("progress", ""),
        next=content.get("next", ""),
        last_next=NextOutcome(content["last_next"]) if content.get("last_next") else None,
        blocker=content.get("blocker", ""),
        last_blocker=BlockerOutcome(content["last_blocker"]) if content.get("last_blocker") else None,
        need=content.get("need", ""),
        readings=tuple((metric_id, Decimal(value)) for metric_id, value in content.get("readings", ())),
        by=person_id,
        at=at,
        via=Via(content["via"]) if content.get("via") else None,
        revision=revision,
        first_at=first_at,
    )

"""A closed week is kept as it was: what was asked, answered and told. Those of before are reckoned once, here.

A week is closed when its owner was asked again, or could have been. What its digest told was not kept then: silence is
taken from the answers, absence from the absences of today, numbers from the readings up to its last day, pace from the
rule that told of it.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = types.UtcDateTime(timezone=True)
    op.create_table(
        "closed_weeks",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("strategy_id", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("is_reckoned", sa.Boolean(), nullable=False),
        sa.Column("closed_at", instant, nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace_id", "strategy_id", "period", "person_id", name=op.f("pk_closed_weeks")
        ),
    )
    with op.batch_alter_table("check_ins", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed_at", instant, nullable=True))
    with op.batch_alter_table("digests", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("digests", schema=None) as batch_op:
        batch_op.alter_column("told", server_default=None)
    _reckon(op.get_bind())


def _rows(
    name: str, columns: str, *, instants: str = "", days: str = "", documents: str = ""
) -> sa.TableClause:
    return sa.table(
        name,
        sa.column("workspace_id"),
        *map(sa.column, columns.split()),
        *(sa.column(one, types.UtcDateTime(timezone=True)) for one in instants.split()),
        *(sa.column(one, sa.Date()) for one in days.split()),
        *(sa.column(one, sa.JSON()) for one in documents.split()),
    )


_strategies = _rows("strategies", "id zone")
_people = _rows("people", "person_id zone")
_absences = _rows("absences", "person_id", days="first last")
_digests = _rows("digests", "id", instants="posted_at")
_check_ins = _rows(
    "check_ins", "id strategy_id person_id period state digest_id", instants="due_at closed_at"
)
_answers = _rows("answers", "check_in_id initiative_id health", instants="at")
_revisions = _rows("revisions", "check_in_id initiative_id revision", instants="at")
_occurrences = _rows("occurrences", "strategy_id ritual period person_id", instants="due_at")
_initiatives = _rows("initiatives", "id strategy_id name", days="start due")
_metrics = _rows("success_metrics", "id initiative_id name unit baseline target position")
_readings = _rows("readings", "id metric_id check_in_id value", instants="at")
_kpis = _rows(
    "kpis",
    "id strategy_id name unit direction baseline target owner_id",
    days="baseline_on target_on",
    instants="created_at retired_at",
)
_kpi_readings = _rows("kpi_readings", "id kpi_id value", days="on", instants="at")
_closed = _rows(
    "closed_weeks", "strategy_id period person_id state is_reckoned", instants="closed_at", documents="facts"
)


def _reckon(bind: sa.Connection) -> None:
    for workspace_id, strategy_id, zone in bind.execute(
        sa.select(_strategies.c.workspace_id, _strategies.c.id, _strategies.c.zone)
    ).all():
        found = _Strategy(bind, workspace_id, strategy_id, zone).weeks()
        if not found:
            continue
        bind.execute(sa.insert(_closed), [row for row, _ in found])
        closing = sa.update(_check_ins).where(
            _check_ins.c.workspace_id == workspace_id, _check_ins.c.id == sa.bindparam("its_id")
        )
        values = [{"its_id": id_, "its_end": row["closed_at"]} for row, id_ in found]
        bind.execute(closing.values(closed_at=sa.bindparam("its_end")), values)


class _Strategy:
    """What is known of the weeks of one strategy."""

    def __init__(self, bind: sa.Connection, workspace_id: str, strategy_id: int, zone: str) -> None:
        self.bind, self.workspace_id, self.strategy_id, self.zone = bind, workspace_id, strategy_id, zone
        self.zones = {row.person_id: row.zone for row in self._all(_people)}
        self.absences = self._grouped(_absences, "person_id")
        self.digests = {row.id: row.posted_at for row in self._all(_digests)}
        self.prompts = self._grouped(_occurrences, "person_id", _occurrences.c.ritual == "prompt", own=True)
        self.initiatives = {row.id: row for row in self._all(_initiatives, own=True)}
        self.metrics = self._grouped(_metrics, "initiative_id")
        self.readings = self._grouped(_readings, "metric_id")
        self.kpis = self._grouped(_kpis, "owner_id", own=True)
        self.kpi_readings = self._grouped(_kpi_readings, "kpi_id")
        first = _revisions.c.revision == 1
        self.first = {(row.check_in_id, row.initiative_id): row.at for row in self._all(_revisions, first)}
        self.answers = self._grouped(_answers, "check_in_id")
        self.periods = {row.id: row.period for row in self._all(_check_ins, own=True)}

    def _all(self, rows: sa.TableClause, *where: sa.ColumnElement[bool], own: bool = False) -> list[Any]:
        of = [rows.c.workspace_id == self.workspace_id, *where]
        if own:
            of.append(rows.c.strategy_id == self.strategy_id)
        ids = [rows.c[name] for name in ("period", "id", "first", "position") if name in rows.c]
        return list(self.bind.execute(sa.select(rows).where(*of).order_by(*ids)))

    def _grouped(
        self, rows: sa.TableClause, by: str, *where: sa.ColumnElement[bool], own: bool = False
    ) -> dict[Any, list[Any]]:
        found: dict[Any, list[Any]] = {}
        for row in self._all(rows, *where, own=own):
            found.setdefault(getattr(row, by), []).append(row)
        return found

    def weeks(self) -> list[tuple[dict[str, Any], int]]:
        """Each closed week as a row, with the id of its check-in; the oldest first."""
        found, silent = [], dict[int, bool]()
        for check_in in self._all(_check_ins, own=True):
            later = [one for one in self.prompts.get(check_in.person_id, ()) if one.period > check_in.period]
            if not later:
                continue
            ended_at = min(one.due_at for one in later)
            facts = {
                "initiatives": [
                    self._initiative(check_in, answer, ended_at, silent)
                    for answer in sorted(self.answers.get(check_in.id, ()), key=lambda one: one.initiative_id)
                    if answer.initiative_id in self.initiatives
                ],
                "kpis": [
                    self._kpi(kpi, check_in, ended_at)
                    for kpi in self.kpis.get(check_in.person_id, ())
                    if kpi.created_at < ended_at and (kpi.retired_at is None or kpi.retired_at > ended_at)
                ],
            }
            row = {
                "workspace_id": self.workspace_id,
                "strategy_id": self.strategy_id,
                "period": check_in.period,
                "person_id": check_in.person_id,
                "state": check_in.state,
                "facts": facts,
                "is_reckoned": True,
                "closed_at": ended_at,
            }
            found.append((row, check_in.id))
        return found

    def _initiative(
        self, check_in: Any, answer: Any, ended_at: datetime, silent: dict[int, bool]
    ) -> dict[str, Any]:
        initiative = self.initiatives[answer.initiative_id]
        digested = self.digests.get(check_in.digest_id)
        standing = "answered"
        if not answer.health:
            standing = self._unsaid(check_in, digested or check_in.due_at)
            if standing == "no answer" and silent.get(initiative.id):
                standing = "outdated"
        if standing in ("answered", "no answer", "outdated"):
            silent[initiative.id] = standing != "answered"
        first = self.first.get((check_in.id, initiative.id), answer.at)
        is_on_time = digested is None or first is None or first <= digested
        return {
            "id": initiative.id,
            "name": initiative.name,
            "due": initiative.due.isoformat(),
            "standing": standing,
            "health": answer.health or None,
            "is_on_time": bool(answer.health) and is_on_time,
            "numbers": [
                self._metric(metric, initiative, check_in, ended_at)
                for metric in self.metrics.get(initiative.id, ())
            ],
        }

    def _unsaid(self, check_in: Any, at: datetime) -> str:
        day = at.astimezone(ZoneInfo(self._zone_of(check_in))).date()
        gone = self.absences.get(check_in.person_id, ())
        if any(one.first <= day and (one.last is None or day <= one.last) for one in gone):
            return "away"
        return {"skipped": "day off", "missed": "missed"}.get(check_in.state, "no answer")

    def _zone_of(self, check_in: Any) -> str:
        return str(self.zones.get(check_in.person_id, self.zone))

    def _last_day(self, check_in: Any, ended_at: datetime) -> date:
        return ended_at.astimezone(ZoneInfo(self._zone_of(check_in))).date() - timedelta(days=1)

    def _metric(self, metric: Any, initiative: Any, check_in: Any, ended_at: datetime) -> dict[str, Any]:
        """Without what was said early, for a week to come."""
        read = [
            one
            for one in self.readings.get(metric.id, ())
            if one.at < ended_at and self.periods.get(one.check_in_id, "") <= check_in.period
        ]
        way = (Decimal(metric.baseline), Decimal(metric.target), initiative.start, initiative.due)
        value = Decimal(read[-1].value) if read else None
        read_on = read[-1].at.astimezone(ZoneInfo(self._zone_of(check_in))).date() if read else None
        day, direction = (
            self._last_day(check_in, ended_at),
            "increase to" if way[1] > way[0] else "decrease to",
        )
        return _number(metric, way, day, day, value, read_on, direction, _monday(check_in.period))

    def _kpi(self, kpi: Any, check_in: Any, ended_at: datetime) -> dict[str, Any]:
        day = self._last_day(check_in, ended_at)
        read = [one for one in self.kpi_readings.get(kpi.id, ()) if one.at < ended_at and one.on <= day]
        last = max(read, key=lambda one: (one.on, one.id), default=None)
        way = (Decimal(kpi.baseline), Decimal(kpi.target), kpi.baseline_on, kpi.target_on)
        value, on = (Decimal(last.value), last.on) if last else (None, None)
        return _number(kpi, way, day, on or day, value, on, kpi.direction, _monday(check_in.period))


def _number(
    row: Any,
    way: tuple[Decimal, Decimal, date, date],
    day: date,
    judged_on: date,
    value: Decimal | None,
    read_on: date | None,
    direction: str,
    first_day: date,
) -> dict[str, Any]:
    baseline, target, _, last = way
    is_limit = direction.startswith("stay")
    line = target if is_limit else _line(*way, read_on if read_on and read_on >= first_day else day)
    pace = "no reading yet"
    if value is not None:
        is_met = value >= target if direction in ("increase to", "stay above") else value <= target
        pace = "on pace" if is_met else "behind"
        if is_met and not is_limit:
            pace = "reached"
        elif not is_limit:
            # The rule of then: on pace within a tenth of the whole way, until the target's day.
            lag = (
                (_line(*way, min(judged_on, last)) - value) / (target - baseline) if target != baseline else 1
            )
            pace = "behind" if lag > (_TENTH if day <= last else 0) else "on pace"
    return {
        "id": row.id,
        "name": row.name,
        "unit": row.unit,
        "baseline": str(baseline),
        "target": str(target),
        "line": str(line),
        "pace": pace,
        "value": None if value is None else str(value),
        "read_on": read_on.isoformat() if read_on else None,
    }


def _monday(period: str) -> date:
    return date.fromisocalendar(int(period[:4]), int(period[-2:]), 1)


_TENTH = Decimal("0.1")


def _line(baseline: Decimal, target: Decimal, first: date, last: date, on: date) -> Decimal:
    length = max((last - first).days, 1)
    passed = min(max((on - first).days, 0), length)
    return baseline + (target - baseline) * passed / length

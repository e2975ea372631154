"""What the values of an export must be to be worked with: the rules that forms have, and whatever reads the rows."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from domain.absences import name_country
from domain.acts import Way
from domain.bets import Verdict
from domain.changes import ChangeKind
from domain.check_ins import CheckInState
from domain.confidence import TargetOutcome
from domain.decisions import AskKind, DecisionState
from domain.healths import Health
from domain.initiatives import Status
from domain.kickoffs import ConfirmationState, Role
from domain.kpis import Cadence, Direction, Kind, why_wrong_side
from domain.periods import Month, Week
from domain.reading.numbers import is_kept
from domain.retrospectives import LearningKind
from domain.reviews import Carried, Choice
from domain.rituals import Ritual
from domain.schedules import check_schedule
from domain.words import listed
from domain.zones import known_zones
from storage.acts import read_kind
from storage.answers import read_answer
from storage.bets import read_known
from storage.closed_weeks import read_facts
from storage.digests import read_told
from storage.exports import EXPORTED, Row
from storage.imports.documents import Tables
from storage.imports.refusals import UNREADABLE, ImportRefusedError, all_of, path_to, quoted
from storage.kpis import read_former_plans, read_months
from storage.people import read_work_pattern
from storage.schedules import read_schedule, write_schedule
from storage.signs import read_signs

_AS_WRITTEN = "as an export writes it"


@dataclass(frozen=True, slots=True)
class _Rule:
    """`holds` says no, or raises, for a value that must not be; `wanted` ends "it has to be ..."."""

    holds: Callable[[Any], object]
    wanted: str


def require_sound(tables: Tables) -> None:
    """Raises ImportRefusedError with the first value that nothing could be done with, and where it stands."""
    problems = [*_values(tables), *_twice(tables), *_together(tables), *_named(tables)]
    if problems:
        raise ImportRefusedError(all_of(problems))


def _values(tables: Tables) -> Iterator[str]:
    for table, rules in _RULES.items():
        for at, row in enumerate(tables[table]):
            for column, rule in rules.items():
                if row[column] is not None and not _is_so(rule.holds, row[column]):
                    yield f"{path_to(table, at, column)} is {quoted(row[column])}: it has to be {rule.wanted}."


def _is_so(holds: Callable[[Any], object], value: Any) -> bool:
    try:
        return holds(value) is not False
    except UNREADABLE:
        return False


def _twice(tables: Tables) -> Iterator[str]:
    """Rows that no database takes a second time."""
    for name, rows in EXPORTED.items():
        unique = [index.columns for index in rows.indexes if index.unique and not _is_partial(index)]
        for columns in (rows.primary_key.columns, *unique):
            keys = [column.name for column in columns if column.name != "workspace_id"]
            first: dict[tuple[Any, ...], int] = {}
            for at, row in enumerate(tables[name]):
                key = tuple(row[one] for one in keys)
                if (before := first.setdefault(key, at)) != at:
                    same = f"the {listed(keys)} of {path_to(name, before)}" if keys else "one before it"
                    yield f"{path_to(name, at)} has {same}: the same may not stand in it twice."


def _is_partial(index: Any) -> bool:
    return index.dialect_options["sqlite"]["where"] is not None


def _together(tables: Tables) -> Iterator[str]:
    """What no row says by itself."""
    for needed, what in (("leads", "lead"), ("schedules", "schedule")):
        if not tables[needed]:
            yield f"tables.{needed} is empty: a strategy has at least one {what}."
    for at, row in enumerate(tables["kpis"]):
        if problem := _wrong_side(row):
            yield f"{path_to('kpis', at, 'target')} is {quoted(row['target'])}: {problem}"
    for at, row in enumerate(tables["answers"]):
        yield from _unreadable_answer("answers", at, row)
    for at, row in enumerate(tables["revisions"]):
        yield from _unreadable_answer("revisions", at, row)
    for name in ("due", "occurrences"):
        for at, row in enumerate(tables[name]):
            period = _PERIOD_OF.get(row["ritual"])
            if period and not _is_so(period.holds, row["period"]):
                yield f"{path_to(name, at, 'period')} is {quoted(row['period'])}: it has to be {period.wanted}."


def _wrong_side(row: Row) -> str | None:
    try:
        return why_wrong_side(Direction(row["direction"]), Decimal(row["baseline"]), Decimal(row["target"]))
    except UNREADABLE:
        return None  # which is said of that column


def _unreadable_answer(name: str, at: int, row: Row) -> Iterator[str]:
    words = [row["content"].get(key, "") for key in ("progress", "next", "blocker", "need")]

    def read(content: Any) -> object:
        answer = read_answer(row["initiative_id"], row["revision"], content, None, None, None)
        ids = [metric_id for metric_id, _ in answer.readings]
        return (
            all(isinstance(one, str) for one in words)
            and _are_ids(ids)
            and all(is_kept(value) for _, value in answer.readings)
        )

    if not _is_so(read, row["content"]):
        yield f"{path_to(name, at, 'content')} is {quoted(row['content'])}: it has to be {_AS_WRITTEN}."


def _named(tables: Tables) -> Iterator[str]:
    """What names a row that has to be there, and is not."""
    there: Mapping[str, set[Any]] = defaultdict(
        set,
        {
            name: {row["person_id" if name == "people" else "id"] for row in tables[name]}
            for name in _NAMED.values()
        },
    )
    for (table, column), named in _NAMED.items():
        for at, row in enumerate(tables[table]):
            if row[column] is not None and row[column] not in there[named]:
                yield f"{path_to(table, at, column)} is {quoted(row[column])}, which is in none of tables.{named}."


_NAMED = {
    ("leads", "person_id"): "people",
    ("initiatives", "owner_id"): "people",
    ("initiatives", "goal_id"): "goals",
    ("kpis", "owner_id"): "people",
    ("kpis", "goal_id"): "goals",
    ("milestones", "person_id"): "people",
    ("decisions", "decider_id"): "people",
    ("decisions", "requested_by"): "people",
    ("bets", "decision_id"): "decisions",
    ("check_ins", "person_id"): "people",
    ("answers", "initiative_id"): "initiatives",
    ("success_metrics", "kpi_id"): "kpis",
    ("signs_shown", "initiative_id"): "initiatives",
}
"""What the strategy's every week is read by, and what table it is of."""


def _one_of(values: type[StrEnum]) -> _Rule:
    return _Rule(values, listed([f'"{value}"' for value in values], "or"))


def _is_number(written: str) -> bool:
    value = Decimal(written)
    return is_kept(value) and str(value) == written


def _are_months(kept: Mapping[str, str]) -> bool:
    return all(is_kept(point.value) for point in read_months(kept))


def _are_plans(kept: Mapping[str, Any]) -> bool:
    plans = read_former_plans(kept)
    values = [
        value for plan in plans for value in (plan.baseline, plan.target, *(one.value for one in plan.months))
    ]
    return all(map(is_kept, values))


def _are_ids(found: object) -> bool:
    return isinstance(found, list) and all(type(one) is int and abs(one) < 2**63 for one in found)


def _are_words(found: object) -> bool:
    return isinstance(found, list) and all(isinstance(one, str) for one in found)


def _is_ts(ts: str) -> bool:
    return re.fullmatch(r"[0-9]{10}\.[0-9]{6}", ts) is not None


def _is_schedule(kept: dict[str, Any]) -> bool:
    schedule = read_schedule(kept)
    same = write_schedule(schedule)
    return {**same, **kept} == same and not check_schedule(schedule)


def _are_days(days: str) -> bool:
    return bool(days) and "".join(sorted(set(days))) == days and set(days) <= set("0123456")


def _is_country(place: str) -> bool:
    return bool(name_country(read_work_pattern("0", place).country))


def _is_reviewed(details: Mapping[str, Any]) -> bool:
    """Whether a review's details say whom it asked, about what, and whom it need not remind."""
    asked, told_in = details.get("lead_messages"), details.get("outcome_id")
    reminders = details.get("reminders", {})
    return (
        _are_ids(details.get("message_ids"))
        and isinstance(asked, dict)
        and _are_ids([*asked.values()])
        and isinstance(reminders, dict)
        and _are_ids([*reminders.values()])
        and _are_ids(details.get("initiative_ids", []))
        and _are_words(details.get("reminded", []))
        and (told_in is None or _are_ids([told_in]))
    )


def _known(rules: Iterable[tuple[str, _Rule]]) -> Mapping[str, Mapping[str, _Rule]]:
    """By table and column."""
    found: dict[str, dict[str, _Rule]] = defaultdict(dict)
    for where, rule in rules:
        table, _, column = where.partition(".")
        found[table][column] = rule
    return found


_ZONE = _Rule(lambda zone: zone in known_zones(), "a time zone, like Europe/London")
_NUMBER = _Rule(_is_number, "a number below 10^15 with up to 6 decimals, like 1250 or 4.5")
_PERCENT = _Rule(lambda percent: 0 <= percent <= 100, "a percentage from 0 to 100")
_DAYS = _Rule(_are_days, "days in order, from 0 (Monday) to 6, like 01234")
_COUNTRY = _Rule(_is_country, "a country whose holidays are known, like GB or GB-SCT")
_WEEK = _Rule(Week.parse, "a week, like 2026-W48")
_MONTH = _Rule(Month.parse, "a month, like 2026-12")
_NAME = _Rule(lambda name: bool(name.strip()), "a name")
_HEALTH, _RITUAL, _CARRIED = _one_of(Health), _one_of(Ritual), _one_of(Carried)
_PERIOD_OF = {
    Ritual.PROMPT: _WEEK,
    Ritual.REMINDER_1: _WEEK,
    Ritual.REMINDER_2: _WEEK,
    Ritual.DIGEST: _WEEK,
    Ritual.REVIEW: _MONTH,
}
_RULES = _known(
    [
        ("people.zone", _ZONE),
        ("people.working_days", _DAYS),
        ("people.country", _COUNTRY),
        ("strategies.name", _NAME),
        ("strategies.zone", _ZONE),
        ("strategies.working_days", _DAYS),
        ("strategies.country", _COUNTRY),
        ("schedules.from_period", _WEEK),
        (
            "schedules.schedule",
            _Rule(
                _is_schedule,
                'like {"prompt": "0 09:00", "reminders": ["1 09:00"], "digest": "2 11:00", "review": "1 3 10:00"}, '
                "as the form for it takes it",
            ),
        ),
        ("changes.kind", _one_of(ChangeKind)),
        ("acts.kind", _Rule(read_kind, _AS_WRITTEN)),
        ("acts.way", _one_of(Way)),
        ("initiatives.name", _NAME),
        ("initiatives.status", _one_of(Status)),
        ("success_metrics.baseline", _NUMBER),
        ("success_metrics.target", _NUMBER),
        ("success_metrics.value", _NUMBER),
        ("success_metrics.first_target", _NUMBER),
        ("success_metrics.not_kpis", _Rule(lambda kept: _are_ids(kept["kpi_ids"]), _AS_WRITTEN)),
        (
            "charters.channels",
            _Rule(lambda kept: _are_words(kept["channels"]), 'like {"channels": ["email"]}'),
        ),
        ("confirmations.role", _one_of(Role)),
        ("confirmations.state", _one_of(ConfirmationState)),
        ("learnings.kind", _one_of(LearningKind)),
        ("kpis.name", _NAME),
        ("kpis.kind", _one_of(Kind)),
        ("kpis.direction", _one_of(Direction)),
        ("kpis.cadence", _one_of(Cadence)),
        ("kpis.baseline", _NUMBER),
        ("kpis.target", _NUMBER),
        ("kpis.months", _Rule(_are_months, 'like {"2026-12": "320"}')),
        ("kpis.former_plans", _Rule(_are_plans, _AS_WRITTEN)),
        ("kpi_readings.value", _NUMBER),
        ("signals.value", _NUMBER),
        ("signals.low", _NUMBER),
        ("signals.high", _NUMBER),
        ("readings.value", _NUMBER),
        ("check_ins.period", _WEEK),
        ("check_ins.state", _one_of(CheckInState)),
        ("answers.health", _HEALTH),
        ("revisions.health", _HEALTH),
        ("closed_weeks.period", _WEEK),
        ("closed_weeks.state", _one_of(CheckInState)),
        ("closed_weeks.facts", _Rule(read_facts, _AS_WRITTEN)),
        ("signs_shown.period", _WEEK),
        ("signs_shown.signs", _Rule(read_signs, _AS_WRITTEN)),
        ("digests.period", _WEEK),
        ("digests.details", _Rule(lambda kept: _are_ids(kept["message_ids"]), 'like {"message_ids": []}')),
        ("digests.told", _Rule(read_told, _AS_WRITTEN)),
        ("reviews.period", _MONTH),
        ("reviews.details", _Rule(_is_reviewed, _AS_WRITTEN)),
        ("review_choices.choice", _one_of(Choice)),
        ("message_checks.carried", _CARRIED),
        ("message_check_revisions.carried", _CARRIED),
        *((f"confidences.{column}", _NUMBER) for column in ("baseline", "target", "value")),
        *((f"confidences.{column}", _PERCENT) for column in ("percent", "line")),
        ("confidences.outcome", _one_of(TargetOutcome)),
        ("decisions.kind", _one_of(AskKind)),
        ("decisions.state", _one_of(DecisionState)),
        (
            "decisions.options",
            _Rule(lambda kept: _are_words(kept["options"]), 'like {"options": ["Yes", "No"]}'),
        ),
        ("bets.expected_value", _NUMBER),
        ("bets.then", _Rule(read_known, _AS_WRITTEN)),
        ("bets.found", _Rule(read_known, _AS_WRITTEN)),
        ("bet_looks.verdict", _one_of(Verdict)),
        ("messages.ts", _Rule(_is_ts, "Slack's, like 1764147600.000200")),
        ("due.ritual", _RITUAL),
        ("occurrences.ritual", _RITUAL),
    ]
)

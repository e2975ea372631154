"""An export with a value that no form would take is refused by its path and that value, before a row is written."""

import copy
import json
import re
from typing import Any

import pytest

from storage import exports, imports
from storage.database import Database
from storage.imports.documents import read_document
from storage.imports.values import require_sound
from tests.support.whole_strategy import NOW, TEAM, fill

Json = dict[str, Any]
FACTS: Json = {"initiatives": [], "kpis": [{"id": 1}]}
SCHEDULE: Json = {"prompt": "0 09:00", "reminders": ["1 09:00"], "digest": "2 11:00", "review": "1 3 10:00"}


@pytest.fixture(scope="module")
def document(request: pytest.FixtureRequest) -> Json:
    database = Database.open(request.getfixturevalue("sqlite_files_of_module").new(), migrate=False)
    database.run(fill, 1)
    made: Json = json.loads(json.dumps(database.run(exports.export_strategy, TEAM, 1, NOW)))
    database.close()
    return made


def with_value(document: Json, table: str, column: str, value: object) -> Json:
    changed = copy.deepcopy(document)
    changed["tables"][table][0][column] = value
    return changed


def refusal_of(document: object) -> str:
    with pytest.raises(imports.ImportRefusedError) as refused:
        require_sound(read_document(document)[1])
    return str(refused.value)


def test_an_export_breaks_no_rule(document: Json) -> None:
    require_sound(read_document(document)[1])


@pytest.mark.parametrize(
    ("table", "column", "value", "wanted"),
    [
        ("strategies", "zone", "Mars/Olympus", "a time zone, like Europe/London"),
        ("strategies", "zone", "", "a time zone"),
        ("people", "zone", "GMT+25", "a time zone"),
        ("strategies", "working_days", "", "days in order"),
        ("strategies", "working_days", "0123456789", "days in order"),
        ("people", "working_days", "Mon-Fri", "days in order"),
        ("strategies", "country", "Atlantis", "a country whose holidays are known"),
        ("strategies", "name", " ", "a name"),
        ("kpis", "target", "abc", "a number below 10^15"),
        ("kpis", "target", "NaN", "a number below 10^15"),
        ("kpis", "baseline", "-Infinity", "a number below 10^15"),
        ("kpis", "baseline", "1E+999999", "a number below 10^15"),
        ("kpis", "baseline", "1_000", "a number below 10^15"),
        ("kpis", "baseline", " 7", "a number below 10^15"),
        ("success_metrics", "value", "4,5", "a number below 10^15"),
        ("success_metrics", "first_target", "1.0000001", "a number below 10^15"),
        ("kpi_readings", "value", "many", "a number below 10^15"),
        ("readings", "value", "", "a number below 10^15"),
        ("kpis", "kind", "money", '"count", "percent", "currency", "ratio" or "duration"'),
        ("kpis", "direction", "up", '"increase to", "decrease to", "stay above" or "stay below"'),
        ("kpis", "cadence", "daily", '"weekly" or "monthly"'),
        ("kpis", "months", {"2026-12": "NaN"}, 'like {"2026-12": "320"}'),
        ("answers", "health", "green", '"on_track", "at_risk" or "off_track"'),
        ("revisions", "health", "RED", '"on_track", "at_risk" or "off_track"'),
        ("answers", "content", {"progress": 7}, "as an export writes it"),
        ("answers", "content", {"via": "fax"}, "as an export writes it"),
        ("revisions", "content", {"readings": [[7, "NaN"]]}, "as an export writes it"),
        ("initiatives", "status", "running", '"proposed", "active", "paused", "completed" or "stopped"'),
        ("initiatives", "name", "", "a name"),
        ("check_ins", "state", "open", '"asked", "early", "skipped", "missed" or "paused"'),
        ("check_ins", "period", "2026-W54", "a week, like 2026-W48"),
        ("schedules", "from_period", "2026-48", "a week, like 2026-W48"),
        ("schedules", "schedule", {"prompt": "Monday 9"}, "as the form for it takes it"),
        ("schedules", "schedule", SCHEDULE | {"digests": "2 11:00"}, "as the form for it takes it"),
        ("schedules", "schedule", SCHEDULE | {"digest": "7 11:00"}, "as the form for it takes it"),
        ("schedules", "schedule", SCHEDULE | {"digest": "0 09:00"}, "as the form for it takes it"),
        ("schedules", "schedule", SCHEDULE | {"reminders": ["1 03:00"]}, "as the form for it takes it"),
        ("schedules", "schedule", SCHEDULE | {"review": "5 3 10:00"}, "as the form for it takes it"),
        ("due", "ritual", "standup", '"prompt"'),
        ("due", "period", "2026-12", "a week, like 2026-W48"),
        ("occurrences", "period", "yesterday", "a week, like 2026-W48"),
        ("reviews", "period", "2026-W48", "a month, like 2026-12"),
        ("changes", "kind", "mood", '"added"'),
        ("learnings", "kind", "stop", '"keep" or "change"'),
        ("review_choices", "choice", "maybe", '"continue", "change" or "stop"'),
        ("message_checks", "carried", "half", '"yes", "partly" or "no"'),
        ("confidences", "target", "many", "a number"),
        ("confidences", "percent", 101, "a percentage from 0 to 100"),
        ("confidences", "outcome", "half", '"met", "missed" or "unknown"'),
        ("confirmations", "role", "friend", '"owner"'),
        ("confirmations", "state", "maybe", '"asked", "yes", "declined" or "withdrawn"'),
        ("decisions", "kind", "wish", '"decision", "resource" or "help"'),
        ("decisions", "state", "late", '"open", "decided", "defaulted" or "withdrawn"'),
        ("decisions", "options", {"choices": []}, 'like {"options": ["Yes", "No"]}'),
        ("charters", "channels", {"channels": "email"}, 'like {"channels": ["email"]}'),
        ("closed_weeks", "facts", FACTS, "as an export writes it"),
        ("messages", "ts", "yesterday", "Slack's, like 1764147600.000200"),
        ("digests", "told", {"11": {"standing": "fine", "owner": "U1"}}, "as an export writes it"),
        ("signs_shown", "signs", {"carried": "three"}, "as an export writes it"),
    ],
)
def test_a_value_that_no_form_takes_is_refused_by_path_and_value(
    document: Json, table: str, column: str, value: object, wanted: str
) -> None:
    said = refusal_of(with_value(document, table, column, value))

    shown = json.dumps(value)[:20]
    assert said.startswith(f"tables.{table}[0].{column} is {shown}")
    assert wanted in said


@pytest.mark.parametrize("column", ["created_at", "posted_at", "at"])
def test_a_time_without_a_zone_is_refused_by_path_and_value(document: Json, column: str) -> None:
    table = {"created_at": "strategies", "posted_at": "digests", "at": "answers"}[column]
    said = refusal_of(with_value(document, table, column, "2026-11-30T09:00:00"))

    assert f'tables.{table}[0].{column} is "2026-11-30T09:00:00" and has to be an instant in UTC' in said


@pytest.mark.parametrize(("table", "what"), [("leads", "lead"), ("schedules", "schedule")])
def test_a_strategy_without_leads_or_schedule_is_refused(document: Json, table: str, what: str) -> None:
    changed = document | {"tables": document["tables"] | {table: []}}
    assert refusal_of(changed) == f"tables.{table} is empty: a strategy has at least one {what}."


@pytest.mark.parametrize(
    ("table", "same"),
    [
        ("kpis", "id"),
        ("leads", "strategy_id and person_id"),
        ("absences", "person_id and first"),
        ("schedules", "strategy_id and from_period"),
        ("people", "person_id"),
        ("answers", "check_in_id and initiative_id"),
    ],
)
def test_a_row_twice_is_refused_by_where_it_stands(document: Json, table: str, same: str) -> None:
    changed = copy.deepcopy(document)
    changed["tables"][table].append(dict(changed["tables"][table][1]))

    said = refusal_of(changed)

    assert said.startswith(f"tables.{table}[2] has the {same} of tables.{table}[1]")


def test_a_week_of_one_person_twice_is_refused_though_its_id_is_another(document: Json) -> None:
    changed = copy.deepcopy(document)
    changed["tables"]["check_ins"].append(changed["tables"]["check_ins"][0] | {"id": 999})

    assert refusal_of(changed).startswith(
        "tables.check_ins[2] has the strategy_id, person_id and period of tables.check_ins[0]"
    )


@pytest.mark.parametrize(
    ("table", "column", "value", "named"),
    [
        ("leads", "person_id", "U9", "people"),
        ("initiatives", "owner_id", "U9", "people"),
        ("initiatives", "goal_id", 7, "goals"),
        ("kpis", "owner_id", "", "people"),
        ("milestones", "person_id", "U9", "people"),
        ("decisions", "decider_id", "U9", "people"),
        ("answers", "initiative_id", 7, "initiatives"),
        ("success_metrics", "kpi_id", 7, "kpis"),
    ],
)
def test_what_names_a_row_that_is_not_there_is_refused(
    document: Json, table: str, column: str, value: object, named: str
) -> None:
    said = refusal_of(with_value(document, table, column, value))

    assert said.startswith(
        f"tables.{table}[0].{column} is {json.dumps(value)}, which is in none of tables.{named}."
    )


def test_a_target_on_the_wrong_side_is_refused_in_the_words_of_the_form(document: Json) -> None:
    said = refusal_of(with_value(document, "kpis", "target", "4"))

    assert said == (
        'tables.kpis[0].target is "4": To increase, the target must be above the baseline. '
        "Is it “decrease to”, or another number?"
    )


def test_of_several_problems_the_first_is_said_and_how_many_there_are(document: Json) -> None:
    changed = with_value(document, "strategies", "zone", "Nowhere")
    changed["tables"]["kpis"][0] |= {"target": "abc", "cadence": "hourly"}

    said = refusal_of(changed)

    assert said.startswith('tables.strategies[0].zone is "Nowhere"')
    assert said.endswith("There are 2 more problems like it.")


@pytest.mark.parametrize("length", [10, 5_000])
def test_a_refusal_stays_a_sentence_however_long_the_value(document: Json, length: int) -> None:
    assert re.fullmatch(r".{20,300}\.", refusal_of(with_value(document, "kpis", "target", "x" * length)))


def test_nothing_is_imported_of_what_is_refused(database: Database, document: Json) -> None:
    changed = with_value(document, "answers", "health", "green")
    with pytest.raises(imports.ImportRefusedError, match=r"tables\.answers\[0\]\.health"):
        database.run(imports.import_strategy, changed)

    left = database.run(exports.read_tables, TEAM, 1)
    assert not any(left.values())

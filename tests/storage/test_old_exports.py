"""An export that an older version made is imported as its database would have been upgraded."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from storage import closed_weeks, exports, imports, strategies, workspaces
from storage.database import Database
from storage.migrations import head
from storage.migrations.exports import revision_of
from storage.workspaces import Workspace
from tests.support.databases import SqliteFiles
from tests.support.harbor_lights import FIRST_WEEK
from tests.support.walks import Walk, thirteen_weeks
from tests.support.whole_strategy import NOW, TEAM

Json = dict[str, Any]


@pytest.fixture(scope="module")
def walked(sqlite_files_of_module: SqliteFiles) -> Iterator[tuple[Database, Json, int]]:
    """Thirteen weeks, what is exported of them today, and their strategy."""
    database = Database.open(sqlite_files_of_module.new(), migrate=False)
    with database.session() as session:
        workspaces.save_workspace(session, Workspace(TEAM, "Harbor Lights", "UBOT"))
        walk = Walk.begin(session)
        thirteen_weeks(walk)
        session.commit()
    document = database.run(exports.export_strategy, TEAM, walk.strategy_id, NOW)
    yield database, json.loads(json.dumps(document)), walk.strategy_id
    database.close()


def as_of_0008(document: Json) -> Json:
    """As it was exported before closed weeks were kept."""
    tables = {name: [dict(row) for row in rows] for name, rows in document["tables"].items()}
    newer = ("bet_looks", "bets", "confidences", "signal_words", "signals", "signs_shown")
    for name in ("acts", "closed_weeks", "seen_words", *newer):
        del tables[name]
    gone = {
        "check_ins": ["closed_at"],
        "digests": ["told"],
        "initiatives": ["owner_since"],
        "confirmations": ["changed", "nudged_at"],
        "strategies": ["closed_at"],
        "goals": ["former_id"],
        "review_answers": ["id"],
        "review_choices": ["id", "changed"],
        "success_metrics": ["kpi_id", "kpi_left", "not_kpis"],
        "kpi_readings": ["check_in_id", "metric_id"],
    }
    for name, columns in gone.items():
        for row in tables[name]:
            for column in columns:
                del row[column]
    return {**document, "tables": tables}


def test_an_export_from_before_closed_weeks_is_read_and_its_weeks_are_reckoned(
    walked: tuple[Database, Json, int], empty_url: str
) -> None:
    database, document, strategy_id = walked
    old = as_of_0008(document)
    assert revision_of(old["tables"], frozenset(exports.LEFT_OUT)) == "0008"

    other = Database.open(empty_url, migrate=True)
    assert other.run(imports.import_strategy, old) == "Harbor Lights"
    kept = other.run(closed_weeks.list_closed_weeks, TEAM, strategy_id, FIRST_WEEK)
    known = database.run(closed_weeks.list_closed_weeks, TEAM, strategy_id, FIRST_WEEK)
    assert all(week.is_reckoned for week in kept)
    assert [(one.person_id, one.period, one.state) for one in kept] == [
        (one.person_id, one.period, one.state) for one in known if one.state is not None
    ]
    for storing in (database, other):
        assert storing.run(strategies.get_strategy, TEAM, strategy_id).name == "Harbor Lights"
    other.close()


def test_an_old_export_with_rows_that_no_migration_can_read_is_refused_in_a_sentence(
    walked: tuple[Database, Json, int], sqlite_files: SqliteFiles
) -> None:
    _, document, strategy_id = walked
    old = as_of_0008(document)
    old["tables"]["kpis"][0]["target"] = "many"
    other = Database.open(sqlite_files.new(), migrate=False)
    with pytest.raises(imports.ImportRefusedError, match="of an older Drumbeat"):
        other.run(imports.import_strategy, old)
    assert other.run(exports.read_tables, TEAM, strategy_id)["strategies"] == []
    other.close()


def test_the_schema_of_today_is_known_by_its_export(walked: tuple[Database, Json, int]) -> None:
    assert revision_of(walked[1]["tables"], frozenset(exports.LEFT_OUT)) == head()

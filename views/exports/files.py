"""An exported strategy as files: one JSON that can be read back, and tables for a spreadsheet, in a zip.

And a person's own words, as one table.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.acts import Act
from domain.reading.legible import legible

Document = Mapping[str, Any]
JSON_NAME = "strategy.json"
_NOT_IN_TABLES = ("workspaces", "messages", "due", "occurrences")
"""Of use to the bot alone."""
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
# Rows that other rows name, and the column that a person knows them by.
_NAMED = {"initiative_id": ("initiatives", "name"), "goal_id": ("goals", "text"), "kpi_id": ("kpis", "name")}
_NAMED |= {"metric_id": ("success_metrics", "name")}


@dataclass(frozen=True, slots=True)
class OwnWords:
    """One version of a message; `recorded` are (the initiative and its strategy, the words recorded for it)."""

    at: datetime
    version: int
    text: str
    recorded: tuple[tuple[str, str], ...]


def words_csv(written: Sequence[OwnWords]) -> bytes:
    """A row for each version of a message; what was recorded of it a line each, for nobody but its writer."""
    return _csv(
        [
            {
                "written_at": one.at.isoformat(),
                "version": one.version,
                "words": one.text,
                "recorded": "\n".join(f"{about}: {words}".strip(": ") for about, words in one.recorded),
            }
            for one in written
        ]
    )


def acts_csv(
    acts: Sequence[tuple[int | None, Act]], strategies: Mapping[int, str], people: Mapping[str, str]
) -> bytes:
    """The audit log of a workspace, a row an act; of a change with the words that its history shows."""
    return _csv(
        [
            {
                "at": act.at.isoformat(),
                "who_id": act.person_id,
                "who": people.get(act.person_id or "", ""),
                "way": act.way,
                "token": act.token and f"…{act.token}",
                "what": act.kind,
                "strategy_id": strategy_id,
                "strategy": strategies.get(strategy_id or 0, ""),
                "thing_id": act.thing_id,
                "thing": act.name,
                "from": act.before,
                "to": act.after,
                "why": act.why,
                "about_id": act.about_id,
                "about": people.get(act.about_id or "", ""),
                "act_id": act.id,
            }
            for strategy_id, act in acts
        ]
    )


def file_name(document: Document, ending: str) -> str:
    """As in "harbor-lights-2026-12-17.zip"."""
    name = slug(str(document["tables"]["strategies"][0]["name"]))
    return f"{name}-{str(document['exported_at'])[:10]}.{ending}"


def slug(name: str) -> str:
    """A strategy's name as a file's begins."""
    return "-".join(re.findall(r"\w+", name.casefold()))[:60] or "strategy"


def json_bytes(document: Document) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def zip_bytes(document: Document, people_columns: Iterable[str]) -> bytes:
    """The JSON and a CSV for each table; the same document makes the same bytes."""
    files = {JSON_NAME: json_bytes(document)}
    for name, rows in document["tables"].items():
        if rows and name not in _NOT_IN_TABLES:
            files[f"{name}.csv"] = _csv(_readable(rows, document["tables"], frozenset(people_columns)))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _readable(
    rows: Sequence[Mapping[str, Any]],
    tables: Mapping[str, Sequence[Mapping[str, Any]]],
    people_columns: frozenset[str],
) -> list[dict[str, Any]]:
    """Rows with the names of what they refer to, and what is nested spread over columns."""
    people = {row["person_id"]: row["name"] for row in tables["people"]}
    names: dict[str, Mapping[Any, Any]] = {
        column: {row["id"]: row[called] for row in tables[name]} for column, (name, called) in _NAMED.items()
    }
    readable = []
    for row in rows:
        told: dict[str, Any] = {}
        for column, value in row.items():
            if isinstance(value, dict):
                told |= {f"{column}.{key}": inner for key, inner in value.items()}
                continue
            told[column] = value
            if column in names:
                told[column.removesuffix("_id")] = names[column].get(value, "")
            elif column in people_columns:
                told[f"{column.removesuffix('_id')}_name"] = people.get(value, "")
        readable.append(told)
    return readable


def _csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """With a byte order mark, by which spreadsheets know UTF-8."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(map(guarded, columns))
    writer.writerows([guarded(row.get(column)) for column in columns] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def guarded(value: Any) -> Any:
    """A cell that deceives neither the eye nor a spreadsheet, which takes words for a formula (OWASP, "CSV
    Injection"); the JSON holds them as they were typed.
    """
    if isinstance(value, (list, dict)):
        value = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, str):
        return value
    value = legible(value)
    is_formula = value.startswith("\t") or value.lstrip().startswith(_FORMULA)
    return f"'{value}" if is_formula and not _NUMBER.fullmatch(value) else value

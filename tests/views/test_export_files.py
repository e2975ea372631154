"""Exports as spreadsheets see them."""

import csv
import io
import json
import re
import zipfile
from typing import Any

import pytest

from storage.database import Database
from storage.exports import PEOPLE_COLUMNS, export_strategy
from tests.support.whole_strategy import NOW, TEAM, fill
from views.exports.files import file_name, guarded, json_bytes, zip_bytes
from views.exports.reading import read_export


@pytest.fixture
def document(sqlite_url: str) -> dict[str, Any]:
    database = Database.open(sqlite_url, migrate=False)
    database.run(fill)
    found = database.run(export_strategy, TEAM, 1, NOW)
    database.close()
    return found


@pytest.mark.parametrize(
    "text", ["=cmd()", "+1+1", "-1+1", "@SUM(A1)", " =1", "\t=1", "\n=1", "\tcmd", "＝1+1", "-", "=-5"]
)
def test_words_that_a_spreadsheet_takes_for_a_formula_are_guarded(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize(
    "value", ["-5", "+4.25", "4,650 subscribers", "a=b", 7, None, "", True, "2026-12-17"]
)
def test_numbers_and_other_words_stay_as_they_are(value: object) -> None:
    assert guarded(value) == value


@pytest.mark.parametrize(
    ("text", "cell"),
    [("\u200b=1", "'=1"), ("\u202e\ufeff=1", "'=1"), ("\r=1", "'\n=1"), ("gala\u202egpj", "galagpj")],
)
def test_what_hides_in_words_hides_in_no_cell(text: str, cell: str) -> None:
    assert guarded(text) == cell


def test_what_is_nested_is_guarded_too() -> None:
    assert guarded(["=1+1"]) == '["=1+1"]'


def sheets(document: dict[str, Any]) -> dict[str, list[dict[str, str]]]:
    found = {}
    with zipfile.ZipFile(io.BytesIO(zip_bytes(document, PEOPLE_COLUMNS))) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            if name.endswith(".csv"):
                found[name] = list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
    return found


def test_every_table_that_people_read_is_a_csv_of_guarded_cells(document: dict[str, Any]) -> None:
    found = sheets(document)

    assert {"strategies.csv", "initiatives.csv", "kpi_readings.csv", "decisions.csv", "answers.csv"} <= set(
        found
    )
    assert not {"messages.csv", "due.csv"} & set(found)
    for name, rows in found.items():
        assert len(rows) == len(document["tables"][name.removesuffix(".csv")]), name
        cells = [cell for row in rows for cell in row.values()]
        begun = [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
        assert [cell for cell in begun if not re.fullmatch(r"-\d+", cell)] == [], name


def test_rows_name_what_they_refer_to(document: dict[str, Any]) -> None:
    names = {row["id"]: row["name"] for row in document["tables"]["initiatives"]}
    people = {row["person_id"]: row["name"] for row in document["tables"]["people"]}
    row = sheets(document)["milestones.csv"][0]

    assert row["initiative"] == f"'{names[int(row['initiative_id'])]}"
    assert row["person_name"] == f"'{people[row['person_id']]}"
    assert sheets(document)["answers.csv"][0]["content.progress"].startswith("'=1+1")


def test_the_json_comes_out_of_the_zip_as_it_went_in(document: dict[str, Any]) -> None:
    packed = zip_bytes(document, PEOPLE_COLUMNS)

    assert read_export(packed) == json.loads(json_bytes(document)) == document
    assert read_export(json_bytes(document)) == document
    assert zip_bytes(document, PEOPLE_COLUMNS) == packed


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Harbor Lights", "harbor-lights-2026-12-17.zip"),
        ("../../x y", "x-y-2026-12-17.zip"),
        ("🌊", "strategy-2026-12-17.zip"),
        ("Ä" * 90, "ä" * 60 + "-2026-12-17.zip"),
    ],
)
def test_the_file_is_called_after_the_strategy(document: dict[str, Any], name: str, expected: str) -> None:
    document["tables"]["strategies"][0]["name"] = name
    assert file_name(document, "zip") == expected

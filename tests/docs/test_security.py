"""docs/security.md says of every table what it holds of people and until when, as the rules have it."""

import re
from pathlib import Path

import pytest

from storage.forgetting.rules import PERSON, RULES, TEXT, WHOLE, Words
from storage.models import Base

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
_ROW = re.compile(r"^\| `(\w+)` \| (.+) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
ROWS = {name: cells for name, *cells in _ROW.findall(PAGE)}
KEPT_FOR = {"drafts": "30 days", "seen": "30 days", "install_states": "10 minutes", "outbox": "once sent"}
"""Where something else than the setting ends it, too."""


def words_of(name: str) -> str:
    """The columns that hold what people said, or "ids" where only who they are stands in it."""
    rules = RULES[name]
    said = [column for column, rule in rules.items() if isinstance(rule, Words)]
    if name in WHOLE and name != "people":
        said += [column for column, rule in rules.items() if rule is TEXT]
    if name == "outbox":
        said = ["payload"]
    if said:
        return ", ".join(f"`{column}`" for column in said)
    return "ids" if PERSON in rules.values() else "–"


def until_of(name: str) -> str:
    """F: until somebody is forgotten; R: until DRUMBEAT_KEEP_WORDS_DAYS are over; or how long by itself."""
    rules, whole = RULES[name], WHOLE.get(name)
    told = [KEPT_FOR[name]] if name in KEPT_FOR else []
    is_of_people = whole is not None or PERSON in rules.values() or name in ("outbox", "seen")
    told += ["F"] if is_of_people or any(isinstance(rule, Words) for rule in rules.values()) else []
    is_dated = whole is not None and whole.at is not None
    if is_dated or name == "outbox" or any(isinstance(rule, Words) for rule in rules.values()):
        told.append("R")
    return ", ".join(told) or "–"


def test_every_table_is_there_and_no_other() -> None:
    assert ROWS.keys() == Base.metadata.tables.keys()
    assert list(ROWS) == sorted(ROWS)


@pytest.mark.parametrize("name", sorted(Base.metadata.tables))
def test_what_a_table_holds_of_people_and_until_when_is_said(name: str) -> None:
    _, words, _, until = ROWS[name]
    assert (words, until) == (words_of(name), until_of(name))


def test_readers_find_it() -> None:
    assert "(docs/security.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "(security.md)" in (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")


def test_the_image_runs_without_root_and_what_the_page_names_can_be_made() -> None:
    assert re.search(r"^USER 10001$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    made = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`make (\w+)`", PAGE):
        assert re.search(rf"^{target}:", made, re.MULTILINE), target

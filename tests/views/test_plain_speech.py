"""What people read is said in the words they use themselves, in every message that is held as drawn."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.json"))
JARGON = (
    r"\bprompts?\b",
    r"\boccurrences?\b",
    r"\brituals?\b",
    r"\bperiods?\b",
    r"\bpayload\b",
    r"\bauthority and resources\b",
    r"\bwhat shipped\b",
    r"\bstakeholders?\b",
    r"\bleverag\w+\b",
    r"\bsynerg\w+\b",
    r"\bdeliverables?\b",
    r"\bhereby\b",
    r"\bpursuant\b",
    r"\bnull\b",
    r"\bNone\b",
    r"\bmeanwhile\b",
    r"\banew\b",
    r"\bshipped\b",
    r"\bprompted\b",
    r"\byour operator\b",
    r"\bW\d\d\b",
    r"day,? \d{1,2} [A-Z][a-z]+",
    r"\b\d{4}-\d\d-\d\d\b",
    r"\b0 (taken|overdue|by default|answered late)\b",
    r"\d %",
)
"""What only the code, a lawyer or a consultant says; weeks and days as the code writes them; signs of nothing."""
READ = ("text", "title", "placeholder", "label", "hint", "alt_text")


def sentences(node: Any, key: str = "") -> Iterator[str]:
    """Everything in a payload that is shown or read out."""
    if isinstance(node, str) and key in READ:
        yield node
    elif isinstance(node, dict):
        for name, inner in node.items():
            yield from sentences(inner, name)
    elif isinstance(node, list):
        for inner in node:
            yield from sentences(inner, key)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_no_message_speaks_as_code_or_a_lawyer_does(path: Path) -> None:
    drawn = json.loads(path.read_text("utf-8"))
    is_page = all(isinstance(line, str) for line in drawn)
    said = drawn if is_page else list(sentences(drawn))
    assert said
    assert [(word, one) for one in said for word in JARGON if re.search(word, one)] == []


def test_jargon_is_heard_where_it_is_said() -> None:
    message = {"blocks": [{"text": {"text": "Your next prompt comes on 2026-11-23."}}]}
    assert [word for word in JARGON for one in sentences(message) if re.search(word, one)] == [
        r"\bprompts?\b",
        r"\b\d{4}-\d\d-\d\d\b",
    ]


ROOT = Path(__file__).parents[2]
SPEAKING = sorted(
    path for floor in ("views", "services", "handlers", "domain") for path in (ROOT / floor).rglob("*.py")
)
"""Where sentences for people are written."""
A_DAY = re.compile(r"^\w+(\.\w+)*\.(on|due|start|\w+_on)$")


def days_in(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Sentences, by line, that show a day as the code writes it, or longer than people do."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.JoinedStr):
            continue
        said = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant)).strip()
        for part in node.values:
            if isinstance(part, ast.FormattedValue) and " " in said:
                form = ast.unparse(part.format_spec) if part.format_spec else ""
                if (not form and A_DAY.match(ast.unparse(part.value))) or re.search("%Y-|%m|%A", form):
                    yield node.lineno, ast.unparse(node)


def test_no_sentence_writes_a_day_as_code_does() -> None:
    """Keys, which nobody reads, have no space in them."""
    found = [(path.name, *one) for path in SPEAKING for one in days_in(ast.parse(path.read_text("utf-8")))]
    assert [one for one in found if ":left out:" not in one[2]] == [], "say it with `dated` or `full_day`"


def test_a_day_as_code_writes_it_is_found_in_a_sentence() -> None:
    said = (
        "Read on {reading.on}.",
        "by {reading.due:%A} night",
        "in {reading.on.year} or so",
        "key:{reading.on}",
    )
    found = [list(days_in(ast.parse(f"f{one!r}"))) for one in said]
    assert [bool(one) for one in found] == [True, True, False, False]


MACHINES = (
    "domain/reading/",
    "domain/periods.py",
    "domain/schedules.py",
    "services/outdated.py",
    "services/rituals.py",
)
"""What is looked for in people's words, or told to the operator."""


def written(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every sentence of a module, by line, without what is filled in; no docstrings, no types."""
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            silent |= {id(inner) for inner in ast.walk(node) if inner is not node}
        if isinstance(node, ast.AnnAssign | ast.arg) and node.annotation:
            silent |= {id(inner) for inner in ast.walk(node.annotation)}
    for node in ast.walk(tree):
        if id(node) not in silent and isinstance(node, ast.Constant | ast.JoinedStr):
            parts = node.values if isinstance(node, ast.JoinedStr) else [node]
            said = "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in parts)
            if " " in said.strip() and not said.endswith(" | None"):
                yield node.lineno, said


def test_no_sentence_of_the_sources_speaks_as_code_or_a_lawyer_does() -> None:
    found = [
        (path.name, line, said)
        for path in SPEAKING
        if not str(path.relative_to(ROOT)).startswith(MACHINES)
        for line, said in written(ast.parse(path.read_text("utf-8")))
        if any(re.search(word, said) for word in JARGON)
    ]
    assert found == []


def test_jargon_is_found_in_a_sentence_and_not_in_a_name() -> None:
    tree = ast.parse(
        """prompt: "Prompt | None"; say(f"Ask {prompt.period}."); say(f"{kpi} was retired meanwhile")"""
    )
    assert [said for _, said in written(tree)] == ["Ask ….", "… was retired meanwhile"]

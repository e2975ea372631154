"""What people read is said in the words they use themselves, in every message that is held as drawn."""

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
    r"\bW\d\d\b",
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
    said = list(sentences(json.loads(path.read_text("utf-8"))))
    assert said
    assert [(word, one) for one in said for word in JARGON if re.search(word, one)] == []


def test_jargon_is_heard_where_it_is_said() -> None:
    message = {"blocks": [{"text": {"text": "Your next prompt comes on 2026-11-23."}}]}
    assert [word for word in JARGON for one in sentences(message) if re.search(word, one)] == [
        r"\bprompts?\b",
        r"\b\d{4}-\d\d-\d\d\b",
    ]

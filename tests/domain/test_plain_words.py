"""What is recorded from words is true beyond doubt, and plain words are understood (see `plain_words/README.md`)."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from domain.healths import Health
from domain.reading.answers import Candidate, Metric, read_answer
from domain.readings import is_plausible

_HERE = Path(__file__).parent / "plain_words"
_ENOUGH = {"examples": 0.95, "own": 0.9, "second": 0.9, "third": 0.9}

Recorded = dict[str, tuple[str | None, dict[str, Decimal]]]


def _texts(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (_HERE / f"{name}.jsonl").read_text("utf-8").splitlines()]


def _asked(example: dict[str, Any]) -> list[dict[str, Any]]:
    return example.get("initiatives") or [{**example, "name": example["initiative"]}]


def _recorded(example: dict[str, Any]) -> Recorded:
    """What the reader takes from a text, by initiative."""
    candidates = [_candidate(i, one) for i, one in enumerate(_asked(example))]
    names = {metric.id: metric.name for one in candidates for metric in one.metrics}
    read = read_answer(example["text"], candidates)
    return {
        candidates[one.candidate_id].name: (one.health, {names[id_]: value for id_, value in one.readings})
        for one in read.understood
    }


def _candidate(number: int, one: dict[str, Any]) -> Candidate:
    metrics = tuple(
        Metric(100 * number + i, m["name"], m["unit"], Decimal(str(m["last"])), Decimal(str(m["target"])))
        for i, m in enumerate(one["metrics"])
    )
    last = one.get("last_health")
    return Candidate(number, one["name"], metrics, last_health=Health(last) if last else None)


def _allowed(example: dict[str, Any]) -> Recorded:
    return {
        one["name"]: (one["health"], {name: Decimal(str(value)) for name, value in one["readings"].items()})
        for one in _asked(example)
    }


def _is_wrong(recorded: Recorded, allowed: Recorded) -> bool:
    return any(
        (health is not None and health != allowed[name][0])
        or not readings.items() <= allowed[name][1].items()
        for name, (health, readings) in recorded.items()
    )


@pytest.mark.parametrize("name", _ENOUGH)
def test_nothing_is_recorded_that_was_not_plainly_said(name: str) -> None:
    texts = _texts(name)
    wrong = [
        (one["id"], one["text"], recorded)
        for one in texts
        if _is_wrong(recorded := _recorded(one), _allowed(one))
    ]
    assert wrong == []


@pytest.mark.parametrize(("name", "share"), _ENOUGH.items())
def test_plain_words_are_understood(name: str, share: float) -> None:
    plain = [one for one in _texts(name) if one["must_understand"]]
    missed = [
        (one["id"], one["text"], recorded)
        for one in plain
        if _allowed(one).items() > (recorded := _recorded(one)).items()
        and any(value != (None, {}) for place, value in _allowed(one).items() if recorded.get(place) != value)
    ]
    assert len(missed) <= (1 - share) * len(plain), missed


def test_every_text_says_how_it_is_judged() -> None:
    for name in _ENOUGH:
        for one in _texts(name):
            has_health = any(health for health, _ in _allowed(one).values())
            assert not (one.get("must_ask") and has_health), one["id"]
            assert (
                not one["must_understand"]
                or has_health
                or any(values for _, values in _allowed(one).values())
            )


@pytest.mark.parametrize("name", _ENOUGH)
def test_a_likely_value_that_is_asked_about_is_one_that_was_said(name: str) -> None:
    wrong = []
    for one in _texts(name):
        candidates = [_candidate(i, asked) for i, asked in enumerate(_asked(one))]
        metrics = {metric.id: metric for candidate in candidates for metric in candidate.metrics}
        said = {key: value for _, readings in _allowed(one).values() for key, value in readings.items()}
        for understood in read_answer(one["text"], candidates).understood:
            for id_, value in understood.unlikely:
                metric = metrics[id_]
                if is_plausible(value, metric.before) and said.get(metric.name) != value:
                    wrong.append((one["id"], one["text"], metric.name, value))
    assert wrong == []

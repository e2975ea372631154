"""What Prometheus and Grafana are told to look at is there, and every alert says what to do."""

import json
import re
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from bot import metrics
from storage.delivery.outbox import State

DEPLOY = Path(__file__).parents[2] / "deploy"
OPERATING = (DEPLOY.parent / "docs" / "operating.md").read_text("utf-8")
_NAME = re.compile(r"drumbeat_[a-z_]+")
_SELECTOR = re.compile(r"(drumbeat_[a-z_]+)\{([^}]*)\}")
_LABEL = re.compile(r"(\w+)\s*=~?\s*\"")
_BY = re.compile(r"by \(([\w, ]+)\)")


def rules() -> list[dict[str, Any]]:
    told = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yaml").read_text("utf-8"))
    return [rule for group in told["groups"] for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((DEPLOY / "grafana" / "dashboard.json").read_text("utf-8"))[
        "panels"
    ]
    return found


def expressions() -> list[str]:
    return [rule["expr"] for rule in rules()] + [t["expr"] for panel in panels() for t in panel["targets"]]


def exported() -> dict[str, set[str]]:
    """The labels of each sample, once everything has been counted once."""
    metrics.ACKS.labels("command").observe(0.1)
    metrics.OCCURRENCES.labels("prompt", "prompted").inc(0)
    metrics.CALLS.labels("chat.postMessage", "made").inc(0)
    metrics.SOCKET.labels("socket").set(1)
    metrics.EVENTS.labels("warning", "token_refused").inc(0)
    metrics.OUTBOX_ROWS.labels(State.PENDING).set(0)
    families = text_string_to_metric_families(generate_latest().decode())
    return {sample.name: set(sample.labels) for family in families for sample in family.samples}


@pytest.mark.parametrize("expression", expressions())
def test_whatever_is_asked_for_is_exported_with_these_labels(expression: str) -> None:
    there = exported()
    names = _NAME.findall(expression)
    assert [name for name in names if name not in there] == []
    for name, selector in _SELECTOR.findall(expression):
        assert set(_LABEL.findall(selector)) <= there[name]
    for labels in _BY.findall(expression):
        known = {label for name in names for label in there[name]}
        assert {label.strip() for label in labels.split(",")} <= known
    assert expression.count("(") == expression.count(")")


def watched() -> list[str]:
    """The events of the log that alerts are for."""
    return [
        event
        for rule in rules()
        for values in re.findall(r'event=~?"([^"]+)"', rule["expr"])
        for event in values.split("|")
    ]


def test_the_first_of_its_kind_raises_an_alert_too() -> None:
    """Prometheus sees a count increase only from a value that was there before."""
    code = (
        "from prometheus_client import generate_latest; import bot.metrics; print(generate_latest().decode())"
    )
    fresh = [sys.executable, "-c", code]
    told = subprocess.run(fresh, capture_output=True, text=True, check=True, cwd=DEPLOY.parent, env={}).stdout
    counts = {
        (sample.labels["level"], sample.labels["event"]): sample.value
        for family in text_string_to_metric_families(told)
        for sample in family.samples
        if sample.name == "drumbeat_log_events_total"
    }
    assert counts == dict.fromkeys(product(("warning", "error"), watched()), 0.0)


def test_what_was_set_aside_before_anybody_looked_raises_an_alert() -> None:
    [rule] = [rule for rule in rules() if rule["alert"] == "DrumbeatMessagesSetAside"]
    assert "offset 1h) or vector(0))" in rule["expr"]


def test_every_event_that_an_alert_names_is_logged_somewhere() -> None:
    root = DEPLOY.parent
    code = "\n".join(
        path.read_text("utf-8")
        for folder in ("bot", "handlers", "services")
        for path in (root / folder).rglob("*.py")
    )
    assert watched()
    assert [event for event in watched() if f'"{event}"' not in code] == []


def test_every_alert_says_what_to_do_and_how_much_it_matters() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(set(names)) == len(names) > 0
    for rule in rules():
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert rule["annotations"]["summary"].endswith(".")
        assert rule["annotations"]["runbook"] == f"docs/operating.md#{rule['alert'].lower()}"
        assert f"\n### {rule['alert']}\n" in OPERATING


def test_every_metric_is_said_in_the_operating_guide() -> None:
    families = text_string_to_metric_families(generate_latest().decode())
    ours = {family.name for family in families if family.name.startswith("drumbeat_")}
    assert {name for name in ours if f"`{name}" not in OPERATING} == set()


def test_the_panels_of_the_dashboard_stand_beside_each_other() -> None:
    places = [panel["gridPos"] for panel in panels()]
    cells = [
        (x, y)
        for place in places
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) < 24
    sources = yaml.safe_load(
        (DEPLOY / "grafana" / "provisioning" / "datasources" / "prometheus.yaml").read_text("utf-8")
    )
    assert {panel["datasource"]["uid"] for panel in panels()} == {s["uid"] for s in sources["datasources"]}

"""Plans in the words of teams, each with what was understood of it beside it: a line for each, "?" before what was not.

`UPDATE_PLANS=1` writes what is understood now; read what changed as whoever pasted it.
"""

import os
import re
from datetime import date
from pathlib import Path

import pytest

from domain.drafts import Draft, DraftInitiative
from domain.reading.drafts.plans import read_plan
from tests.support.drafts import shown

TODAY = date(2026, 11, 26)  # a Thursday
FOLDER = Path(__file__).parent / "plans"
PLANS = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.stem)
def test_each_line_is_understood_or_named(plan: Path) -> None:
    draft = read_plan(plan.read_text("utf-8"), TODAY)
    expected = plan.with_suffix(".expected")
    if os.environ.get("UPDATE_PLANS"):
        expected.write_text(shown(draft), "utf-8")
    assert shown(draft) == expected.read_text("utf-8")


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.stem)
def test_no_word_is_lost(plan: Path) -> None:
    """Each line of the plan stands whole in a line of the draft, but headings that say what the lines below are."""
    text = plan.read_text("utf-8")
    draft = read_plan(text, TODAY)
    kept = "\n".join(line.words for line in draft.lines)
    lost = [line.strip() for line in text.splitlines() if line.strip() and line.strip() not in kept]
    heads = {head for one in draft.columns for head in one.headers}
    assert [line for line in lost if not is_heading(line, heads)] == []


def is_heading(line: str, heads: set[str]) -> bool:
    cells = {cell.strip(" *") for mark in "|\t;," for cell in line.split(mark)}
    return bool(cells & heads) or not any(character.isalnum() for character in line) or len(line.split()) <= 7


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.stem)
def test_a_draft_of_it_is_kept_as_json(plan: Path) -> None:
    draft = read_plan(plan.read_text("utf-8"), TODAY)
    assert Draft.from_json(draft.to_json()) == draft


def test_the_page_about_plans_says_what_is_understood() -> None:
    page = (Path(__file__).parents[2] / "docs" / "plans.md").read_text("utf-8")
    examples = re.findall(r"```plan\n(.*?)```\n```understood\n(.*?)```", page, re.DOTALL)
    assert len(examples) == page.count("```plan")
    assert [(plan, shown(read_plan(plan, TODAY))) for plan, _ in examples] == examples


def test_a_number_of_an_initiative_that_is_called_a_kpi_has_its_own_name() -> None:
    plan = "Newsletter relaunch @ben by 31 March\n  - KPI subscribers 4,200→6,000\n  - Our KPI dashboards 0→6"

    [line] = read_plan(plan, TODAY).lines

    assert isinstance(line.item, DraftInitiative)
    assert [metric.name for metric in line.item.metrics] == ["subscribers", "Our KPI dashboards"]

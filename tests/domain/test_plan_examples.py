"""Examples of plans: read whole by the reader of plans, and good ones."""

from datetime import date

import pytest

from domain.drafts import DraftGoal, DraftInitiative, DraftKpi, Gap
from domain.goals import why_vague
from domain.kpis import vanity_hint, why_wrong_side
from domain.reading.drafts.examples import EXAMPLES, PlanExample
from domain.reading.drafts.plans import read_plan
from domain.reading.goals import goal_of, goals_of

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.key)
def test_an_example_is_understood_whole_and_lacks_only_who_owns_what(example: PlanExample) -> None:
    draft = read_plan(example.plan, TODAY)
    items = [line.item for line in draft.lines]
    initiatives = [item for item in items if isinstance(item, DraftInitiative)]
    kpis = [item for item in items if isinstance(item, DraftKpi)]

    assert 3 <= len(initiatives) <= 5
    assert 4 <= len(kpis) <= 6
    assert all(line.item and not line.unread for line in draft.lines)
    assert {gap for line in draft.lines for gap in line.missing} == {Gap.OWNER}
    assert all(item.owner is None for item in initiatives)
    assert all(item.owner is None for item in kpis)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.key)
def test_an_example_keeps_the_rules_it_is_to_teach(example: PlanExample) -> None:
    draft = read_plan(example.plan, TODAY)
    items = [line.item for line in draft.lines]
    goals = goals_of(draft, ())
    served = [goal_of(item, goals) for item in items if isinstance(item, (DraftInitiative, DraftKpi))]

    assert [why_vague(item.text) for item in items if isinstance(item, DraftGoal)] == [None, None]
    assert None not in served
    assert {goal.text for goal in served if goal} == {goal.text for goal in goals}
    for item in items:
        if isinstance(item, DraftKpi):
            assert vanity_hint(item.name) is None
            assert item.direction is not None
            assert item.baseline is not None
            assert item.target is not None
            assert why_wrong_side(item.direction, item.baseline, item.target) is None

from dataclasses import replace
from datetime import date
from decimal import Decimal

from domain.drafts import (
    Columns,
    Draft,
    DraftGoal,
    DraftInitiative,
    DraftKpi,
    DraftLine,
    DraftMetric,
    DraftMilestone,
    DraftPartner,
    Gap,
    PlanField,
    Whom,
    numbered,
)
from domain.kpis import Cadence, Direction

MARCH = date(2027, 3, 31)
MAYA = Whom("@maya", None, "maya")
RELAUNCH = DraftInitiative(
    "Newsletter relaunch",
    MAYA,
    Whom("<@U7>", "U7"),
    (DraftPartner(Whom("Ines Faria"), "a story a month"),),
    date(2026, 11, 23),
    MARCH,
    (DraftMetric("open-to-click", "%", Decimal("2.1"), Decimal("3.5")),),
    "£1,200",
    "subject and layout",
    "subscribers",
)
COST = DraftKpi(
    "Cost per new giver",
    "£",
    Decimal(52),
    Decimal(38),
    Direction.DECREASE_TO,
    MARCH,
    MAYA,
    Cadence.MONTHLY,
)
DRAFT = Draft(
    numbered(
        [
            DraftLine(0, "Newsletter relaunch @maya", RELAUNCH, ("P1",), 0, ("Newsletter relaunch", "@maya")),
            DraftLine(0, "milestone First issue 15 Jan", DraftMilestone("First issue", MARCH, MAYA, "", 1)),
            DraftLine(0, "KPI Cost per new giver £52→£38", COST),
            DraftLine(0, "Goal: 6,000 subscribers", DraftGoal("6,000 subscribers")),
            DraftLine(0, "Ask Sam", None, ("Ask Sam",)),
        ]
    ),
    (Columns(("Initiative", "Who"), (PlanField.INITIATIVE, None)),),
)


def test_a_draft_is_kept_as_json_and_comes_back_the_same() -> None:
    assert Draft.from_json(DRAFT.to_json()) == DRAFT


def test_what_is_added_comes_after_and_keeps_what_belongs_together() -> None:
    both = DRAFT.without_line(5).plus(DRAFT)
    assert [line.number for line in both.lines] == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    added, milestone = both.lines[4:6]
    assert added.columns == 1
    assert isinstance(milestone.item, DraftMilestone)
    assert milestone.item.of_line == added.number


def test_a_line_is_edited_in_its_place() -> None:
    edited = replace(DRAFT.lines[2], item=replace(COST, name="Cost per giver"))
    draft = DRAFT.with_line(edited)
    assert draft.line(3) == edited
    assert [line.number for line in draft.lines] == [1, 2, 3, 4, 5]


def test_what_is_missing_is_named() -> None:
    assert RELAUNCH.missing == COST.missing == ()
    assert replace(RELAUNCH, owner=None, metrics=(DraftMetric("clicks", target=Decimal(5)),)).missing == (
        Gap.OWNER,
        Gap.METRIC,
    )
    assert replace(COST, baseline=None, due=None).missing == (Gap.BASELINE, Gap.DUE)
    assert replace(COST, baseline=Decimal(0)).missing == ()
    assert DraftMilestone("First issue", person=MAYA).missing == (Gap.DUE, Gap.INITIATIVE)
    assert DraftMilestone("First issue", MARCH, initiative="Newsletter relaunch").missing == ()
    assert DraftGoal("").missing == (Gap.NAME,)
    assert DRAFT.lines[4].missing == ()


def test_a_line_taken_out_is_gone() -> None:
    assert DRAFT.without_line(3).line(3) is None

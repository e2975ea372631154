"""Who is meant by a name in a plan, and which goal a line is about."""

import pytest

from domain.drafts import DraftInitiative, DraftKpi, DraftMetric
from domain.reading.goals import goal_of
from domain.reading.people import Member, find_members
from domain.strategies import Goal

MEMBERS = (
    Member("U1", ("maya", "Maya Okafor", "maya.okafor")),
    Member("U2", ("Sam Ortiz", "sam.ortiz")),
    Member("U3", ("Sam Rivers", "srivers")),
    Member("U4", ("Åsa", "Åsa Öberg")),
)
GOALS = (
    Goal(1, "Newsletter subscribers from 4,200 to 6,000 by 31 March"),
    Goal(2, "Monthly givers from 310 to 420 by 31 March"),
    Goal(3, "Lesson sign-ups from 95 a month to 140 a month by 30 April"),
)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("@maya", "U1"),
        ("Maya Okafor", "U1"),
        ("@maya.okafor", "U1"),
        ("MAYA", "U1"),
        ("@sam", "U2 U3"),
        ("Sam Rivers", "U3"),
        ("@åsa", "U4"),
        ("@may", ""),
        ("@ortiz", ""),
        ("@", ""),
    ],
)
def test_a_name_means_those_who_are_called_so_and_nobody_else(words: str, meant: str) -> None:
    assert find_members(words, MEMBERS) == tuple(meant.split())


@pytest.mark.parametrize(
    ("item", "goal"),
    [
        (DraftInitiative("Anything", metrics=(DraftMetric("subscribers"),)), 1),
        (DraftInitiative("Anything", metrics=(DraftMetric("days held"), DraftMetric("sign-ups a month"))), 3),
        (DraftKpi("Monthly givers"), 2),
        (DraftKpi("Referred givers"), None),
        (DraftKpi("Answer time"), None),
        (DraftKpi("Answer time", goal="2"), 2),
        (DraftKpi("Answer time", goal="goal 3"), 3),
        (DraftKpi("Answer time", goal="#1"), 1),
        (DraftKpi("Answer time", goal="Monthly givers"), 2),
        (DraftKpi("Monthly givers", goal="7"), None),
        (DraftKpi("Monthly givers", goal="Something else"), None),
    ],
)
def test_the_goal_a_line_serves_is_what_it_says_or_what_its_number_plainly_is(
    item: DraftInitiative | DraftKpi, goal: int | None
) -> None:
    found = goal_of(item, GOALS)
    assert (found.id if found else None) == goal


def test_the_only_goal_is_served_by_everything() -> None:
    assert goal_of(DraftKpi("Answer time"), GOALS[:1]) == GOALS[0]

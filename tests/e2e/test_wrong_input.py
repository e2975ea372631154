"""What people get wrong about the plan, each answered with a sentence.

The rest of it: tests/handlers/test_kpis.py (a seventh KPI, a target on the wrong side, units, days of a
reading), test_kpi_import.py (files), test_open_asks.py (a decider who left, closing with open asks).
"""

from datetime import timedelta

import pytest

from tests.e2e.test_the_plan import MONDAY, WEEK, fills, reads
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.office import STRATEGY_FIELDS
from tests.support.team import Team


@pytest.mark.parametrize("goal", ["Reach 6,000 subscribers", "More subscribers by March"])
async def test_a_goal_without_a_number_or_a_date_is_sent_back_with_an_example(team: Team, goal: str) -> None:
    await team.maya.command("/rhythm", "setup", channel=team.channel)
    await team.maya.fill({"Goal 1": goal, "What made you change this?": "We looked again"})
    form = await team.maya.submit()
    assert form is not None
    assert "number" in form.errors["Goal 1"] or "date" in form.errors["Goal 1"]
    assert STRATEGY_FIELDS["Goal 1"] in form.errors["Goal 1"]
    assert form.values["Goal 1"] == goal


async def test_a_partner_who_never_answers_stops_nothing_and_stays_named_in_the_digest(team: Team) -> None:
    ben, tom = team.owners.values()
    await team.adds("Newsletter", ben, {"Partner 1": "@Tom", "Partner 1: what they commit": "two days"})
    asked = len(tom.dm.messages)
    await team.until(MONDAY + 2 * WEEK + timedelta(days=2, hours=2))

    assert len(team.prompts(ben)) == 3
    assert len(team.digests()) == 3
    for digest in team.digests():
        assert "Tom (partner) has not said yes, asked 20 Nov" in digest.drawn
    assert len(tom.dm.messages) == asked, "nobody is chased"
    assert "Newsletter · active" in await reads(team, "/initiative", "show newsletter")


@pytest.mark.parametrize(
    ("day", "value", "sentence"),
    [
        ("2026-11-24", "320", "in the future"),
        ("2026-11-19", "320", "before the baseline"),
        ("2026-11-20", "12 %", "you wrote %"),
    ],
    ids=["future", "before the baseline", "another unit"],
)
async def test_days_and_units_that_no_reading_may_have_are_refused_in_a_file_too(
    team: Team, day: str, value: str, sentence: str
) -> None:
    await fills(team, "/kpi", "add", {**KPI_FIELDS, "Owner": "@Ben"})
    await team.maya.command("/kpi", "import", channel=team.channel)
    content = f"kpi,date,value\nMonthly givers,{day},{value}\n".encode()
    await team.maya.fill({"File": {"readings.csv": content}})
    await team.maya.submit()
    await team.slack.settled()
    said = team.maya.dm.messages[-1].drawn
    assert "nothing was imported" in said
    assert "Line 2" in said
    assert sentence in said


async def test_a_formula_is_no_number_wherever_it_is_typed(team: Team) -> None:
    await fills(team, "/kpi", "add", {**KPI_FIELDS, "Owner": "@Ben"})
    said = await reads(team, "/kpi", "update Monthly givers =cmd()")
    assert "Did you mean Monthly givers?" in said
    assert "no reading yet" in await reads(team, "/kpi", "list")
    await team.maya.command("/kpi", "add", channel=team.channel)
    await team.maya.fill({**KPI_FIELDS, "Name": "Gifts", "Owner": "@Ben", "Target": "=cmd()"})
    form = await team.maya.submit()
    assert form is not None
    assert form.errors == {"Target": "I could not read “=cmd()” as a number. Write it like 4650 or 4,650.5."}

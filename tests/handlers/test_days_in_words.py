"""One reader of days: whatever is typed with a day takes it in the words that people have."""

from datetime import date
from decimal import Decimal

from storage import kpis, milestones
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.office import Office

THOUSANDS = {
    **KPI_FIELDS,
    "Baseline": "4,200",
    "Baseline measured on": "2026-11-02",
    "Target": "6,000",
}


async def test_an_update_takes_its_day_before_or_after_the_number_and_thousands_as_germans_write_them(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    await office.maya.command("/kpi", "add", channel=office.marketing)
    await office.maya.fill(THOUSANDS)
    assert await office.maya.submit() is None
    for words in (
        "Monthly givers on 18 Nov 4.650",
        "monthly 4.660 on 19 Nov after the fair",
        "monthly 4 670 (20 Nov)",
    ):
        assert "recorded" in await office.asks(office.ben, "/kpi", f"update {words}")
    strategy = office.strategy
    (kpi,) = office.reads(kpis.list_kpis, strategy.workspace_id, strategy.id)
    assert [(one.on.day, one.value, one.note) for one in kpi.readings] == [
        (18, Decimal(4650), ""),
        (19, Decimal(4660), "after the fair"),
        (20, Decimal(4670), ""),
    ]
    assert "is in the future" in await office.asks(office.ben, "/kpi", "update monthly tomorrow 4.650")
    assert "Is 2025 the number, or the year" in await office.asks(
        office.ben, "/kpi", "update monthly on 20 Nov 2025"
    )


async def test_a_milestone_is_filled_in_from_the_words_after_its_initiative(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.add("Newsletter archive")
    typed = "milestone newsletter First issue 15 Jan @Tom Lindqvist"
    assert "fits more than one" in await office.asks(office.ben, "/initiative", typed)
    await office.ben.click("Newsletter relaunch")
    assert office.ben.form is not None
    values = office.ben.form.values
    assert (values["Name"], values["Date"]) == ("First issue", "2027-01-15")
    assert await office.ben.submit() is None
    initiative = office.initiatives()["Newsletter relaunch"]
    found = office.reads(milestones.list_milestones, initiative.workspace_id, [initiative.id])
    (made,) = found[initiative.id]
    assert (made.name, made.due, made.person_id) == ("First issue", date(2027, 1, 15), office.tom.id)

    for_tom = await office.asks(office.tom, "/initiative", "milestone newsletter relaunch Second issue 1 Feb")
    assert "Only its owner or a lead changes the milestones" in for_tom

"""KPIs: adding, listing, editing, retiring and reporting, and what is refused."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from domain.kpis import Cadence, Direction, Kind, Kpi, KpiReading
from sandbox import Person
from storage import kpis
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.office import SUBSCRIBERS, Office


async def add(office: Office, fields: Mapping[str, object] | None = None) -> None:
    """Maya adds a KPI in #marketing."""
    await office.maya.command("/kpi", "add", channel=office.marketing)
    await office.maya.fill({**KPI_FIELDS, **(fields or {})})
    form = await office.maya.submit()
    assert form is None, form.errors
    await office.slack.settled()


def kept(office: Office, *, include_retired: bool = False) -> list[Kpi]:
    strategy = office.strategy
    return office.reads(kpis.list_kpis, strategy.workspace_id, strategy.id, include_retired=include_retired)


def readings(office: Office) -> list[KpiReading]:
    return [reading for kpi in kept(office) for reading in kpi.readings]


async def test_a_kpi_is_kept_as_filled_in_and_read_back(harbor_lights: Office) -> None:
    office = harbor_lights
    await add(
        office, {"Kind of number": "Currency", "Unit": "GBP", "Baseline": "£1.2k", "Target": "4,000.50"}
    )
    (kpi,) = kept(office)
    assert (kpi.name, kpi.kind, kpi.unit, kpi.direction) == (
        "Monthly givers",
        Kind.CURRENCY,
        "£",
        Direction.INCREASE_TO,
    )
    assert (kpi.baseline, kpi.target, kpi.cadence) == (Decimal(1200), Decimal("4000.5"), Cadence.WEEKLY)
    assert (kpi.owner_id, kpi.if_short) == (office.ben.id, "Call last year's givers")
    heard = await office.heard(office.maya)
    assert "from £1,200 on 20 Nov 2026 increase to £4,000.5 by 31 Mar 2027" in heard
    assert "4 to 6 work best" in heard


async def test_a_whole_line_after_add_comes_back_in_the_form(harbor_lights: Office) -> None:
    office = harbor_lights
    typed = "add Cost per new giver £52→£38 by 31 March @Ben Carter monthly, £500"
    await office.maya.command("/kpi", typed, channel=office.marketing)

    assert office.maya.form is not None
    values = office.maya.form.values
    told = [
        values[one] for one in ("Name", "Kind of number", "Unit", "Which way is good?", "Baseline", "Target")
    ]
    assert told == ["Cost per new giver", "Currency", "£", "Decrease to", "52", "38"]
    assert (values["Target date"], values["Owner"], values["How often is it asked for?"]) == (
        "2027-03-31",
        "@Ben Carter",
        "Monthly",
    )
    assert "I did not understand “£500”." in str(office.maya.form.blocks)


async def test_its_owner_is_told_once(harbor_lights: Office) -> None:
    await add(harbor_lights)
    (told,) = harbor_lights.ben.dm.messages
    assert "Maya Okafor asks you to report Monthly givers of Harbor Lights" in told.drawn


async def test_what_is_missing_is_said_at_its_field(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.maya.command("/kpi", "add", channel=office.marketing)
    wrong = {"Target": "300", "Baseline measured on": "2026-11-22", "Kind of number": "Duration"}
    errors = await office.errors(office.maya, {**KPI_FIELDS, **wrong})
    assert errors.keys() == {"Unit", "Target", "Baseline measured on"}
    assert "above the baseline" in errors["Target"]
    assert "in the future" in errors["Baseline measured on"]
    errors = await office.errors(office.maya, {**KPI_FIELDS, "Target date": "2032-01-01"})
    assert errors == {"Target date": "1 Jan 2032 is more than five years away. Choose an earlier day."}
    assert kept(office) == []


@pytest.mark.parametrize(
    ("direction", "target"),
    [("Increase to", "300"), ("Decrease to", "420"), ("Stay above", "420"), ("Stay below", "300")],
)
async def test_a_target_on_the_wrong_side_of_the_baseline_is_refused(
    harbor_lights: Office, direction: str, target: str
) -> None:
    office = harbor_lights
    await office.maya.command("/kpi", "add", channel=office.marketing)
    errors = await office.errors(
        office.maya, {**KPI_FIELDS, "Which way is good?": direction, "Target": target}
    )
    assert "I read 310 and" in errors["Target"]


async def test_a_unit_that_differs_is_refused_in_the_form(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.maya.command("/kpi", "add", channel=office.marketing)
    errors = await office.errors(office.maya, {**KPI_FIELDS, "Target": "420 %"})
    assert errors == {
        "Target": "This is kept as a plain number, and you wrote %. Give the number as a plain number."
    }


async def test_a_seventh_kpi_is_refused(harbor_lights: Office) -> None:
    office = harbor_lights
    for number in range(6):
        await add(office, {"Name": f"Number {number}"})
    refused = await office.asks(office.maya, "/kpi", "add")
    assert "already has 6 KPIs" in refused
    assert office.maya.form is None


async def test_two_leads_at_the_same_form_make_six_at_most(harbor_lights: Office) -> None:
    office = harbor_lights
    for number in range(5):
        await add(office, {"Name": f"Number {number}"})
    for lead, name in ((office.maya, "One"), (office.ruth, "Two")):
        await lead.command("/kpi", "add", channel=office.marketing)
        await lead.fill({**KPI_FIELDS, "Name": name})
    assert await office.maya.submit() is None
    form = await office.ruth.submit()
    assert form is not None
    assert "already has 6 KPIs" in next(iter(form.errors.values()))


async def test_a_vanity_name_gets_a_caution_and_stays_only_on_record(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.maya.command("/kpi", "add", channel=office.marketing)
    await office.maya.fill({**KPI_FIELDS, "Name": "Page views"})
    form = await office.maya.submit()
    assert form is not None
    assert "Consider what visitors then do" in form.drawn
    assert form.values["Baseline"] == "310"
    assert kept(office) == []
    await office.maya.fill({"This number": ["Keep it; it is noted that I chose it"]})
    assert await office.maya.submit() is None
    await office.slack.settled()
    assert kept(office)[0].vanity_kept_by == office.maya.id
    assert "kept by @Maya Okafor although it may look good without being good" in await office.asks(
        office.tom, "/kpi", "list"
    )


async def test_a_cautioned_name_may_be_changed_instead(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.maya.command("/kpi", "add", channel=office.marketing)
    await office.maya.fill({**KPI_FIELDS, "Name": "Followers"})
    await office.maya.submit()
    await office.maya.fill({"Name": "Sign-ups a month"})
    assert await office.maya.submit() is None
    assert kept(office)[0].vanity_kept_by is None


@pytest.mark.parametrize("who", ["guest", "bot", "deactivated", "stranger"])
async def test_only_a_full_member_owns_a_kpi(harbor_lights: Office, who: str) -> None:
    office = harbor_lights
    slack = office.slack
    made = {
        "guest": lambda: slack.person("Gus Guest", guest="multi"),
        "bot": lambda: slack.person("Robo", bot=True),
        "deactivated": lambda: slack.person("Dee Gone", deactivated=True),
        "stranger": lambda: slack.person("Eve Else", organisation="Elsewhere"),
    }[who]()
    await office.maya.command("/kpi", "add", channel=office.marketing)
    errors = await office.errors(office.maya, {**KPI_FIELDS, "Owner": f"@{made.name}"})
    assert errors.keys() == {"Owner"}


async def test_a_name_is_taken_once(harbor_lights: Office) -> None:
    office = harbor_lights
    await add(office)
    await office.maya.command("/kpi", "add", channel=office.marketing)
    errors = await office.errors(office.maya, {**KPI_FIELDS, "Name": "monthly  GIVERS"})
    assert "already has a KPI of this name" in errors["Name"]


async def test_a_reading_is_recorded_and_shown_back(harbor_lights: Office) -> None:
    office = harbor_lights
    await add(office)
    said = await office.asks(office.ben, "/kpi", "update monthly 1,316 after the gala")
    assert "Monthly givers: 1,316 on 20 Nov, recorded" in said
    (reading,) = readings(office)
    assert (reading.value, reading.note, reading.source) == (Decimal(1316), "after the gala", "command")
    assert reading.person_id == office.ben.id


async def test_a_correction_is_a_new_reading_and_both_are_kept(harbor_lights: Office) -> None:
    office = harbor_lights
    await add(office)
    await office.asks(office.ben, "/kpi", "update Monthly givers 361")
    said = await office.asks(office.maya, "/kpi", "update Monthly givers 316")
    assert "in place of 361 of the same day; both are kept" in said
    assert [reading.value for reading in readings(office)] == [Decimal(316)]


async def test_a_unit_that_differs_is_refused(harbor_lights: Office) -> None:
    office = harbor_lights
    await add(office)
    assert "you wrote %" in await office.asks(office.ben, "/kpi", "update Monthly givers 12%")
    assert readings(office) == []


async def test_a_name_alone_opens_a_small_form(harbor_lights: Office) -> None:
    office = harbor_lights
    await add(office)
    await office.ben.command("/kpi", "update monthly", channel=office.marketing)
    await office.ben.fill({"Where does it stand?": "316", "On which day?": "2026-11-22"})
    form = await office.ben.submit()
    assert form is not None
    assert "in the future" in form.errors["On which day?"]
    errors = await office.errors(office.ben, {"On which day?": "2026-11-19"})
    assert "before the baseline" in errors["On which day?"]
    await office.ben.fill({"On which day?": "2026-11-20", "Note": "after the gala"})
    assert await office.ben.submit() is None
    assert "316 on 20 Nov, recorded" in await office.heard(office.ben)
    assert readings(office)[0].note == "after the gala"


async def test_a_name_that_fits_two_offers_both_and_keeps_the_number(harbor_lights: Office) -> None:
    office = harbor_lights
    await add(office)
    await add(office, {"Name": "Monthly sign-ups"})
    assert "fits more than one" in await office.asks(office.ben, "/kpi", "update monthly 316")
    await office.ben.click("Monthly sign-ups")
    await office.slack.settled()
    assert [reading.value for reading in readings(office)] == [Decimal(316)]


async def test_a_new_target_needs_a_reason_and_is_on_record(harbor_lights: Office) -> None:
    office = harbor_lights
    await add(office)
    await office.maya.command("/kpi", "edit Monthly", channel=office.marketing)
    errors = await office.errors(office.maya, {"Target": "450"})
    assert errors.keys() == {"What made you change this?"}
    await office.maya.fill({"What made you change this?": "December alone brought forty."})
    assert await office.maya.submit() is None
    await office.slack.settled()
    assert kept(office)[0].target == 450
    status = await office.asks(office.maya, "/rhythm", "status")
    assert "December alone brought forty." in status


async def test_a_unit_cannot_change_under_readings(harbor_lights: Office) -> None:
    office = harbor_lights
    await add(office)
    await office.asks(office.ben, "/kpi", "update Monthly givers 316")
    await office.maya.command("/kpi", "edit Monthly", channel=office.marketing)
    errors = await office.errors(office.maya, {"Kind of number": "%", "Unit": ""})
    assert "Its readings are kept in plain numbers" in errors["Unit"]


async def test_a_retired_kpi_is_asked_for_no_more_and_keeps_its_readings(harbor_lights: Office) -> None:
    office = harbor_lights
    await add(office)
    await office.asks(office.ben, "/kpi", "update Monthly givers 316")
    assert "is retired" in await office.asks(office.maya, "/kpi", "retire monthly")
    assert kept(office) == []
    (retired,) = kept(office, include_retired=True)
    assert retired.latest is not None
    assert "has no KPIs yet" in await office.asks(office.maya, "/kpi", "list")


async def test_the_list_shows_each_against_its_target(harbor_lights: Office) -> None:
    office = harbor_lights
    await add(office)
    await add(office, {"Name": "Subscribers", "Goal it serves": SUBSCRIBERS})
    await office.asks(office.ben, "/kpi", "update Monthly givers 316")
    listed = await office.asks(office.tom, "/kpi", "list")
    assert "Monthly givers 316 (20 Nov) · increase to 420 by 31 Mar · too early to say (plan 310)" in listed
    assert "Subscribers baseline 310 (20 Nov)" in listed
    assert "2 of at most 6 KPIs" in listed


LEADS_ONLY = ("add", "edit Monthly givers", "retire Monthly givers")


async def people_who_may_not(office: Office) -> list[Person]:
    """A member, the owner of a KPI, a guest. People elsewhere and deactivated ones cannot even run a command."""
    guest = office.slack.person("Gus Guest", guest="multi")
    await office.maya.invites(guest, office.marketing)
    return [office.tom, office.ben, guest]


@pytest.mark.parametrize("text", LEADS_ONLY)
async def test_only_leads_change_kpis_and_a_refusal_says_who_can(harbor_lights: Office, text: str) -> None:
    office = harbor_lights
    await add(office)
    for person in await people_who_may_not(office):
        said = await office.asks(person, "/kpi", text)
        assert "Maya Okafor" in said or "Ask a lead" in said, person.name
        assert person.form is None
    assert len(kept(office)) == 1
    await office.ruth.command("/kpi", "add", channel=office.marketing)
    assert office.ruth.form is not None, "workspace admins count as leads"


async def test_only_its_owner_and_leads_report_a_kpi(harbor_lights: Office) -> None:
    office = harbor_lights
    await add(office)
    said = await office.asks(office.tom, "/kpi", "update Monthly givers 316")
    assert "Only the owner of a KPI or a lead of Harbor Lights can do this" in said
    assert "Ben Carter" in said
    assert readings(office) == []
    for person in (office.ben, office.maya, office.ruth):
        assert "recorded" in await office.asks(person, "/kpi", "update Monthly givers 316")


async def test_help_explains_the_command(harbor_lights: Office) -> None:
    said = await harbor_lights.asks(harbor_lights.tom, "/kpi", "help")
    for word in ("add", "list", "update NAME VALUE [note]", "edit NAME", "retire NAME"):
        assert f"/kpi {word}" in said


async def test_only_its_owner_and_leads_use_the_form_of_a_reading(harbor_lights: Office) -> None:
    office = harbor_lights
    await add(office)
    await office.ben.command("/kpi", "update Monthly givers", channel=office.marketing)
    await office.maya.command("/kpi", "edit Monthly givers", channel=office.marketing)
    await office.maya.fill({"Owner": "@Tom Lindqvist"})
    assert await office.maya.submit() is None
    errors = await office.errors(office.ben, {"Where does it stand?": "316"})
    assert "Only the owner of Monthly givers or a lead" in next(iter(errors.values()))
    assert "Tom Lindqvist" in next(iter(errors.values()))
    assert readings(office) == []


async def test_who_leads_no_more_changes_nothing_by_a_form_still_open(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.maya.command("/kpi", "add", channel=office.marketing)
    await office.maya.fill(KPI_FIELDS)
    await office.ruth.command("/rhythm", "setup", channel=office.marketing)
    await office.ruth.fill({"Leads": ["@Ruth Adler"]})
    assert await office.ruth.submit() is None
    form = await office.maya.submit()
    assert form is not None
    assert "Only a lead of Harbor Lights can do this: Ruth Adler" in next(iter(form.errors.values()))
    assert kept(office) == []


async def test_a_value_far_from_the_last_is_asked_about_and_saved_only_when_meant(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    await add(office)
    await office.ben.command("/kpi", "update Monthly givers 3,160 after the gala", channel=office.marketing)
    assert readings(office) == []
    assert office.ben.form is not None
    assert "Monthly givers 3,160, was 310: is that right?" in str(office.ben.form.blocks)
    assert office.ben.form.values["Note"] == "after the gala"

    await office.ben.fill({"Where does it stand?": "31"})
    assert await office.ben.submit() is not None
    assert "Monthly givers 31, was 310: is that right?" in str(office.ben.form.blocks)
    assert readings(office) == []
    assert await office.ben.submit() is None
    assert [reading.value for reading in readings(office)] == [Decimal(31)]


async def test_numbers_and_days_of_an_update_are_read_as_people_write_them(harbor_lights: Office) -> None:
    office = harbor_lights
    await add(office)
    said = await office.asks(office.ben, "/kpi", "update Monthly givers 316 120 cards sent")
    assert "316" in said
    assert "316,120" not in said
    assert "such as 366" in await office.asks(office.ben, "/kpi", "update monthly +50")


async def test_the_words_that_plainly_mean_one_kpi_record_it_and_others_are_asked_about(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    await add(office)
    said = await office.asks(office.ben, "/kpi", "update givers 316")
    assert "Monthly givers" in said
    assert "316" in said
    assert [int(one.value) for one in readings(office)] == [316]
    assert "There is no KPI" in await office.asks(office.ben, "/kpi", "update givers in Leeds 40")
    await add(office, {"Name": "Yearly givers", "Owner": "@Tom Lindqvist"})
    assert "Did you mean" in await office.asks(office.ben, "/kpi", "update givers 317")
    assert [int(one.value) for one in readings(office)] == [316]

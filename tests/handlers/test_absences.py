"""Being away and coming back."""

from datetime import UTC, date, datetime

from domain.absences import Absence, WorkPattern
from storage import absences, people
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.office import STRATEGY_FIELDS, Office
from tests.support.setting_up import fill_setup, submit_setup

ASK = {
    "About": "Newsletter relaunch",
    "What do you ask for?": "Print 5,000 leaflets?",
    "What happens if nobody decides?": "We print none",
}


def planned(office: Office, person_id: str) -> tuple[Absence, ...]:
    return office.reads(absences.list_absences, office.slack.workspace.id, [person_id])[person_id]


async def test_two_days_are_enough_to_be_away(office: Office) -> None:
    said = await office.asks(office.ben, "/rhythm", "away 24 Dec to 5 Jan")

    assert said.startswith("You are away 24 Dec to 5 Jan. I will not ask you anything in that time.")
    assert planned(office, office.ben.id) == (Absence(date(2026, 12, 24), date(2027, 1, 5)),)


async def test_words_that_are_no_days_get_an_example(office: Office) -> None:
    said = await office.asks(office.ben, "/rhythm", "away soon")

    assert "I could not read “soon” as days" in said
    assert "24 Dec to 5 Jan" in said
    assert planned(office, office.ben.id) == ()


async def test_days_that_would_be_most_of_a_year_are_asked_about_and_saved_only_when_meant(
    office: Office,
) -> None:
    await office.asks(office.ben, "/rhythm", "away 5 Jan to 24 Dec")
    assert office.ben.form is not None
    assert "That is 50 weeks. Did you mean 24 Dec to 5 Jan?" in str(office.ben.form.blocks)
    assert office.ben.form.values["First day away"] == "2027-01-05"

    await office.ben.fill({"First day away": "2027-02-01", "Last day away": "2027-06-30"})
    await office.ben.submit()
    assert "That is 21 weeks. Is that right?" in str(office.ben.form.blocks)
    assert await office.ben.submit() is None
    assert "You are away 1 Feb to 30 Jun 2027." in await office.heard(office.ben)


async def test_days_that_are_over_are_not_saved_as_most_of_a_year(office: Office) -> None:
    await office.asks(office.ben, "/rhythm", "away 9 Nov to 13 Nov")
    assert office.ben.form is not None
    assert "9 Nov to 13 Nov is over" in office.ben.form.drawn
    assert "save them as they are" not in office.ben.form.drawn
    assert office.ben.form.values["First day away"] == "2026-11-09"
    assert office.ben.form.values["Last day away"] == "2026-11-13"

    refused = await office.errors(office.ben, {})
    assert refused == {"Last day away": "That is over already. Choose today or a later day."}
    await office.ben.fill({"First day away": "2026-11-23", "Last day away": "2026-11-27"})
    assert await office.ben.submit() is None
    assert "You are away 23 Nov to 27 Nov." in await office.heard(office.ben)


async def test_somebody_away_is_not_prompted(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.asks(office.ben, "/rhythm", "away 23 Nov to 27 Nov")
    before = len(office.ben.dm.messages)
    await office.slack.clock.advance(to=datetime(2026, 11, 29, tzinfo=UTC))

    assert len(office.ben.dm.messages) == before


async def test_back_ends_an_absence_without_an_end(office: Office) -> None:
    await office.asks(office.ben, "/rhythm", "away")
    await office.ben.fill({"First day away": "2026-11-19"})
    assert await office.ben.submit() is None
    heard = await office.heard(office.ben)
    back = await office.asks(office.ben, "/rhythm", "back")

    assert "I will not ask you anything until you run /rhythm back" in heard
    assert back == "Welcome back! I will ask you again from the next check-in on."
    assert planned(office, office.ben.id) == (Absence(date(2026, 11, 19), date(2026, 11, 19)),)


async def test_back_cancels_a_future_absence_and_who_planned_it_is_asked_again(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.asks(office.ben, "/rhythm", "away 23 Nov to 27 Nov")

    said = await office.asks(office.ben, "/rhythm", "back")
    assert said == "Cancelled: you are not away 23 Nov to 27 Nov, and I will ask you as usual."
    assert planned(office, office.ben.id) == ()
    await office.slack.clock.advance(to=datetime(2026, 11, 23, 17, tzinfo=UTC))
    assert "On track" in office.ben.dm.messages[-1].drawn


async def test_back_asks_which_of_several_and_takes_any_day_of_one(office: Office) -> None:
    await office.asks(office.ben, "/rhythm", "away 24 Dec to 5 Jan")
    await office.asks(office.ben, "/rhythm", "away 8 Feb to 12 Feb")

    said = await office.asks(office.ben, "/rhythm", "back")
    assert "Planned: 24 Dec to 5 Jan and 8 Feb to 12 Feb" in said
    assert "/rhythm back 24 Dec" in said
    assert len(planned(office, office.ben.id)) == 2
    assert "no absence planned on 6 Jan" in await office.asks(office.ben, "/rhythm", "back 6 Jan")
    assert "could not read “soon” as a day" in await office.asks(office.ben, "/rhythm", "back soon")

    said = await office.asks(office.ben, "/rhythm", "back on 27 Dec")
    assert said.startswith("Cancelled: you are not away 24 Dec to 5 Jan")
    assert "Still planned: 8 Feb to 12 Feb." in said
    assert planned(office, office.ben.id) == (Absence(date(2027, 2, 8), date(2027, 2, 12)),)


async def test_coming_back_leaves_what_is_planned_for_later(office: Office) -> None:
    await office.asks(office.ben, "/rhythm", "away 20 Nov to 27 Nov")
    await office.asks(office.ben, "/rhythm", "away 24 Dec to 5 Jan")

    said = await office.asks(office.ben, "/rhythm", "back")
    assert said.startswith("Welcome back!")
    assert "Still planned: 24 Dec to 5 Jan." in said


async def test_the_form_lists_what_is_planned_and_cancels_what_is_ticked(office: Office) -> None:
    await office.asks(office.ben, "/rhythm", "away 24 Dec to 5 Jan")
    await office.asks(office.ben, "/rhythm", "away 8 Feb to 12 Feb")
    await office.asks(office.ben, "/rhythm", "away")
    await office.ben.fill({"Planned already": ["24 Dec to 5 Jan"], "First day away": "2027-03-01"})
    await office.ben.fill({"Last day away": "2027-03-02"})
    assert await office.ben.submit() is None

    heard = await office.heard(office.ben)
    assert heard.startswith("Cancelled: you are not away 24 Dec to 5 Jan. You are away 1 Mar to 2 Mar.")
    assert [one.first for one in planned(office, office.ben.id)] == [date(2027, 2, 8), date(2027, 3, 1)]


async def test_the_form_says_what_is_wrong_with_its_days(office: Office) -> None:
    await office.asks(office.ben, "/rhythm", "away")

    backwards = await office.errors(
        office.ben, {"First day away": "2026-12-24", "Last day away": "2026-12-20"}
    )
    assert backwards == {"Last day away": "This is before the first day, 24 Dec. Choose a later day."}
    for_ever = await office.errors(office.ben, {"Last day away": "9999-12-30"})
    assert for_ever == {"Last day away": "30 Dec 9999 is more than two years away. Choose an earlier day."}


async def test_working_days_and_country_can_be_ones_own(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.asks(office.ben, "/rhythm", "away")
    await office.ben.fill(
        {"My working days": ["Tuesday", "Wednesday", "Thursday"], "My country": "United States"}
    )
    assert await office.ben.submit() is None
    assert await office.heard(office.ben) == "Your working days are saved."

    ben = office.reads(people.get_person, office.slack.workspace.id, office.ben.id)
    assert ben.work_pattern == WorkPattern(frozenset({1, 2, 3}), "US")
    before = len(office.ben.dm.messages)
    await office.slack.clock.advance(to=datetime(2026, 11, 24, 12, tzinfo=UTC))
    assert len(office.ben.dm.messages) == before
    await office.slack.clock.advance(to=datetime(2026, 11, 24, 17, tzinfo=UTC))
    assert len(office.ben.dm.messages) == before + 1


async def test_looking_at_the_form_does_not_make_the_strategys_days_ones_own(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.asks(office.ben, "/rhythm", "away")
    await office.ben.fill({"First day away": "2026-12-24", "Last day away": "2026-12-31"})
    assert await office.ben.submit() is None

    ben = office.reads(people.get_person, office.slack.workspace.id, office.ben.id)
    assert ben.work_pattern is None


async def test_the_button_on_a_prompt_opens_the_form_from_today(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.slack.clock.advance(to=datetime(2026, 11, 23, 17, tzinfo=UTC))
    await office.ben.click("I’m away")

    assert office.ben.form is not None
    assert office.ben.form.values["First day away"] == "2026-11-23"


async def test_a_country_with_parts_offers_them_and_a_part_keeps_its_own_days_off(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    await office.asks(office.ben, "/rhythm", "away")
    await office.ben.fill({"First day away": "2026-12-24", "Last day away": "2027-01-05"})
    await office.ben.fill({"My country": "Germany"})
    await office.ben.fill({"Part of the country": "Bayern"})
    assert await office.ben.submit() is None
    assert "You are away 24 Dec to 5 Jan" in await office.heard(office.ben)

    ben = office.reads(people.get_person, office.slack.workspace.id, office.ben.id)
    assert ben.work_pattern == WorkPattern(country="DE", subdivision="BY")

    await office.asks(office.ben, "/rhythm", "away")
    assert office.ben.form is not None
    assert office.ben.form.values["Part of the country"] == "Bayern"
    await office.ben.fill({"My country": "Ireland"})
    assert "Part of the country" not in office.ben.form.values
    assert await office.ben.submit() is None
    ben = office.reads(people.get_person, office.slack.workspace.id, office.ben.id)
    assert ben.work_pattern == WorkPattern(country="IE")


async def test_a_strategy_form_keeps_what_was_typed_while_a_part_is_chosen(office: Office) -> None:
    await office.maya.command("/rhythm", "setup", channel=office.marketing)
    await fill_setup(office.maya, {**STRATEGY_FIELDS, "Country": "Germany"})
    await office.maya.fill({"Country": "United Kingdom"})
    await office.maya.fill({"Part of the country": "England"})
    await submit_setup(office.maya)

    strategy = office.strategy
    assert strategy.name == STRATEGY_FIELDS["Name"]
    assert strategy.work_pattern == WorkPattern(country="GB", subdivision="ENG")


async def test_whoever_was_told_that_they_are_asked_nothing_gets_no_reminder_of_any_kind_in_that_time(
    harbor_lights: Office,
) -> None:
    """Of a check-in, whose prompt came the day before, put off by three hours; of a decision; of a review; of a KPI."""
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.maya.command("/kpi", "add", channel=office.marketing)
    await office.maya.fill(KPI_FIELDS)
    assert await office.maya.submit() is None
    message = await office.maya.says("The printer asks", to=office.marketing)
    await office.maya.shortcut("Request a decision", message=message)
    await office.maya.fill({**ASK, "Who decides?": "@Ben Carter", "By when?": "2026-12-03"})
    form = await office.maya.submit()
    assert form is None, form.errors
    await office.slack.clock.advance(to=datetime(2026, 11, 23, 17, tzinfo=UTC))
    await office.ben.click("Remind me in 3 h")
    said = await office.asks(office.ben, "/rhythm", "away 23 Nov to 11 Dec")
    assert "I will not ask you anything in that time" in said
    here = len(office.ben.dm.messages)
    await office.slack.clock.advance(to=datetime(2026, 12, 11, 23, tzinfo=UTC))

    later = [message.drawn for message in office.ben.dm.messages[here:]]
    assert [told for told in later if "what became of an ask" not in told] == []


async def test_who_is_back_after_all_is_reminded_of_what_they_are_to_decide(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.asks(office.ben, "/rhythm", "away 23 Nov to 11 Dec")
    message = await office.maya.says("The printer asks", to=office.marketing)
    await office.maya.shortcut("Request a decision", message=message)
    await office.maya.fill({**ASK, "Who decides?": "@Ben Carter", "By when?": "2026-12-03"})
    assert await office.maya.submit() is None
    await office.slack.clock.advance(to=datetime(2026, 12, 1, 17, tzinfo=UTC))
    await office.asks(office.ben, "/rhythm", "back")
    await office.slack.clock.advance(to=datetime(2026, 12, 2, 18, tzinfo=UTC))
    assert "A reminder: this waits for you" in office.ben.dm.messages[-1].drawn

"""Decisions that come back: what they should move, the day on which they are looked at again, and what becomes of them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from domain.bets import Bet, Verdict
from domain.forecasts import forecast
from domain.retrospectives import LearningKind
from sandbox import Message, Person
from storage import bets, kpis, retrospectives
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.office import INITIATIVE_FIELDS, Office, told

MONDAYS = [datetime(2026, 11, 30, 12, tzinfo=UTC) + timedelta(weeks=week) for week in range(9)]
READ = ("318", "322", "333", "340")
LOOK_ON = date(2027, 1, 18)
"""Four weeks after the decision, a Monday."""
MORNING = datetime(2027, 1, 18, 9, tzinfo=UTC)
EVENING = datetime(2027, 1, 18, 18, tzinfo=UTC)
"""10:00 where Ben is."""
ASK = {
    "About": "Newsletter relaunch",
    "What do you ask for?": "Ask givers by phone?",
    "Who decides?": "@Tom Lindqvist",
    "By when?": "2026-12-23",
    "What happens if nobody decides?": "We write letters",
}
EXPECTED = {
    "What should it move?": "Monthly givers",
    "What do you expect?": "People say yes & stay",
    "To what number?": "360",
}


async def ask(office: Office, by: Person, **changed: str) -> None:
    message = await by.says("The callers could start now", to=office.marketing)
    await by.shortcut("Request a decision", message=message)
    await by.fill({**ASK, **changed})
    form = await by.submit()
    assert form is None, form.errors
    await office.slack.settled()


async def read(office: Office, *values: str, after: int = 0) -> None:
    """A value each Monday."""
    for at, value in zip(MONDAYS[after:], values, strict=False):
        await office.slack.clock.advance(to=at)
        await office.asks(office.ben, "/kpi", f"update Monthly givers {value}")


@pytest.fixture
async def decided(harbor_lights: Office) -> Office:
    """Ben owns Newsletter relaunch and the KPI, read four times; Tom has just said yes to what Ben asked."""
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.maya.command("/kpi", "add", channel=office.marketing)
    await office.maya.fill(KPI_FIELDS)
    assert await office.maya.submit() is None
    await read(office, *READ)
    await ask(office, office.ben)
    await office.tom.click("Yes")
    await office.slack.settled()
    return office


async def bet(office: Office, by: Person, **changed: str) -> None:
    await by.click("Look again…")
    await by.fill({**EXPECTED, **changed})
    form = await by.submit()
    assert form is None, form.errors
    await office.slack.settled()


def made(office: Office) -> list[Bet]:
    strategy = office.strategy
    return office.reads(bets.list_bets, strategy.workspace_id, strategy.id)


def looks(person: Person) -> list[Message]:
    return told(person, "Looking again at")


async def test_whoever_decided_says_in_one_form_what_it_should_move(decided: Office) -> None:
    office = decided
    await office.tom.click("Look again…")
    assert office.tom.form is not None
    assert office.tom.form.labels == [
        "What should it move?",
        "What do you expect?",
        "To what number?",
        "Look again on",
    ]
    assert office.tom.form.values["Look again on"] == LOOK_ON.isoformat()
    assert office.tom.form.values["What should it move?"] == "Newsletter relaunch"
    await office.tom.fill(EXPECTED)
    assert await office.tom.submit() is None
    await office.slack.settled()
    [found] = made(office)
    assert (found.expected, found.expected_value, found.look_on) == (
        "People say yes & stay",
        Decimal(360),
        LOOK_ON,
    )
    [settled] = told(office.tom, "To be looked at again on 18 Jan: Monthly givers, expected 360")
    assert "“People say yes & stay”" in settled.drawn
    assert not looks(office.tom)


async def test_what_was_known_at_the_decision_is_kept_with_its_forecast(decided: Office) -> None:
    office = decided
    strategy = office.strategy
    await read(office, "999", after=4)  # a week later, before anybody says what is expected
    await bet(office, office.ben)
    [found] = made(office)
    [kpi] = office.reads(kpis.list_kpis, strategy.workspace_id, strategy.id)
    known = [reading for reading in kpi.readings if reading.on <= date(2026, 12, 21)]
    ahead = forecast(kpi.plan, known, date(2026, 12, 21), also=found.look_on)
    assert ahead is not None
    number = found.then.number
    assert number is not None
    assert (number.value, number.on, number.forecast) == (
        Decimal(340),
        date(2026, 12, 21),
        ahead.by(found.look_on),
    )


async def test_on_the_day_decider_and_asker_see_before_and_after_once(decided: Office) -> None:
    office = decided
    await bet(office, office.tom)
    await read(office, "345", "350", "358", after=4)
    await office.slack.clock.advance(to=MORNING - timedelta(hours=3))
    assert not looks(office.tom)
    await office.slack.clock.advance(to=EVENING)
    [message] = looks(office.tom)
    [found] = made(office)
    number = found.then.number
    assert number is not None
    assert number.forecast is not None
    low, value, high = (
        round(one) for one in (number.forecast.low, number.forecast.value, number.forecast.high)
    )
    assert (
        "“Ask givers by phone?” (Newsletter relaunch): Yes, decided by Tom Lindqvist on 21 Dec"
        in message.drawn
    )
    assert "Monthly givers, expected 360 (“People say yes & stay”) by 18 Jan" in message.drawn
    assert (
        f"When it was decided: 340 on 21 Dec, and as it went it would come to {value} by 18 Jan "
        f"({low} to {high}, 8 in 10)." in message.drawn
    )
    assert "Now: 358 on 11 Jan. What was expected, 360, is not met." in message.drawn
    assert "This coincides with the decision; it does not say that the decision caused it." in message.drawn
    assert message.buttons == ["Keep", "Change…", "Stop…"]
    assert len(looks(office.ben)) == 1
    assert not looks(office.maya)
    await office.slack.clock.advance(to=MORNING + timedelta(days=20))
    assert len(looks(office.tom)) == 1


async def test_the_first_answer_counts_and_a_second_one_sees_it(decided: Office) -> None:
    office = decided
    await bet(office, office.tom)
    await office.slack.clock.advance(to=EVENING)
    await office.tom.click("Keep")
    await office.slack.settled()
    [seen] = looks(office.ben)
    assert "Tom Lindqvist: keep it" in seen.drawn
    assert seen.buttons == ["Keep", "Change…", "Stop…"]
    await office.ben.click("Stop…")
    await office.ben.fill({"What did we learn?": "Calls cost more than they bring"})
    assert await office.ben.submit() is None
    await office.slack.settled()
    [found] = made(office)
    assert found.verdict is Verdict.KEEP
    assert [look.verdict for look in found.answers] == [Verdict.KEEP, Verdict.STOP]
    [both] = looks(office.tom)
    assert "Ben Carter: stop it (“Calls cost more than they bring”)" in both.drawn
    assert both.buttons == ["What did we learn?…"]


async def test_what_was_learned_returns_at_the_next_kickoff_for_the_goal(decided: Office) -> None:
    office = decided
    await bet(office, office.tom)
    await office.slack.clock.advance(to=EVENING)
    await office.tom.click("Keep")
    await office.slack.settled()
    await office.tom.click("What did we learn?…")
    await office.tom.fill({"What did we learn?": "- Call in the evening\n- Say the first name"})
    assert await office.tom.submit() is None
    await office.slack.settled()
    strategy = office.strategy
    kept = office.reads(retrospectives.list_learnings, strategy.workspace_id, strategy.id)
    assert [(one.kind, one.text, one.initiative_id) for one in kept] == [
        (LearningKind.KEEP, "Call in the evening", None),
        (LearningKind.KEEP, "Say the first name", None),
    ]
    await office.slack.clock.advance(to=MORNING + timedelta(days=1))
    await office.maya.command("/initiative", "add", channel=office.marketing)
    goal = KPI_FIELDS["Goal it serves"]
    await office.maya.fill(
        {**INITIATIVE_FIELDS, "Name": "Second round", "Owner": "@Tom Lindqvist", "Goal it serves": goal}
    )
    assert await office.maya.submit() is None
    await office.slack.settled()
    assert told(office.tom, "Keep: Call in the evening")

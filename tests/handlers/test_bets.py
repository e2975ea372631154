"""Decisions that come back: what they should move, the day on which they are looked at again, and what becomes of them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from domain.bets import Bet, Verdict
from domain.forecasts import forecast
from domain.retrospectives import LearningKind
from sandbox import Message, Person
from services.quarters import begin_next_quarter
from storage import bets, kpis, people, retrospectives
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.office import INITIATIVE_FIELDS, Office, told
from views.quarters import NextForm

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
        f"({low} to {high}, {'at least ' * number.is_at_least}8 in 10)." in message.drawn
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


async def test_what_is_corrected_is_withdrawn_and_stays_on_record(decided: Office) -> None:
    office = decided
    await bet(office, office.tom)
    await office.slack.clock.advance(to=datetime(2026, 12, 21, 18, tzinfo=UTC))
    await office.ben.click("Look again…")
    assert office.ben.form is not None
    assert office.ben.form.values["To what number?"] == "360"
    await bet(office, office.tom, **{"To what number?": "380"})
    await office.ben.fill({"To what number?": "900"})
    refused = await office.ben.submit()
    assert refused is not None
    assert "Somebody else has just said when to look at this again." in str(refused.errors) + refused.drawn
    await office.ben.close()
    [found] = made(office)
    assert found.expected_value == Decimal(380)
    await bet(office, office.ben, **{"What should it move?": "Do not look at it again"})
    assert made(office) == []
    await office.slack.clock.advance(to=EVENING)
    assert not looks(office.tom)
    assert "To be looked at again" not in told(office.tom, "Ask givers by phone?")[-1].drawn


async def test_the_list_of_past_decisions_says_what_came_of_it_and_keeps_the_buttons(decided: Office) -> None:
    office = decided
    past = await office.tom.command("/rhythm", "decisions past", channel=office.marketing)
    assert past.notices[-1].buttons == ["Look again…"]
    await bet(office, office.tom)
    listed = await office.asks(office.ben, "/rhythm", "decisions past")
    assert "To be looked at again on 18 Jan: Monthly givers, expected 360" in listed
    await office.slack.clock.advance(to=MORNING + timedelta(days=1))
    past = await office.maya.command("/rhythm", "decisions past", channel=office.marketing)
    assert "Looked at again on 18 Jan" in past.notices[-1].drawn
    assert past.notices[-1].buttons == ["Keep", "Change…", "Stop…"]
    await office.maya.click("Keep", message=past.notices[-1])
    assert "Maya Okafor: keep it" in await office.heard(office.maya)
    assert "Maya Okafor: keep it" in looks(office.tom)[-1].drawn


async def test_while_the_strategy_is_paused_the_day_waits(decided: Office) -> None:
    office = decided
    await bet(office, office.tom)
    await office.asks(office.maya, "/rhythm", "pause")
    await office.slack.clock.advance(to=EVENING + timedelta(days=3))
    assert not looks(office.tom)
    await office.asks(office.maya, "/rhythm", "resume")
    await office.slack.clock.advance(to=EVENING + timedelta(days=4))
    [message] = looks(office.tom)
    assert "Now: nobody has read the number since." in message.drawn
    [found] = made(office)
    assert found.found is not None
    assert found.found.on == LOOK_ON


async def test_where_both_have_left_the_leads_are_asked(decided: Office) -> None:
    office = decided
    await bet(office, office.tom)
    await office.slack.deactivate(office.ben)
    await office.slack.deactivate(office.tom)
    await office.slack.clock.advance(to=EVENING)
    assert len(looks(office.maya)) == 1
    assert not looks(office.tom)


async def test_whoever_is_away_sees_it_when_they_are_back(decided: Office) -> None:
    office = decided
    await bet(office, office.tom)
    await office.tom.command("/rhythm", "away 15 Jan to 20 Jan", channel=office.marketing)
    await office.slack.clock.advance(to=EVENING + timedelta(days=2))
    assert not looks(office.tom)
    assert len(looks(office.ben)) == 1
    await office.ben.click("Keep")
    await office.slack.clock.advance(to=EVENING + timedelta(days=3))
    [message] = looks(office.tom)
    assert "Ben Carter: keep it" in message.drawn


async def test_what_has_been_retired_says_so(decided: Office) -> None:
    office = decided
    await bet(office, office.tom)
    await office.asks(office.maya, "/kpi", "retire Monthly givers")
    await office.slack.clock.advance(to=EVENING)
    [message] = looks(office.tom)
    assert "Now: nobody has read the number since. It has been retired since." in message.drawn


async def test_before_a_strategy_ends_what_waits_is_looked_at_and_can_still_be_answered(
    decided: Office,
) -> None:
    office = decided
    await bet(office, office.tom)
    await read(office, "352", after=4)
    strategy = office.strategy
    maya = office.reads(people.get_person, strategy.workspace_id, office.maya.id)
    form = NextForm(
        name="Harbor Lights",
        why=strategy.why,
        goals=(),
        end=date(2027, 6, 30),
        initiatives=frozenset(),
        kpis=frozenset(),
    )
    office.reads(begin_next_quarter, strategy, form, maya, office.slack.clock.now)
    await office.slack.clock.advance(to=datetime(2026, 12, 29, 18, tzinfo=UTC))
    [message] = looks(office.tom)
    assert "Its strategy was closed before that day, so it is looked at now." in message.drawn
    assert "Now: 352 on 28 Dec." in message.drawn
    await office.tom.click("Change…")
    await office.tom.fill({"What did we learn?": "Call sooner"})
    assert await office.tom.submit() is None
    await office.slack.settled()
    assert looks(office.tom)[0].buttons == []
    kept = office.reads(retrospectives.list_learnings, strategy.workspace_id, strategy.id)
    assert [(one.kind, one.text) for one in kept] == [(LearningKind.CHANGE, "Call sooner")]


async def test_a_default_comes_back_too_and_an_initiative_is_told_by_its_weeks(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await ask(office, office.ben, **{"By when?": "2026-12-01"})
    await office.slack.clock.advance(to=datetime(2026, 11, 30, 18, tzinfo=UTC))
    await office.ben.says("on track, 4,400 subscribers")
    await office.slack.clock.advance(to=datetime(2026, 12, 2, 18, tzinfo=UTC))
    said = {"What should it move?": "Newsletter relaunch", "To what number?": "4,500"}
    await bet(office, office.ben, **said, **{"Look again on": "2026-12-16"})
    await office.slack.clock.advance(to=datetime(2026, 12, 7, 18, tzinfo=UTC))
    await office.ben.says("at risk, 4,520 subscribers, the printer is late")
    await office.slack.clock.advance(to=datetime(2026, 12, 16, 18, tzinfo=UTC))
    [message] = looks(office.tom)
    for line in (
        "“Ask givers by phone?” (Newsletter relaunch): We write letters, by default on 1 Dec",
        "Newsletter relaunch, expected subscribers 4,500 (“People say yes & stay”) by 16 Dec",
        "on track from 30 Nov; subscribers 4,400 on 30 Nov, too little to say how it would go on.",
        "at risk from 7 Dec; subscribers 4,520 on 7 Dec. What was expected, 4,500, is met.",
    ):
        assert line in message.drawn, message.drawn


async def test_where_there_is_nothing_to_move_yet_that_is_said(harbor_lights: Office) -> None:
    office = harbor_lights
    await ask(office, office.ben, About="The strategy as a whole")
    await office.tom.click("Yes")
    await office.slack.settled()
    await office.tom.click("Look again…")
    assert office.tom.form is None
    assert "There is no KPI and no initiative yet that this could move." in await office.heard(office.tom)

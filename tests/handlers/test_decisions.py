"""Asks: raised, decided, reminded of, defaulted, handed over, listed."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox import Person
from tests.support.office import Office, told

pytestmark = pytest.mark.usefixtures("harbor_lights")

DUE = datetime(2026, 12, 3, 18, tzinfo=UTC)
"""The end of the asks' day in London."""
REMINDER = datetime(2026, 12, 2, 8, tzinfo=UTC)
"""09:00 in Stockholm, where Tom is, on the day before."""
ASK = {
    "About": "Newsletter relaunch",
    "What do you ask for?": "Print 5,000 leaflets?",
    "Who decides?": "@Tom Lindqvist",
    "By when?": "2026-12-03",
    "What happens if nobody decides?": "We print none",
}


async def asks(office: Office, by: Person, **changed: str) -> None:
    """Somebody uses the shortcut on a message of theirs in #marketing."""
    message = await by.says("The printer wants to know & soon", to=office.marketing)
    await by.shortcut("Request a decision", message=message)
    await by.fill({**ASK, **changed})
    form = await by.submit()
    assert form is None, form.errors
    await office.slack.settled()


@pytest.fixture
async def asked(harbor_lights: Office) -> Office:
    """Ben owns Newsletter relaunch and asked Tom, with the strategy's default of Yes or No."""
    await harbor_lights.add("Newsletter relaunch")
    await asks(harbor_lights, harbor_lights.ben)
    return harbor_lights


async def test_the_decider_gets_a_dm_with_the_context_and_buttons(asked: Office) -> None:
    [message] = told(asked.tom, "You are asked to decide")
    assert "Print 5,000 leaflets?" in message.drawn
    assert "The printer wants to know & soon" in message.drawn
    assert "Asked by Ben Carter for Newsletter relaunch" in message.drawn
    assert "If nobody decides: We print none" in message.drawn
    assert message.buttons == ["Yes", "No", "Something else…", "Hand over…"]


async def test_one_click_decides_and_the_owner_hears_what_became_of_the_ask(asked: Office) -> None:
    await asked.tom.click("Yes")
    await asked.slack.settled()
    [message] = told(asked.tom, "Print 5,000 leaflets?")
    assert "Settled: Tom Lindqvist decided: Yes" in message.drawn
    assert message.buttons == ["Add a reason", "Look again…"]
    [heard] = told(asked.ben, "what became of an ask")
    assert "“Print 5,000 leaflets?” (Newsletter relaunch): Tom Lindqvist decided: Yes" in heard.drawn


async def test_a_reason_reaches_nobody_who_has_left_slack(asked: Office) -> None:
    await asked.tom.click("Yes")
    await asked.slack.settled()
    await asked.slack.deactivate(asked.ben)
    await asked.tom.click("Add a reason")
    await asked.tom.fill({"Why, in a sentence": "Nobody reads paper"})
    assert await asked.tom.submit() is None
    await asked.slack.settled()
    assert not told(asked.ben, "gave a reason")


async def test_a_reason_reaches_whoever_asked(asked: Office) -> None:
    await asked.tom.click("No")
    await asked.slack.settled()
    await asked.tom.click("Add a reason")
    await asked.tom.fill({"Why, in a sentence": "Nobody reads paper"})
    assert await asked.tom.submit() is None
    await asked.slack.settled()
    assert len(told(asked.ben, "gave a reason for “Print 5,000 leaflets?”: Nobody reads paper")) == 1
    assert told(asked.tom, "decided: No (Nobody reads paper)")


async def test_something_else_may_be_decided(asked: Office) -> None:
    await asked.tom.click("Something else…")
    await asked.tom.fill({"What do you decide?": "Print 500", "Why, in a sentence": "To try it"})
    assert await asked.tom.submit() is None
    await asked.slack.settled()
    assert told(asked.ben, "Tom Lindqvist decided: Print 500 (To try it)")


async def test_options_are_buttons(harbor_lights: Office) -> None:
    await harbor_lights.add("Newsletter relaunch")
    await asks(harbor_lights, harbor_lights.ben, Options="Red\nBlue\n\nGreen")
    assert told(harbor_lights.tom, "asked to decide")[0].buttons[:3] == ["Red", "Blue", "Green"]
    await harbor_lights.tom.click("Blue")
    await harbor_lights.slack.settled()
    assert told(harbor_lights.ben, "decided: Blue")


async def test_one_reminder_comes_the_day_before_with_the_buttons(asked: Office) -> None:
    await asked.slack.clock.advance(to=REMINDER - timedelta(minutes=1))
    assert not told(asked.tom, "A reminder")
    await asked.slack.clock.advance(to=REMINDER)
    [reminder] = told(asked.tom, "A reminder: this waits for you")
    assert "Yes" in reminder.buttons
    assert told(asked.tom, "I reminded you of this below")[0].buttons == []
    await asked.slack.clock.advance(to=DUE - timedelta(minutes=1))
    assert len(told(asked.tom, "A reminder")) == 1


async def test_nobody_who_decided_is_reminded(asked: Office) -> None:
    await asked.tom.click("Yes")
    await asked.slack.clock.advance(to=DUE + timedelta(days=1))
    assert not told(asked.tom, "A reminder")
    assert not told(asked.ben, "default took effect")


async def test_on_the_date_the_default_takes_effect_and_everyone_named_is_told_once(asked: Office) -> None:
    await asked.slack.clock.advance(to=DUE - timedelta(minutes=1))
    assert not told(asked.ben, "default took effect")
    await asked.slack.clock.advance(to=DUE + timedelta(days=3))
    words = "nobody decided by 3 Dec, so the default took effect: We print none"
    assert [len(told(person, "what became of an ask")) for person in (asked.ben, asked.tom)] == [1, 1]
    assert words in told(asked.ben, "what became of an ask")[0].drawn
    assert "Yes" not in told(asked.tom, "Settled:")[0].buttons


async def test_defaults_of_one_day_are_told_in_one_message(asked: Office) -> None:
    await asks(asked, asked.ben, **{"What do you ask for?": "Buy a stand?"})
    await asked.slack.clock.advance(to=DUE)
    [heard] = told(asked.ben, "what became of asks")
    assert "Buy a stand?" in heard.drawn
    assert "Print 5,000 leaflets?" in heard.drawn


async def test_a_settled_ask_is_not_settled_again(asked: Office) -> None:
    await asked.ruth.command("/rhythm", "decisions", channel=asked.marketing)
    await asked.tom.click("Yes")
    await asked.ruth.click("No", message=asked.ruth.notices[-1])
    assert "This is settled already (decided: Yes, by Tom Lindqvist)" in await asked.heard(asked.ruth)


async def test_only_the_decider_or_a_lead_decides_and_the_refusal_says_who_can(asked: Office) -> None:
    await asked.ben.command("/rhythm", "decisions", channel=asked.marketing)
    listed = asked.ben.notices[-1]
    assert "Print 5,000 leaflets?" in listed.drawn
    assert listed.buttons == ["Withdraw…", "Another day…", "Hand over…"], (
        "what Ben asked for he may take back"
    )
    await asked.maya.command("/rhythm", "decisions", channel=asked.marketing)
    await asked.maya.click("No")
    await asked.slack.settled()
    assert told(asked.tom, "Maya Okafor decided: No")
    assert told(asked.ben, "Maya Okafor decided: No")


async def reads(office: Office, person: Person, which: str) -> str:
    return await office.asks(person, "/rhythm", f"decisions {which}".strip())


async def test_decisions_are_listed_open_and_past(asked: Office) -> None:
    assert "Print 5,000 leaflets?" in await reads(asked, asked.ben, "")
    assert "Print 5,000 leaflets?" in await reads(asked, asked.ben, "open")
    assert "No decision has been made yet" in await reads(asked, asked.ben, "past")
    await asked.tom.click("Yes")
    await asked.slack.settled()
    assert "Nothing waits for a decision" in await reads(asked, asked.ben, "open")
    assert "Tom Lindqvist decided: Yes" in await reads(asked, asked.ben, "past")


async def test_nothing_stays_overdue_because_defaults_take_effect(asked: Office) -> None:
    await asked.slack.clock.advance(to=DUE + timedelta(hours=1))
    assert "Nothing is overdue" in await reads(asked, asked.ben, "overdue")
    assert "the default took effect: We print none" in await reads(asked, asked.ben, "past")


async def test_a_decider_lists_what_waits_for_them_in_their_dm(asked: Office) -> None:
    reply = await asked.tom.command("/rhythm", "decisions mine", channel=asked.tom.dm)
    assert "Print 5,000 leaflets?" in reply.drawn
    await asked.ruth.command("/rhythm", "decisions mine", channel=asked.ruth.dm)
    assert "Nothing waits for you" in asked.ruth.notices[-1].drawn


async def test_an_unknown_filter_is_answered_with_the_known_ones(asked: Office) -> None:
    said = await reads(asked, asked.ben, "yesterday")
    assert "/rhythm decisions overdue" in said


async def test_past_decisions_say_when_who_asked_whom_and_what_came_of_it(asked: Office) -> None:
    await asked.slack.clock.advance(to=datetime(2026, 11, 24, 12, tzinfo=UTC))
    await asked.tom.click("Yes")
    await asks(asked, asked.maya, **{"What do you ask for?": "Hire a hall?", "By when?": "2026-11-27"})
    await asked.slack.clock.advance(to=DUE)
    said = await asked.asks(asked.ben, "/rhythm", "decisions past")
    assert (
        "Asked 20 Nov by Ben Carter of Tom Lindqvist, by 3 Dec · 24 Nov: Tom Lindqvist decided: Yes" in said
    )
    assert (
        "Asked 24 Nov by Maya Okafor of Tom Lindqvist · nobody decided by 27 Nov, "
        "so the default took effect: We print none"
    ) in said


async def test_whoever_asked_may_withdraw_it_and_everybody_named_is_told(asked: Office) -> None:
    [mine] = told(asked.ben, "Asked: “Print 5,000 leaflets?” Tom Lindqvist decides by 3 Dec")
    assert mine.buttons == ["Withdraw…", "Another day…", "Hand over…"]
    await asked.ben.click("Withdraw…", message=mine)
    await asked.ben.fill({"Why, in a sentence": "The printer is closed"})
    assert await asked.ben.submit() is None
    await asked.slack.settled()

    assert "“Print 5,000 leaflets?” is withdrawn." in asked.ben.dm.messages[-1].drawn
    assert "withdrawn (The printer is closed)" in asked.tom.dm.messages[-1].drawn
    [message] = told(asked.tom, "You are asked to decide")
    assert "Settled: withdrawn" in message.drawn
    assert "Yes" not in message.buttons
    await asked.slack.clock.advance(to=DUE + timedelta(hours=1))
    assert told(asked.tom, "A reminder") == []
    assert "withdrawn (The printer is closed)" in await asked.asks(asked.ben, "/rhythm", "decisions past")
    await asked.ben.click("Another day…", message=mine)
    assert "This is settled already (withdrawn" in await asked.heard(asked.ben)


async def test_whoever_asked_may_give_it_another_day_and_the_decider_is_reminded_of_that_one(
    asked: Office,
) -> None:
    await asked.slack.clock.advance(to=REMINDER)
    assert len(told(asked.tom, "A reminder")) == 1
    await asked.ben.command("/rhythm", "decisions mine", channel=asked.marketing)
    listed = asked.ben.notices[-1]
    assert {"Withdraw…", "Another day…", "Hand over…"} <= set(listed.buttons)
    await asked.ben.click("Another day…", message=listed)
    errors = await asked.errors(asked.ben, {"By when?": "2026-11-30"})
    assert errors == {"By when?": "That day is over. Choose today or a later day."}
    await asked.ben.fill({"By when?": "2026-12-10"})
    assert await asked.ben.submit() is None
    await asked.slack.settled()

    moved = "Ben Carter gave “Print 5,000 leaflets?” another day: Tom Lindqvist decides by 10 Dec, was 3 Dec."
    assert moved in asked.tom.dm.messages[-1].drawn
    await asked.slack.clock.advance(to=DUE + timedelta(hours=1))
    assert "By 10 Dec, 18:00" in told(asked.tom, "You are asked to decide")[-1].drawn
    assert "1 ask moved to another day" in await asked.asks(asked.maya, "/rhythm", "digest preview")
    assert told(asked.tom, "A reminder: this waits") == []
    await asked.slack.clock.advance(to=REMINDER + timedelta(weeks=1))
    assert len(told(asked.tom, "A reminder: this waits")) == 1
    await asked.slack.clock.advance(to=DUE + timedelta(weeks=1))
    assert "nobody decided by 10 Dec, so the default took effect" in asked.ben.dm.messages[-1].drawn


async def test_whoever_asks_is_told_that_the_decider_is_away_and_may_hand_it_over(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.asks(office.tom, "/rhythm", "away 1 Dec to 11 Dec")
    await asks(office, office.ben)
    mine = office.ben.dm.messages[-1]
    assert "Tom Lindqvist is away 1 Dec to 11 Dec, and I do not remind anybody who is away." in mine.drawn
    await office.ben.click("Hand over…", message=mine)
    await office.ben.fill({"Who decides instead?": "@Maya Okafor"})
    assert await office.ben.submit() is None
    await office.slack.settled()
    assert "You are asked to decide" in office.maya.dm.messages[-1].drawn

    await office.slack.clock.advance(to=datetime(2026, 11, 23, 17, tzinfo=UTC))
    await office.ben.click("Update…")
    fields = {
        "Need something from someone?": "More leaflets?",
        "From whom?": "@Tom Lindqvist",
        "By when?": "2026-12-03",
    }
    await office.ben.fill({"How is it going?": "At risk", **fields})
    assert await office.ben.submit() is None
    await office.slack.settled()
    assert len(told(office.ben, "Tom Lindqvist is away 1 Dec to 11 Dec")) == 2, "asked in a check-in, too"


async def test_an_ask_of_somebody_away_waits_for_their_first_working_day(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.asks(office.tom, "/rhythm", "away until 1 Dec")
    await asks(office, office.ben)
    assert "so I show it to them on 2 Dec" in office.ben.dm.messages[-1].drawn
    before = len(office.tom.dm.messages)

    await office.slack.clock.advance(to=datetime(2026, 12, 2, 7, 30, tzinfo=UTC))
    assert len(office.tom.dm.messages) == before
    await office.slack.clock.advance(to=datetime(2026, 12, 2, 8, 30, tzinfo=UTC))
    (shown,) = office.tom.dm.messages[before:]
    assert "You are asked to decide" in shown.drawn
    await office.slack.clock.advance(to=DUE + timedelta(hours=1))
    assert told(office.tom, "A reminder: this waits") == []
    assert "nobody decided by 3 Dec, so the default took effect" in office.ben.dm.messages[-1].drawn


async def test_an_ask_of_somebody_away_without_an_end_comes_when_they_are_back(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.tom.command("/rhythm", "away", channel=office.marketing)
    await office.tom.fill({"First day away": "2026-11-20"})
    assert await office.tom.submit() is None
    await asks(office, office.ben)
    assert "so I do not show it to them before its day ends" in office.ben.dm.messages[-1].drawn
    await office.slack.clock.advance(to=datetime(2026, 11, 30, 9, tzinfo=UTC))
    assert told(office.tom, "You are asked to decide") == []
    await office.asks(office.tom, "/rhythm", "back")
    await office.slack.clock.advance(to=datetime(2026, 11, 30, 9, 5, tzinfo=UTC))
    assert len(told(office.tom, "You are asked to decide")) == 1

"""Open asks when something changes around them: the initiative closes, the decider leaves, the digest goes out."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.office import Office, prompt, told
from tests.support.team import in_thread

ASK = {
    "About": "Newsletter relaunch",
    "What do you ask for?": "Print 5,000 leaflets?",
    "Who decides?": "@Tom Lindqvist",
    "By when?": "2026-12-03",
    "What happens if nobody decides?": "We print none",
}
PROMPT = datetime(2026, 11, 23, 17, tzinfo=UTC)
DIGEST = datetime(2026, 11, 25, 11, tzinfo=UTC)
WEEK = timedelta(weeks=1)


@pytest.fixture
async def asked(harbor_lights: Office) -> Office:
    """Ben owns Newsletter relaunch and asked Tom."""
    await harbor_lights.add("Newsletter relaunch")
    ben = harbor_lights.ben
    message = await ben.says("The printer wants to know", to=harbor_lights.marketing)
    await ben.shortcut("Request a decision", message=message)
    await ben.fill(ASK)
    assert await ben.submit() is None
    await harbor_lights.slack.settled()
    return harbor_lights


async def closes(office: Office, **wish: str) -> None:
    await office.maya.command("/initiative", "close Newsletter relaunch", channel=office.marketing)
    form = office.maya.form
    assert form is not None
    assert "What happens to open asks?" in form.labels
    await office.maya.fill({"How does it end?": "Stopped: we end it here", **wish})
    assert await office.maya.submit() is None
    await office.slack.settled()


async def test_closing_with_open_asks_withdraws_them_and_tells_their_deciders(asked: Office) -> None:
    await closes(asked)
    assert told(asked.tom, "withdrawn (the initiative was closed)")
    assert told(asked.ben, "withdrawn (the initiative was closed)")
    await asked.slack.clock.advance(to=datetime(2026, 12, 4, tzinfo=UTC))
    assert not told(asked.ben, "default took effect")


async def test_closing_may_let_defaults_take_effect_at_once(asked: Office) -> None:
    await closes(asked, **{"What happens to open asks?": "Let the default take effect now"})
    assert told(asked.ben, ": the default took effect: We print none (the initiative was closed)")


async def test_closing_may_keep_asks_open(asked: Office) -> None:
    await closes(asked, **{"What happens to open asks?": "Keep: it is still to be decided"})
    await asked.tom.click("Yes")
    await asked.slack.settled()
    assert told(asked.ben, "Tom Lindqvist decided: Yes")


async def test_requester_and_leads_are_asked_for_a_new_decider_when_one_leaves_slack(asked: Office) -> None:
    await asked.slack.deactivate(asked.tom)
    await asked.slack.settled()
    for person in (asked.ben, asked.maya):
        [message] = told(person, "Tom Lindqvist has left Slack and was to decide")
        assert "Print 5,000 leaflets?" in message.drawn
    await asked.ben.click("Choose a decider…")
    await asked.ben.fill({"Who decides instead?": "@Ruth Adler"})
    assert await asked.ben.submit() is None
    await asked.slack.settled()
    assert told(asked.ruth, "You are asked to decide")
    await asked.ruth.click("No")
    await asked.slack.settled()
    assert told(asked.ben, "Ruth Adler decided: No")


async def test_a_default_takes_effect_though_its_decider_left(asked: Office) -> None:
    await asked.slack.deactivate(asked.tom)
    await asked.slack.clock.advance(to=datetime(2026, 12, 3, 18, tzinfo=UTC))
    assert told(asked.ben, "default took effect: We print none")
    assert not told(asked.tom, "A reminder")


async def test_a_decider_hands_over_to_somebody_else(asked: Office) -> None:
    await asked.tom.click("Hand over…")
    await asked.tom.fill({"Who decides instead?": "@Ruth Adler"})
    assert await asked.tom.submit() is None
    await asked.slack.settled()
    assert told(asked.tom, "handed over to Ruth Adler by Tom Lindqvist")[0].buttons == []
    assert told(asked.ben, "is now for Ruth Adler to decide")
    await asked.slack.clock.advance(to=datetime(2026, 12, 2, 9, tzinfo=UTC))
    assert told(asked.ruth, "A reminder")
    assert not told(asked.tom, "A reminder")


async def test_handing_over_late_offers_the_first_day_that_leaves_the_new_decider_time(asked: Office) -> None:
    await asked.slack.clock.advance(to=datetime(2026, 12, 3, 15, tzinfo=UTC))
    await asked.tom.click("Hand over…", message=told(asked.tom, "You are asked to decide")[-1])
    late = "That leaves Ruth Adler less than four working hours. The first day that leaves enough is 4 Dec."
    ruth = {"Who decides instead?": "@Ruth Adler"}
    assert await asked.errors(asked.tom, ruth) == {"By when?": late}
    only = {
        "By when?": "Only Ben Carter, who asked this, can give it any other day. Leave 3 Dec, or ask them."
    }
    assert await asked.errors(asked.tom, {**ruth, "By when?": "2026-12-18"}) == only
    await asked.tom.fill({"By when?": "2026-12-04"})
    assert await asked.tom.submit() is None
    await asked.slack.settled()
    assert told(asked.ruth, "You are asked to decide")
    assert "By 4 Dec, 18:00" in told(asked.ruth, "You are asked to decide")[-1].drawn
    await asked.slack.clock.advance(to=datetime(2026, 12, 3, 19, tzinfo=UTC))
    assert not told(asked.ben, "default took effect")
    assert told(asked.ben, "is now for Ruth Adler to decide, by 4 Dec, was 3 Dec."), "at 09:00, where Ben is"


async def test_another_day_leaves_the_decider_four_working_hours(asked: Office) -> None:
    await asked.slack.clock.advance(to=datetime(2026, 12, 1, 15, tzinfo=UTC))
    await asked.ben.command("/rhythm", "decisions mine", channel=asked.marketing)
    await asked.ben.click("Another day…", message=asked.ben.notices[-1])
    errors = await asked.errors(asked.ben, {"By when?": "2026-12-01"})
    assert errors["By when?"].startswith("That leaves Tom Lindqvist less than four working hours.")


async def test_nobody_who_left_can_be_asked(asked: Office) -> None:
    await asked.slack.deactivate(asked.tom)
    await asked.slack.settled()
    message = await asked.ben.says("And this?", to=asked.marketing)
    await asked.ben.shortcut("Request a decision", message=message)
    errors = await asked.errors(asked.ben, ASK)
    assert list(errors) == ["Who decides?"]
    assert "deactivated" in errors["Who decides?"]


async def test_the_digest_names_decisions_needed_with_decider_and_date_then_what_was_decided(
    asked: Office,
) -> None:
    await asked.slack.clock.advance(to=DIGEST)
    digest = asked.marketing.messages[-1].drawn.splitlines()
    needed = digest.index("Needs a decision")
    assert digest[needed + 1] == "Tom, by Thu 3 Dec: Print 5,000 leaflets?"
    await asked.tom.click("No")
    await asked.slack.clock.advance(to=DIGEST + WEEK)
    told = asked.marketing.messages[-1]
    assert "Needs a decision" not in told.drawn
    assert "1 decision taken" in told.drawn
    assert "• Print 5,000 leaflets?: Tom Lindqvist decided: No" in in_thread(told)
    await asked.slack.clock.advance(to=DIGEST + 2 * WEEK)
    last = asked.marketing.messages[-1]
    assert "leaflets" not in last.drawn + in_thread(last)


async def test_the_digest_says_of_a_decider_who_left_that_they_did(asked: Office) -> None:
    await asked.slack.deactivate(asked.tom)
    await asked.slack.clock.advance(to=DIGEST)
    digest = asked.marketing.messages[-1]
    assert "1 decision waits (Tom, who left Slack, 3 Dec)" in digest.drawn
    assert "Tom, who left Slack, by Thu 3 Dec: Print 5,000 leaflets?" in digest.drawn
    assert "Asked of Tom Lindqvist, who left Slack, by 3 Dec" in in_thread(digest)


@pytest.fixture
async def at_risk(harbor_lights: Office) -> Office:
    """Ben said at risk, and the digest told the channel."""
    await harbor_lights.add("Newsletter relaunch")
    await harbor_lights.slack.clock.advance(to=PROMPT)
    await harbor_lights.ben.click("At risk")
    await harbor_lights.ben.close()
    await harbor_lights.slack.clock.advance(to=DIGEST)
    return harbor_lights


async def test_a_leads_seen_shows_on_the_owners_prompt_without_a_notification(at_risk: Office) -> None:
    [details] = at_risk.marketing.messages[-1].thread
    before = len(at_risk.ben.dm.messages)
    await at_risk.maya.click("Seen", message=details)
    assert "Ben Carter sees with their check-in that you have seen it" in await at_risk.heard(at_risk.maya)
    assert "Seen by Maya Okafor" in prompt(at_risk).drawn
    assert len(at_risk.ben.dm.messages) == before


async def test_a_word_with_a_seen_stands_in_the_owners_prompt_and_in_the_next_one(at_risk: Office) -> None:
    [details] = at_risk.marketing.messages[-1].thread
    before = len(at_risk.ben.dm.messages)
    await at_risk.maya.click("Seen", message=details)
    await at_risk.slack.settled()
    seen = at_risk.maya.notices[-1]
    for word in ("Ask Legla", "I ask Legal today"):
        await at_risk.maya.click("Add a word…", message=seen)
        await at_risk.maya.fill({"A word for Ben Carter": word})
        assert await at_risk.maya.submit() is None
    await at_risk.slack.settled()
    assert "Seen by Maya Okafor: “I ask Legal today”" in prompt(at_risk).drawn
    assert "Legla" not in prompt(at_risk).drawn
    assert len(at_risk.ben.dm.messages) == before

    first = prompt(at_risk)
    await at_risk.slack.clock.advance(to=PROMPT + timedelta(weeks=1))
    assert prompt(at_risk).ts != first.ts
    assert "On your last check-in, Maya Okafor: “I ask Legal today”" in prompt(at_risk).drawn
    await at_risk.maya.click("Add a word…", message=seen)
    await at_risk.maya.fill({"A word for Ben Carter": ""})
    assert await at_risk.maya.submit() is None
    await at_risk.slack.settled()
    assert "Legal" not in first.drawn + prompt(at_risk).drawn, "taken back in both"


async def test_seen_is_for_leads_and_the_refusal_says_who_can(at_risk: Office) -> None:
    [details] = at_risk.marketing.messages[-1].thread
    await at_risk.tom.click("Seen", message=details)
    assert "Only a lead of Harbor Lights can do this: Maya Okafor" in await at_risk.heard(at_risk.tom)
    assert "Seen by" not in prompt(at_risk).drawn


async def test_nothing_on_track_has_a_seen_button(harbor_lights: Office) -> None:
    await harbor_lights.add("Newsletter relaunch")
    await harbor_lights.slack.clock.advance(to=PROMPT)
    await harbor_lights.ben.click("On track")
    await harbor_lights.slack.clock.advance(to=DIGEST)
    [details] = harbor_lights.marketing.messages[-1].thread
    assert details.buttons == []


async def test_an_ask_is_raised_in_a_review(harbor_lights: Office) -> None:
    await harbor_lights.add("Newsletter relaunch")
    await harbor_lights.slack.clock.advance(to=datetime(2026, 12, 3, 10, tzinfo=UTC))
    await harbor_lights.maya.click("Answer…")
    await harbor_lights.maya.fill(
        {"Does the strategy still hold?": "Yes, it still holds", "What changed in the market?": "Nothing"}
    )
    assert await harbor_lights.maya.submit() is None
    await harbor_lights.slack.settled()
    await harbor_lights.maya.click("Request a decision…")
    await harbor_lights.maya.fill({**ASK, "By when?": "2026-12-10"})
    assert await harbor_lights.maya.submit() is None
    await harbor_lights.slack.settled()
    [message] = told(harbor_lights.tom, "You are asked to decide")
    assert "Asked by Maya Okafor for Newsletter relaunch" in message.drawn

"""What a prompt follows up on: asks raised in a check-in and their fate, and blockers by name."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.office import INITIATIVE_FIELDS, Office, prompt

PROMPT = datetime(2026, 11, 23, 17, tzinfo=UTC)
"""Monday 09:00 in Los Angeles, where Ben is."""
WEEK = timedelta(weeks=1)
ASK = {
    "Need something from someone?": "May we drop the old form?",
    "From whom?": "@Ruth Adler",
    "By when?": "2026-11-27",
    "Otherwise": "It stays",
}


@pytest.fixture
async def prompted(harbor_lights: Office) -> Office:
    """Ben has been asked about Newsletter relaunch."""
    await harbor_lights.add("Newsletter relaunch")
    await harbor_lights.slack.clock.advance(to=PROMPT)
    return harbor_lights


async def updates(office: Office, **fields: str) -> None:
    await office.ben.click("Update…")
    await office.ben.fill({"How is it going?": "At risk", **fields})
    form = await office.ben.submit()
    assert form is None, form.errors
    await office.slack.settled()


async def test_an_ask_is_raised_in_a_check_in(prompted: Office) -> None:
    await updates(prompted, **ASK)
    [message] = [m for m in prompted.ruth.dm.messages if "May we drop the old form?" in m.drawn]
    assert "Asked by Ben Carter for Newsletter relaunch" in message.drawn
    assert "Asked: “May we drop the old form?” — Ruth Adler decides by 27 Nov" in prompt(prompted).drawn


@pytest.mark.parametrize("opened_by", ["Update…", "At risk"])
async def test_an_ask_comes_filled_in_and_lacks_only_what_is_needed(prompted: Office, opened_by: str) -> None:
    """Of Maya, its sponsor, by Friday; she adds it, so she is asked nothing at its kickoff."""
    await prompted.ben.click(opened_by)
    await prompted.ben.fill({"What is in the way?": "Ink", "Need something from someone?": "More ink"})
    if opened_by == "Update…":
        await prompted.ben.fill({"How is it going?": "At risk"})
    assert await prompted.ben.submit() is None
    await prompted.slack.settled()
    [message] = [m for m in prompted.maya.dm.messages if "More ink" in m.drawn]
    assert "27 Nov" in message.drawn
    assert "We go on without it" in message.drawn
    assert "In the way: Ink" in prompt(prompted).drawn


@pytest.mark.parametrize("opened_by", ["Update…", "At risk"])
async def test_nothing_is_asked_of_anybody_where_nothing_is_needed(prompted: Office, opened_by: str) -> None:
    await prompted.ben.click(opened_by)
    await prompted.ben.fill({"What is in the way?": "Ink"})
    if opened_by == "Update…":
        await prompted.ben.fill({"How is it going?": "At risk"})
    assert await prompted.ben.submit() is None
    await prompted.slack.settled()
    assert not [m for m in prompted.maya.dm.messages if "asked to decide" in m.drawn]
    assert "Asked:" not in prompt(prompted).drawn


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"Need something from someone?": ""}, "Need something from someone?", "Say what you ask for"),
        ({"From whom?": ""}, "From whom?", "Choose the one person who decides"),
        ({"By when?": ""}, "By when?", "Choose the day"),
        ({"By when?": "2026-11-20"}, "By when?", "That day is over"),
        ({"By when?": "2026-11-23"}, "By when?", "That leaves Ruth Adler less than four working hours"),
        ({"Otherwise": ""}, "Otherwise", "Say what happens if nobody decides"),
    ],
)
async def test_an_ask_given_by_half_gets_a_sentence_at_its_field_and_the_click_stays(
    prompted: Office, changed: dict[str, str], field: str, sentence: str
) -> None:
    await prompted.ben.click("At risk")
    await prompted.slack.settled()
    errors = await prompted.errors(prompted.ben, {**ASK, **changed})
    assert list(errors) == [field]
    assert errors[field].startswith(sentence)
    assert not [m for m in prompted.ruth.dm.messages if "May we drop" in m.drawn]
    assert "Newsletter relaunch: at risk" in prompt(prompted).drawn


async def test_the_form_says_what_was_asked_already_and_the_prompt_shows_asks_of_others(
    prompted: Office,
) -> None:
    message = await prompted.maya.says("Budget?", to=prompted.marketing)
    await prompted.maya.shortcut("Request a decision", message=message)
    await prompted.maya.fill(
        {
            "About": "Newsletter relaunch",
            "What do you ask for?": "May we drop the old form?",
            "Who decides?": "@Ruth Adler",
            "By when?": "2026-11-27",
            "What happens if nobody decides?": "It stays",
        }
    )
    assert await prompted.maya.submit() is None
    await prompted.slack.settled()
    open_ask = "“May we drop the old form?” — Ruth Adler decides by 27 Nov"
    assert f"Asked: {open_ask}" in prompt(prompted).drawn
    await prompted.ben.click("Update…")
    form = prompted.ben.form
    assert form is not None
    assert open_ask in str(form.blocks)


async def test_problems_of_the_check_in_and_of_its_ask_are_told_together(prompted: Office) -> None:
    await prompted.ben.click("Update…")
    fields = {"subscribers": "many", "Need something from someone?": "Money", "By when?": "2026-11-20"}
    errors = await prompted.errors(prompted.ben, {"How is it going?": "At risk", **fields})
    assert set(errors) == {"subscribers", "By when?"}


async def test_the_next_prompt_shows_the_fate_of_an_ask_and_the_one_after_does_not(prompted: Office) -> None:
    await updates(prompted, **ASK)
    await prompted.ruth.click("Yes")
    await prompted.slack.settled()
    assert "What became of “May we drop the old form?”: Ruth Adler decided: Yes" in prompt(prompted).drawn
    await prompted.slack.clock.advance(to=PROMPT + WEEK)
    assert "What became of “May we drop the old form?”: Ruth Adler decided: Yes" in prompt(prompted).drawn
    await prompted.slack.clock.advance(to=PROMPT + 2 * WEEK)
    assert "May we drop" not in prompt(prompted).drawn


async def test_the_next_prompt_says_that_a_default_took_effect(prompted: Office) -> None:
    await updates(prompted, **ASK)
    await prompted.slack.clock.advance(to=PROMPT + WEEK)
    assert "nobody decided by 27 Nov, so the default took effect: It stays" in prompt(prompted).drawn


async def test_a_blocker_not_resolved_is_asked_about_by_name_next_week(prompted: Office) -> None:
    await updates(prompted, **{"What is in the way?": "The printer broke"})
    await prompted.slack.clock.advance(to=PROMPT + WEEK)
    assert "Was in the way: “The printer broke” — still?" in prompt(prompted).drawn
    assert {"Resolved", "Still there"} < set(prompt(prompted).buttons)


async def test_a_resolved_blocker_is_not_asked_about_again(prompted: Office) -> None:
    await updates(prompted, **{"What is in the way?": "The printer broke"})
    await prompted.slack.clock.advance(to=PROMPT + WEEK)
    await prompted.ben.click("Resolved")
    await prompted.ben.click("On track")
    await prompted.slack.settled()
    assert "The printer broke" not in prompt(prompted).drawn
    await prompted.slack.clock.advance(to=PROMPT + 2 * WEEK)
    assert "The printer broke" not in prompt(prompted).drawn


async def test_a_blocker_that_is_still_there_stays_on_record(prompted: Office) -> None:
    await updates(prompted, **{"What is in the way?": "The printer broke"})
    await prompted.slack.clock.advance(to=PROMPT + WEEK)
    await prompted.ben.click("Still there")
    await prompted.ben.click("On track")
    await prompted.slack.settled()
    assert "In the way: The printer broke" in prompt(prompted).drawn
    assert "Resolved" not in prompt(prompted).buttons


async def test_same_as_last_week_keeps_what_is_in_the_way_and_says_so_with_resolved(prompted: Office) -> None:
    await updates(prompted, **{"What is in the way?": "The printer broke"})
    await prompted.slack.clock.advance(to=PROMPT + WEEK)
    await prompted.ben.click("Same as last week")
    await prompted.slack.settled()
    told = prompt(prompted)
    assert "In the way: The printer broke" in told.drawn
    assert "What was in the way stays on record" in told.drawn
    assert {"Resolved", "Edit"} == set(told.buttons)
    assert "The printer broke" in await prompted.asks(prompted.maya, "/rhythm", "digest preview")

    await prompted.ben.click("Resolved")
    await prompted.slack.settled()
    assert "The printer broke" not in prompt(prompted).drawn
    assert "at risk" in prompt(prompted).drawn
    assert "The printer broke" not in await prompted.asks(prompted.maya, "/rhythm", "digest preview")


async def test_the_same_in_words_names_what_is_still_in_the_way_with_resolved(prompted: Office) -> None:
    await updates(prompted, **{"What is in the way?": "The printer broke"})
    await prompted.slack.clock.advance(to=PROMPT + WEEK)
    said = await prompted.ben.says("same as last week")
    await prompted.slack.settled()
    assert "at risk · still in the way: The printer broke" in said.thread[-1].drawn
    assert said.thread[-1].buttons == ["Resolved", "Edit"]
    assert "Resolved" in prompt(prompted).buttons

    await prompted.ben.click("Resolved", message=said.thread[-1])
    await prompted.slack.settled()
    for told in (said.thread[-1], prompt(prompted)):
        assert "The printer broke" not in told.drawn
        assert "Resolved" not in told.buttons
        assert "at risk" in told.drawn


async def test_the_same_in_words_edited_to_something_else_is_taken_back_whole(prompted: Office) -> None:
    await updates(prompted, **{"What is in the way?": "The printer broke"})
    await prompted.slack.clock.advance(to=PROMPT + WEEK)
    said = await prompted.ben.says("same as last week")
    await prompted.slack.settled()
    await prompted.ben.edits(said, "on track")
    await prompted.slack.settled()
    assert "on track" in prompt(prompted).drawn
    assert "In the way: The printer broke" not in prompt(prompted).drawn
    assert "same as last week" not in prompt(prompted).drawn


async def test_the_same_two_weeks_running_keeps_a_blocker_both_times(prompted: Office) -> None:
    await updates(prompted, **{"What is in the way?": "The printer broke"})
    for weeks in (1, 2):
        await prompted.slack.clock.advance(to=PROMPT + weeks * WEEK)
        await prompted.ben.click("Same as last week")
        await prompted.slack.settled()
        assert "In the way: The printer broke" in prompt(prompted).drawn


async def test_a_week_of_silence_does_not_resolve_a_blocker(prompted: Office) -> None:
    await updates(prompted, **{"What is in the way?": "The printer broke"})
    await prompted.slack.clock.advance(to=PROMPT + 2 * WEEK)
    assert "Was in the way: “The printer broke” — still?" in prompt(prompted).drawn


async def test_a_form_sent_without_the_blocker_resolves_it(prompted: Office) -> None:
    await updates(prompted, **{"What is in the way?": "The printer broke"})
    await prompted.slack.clock.advance(to=PROMPT + WEEK)
    await updates(prompted, **{"What is in the way?": ""})
    await prompted.slack.clock.advance(to=PROMPT + 2 * WEEK)
    assert "The printer broke" not in prompt(prompted).drawn


async def test_why_takes_back_nothing_that_was_said_while_its_form_was_open(prompted: Office) -> None:
    await prompted.ben.click("At risk")
    await prompted.ben.says("at risk, waiting for legal")
    await prompted.slack.settled()
    assert await prompted.ben.submit() is None
    await prompted.slack.settled()
    assert "In the way: waiting for legal" in prompt(prompted).drawn


async def test_before_anything_has_begun_there_is_nothing_to_answer(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.maya.command("/initiative", "add", channel=office.marketing)
    await office.maya.fill({**INITIATIVE_FIELDS, "Start": "2026-12-14"})
    assert await office.maya.submit() is None
    await office.slack.settled()
    await office.ben.click("Accept")
    await office.slack.settled()
    reply = await office.ben.command("/checkin", "")
    assert reply.drawn.startswith("You own no active initiative that has begun")


async def test_what_was_paused_over_a_prompt_comes_back_with_what_was_last_said_of_it(
    prompted: Office,
) -> None:
    await prompted.add("Open days")
    await prompted.ben.click("At risk")
    await prompted.ben.fill({"What is in the way?": "The printer broke"})
    assert await prompted.ben.submit() is None
    await prompted.maya.command("/initiative", "pause Newsletter", channel=prompted.marketing)
    await prompted.slack.clock.advance(by=timedelta(weeks=1))
    without = prompt(prompted)
    assert "Newsletter" not in without.drawn
    await prompted.maya.command("/initiative", "resume Newsletter", channel=prompted.marketing)
    await prompted.slack.clock.advance(by=timedelta(weeks=1))
    line = next(one for one in prompt(prompted).drawn.splitlines() if one.startswith("Newsletter"))
    assert "week of 23 Nov :large_yellow_circle: at risk" in line
    assert "Was in the way: “The printer broke” — still?" in prompt(prompted).drawn
    assert "Open days: no answer" in without.drawn
    assert "Newsletter" not in without.drawn, "nobody was asked about it in that week"


async def test_words_put_with_an_answer_do_not_pass_for_its_health(prompted: Office) -> None:
    """They say another one, in a sentence that is not read as an answer."""
    ben = prompted.ben
    await ben.click("On track")
    said = await ben.says("Last week was off track, the printer broke")
    await prompted.slack.settled()
    await ben.click("Newsletter relaunch", message=said.thread[-1])
    await prompted.slack.settled()
    asked = said.thread[-1]
    assert "I kept your words for Newsletter relaunch" in asked.drawn
    assert "It is recorded as :large_green_circle: on track: is it still?" in asked.drawn
    assert "Recorded:" not in asked.drawn
    await ben.click("Off track", message=asked)
    await prompted.slack.settled()
    assert "Recorded: :red_circle: Newsletter relaunch off track" in said.thread[-1].drawn


async def test_a_prompt_past_its_digest_asks_for_no_answer_by_a_time_that_is_over(prompted: Office) -> None:
    await prompted.add("Open days", "@Ben Carter")
    await prompted.slack.clock.advance(by=timedelta(weeks=1))
    assert "Please answer by Tuesday evening." in prompt(prompted).drawn
    await prompted.slack.clock.advance(by=timedelta(days=3))
    await prompted.ben.click("On track", message=prompt(prompted))
    await prompted.slack.settled()
    assert "A late answer still counts, until your next check-in." in prompt(prompted).drawn
    assert "Please answer by" not in prompt(prompted).drawn


async def test_nobody_who_wrote_without_a_health_is_said_to_have_said_no_word(prompted: Office) -> None:
    for number in range(2):
        await prompted.slack.clock.advance(to=PROMPT + number * WEEK)
        await prompted.ben.says("We wait for the hall, and hope")
    await prompted.slack.clock.advance(to=PROMPT + 2 * WEEK - timedelta(days=1))
    await prompted.slack.settled()

    [told] = [m.drawn for m in prompted.maya.dm.messages if "Ask them in person" in m.drawn]
    assert "Ben Carter: Newsletter relaunch" in told
    assert told.startswith("Two weeks without an answer in Harbor Lights.")
    assert "without a word" not in told

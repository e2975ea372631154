"""The week's three ways of answering: a click, the form, plain words. London is on UTC all through November."""

from datetime import UTC, datetime, timedelta

from bot.parts import Parts
from sandbox import Message, Person
from tests.support.records import kept_readings, kept_revisions, kept_words
from tests.support.team import Team, in_thread

NEXT_PROMPT = datetime(2026, 11, 30, 9, tzinfo=UTC)


async def says(team: Team, person: Person, text: str, thread: Message | None = None) -> Message:
    """Write to the bot; the answer is in the thread once all is quiet."""
    message = await person.says(text, thread=thread)
    await team.slack.settled()
    return message


# One click


async def test_on_track_is_one_click_and_complete(team: Team, ben: Person, bot: Parts) -> None:
    reply = await ben.click("On track")
    await team.slack.settled()

    assert ben.form is None
    assert reply.notices == []
    assert kept_revisions(bot) == [(1, "on_track")]
    [prompt] = team.prompts(ben)
    assert "Newsletter: on track" in prompt.drawn
    assert prompt.buttons == ["Edit"]


async def test_an_owner_with_nothing_new_spends_one_click_a_week(team: Team, ben: Person) -> None:
    await ben.click("On track")
    await team.until(NEXT_PROMPT)
    await ben.click("Same as last week")
    await team.until(NEXT_PROMPT + timedelta(days=6))

    assert len(team.prompts(ben)) == 2
    assert team.reminders(ben) == []


async def test_at_risk_asks_why_and_closing_the_form_keeps_the_click(
    team: Team, ben: Person, bot: Parts
) -> None:
    await ben.click("At risk")
    assert ben.form is not None
    assert ben.form.labels == [
        "What is in the way?",
        "Need something from someone?",
        "From whom?",
        "By when?",
        "Otherwise",
        "Kind of ask",
    ]
    await ben.close()
    await team.slack.settled()

    assert kept_revisions(bot) == [(1, "at_risk")]
    assert "Newsletter: at risk" in team.prompts(ben)[0].drawn


async def test_what_is_in_the_way_and_an_ask_to_the_sponsor_are_one_form_with_the_click(
    team: Team, ben: Person, bot: Parts
) -> None:
    """Three clicks where words are typed without one, five where each of the two fields is clicked into."""
    await ben.click("Off track")
    await ben.fill({"What is in the way?": "The printer broke", "Need something from someone?": "A new one"})
    assert await ben.submit() is None
    await team.slack.settled()

    assert kept_revisions(bot) == [(1, "off_track"), (2, "off_track")]
    prompt = team.prompts(ben)[0].drawn
    assert "In the way: The printer broke" in prompt
    assert "Asked: “A new one” — Maya decides by 27 Nov" in prompt
    [ask] = [m for m in team.maya.dm.messages if "A new one" in m.drawn]
    assert "We go on without it" in ask.drawn


async def test_the_same_click_twice_is_one_answer(team: Team, ben: Person, bot: Parts) -> None:
    prompt = team.prompts(ben)[0]
    place = [dict(block) for block in prompt.blocks]
    await ben.click("On track")
    await team.slack.settled()
    prompt.raw["blocks"] = place
    await ben.click("On track", message=prompt)

    assert kept_revisions(bot) == [(1, "on_track")]


# The form


async def test_the_update_form_is_drafted_from_last_time_and_says_nothing_for_its_owner(
    team: Team, ben: Person
) -> None:
    await ben.click("Update…")
    await ben.fill(
        {"How is it going?": "On track", "What moved?": "Sent to 400", "What is next?": "Write two"}
    )
    await ben.fill({"subscribers": "4,310"})
    assert await ben.submit() is None
    await team.until(NEXT_PROMPT)
    prompt = team.prompts(ben)[-1]
    await ben.click("Update…", message=prompt)

    assert "last week :large_green_circle: on track · subscribers 4,310 of 6,000" in prompt.drawn
    assert "You said next: Write two" in prompt.drawn
    assert ben.form is not None
    assert not ben.form.values["How is it going?"]
    assert not ben.form.values["What moved?"]
    assert ben.form.values["What is next?"] == "Write two"
    assert ben.form.values["subscribers"] == "4,310"
    assert "What became of last week’s “next”?" in ben.form.labels


async def test_the_form_says_what_is_wrong_at_its_field_and_keeps_what_was_typed(
    ben: Person, bot: Parts
) -> None:
    await ben.click("Update…")
    await ben.fill({"How is it going?": "On track", "What moved?": "A lot", "subscribers": "abc"})
    form = await ben.submit()

    assert form is not None
    assert list(form.errors) == ["subscribers"]
    assert form.values["What moved?"] == "A lot"
    assert kept_revisions(bot) == []


async def test_edit_opens_what_was_recorded_and_makes_a_revision(team: Team, ben: Person, bot: Parts) -> None:
    await ben.click("On track")
    await team.slack.settled()
    await ben.click("Edit")
    assert ben.form is not None
    await ben.fill({"How is it going?": "At risk", "What is in the way?": "Legal"})
    assert await ben.submit() is None
    await team.slack.settled()

    assert kept_revisions(bot) == [(1, "on_track"), (2, "at_risk")]
    assert "Newsletter: at risk\nIn the way: Legal" in team.prompts(ben)[0].drawn


# Plain words


async def test_health_and_numbers_are_read_from_words_and_shown_back(
    team: Team, ben: Person, bot: Parts
) -> None:
    message = await says(team, ben, "on track, 4,650 subscribers, waiting for legal")

    assert "Newsletter on track · subscribers 4,650 · in the way: waiting for legal" in in_thread(message)
    assert message.thread[-1].buttons == ["Edit"]
    assert kept_readings(bot) == ["4650"]
    assert "on track, 4,650 subscribers, waiting for legal" in team.prompts(ben)[0].drawn
    await ben.click("Edit", message=message.thread[-1])
    assert ben.form is not None
    assert ben.form.values["subscribers"] == "4,650"


async def test_words_without_a_health_ask_for_it(team: Team, ben: Person, bot: Parts) -> None:
    message = await says(team, ben, "we sent the second issue, 4,700 subscribers now")
    assert "How is it going?" in in_thread(message)
    await ben.click("At risk", message=message.thread[-1])
    await team.slack.settled()

    assert kept_revisions(bot)[-1][1] == "at_risk"
    assert "Recorded: :large_yellow_circle: Newsletter at risk" in in_thread(message)
    assert "we sent the second issue" in team.prompts(ben)[0].drawn


async def test_thanks_settles_nothing_until_a_button_does(team: Team, ben: Person, bot: Parts) -> None:
    message = await says(team, ben, "thanks!")

    assert kept_revisions(bot) == []
    assert kept_words(bot) == ["thanks!"]
    assert "On track" in " ".join(message.thread[-1].buttons)
    await team.until(datetime(2026, 11, 24, 9, tzinfo=UTC))
    assert len(team.reminders(ben)) == 1


async def test_a_negated_health_is_not_guessed(team: Team, ben: Person, bot: Parts) -> None:
    message = await says(team, ben, "not on track at all")

    assert [health for _, health in kept_revisions(bot)] in ([], [None])
    assert "How is it going?" in in_thread(message)


async def test_words_that_name_no_initiative_are_not_guessed_but_asked_about(team: Team, bot: Parts) -> None:
    ben = team.owners["Ben"]
    await team.adds("Newsletter", ben)
    await team.adds("Referrals", ben)
    await team.until(datetime(2026, 11, 23, 9, tzinfo=UTC))
    message = await says(team, ben, "on track, all good")
    assert "Which initiative is this about?" in in_thread(message)
    assert message.thread[-1].buttons == ["Newsletter", "Referrals"]
    assert kept_revisions(bot) == []

    await ben.click("Referrals", message=message.thread[-1])
    await team.slack.settled()
    assert kept_revisions(bot) == [(1, "on_track")]
    assert "Referrals: on track" in team.prompts(ben)[0].drawn
    assert "Recorded: :large_green_circle: Referrals on track" in in_thread(message)


async def test_words_in_the_prompts_thread_are_an_answer(team: Team, ben: Person, bot: Parts) -> None:
    prompt = team.prompts(ben)[0]
    await says(team, ben, "at risk: the printer broke", thread=prompt)

    assert "Newsletter at risk" in in_thread(prompt)
    assert [health for _, health in kept_revisions(bot)] == ["at_risk"]


async def test_editing_the_message_makes_a_revision_and_keeps_the_old_words(
    team: Team, ben: Person, bot: Parts
) -> None:
    message = await says(team, ben, "on track, 4,650 subscribers")
    await ben.edits(message, "at risk, 4,450 subscribers")
    await team.slack.settled()

    assert kept_revisions(bot) == [(1, "on_track"), (2, "at_risk")]
    assert kept_words(bot) == ["on track, 4,650 subscribers", "at risk, 4,450 subscribers"]
    assert "Newsletter at risk · subscribers 4,450" in in_thread(message)
    assert len(message.thread) == 1


async def test_deleting_the_message_changes_nothing(team: Team, ben: Person, bot: Parts) -> None:
    message = await says(team, ben, "on track, 4,650 subscribers")
    before = team.prompts(ben)[0].drawn
    await ben.deletes(message)
    await team.slack.settled()

    assert team.prompts(ben)[0].drawn == before
    assert kept_revisions(bot) == [(1, "on_track")]


async def test_a_file_gets_that_only_text_is_kept(team: Team, ben: Person, bot: Parts) -> None:
    message = await ben.uploads("plan.pdf", b"%PDF", text="on track")
    await team.slack.settled()

    assert "I keep text only" in in_thread(message)
    assert kept_revisions(bot) == [(1, "on_track")]


async def test_words_before_anything_was_asked_are_kept_and_answered(team: Team, bot: Parts) -> None:
    message = await says(team, team.owners["Tom"], "hello, on track here")

    assert "I kept your words" in in_thread(message)
    assert kept_words(bot) == ["hello, on track here"]


async def test_emoji_arabic_and_three_thousand_characters_are_kept_whole(
    team: Team, ben: Person, bot: Parts
) -> None:
    words = "على المسار 🎉 <!channel> & " + "x" * 3_001 + "\non track"
    await says(team, ben, words)

    assert kept_words(bot) == [words]
    assert kept_revisions(bot) == [(1, "on_track")]
    assert [call.error for call in team.slack.calls if call.error] == []


# Same as last week


async def test_same_as_last_week_is_not_offered_in_the_first_week(team: Team, ben: Person) -> None:
    assert "Same as last week" not in team.prompts(ben)[0].buttons


async def test_same_as_last_week_copies_health_and_next_and_records_no_reading(
    team: Team, ben: Person, bot: Parts
) -> None:
    await ben.click("Update…")
    await ben.fill({"How is it going?": "At risk", "What is next?": "Write two", "subscribers": "4,310"})
    await ben.fill({"What moved?": "Sent to 400"})
    assert await ben.submit() is None
    await team.until(NEXT_PROMPT)
    await ben.click("Same as last week")
    await team.slack.settled()

    prompt = team.prompts(ben)[-1]
    assert "Newsletter: at risk\nNext: Write two" in prompt.drawn
    assert "Sent to 400" not in prompt.drawn
    assert ben.form is None
    assert kept_readings(bot) == ["4310"]
    assert kept_revisions(bot) == [(1, "at_risk"), (1, "at_risk")]


async def test_help_in_the_direct_message_says_what_the_bot_can_do(
    team: Team, ben: Person, bot: Parts
) -> None:
    message = await says(team, ben, "help!")
    assert "/checkin" in in_thread(message)
    assert "How is it going?" not in in_thread(message)


async def test_days_away_said_in_words_are_recorded_by_one_click_and_not_before(
    team: Team, ben: Person, bot: Parts
) -> None:
    message = await says(team, ben, "on track, on holiday next week")
    assert "Are you away 30 Nov to 6 Dec?" in in_thread(message)
    assert "You are not marked as away" in (await ben.command("/rhythm", "back", channel=team.channel)).drawn
    await ben.click("I'm away 30 Nov to 6 Dec")
    await team.slack.settled()
    assert "You are away 30 Nov to 6 Dec." in ben.dm.messages[-1].drawn + "".join(
        one.drawn for one in ben.notices
    )
    before = len(team.prompts(ben))
    await team.until(datetime(2026, 11, 30, 12, tzinfo=UTC))
    assert len(team.prompts(ben)) == before
    again = await says(team, ben, "on holiday next week")
    assert "Are you away 7 Dec to 13 Dec?" in in_thread(again)


async def test_thanks_after_the_answer_are_a_note_that_offers_nothing(
    team: Team, ben: Person, bot: Parts
) -> None:
    before = await says(team, ben, "thanks!")
    assert "How is it going?" in in_thread(before)
    await ben.click("On track", message=team.prompts(ben)[0])
    await team.slack.settled()
    after = await says(team, ben, "Thanks a lot 🙏")
    assert in_thread(after) == "Kept as a note."
    assert after.thread[0].buttons == []
    more = await says(team, ben, "the printer came")
    assert more.thread[0].buttons == ["Newsletter"]

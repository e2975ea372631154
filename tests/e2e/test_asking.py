"""When the week asks, and when it does not: reminders, snoozes, absences, public holidays, `/checkin`.

London is on UTC in November and December.
"""

from datetime import UTC, datetime, timedelta

import pytest

from bot.parts import Parts
from sandbox import Message, Person
from tests.support.records import kept_revisions
from tests.support.team import Team, sent_at

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
DIGEST = datetime(2026, 11, 25, 11, tzinfo=UTC)
NEXT_MONDAY = MONDAY + timedelta(weeks=1)


def came(messages: list[Message], zone: str = "Europe/London") -> list[datetime]:
    return [sent_at(message, zone) for message in messages]


def wall(instant: datetime) -> datetime:
    return instant.replace(tzinfo=None)


async def hears(team: Team, person: Person) -> str:
    await team.slack.settled()
    direct = [message for message in person.dm.messages if message.user != person.id]
    return max([*direct, *person.notices], key=lambda message: message.number).drawn


# Reminders


async def test_an_owner_who_did_not_answer_is_reminded_once_and_only_of_what_is_missing(team: Team) -> None:
    ben = team.owners["Ben"]
    await team.adds("Newsletter", ben)
    await team.adds("Referrals", ben)
    await team.until(MONDAY)
    await ben.click("On track", near="Newsletter")
    await team.until(NEXT_MONDAY - timedelta(hours=1))

    [reminder] = team.reminders(ben)
    assert sent_at(reminder, "Europe/London") == wall(TUESDAY)
    assert "Referrals" in reminder.drawn
    assert "Newsletter" not in reminder.drawn


async def test_no_reminder_comes_after_an_answer(team: Team, ben: Person) -> None:
    await ben.says("off track")
    await team.until(DIGEST)

    assert team.reminders(ben) == []


async def test_a_reminder_answered_shows_that_all_is_recorded(team: Team, ben: Person) -> None:
    await team.until(TUESDAY)
    [reminder] = team.reminders(ben)
    await ben.click("On track", message=reminder)
    await team.slack.settled()

    assert reminder.drawn == "Harbor Lights: all recorded, thank you."
    assert "Newsletter: on track" in team.prompts(ben)[0].drawn


async def test_a_reminder_of_a_day_off_waits_for_the_next_morning(team: Team, ben: Person) -> None:
    await ben.command("/rhythm", "away 24 Nov")
    await team.until(NEXT_MONDAY - timedelta(hours=1))

    assert came(team.reminders(ben)) == [wall(TUESDAY + timedelta(days=1))]


async def test_remind_me_in_three_hours_takes_the_place_of_the_next_reminder(team: Team, ben: Person) -> None:
    await team.until(MONDAY + timedelta(minutes=30))
    await ben.click("Remind me in 3 h")
    await team.slack.settled()
    assert "I will remind you" in team.prompts(ben)[0].drawn
    await team.until(NEXT_MONDAY - timedelta(hours=1))

    assert came(team.reminders(ben)) == [wall(MONDAY + timedelta(hours=3, minutes=30))]


async def test_three_hours_that_end_in_the_evening_end_next_morning(team: Team, ben: Person) -> None:
    await team.until(MONDAY + timedelta(hours=7))
    await ben.click("Remind me in 3 h")
    await team.until(NEXT_MONDAY - timedelta(hours=1))

    assert came(team.reminders(ben)) == [wall(TUESDAY - timedelta(hours=1))]


async def test_two_reminders_are_the_most_however_often_one_asks(team: Team, ben: Person) -> None:
    await ben.click("Remind me in 3 h")
    await team.until(MONDAY + timedelta(hours=3))
    await ben.click("Remind me in 3 h")
    await team.until(MONDAY + timedelta(hours=6))
    await ben.click("Remind me in 3 h")

    assert "You have had two reminders this week" in await hears(team, ben)
    await team.until(NEXT_MONDAY - timedelta(hours=1))
    assert len(team.reminders(ben)) == 2


# Away


async def test_im_away_stops_the_reminder_and_is_no_missing_answer(team: Team, ben: Person) -> None:
    await ben.click("I’m away")
    assert ben.form is not None
    await ben.fill({"Last day away": "2027-01-05"})
    assert await ben.submit() is None
    await team.until(DIGEST)
    assert "You are away 23 Nov to 5 Jan" in ben.dm.messages[-1].drawn

    assert team.reminders(ben) == []
    [digest] = team.digests()
    assert "Newsletter (Ben, away until 5 Jan)" in digest.drawn
    assert "no answer" not in digest.drawn
    assert "Nobody was asked this week." in digest.drawn


async def test_whoever_is_away_is_not_prompted_until_back(team: Team) -> None:
    ben = team.owners["Ben"]
    await team.adds("Newsletter", ben)
    await ben.command("/rhythm", "away 23 Nov to 4 Dec")
    await team.until(NEXT_MONDAY + timedelta(hours=1))
    assert team.prompts(ben) == []
    reply = await ben.command("/rhythm", "back")
    assert reply.text.startswith("Welcome back!")
    await team.until(NEXT_MONDAY + timedelta(weeks=1))

    assert came(team.prompts(ben)) == [wall(NEXT_MONDAY + timedelta(weeks=1))]


async def test_a_prompt_moves_to_the_first_day_back_before_the_digest(team: Team) -> None:
    ben = team.owners["Ben"]
    await team.adds("Newsletter", ben)
    await ben.command("/rhythm", "away 23 Nov to 24 Nov")
    await team.until(DIGEST)

    assert came(team.prompts(ben)) == [wall(DIGEST - timedelta(hours=2))]


# Public holidays


@pytest.mark.parametrize("running", [datetime(2026, 12, 24, 12, tzinfo=UTC)], indirect=True)
async def test_a_public_holiday_moves_the_prompt_to_the_next_working_day(running: tuple[Team, Parts]) -> None:
    team, ben = running[0], running[0].owners["Ben"]
    await team.sets_up({"Country": "United Kingdom"})
    await team.adds("Newsletter", ben)
    await team.until(datetime(2026, 12, 30, 12, tzinfo=UTC))

    # Boxing Day falls on a Saturday, so that Monday 28 December is a holiday in its place.
    assert came(team.prompts(ben)) == [wall(datetime(2026, 12, 29, 9, tzinfo=UTC))]


@pytest.mark.parametrize("running", [datetime(2026, 12, 24, 12, tzinfo=UTC)], indirect=True)
async def test_a_prompt_without_a_working_day_before_the_digest_is_skipped_and_not_missed(
    running: tuple[Team, Parts],
) -> None:
    team, ben = running[0], running[0].owners["Ben"]
    await team.sets_up({"Country": "United Kingdom"})
    await team.adds("Newsletter", ben)
    await team.adds("Referrals", team.owners["Tom"])
    await ben.command("/rhythm", "away 29 Dec to 31 Dec")
    await team.until(datetime(2026, 12, 30, 12, tzinfo=UTC))

    assert team.prompts(ben) == []
    [digest] = team.digests()
    lines = digest.drawn.splitlines()
    assert any(line.endswith("(Tom): no answer.") for line in lines)
    assert "0 of 1 answered" in digest.drawn


# /checkin


async def test_checkin_opens_the_form_when_one_thing_is_open(team: Team, ben: Person, bot: Parts) -> None:
    await ben.command("/checkin")
    assert ben.form is not None
    assert ben.form.title == "Weekly check-in"
    await ben.fill({"How is it going?": "On track"})
    assert await ben.submit() is None
    await team.slack.settled()

    assert kept_revisions(bot) == [(1, "on_track")]
    assert "Newsletter: on track" in team.prompts(ben)[0].drawn


async def test_an_edit_by_checkin_does_not_spare_the_next_prompt(team: Team, ben: Person) -> None:
    await ben.click("On track")
    await ben.command("/checkin")
    assert ben.form is not None
    assert "Everything is answered for this week." in ben.form.drawn
    await ben.click("Edit")
    await ben.fill({"How is it going?": "At risk"})
    await ben.submit()
    await team.until(NEXT_MONDAY)

    assert len(team.prompts(ben)) == 2


async def test_answering_next_week_early_spares_the_next_prompt(team: Team, ben: Person) -> None:
    await ben.click("On track")
    await team.until(DIGEST)
    await ben.command("/checkin")
    await ben.click("Answer next week early")
    await ben.fill({"How is it going?": "Off track"})
    assert await ben.submit() is None
    await team.until(DIGEST + timedelta(weeks=1))

    assert len(team.prompts(ben)) == 1
    assert team.reminders(ben) == []
    first, second = team.digests()
    assert "On track: Newsletter (Ben)" in first.drawn
    assert "Newsletter (Ben): off track, was on track" in second.drawn
    await team.until(NEXT_MONDAY + timedelta(weeks=1))
    assert len(team.prompts(ben)) == 2


async def test_a_lead_answers_for_somebody_and_it_is_marked(team: Team, ben: Person) -> None:
    await team.maya.command("/checkin", "@Ben", channel=team.channel)
    assert team.maya.form is not None
    assert "You answer for Ben; everybody sees that it was you." in team.maya.form.drawn
    await team.maya.fill({"How is it going?": "At risk"})
    assert await team.maya.submit() is None
    await team.slack.settled()

    assert "Newsletter: at risk (by Maya)" in team.prompts(ben)[0].drawn


async def test_a_member_cannot_answer_for_somebody_else(team: Team, ben: Person, bot: Parts) -> None:
    tom = team.owners["Tom"]
    reply = await tom.command("/checkin", "@Ben", channel=team.channel)

    assert reply.text == "Only Ben, or for them a lead of their strategy, can answer this check-in: Maya."
    assert tom.form is None


async def test_checkin_without_anything_to_answer_says_so(team: Team) -> None:
    reply = await team.owners["Tom"].command("/checkin")

    assert "You own no active initiative" in reply.text


# A week that is over, and how much is asked at all


async def test_a_button_pressed_after_the_week_closed_says_so_and_changes_nothing(
    team: Team, ben: Person, bot: Parts
) -> None:
    old = [dict(block) for block in team.prompts(ben)[0].blocks]
    await team.until(NEXT_MONDAY)
    first = team.prompts(ben)[0]
    assert first.buttons == []
    first.raw["blocks"] = old
    await ben.click("On track", message=first)

    assert "The week of 23 Nov is closed and stays as it was" in await hears(team, ben)
    assert kept_revisions(bot) == []


async def test_an_edit_is_possible_until_the_next_prompt(team: Team, ben: Person, bot: Parts) -> None:
    await ben.click("On track")
    await team.until(NEXT_MONDAY - timedelta(minutes=1))
    await ben.click("Edit")
    await ben.fill({"How is it going?": "Off track"})
    assert await ben.submit() is None

    assert kept_revisions(bot) == [(1, "on_track"), (2, "off_track")]


async def test_at_most_three_messages_a_week_ask_an_owner(team: Team, ben: Person) -> None:
    for _ in range(3):
        await ben.click("Remind me in 3 h")
        await team.until(team.slack.clock.now + timedelta(hours=3))
    await team.until(NEXT_MONDAY - timedelta(minutes=1))

    assert len(team.prompts(ben)) + len(team.reminders(ben)) == 3

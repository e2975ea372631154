"""Two leads in one review: what each sees of the other, who is asked, who is reminded, and what the outcome says of them."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.parts import Parts
from sandbox import Message, Person
from storage.models import ReviewChoiceRow
from tests.e2e.test_review import (
    EVIDENCE,
    MINUTE,
    MONDAY,
    OUTCOME,
    REVIEW,
    STILL,
    answers,
    asked,
    decides,
    posted,
    two_owners,
)
from tests.support.team import Team, in_thread

THE_DAY_BEFORE = datetime(2026, 12, 7, 9, tzinfo=UTC)
"""Monday: the review closes on Tuesday."""


def reminded(person: Person) -> list[Message]:
    return [m for m in person.dm.messages if "Still to decide" in m.drawn]


async def leads(team: Team, *names: str) -> None:
    await team.maya.command("/rhythm", "setup", channel=team.channel)
    await team.maya.fill({"Leads": [f"@{name}" for name in names]})
    form = await team.maya.submit()
    assert form is None, form.errors
    await team.slack.settled()


@pytest.fixture
async def two(team: Team) -> tuple[Person, Person]:
    """Maya and Tom lead; both have answered in the review of December, which is about Newsletter and Referrals."""
    await leads(team, "Maya", "Tom")
    _, tom = await two_owners(team)
    await team.until(REVIEW)
    for lead in (team.maya, tom):
        await answers(lead)
        await team.slack.settled()
    return team.maya, tom


async def test_who_opens_a_form_that_another_lead_has_answered_sees_that_and_decides_whether_to_replace_it(
    team: Team, two: tuple[Person, Person], bot: Parts
) -> None:
    maya, tom = two
    await decides(maya, "Stop…", "Newsletter", "Nobody reads it")
    await team.slack.settled()
    assert "Newsletter: stop — Nobody reads it (Maya)" in asked(tom)[0].drawn
    await tom.click("Continue…", near="Newsletter")
    assert tom.form is not None
    assert "Maya has decided already: stop — Nobody reads it (Maya)" in tom.form.drawn
    assert "Sending this replaces it. Both stay in the record, and Maya is told." in tom.form.drawn
    await tom.fill({EVIDENCE: "The new issue is read", STILL.format(owner="Ben"): "Yes"})
    assert await tom.submit() is None
    await team.slack.settled()

    line = "Newsletter: continue — The new issue is read (Tom); decisions, budget and people as given; in place of stop — Nobody reads it (Maya)"
    assert all(line in asked(lead)[0].drawn for lead in two)
    [word] = [m for m in maya.dm.messages if "in your place" in m.drawn]
    assert "You chose stop; now it is continue — The new issue is read (Tom)." in word.drawn
    await team.until(OUTCOME)
    assert line in posted(team)[0].thread[-1].drawn

    def kept(session: object) -> list[str]:
        rows = session.query(ReviewChoiceRow).order_by(ReviewChoiceRow.id)  # type: ignore[attr-defined]
        return [row.choice for row in rows]

    assert bot.database.run(kept) == ["stop", "continue"]


async def test_one_click_replaces_nothing_that_another_lead_has_decided_meanwhile(
    team: Team, two: tuple[Person, Person]
) -> None:
    maya, tom = two
    before = asked(tom)[0].raw["blocks"]
    await decides(maya, "Stop…", "Newsletter", "Nobody reads it")
    await team.slack.settled()
    asked(tom)[0].raw["blocks"] = before
    await tom.click("Continue", near="Newsletter")
    await team.slack.settled()

    assert "Another lead has decided for Newsletter already" in tom.dm.messages[-1].drawn
    assert "Newsletter: stop — Nobody reads it (Maya)" in asked(maya)[0].drawn


async def test_a_form_that_was_open_while_another_lead_decided_comes_back_with_that_and_with_what_was_typed(
    team: Team, two: tuple[Person, Person]
) -> None:
    maya, tom = two
    await tom.click("Stop…", near="Newsletter")
    await decides(maya, "Change…", "Newsletter", "Nobody reads it")
    await tom.fill({EVIDENCE: "The new issue is read", STILL.format(owner="Ben"): "Yes"})
    form = await tom.submit()
    await team.slack.settled()
    assert form is not None
    assert "Maya has decided already: change — Nobody reads it (Maya)" in form.drawn
    assert "Newsletter: change — Nobody reads it (Maya)" in asked(tom)[0].drawn
    assert await tom.submit() is None
    await team.slack.settled()

    assert "Newsletter: stop — The new issue is read (Tom)" in asked(maya)[0].drawn


async def test_a_lead_made_during_a_review_is_asked_and_nobody_who_was_not_is_named(team: Team) -> None:
    _, tom = await two_owners(team)
    await team.until(REVIEW)
    await leads(team, "Maya", "Tom")
    [message] = asked(tom)
    assert message.buttons == ["It still holds", "Answer…"]
    await answers(tom)
    await leads(team, "Maya")
    assert "is not asked of you any more" in tom.dm.messages[tom.dm.messages.index(message)].drawn
    await team.until(OUTCOME)

    outcome = posted(team)[0].thread[-1].drawn
    assert "Tom: It still holds. Market: Pools closed" in outcome
    assert "Maya: did not say whether the strategy still holds." in outcome
    assert "Ben" not in outcome


async def test_a_lead_whom_the_question_never_reached_is_not_named_as_silent(team: Team) -> None:
    await leads(team, "Maya", "Tom")
    _, tom = await two_owners(team)
    await team.until(REVIEW - MINUTE)
    team.slack.faults.add("chat.postMessage", "invalid_blocks", times=9, channel=tom.id)
    await team.until(OUTCOME)
    assert asked(tom) == []

    outcome = posted(team)[0].thread[-1].drawn
    assert "Maya: did not say whether the strategy still holds." in outcome
    assert "Tom: did not answer" not in outcome


async def test_an_initiative_closed_meanwhile_is_told_as_closed(team: Team) -> None:
    await two_owners(team)
    await team.until(REVIEW)
    await answers(team.maya)
    await team.slack.settled()
    await team.maya.click("Continue", near="Referrals")
    for name in ("newsletter", "referrals"):
        await team.maya.command("/initiative", f"close {name}", channel=team.channel)
        await team.maya.fill({"How does it end?": "Completed: it did what it was for"})
        form = await team.maya.submit()
        assert form is None, form.errors
    await team.until(OUTCOME)

    outcome = posted(team)[0].thread[-1].drawn
    assert "• Newsletter: closed as completed since" in outcome
    assert "• Referrals: continue (Maya); closed as completed since" in outcome
    assert "undecided" not in outcome


async def test_the_leads_are_reminded_the_day_before_a_review_closes_undecided(
    team: Team, two: tuple[Person, Person]
) -> None:
    maya, tom = two
    await maya.click("Continue", near="Newsletter")
    await tom.command("/rhythm", "away 7 Dec")
    await team.until(THE_DAY_BEFORE - MINUTE)
    assert reminded(maya) == []
    await team.until(THE_DAY_BEFORE + timedelta(hours=1))

    [reminder] = reminded(maya)
    assert "closes tomorrow at 10:00. Still to decide: Referrals." in reminder.drawn
    assert reminder.buttons == ["Continue", "Change…", "Stop…"]
    await maya.click("Stop…", message=reminder)
    await maya.fill({EVIDENCE: "Too few"})
    assert await maya.submit() is None
    await team.slack.settled()
    assert [m.drawn for m in maya.dm.messages if m.ts == reminder.ts] == [
        "The review of December of Harbor Lights: all is decided, thank you."
    ]
    await team.until(OUTCOME)
    assert reminded(tom) == []
    assert [m.drawn for m in maya.dm.messages if m.ts == reminder.ts] == [
        "The review of December of Harbor Lights is over; its outcome is in its thread."
    ]
    assert "Referrals: stop — Too few (Maya)" in posted(team)[0].thread[-1].drawn


async def test_who_leads_no_more_after_being_reminded_is_asked_nothing_in_the_reminder(
    team: Team, two: tuple[Person, Person]
) -> None:
    maya, tom = two
    await team.until(THE_DAY_BEFORE + timedelta(hours=1))
    [reminder] = reminded(tom)
    await leads(team, "Maya")
    await maya.click("Continue", near="Newsletter")
    await team.slack.settled()

    [reminder] = [m for m in tom.dm.messages if m.ts == reminder.ts]
    assert "is not asked of you any more" in reminder.drawn
    assert reminder.buttons == []


async def test_nobody_is_reminded_of_a_review_that_is_decided(team: Team) -> None:
    await two_owners(team)
    await team.until(REVIEW)
    await answers(team.maya)
    await team.slack.settled()
    for name in ("Newsletter", "Referrals"):
        await team.maya.click("Continue", near=name)
    await team.until(OUTCOME)
    assert [m for m in team.maya.dm.messages if "closes" in m.drawn] == []


async def test_only_when_a_lead_did_decide_it_is_said_that_they_have(team: Team) -> None:
    await two_owners(team)
    await team.until(OUTCOME + MINUTE)
    preview = await team.maya.command("/rhythm", "review preview", channel=team.channel)
    assert "he leads have decided" not in preview.drawn
    assert "it closed with nothing decided" in preview.drawn
    assert "Outcome of the review of December: no lead decided anything" in in_thread(posted(team)[0])


async def test_the_leads_message_carries_the_evidence(team: Team) -> None:
    ben, _ = await two_owners(team)
    await ben.click("At risk")
    await ben.fill({"What is in the way?": "The printer is late"})
    await ben.submit()
    await team.until(MONDAY + timedelta(weeks=1))
    await ben.says("Newsletter: off track, 4,300 subscribers")
    await team.slack.settled()
    await team.maya.command("/initiative", "edit newsletter", channel=team.channel)
    await team.maya.fill({"Due": "2027-12-01"})
    form = await team.maya.submit()
    assert form is None, form.errors
    await team.until(REVIEW)

    message = asked(team.maya)[0].drawn
    assert ":large_yellow_circle: at risk from 23 Nov, :red_circle: off track from 30 Nov" in message
    assert "subscribers 4,200 → 6,000, now 4,300" in message
    assert "In the way: The printer is late" in message
    assert "Due 1 Dec 2027, was" in message

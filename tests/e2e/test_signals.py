"""A number unlike the weeks before it: asked about once, with its owner's next prompt, and answered in the review."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sandbox import Message, Person
from tests.e2e.test_asking import hears
from tests.e2e.test_kpis_of_the_week import adds
from tests.support.team import Team, in_thread

FIRST = date(2026, 9, 7)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
WEEK = timedelta(weeks=1)
REVIEW = datetime(2026, 12, 3, 10, tzinfo=UTC)
OVER = datetime(2026, 12, 9, 12, tzinfo=UTC)
USUAL = (310, 322, 305, 318, 331, 309, 316, 327, 304, 315, 326)
"""Eleven weeks of it."""
ASKED = "Monthly givers 240 on 20 Nov is unlike the readings before it (ordinarily 284 to 353)"
SAY = "Answer…"


async def reads(team: Team, latest: int, usual: Sequence[int] = USUAL) -> Person:
    """Ben's KPI has had a reading each Monday since September, and one on Friday."""
    ben = team.owners["Ben"]
    await team.adds("Newsletter", ben)
    await adds(team, "Monthly givers", "Ben", {"Baseline": "315", "Baseline measured on": "2026-08-31"})
    days = [*((FIRST + number * WEEK) for number in range(len(usual))), date(2026, 11, 20)]
    for on, value in zip(days, (*usual, latest), strict=True):
        typed = f"update Monthly givers {value} on {on:%-d %b}"
        reply = await ben.command("/kpi", typed, channel=team.channel)
        assert f"{value}" in reply.drawn
    return ben


def prompt(team: Team, person: Person) -> Message:
    return team.prompts(person)[-1]


async def says(person: Person, words: str, button: str = SAY, near: str = "Monthly givers 240") -> None:
    await person.click(button, near=near)
    await person.fill({"What happened?": words})
    assert await person.submit() is None


async def review(team: Team) -> str:
    await team.slack.settled()
    [posted] = [m for m in team.channel.messages if m.drawn.startswith("Harbor Lights · Review of")]
    return in_thread(posted)


async def test_it_is_asked_about_once_and_the_answer_stands_beside_it_in_the_review(team: Team) -> None:
    ben = await reads(team, 240)
    before = len(ben.dm.messages)
    await team.until(MONDAY)
    assert len(ben.dm.messages) == before + 1, "no message of its own"
    assert f"{ASKED}: what happened?" in prompt(team, ben).drawn
    assert "what happened?" in prompt(team, ben).text

    await says(ben, "The match funding ended")
    await team.slack.settled()
    assert "240 on 20 Nov (ordinarily 284 to 353): “The match funding ended”" in prompt(team, ben).drawn
    await says(ben, "The match funding ended a month early", "Edit")

    await team.until(MONDAY + WEEK)
    assert "ordinarily" not in prompt(team, ben).drawn
    await team.until(REVIEW)
    assert f"{ASKED.removeprefix('Monthly givers ')}. Ben: “The match funding ended a month early”" in (
        await review(team)
    )


async def test_what_nobody_answered_is_said_so_and_can_be_said_until_the_review_is_over(team: Team) -> None:
    ben = await reads(team, 240)
    await team.until(REVIEW)
    assert "ordinarily 284 to 353): nobody has said what happened." in await review(team)
    assert "ordinarily" not in prompt(team, ben).drawn
    first = team.prompts(ben)[0]
    assert SAY in first.buttons

    await says(ben, "The match funding ended")
    assert "Ben: “The match funding ended”" in await review(team)

    await team.until(OVER)
    await ben.click("Edit", near="Monthly givers 240")
    await team.slack.settled()
    assert "The review of December is over, and what stood in it stays as it was." in await hears(team, ben)


async def test_an_ordinary_week_costs_no_words(team: Team) -> None:
    ben = await reads(team, 331)
    await team.until(MONDAY)
    assert SAY not in prompt(team, ben).buttons
    assert "ordinarily" not in prompt(team, ben).drawn
    await team.until(REVIEW)
    assert "ordinarily" not in await review(team)
    assert "happened" not in await review(team)


async def test_a_reading_taken_back_or_corrected_before_anybody_answered_is_not_asked_about(
    team: Team,
) -> None:
    ben = await reads(team, 240)
    await team.until(MONDAY)
    assert SAY in prompt(team, ben).buttons
    await ben.command("/kpi", "update Monthly givers 324 on 20 Nov", channel=team.channel)
    await team.slack.settled()
    assert SAY not in prompt(team, ben).buttons
    await team.until(REVIEW)
    assert "happened" not in await review(team)


async def test_a_lead_may_say_it_in_the_review(team: Team) -> None:
    await reads(team, 240)
    await team.until(REVIEW)
    await says(team.maya, "The match funding ended", near="240 on 20 Nov")
    assert "Maya: “The match funding ended”" in await review(team)

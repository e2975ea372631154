"""What was to be next, and what its owner says became of it: one click, or none."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.check_ins import Answer, NextOutcome
from domain.periods import Week
from storage import check_ins
from tests.support.office import Office, prompt

PROMPT = datetime(2026, 11, 23, 17, tzinfo=UTC)
"""Monday 09:00 in Los Angeles, where Ben is."""
WEEK = timedelta(weeks=1)
ASKED = "You said next: Choose the venue — what became of it?"


@pytest.fixture
async def promised(harbor_lights: Office) -> Office:
    """A week after Ben has said what is next, he has been asked again."""
    await harbor_lights.add("Newsletter relaunch")
    await harbor_lights.slack.clock.advance(to=PROMPT)
    await says_next(harbor_lights, "Choose the venue")
    await harbor_lights.slack.clock.advance(by=WEEK)
    return harbor_lights


async def says_next(office: Office, words: str, button: str = "Update…") -> None:
    await office.ben.click(button, message=prompt(office))
    await office.ben.fill({"How is it going?": "On track", "What is next?": words})
    assert await office.ben.submit() is None
    await office.slack.settled()


async def clicks(office: Office, button: str) -> None:
    await office.ben.click(button, message=prompt(office))
    await office.slack.settled()


def said(office: Office) -> list[Answer]:
    """By week."""
    strategy = office.strategy
    found = office.reads(check_ins.list_since, strategy.workspace_id, strategy.id, Week(2026, 1))
    return [check_in.answers[0] for check_in in found]


@pytest.mark.parametrize("outcome", list(NextOutcome))
async def test_what_became_of_it_is_one_click_after_the_answer_and_no_message(
    promised: Office, outcome: NextOutcome
) -> None:
    button = outcome.value.capitalize()
    assert "You said next: Choose the venue" in prompt(promised).drawn
    assert button not in prompt(promised).buttons
    await clicks(promised, "On track")
    assert ASKED in prompt(promised).drawn
    before = len(promised.ben.dm.messages)

    await clicks(promised, button)
    goes_on = outcome is NextOutcome.CONTINUED
    assert len(promised.ben.dm.messages) == before
    assert ASKED not in prompt(promised).drawn
    assert (said(promised)[-1].last_next, said(promised)[-1].next) == (outcome, "Choose the venue" * goes_on)
    await promised.slack.clock.advance(by=WEEK)
    assert ("You said next: Choose the venue" in prompt(promised).drawn) is goes_on


async def test_what_nobody_settles_is_asked_about_for_four_weeks_and_nothing_is_recorded_of_it(
    promised: Office,
) -> None:
    shown = []
    for _ in range(5):
        shown.append(
            next((line for line in prompt(promised).drawn.splitlines() if "You said next" in line), "")
        )
        await clicks(promised, "On track")
        await promised.slack.clock.advance(by=WEEK)

    older = "You said next in the week of 23 Nov: Choose the venue"
    assert shown == ["You said next: Choose the venue", older, older, older, ""]
    assert {(one.next, one.last_next) for one in said(promised)[1:]} == {("", None)}


async def test_the_form_settles_it_as_well_and_what_is_next_then_asks_nothing_more(promised: Office) -> None:
    await clicks(promised, "On track")
    await says_next(promised, "Book the band", "Edit")
    assert "what became of it?" not in prompt(promised).drawn
    await promised.slack.clock.advance(by=WEEK)
    await promised.ben.click("Update…")
    assert promised.ben.form is not None
    await promised.ben.fill(
        {"How is it going?": "On track", "What became of last week’s “next”?": "Done", "What is next?": ""}
    )
    assert await promised.ben.submit() is None
    await promised.slack.settled()
    assert said(promised)[-1].last_next is NextOutcome.DONE
    assert "what became of it?" not in prompt(promised).drawn


async def test_a_week_away_loses_nothing_of_it(promised: Office) -> None:
    await clicks(promised, "On track")
    await promised.asks(promised.ben, "/rhythm", "away 2026-12-07 2026-12-13")
    await promised.slack.clock.advance(by=2 * WEEK)
    assert "You said next in the week of 23 Nov: Choose the venue" in prompt(promised).drawn

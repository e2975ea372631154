"""How likely is your target? Asked once a month in the owner's form, kept as it was then, shown to nobody."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from sandbox import Person
from storage.models import ActRow, ConfidenceRow
from tests.support.office import Office, prompt

BEFORE_REVIEW = datetime(2026, 11, 30, 17, tzinfo=UTC)
"""Monday 09:00 in Los Angeles, where Ben is; the review comes on Thursday."""
WEEK = timedelta(weeks=1)
QUESTION = "subscribers: how likely is 6,000 or more by 31 Mar?"
HEALTH = "How is it going?"


@pytest.fixture
async def asked(harbor_lights: Office) -> Office:
    """Ben has had the last prompt before the review, about one initiative."""
    await harbor_lights.add("Newsletter relaunch")
    await harbor_lights.slack.clock.advance(to=BEFORE_REVIEW)
    return harbor_lights


async def opens(office: Office, button: str = "Update…") -> list[str]:
    await office.ben.click(button, message=prompt(office))
    assert office.ben.form is not None
    return list(office.ben.form.labels)


async def saves(person: Person, **fields: Any) -> None:
    await person.fill(fields)
    form = await person.submit()
    assert form is None, form.errors


async def says(office: Office, button: str, **fields: Any) -> None:
    await opens(office, button)
    await saves(office.ben, **fields)
    await office.slack.settled()


def kept(office: Office, rows: Any = ConfidenceRow) -> list[Any]:
    def read(session: Session) -> list[Any]:
        found = list(session.scalars(select(rows)))
        session.expunge_all()
        return found

    return office.reads(read)


async def test_it_is_asked_with_the_last_prompt_before_a_review_and_in_no_other_week(
    harbor_lights: Office,
) -> None:
    await harbor_lights.add("Newsletter relaunch")
    found = []
    for week in range(-1, 6):
        await harbor_lights.slack.clock.advance(to=BEFORE_REVIEW + week * WEEK)
        found.append(QUESTION in await opens(harbor_lights))
        await harbor_lights.ben.close()
    # Reviews are on 3 December and 7 January.
    assert found == [False, True, False, False, False, False, True]


async def test_it_says_whose_score_is_shown_and_leaving_it_costs_nothing(asked: Office) -> None:
    await opens(asked)
    form = asked.ben.form
    assert form is not None
    assert "The review shows one score for the whole team, nobody’s own." in str(form.blocks)
    assert form.values[QUESTION] in (None, "")
    await saves(asked.ben, **{HEALTH: "On track"})
    await asked.slack.settled()
    assert kept(asked) == []
    assert [act.kind for act in kept(asked, ActRow)].count("confidence given") == 0


async def test_what_is_said_is_kept_with_the_target_the_day_and_the_value_of_then(asked: Office) -> None:
    await says(asked, "Update…", **{HEALTH: "On track", "subscribers": "4,650", QUESTION: "70%: rather yes"})
    [row] = kept(asked)
    assert (row.percent, row.target, row.due.isoformat(), row.baseline, row.start.isoformat()) == (
        70,
        "6000",
        "2027-03-31",
        "4200",
        "2026-11-23",
    )
    assert (row.value, row.line, row.person_id, row.outcome) == ("4650", None, asked.ben.id, None)


async def test_it_stands_in_the_form_until_the_next_prompt_and_nowhere_else(asked: Office) -> None:
    await says(asked, "Update…", **{HEALTH: "On track", QUESTION: "30%: rather not"})
    await opens(asked, "Edit")
    assert asked.ben.form is not None
    assert asked.ben.form.values[QUESTION] == "30%: rather not"
    await asked.ben.close()

    await asked.slack.clock.advance(to=datetime(2026, 12, 3, 10, tzinfo=UTC))
    people = (asked.maya, asked.ben, asked.tom, asked.ruth)
    messages = [*asked.marketing.messages, *(m for person in people for m in person.dm.messages)]
    shown = "\n".join(m.drawn for one in messages for m in (one, *one.thread))
    shown += await asked.asks(asked.maya, "/initiative", "show Newsletter")
    shown += await asked.asks(asked.maya, "/rhythm", "status history")
    assert "rather not" not in shown
    assert "30%" not in shown
    assert "said how likely the target of Newsletter relaunch is" in shown


async def test_an_edit_makes_a_version_saving_it_again_none_and_no_idea_yet_takes_it_back(
    asked: Office,
) -> None:
    await says(asked, "Update…", **{HEALTH: "On track", QUESTION: "70%: rather yes"})
    await says(asked, "Edit", **{HEALTH: "At risk"})
    assert [row.percent for row in kept(asked)] == [70]
    await says(asked, "Edit", **{QUESTION: "90%: almost surely"})
    await says(asked, "Edit", **{QUESTION: "No idea yet"})
    assert [(row.revision, row.percent) for row in kept(asked)] == [(1, 70), (2, 90), (3, None)]
    await opens(asked, "Edit")
    assert asked.ben.form is not None
    assert asked.ben.form.values[QUESTION] in (None, "")


async def test_a_lead_who_answers_for_the_owner_is_not_asked(asked: Office) -> None:
    await asked.maya.command("/checkin", "@Ben Carter", channel=asked.marketing)
    assert asked.maya.form is not None
    assert HEALTH in asked.maya.form.labels
    assert QUESTION not in asked.maya.form.labels


async def test_of_a_target_that_moved_while_the_form_was_open_nothing_is_kept_and_the_rest_not_lost(
    asked: Office,
) -> None:
    await opens(asked)
    await asked.maya.command("/initiative", "edit Newsletter", channel=asked.marketing)
    await saves(
        asked.maya, **{"Metric 1: target": "8,000", "What made you change this?": "More is to be had"}
    )
    await asked.slack.settled()
    filled = {HEALTH: "On track", "What moved?": "The layout", QUESTION: "70%: rather yes"}
    errors = await asked.errors(asked.ben, filled)
    assert errors == {QUESTION: "This target has changed. Choose “No idea yet”, or open the form again."}
    await saves(asked.ben, **{QUESTION: "No idea yet"})
    await asked.slack.settled()
    assert kept(asked) == []
    assert "The layout" in prompt(asked).drawn
    assert "subscribers: how likely is 8,000 or more by 31 Mar?" in await opens(asked, "Edit")


async def test_update_all_asks_once_for_each_initiative_and_explains_it_once(harbor_lights: Office) -> None:
    office = harbor_lights
    for name in ("Newsletter relaunch", "Referrals", "Open water"):
        await office.add(name)
    await office.slack.clock.advance(to=BEFORE_REVIEW)
    labels = await opens(office, "Update all…")
    assert labels.count(QUESTION) == 3
    form = office.ben.form
    assert form is not None
    assert str(form.blocks).count("nobody’s own") == 1
    await saves(office.ben, **{QUESTION: "90%: almost surely"})
    [row] = kept(office)
    assert row.percent == 90
    assert "confidence given" in [act.kind for act in kept(office, ActRow)]

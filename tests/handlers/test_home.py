"""The Home tab: what it shows to whom, what can be done on it, and when it is drawn anew."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from domain.decisions import Ask, AskKind
from services.decisions.asks import open_decision
from storage import people
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.office import INITIATIVE_FIELDS, STRATEGY_FIELDS, Office
from tests.support.setting_up import set_up

MONDAY_EVENING = datetime(2026, 11, 23, 18, tzinfo=UTC)


def drawn(office: Office, name: str) -> str:
    """What the person's Home says."""
    home = getattr(office, name).home
    assert home is not None, f"{name} has no Home yet"
    return "\n".join(str(block) for block in home.payload["blocks"])


def publications(office: Office, name: str) -> int:
    person = getattr(office, name)
    calls = [c for c in office.slack.calls if c.method == "views.publish" and c.ok]
    return sum(call.args["user_id"] == person.id for call in calls)


async def minute(office: Office) -> None:
    await office.slack.clock.advance(by=timedelta(seconds=61))
    await office.slack.settled()


async def opens(office: Office, name: str) -> str:
    await getattr(office, name).opens_home()
    await office.slack.settled()
    return drawn(office, name)


async def ask(office: Office, number: int, by: str = "maya") -> None:
    """Maya is asked for a decision."""
    asker = office.reads(people.get_person, office.slack.workspace.id, getattr(office, by).id)
    wanted = Ask(
        kind=AskKind.DECISION,
        question=f"Question {number}?",
        context="",
        options=("Yes", "No"),
        default="No",
        decider_id=office.maya.id,
        due=datetime(2026, 12, 18).date(),  # noqa: DTZ001
    )
    now = office.bot.clock.now()
    office.bot.database.run(open_decision, office.strategy, wanted, by=asker, now=now)


async def test_a_lead_sees_each_strategy_as_a_board_with_what_is_missing(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    said = await opens(office, "maya")

    assert "Harbor Lights" in said
    assert "*Newsletter relaunch*" in said
    assert "Only one active initiative" in said
    assert "Still missing" in said
    assert "Rhythm health" in said
    for button in ("Add an initiative", "Add a KPI", "All decisions", "Edit…"):
        assert button in said


async def test_members_see_the_board_read_only(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    said = await opens(office, "tom")

    assert "*Newsletter relaunch*" in said
    assert "'type': 'button'" not in said
    assert "Still missing" not in said


async def test_somebody_who_is_not_in_the_channel_does_not_see_its_board(harbor_lights: Office) -> None:
    office = harbor_lights
    outsider = office.slack.person("Ola")
    await outsider.opens_home()
    await office.slack.settled()

    assert outsider.home is not None
    said = str(outsider.home.payload["blocks"])
    assert "Harbor Lights" not in said
    assert "Set up a rhythm here…" in said


async def test_a_guest_is_told_who_can(harbor_lights: Office) -> None:
    office = harbor_lights
    gus = office.slack.person("Gus", guest="multi")
    await gus.opens_home()
    await office.slack.settled()

    assert gus.home is not None
    said = str(gus.home.payload["blocks"])
    assert "Harbor Lights" not in said
    assert len(gus.home.payload["blocks"]) == 1


async def test_the_messages_tab_is_not_drawn(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.tom.opens_home("messages")
    await office.slack.settled()

    assert publications(office, "tom") == 0


async def test_an_owner_answers_their_open_check_in_on_home(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.slack.clock.advance(to=MONDAY_EVENING)
    assert "At risk" in await opens(office, "ben")

    await office.ben.click("On track")

    assert "Recorded, thank you" in drawn(office, "ben")
    assert publications(office, "ben") == 1
    await office.ben.click("Edit")
    assert office.ben.form is not None
    assert "On track" in str(office.ben.form.values)


async def test_a_lead_decides_on_home_and_the_owner_hears(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await ask(office, 1, by="ben")
    assert "Question 1?" in await opens(office, "maya")

    await office.maya.click("Yes")
    await office.slack.settled()

    assert "Question 1?" not in drawn(office, "maya")
    assert "Maya Okafor decided: Yes" in office.ben.dm.messages[-1].drawn


async def test_the_buttons_of_a_board_open_the_forms_of_its_commands(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await opens(office, "maya")
    for button, field in (
        ("Add an initiative…", "Owner"),
        ("Edit…", "Owner"),
        ("Add a KPI…", "Which way is good?"),
        ("Edit the strategy…", "Why"),
    ):
        await office.maya.opens_home()
        await office.maya.click(button)
        assert office.maya.form is not None, button
        assert any(field in label for label in office.maya.form.labels), (button, office.maya.form.labels)
        await office.maya.close()


async def test_what_is_missing_and_the_board_offer_the_same_form_once(harbor_lights: Office) -> None:
    office = harbor_lights
    await opens(office, "maya")

    assert drawn(office, "maya").count("'Add an initiative…'") == 1
    assert drawn(office, "maya").count("'Add a KPI…'") == 1


async def test_it_is_published_at_most_once_a_minute_a_person(harbor_lights: Office) -> None:
    office = harbor_lights
    await opens(office, "maya")
    for number in range(3):
        await office.add(f"Initiative {number}")
    assert publications(office, "maya") == 1

    await minute(office)
    assert publications(office, "maya") == 2
    assert "Initiative 2" in drawn(office, "maya")
    await minute(office)
    assert publications(office, "maya") == 2


async def test_opening_it_again_and_again_publishes_once_a_minute(harbor_lights: Office) -> None:
    office = harbor_lights
    for _ in range(4):
        await opens(office, "maya")
    assert publications(office, "maya") == 1


async def test_opening_it_anew_shows_at_once_what_changed_since(harbor_lights: Office) -> None:
    office = harbor_lights
    assert "Newsletter relaunch" not in await opens(office, "maya")
    await office.add("Newsletter relaunch")

    assert "Newsletter relaunch" in await opens(office, "maya")
    await opens(office, "maya")
    assert publications(office, "maya") == 2


async def test_it_is_published_only_to_people_who_opened_it_in_the_last_day(harbor_lights: Office) -> None:
    office = harbor_lights
    await opens(office, "maya")
    await opens(office, "tom")
    await office.slack.clock.advance(by=timedelta(hours=25))
    await opens(office, "tom")
    before = publications(office, "maya"), publications(office, "tom")

    await office.slack.clock.advance(by=timedelta(minutes=2))
    await office.add("Newsletter relaunch", "@Maya Okafor")
    await minute(office)

    assert publications(office, "maya") == before[0]
    assert publications(office, "tom") > before[1]
    assert "Newsletter relaunch" in drawn(office, "tom")


@pytest.mark.parametrize("kind", ["drop_reply", "error_500", "rate_limited"])
async def test_a_home_that_slack_stumbles_over_is_there_in_the_end(
    harbor_lights: Office, kind: Literal["drop_reply", "error_500", "rate_limited"]
) -> None:
    office = harbor_lights
    office.slack.faults.add("views.publish", kind, times=1, seconds=1.0)
    assert "Harbor Lights" in await opens(office, "maya")


async def test_many_decisions_and_strategies_stand_on_pages(harbor_lights: Office) -> None:
    office = harbor_lights
    for number in range(1, 21):
        await ask(office, number)
    for name in ("Open Water", "Night Swim"):
        channel = office.slack.channel(name.casefold().replace(" ", "-"), members=[office.maya])
        await office.maya.invites(office.app, channel)
        await set_up(office.maya, channel, {**STRATEGY_FIELDS, "Name": name})
        await office.slack.settled()
    said = await opens(office, "maya")

    assert "Waiting for your decision (20)" in said
    assert "Question 5?" in said
    assert "Question 6?" not in said
    assert "Night Swim" not in said
    await office.maya.click("More →", near="Page 1 of 4")
    turned = drawn(office, "maya")
    assert "Question 6?" in turned
    assert "Question 5?" not in turned
    await office.maya.click("More →", near="Page 1 of 2")
    assert "Night Swim" in drawn(office, "maya")
    await office.maya.click("← Before", near="Page 2 of 4")
    assert "Question 5?" in drawn(office, "maya")
    assert "Night Swim" in drawn(office, "maya")


async def confirms(office: Office) -> None:
    """Ben is asked to own something, and accepts."""
    await office.maya.command("/initiative", "add", channel=office.marketing)
    await office.maya.fill({**INITIATIVE_FIELDS, "Name": "Open house"})
    assert await office.maya.submit() is None
    await office.slack.settled()


async def answers(office: Office) -> None:
    await office.ben.says("off track, waiting for legal")


async def edits_the_strategy(office: Office) -> None:
    await office.asks(office.maya, "/rhythm", "setup")
    await office.maya.fill({"Why": "Changed why", "What made you change this?": "Evidence"})
    assert await office.maya.submit() is None


async def adds_a_kpi(office: Office) -> None:
    await office.maya.command("/kpi", "add", channel=office.marketing)
    await office.maya.fill(KPI_FIELDS)
    form = await office.maya.submit()
    assert form is None, form.errors


async def pauses(office: Office) -> None:
    await office.asks(office.maya, "/initiative", "pause Newsletter relaunch")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (confirms, "Open house"),
        (answers, "off track"),
        (edits_the_strategy, "Changed why"),
        (adds_a_kpi, "KPIs*"),
        (pauses, "Paused: Newsletter relaunch"),
    ],
)
async def test_it_is_refreshed_when_its_data_change_also_for_members(
    harbor_lights: Office, change: Callable[[Office], Awaitable[None]], words: str
) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.slack.clock.advance(to=MONDAY_EVENING)
    for name in ("maya", "tom"):
        assert words not in await opens(office, name)

    await change(office)
    await minute(office)

    for name in ("maya", "tom"):
        assert words in drawn(office, name), name


async def test_a_new_check_in_appears_on_the_home_of_whoever_is_looking(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.slack.clock.advance(to=datetime(2026, 11, 23, 16, 30, tzinfo=UTC))
    assert "Update…" not in await opens(office, "ben")

    await office.slack.clock.advance(to=MONDAY_EVENING)

    assert "Update…" in drawn(office, "ben")


@pytest.mark.parametrize(
    ("name", "sees_board", "may_change"),
    [
        ("maya", True, True),
        ("ruth", True, True),
        ("ben", True, False),
        ("tom", True, False),
        ("gus", False, False),
        ("ola", False, False),
        ("dan", False, False),
    ],
    ids=["lead", "admin", "owner", "member", "guest", "other organisation", "deactivated"],
)
async def test_who_sees_and_who_changes_what(
    harbor_lights: Office, name: str, sees_board: bool, may_change: bool
) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    slack = office.slack
    others = {
        "gus": lambda: slack.person("Gus", guest="multi"),
        "ola": lambda: slack.person("Ola", organisation="T0ELSEWHERE"),
        "dan": lambda: slack.person("Dan", deactivated=True),
    }
    person = others[name]() if name in others else getattr(office, name)
    await person.opens_home()
    await slack.settled()

    blocks = str(person.home.payload["blocks"]) if person.home else ""
    assert ("*Newsletter relaunch*" in blocks) is sees_board
    assert ("Edit the strategy" in blocks) is may_change


REVIEW = datetime(2026, 12, 3, 10, tzinfo=UTC)


async def test_home_never_says_that_nothing_waits_while_a_review_does_and_it_can_be_answered_there(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.slack.clock.advance(to=REVIEW)
    said = await opens(office, "maya")
    assert "Nothing waits for you" not in said
    assert "does the strategy still hold" in said
    home = office.maya.home
    assert home is not None
    await office.maya.click("Answer…")
    await office.maya.fill({"Does the strategy still hold?": "Yes, it still holds"})
    await office.maya.fill({"What changed in the market?": "Nothing"})
    assert await office.maya.submit() is None
    await minute(office)
    assert "to decide: Newsletter relaunch" in drawn(office, "maya")
    await office.maya.click("Continue")
    await minute(office)

    assert "Nothing waits for you" in drawn(office, "maya")


async def test_home_never_says_that_nothing_waits_while_a_retrospective_does(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    assert "Nothing waits for you" in await opens(office, "ben")
    await office.asks(office.maya, "/initiative", "close newsletter")
    await office.maya.fill({"How does it end?": "Completed: it did what it was for"})
    assert await office.maya.submit() is None
    await minute(office)
    said = drawn(office, "ben")
    assert "Nothing waits for you" not in said
    assert "Look back…" in said
    await office.ben.click("Look back…")
    await office.ben.fill({"What to keep?": "Short subjects"})
    assert await office.ben.submit() is None
    await minute(office)

    assert "Look back…" not in drawn(office, "ben")


async def test_an_admin_who_takes_part_through_their_role_sees_what_they_may_see(
    harbor_lights: Office,
) -> None:
    """Ruth is neither in the channel nor a lead, and counts as one."""
    office = harbor_lights
    await office.add("Newsletter relaunch")
    said = await opens(office, "ruth")
    assert "Harbor Lights" in said
    assert "*Newsletter relaunch*" in said
    assert "Rhythm health" in said
    reply = await office.ruth.command("/initiative", "list")
    assert "Newsletter relaunch" in reply.drawn

"""The first run: the greeting on Home, a rhythm set up from there, and the example of a digest."""

import asyncio

import pytest

from sandbox import Conversation, Form
from tests.support.office import STRATEGY_FIELDS, Office
from tests.support.setting_up import set_up, submit_setup

NEEDED = {name: STRATEGY_FIELDS[name] for name in ("Name", "Why", "Goal 1")}
BEGIN = "Set up a rhythm here…"


async def begins(office: Office, where: Conversation | None = None) -> Form:
    """Maya opens Home and fills in the form."""
    await office.maya.opens_home()
    await office.slack.settled()
    await office.maya.click(BEGIN)
    chosen = {} if where is None else {"Channel": where}
    await office.maya.fill({**chosen, **NEEDED})
    form = office.maya.form
    assert form is not None
    return form


async def told_at_the_channel(office: Office) -> str:
    """The sentence at the form's channel, when nothing else of it is wrong."""
    form = await office.maya.submit()
    assert form is not None
    assert set(form.errors) == {"Channel"}
    return form.errors["Channel"]


def home_of(office: Office) -> str:
    assert office.maya.home is not None
    return str(office.maya.home.payload["blocks"])


async def test_whoever_opens_home_before_there_is_a_rhythm_is_greeted_there_and_by_no_message(
    office: Office,
) -> None:
    for person in (office.maya, office.ben):
        await person.opens_home()
        await office.slack.settled()
        assert person.home is not None
        said = str(person.home.payload["blocks"])
        assert "Hello, I am Drumbeat" in said
        assert BEGIN in said
        assert "Show me a digest" in said
        assert person.dm.messages == []


async def test_a_rhythm_is_set_up_from_home_in_a_channel_that_is_chosen(office: Office) -> None:
    form = await begins(office, office.marketing)
    assert form.labels == ["Channel", "Name", "Why", "Goal 1", "Goal 2", "Goal 3"]
    await submit_setup(office.maya)
    await office.slack.settled()

    assert office.strategy.leads == (office.maya.id,)
    assert "now has a weekly rhythm" in office.marketing.messages[-1].drawn


async def test_home_shows_the_board_in_place_of_the_greeting_once_there_is_a_rhythm(office: Office) -> None:
    await begins(office, office.marketing)
    await submit_setup(office.maya)
    await office.slack.settled()

    assert BEGIN not in home_of(office)
    assert "Harbor Lights" in home_of(office)


async def test_whoever_is_in_its_channel_is_not_greeted_again_when_they_open_home_anew(
    office: Office,
) -> None:
    await office.ben.opens_home()
    await begins(office, office.marketing)
    await submit_setup(office.maya)
    await office.ben.opens_home()
    await office.slack.settled()

    assert office.ben.home is not None
    assert "Harbor Lights" in str(office.ben.home.payload["blocks"])


async def test_what_is_wrong_with_the_channel_is_said_with_all_else_that_is(office: Office) -> None:
    await begins(office, office.slack.channel("plans", members=[office.maya], private=True))
    errors = await office.errors(office.maya, {"Goal 1": "More givers"})

    assert set(errors) == {"Channel", "Goal 1"}


@pytest.mark.parametrize("private", [True, False], ids=["private without the bot", "public without her"])
async def test_a_channel_that_cannot_be_seen_is_explained_and_taken_once_it_can(
    office: Office, private: bool
) -> None:
    members = [office.maya] if private else [office.ben]
    secret = office.slack.channel("plans", members=members, private=private)
    await begins(office, secret)
    told = await told_at_the_channel(office)
    assert told.startswith("I do not see you there.")
    assert "/invite @Drumbeat" in told
    if private:
        await office.maya.invites(office.app, secret)
    else:
        await office.maya.joins(secret)
    await submit_setup(office.maya)
    await office.slack.settled()

    assert "now has a weekly rhythm" in secret.messages[-1].drawn


async def test_a_channel_that_somebody_has_set_up_meanwhile_is_named_with_its_rhythm(office: Office) -> None:
    await begins(office, office.marketing)
    await set_up(office.ben, office.marketing, {**STRATEGY_FIELDS, "Name": "Ben's own"})
    assert (await told_at_the_channel(office)).startswith("It has a rhythm already: Ben's own.")

    other = office.slack.channel("other", members=[office.maya])
    await office.maya.fill({"Channel": other})
    await submit_setup(office.maya)


async def test_the_channel_stays_chosen_while_its_author_is_asked_whether_they_lead(office: Office) -> None:
    await begins(office, office.marketing)
    await office.maya.click("More…")
    await office.maya.fill({"Leads": ["@Ben Carter"]})
    form = await office.maya.submit()
    assert form is not None
    assert "You are not among the leads" in form.drawn
    assert form.values["Channel"] == "#marketing"
    await office.maya.fill({"Leading": ["Keep it so: others lead, I do not"]})
    assert await office.maya.submit() is None
    assert office.strategy.leads == (office.ben.id,)


async def test_a_form_with_a_channel_sent_twice_makes_one_rhythm(office: Office) -> None:
    await begins(office, office.marketing)
    forms = await asyncio.gather(office.maya.submit(), office.maya.submit())
    await office.slack.settled()

    assert [(form.title, form.errors) for form in forms if form] == [("Your plan", {})] * 2
    assert len(office.marketing.messages) == 1


async def test_an_example_of_a_digest_is_for_the_asker_alone_and_says_that_it_is_made_up(
    office: Office,
) -> None:
    await office.ben.opens_home()
    await office.slack.settled()
    await office.ben.click("Show me a digest")
    await office.slack.settled()

    [shown] = office.ben.dm.messages
    assert shown.raw["text"].startswith("An example: this team and its numbers are made up")
    for part in ("Needs a decision", "Needs attention", "On track:", "KPIs: 3 of 4 keep pace"):
        assert part in shown.drawn
    assert office.marketing.messages == []

"""Kickoff: an initiative is active once its owner and its sponsor have said yes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.initiatives import Status
from domain.kickoffs import Confirmation, ConfirmationState, Role
from sandbox import Person
from storage import kickoffs
from tests.support.office import INITIATIVE_FIELDS, Office, told

NAME = "Newsletter relaunch"


async def proposes(office: Office, fields: Mapping[str, Any] | None = None) -> None:
    """Maya adds an initiative for Ben; nobody has answered yet."""
    await office.maya.command("/initiative", "add", channel=office.marketing)
    await office.maya.fill({**INITIATIVE_FIELDS, **(fields or {})})
    form = await office.maya.submit()
    assert form is None, form.errors
    await office.slack.settled()


async def presses(office: Office, person: Person, button: str) -> None:
    await person.click(button)
    await office.slack.settled()


async def says(office: Office, person: Person, button: str, words: str) -> None:
    await person.click(button)
    assert person.form is not None
    (label,) = person.form.labels
    await person.fill({label: words})
    assert await person.submit() is None
    await office.slack.settled()


def status(office: Office, name: str = NAME) -> Status:
    return office.initiatives()[name].status


def standing(office: Office) -> tuple[Confirmation, ...]:
    initiative = office.initiatives()[NAME]
    return office.reads(kickoffs.list_confirmations, initiative.workspace_id, [initiative.id])[initiative.id]


async def test_the_owner_gets_a_dm_to_accept_decline_or_ask(harbor_lights: Office) -> None:
    office = harbor_lights
    await proposes(office)

    (asked,) = office.ben.dm.messages
    assert asked.drawn.startswith("Will you own Newsletter relaunch? Maya Okafor chose you.")
    assert asked.buttons == ["Accept", "Decline…", "Ask a question…"]
    assert status(office) is Status.PROPOSED


async def test_the_initiative_is_active_when_owner_and_sponsor_have_said_yes(harbor_lights: Office) -> None:
    office = harbor_lights
    office.forget_checklist()
    await proposes(office, {"Sponsor": "@Ruth Adler"})
    before = len(office.maya.dm.messages)

    await presses(office, office.ben, "Accept")
    assert status(office) is Status.PROPOSED
    assert "It begins once the others have said yes: Ruth Adler (sponsor)." in office.ben.dm.messages[0].drawn
    assert len(office.maya.dm.messages) == before

    await presses(office, office.ruth, "Confirm")
    assert status(office) is Status.ACTIVE
    assert office.maya.dm.messages[-1].drawn == (
        "Newsletter relaunch is active: Ben Carter accepted it and Ruth Adler confirmed what its owner may decide and use."
    )
    assert len(office.maya.dm.messages) == before + 1
    assert office.ben.dm.messages[0].drawn.startswith("You own Newsletter relaunch. ")


async def test_a_lead_who_owns_and_sponsors_it_has_said_yes_by_adding(harbor_lights: Office) -> None:
    office = harbor_lights
    await proposes(office, {"Owner": "@Maya Okafor"})

    assert status(office) is Status.ACTIVE
    assert {one.state for one in standing(office)} == {ConfirmationState.YES}


async def test_the_sponsor_is_asked_to_confirm_authority_and_resources(harbor_lights: Office) -> None:
    office = harbor_lights
    given = {
        "Sponsor": "@Ruth Adler",
        "What the owner may decide alone": "Texts, and up to £200",
        "Budget": "£2,000",
        "People and tools": "Tom for two days",
        "Channels it uses": ["Email", "Press"],
    }
    await proposes(office, given)

    (asked,) = office.ruth.dm.messages
    assert "asks you to sponsor it" in asked.drawn
    for line in (
        "May decide alone: Texts, and up to £200",
        "Budget: £2,000",
        "People and tools: Tom for two days",
        "Channels: email and press",
    ):
        assert line in asked.drawn
    assert asked.buttons == ["Confirm", "Decline…", "Ask a question…"]


async def test_each_partner_is_asked_to_commit_and_may_follow_later(harbor_lights: Office) -> None:
    office = harbor_lights
    partner = {"Partner 1": "@Tom Lindqvist", "Partner 1: what they commit": "two days of design"}
    await proposes(office, partner)
    await presses(office, office.ben, "Accept")
    assert status(office) is Status.ACTIVE

    assert "asks you to commit “two days of design”" in office.tom.dm.messages[0].drawn
    await presses(office, office.tom, "Commit")
    assert "You committed to it." in office.tom.dm.messages[0].drawn
    assert [one.state for one in standing(office) if one.role is Role.PARTNER] == [ConfirmationState.YES]


async def test_an_owner_declines_with_a_reason_that_the_lead_reads(harbor_lights: Office) -> None:
    office = harbor_lights
    await proposes(office)
    await says(office, office.ben, "Decline…", "I am on leave in <March>")

    assert status(office) is Status.PROPOSED
    told = office.maya.dm.messages[-1].drawn
    assert told.startswith("Ben Carter declined to own Newsletter relaunch: “I am on leave in <March>”")
    assert "/initiative edit Newsletter relaunch" in told
    assert office.ben.dm.messages[0].buttons == ["Accept after all"]

    await presses(office, office.ben, "Accept after all")
    assert status(office) is Status.ACTIVE


async def test_a_partner_who_declines_is_told_to_lead_and_owner(harbor_lights: Office) -> None:
    office = harbor_lights
    partner = {"Partner 1": "@Tom Lindqvist", "Partner 1: what they commit": "two days of design"}
    await proposes(office, partner)
    await says(office, office.tom, "Decline…", "No time")

    for person in (office.maya, office.ben):
        assert "Tom Lindqvist declined to commit “two days of design”" in person.dm.messages[-1].drawn


async def test_a_question_goes_to_the_lead_and_the_answer_comes_back(harbor_lights: Office) -> None:
    office = harbor_lights
    await proposes(office)
    await says(office, office.ben, "Ask a question…", "Is print included?")
    asked = office.maya.dm.messages[-1]
    assert asked.drawn.startswith("Ben Carter asks about Newsletter relaunch: “Is print included?”")

    await says(office, office.maya, "Answer…", "No, only email.")
    answer = office.ben.dm.messages[-1]
    assert answer.drawn.startswith("Maya Okafor answers on Newsletter relaunch: “No, only email.”")
    await presses(office, office.ben, "Accept")
    assert status(office) is Status.ACTIVE


async def test_what_is_unconfirmed_after_three_working_days_shows_in_the_digest(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    partner = {"Partner 1": "@Tom Lindqvist", "Partner 1: what they commit": "two days of design"}
    await proposes(office, {"Sponsor": "@Ruth Adler", **partner})
    early = await office.asks(office.maya, "/rhythm", "digest preview")
    assert "has not said yes" not in early
    assert "Newsletter relaunch (Ben, proposed)" in early

    await office.slack.clock.advance(to=datetime(2026, 11, 25, 9, tzinfo=UTC))
    late = await office.asks(office.maya, "/rhythm", "digest preview")
    for line in ("Ben (owner) has not said yes, asked 20 Nov", "Ruth (sponsor)", "Tom (partner)"):
        assert line in late


async def test_an_initiative_not_yet_accepted_is_not_asked_about(harbor_lights: Office) -> None:
    office = harbor_lights
    await proposes(office)
    await office.slack.clock.advance(to=datetime(2026, 11, 24, 20, tzinfo=UTC))

    assert len(office.ben.dm.messages) == 1


async def test_a_changed_sponsor_is_asked_and_the_former_one_no_more(harbor_lights: Office) -> None:
    office = harbor_lights
    await proposes(office, {"Sponsor": "@Ruth Adler"})
    await presses(office, office.ben, "Accept")
    await office.asks(office.maya, "/initiative", "edit newsletter")
    await office.maya.fill({"Sponsor": "@Tom Lindqvist"})
    assert await office.maya.submit() is None
    await office.slack.settled()

    assert office.ruth.dm.messages[0].drawn == "Newsletter relaunch: this is not asked of you any more."
    assert office.tom.dm.messages[0].buttons[0] == "Confirm"
    await presses(office, office.tom, "Confirm")
    assert status(office) is Status.ACTIVE


async def test_a_new_owner_of_a_proposed_one_is_asked_instead(harbor_lights: Office) -> None:
    office = harbor_lights
    await proposes(office)
    await office.asks(office.maya, "/initiative", "edit newsletter")
    await office.maya.fill({"Owner": "@Tom Lindqvist"})
    assert await office.maya.submit() is None
    await office.slack.settled()

    assert "this is not asked of you any more" in office.ben.dm.messages[0].drawn
    await presses(office, office.tom, "Accept")
    assert (status(office), office.initiatives()[NAME].owner_id) == (Status.ACTIVE, office.tom.id)


async def test_resuming_does_not_pass_over_the_kickoff(harbor_lights: Office) -> None:
    office = harbor_lights
    await proposes(office)
    assert "It begins once its owner and its sponsor have said yes" in await office.asks(
        office.maya, "/initiative", "resume newsletter"
    )
    await office.asks(office.maya, "/initiative", "pause newsletter")
    said = await office.asks(office.maya, "/initiative", "resume newsletter")

    assert said.startswith("Newsletter relaunch is proposed again")
    assert status(office) is Status.PROPOSED


async def test_closing_it_ends_what_was_asked(harbor_lights: Office) -> None:
    office = harbor_lights
    await proposes(office)
    await office.asks(office.maya, "/initiative", "close newsletter")
    await office.maya.fill({"How does it end?": "Stopped: we end it here"})
    assert await office.maya.submit() is None
    await office.slack.settled()

    assert office.ben.dm.messages[0].buttons == []
    assert not any("Look back…" in message.buttons for message in office.ben.dm.messages)


async def test_show_tells_who_has_said_yes(harbor_lights: Office) -> None:
    office = harbor_lights
    await proposes(office, {"Sponsor": "@Ruth Adler", "Budget": "£2,000"})
    await says(office, office.ruth, "Decline…", "No money")

    shown = await office.asks(office.tom, "/initiative", "show newsletter")
    assert "Budget: £2,000" in shown
    assert "• Owner Ben Carter has not answered yet" in shown
    assert "• Sponsor Ruth Adler declined: “No money”" in shown


@pytest.mark.parametrize("field", ["Sponsor", "Partner 1"])
@pytest.mark.parametrize(
    ("person", "sentence"),
    [
        ("@Robo", "is an app"),
        ("@Gus Guest", "is a guest here"),
        ("@Lea Left", "account is deactivated"),
        ("@Eva Elsewhere", "belongs to another organisation"),
    ],
)
async def test_who_cannot_take_part_is_refused_at_their_field(
    harbor_lights: Office, field: str, person: str, sentence: str
) -> None:
    office = harbor_lights
    office.slack.person("Robo", bot=True)
    office.slack.person("Gus Guest", guest="multi")
    office.slack.person("Lea Left", deactivated=True)
    office.slack.person("Eva Elsewhere", organisation="Elsewhere Inc")
    await office.asks(office.maya, "/initiative", "add")
    commits = {"Partner 1: what they commit": "a day"} if field == "Partner 1" else {}
    errors = await office.errors(office.maya, {**INITIATIVE_FIELDS, field: person, **commits})

    assert list(errors) == [field]
    assert sentence in errors[field]


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"Partner 2": "@Tom Lindqvist"}, "Partner 2: what they commit", "Say what they are to commit"),
        ({"Partner 1: what they commit": "a day"}, "Partner 1", "Choose who commits this"),
        (
            {"Partner 2": "@Ben Carter", "Partner 2: what they commit": "a day"},
            "Partner 2",
            "This is its owner",
        ),
        (
            {
                "Partner 1": "@Tom Lindqvist",
                "Partner 1: what they commit": "a day",
                "Partner 3": "@Tom Lindqvist",
                "Partner 3: what they commit": "another",
            },
            "Partner 3",
            "named above already",
        ),
    ],
)
async def test_a_half_named_partner_is_sent_back(
    harbor_lights: Office, fields: dict[str, str], field: str, sentence: str
) -> None:
    office = harbor_lights
    await office.asks(office.maya, "/initiative", "add")
    errors = await office.errors(office.maya, {**INITIATIVE_FIELDS, **fields})

    assert list(errors) == [field]
    assert sentence in errors[field]


async def test_what_was_asked_shows_what_a_lead_changed_meanwhile(harbor_lights: Office) -> None:
    office = harbor_lights
    await proposes(office)
    await office.asks(office.maya, "/initiative", "edit newsletter")
    await office.maya.fill({"Due": "2027-04-10", "Budget": "£3,000"})
    assert await office.maya.submit() is None
    await office.slack.settled()

    (asked,) = office.ben.dm.messages
    assert "due 10 Apr 2027, was 31 Mar 2027, moved once" in asked.drawn
    assert "Budget: £3,000" in asked.drawn


async def test_the_lead_is_told_when_somebody_leaves_before_they_answered(harbor_lights: Office) -> None:
    office = harbor_lights
    await proposes(office)
    await office.slack.deactivate(office.ben)
    await office.slack.settled()

    assert "Newsletter relaunch" in office.maya.dm.messages[-1].drawn
    await office.slack.clock.advance(to=datetime(2026, 11, 25, 9, tzinfo=UTC))
    digest = await office.asks(office.maya, "/rhythm", "digest preview")
    assert "Ben, who left Slack (owner) has not said yes, asked 20 Nov" in digest


async def test_an_accept_pressed_twice_is_said_so(harbor_lights: Office) -> None:
    office = harbor_lights
    await proposes(office, {"Sponsor": "@Ruth Adler"})
    await says(office, office.ben, "Ask a question…", "Is print included?")
    await says(office, office.maya, "Answer…", "No.")
    await presses(office, office.ben, "Accept")
    await presses(office, office.ben, "Accept")

    refused = "You have said yes already. If that has changed, please tell Maya Okafor."
    assert refused in await office.heard(office.ben)
    assert office.ben.notices == []
    assert refused in office.ben.dm.messages[-1].drawn


async def test_an_active_initiative_goes_on_while_its_new_owner_is_asked(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add(NAME)
    await office.asks(office.maya, "/initiative", "edit newsletter")
    await office.maya.fill({"Owner": "@Tom Lindqvist"})
    assert await office.maya.submit() is None
    await office.slack.settled()

    assert status(office) is Status.ACTIVE
    assert office.tom.dm.messages[-1].buttons[0] == "Accept"
    await says(office, office.tom, "Decline…", "Not my field")
    assert "Tom Lindqvist declined to take over Newsletter relaunch" in office.maya.dm.messages[-1].drawn


async def test_who_added_it_and_leads_no_more_is_asked_for_nobody(harbor_lights: Office) -> None:
    office = harbor_lights
    await leads_are(office, office.maya, "@Maya Okafor", "@Tom Lindqvist")
    await office.maya.command("/initiative", "add", channel=office.marketing)
    await office.maya.fill(INITIATIVE_FIELDS)
    assert await office.maya.submit() is None
    await leads_are(office, office.tom, "@Tom Lindqvist")
    await office.ben.click("Decline…")
    await office.ben.fill({"Why?": "No time"})
    assert await office.ben.submit() is None
    await office.slack.settled()
    assert told(office.tom, "Ben Carter declined to own Newsletter relaunch")
    assert not told(office.maya, "declined")


async def leads_are(office: Office, by: Person, *names: str) -> None:
    await by.command("/rhythm", "setup", channel=office.marketing)
    await by.fill({"Leads": list(names)})
    form = await by.submit()
    assert form is None, form.errors
    await office.slack.settled()

"""Who may do what in a review: every command, button and form, by everybody there is."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from domain.errors import DomainError
from domain.people import Actor
from handlers.message_checks import ROUTES as CHECKS
from handlers.requests import Click, Form, Submission
from handlers.reviews import ROUTES
from sandbox import Message, Person
from storage import check_ins
from tests.support.office import Office
from views import message_checks
from views.reviews.forms import ANSWER_FORM, CHOICE_FORM
from views.reviews.leads import CONTINUE_ONE, HOLDS
from views.slack.fields import State

TUESDAY = datetime(2026, 12, 1, 18, tzinfo=UTC)
REVIEW = datetime(2026, 12, 3, 10, tzinfo=UTC)
ONLY_A_LEAD = "Only a lead of Harbor Lights can do this: Maya Okafor."
CHOICE = {"On what evidence, in a sentence?": "The numbers stand still"}
ANSWER: State = {"holds": {"selected_option": {"value": "no"}}, "market": {"value": "Everything"}}
CHOSEN: State = {"evidence": {"value": "None"}, "authority": {"selected_option": {"value": "yes"}}}
EVERYBODY = ("lead", "owner", "other owner", "member", "guest", "other organisation", "deactivated", "admin")
PROVEN = {
    "/rhythm review",
    *(f"click {action}" for action in (*ROUTES.clicks, *CHECKS.clicks)),
    *(f"form {callback}" for callback in (*ROUTES.submissions, *CHECKS.submissions)),
}


@pytest.fixture
async def reviewed(harbor_lights: Office) -> Office:
    """Ben and Tom own an initiative each; the review has been posted and Maya has answered first."""
    office = harbor_lights
    await office.add("Newsletter relaunch", "@Ben Carter")
    await office.add("Referrals", "@Tom Lindqvist")
    await office.slack.clock.advance(to=TUESDAY)
    for owner in (office.ben, office.tom):
        await owner.click("On track")
    await office.slack.clock.advance(to=REVIEW)
    await office.maya.click("Answer…")
    await office.maya.fill({"Does the strategy still hold?": "Yes, it still holds"})
    await office.maya.fill({"What changed in the market?": "Nothing"})
    assert await office.maya.submit() is None
    await office.slack.settled()
    return office


def lead_message(office: Office) -> Message:
    [message] = [m for m in office.maya.dm.messages if m.drawn.startswith("Harbor Lights: the review of")]
    return message


async def person(office: Office, who: str) -> Person:
    slack = office.slack
    made = {
        "lead": lambda: office.maya,
        "owner": lambda: office.ben,
        "other owner": lambda: office.tom,
        "admin": lambda: office.ruth,
        "member": lambda: slack.person("Mia Member"),
        "guest": lambda: slack.person("Gus Guest", guest="multi"),
        "other organisation": lambda: slack.person("Eve Else", organisation="Elsewhere"),
        "deactivated": lambda: slack.person("Dan Gone"),
    }
    found = made[who]()
    if who in ("member", "guest", "other organisation", "deactivated"):
        await office.maya.invites(found, office.marketing)
    return found


REFUSALS = {
    "owner": ONLY_A_LEAD,
    "other owner": ONLY_A_LEAD,
    "member": ONLY_A_LEAD,
    "guest": "Only full members of this workspace can do this. Ask a lead of the strategy to do it for you.",
    "deactivated": "Only full members of this workspace can do this. Ask a lead of the strategy to do it for you.",
    "other organisation": "Only members of this workspace can do this. Ask a lead of the strategy to do it for you.",
}


@dataclass(frozen=True)
class Pressed:
    """What a button of Maya's message carries."""

    action_id: str
    value: str


def buttons(message: Message) -> list[Pressed]:
    elements = [
        *(element for block in message.blocks for element in block.get("elements", ())),
        *(block["accessory"] for block in message.blocks if "accessory" in block),
    ]
    return [Pressed(one["action_id"], one["value"]) for one in elements if one["type"] == "button"]


async def acting(office: Office, who: str) -> Actor:
    """Somebody the bot has heard of, as Slack names them when they act."""
    them = await person(office, who)
    if who != "other organisation":
        await them.command("/rhythm", "status", channel=office.marketing)
    if who == "deactivated":
        await office.slack.deactivate(them)
        await office.slack.settled()
    office.is_known_in_marketing(them.id)
    home = "TELSEWHERE" if who == "other organisation" else office.slack.workspace.id
    return Actor(office.slack.workspace.id, them.id, home)


@pytest.mark.parametrize("who", REFUSALS)
async def test_only_leads_press_the_buttons_and_send_the_forms_and_a_refusal_says_who_can(
    reviewed: Office, who: str
) -> None:
    actor = await acting(reviewed, who)
    deps = reviewed.bot.deps
    pressed = [one for one in buttons(lead_message(reviewed)) if one.action_id in ROUTES.clicks]
    choice = next(one.value for one in pressed if one.action_id == CONTINUE_ONE)
    review_id = choice.partition(":")[0]
    pressed += [Pressed(HOLDS, review_id), Pressed("review.continue", choice)]
    assert {one.action_id for one in pressed} == set(ROUTES.clicks)
    for one in pressed:
        with pytest.raises(DomainError, match=re.escape(REFUSALS[who])):
            await ROUTES.clicks[one.action_id](deps, Click(actor, one.action_id, one.value, "trigger"))
    sent = {
        ANSWER_FORM: (review_id, ANSWER),
        CHOICE_FORM: (f"{choice}:stop:0", CHOSEN),
    }
    assert set(sent) == set(ROUTES.submissions)
    for callback_id, (metadata, state) in sent.items():
        form = Form("V1", callback_id, callback_id, metadata, state)
        with pytest.raises(DomainError, match=re.escape(REFUSALS[who])):
            await ROUTES.submissions[callback_id](deps, Submission(actor, form))
    assert "stop —" not in lead_message(reviewed).drawn
    assert "continue (" not in lead_message(reviewed).drawn


@pytest.mark.parametrize("who", ["lead", "admin"])
async def test_leads_and_workspace_admins_decide(reviewed: Office, who: str) -> None:
    them = await person(reviewed, who)
    await them.click("Stop…", message=lead_message(reviewed), near="Newsletter")
    await them.fill(CHOICE)
    assert await them.submit() is None
    await reviewed.slack.settled()

    assert f"stop — The numbers stand still ({them.name})" in lead_message(reviewed).drawn


@pytest.mark.parametrize("who", EVERYBODY)
async def test_only_leads_post_a_review_and_everybody_else_may_preview(
    harbor_lights: Office, who: str
) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch", "@Ben Carter")
    them = await person(office, who)
    if who == "deactivated":
        await office.slack.deactivate(them)
    if who in ("deactivated", "other organisation"):
        with pytest.raises(PermissionError):
            await them.command("/rhythm", "review", channel=office.marketing)
        return
    preview = await them.command("/rhythm", "review preview", channel=office.marketing)
    posted = await them.command("/rhythm", "review", channel=office.marketing)
    await office.slack.settled()
    there = [m for m in office.marketing.messages if m.drawn.startswith("Harbor Lights · Review of")]

    if who in ("lead", "admin"):
        assert len(there) == 1
    else:
        assert there == []
        assert REFUSALS[who] in posted.drawn
    shown = "Only" if who == "guest" else "Preview — only you see this"
    assert preview.drawn.startswith(shown)


@pytest.mark.parametrize("who", ["other owner", "member", "guest", "other organisation", "deactivated"])
async def test_only_the_owner_and_leads_say_whether_the_core_message_was_carried(
    reviewed: Office, who: str
) -> None:
    actor = await acting(reviewed, who)
    workspace = reviewed.slack.workspace.id
    [check_in] = reviewed.reads(check_ins.list_current, workspace, reviewed.ben.id, REVIEW)
    refusal = (
        REFUSALS[who]
        if "members" in REFUSALS[who]
        else "Only Ben Carter, or for them a lead of Harbor Lights, can answer this check-in: Maya Okafor."
    )
    form = Form("V1", "hash", message_checks.FORM, str(check_in.id), {})
    with pytest.raises(DomainError, match=re.escape(refusal)):
        await CHECKS.clicks[message_checks.ACTION](
            reviewed.bot.deps, Click(actor, message_checks.ACTION, str(check_in.id), "trigger")
        )
    with pytest.raises(DomainError, match=re.escape(refusal)):
        await CHECKS.submissions[message_checks.FORM](reviewed.bot.deps, Submission(actor, form))

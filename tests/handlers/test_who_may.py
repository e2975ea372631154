"""Who may press and send what the kickoff, milestones and retrospectives put before people.

Buttons in a DM are seen by one person only; a forged press by anybody else is refused with who can.
"""

from collections.abc import Awaitable, Callable

import pytest

from bot.routes import all_routes
from domain.errors import DomainError
from domain.people import Actor
from domain.people import Person as KnownPerson
from handlers.requests import Click, Form, Submission
from sandbox import Person
from storage import kickoffs, milestones, retrospectives
from storage.people import save_people
from tests.support.office import INITIATIVE_FIELDS, Office
from views import milestones as milestone_views
from views import retrospectives as retrospective_views
from views.kickoffs import messages as kickoff_views

ROUTES = all_routes()
EVERYBODY = ("lead", "owner", "other owner", "member", "guest", "other organisation", "deactivated", "admin")
OUTSIDE = {"guest", "other organisation", "deactivated"}
MEMBERS_ONLY = "Only (full )?members of this workspace"

Act = Callable[[Office, Person], Awaitable[object]]


def actor(office: Office, person: Person) -> Actor:
    workspace = office.slack.workspace.id
    return Actor(workspace, person.id, "T0ELSEWHERE" if person.name == "Eva" else workspace)


async def press(office: Office, person: Person, action: str, value: str) -> object:
    return await ROUTES.clicks[action](
        office.bot.deps, Click(actor(office, person), action, value, "no trigger")
    )


async def send(office: Office, person: Person, form: str, metadata: str, words: dict[str, str]) -> object:
    state = {field: {"value": value} for field, value in words.items()}
    opened = Form(f"V{person.id}", "1", form, metadata, state)
    return await ROUTES.submissions[form](office.bot.deps, Submission(actor(office, person), opened))


def asked_of_owner(office: Office) -> str:
    return asked_of(office, office.ben)


def asked_of(office: Office, person: Person) -> str:
    initiative = office.initiatives()["Newsletter relaunch"]
    standing = office.reads(kickoffs.list_confirmations, initiative.workspace_id, [initiative.id])
    return str(next(one.id for one in standing[initiative.id] if one.person_id == person.id))


def milestone(office: Office) -> str:
    initiative = office.initiatives()["Newsletter relaunch"]
    return str(
        office.reads(milestones.list_milestones, initiative.workspace_id, [initiative.id])[initiative.id][
            0
        ].id
    )


def looking_back(office: Office) -> str:
    initiative = office.initiatives()["Old newsletter"]
    asked = office.reads(retrospectives.list_retrospectives, initiative.workspace_id, initiative.id)
    return str(next(one.id for one in asked if one.person_id == office.ben.id))


async def accept(office: Office, person: Person) -> object:
    return await press(office, person, kickoff_views.YES, asked_of_owner(office))


async def confirm(office: Office, person: Person) -> object:
    return await press(office, person, kickoff_views.YES, asked_of(office, office.ruth))


async def commit(office: Office, person: Person) -> object:
    return await press(office, person, kickoff_views.YES, asked_of(office, office.tom))


async def decline(office: Office, person: Person) -> object:
    form, words = kickoff_views.DECLINE_FORM, {kickoff_views.WORDS: "No time"}
    return await send(office, person, form, asked_of_owner(office), words)


async def ask(office: Office, person: Person) -> object:
    form, words = kickoff_views.ASK_FORM, {kickoff_views.WORDS: "Why me?"}
    return await send(office, person, form, asked_of_owner(office), words)


async def answer(office: Office, person: Person) -> object:
    form, words = kickoff_views.ANSWER_FORM, {kickoff_views.WORDS: "Because."}
    return await send(office, person, form, asked_of_owner(office), words)


async def take_over(office: Office, person: Person) -> object:
    workspace, strategy = office.slack.workspace.id, office.strategy
    (learning,) = office.reads(retrospectives.list_learnings, workspace, strategy.id)
    return await press(office, person, kickoff_views.TAKE_OVER, f"{asked_of_owner(office)}:{learning.id}")


async def mark(office: Office, person: Person) -> object:
    return await press(office, person, milestone_views.DONE, milestone(office))


async def look_back(office: Office, person: Person) -> object:
    form, words = retrospective_views.FORM, {retrospective_views.KEEP: "More of it"}
    return await send(office, person, form, looking_back(office), words)


async def add_milestone(office: Office, person: Person) -> object:
    initiative = office.initiatives()["Newsletter relaunch"]
    metadata = milestone_views.MilestoneRef(channel_id="", initiative_id=initiative.id).model_dump_json()
    filled = {
        milestone_views.NAME: {"value": f"Second issue, by {person.name}"},
        milestone_views.DUE: {"selected_date": "2026-12-01"},
        milestone_views.PERSON: {"selected_user": person.id},
    }
    form = Form(f"V{person.id}", "1", milestone_views.FORM, metadata, filled)
    submission = Submission(actor(office, person), form)
    return await ROUTES.submissions[milestone_views.FORM](office.bot.deps, submission)


OWN = {"owner"}
LEADS = {"lead", "admin"}
ACTS: dict[str, tuple[Act, set[str], str]] = {
    "accept": (accept, OWN, "Only Ben Carter can answer this"),
    "confirm as the sponsor": (confirm, {"admin"}, "Only Ruth Adler can answer this"),
    "commit as a partner": (commit, {"member"}, "Only Tom Lindqvist can answer this"),
    "decline": (decline, OWN, "Only Ben Carter can answer this"),
    "ask": (ask, OWN, "Only Ben Carter can answer this"),
    "answer a question": (answer, LEADS, "Only a lead of Harbor Lights can do this: Maya Okafor"),
    "take a learning over": (take_over, OWN, "Only Ben Carter can answer this"),
    "mark a milestone": (mark, OWN | LEADS | {"member"}, "Only Tom Lindqvist, its owner or a lead"),
    "add a milestone": (add_milestone, OWN | LEADS, "Only its owner or a lead changes the milestones"),
    "look back": (look_back, OWN, "Only Ben Carter can answer this"),
}
PROVEN = {
    f"click {kickoff_views.YES}",
    f"click {kickoff_views.TAKE_OVER}",
    f"click {milestone_views.DONE}",
    f"form {kickoff_views.DECLINE_FORM}",
    f"form {kickoff_views.ASK_FORM}",
    f"form {kickoff_views.ANSWER_FORM}",
    f"form {milestone_views.FORM}",
    f"form {retrospective_views.FORM}",
}


@pytest.fixture
async def kickoff(harbor_lights: Office) -> Office:
    """Ben looks back on an old initiative and is asked to own a new one, with a milestone of Tom's."""
    office = harbor_lights
    for name in ("Older newsletter", "Old newsletter"):
        await office.add(name)
        await office.asks(office.maya, "/initiative", f"close {name}")
        await office.maya.fill({"How does it end?": "Completed: it did what it was for"})
        assert await office.maya.submit() is None
        await office.slack.settled()
        if name == "Older newsletter":
            await office.ben.click("Look back…")
            await office.ben.fill({"What to keep?": "Short subjects"})
            assert await office.ben.submit() is None
            await office.slack.settled()
    await office.maya.command("/initiative", "add", channel=office.marketing)
    partner = {"Partner 1": "@Tom Lindqvist", "Partner 1: what they commit": "two days of design"}
    await office.maya.fill({**INITIATIVE_FIELDS, "Sponsor": "@Ruth Adler", **partner})
    assert await office.maya.submit() is None
    await office.slack.settled()
    await office.asks(office.maya, "/initiative", "milestone newsletter relaunch")
    await office.maya.fill({"Name": "First issue", "Person": "@Tom Lindqvist", "Date": "2026-12-01"})
    assert await office.maya.submit() is None
    await office.slack.settled()
    return office


async def cast_of(office: Office) -> dict[str, Person]:
    people = {
        "lead": office.maya,
        "owner": office.ben,
        "other owner": office.slack.person("Olga"),
        "member": office.tom,
        "guest": office.slack.person("Gus", guest="multi"),
        "other organisation": office.slack.person("Eva", organisation="Elsewhere Inc"),
        "deactivated": office.slack.person("Lea", deactivated=True),
        "admin": office.ruth,
    }
    workspace = office.slack.workspace.id
    known = [
        KnownPerson(workspace, office.ruth.id, "Ruth Adler", is_admin=True),
        KnownPerson(workspace, people["guest"].id, "Gus", is_guest=True),
        KnownPerson(workspace, people["other organisation"].id, "Eva", is_external=True),
        KnownPerson(workspace, people["deactivated"].id, "Lea", is_deactivated=True),
    ]
    office.reads(save_people, known)
    office.is_known_in_marketing(office.tom.id)
    await office.asks(office.maya, "/initiative", "add")
    await office.maya.fill({**INITIATIVE_FIELDS, "Name": "Referrals", "Owner": "@Olga"})
    assert await office.maya.submit() is None
    await office.slack.settled()
    await people["other owner"].click("Accept")
    return people


@pytest.mark.parametrize("act", ACTS)
async def test_only_those_it_names_may_act_and_the_others_are_told_who(kickoff: Office, act: str) -> None:
    office = kickoff
    do, allowed, sentence = ACTS[act]
    people = await cast_of(office)
    for role in sorted(EVERYBODY, key=lambda role: role in allowed):
        if role in allowed:
            await do(office, people[role])
            if act in {"look back", "accept", "decline"}:
                break
            continue
        expected = MEMBERS_ONLY if role in OUTSIDE else sentence
        with pytest.raises(DomainError, match=expected):
            await do(office, people[role])


async def test_milestones_open_for_those_who_change_or_keep_one(kickoff: Office) -> None:
    office = kickoff
    people = await cast_of(office)
    for role in ("lead", "owner", "admin", "member"):
        await office.asks(people[role], "/initiative", "milestone newsletter relaunch")
        form = people[role].form
        assert form is not None, role
        assert ("Name" in form.labels) is (role != "member")
    await office.maya.invites(people["other owner"], office.marketing)
    await office.maya.invites(people["guest"], office.marketing)
    for role, sentence in (
        ("other owner", "Only its owner or a lead changes the milestones"),
        ("guest", "Only full members of this workspace"),
    ):
        assert sentence in await office.asks(people[role], "/initiative", "milestone newsletter relaunch")

"""Who may do what with an ask: every command, button and form, by everyone; a refusal says who can."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from domain.decisions import Decision, DecisionState
from domain.errors import DomainError
from domain.people import Actor, Person
from domain.reading.people import Member
from handlers.decisions import ROUTES
from handlers.requests import Click, Command, Deps, Form, Shortcut, SlackFile, Submission
from storage import decisions, people
from tests.support.office import INITIATIVE_FIELDS, Office
from views.decisions import forms, messages
from views.decisions.asks import HAND_OVER, REDATE, WITHDRAW

PEOPLE = (
    "lead",
    "admin",
    "decider",
    "requester",
    "other owner",
    "member",
    "guest",
    "stranger",
    "deactivated",
)
DECIDERS = {"lead", "admin", "decider"}
EVERYONE = {"lead", "admin", "decider", "requester", "other owner", "member"}
NOT_A_MEMBER = ("Only full members of this workspace", "Only members of this workspace")
"""What guests, deactivated people and other organisations are told; it goes on with whom to ask."""


@pytest.fixture
async def asked(harbor_lights: Office) -> Office:
    """Ben owns Newsletter relaunch and asked Tom; Olga owns Referrals."""
    office = harbor_lights
    slack = office.slack
    olga = slack.person("Olga Owner")
    await office.maya.invites(olga, office.marketing)
    await office.add("Newsletter relaunch")
    await office.maya.command("/initiative", "add", channel=office.marketing)
    await office.maya.fill({**INITIATIVE_FIELDS, "Name": "Referrals", "Owner": "@Olga Owner"})
    assert await office.maya.submit() is None
    await slack.settled()
    await olga.click("Accept")
    message = await office.ben.says("Who signs?", to=office.marketing)
    await office.ben.shortcut("Request a decision", message=message)
    await office.ben.fill(
        {
            "About": "Newsletter relaunch",
            "What do you ask for?": "Who signs?",
            "Who decides?": "@Tom Lindqvist",
            "By when?": "2026-12-03",
            "What happens if nobody decides?": "Nobody",
        }
    )
    assert await office.ben.submit() is None
    await slack.settled()
    return office


def actor(office: Office, who: str) -> Actor:
    """Somebody of each kind; those the bot has not met yet are put on record as Slack would describe them."""
    workspace_id = office.slack.workspace.id
    known = {
        "lead": office.maya.id,
        "admin": office.ruth.id,
        "decider": office.tom.id,
        "requester": office.ben.id,
    }
    strangers: dict[str, dict[str, Any]] = {
        "other owner": {},
        "member": {},
        "guest": {"is_guest": True},
        "stranger": {"is_external": True},
        "deactivated": {"is_deactivated": True},
    }
    if who == "admin":
        ruth = Person(workspace_id, office.ruth.id, office.ruth.name, is_admin=True)
        office.reads(people.save_people, [ruth])
    if who in known:
        return Actor(workspace_id, known[who], workspace_id)
    made = Person(workspace_id, f"U{who.split(maxsplit=1)[0].upper()}", f"The {who}", **strangers[who])
    if who == "other owner":
        return Actor(workspace_id, office.initiatives()["Referrals"].owner_id, workspace_id)
    office.reads(people.save_people, [made])
    office.is_known_in_marketing(made.id)
    return Actor(workspace_id, made.id, "TELSEWHERE" if who == "stranger" else workspace_id)


def the_ask(office: Office) -> Decision:
    [decision] = office.reads(decisions.list_decisions, office.slack.workspace.id, office.strategy.id)
    return decision


class NoWindows:
    """Takes any form as opened: what is looked at is whether it was."""

    async def open_view(self, trigger_id: str, view: dict[str, Any], *, recorded: str = "") -> None: ...

    async def update_view(self, form: Form, view: dict[str, Any], *, recorded: str = "") -> None: ...

    async def list_channels(self, person_id: str) -> tuple[str, ...] | None: ...

    async def list_members(self, channel_id: str) -> tuple[Member, ...] | None: ...

    async def read_file(self, file_id: str, person_id: str, limit: int) -> SlackFile:
        raise AssertionError("no form here takes a file")


def deps_of(office: Office) -> Deps:
    return Deps(office.bot.workspace.id, office.bot.deps.transact, office.bot.deps.now, NoWindows())


Act = Callable[[Deps, Actor, Decision], Awaitable[Any]]


def clicks(handle: Callable[[Deps, Click], Awaitable[Any]], suffix: str = "") -> Act:
    return lambda deps, who, ask: handle(deps, Click(who, "", f"{ask.id}{suffix}", "1.1"))


def submits(handle: Callable[[Deps, Submission], Awaitable[Any]], state: dict[str, Any]) -> Act:
    def act(deps: Deps, who: Actor, ask: Decision) -> Awaitable[Any]:
        return handle(deps, Submission(who, Form(f"V{who.person_id}", "h", "", str(ask.id), state)))

    return act


LIST = ROUTES.commands["/rhythm"][0].run
OTHER = {forms.OUTCOME: {"value": "Ruth signs"}, forms.REASON: {"value": ""}}
ACTS: dict[str, tuple[Act, set[str]]] = {
    "an option": (clicks(ROUTES.clicks[messages.CHOOSE[0]], ":0"), DECIDERS),
    "something else": (clicks(ROUTES.clicks[messages.OTHER]), DECIDERS),
    "the form of something else": (submits(ROUTES.submissions[forms.OTHER_FORM], OTHER), DECIDERS),
    "handing over": (clicks(ROUTES.clicks[HAND_OVER]), DECIDERS | {"requester"}),
    "the form of handing over": (
        submits(
            ROUTES.submissions[forms.HAND_OVER_FORM],
            {forms.DECIDER: {"selected_user": "UNEW"}, forms.BY: {"selected_date": "2026-12-03"}},
        ),
        DECIDERS | {"requester"},
    ),
}
OF_THE_REQUESTER: dict[str, Act] = {
    "withdrawing": clicks(ROUTES.clicks[WITHDRAW]),
    "the form of withdrawing": submits(
        ROUTES.submissions[forms.WITHDRAW_FORM], {forms.REASON: {"value": ""}}
    ),
    "another day": clicks(ROUTES.clicks[REDATE]),
    "the form of another day": submits(
        ROUTES.submissions[forms.REDATE_FORM], {forms.BY: {"selected_date": "2026-12-10"}}
    ),
}
PROVEN = {
    "/rhythm decisions",
    *(f"click {action}" for action in (WITHDRAW, REDATE)),
    *(f"form {callback}" for callback in (forms.WITHDRAW_FORM, forms.REDATE_FORM)),
    *(f"click {action}" for action in messages.CHOOSE),
    *(f"click {action}" for action in (messages.OTHER, messages.REASON, HAND_OVER)),
    *(f"form {callback}" for callback in (forms.OTHER_FORM, forms.REASON_FORM, forms.HAND_OVER_FORM)),
    f"shortcut {forms.SHORTCUT}",
}


@pytest.mark.parametrize("act", ACTS)
async def test_only_the_decider_or_a_lead_acts_on_an_ask(asked: Office, act: str) -> None:
    run, allowed = ACTS[act]
    workspace_id = asked.slack.workspace.id
    asked.reads(people.save_people, [Person(workspace_id, "UNEW", "Nora New")])
    for who in sorted(set(PEOPLE) - allowed):
        with pytest.raises(DomainError) as refused:
            await run(deps_of(asked), actor(asked, who), the_ask(asked))
        told = str(refused.value)
        is_member = who in EVERYONE
        assert is_member or told.startswith(NOT_A_MEMBER), who
        assert not is_member or told == (
            "Only Tom Lindqvist, who was asked, or a lead of Harbor Lights can decide this: Maya Okafor."
        )
        assert the_ask(asked).is_open
        assert the_ask(asked).decider_id == asked.tom.id


@pytest.mark.parametrize("who", sorted(DECIDERS))
async def test_the_decider_a_lead_and_an_admin_decide(asked: Office, who: str) -> None:
    run, _ = ACTS["an option"]
    await run(deps_of(asked), actor(asked, who), the_ask(asked))
    assert the_ask(asked).state is DecisionState.DECIDED


@pytest.mark.parametrize("who", sorted(DECIDERS | {"requester"}))
async def test_the_requester_too_hands_over(asked: Office, who: str) -> None:
    asked.reads(people.save_people, [Person(asked.slack.workspace.id, "UNEW", "Nora New")])
    run, _ = ACTS["the form of handing over"]
    await run(deps_of(asked), actor(asked, who), the_ask(asked))
    assert the_ask(asked).decider_id == "UNEW"


async def test_only_who_decided_says_why(asked: Office) -> None:
    await asked.tom.click("Yes")
    await asked.slack.settled()
    say_why = submits(ROUTES.submissions[forms.REASON_FORM], {forms.REASON: {"value": "Because"}})
    for run in (clicks(ROUTES.clicks[messages.REASON]), say_why):
        for who in set(PEOPLE) - {"decider"}:
            with pytest.raises(DomainError, match=r"^Only (Tom Lindqvist, who decided this|(full )?members)"):
                await run(deps_of(asked), actor(asked, who), the_ask(asked))
    await say_why(deps_of(asked), actor(asked, "decider"), the_ask(asked))
    assert the_ask(asked).reason == "Because"


@pytest.mark.parametrize("who", PEOPLE)
async def test_every_member_asks_and_lists_and_nobody_else_does(asked: Office, who: str) -> None:
    person, deps = actor(asked, who), deps_of(asked)
    command = Command(person, asked.marketing.id, "", "1.1")
    shortcut = Shortcut(person, "1.1", asked.marketing.id, "Who signs?")
    if who in EVERYONE:
        listed = await LIST(deps, command)
        assert listed is not None
        assert listed.message is not None
        blocks = [block["block_id"] for block in listed.message["blocks"] if block["type"] == "actions"]
        assert any(one.startswith("decision.") for one in blocks) == (who in DECIDERS)
        assert any(one.startswith("ask.") for one in blocks) == (who == "requester")
        await ROUTES.shortcuts[forms.SHORTCUT](deps, shortcut)
        return
    for run in (LIST(deps, command), ROUTES.shortcuts[forms.SHORTCUT](deps, shortcut)):
        with pytest.raises(DomainError) as refused:
            await run
        assert str(refused.value).startswith(NOT_A_MEMBER)


@pytest.mark.parametrize("act", OF_THE_REQUESTER)
async def test_only_whoever_asked_withdraws_an_ask_or_gives_it_another_day(asked: Office, act: str) -> None:
    run, before = OF_THE_REQUESTER[act], the_ask(asked)
    for who in sorted(set(PEOPLE) - {"requester"}):
        with pytest.raises(DomainError) as refused:
            await run(deps_of(asked), actor(asked, who), before)
        told, is_member = str(refused.value), who in EVERYONE
        assert is_member or told.startswith(NOT_A_MEMBER), who
        assert not is_member or told == (
            "Only Ben Carter, who asked this, can withdraw it or give it another day."
        )
        assert (the_ask(asked).state, the_ask(asked).due) == (DecisionState.OPEN, before.due)
    await run(deps_of(asked), actor(asked, "requester"), before)

"""Who may say when to look at a decision again, and what becomes of it then: by everyone; a refusal says who can."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from domain.bets import Bet, Verdict
from domain.errors import DomainError
from domain.people import Actor
from handlers.bets import ROUTES
from handlers.requests import Click, Deps, Form, Submission
from storage import bets, kpis
from tests.handlers.test_decision_permissions import (
    EVERYONE,
    NOT_A_MEMBER,
    PEOPLE,
    actor,
    asked,
    deps_of,
    the_ask,
)
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.office import Office
from tests.support.rivals import add_looked
from views.bets import forms, messages, words

__all__ = ["asked"]
MAY = {"lead", "admin", "decider", "requester"}
NAMED = "Ben Carter or Tom Lindqvist"
PROVEN = {
    f"click {words.LOOK}",
    *(f"click {action}" for action in (words.KEEP, words.CHANGE, words.STOP, messages.LEARN)),
    f"form {forms.FORM}",
    f"form {forms.ANSWER_FORM}",
}


@pytest.fixture
async def decided(asked: Office) -> Office:
    """Tom said yes to Ben; there is a KPI that it may move."""
    office = asked
    await office.maya.command("/kpi", "add", channel=office.marketing)
    await office.maya.fill(KPI_FIELDS)
    assert await office.maya.submit() is None
    await office.tom.click("Yes")
    await office.slack.settled()
    return office


def made(office: Office) -> list[Bet]:
    return office.reads(bets.list_bets, office.strategy.workspace_id, office.strategy.id)


def looked_again(office: Office) -> int:
    return office.reads(add_looked, office.strategy, the_ask(office).id, office.tom.id, office.ben.id, None)


def clicks(action: str, value: int) -> Callable[[Deps, Actor], Awaitable[Any]]:
    return lambda deps, who: ROUTES.clicks[action](deps, Click(who, action, str(value), "1.1"))


def sends(callback: str, metadata: str, state: dict[str, Any]) -> Callable[[Deps, Actor], Awaitable[Any]]:
    def send(deps: Deps, who: Actor) -> Awaitable[Any]:
        return ROUTES.submissions[callback](
            deps, Submission(who, Form(f"V{who.person_id}", "h", callback, metadata, state))
        )

    return send


def says_when(office: Office) -> Callable[[Deps, Actor], Awaitable[Any]]:
    [kpi] = office.reads(kpis.list_kpis, office.strategy.workspace_id, office.strategy.id)
    state = {
        forms.TARGET: {"selected_option": {"value": f"kpi:{kpi.id}"}},
        forms.EXPECTED: {"value": "More"},
        forms.VALUE: {"value": "400"},
        forms.LOOK_ON: {"selected_date": "2026-12-31"},
    }
    return sends(forms.FORM, forms.BetRef(decision=the_ask(office).id, bet=0).model_dump_json(), state)


def stops(bet_id: int) -> Callable[[Deps, Actor], Awaitable[Any]]:
    state = {forms.LEARNING: {"value": "Ask sooner"}}
    reference = forms.AnswerRef(bet=bet_id, verdict=Verdict.STOP)
    return sends(forms.ANSWER_FORM, reference.model_dump_json(), state)


async def refused(office: Office, act: Callable[[Deps, Actor], Awaitable[Any]], told: str) -> None:
    for who in sorted(set(PEOPLE) - MAY):
        with pytest.raises(DomainError) as refusal:
            await act(deps_of(office), actor(office, who))
        assert str(refusal.value) == told if who in EVERYONE else str(refusal.value).startswith(NOT_A_MEMBER)


async def test_only_those_a_decision_names_and_leads_say_when_to_look_again(decided: Office) -> None:
    told = f"Only {NAMED}, or a lead of Harbor Lights, can say when to look at this again."
    for act in (clicks(words.LOOK, the_ask(decided).id), says_when(decided)):
        await refused(decided, act, told)
    assert not made(decided)


@pytest.mark.parametrize("who", sorted(MAY))
async def test_each_of_them_may(decided: Office, who: str) -> None:
    await clicks(words.LOOK, the_ask(decided).id)(deps_of(decided), actor(decided, who))
    await says_when(decided)(deps_of(decided), actor(decided, who))
    assert len(made(decided)) == 1


async def test_only_they_say_what_becomes_of_it(decided: Office) -> None:
    bet_id = looked_again(decided)
    told = f"Only {NAMED}, or a lead of Harbor Lights, can say what becomes of this."
    acts = [clicks(action, bet_id) for action in (words.KEEP, words.CHANGE, words.STOP, messages.LEARN)]
    for act in (*acts, stops(bet_id)):
        await refused(decided, act, told)
    assert made(decided)[0].verdict is None


@pytest.mark.parametrize("who", sorted(MAY))
async def test_each_of_them_says_it_once(decided: Office, who: str) -> None:
    act, person = stops(looked_again(decided)), actor(decided, who)
    await act(deps_of(decided), person)
    with pytest.raises(DomainError, match=r"^You have said “stop” to this already"):
        await clicks(words.KEEP, made(decided)[0].id)(deps_of(decided), person)
    assert made(decided)[0].verdict is Verdict.STOP

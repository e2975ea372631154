"""What is counted stays within its number when twenty ask for one more at the same moment, on either database."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.routes import all_routes
from domain.errors import DomainError
from domain.initiatives import Status
from domain.people import Actor
from handlers.requests import Click, Command, Deps, Form, Submission, View
from storage import initiatives, kpis, milestones, tokens
from tests.support.everybody import Windows
from tests.support.forms import submitted
from tests.support.office import GIVERS, Office
from tests.support.offices import open_office
from tests.support.route_ids import subcommand_id

ROUTES = all_routes()
SUBCOMMANDS = {subcommand_id(name, one): one.run for name, known in ROUTES.commands.items() for one in known}
AT_ONCE = 20


@pytest.fixture(params=["sqlite_url", "postgresql_url"])
async def office(request: pytest.FixtureRequest) -> AsyncIterator[Office]:
    """Harbor Lights, set up by Maya, with one initiative of hers."""
    async with open_office(request.getfixturevalue(request.param)) as office:
        await office.set_up()
        await office.add("Newsletter relaunch", "@Maya Okafor")
        yield office


@pytest.fixture
def windows() -> Windows:
    return Windows()


@pytest.fixture
def deps(office: Office, windows: Windows) -> Deps:
    return replace(office.bot.deps, slack=windows)


def maya(office: Office) -> Actor:
    return Actor(office.slack.workspace.id, office.maya.id, office.slack.workspace.id)


async def opened(office: Office, deps: Deps, windows: Windows, command: str, text: str = "") -> View:
    """The form that a command of Maya's opens."""
    await SUBCOMMANDS[command](deps, Command(maya(office), office.marketing.id, text, "trigger"))
    return windows.views[-1]


async def sends_twenty(office: Office, deps: Deps, view: View, **typed: str) -> int:
    """Twenty people's forms, filled in alike but for `{}`, which is another number in each; how many were taken."""

    async def send(number: int) -> bool:
        filled = {field: value.format(number) for field, value in typed.items()}
        state = submitted(view, **filled)
        form = Form(f"V{number}", "h", view["callback_id"], view["private_metadata"], state)
        try:
            reply = await ROUTES.submissions[view["callback_id"]](deps, Submission(maya(office), form))
        except DomainError:
            return False
        return reply is None or reply.update is None

    return sum(await asyncio.gather(*(send(number) for number in range(AT_ONCE))))


async def test_initiatives(office: Office, deps: Deps, windows: Windows) -> None:
    view = await opened(office, deps, windows, "/initiative add")
    typed = {
        "name": "Referrals {}",
        "goal": str(office.strategy.goals[0].id),
        "owner": office.maya.id,
        "due": "2027-03-31",
        "start": "2026-11-23",
        "metric_1_name": "givers",
        "metric_1_baseline": "3",
        "metric_1_target": "4",
    }
    assert await sends_twenty(office, deps, view, **typed) == 4
    strategy = office.strategy
    counted = (Status.PROPOSED, Status.ACTIVE)
    owned = office.reads(
        initiatives.list_owned, strategy.workspace_id, office.maya.id, strategy.id, statuses=counted
    )
    assert len(owned) == 5


async def test_kpis(office: Office, deps: Deps, windows: Windows) -> None:
    view = await opened(office, deps, windows, "/kpi add")
    typed = {
        "name": "Givers {}",
        "goal": str(office.strategy.goals[0].id),
        "kind": "count",
        "direction": "increase to",
        "baseline": "310",
        "baseline_on": "2026-11-20",
        "target": "420",
        "target_on": "2027-03-31",
        "owner": office.maya.id,
        "if_short": "Call them",
    }
    assert await sends_twenty(office, deps, view, **typed) == 6
    strategy = office.strategy
    assert len(office.reads(kpis.list_kpis, strategy.workspace_id, strategy.id)) == 6


async def test_goals(office: Office, deps: Deps, windows: Windows) -> None:
    """Each is a third one beside the two there are."""
    view = await opened(office, deps, windows, "/rhythm setup")
    reason = {block["block_id"] for block in view["blocks"] if "reason" in block.get("block_id", "")}
    typed = {"goal_3": "Volunteers from {} to 90 by 31 March", **dict.fromkeys(reason, "We know more now")}
    assert await sends_twenty(office, deps, view, **typed) >= 1
    goals = [goal.text for goal in office.strategy.goals]
    assert len(goals) == 3
    assert goals[1] == GIVERS


async def test_tokens(office: Office, deps: Deps, windows: Windows) -> None:
    strategy = office.strategy

    async def click(number: int) -> bool:
        form = Form(f"V{number}", "h", "kpi.token", str(strategy.id), {})
        clicked = Click(maya(office), "kpi.token.make", str(strategy.id), "trigger", None, form)
        try:
            await ROUTES.clicks["kpi.token.make"](deps, clicked)
        except DomainError:
            return False
        return True

    assert sum(await asyncio.gather(*(click(number) for number in range(AT_ONCE)))) == 5
    assert len(office.reads(tokens.list_tokens, strategy.workspace_id, strategy.id)) == 5


async def test_open_milestones(office: Office, deps: Deps, windows: Windows) -> None:
    view = await opened(office, deps, windows, "/initiative milestone", "newsletter")
    typed = {"milestone_name": "Issue {}", "milestone_due": "2026-12-20"}
    taken = await sends_twenty(office, deps, view, **typed)
    initiative = office.initiatives()["Newsletter relaunch"]
    listing = office.reads(milestones.list_milestones, initiative.workspace_id, [initiative.id])
    assert len(listing[initiative.id]) == taken == 10

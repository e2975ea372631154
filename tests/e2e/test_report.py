"""A month for people outside Slack: each figure of the report is what the rows say, and a month that is over stays as it was."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text

from domain.forecasts import forecast
from domain.pace import Plan, Point
from sandbox import LocalSlack, Person
from storage.database import Database
from tests.e2e.test_the_plan import WEEK, asks, clicks, fills
from tests.support.bot_process import install, running_bot
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.office import GIVERS
from tests.support.pages import Page
from tests.support.team import Team, team_of

FRIDAY = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)
JANUARY = datetime(2027, 1, 5, 9, tzinfo=UTC)
SAID = "The printer in Leith is ill"
VALUES = ("312", "318", "317", "331")
HEALTHS = (
    ("On track", "At risk"),
    ("On track", "On track"),
    ("At risk", "Off track"),
    ("On track", "At risk"),
)
SIGNS = {"on_track": "✓on track", "at_risk": "▲at risk", "off_track": "■off track"}


async def asked_for(team: Team, person: Person, month: str = "") -> Page:
    """The page that comes of it, to them alone."""
    before = set(team.slack.workspace.files)
    reply = await person.command("/rhythm", f"report {month}".strip(), channel=team.channel)
    assert "is on its way to our direct messages" in reply.drawn
    await team.slack.settled()
    [file] = (one for id_, one in team.slack.workspace.files.items() if id_ not in before)
    assert list(file.shares) == [person.dm.id]
    assert file.content is not None
    return Page(file.content.decode())


async def works(team: Team) -> None:
    """Two initiatives, a KPI and asks, four weeks of December."""
    ben, tom = team.owners.values()
    await team.adds("Newsletter", ben)
    await team.adds("Leaflets", tom)
    await fills(team, "/kpi", "add", {**KPI_FIELDS, "Owner": "@Ben"})
    for week, (value, healths) in enumerate(zip(VALUES, HEALTHS, strict=True)):
        await team.until(MONDAY + week * WEEK + timedelta(hours=1))
        for person, health in zip((ben, tom), healths, strict=True):
            await person.click(health)
            if health != "On track":
                await person.fill({"What is in the way?": SAID})
                assert await person.submit() is None
        await ben.command("/kpi", f"update Monthly givers {value}", channel=team.channel)
        await team.slack.settled()
    await asks(team, ben, **{"By when?": "2026-12-24"})
    await clicks(team, tom, "Yes")
    await asks(team, ben, **{"What do you ask for?": "A second poster?", "By when?": "2027-02-12"})
    await team.until(JANUARY)


def rows(database_url: str, workspace_id: str, statement: str) -> list[Mapping[str, Any]]:
    database = Database.open(database_url, migrate=False)
    try:
        return database.within(workspace_id).run(
            lambda session: [dict(row) for row in session.execute(text(statement)).mappings()]
        )
    finally:
        database.close()


def closed(read: Callable[[str], list[Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """The weeks that ended in December, oldest first, with what each person's left."""
    found = read("SELECT period, person_id, facts FROM closed_weeks ORDER BY period, person_id")
    weeks = [{**row, "facts": _json(row["facts"])} for row in found]
    return [week for week in weeks if sunday(week["period"]) < date(2027, 1, 1)]


def sunday(period: str) -> date:
    return date.fromisocalendar(int(period[:4]), int(period[-2:]), 7)


def _json(kept: Any) -> Any:
    return json.loads(kept) if isinstance(kept, str) else kept


def whole(value: str) -> str:
    return f"{round(Decimal(value)):,}"


async def test_every_figure_of_a_report_is_what_the_rows_say(database_url: str) -> None:
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        app = install(slack)
        team = team_of(slack, app, {"Ben": "Europe/London", "Tom": "Europe/London"})
        await team.maya.invites(app, team.channel)
        async with running_bot(slack, app, database_url):
            await team.sets_up()
            await works(team)
            page = await asked_for(team, team.maya)

    assert next(page.all("title")).text == "Harbor Lights: report of December 2026"
    assert next(page.all("h1")).text == "Harbor Lights"
    assert "Report of December 2026" in page.text
    read = partial(rows, database_url, team.slack.workspace.id)
    weeks = closed(read)
    _assert_numbers(page, [kpi for week in weeks for kpi in week["facts"]["kpis"]])
    _assert_healths(page, weeks)
    _assert_decisions(page, read("SELECT * FROM decisions ORDER BY created_at"))
    _assert_rhythm(page, [one for week in weeks[-8:] for one in week["facts"]["initiatives"]])
    assert SAID not in page.text


def _assert_numbers(page: Page, kept: list[dict[str, Any]]) -> None:
    """By week and at the end, against what each week was closed with."""
    last = kept[-1]
    assert [one["value"] for one in kept if one["value"]][-4:] == list(VALUES)
    [[name, stands, target, pace]] = page.table("KPI")
    assert name == last["name"] == "Monthly givers"
    assert stands == f"{whole(last['value'])} (21 Dec)"
    assert target == f"up to {whole(last['target'])} by 31 Mar 2027"
    assert {"behind": "▲ behind: should be {}", "on pace": "✓ on pace (plan {})"}[last["pace"]].format(
        whole(last["line"])
    ) == pace
    [figure] = page.all("figure")
    told = re.findall(r"(\d+ \w{3}) ([\d,]+) \(([\d,]+)\)", figure.text.partition("brackets: ")[2])
    assert [(value, due) for _, value, due in told] == [
        (whole(one["value"] or one["baseline"]), whole(one["line"])) for one in kept
    ]
    plan = Plan(
        Point(FRIDAY.date(), Decimal(310)), Point(date(2027, 3, 31), Decimal(last["target"])), is_up=True
    )
    read = [Point(date.fromisoformat(one["read_on"]), Decimal(one["value"])) for one in kept if one["value"]]
    goes = forecast(plan, read, date(2026, 12, 31))
    assert goes is not None
    value, low, high = (round(one) for one in (goes.end.value, goes.end.low, goes.end.high))
    assert f"If it goes on as it did: {value} by 31 Mar ({low} to {high}, " in figure.text
    baseline = 1
    read_on = {one["read_on"] for one in kept if one["read_on"]}
    assert len(list(figure.all("circle"))) == baseline + len(read_on)


def _assert_healths(page: Page, weeks: list[dict[str, Any]]) -> None:
    shown = {row[0]: row[1:] for row in page.table("Health, week of")}
    for name in ("Newsletter", "Leaflets"):
        kept = [one for week in weeks for one in week["facts"]["initiatives"] if one["name"] == name]
        asked = [one for one in kept if one["standing"] in ("answered", "no answer", "outdated")]
        signs = [SIGNS[one["health"]] if one["health"] else "○no answer" for one in asked]
        assert shown[name][-len(signs) :] == signs
        assert [one["health"] for one in asked][-4:] == [
            health[name == "Leaflets"].lower().replace(" ", "_") for health in HEALTHS
        ]


def _assert_decisions(page: Page, kept: list[Mapping[str, Any]]) -> None:
    taken, still_open = kept
    assert (taken["state"], still_open["state"]) == ("decided", "open")
    tables = [table for table in page.all("table") if next(table.all("th")).text == "Asked"]
    found = [[cell.text for cell in row.all("th", "td")] for table in tables for row in table.all("tr")]
    assert [taken["question"], taken["outcome"], "Tom", "21 Dec"] in found
    assert [still_open["question"], still_open["default"], "Tom", "12 Feb"] in found


def _assert_rhythm(page: Page, asked: list[dict[str, Any]]) -> None:
    """Of the last four weeks, of which the last is not closed with an answer."""
    answered = [one for one in asked if one["standing"] == "answered"]
    lines = page.below("How the rhythm is kept")
    assert (
        f"answered: {100 * len(answered) // len(asked)}% ({len(answered)} of {len(asked)}), weight 30"
        in lines
    )


async def test_a_month_that_is_over_stays_as_it_was_whatever_is_done_later(team: Team) -> None:
    await works(team)
    before = await asked_for(team, team.maya, "December")
    leads = {
        "Why": "Another why",
        "Goal 2": GIVERS.replace("420", "360"),
        "What made you change this?": "Half left",
    }
    await fills(team, "/rhythm", "setup", leads)
    await fills(
        team, "/kpi", "edit monthly", {"Target": "330", "What made you change this?": "It was too much"}
    )
    edited = {"Name": "News", "Due": "2027-12-24", "Metric 1: target": "5,000"}
    await fills(team, "/initiative", "edit newsletter", {**edited, "What made you change this?": "Too slow"})
    await fills(team, "/initiative", "close leaflets", {"How does it end?": "Stopped: we end it here"})
    await team.maya.command("/kpi", "update Monthly givers on 21 Dec 305", channel=team.channel)
    await team.until(datetime(2027, 3, 3, 12, tzinfo=UTC))
    after = await asked_for(team, team.maya, "2026-12")
    february = await asked_for(team, team.maya)

    made = re.compile(r"Made on \d+ \w+ \d+")
    assert made.sub("", after.text) == made.sub("", before.text)
    assert "Another why" in february.text
    assert "up to 330" in february.text


async def test_two_leads_who_ask_at_once_get_one_each(team: Team) -> None:
    await fills(team, "/rhythm", "setup", {"Leads": ["@Maya", "@Tom"]})
    tom = team.owners["Tom"]
    await asyncio.gather(
        *(one.command("/rhythm", "report", channel=team.channel) for one in (team.maya, tom))
    )
    await team.slack.settled()
    shared = [list(one.shares) for one in team.slack.workspace.files.values()]
    assert sorted(shared) == sorted([[team.maya.dm.id], [tom.dm.id]])


@pytest.mark.parametrize("month", ["March 2027", "October", "soon"])
async def test_what_cannot_be_reported_is_said_with_what_can(team: Team, month: str) -> None:
    reply = await team.maya.command("/rhythm", f"report {month}", channel=team.channel)
    assert {
        "March 2027": "March 2027 has not begun yet. /rhythm report gives the last month.",
        "October": "No week of Harbor Lights ended in October 2026, so there is nothing to report. "
        "/rhythm report November gives this month so far.",
        "soon": "I could not read “soon” as a month. Write it like November, or 2026-11.",
    }[month] == reply.drawn
    await team.slack.settled()
    assert team.slack.workspace.files == {}

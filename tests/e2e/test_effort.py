"""What using it costs people, counted on the example plan; docs/effort.md tells it, and `UPDATE_EFFORT=1` writes it anew."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from demo import plan
from demo.process import install
from sandbox import Conversation, LocalSlack, Message, Person
from tests.e2e.test_setting_up import FIRST, PLAN
from tests.support.bot_here import bot_here
from tests.support.databases import SqliteFiles
from tests.support.effort import Tally

DOCS = Path(__file__).parents[2] / "docs" / "effort.md"
THURSDAY = datetime(2026, 11, 19, 10, 30, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 18, tzinfo=UTC)
"""When everybody's Monday morning has come."""
WEDNESDAY = datetime(2026, 11, 25, 11, tzinfo=UTC)
REVIEW = datetime(2026, 12, 3, 10, tzinfo=UTC)
WEEK = timedelta(weeks=1)
DEMAND = {
    "Name": "Demand",
    "Why": "Without leads we stand still.",
    "Goal 1": "Demos from 40 to 65 by 31 March",
}
MANY = """\
Webinar series @sam 23 Nov to 31 March, registrations 120→300, sponsor @ruth
Case studies @sam 23 Nov to 28 February, stories 0→6, sponsor @ruth
Pricing page @sam 23 Nov to 31 March, conversion 2.1%→3%, sponsor @ruth
KPI Demos 40→65 by 31 March @sam
KPI Cost per lead £38→£30 by 31 March @sam
KPI Trials 20→50 by 31 March @sam
KPI Replies 100→200 by 31 March @sam
KPI Partners 2→8 by 31 March @sam
KPI Win rate 20%→25% by 31 March @sam
"""
NUMBERS = {"Demos": "44", "Cost per lead (£)": "37", "Trials": "24", "Replies": "112", "Partners": "3"}


@dataclass
class Team:
    slack: LocalSlack
    people: dict[str, Person]
    channel: Conversation
    rows: list[tuple[str, str, int, int]] = field(default_factory=list)
    """What was counted: what it is, how it was before, how it is, and how much it may be."""

    def counted(self, what: str, before: str, now: int, most: int) -> None:
        self.rows.append((what, before, now, most))

    def tally(self) -> Tally:
        return Tally(self.slack, self.people.values())

    async def until(self, moment: datetime) -> None:
        await self.slack.clock.advance(to=moment)

    async def settles(self) -> None:
        await self.slack.settled()


@asynccontextmanager
async def opened_team(url: str) -> AsyncIterator[Team]:
    async with LocalSlack(now=THURSDAY, rate_limits=False) as slack:
        app = install(slack)
        people = {first: slack.person(one.name, tz=one.tz) for first, one in plan.PEOPLE.items()}
        channel = slack.channel(plan.CHANNEL, members=people.values())
        await people["Maya"].invites(app, channel)
        async with bot_here(slack, app, url):
            yield Team(slack, people, channel)


async def sets_up(team: Team, lead: Person, first: dict[str, str], pasted: str, where: Conversation) -> None:
    await lead.command("/rhythm", "setup", channel=where)
    for filled in (first, {"Your plan": pasted}):
        await lead.fill(filled)
        form = await lead.submit()
        assert form is not None
        assert form.errors == {}
    await lead.submit()
    await team.settles()
    await lead.dismiss()


async def set_up_and_confirm(team: Team) -> None:
    maya, ruth = team.people["Maya"], team.people["Ruth"]
    whole = team.tally()
    await sets_up(team, maya, FIRST, PLAN, team.channel)
    team.counted("Setting up the example plan: forms", "12", whole.of(maya).forms - 1, 2)
    team.counted("… fields filled in", "144", whole.of(maya).fields, 25)
    sponsor = team.tally()
    await ruth.click("Confirm all 5")
    team.counted("The sponsor of five initiatives: messages", "5", whole.of(ruth).messages, 1)
    team.counted("… clicks", "5", sponsor.of(ruth).clicks, 1)
    await team.until(datetime(2026, 11, 20, 18, tzinfo=UTC))
    for first in ("Ben", "Aroha", "Priya", "Tom"):
        await team.people[first].click("Accept")
    for first in ("Sam", "Ines"):
        await team.people[first].click("Commit to both")
    await team.settles()
    team.counted("… direct messages to eight people until all five are active", "23", whole.of().messages, 9)


async def first_week(team: Team) -> None:
    maya, ben, tom = (team.people[first] for first in ("Maya", "Ben", "Tom"))
    await maya.command("/initiative", "edit Newsletter relaunch", channel=team.channel)
    await maya.fill({"Metric 1: is it a KPI?": "Newsletter subscribers"})
    await maya.submit()
    await team.until(MONDAY)
    one = team.tally()
    await maya.says("on track, 4,310 subscribers")
    await team.settles()
    team.counted("An owner with one initiative and its KPI: words", "5 clicks", one.of(maya).words, 6)
    risk = team.tally()
    await ben.click("At risk")
    await ben.fill(
        {
            "What is in the way?": "The pledge form is late",
            "Need something from someone?": "Approve the new pledge form",
        }
    )
    await ben.submit()
    await team.settles()
    team.counted("At risk, with an ask: forms", "not counted", risk.of(ben).forms, 1)
    team.counted("… clicks", "not counted", risk.of(ben).clicks, 5)
    for first in ("Aroha", "Priya"):
        await team.people[first].click("On track")
    await tom.click("Off track")
    await tom.close()
    await ben.says("monthly givers 314")
    await team.settles()
    await team.until(WEDNESDAY)
    team.counted("Digest when two of five need attention: words", "420", words_of(digest(team)), 160)
    await team.people["Ruth"].click("Yes")


async def second_week(team: Team) -> None:
    await team.until(MONDAY + WEEK)
    for first in ("Aroha", "Priya", "Tom", "Ben"):
        await team.people[first].click("On track")
    await team.people["Maya"].says("on track, 4,390 subscribers")
    await team.people["Ben"].says("monthly givers 326")
    await team.settles()
    await team.until(WEDNESDAY + WEEK)


async def holds_the_review(team: Team) -> None:
    maya = team.people["Maya"]
    await team.until(REVIEW)
    clicks = team.tally()
    await maya.click("It still holds")
    await team.settles()
    await maya.click("Continue the 5 on track")
    await maya.click("Change…", near=plan.OPEN_WATER)
    await maya.fill({"On what evidence, in a sentence?": "Two pools are closed until June"})
    await maya.submit()
    await maya.fill({"Due": "2027-06-30"})
    await maya.submit()
    await team.settles()
    chosen = 1  # the day
    team.counted("A lead's review of five with one change: clicks", "18", clicks.of(maya).clicks + chosen, 6)


async def many_of_one_owner(team: Team) -> None:
    ruth, sam = team.people["Ruth"], team.people["Sam"]
    where = team.slack.channel("demand", members=[ruth, sam])
    await ruth.invites(team.slack.app, where)
    await sets_up(team, ruth, DEMAND, MANY, where)
    await team.until(datetime(2026, 12, 4, 18, tzinfo=UTC))
    await sam.click("Accept all 3")
    await team.until(MONDAY + 2 * WEEK)
    many = team.tally()
    await sam.click("All on track")
    await sam.click("Update all…")
    await sam.fill(NUMBERS)
    await sam.submit()
    await team.settles()
    team.counted("Three initiatives and six KPIs: clicks beside the numbers", "15", many.of(sam).clicks, 3)
    await team.until(MONDAY + 3 * WEEK)
    same = team.tally()
    await sam.click("Same as last week")
    await team.settles()
    team.counted("… when nothing changed", "not counted", same.of(sam).clicks, 1)


def digest(team: Team) -> Message:
    return [one for one in team.channel.messages if "Week of" in one.drawn][-1]


def words_of(message: Message) -> int:
    return len(message.drawn.split())


async def test_what_is_asked_of_people_is_counted_and_told(sqlite_files: SqliteFiles) -> None:
    async with opened_team(sqlite_files.new()) as team:
        await set_up_and_confirm(team)
        await first_week(team)
        await second_week(team)
        await holds_the_review(team)
        await many_of_one_owner(team)
    for what, _, now, most in team.rows:
        assert now <= most, what
    head, _, _ = DOCS.read_text("utf-8").partition("| What |") if DOCS.exists() else ("", "", "")
    table = ["| What | Before | Now | At most |", "|---|---|---|---|"]
    table += [f"| {what} | {before} | {now} | {most} |" for what, before, now, most in team.rows]
    told = head + "\n".join(table) + "\n"
    if os.environ.get("UPDATE_EFFORT"):
        DOCS.write_text(told, "utf-8")
    assert DOCS.read_text("utf-8") == told

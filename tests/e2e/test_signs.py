"""Thirteen weeks of an initiative that slips, through the console script and real sockets: who is told of it, and when."""

from datetime import UTC, date, datetime, timedelta

from sandbox import LocalSlack, Person
from tests.support.bot_process import install, running_bot
from tests.support.team import Team, in_thread, team_of

FRIDAY = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
DUE = date(2027, 3, 31)
LATER = date(2027, 4, 14)
PROMISE = "Choose the venue"
SIGNS = "3 of 5 signs of slipping: “Choose the venue” carried {} weeks; due date moved once; on track while subscribers is behind"
TO_OWNER = {5: SIGNS.format(3), 6: SIGNS.format(4)}
"""By week, in the prompt: until week 4 too little has happened, and in week 6 the promise is kept."""


async def test_an_initiative_with_three_signs_tells_its_owner_and_a_week_later_its_leads(
    sqlite_url: str,
) -> None:
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        app = install(slack)
        team = team_of(slack, app, {"Ben": "Europe/London"})
        async with running_bot(slack, app, sqlite_url):
            await team.sets_up()
            await team.adds("Newsletter", team.owners["Ben"], {"Due": DUE.isoformat()})
            for number in range(1, 14):
                await live(team, number)
        assert "slipping" not in "".join(digest.drawn + in_thread(digest) for digest in team.digests())
        assert len(team.digests()) == 13


async def live(team: Team, number: int) -> None:
    """On Monday Ben answers; on Tuesday of week 4 Maya moves the date."""
    ben, monday = team.owners["Ben"], MONDAY + timedelta(weeks=number - 1)
    await team.until(monday)
    prompt = team.prompts(ben)[-1]
    told = TO_OWNER.get(number, "")
    assert ("signs of slipping" in prompt.drawn) is bool(told)
    assert told in prompt.drawn
    assert ("Only you see this" in prompt.drawn) is (number == 5)
    assert ("Your leads see this, too" in prompt.drawn) is (number == 6)
    assert (told in await home_of(team)) is (number == 6) or not told

    await answer(team, ben, number)
    if number == 6:
        assert "signs of slipping" in team.prompts(ben)[-1].drawn
        await ben.click("Done")
        await team.slack.settled()
        assert "signs of slipping" not in team.prompts(ben)[-1].drawn
        await team.until(monday + timedelta(minutes=2))  # a Home is drawn at most once a minute
        assert "signs of slipping" not in await home_of(team)
    if number == 4:
        await team.until(monday + timedelta(days=1))
        await team.maya.command("/initiative", "edit Newsletter", channel=team.channel)
        await team.maya.fill({"Due": LATER.isoformat()})
        assert await team.maya.submit() is None
        await team.slack.settled()
    await team.until(monday + timedelta(days=3))


async def answer(team: Team, ben: Person, number: int) -> None:
    if number == 1:
        await ben.click("Update…")
        await ben.fill({"How is it going?": "On track", "What is next?": PROMISE, "subscribers": "4,201"})
        assert await ben.submit() is None
    else:
        await ben.click("On track", message=team.prompts(ben)[-1])
        await ben.says(f"{4200 + number} subscribers")
        await team.slack.settled()
        if number < 6:
            await ben.click("Continued", message=team.prompts(ben)[-1])
    await team.slack.settled()


async def home_of(team: Team) -> str:
    """What Maya, who leads, sees."""
    await team.maya.opens_home()
    await team.slack.settled()
    assert team.maya.home is not None
    return str(team.maya.home.blocks)

"""`/rhythm status history`: who did what, when, and by which way; for leads all of it, for members what the digest tells."""

import re
from datetime import UTC, datetime, timedelta

from domain.acts import Act, ActKind
from sandbox import Person
from storage import acts
from tests.support.office import Office
from views.acts import SHOWN

MONDAY = datetime(2026, 11, 23, 18, tzinfo=UTC)


async def reads(office: Office, person: Person) -> str:
    return await office.asks(person, "/rhythm", "status history")


async def test_a_lead_reads_everything_that_was_done_and_by_which_way_and_nobodys_words(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.slack.clock.advance(to=MONDAY)
    await office.ben.says("at risk, waiting for heron")
    await office.slack.settled()
    await office.asks(office.ben, "/rhythm", "away 30 November to 4 December")
    await office.asks(office.maya, "/rhythm", "pause")

    told = await reads(office, office.maya)
    for line in (
        "Maya Okafor set up the rhythm, by form",
        "Maya Okafor added Newsletter relaunch, by form",
        "Ben Carter said yes to Newsletter relaunch as its owner, by button",
        "Ben Carter answered Newsletter relaunch: at risk, in a message",
        "Ben Carter is away 30 Nov 2026 to 4 Dec 2026, by command",
        "Maya Okafor paused the strategy, by command",
    ):
        assert line in told
    assert "heron" not in told
    assert (
        told.index("paused the strategy")
        < told.index("answered Newsletter")
        < told.index("set up the rhythm")
    )
    assert re.search(r"Mon 23 Nov\n• 18:\d\d Maya Okafor paused the strategy", told)
    assert "Fri 20 Nov\n" in told
    assert "@" not in told


async def test_a_member_reads_what_the_digest_tells_and_no_more(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.asks(office.ben, "/rhythm", "away 30 November to 4 December")
    await office.asks(office.maya, "/initiative", "pause Newsletter relaunch")

    told = await reads(office, office.tom)
    assert "Maya Okafor paused Newsletter relaunch, by command" in told
    assert "said yes" not in told
    assert "away" not in told
    assert "acts.csv" not in told


async def test_older_shows_what_was_done_before_and_nothing_twice(harbor_lights: Office) -> None:
    office, strategy = harbor_lights, harbor_lights.strategy
    at = office.slack.clock.now
    for number in range(2 * SHOWN):
        act = Act(
            ActKind.READING_GIVEN, office.maya.id, at + timedelta(seconds=number // 3), f"Reading {number}."
        )
        office.reads(acts.add_act, strategy.workspace_id, strategy.id, act)

    pages = [await reads(office, office.maya)]
    for _ in range(2):
        await office.maya.click("Older…", message=office.maya.notices[-1])
        pages.append(await office.heard(office.maya))
    numbers = [int(one) for told in pages for one in re.findall(r"Reading (\d+)\.", told)]
    assert numbers == [*reversed(range(2 * SHOWN))]
    assert "set up the rhythm" in pages[2]
    assert "Older…" not in pages[2]

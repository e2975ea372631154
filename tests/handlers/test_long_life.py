"""What changes in a workspace over the years: channels that get another id, people who move and leave while nobody looks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlers.notes import ROUTES
from handlers.requests import Event
from sandbox import Conversation, LocalSlack, Message, Person
from storage import notes
from tests.support.bot_here import bot_here
from tests.support.bot_process import install
from tests.support.office import Office
from tests.support.offices import FRIDAY

NAME = "Newsletter relaunch"
MONDAY = datetime(2026, 11, 23, 17, tzinfo=UTC)
"""09:00 in Los Angeles, where Ben is."""
WEDNESDAY = datetime(2026, 11, 25, 23, tzinfo=UTC)
"""The digest of the week is posted."""
NEXT_WEEK = WEDNESDAY + timedelta(weeks=1)


def prompts(person: Person) -> list[Message]:
    return [one for one in person.dm.messages if one.drawn.startswith("Your week, ")]


def moved_to(person: Person, zone: str) -> None:
    """While the bot does not hear of it."""
    person.account.tz = zone


async def hears(office: Office, kind: str, **told: Any) -> None:
    event = {"type": kind, "event_ts": office.slack.workspace.stamp(), **told}
    await office.slack.outgoing.event(office.app, office.slack.workspace, event)
    await office.slack.settled()


async def gets_another_id(office: Office, channel: Conversation, *, tell: bool = True) -> None:
    """As when it is shared with another organisation: members and messages are the same."""
    old, new = channel.id, office.slack.workspace.new_id("C")
    del office.slack.workspace.conversations[old]
    channel.id = new
    office.slack.workspace.conversations[new] = channel
    if tell:
        await hears(office, "channel_id_changed", old_channel_id=old, new_channel_id=new)


def digests(office: Office) -> list[str]:
    return [one.drawn for one in office.marketing.messages if one.user == office.app.bot_user_id]


async def test_a_channel_that_gets_another_id_keeps_its_strategy_and_its_digest(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    await office.add(NAME)
    await gets_another_id(office, office.marketing)
    assert "Harbor Lights" in await office.asks(office.maya, "/rhythm", "status")
    assert NAME in await office.asks(office.ben, "/initiative", "list")
    await office.slack.clock.advance(to=MONDAY)
    await office.maya.command("/rhythm", "digest", channel=office.marketing)
    await office.slack.settled()
    before = digests(office)
    await gets_another_id(office, office.marketing)
    await office.ben.click("On track")
    await office.slack.clock.advance(to=WEDNESDAY)
    after = digests(office)
    assert len(after) == len(before), "the digest that was posted is still edited"
    assert after[-1] != before[-1]
    await office.slack.clock.advance(to=NEXT_WEEK)
    assert len(digests(office)) == len(before) + 1


async def test_buttons_and_forms_from_before_a_channel_got_other_ids_go_on_working(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    await office.add(NAME)
    await office.add("Newsletter archive")
    assert "fits more than one" in await office.asks(office.maya, "/initiative", "edit newsletter")
    asked = office.maya.notices[-1]
    await office.maya.command("/initiative", f"edit {NAME}", channel=office.marketing)
    first = office.marketing.id
    for _ in range(2):
        await gets_another_id(office, office.marketing)
    await office.maya.fill({"Name": "Newsletter, again"})
    assert await office.maya.submit() is None
    await office.slack.settled()
    assert "Newsletter, again" in await office.asks(office.ben, "/initiative", "list")
    await office.maya.click("Newsletter archive", message=asked)
    assert office.maya.form is not None
    assert office.maya.form.values["Name"] == "Newsletter archive"
    await office.maya.close()
    await hears(office, "channel_id_changed", old_channel_id=office.marketing.id, new_channel_id=first)
    await office.maya.click("Newsletter archive", message=asked)
    assert office.maya.form is not None, "it has its first id again"


async def test_a_channel_that_is_renamed_made_private_and_archived_has_its_digest_when_it_is_back(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    await office.add(NAME)
    office.marketing.name = "growth"
    await hears(office, "channel_rename", channel={"id": office.marketing.id, "name": "growth", "created": 1})
    office.marketing.kind = "private"
    await office.maya.archives(office.marketing)
    await office.slack.settled()
    before = len(digests(office))
    await office.slack.clock.advance(to=WEDNESDAY)
    assert len(digests(office)) == before
    assert "is archived. What I had to say there waits" in await office.heard(office.maya)
    office.marketing.archived = False
    await hears(office, "group_unarchive", channel=office.marketing.id, user=office.maya.id)
    assert len(digests(office)) == before + 1


async def test_who_moved_while_the_bot_was_away_is_asked_by_the_new_clock_and_who_left_is_not_asked(
    database_url: str,
) -> None:
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        app = install(slack)
        maya, ben = (
            slack.person("Maya Okafor", tz="Europe/London"),
            slack.person("Ben Carter", tz="America/Los_Angeles"),
        )
        tom = slack.person("Tom Lindqvist", tz="Europe/London")
        ruth = slack.person("Ruth Adler", tz="Europe/London", admin=True)
        marketing = slack.channel("marketing", members=[maya, ben, tom, ruth])
        await maya.invites(app, marketing)
        async with bot_here(slack, app, database_url) as bot:
            office = Office(slack, app, bot, maya, ben, tom, ruth, marketing)
            await office.set_up()
            await office.add(NAME)
            await office.add("Posters", "@Tom Lindqvist")
        moved_to(ben, "Europe/London")
        tom.account.deactivated = True
        async with bot_here(slack, app, database_url):
            await slack.clock.advance(to=MONDAY.replace(hour=8, minute=59))
            assert not prompts(ben)
            await slack.clock.advance(to=MONDAY.replace(hour=9))
            assert len(prompts(ben)) == 1
            await slack.clock.advance(to=WEDNESDAY)
            assert not prompts(tom)
            assert any("Tom Lindqvist has left Slack and owns Posters" in m.drawn for m in maya.dm.messages)


async def test_who_moved_without_a_word_of_slack_is_looked_up_the_next_day(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add(NAME)
    moved_to(office.ben, "Europe/London")
    office.ben.account.real_name = "Benjamin Carter"
    await office.slack.clock.advance(by=timedelta(days=1, minutes=1))
    await office.slack.clock.advance(to=MONDAY.replace(hour=9))
    assert len(prompts(office.ben)) == 1
    assert "Benjamin Carter" in await office.asks(office.maya, "/initiative", "list")


async def test_when_the_only_lead_leaves_an_admin_and_the_channel_hear_of_it_once(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    await office.add(NAME)
    await office.slack.clock.advance(to=MONDAY)
    await office.slack.deactivate(office.maya)
    await office.slack.settled()
    await office.slack.clock.advance(to=NEXT_WEEK)
    in_channel = [one for one in digests(office) if "Harbor Lights needs another lead" in one]
    assert len(in_channel) == 1
    told = [one.drawn for one in office.ruth.dm.messages if "has no lead any more" in one.drawn]
    assert len(told) == 1
    assert "Maya Okafor has left Slack" in told[0]


# Events out of order


def edited(office: Office, ts: str, before: str, after: str, at: int) -> dict[str, Any]:
    """What Slack tells of an edit that Ben made so many seconds after the message."""
    message = {"type": "message", "user": office.ben.id, "ts": ts}
    edit_ts = f"{int(ts.split('.', maxsplit=1)[0]) + at}.000000"
    return {
        "subtype": "message_changed",
        "channel": office.ben.dm.id,
        "channel_type": "im",
        "ts": edit_ts,
        "message": {**message, "text": after, "edited": {"user": office.ben.id, "ts": edit_ts}},
        "previous_message": {**message, "text": before},
    }


def written(office: Office, text: str) -> str:
    """Ben writes to the bot, which is not told; returns the message's ts."""
    ts = office.ben.dm.next_ts()
    office.ben.dm.add({"type": "message", "user": office.ben.id, "text": text, "ts": ts})
    return ts


async def recorded(office: Office) -> str:
    return await office.asks(office.maya, "/initiative", f"show {NAME}")


def versions(office: Office, ts: str) -> list[str]:
    kept = office.reads(notes.list_notes_of, office.slack.workspace.id, office.ben.id)
    return [note.text for note in kept if note.ts == ts]


async def test_an_edit_that_comes_before_its_message_is_what_counts(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add(NAME)
    await office.slack.clock.advance(to=MONDAY)
    ts = written(office, "on track")
    first = {"channel": office.ben.dm.id, "channel_type": "im", "user": office.ben.id, "ts": ts}
    await hears(office, "message", **edited(office, ts, "on track", "off track, the printer broke", at=60))
    assert "off track" in await recorded(office)
    await hears(office, "message", **first, text="on track")
    assert "off track" in await recorded(office)
    assert versions(office, ts) == ["on track", "off track, the printer broke"]
    assert len(office.ben.dm.replies[ts]) == 1


async def test_words_answer_what_was_asked_though_the_bots_own_clock_is_a_day_behind(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    await office.add(NAME)
    await office.slack.clock.advance(to=MONDAY)
    text = "on track, 4,310 subscribers"
    said = {"type": "message", "channel_type": "im", "channel": office.ben.dm.id, "user": office.ben.id}
    event = Event(
        office.slack.workspace.id, "Ev1", {**said, "text": text, "ts": written(office, text)}, MONDAY
    )
    behind = replace(office.bot.deps, now=lambda: MONDAY - timedelta(days=1))
    await ROUTES.events["message"](behind, event)
    await office.slack.settled()
    assert "Recorded, thank you" in prompts(office.ben)[-1].drawn


async def test_of_two_edits_the_later_one_counts_in_whatever_order_they_come(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add(NAME)
    await office.slack.clock.advance(to=MONDAY)
    ts = written(office, "on track")
    first = {"channel": office.ben.dm.id, "channel_type": "im", "user": office.ben.id, "ts": ts}
    await hears(office, "message", **first, text="on track")
    late = edited(office, ts, "on track", "at risk", at=60)
    await hears(office, "message", **edited(office, ts, "at risk", "off track, the printer broke", at=90))
    await hears(office, "message", **late)
    assert "off track" in await recorded(office)
    assert versions(office, ts)[-1] == "off track, the printer broke"
    assert "at risk" in versions(office, ts)
    await hears(office, "message", **edited(office, ts, "…", "on track", at=120))
    assert "on track" in await recorded(office)


async def test_an_edit_of_a_message_never_seen_is_answered(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add(NAME)
    await office.slack.clock.advance(to=MONDAY)
    ts = written(office, "on track")
    await hears(office, "message", **edited(office, ts, "", "off track, the printer broke", at=60))
    assert "off track" in await recorded(office)


# Text as it arrives


@pytest.mark.parametrize("space", ["\u00a0", "\n", "  ", "\t"])
async def test_whatever_space_follows_a_subcommand_it_is_understood(
    harbor_lights: Office, space: str
) -> None:
    assert "has no initiatives yet" in await harbor_lights.asks(
        harbor_lights.maya, "/initiative", f"show{space}Newsletter"
    )


async def test_who_and_what_is_mentioned_is_read_by_name(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add(NAME)
    await office.slack.clock.advance(to=MONDAY)
    before = len(office.ben.dm.log)
    await office.ben.says(f"off track, waiting for @{office.tom.name} in #marketing")
    await office.slack.settled()
    assert len(office.ben.dm.log) == before + 2
    kept = office.reads(notes.list_notes_of, office.slack.workspace.id, office.ben.id)
    assert [note.text for note in kept] == ["off track, waiting for @Tom Lindqvist in #marketing"]


def has_messages_tab(office: Office, *, is_on: bool) -> None:
    """Slack takes direct messages of an app only where this is on."""
    manifest = office.app.registration.manifest
    home = {**manifest["features"]["app_home"], "messages_tab_enabled": is_on}
    features = {**manifest["features"], "app_home": home}
    office.app.registration.manifest = {**manifest, "features": features}


async def test_who_could_not_be_asked_is_not_said_to_be_silent(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add(NAME)
    has_messages_tab(office, is_on=False)
    await office.slack.clock.advance(to=WEDNESDAY)
    assert not prompts(office.ben)
    assert "could not be asked" in digests(office)[-1]
    assert "no answer" not in digests(office)[-1]
    has_messages_tab(office, is_on=True)
    await office.slack.clock.advance(to=NEXT_WEEK)
    assert len(prompts(office.ben)) == 1
    assert "could not be asked" not in digests(office)[-1]
    assert "no answer" in digests(office)[-1]

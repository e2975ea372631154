"""Adding, listing, showing and editing initiatives."""

import asyncio
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.initiatives import Status
from storage import absences, changes
from tests.support.block_kit import assert_valid_message
from tests.support.office import GIVERS, INITIATIVE_FIELDS, SUBSCRIBERS, Office


async def test_adding_an_initiative_asks_its_owner_once_and_their_yes_makes_it_active(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")

    initiative = office.initiatives()["Newsletter relaunch"]
    assert (initiative.status, initiative.owner_id) == (Status.ACTIVE, office.ben.id)
    assert [(m.name, m.baseline, m.target) for m in initiative.metrics] == [
        ("subscribers", Decimal(4200), Decimal(6000))
    ]
    heard = office.maya.notices[-1].drawn
    assert heard.startswith("Newsletter relaunch is proposed.")
    assert "subscribers 4,200 → 6,000" in heard
    (told,) = office.ben.dm.messages
    assert told.drawn.startswith("You own Newsletter relaunch. ")


async def test_an_owner_is_told_when_their_first_prompt_comes(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    told = office.ben.dm.messages[0]
    monday_nine_in_los_angeles = datetime(2026, 11, 23, 17, tzinfo=UTC)

    assert f"<!date^{int(monday_nine_in_los_angeles.timestamp())}^" in str(told.blocks)
    await office.slack.clock.advance(to=monday_nine_in_los_angeles)
    assert len(office.ben.dm.messages) == 2


async def test_a_lead_who_owns_it_gets_no_message_about_their_own_act(harbor_lights: Office) -> None:
    office = harbor_lights
    before = len(office.maya.dm.messages)
    await office.add("Newsletter relaunch", "@Maya Okafor")

    assert "Your first check-in comes" in await office.heard(office.maya)
    assert len(office.maya.dm.messages) == before


async def test_words_after_add_come_back_in_the_form(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.asks(office.maya, "/initiative", "add Newsletter relaunch @Ben Carter by 31 March")

    assert office.maya.form is not None
    values = office.maya.form.values
    assert (values["Name"], values["Owner"], values["Due"]) == (
        "Newsletter relaunch",
        "@Ben Carter",
        "2027-03-31",
    )


async def test_what_is_not_understood_after_add_is_said_and_never_put_into_the_name(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    typed = (
        "add Newsletter relaunch by end of March, subscribers 4,200→6,000, £1,200, 3 people, 32 March, "
        "decides subject and layout, with @Tom Lindqvist: a new page, owner @benny"
    )
    await office.asks(office.maya, "/initiative", typed)

    assert office.maya.form is not None
    values = office.maya.form.values
    assert (values["Name"], values["Due"], values["Budget"]) == (
        "Newsletter relaunch",
        "2027-03-31",
        "£1,200",
    )
    assert "4,200" in values.values()
    assert "6,000" in values.values()
    said = str(office.maya.form.blocks)
    assert "I did not understand “3 people”." in said
    assert "I did not understand “@benny”." in said
    assert "I did not understand “32 March”." in said
    assert "subject and layout" in values.values()
    assert "a new page" in values.values()


REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "due before start": ({"Due": "2026-11-22", "Start": "2026-11-23"}, "Due", "before the start on 23 Nov"),
    "due in thousands of years": ({"Due": "9999-12-31"}, "Due", "31 Dec 9999 is more than two years away"),
    "due in the past": ({"Due": "2026-11-19", "Start": "2026-11-01"}, "Due", "19 Nov 2026 has passed"),
    "target equal to its baseline": (
        {"Metric 1: target": "4200"},
        "Metric 1: target",
        "The target is the same as where it stands now (4,200)",
    ),
    "abc as a number": (
        {"Metric 1: target": "abc"},
        "Metric 1: target",
        "I could not read “abc” as a number",
    ),
    "a half-filled metric": (
        {"Metric 2: name": "clicks", "Metric 2: target": "5"},
        "Metric 2: where it stands now",
        "Give a number, or empty the whole metric.",
    ),
    "a metric twice": (
        {"Metric 2: name": "Subscribers", "Metric 2: where it stands now": "1", "Metric 2: target": "5"},
        "Metric 2: name",
        "Another metric has this name",
    ),
    "a metric twice, one with a letter nobody sees": (
        {
            "Metric 2: name": "sub\u200bscribers",
            "Metric 2: where it stands now": "1",
            "Metric 2: target": "5",
        },
        "Metric 2: name",
        "Another metric has this name",
    ),
    "a name of nothing that is seen": ({"Name": "\u202e\u200b \u3164"}, "Name", "Give it a name"),
    "a metric's name of nothing that is seen": (
        {"Metric 1: name": "\u2066\u2069"},
        "Metric 1: name",
        "Name what is counted.",
    ),
    "an owner who is an app": ({"Owner": "@Robo"}, "Owner", "is an app"),
    "an owner who is a guest": ({"Owner": "@Gus Guest"}, "Owner", "is a guest here"),
    "an owner who left": ({"Owner": "@Lea Left"}, "Owner", "account is deactivated"),
    "an owner from elsewhere": ({"Owner": "@Eva Elsewhere"}, "Owner", "belongs to another organisation"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_a_form_is_sent_back_with_a_sentence_at_its_field(harbor_lights: Office, case: str) -> None:
    office = harbor_lights
    office.slack.person("Robo", bot=True)
    office.slack.person("Gus Guest", guest="multi")
    office.slack.person("Lea Left", deactivated=True)
    office.slack.person("Eva Elsewhere", organisation="Elsewhere Inc")
    fields, field, sentence = REFUSED[case]
    await office.asks(office.maya, "/initiative", "add")
    errors = await office.errors(office.maya, {**INITIATIVE_FIELDS, **fields})

    assert list(errors) == [field]
    assert sentence in errors[field]
    assert office.initiatives() == {}


@pytest.mark.parametrize(
    "name",
    ["newsletter  RELAUNCH", "News\u200bletter relaunch\u202e", "N\u0435wsl\u0435tter r\u0435launch"],
    ids=["case and space", "hidden characters", "Cyrillic letters"],
)
async def test_two_initiatives_of_one_name_are_refused(harbor_lights: Office, name: str) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch", "@Maya Okafor")
    await office.asks(office.maya, "/initiative", "add")
    errors = await office.errors(office.maya, {**INITIATIVE_FIELDS, "Name": name})

    assert errors == {"Name": "Harbor Lights already has an initiative of this name. Give this one its own."}


async def test_a_form_sent_twice_adds_one_initiative(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.asks(office.maya, "/initiative", "add")
    await office.maya.fill(INITIATIVE_FIELDS)
    first, second = await asyncio.gather(office.maya.submit(), office.maya.submit())
    await office.slack.settled()

    assert (first, second) == (None, None)
    assert list(office.initiatives()) == ["Newsletter relaunch"]
    assert len(office.ben.dm.messages) == 1


async def test_hostile_words_are_kept_as_typed_and_mention_nobody(harbor_lights: Office) -> None:
    office = harbor_lights
    name, metric = "<!channel> 🚀 שלום & <@U1>", "<!here> clicks"
    await office.asks(office.maya, "/initiative", "add")
    await office.maya.fill(
        {**INITIATIVE_FIELDS, "Name": name, "Metric 1: name": metric, "Metric 1: unit": "<&>"}
    )
    assert await office.maya.submit() is None
    await office.slack.settled()
    await office.maya.command("/initiative", "list", channel=office.marketing)
    await office.maya.command("/initiative", f"show {name[:12]}", channel=office.marketing)

    assert list(office.initiatives()) == [name]
    for message in (*office.maya.notices, *office.ben.dm.messages):
        assert_valid_message({"text": message.text, "blocks": message.blocks})


async def test_a_name_that_turns_lines_round_is_kept_as_typed_and_shown_straight(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    name = "Gala \u202e6 → 5\u200b"
    await office.add(name)

    assert list(office.initiatives()) == [name]
    assert "Gala 6 → 5" in await office.asks(office.maya, "/initiative", "list")
    said = await office.asks(office.maya, "/initiative", "pause gala 6 → 5")
    assert "Gala 6 → 5" in said
    shown = [*office.maya.notices, *office.ben.dm.messages, *office.marketing.messages]
    assert not re.search("[\u202e\u200b]", "".join(f"{one.text}{one.blocks}" for one in shown))
    await office.asks(office.maya, "/initiative", "edit gala")
    assert office.maya.form is not None
    assert office.maya.form.values["Name"] == name


async def test_a_sentence_at_a_field_shows_no_hidden_characters(harbor_lights: Office) -> None:
    await harbor_lights.asks(harbor_lights.maya, "/initiative", "add")
    errors = await harbor_lights.errors(
        harbor_lights.maya, {**INITIATIVE_FIELDS, "Metric 1: target": "a\u202e5"}
    )
    assert "“a5”" in errors["Metric 1: target"]


async def test_only_leads_add_and_edit(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")

    for text in ("add Another", "edit Newsletter", "pause Newsletter", "close Newsletter"):
        said = await office.asks(office.ben, "/initiative", text)
        assert said == "Only a lead of Harbor Lights can do this: Maya Okafor.", text
    await office.asks(office.ruth, "/initiative", "edit Newsletter")
    assert office.ruth.form is not None


async def test_everyone_sees_the_list(harbor_lights: Office) -> None:
    office = harbor_lights
    empty = await office.asks(office.tom, "/initiative", "list")
    await office.add("Newsletter relaunch")
    listed = await office.asks(office.tom, "/initiative", "list")

    assert empty.startswith("Harbor Lights has no initiatives yet. A lead adds one with /initiative add")
    assert listed == "Harbor Lights: 1 of at most 5 active\n• Newsletter relaunch · @Ben Carter · due 31 Mar"


async def test_show_tells_all_about_one(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")

    assert await office.asks(office.tom, "/initiative", "show newsl") == (
        f"Newsletter relaunch · active\nGoal: {SUBSCRIBERS}\nOwner: @Ben Carter\n"
        "From 23 Nov 2026, due 31 Mar 2027\nMetric: subscribers 4,200 → 6,000, no reading yet\nSponsor: Maya Okafor\n"
        "Who said yes\n• Owner Ben Carter said yes\n• Sponsor Maya Okafor said yes"
    )


async def test_an_ambiguous_name_offers_both_and_a_button_shows_one(harbor_lights: Office) -> None:
    office = harbor_lights
    for name in ("News desk", "Newsletter relaunch"):
        await office.add(name, "@Maya Okafor")
    reply = await office.tom.command("/initiative", "show new", channel=office.marketing)

    assert reply.drawn.startswith("“new” fits more than one: News desk or Newsletter relaunch.")
    await office.tom.click("News desk", message=reply.notices[-1])
    assert (await office.heard(office.tom)).startswith("News desk · active")


async def test_a_button_can_open_the_form_that_was_meant(harbor_lights: Office) -> None:
    office = harbor_lights
    for name in ("News desk", "Newsletter relaunch"):
        await office.add(name, "@Maya Okafor")
    reply = await office.maya.command("/initiative", "edit new", channel=office.marketing)
    await office.maya.click("Newsletter relaunch", message=reply.notices[-1])

    assert office.maya.form is not None
    assert office.maya.form.values["Name"] == "Newsletter relaunch"


async def test_an_unknown_name_gets_the_closest_one(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch", "@Maya Okafor")

    close = await office.asks(office.tom, "/initiative", "show newsleter relanch")
    nothing_like = await office.asks(office.tom, "/initiative", "show xyz")
    assert "Did you mean Newsletter relaunch?" in close
    assert "There is no initiative “xyz” in Harbor Lights. It has Newsletter relaunch." in nothing_like


async def test_no_name_at_all_asks_which(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("News desk", "@Maya Okafor")

    said = await office.asks(office.maya, "/initiative", "pause")
    assert said.startswith("Which one do you want to pause: News desk?")


async def test_a_moved_date_is_counted_and_recorded(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch", "@Maya Okafor")
    await office.asks(office.maya, "/initiative", "edit Newsletter")
    await office.maya.fill({"Due": "2027-04-10", "Name": "Newsletter reborn"})
    assert await office.maya.submit() is None

    assert "due 10 Apr 2027, was 31 Mar 2027, moved once" in await office.heard(office.maya)
    initiative = office.initiatives()["Newsletter reborn"]
    assert (initiative.due_moves, initiative.first_due.isoformat()) == (1, "2027-03-31")
    strategy = office.strategy
    recorded = office.reads(
        changes.list_changes, strategy.workspace_id, strategy.id, datetime(2026, 11, 1, tzinfo=UTC)
    )
    assert [(c.kind, c.before, c.after) for c in recorded] == [
        ("added", "", "Newsletter relaunch"),
        ("name", "Newsletter relaunch", "Newsletter reborn"),
        ("due", "2027-03-31", "2027-04-10"),
    ]


async def test_two_leads_who_edit_at_once_change_only_what_each_of_them_touched(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    leads = (office.maya, office.ruth)
    edits = (
        ("/initiative", "edit Newsletter", {"Due": "2027-04-14"}, {"Budget": "£1,500"}),
        ("/rhythm", "schedule", {"Digest: time": "15:00"}, {"Check-ins: time": "10:00"}),
        ("/rhythm", "setup", {"Core message": "On the record"}, {"Audience": "Givers"}),
    )
    for command, text, *filled in edits:
        reason = {"What made you change this?": "We learned"} if text == "schedule" else {}
        for lead in leads:
            await lead.command(command, text, channel=office.marketing)
        for lead, fields in zip(leads, filled, strict=True):
            await lead.fill({**fields, **reason})
            assert await lead.submit() is None
            await office.slack.settled()

    shown = await office.asks(office.tom, "/initiative", "show Newsletter")
    assert "due 14 Apr 2027, was 31 Mar 2027, moved once" in shown
    assert "Budget: £1,500" in shown
    status = await office.asks(office.tom, "/rhythm", "status")
    for words in ("Check-ins Monday 10:00", "digest Wednesday 15:00", "On the record", "Givers"):
        assert words in status


async def test_an_edit_keeps_reported_values_of_metrics_that_stay(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch", "@Maya Okafor")
    before = office.initiatives()["Newsletter relaunch"].metrics[0]
    await office.asks(office.maya, "/initiative", "edit Newsletter")
    await office.maya.fill(
        {
            "Metric 1: target": "6.5k",
            "Metric 2: name": "open-to-click",
            "Metric 2: unit": "%",
            "Metric 2: where it stands now": "2.1 %",
            "Metric 2: target": "3.5",
            "What made you change this?": "Clicks came up in October.",
        }
    )
    assert await office.maya.submit() is None

    kept, new = office.initiatives()["Newsletter relaunch"].metrics
    assert (kept.id, kept.target) == (before.id, Decimal(6500))
    assert (new.unit, new.baseline, new.target) == ("%", Decimal("2.1"), Decimal("3.5"))


async def test_a_new_owner_and_the_old_one_are_told(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.asks(office.maya, "/initiative", "edit Newsletter")
    await office.maya.fill({"Owner": "@Tom Lindqvist"})
    assert await office.maya.submit() is None
    await office.slack.settled()
    await office.tom.click("Accept")
    await office.slack.settled()

    assert office.tom.dm.messages[-1].drawn.startswith("You own Newsletter relaunch")
    assert office.ben.dm.messages[-1].drawn == (
        "Tom Lindqvist now owns Newsletter relaunch. I will not ask you about it any more."
    )
    await office.slack.clock.advance(to=datetime(2026, 11, 23, 18, tzinfo=UTC))
    assert "Newsletter relaunch" in office.tom.dm.messages[-1].drawn
    assert len(office.tom.dm.messages) == 2
    assert len(office.ben.dm.messages) == 3


async def test_an_old_owner_is_not_reminded_of_what_somebody_else_owns_now(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.slack.clock.advance(to=datetime(2026, 11, 23, 18, tzinfo=UTC))
    await office.asks(office.maya, "/initiative", "edit Newsletter")
    await office.maya.fill({"Owner": "@Tom Lindqvist"})
    assert await office.maya.submit() is None
    await office.slack.clock.advance(to=datetime(2026, 11, 24, 9, tzinfo=UTC))
    await office.tom.click("Accept")
    await office.slack.settled()
    before = len(office.ben.dm.messages)

    await office.slack.clock.advance(to=datetime(2026, 11, 25, 12, tzinfo=UTC))
    told = [message.drawn for message in office.ben.dm.messages[before:]]
    assert told == ["Tom Lindqvist now owns Newsletter relaunch. I will not ask you about it any more."]


async def test_the_shortcut_opens_the_form_of_the_only_strategy_one_leads(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.maya.shortcut("New initiative")
    assert office.maya.form is not None
    assert office.maya.form.title == "New initiative"
    await office.maya.fill({**INITIATIVE_FIELDS, "Goal it serves": GIVERS})
    assert await office.maya.submit() is None
    await office.slack.settled()

    assert office.maya.dm.messages[-1].drawn.startswith("Newsletter relaunch is proposed.")


async def test_the_shortcut_tells_who_leads_nothing(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.ben.shortcut("New initiative")
    await office.slack.settled()

    assert office.ben.form is None
    assert office.ben.dm.messages[-1].drawn.startswith("Only leads add initiatives")


async def test_absences_move_the_first_prompt_an_owner_is_told(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.ben.command("/rhythm", "away 23 Nov to 27 Nov", channel=office.marketing)
    await office.add("Newsletter relaunch")
    next_monday = datetime(2026, 11, 30, 17, tzinfo=UTC)

    assert f"<!date^{int(next_monday.timestamp())}^" in str(office.ben.dm.messages[0].blocks)
    workspace = office.slack.workspace.id
    assert office.reads(absences.list_absences, workspace, [office.ben.id])[office.ben.id]

"""Setting up a strategy, its status, its schedule, pausing and resuming it."""

import asyncio
from datetime import UTC, datetime

from domain.absences import WorkPattern
from domain.periods import Week
from domain.schedules import DEFAULT_SCHEDULE
from storage import strategies
from tests.support.block_kit import assert_valid_message
from tests.support.office import GIVERS, STRATEGY_FIELDS, SUBSCRIBERS, Office
from tests.support.setting_up import fill_setup, set_up, submit_setup


async def test_setting_up_announces_the_rhythm_and_tells_the_lead_what_is_missing(office: Office) -> None:
    await office.set_up()

    assert office.strategy.leads == (office.maya.id,)
    assert office.strategy.zone == "Europe/London"
    assert office.strategy.schedule == DEFAULT_SCHEDULE
    (announcement,) = office.marketing.messages
    assert "Harbor Lights now has a weekly rhythm" in announcement.drawn
    assert "Monday 09:00 in their own time" in announcement.drawn
    assert "/initiative add" in announcement.drawn
    told = office.maya.dm.messages[-1].drawn
    assert "No active initiative yet: 3 to 5 work best" in told
    assert f"No KPI and no initiative serves “{SUBSCRIBERS}” yet" in told


async def test_a_name_a_why_and_a_goal_are_enough_and_the_rest_has_defaults(office: Office) -> None:
    await office.maya.command("/rhythm", "setup", channel=office.marketing)
    form = office.maya.form
    assert form is not None
    assert form.labels == ["Name", "Why", "Goal 1", "Goal 2", "Goal 3"]
    assert "Check-ins Monday 09:00, digest Wednesday 11:00, review first Thursday." in form.drawn
    assert "You lead it, by London time; public holidays: United Kingdom." in form.drawn
    needed = ("Name", "Why", "Goal 1")
    await office.maya.fill({name: STRATEGY_FIELDS[name] for name in needed})
    await submit_setup(office.maya)

    assert office.strategy.leads == (office.maya.id,)
    assert (office.strategy.zone, office.strategy.schedule) == ("Europe/London", DEFAULT_SCHEDULE)
    assert office.strategy.work_pattern == WorkPattern(country="GB")
    status = await office.asks(office.ben, "/rhythm", "status")
    assert "Audience" not in status


async def test_what_is_typed_stays_while_the_form_shows_more(office: Office) -> None:
    await office.maya.command("/rhythm", "setup", channel=office.marketing)
    await office.maya.fill({"Name": "Harbor Lights", "Goal 1": SUBSCRIBERS})
    await office.maya.click("Change…")
    await office.maya.fill({"Digest: day": "Friday"})
    await office.maya.click("More…")
    form = office.maya.form
    assert form is not None
    assert "Change…" not in form.buttons
    assert (form.values["Name"], form.values["Digest: day"]) == ("Harbor Lights", "Friday")
    errors = await office.errors(office.maya, {"Audience": "Parents"})
    assert list(errors) == ["Why"]
    assert office.maya.form is not None
    assert office.maya.form.values["Audience"] == "Parents"
    await office.maya.fill({"Why": "Swim."})
    await submit_setup(office.maya)
    assert str(office.strategy.schedule.digest) == "Friday 11:00"
    assert (office.strategy.audience, office.strategy.why) == ("Parents", "Swim.")


async def test_a_vague_goal_is_sent_back_with_an_example_and_what_was_typed_stays(office: Office) -> None:
    await office.maya.command("/rhythm", "setup", channel=office.marketing)
    await fill_setup(office.maya, STRATEGY_FIELDS)
    errors = await office.errors(office.maya, {"Goal 1": "More subscribers"})

    assert list(errors) == ["Goal 1"]
    assert "Add a number and a date" in errors["Goal 1"]
    assert SUBSCRIBERS in errors["Goal 1"]
    assert office.maya.form is not None
    assert office.maya.form.values["Why"] == STRATEGY_FIELDS["Why"]


async def test_a_goal_with_a_share_and_a_span_is_taken_and_one_without_an_amount_is_not(
    office: Office,
) -> None:
    await office.maya.command("/rhythm", "setup", channel=office.marketing)
    vague = {
        "Goal 1": "50% more leads in 90 days",
        "Goal 2": "B2B leads by Q3 2027",
        "Goal 3": "Post 3 times a week",
    }
    await office.maya.fill({"Name": "Harbor Lights", "Why": "One child in three cannot swim."})
    errors = await office.errors(office.maya, vague)

    assert list(errors) == ["Goal 2", "Goal 3"]
    assert "Add a number" in errors["Goal 2"]
    assert "Add a date" in errors["Goal 3"]


async def test_people_who_cannot_lead_are_refused_at_the_field(office: Office) -> None:
    office.slack.person("Gus Guest", guest="multi")
    await office.maya.command("/rhythm", "setup", channel=office.marketing)
    await fill_setup(office.maya, STRATEGY_FIELDS)
    errors = await office.errors(office.maya, {"Leads": ["@Maya Okafor", "@Gus Guest"]})

    assert list(errors) == ["Leads"]
    assert "is a guest here" in errors["Leads"]
    assert office.marketing.messages == []


async def test_a_guest_cannot_set_up(office: Office) -> None:
    gus = office.slack.person("Gus Guest", guest="multi")
    reply = await gus.command("/rhythm", "setup", channel=office.slack.channel("guests", members=[gus]))

    assert reply.drawn == (
        "Only full members of this workspace can do this. Ask a lead of the strategy to do it for you."
    )
    assert gus.form is None


async def test_setup_in_a_direct_message_says_where_it_belongs(office: Office) -> None:
    reply = await office.maya.command("/rhythm", "setup")

    assert "run /rhythm setup in the channel where your team talks" in reply.drawn


async def test_a_second_setup_is_for_leads_and_opens_what_there_is(harbor_lights: Office) -> None:
    office = harbor_lights
    refused = await office.asks(office.ben, "/rhythm", "setup")
    await office.asks(office.maya, "/rhythm", "setup")

    assert refused.startswith("Only a lead of Harbor Lights can do this: ")
    assert office.maya.form is not None
    assert office.maya.form.values["Name"] == "Harbor Lights"
    assert "Digest: day" not in office.maya.form.labels


async def test_editing_keeps_goals_and_says_what_changed(harbor_lights: Office) -> None:
    office = harbor_lights
    before = office.strategy
    await office.asks(office.maya, "/rhythm", "setup")
    await office.maya.fill(
        {
            "Why": "Every child should swim.",
            "Goal 2": "",
            "Time zone": "Lisbon (Europe/Lisbon)",
            "What made you change this?": "Givers told us so.",
        }
    )
    assert await office.maya.submit() is None
    await office.slack.settled()

    assert office.strategy.why == "Every child should swim."
    assert office.strategy.goals == before.goals[:1]
    assert "Changed: why, goals and time zone." in office.maya.dm.messages[-1].drawn


async def test_a_form_sent_twice_makes_one_strategy_and_one_announcement(office: Office) -> None:
    await office.maya.command("/rhythm", "setup", channel=office.marketing)
    await fill_setup(office.maya, STRATEGY_FIELDS)
    first, second = await asyncio.gather(office.maya.submit(), office.maya.submit())
    await office.slack.settled()

    assert [form.title for form in (first, second) if form] == ["Your plan", "Your plan"]
    assert len(office.marketing.messages) == 1
    assert len(office.maya.dm.messages) == 1


async def test_two_people_setting_up_one_channel_make_one_strategy(office: Office) -> None:
    for person in (office.maya, office.ben):
        await person.command("/rhythm", "setup", channel=office.marketing)
        await fill_setup(person, STRATEGY_FIELDS)
    await submit_setup(office.maya)
    form = await office.ben.submit()

    assert form is not None
    assert "Somebody else has just set up this channel" in "".join(form.errors.values())
    assert office.strategy.leads == (office.maya.id,)


async def test_a_reminder_too_close_to_the_digest_is_left_out_and_said_so(office: Office) -> None:
    await office.maya.command("/rhythm", "setup", channel=office.marketing)
    late = {"Second reminder: day": "Wednesday", "Second reminder: time": "10:00"}
    await fill_setup(office.maya, {**STRATEGY_FIELDS, **late})
    await submit_setup(office.maya)
    await office.slack.settled()

    told = office.maya.dm.messages[-1].drawn
    assert "The reminder on Wednesday 10:00 is left out: less than 2 h would remain until the digest." in told


async def test_what_is_missing_has_a_button_for_whoever_may_do_it(harbor_lights: Office) -> None:
    office = harbor_lights
    told = office.maya.dm.messages[-1]
    of_goals = [f"KPI for {goal}…" for goal in (SUBSCRIBERS, GIVERS)]
    missing = ["Paste a plan…", "Add an initiative…", *of_goals]
    assert told.buttons == [*missing, "Show me a digest"]
    titles = ("Your plan", "New initiative", "New KPI", "New KPI")
    for button, title in zip(missing, titles, strict=True):
        await office.maya.click(button, message=told)
        assert office.maya.form is not None
        assert office.maya.form.title == title
        await office.maya.close()
    status = await office.maya.command("/rhythm", "status", channel=office.marketing)
    assert status.notices[-1].buttons == [*missing, "Put it on a canvas"]
    status = await office.ben.command("/rhythm", "status", channel=office.marketing)
    assert status.notices[-1].buttons == []


async def test_what_people_type_is_kept_and_mentions_nobody(office: Office) -> None:
    hostile = {
        "Name": "<!channel> 🌊 שלום",
        "Why": f"<!here> ask <@{office.ben.id}> & co <https://evil.example|click>",
        "Goal 1": "5 <!everyone> by 31 March 🎯",
        "Audience": "<!subteam^S1> مرحبا",
        "What makes us different": "a < b & c > d",
    }
    await office.maya.command("/rhythm", "setup", channel=office.marketing)
    await fill_setup(office.maya, hostile)
    await submit_setup(office.maya)
    await office.slack.settled()
    status = await office.maya.command("/rhythm", "status", channel=office.marketing)

    assert (office.strategy.name, office.strategy.why) == (hostile["Name"], hostile["Why"])
    for message in (*office.marketing.messages, *office.maya.dm.messages, *status.notices):
        assert_valid_message({"text": message.text, "blocks": message.blocks})
        assert f"<@{office.ben.id}>" not in message.text


async def test_a_command_in_a_channel_without_a_rhythm_says_how_to_begin(office: Office) -> None:
    for command, text in (
        ("/rhythm", "status"),
        ("/rhythm", "pause"),
        ("/initiative", "list"),
        ("/initiative", "add X"),
    ):
        said = await office.asks(office.ben, command, text)
        assert said.startswith("This channel has no strategy yet. Run /rhythm setup here"), (command, text)


async def test_status_shows_what_comes_next_to_everyone(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")

    said = await office.asks(office.ben, "/rhythm", "status")

    assert "Newsletter relaunch · @Ben Carter · due 31 Mar" in said
    assert "Your next check-in:" in said
    assert "Next digest:" in said
    assert "Only one active initiative" in said
    assert "Your next check-in:" not in await office.asks(office.tom, "/rhythm", "status")


async def test_status_shows_how_each_initiative_stands_before_anything_else(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.slack.clock.advance(to=datetime(2026, 11, 23, 18, tzinfo=UTC))
    await office.ben.click("On track")

    said = await office.asks(office.tom, "/rhythm", "status")

    assert (
        "Newsletter relaunch · @Ben Carter · :large_green_circle: on track (from 23 Nov) · due 31 Mar" in said
    )
    assert said.index("Initiatives") < said.index("Rhythm") < said.index("Goals")


async def test_a_new_schedule_counts_from_the_next_week_nobody_has_begun(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.slack.clock.advance(to=datetime(2026, 11, 24, 12, tzinfo=UTC))
    await office.asks(office.maya, "/rhythm", "schedule")
    await office.maya.fill(
        {
            "Digest: day": "Friday",
            "Digest: time": "15:00",
            "What made you change this?": "Nobody reads it on Wednesdays.",
        }
    )
    assert await office.maya.submit() is None

    heard = await office.heard(office.maya)
    assert "has a new schedule from the week of 30 Nov on" in heard
    assert "digest Friday 15:00" in heard
    first, schedule = office.strategy.schedule_changes[-1]
    assert (first, str(schedule.digest)) == (Week(2026, 49), "Friday 15:00")
    assert str(office.strategy.schedule_for(Week(2026, 48)).digest) == "Wednesday 11:00"


async def test_an_unchanged_schedule_changes_nothing(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.asks(office.maya, "/rhythm", "schedule")
    assert await office.maya.submit() is None

    assert await office.heard(office.maya) == "The schedule of Harbor Lights stays as it was."
    assert len(office.strategy.schedule_changes) == 1


async def test_a_reminder_is_moved_without_a_reason(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.asks(office.maya, "/rhythm", "schedule")
    await office.maya.fill({"First reminder: time": "10:00"})
    assert await office.maya.submit() is None
    assert str(office.strategy.schedule_changes[-1][1].reminders[0]) == "Tuesday 10:00"
    assert "because" not in await office.asks(office.maya, "/rhythm", "status history")


async def test_in_a_private_channel_the_lead_is_asked_to_invite_the_bot_and_nothing_is_lost(
    office: Office,
) -> None:
    board = office.slack.channel("board", members=[office.maya], private=True)
    await set_up(office.maya, board, STRATEGY_FIELDS)
    await office.slack.settled()

    assert board.messages == []
    assert any("/invite @Drumbeat" in message.drawn for message in office.maya.dm.messages)
    await office.maya.invites(office.app, board)
    await office.slack.settled()
    assert [message.drawn.split(" now has")[0] for message in board.messages] == ["Harbor Lights"]


async def test_an_impossible_schedule_is_refused_at_the_day_it_concerns(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.asks(office.maya, "/rhythm", "schedule")

    same = await office.errors(office.maya, {"Digest: day": "Monday", "Digest: time": "09:00"})
    assert list(same) == ["Digest: day"]
    assert "The digest must come at another time than the check-ins" in same["Digest: day"]
    night = await office.errors(office.maya, {"Digest: day": "Wednesday", "First reminder: time": "22:00"})
    assert list(night) == ["First reminder: day"]
    assert "falls outside 08:00-18:00" in night["First reminder: day"]


async def test_only_leads_and_admins_pause_and_resume(harbor_lights: Office) -> None:
    office = harbor_lights
    refused = await office.asks(office.ben, "/rhythm", "pause")
    paused = await office.asks(office.ruth, "/rhythm", "pause")
    again = await office.asks(office.maya, "/rhythm", "pause")

    assert refused.startswith("Only a lead of Harbor Lights can do this")
    assert paused.startswith("Harbor Lights is paused")
    assert again == "Harbor Lights is already paused. /rhythm resume starts it again."
    assert "Paused since" in await office.asks(office.tom, "/rhythm", "status")
    assert (await office.asks(office.maya, "/rhythm", "resume")).startswith("Harbor Lights goes on")
    assert office.strategy.paused_at is None


async def test_a_paused_rhythm_is_silent_and_goes_on_when_resumed(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await office.asks(office.maya, "/rhythm", "pause")
    before = len(office.ben.dm.messages)
    await office.slack.clock.advance(to=datetime(2026, 11, 28, tzinfo=UTC))
    assert len(office.ben.dm.messages) == before

    await office.asks(office.maya, "/rhythm", "resume")
    await office.slack.clock.advance(to=datetime(2026, 11, 30, 18, tzinfo=UTC))
    assert len(office.ben.dm.messages) == before + 1


async def test_in_a_direct_message_with_several_strategies_it_asks_which(harbor_lights: Office) -> None:
    office = harbor_lights
    events = office.slack.channel("events", members=[office.maya])
    await set_up(office.maya, events, {**STRATEGY_FIELDS, "Name": "Open Water"})
    await office.slack.settled()

    reply = await office.maya.command("/rhythm", "status")
    assert reply.drawn.startswith("Which strategy do you mean: Harbor Lights or Open Water?")
    await office.maya.click("Open Water", message=reply.notices[-1])
    assert (await office.heard(office.maya)).startswith("Open Water")


async def test_in_a_direct_message_the_only_strategy_is_meant(harbor_lights: Office) -> None:
    reply = await harbor_lights.maya.command("/rhythm", "status")

    assert reply.drawn.startswith("Harbor Lights")


CORE = {"Core message": "Every child swims", "Goal 2": "", "Goal 3": GIVERS}
VOLUNTEERS = "Volunteers from 10 to 40 by 31 March"
WITHOUT_ME = {"Leading": ["Keep it so: others lead, I do not"]}


async def sets_up_without_herself(office: Office) -> None:
    await office.maya.command("/rhythm", "setup", channel=office.marketing)
    await fill_setup(
        office.maya,
        {
            **STRATEGY_FIELDS,
            **CORE,
            "Leads": ["@Ben Carter"],
            "Time zone": "Europe/London",
            "Country": "United Kingdom",
            "Working days": ["Monday", "Tuesday"],
            "Digest: time": "15:30",
        },
    )
    form = await office.maya.submit()
    assert form is not None
    assert form.errors == {}
    assert "You are not among the leads" in form.drawn


async def test_a_set_up_without_its_author_among_the_leads_is_asked_about(office: Office) -> None:
    await sets_up_without_herself(office)
    found = office.reads(strategies.list_strategies, office.slack.workspace.id)
    assert found == []
    assert office.maya.form is not None
    values = office.maya.form.values
    assert {
        name: values[name] for name in ("Name", "Goal 1", "Goal 3", "Leads", "Country", "Digest: time")
    } == {
        "Name": "Harbor Lights",
        "Goal 1": SUBSCRIBERS,
        "Goal 3": GIVERS,
        "Leads": ["@Ben Carter"],
        "Country": "United Kingdom",
        "Digest: time": "15:30",
    }

    await office.maya.fill(WITHOUT_ME)
    assert await office.maya.submit() is None
    await office.slack.settled()
    kept = office.strategy
    assert kept.leads == (office.ben.id,)
    assert [goal.text for goal in kept.goals] == [SUBSCRIBERS, GIVERS]
    assert kept.core_message == "Every child swims"
    assert (kept.zone, kept.work_pattern) == ("Europe/London", WorkPattern(frozenset({0, 1}), "GB"))
    assert str(kept.schedule.digest).endswith("15:30")


async def test_whoever_is_asked_may_add_themselves_instead(office: Office) -> None:
    await sets_up_without_herself(office)
    await office.maya.fill({"Leads": ["@Ben Carter", "@Maya Okafor"]})
    await submit_setup(office.maya)
    await office.slack.settled()
    assert set(office.strategy.leads) == {office.ben.id, office.maya.id}


async def test_a_form_sent_twice_asks_both_times_and_keeps_nothing(office: Office) -> None:
    await sets_up_without_herself(office)
    forms = await asyncio.gather(office.maya.submit(), office.maya.submit())
    await office.slack.settled()

    assert ["You are not among the leads" in form.drawn for form in forms if form] == [True, True]
    assert office.marketing.messages == []


async def test_a_lead_who_takes_themselves_out_is_asked_and_their_reason_stays(harbor_lights: Office) -> None:
    office = harbor_lights
    before = office.strategy
    await office.maya.command("/rhythm", "setup", channel=office.marketing)
    reason = {"What made you change this?": "Ben runs it from January on."}
    edits = {"Leads": ["@Ben Carter"], "Why": "Every child shall swim.", "Goal 2": "", "Goal 3": VOLUNTEERS}
    await office.maya.fill({**edits, **reason})
    form = await office.maya.submit()
    assert form is not None
    assert "You are not among the leads" in form.drawn
    assert form.values["What made you change this?"] == "Ben runs it from January on."
    assert office.strategy == before

    await office.maya.fill(WITHOUT_ME)
    assert await office.maya.submit() is None
    await office.slack.settled()
    assert office.strategy.leads == (office.ben.id,)
    known = [goal.id for goal in before.goals]
    assert [(goal.text, goal.id in known) for goal in office.strategy.goals] == [
        (SUBSCRIBERS, True),
        (VOLUNTEERS, False),
    ]
    assert "Only a lead of Harbor Lights can do this: Ben Carter." in await office.asks(
        office.maya, "/rhythm", "setup"
    )


async def test_an_admin_who_leads_nothing_edits_unasked(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.ruth.command("/rhythm", "setup", channel=office.marketing)
    await office.ruth.fill({"Name": "Harbour Lights"})
    assert await office.ruth.submit() is None
    await office.slack.settled()
    assert office.strategy.name == "Harbour Lights"

"""A whole strategy set up as people do it: a name, a why, goals, and the plan pasted; counted."""

from datetime import UTC, datetime

from tests.support.team import Team

PEOPLE = {
    "Ben Carter": "America/Los_Angeles",
    "Aroha Ngata": "Pacific/Auckland",
    "Priya Raman": "Asia/Kolkata",
    "Tom Lindqvist": "Europe/Stockholm",
    "Ruth Adler": "Europe/London",
    "Sam Ortiz": "America/New_York",
    "Ines Faria": "Europe/Lisbon",
}
FIRST = {
    "Name": "Harbor Lights",
    "Why": "One child in three in our cities cannot swim. Families should meet us before they need us.",
    "Goal 1": "Newsletter subscribers from 4,200 to 6,000 by 31 March",
    "Goal 2": "Monthly givers from 310 to 420 by 31 March",
    "Goal 3": "Lesson sign-ups from 95 a month to 140 a month by 30 April",
}
PLAN = """\
Newsletter relaunch @maya 23 Nov to 31 Mar, subscribers 4,200→6,000, open-to-click 2.1%→3.5%, £1,200, \
decides subject, layout, send days, sponsor @ruth, partner @ines: a story a month
milestone First issue 15 Jan @ines
Giver referral programme @ben 23 Nov to 28 Feb, referred givers 0→60, £3,000, goal 2, \
decides rewards up to £5 each, sponsor @ruth, partner @sam: pledge form by 15 Dec
Spring open-water days @aroha 23 Nov to 30 Apr, sign-ups a month 95→140, days held 0→6, £2,400, \
decides venues under £400, sponsor @ruth, partner @ines: two instructors a day
Parents' question desk @priya 23 Nov to 31 Jan, answer time 41h→20h, £0, goal 3, decides wording and tools, sponsor @ruth
Lesson results page @tom 23 Nov to 31 Mar, visits that give 0.8%→1.6%, £900, goal 2, decides design, \
sponsor @ruth, partner @sam: consent texts
KPI Newsletter subscribers 4,200→6,000 by 31 March @maya
KPI Monthly givers 310→420 by 31 March @ben
KPI Lesson sign-ups a month 95→140 by 30 April @aroha monthly
KPI Cost per new giver £52→£38 by 31 March @ben monthly, goal 2
KPI Donor retention stay above 62% until 31 March @ben monthly, baseline 64%, goal 2
KPI Answer time to parents stay below 24h until 31 March @priya, baseline 22h, goal 3
"""

ONE_NUMBER = {
    "Newsletter relaunch: is “subscribers” a KPI?": "Newsletter subscribers",
    "Spring open-water days: is “sign-ups a month” a KPI?": "Lesson sign-ups a month",
    "Parents' question desk: is “answer time” a KPI?": "Answer time to parents",
}

MOST_FORMS, MOST_FIELDS, MOST_MESSAGES = 2, 25, 9


async def test_the_example_plan_is_set_up_in_two_forms(team: Team) -> None:
    """Over sockets; beside the forms there is one click, *Start*, on what was understood, where nothing is to be filled in."""
    others = {name: team.slack.person(name, tz=tz) for name, tz in PEOPLE.items()}
    channel = team.slack.channel("harbor", members=[team.maya, *others.values()])
    await team.maya.invites(team.app, channel)
    people = [team.maya, *others.values()]
    before = sum(len(person.dm.messages) for person in people)
    await team.maya.command("/rhythm", "setup", channel=channel)
    forms = (FIRST, {"Your plan": PLAN})
    for filled in forms:
        await team.maya.fill(filled)
        form = await team.maya.submit()
        assert form is not None
        assert form.errors == {}
    seen = team.maya.form
    assert seen is not None
    assert "I understood 5 initiatives, 6 KPIs and 1 milestone. Nobody is told" in seen.drawn
    assert dict(seen.values) == ONE_NUMBER, "nothing is left to be chosen"
    form = await team.maya.submit()
    await team.slack.settled()
    assert form is not None
    assert "Started: 5 initiatives, 6 KPIs and 1 milestone." in form.drawn

    # Whoever sleeps, or has a weekend, hears on their next working day; of check-ins, which come by their own clock, not.
    await team.until(datetime(2026, 11, 23, 18, tzinfo=UTC))
    told = [message.drawn for person in people for message in person.dm.messages]
    messages = len([words for words in told if not words.startswith("Your week")]) - before
    assert any("Will you own Spring open-water days?" in words for words in told), "Aroha's Monday has come"
    fields = sum(map(len, forms))
    assert len(forms) <= MOST_FORMS
    assert fields <= MOST_FIELDS
    assert messages <= MOST_MESSAGES
    assert fields == 6
    listed = (await team.maya.command("/initiative", "list", channel=channel)).drawn
    assert "5 of at most 5 active" in listed
    watched = (await team.maya.command("/kpi", "list", channel=channel)).drawn
    assert "Donor retention" in watched

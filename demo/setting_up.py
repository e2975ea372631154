"""The Thursday before: the strategy, the plan pasted, and everyone who says yes to it."""

from demo import plan
from demo.stage import Stage, UnexpectedError

LEAD = "Maya"
_YES = (
    ("Ruth", "Thu", "10:40", "Confirm all 5"),
    ("Ines", "Thu", "11:10", "Commit to both"),
    ("Tom", "Thu", "12:30", "Accept"),
    ("Sam", "Thu", "09:20", "Commit to both"),
    ("Ben", "Thu", "09:05", "Accept"),
    ("Aroha", "Fri", "09:15", "Accept"),
    ("Priya", "Fri", "09:30", "Accept"),
)
"""Who says yes when by their own clock, and by which button; in the order of their clocks."""


async def set_up(stage: Stage) -> None:
    stage.teller.heading("Thursday 19 November: Maya sets up the rhythm")
    await stage.opens_home(LEAD)
    await stage.clicks(LEAD, "Show me a digest")
    await stage.opens(LEAD, "Set up a rhythm here…")
    await stage.person(LEAD).click("More…")
    words = "clicks “Set up a rhythm here…” on Home and fills in the form"
    await stage.fills(LEAD, words, {"Channel": f"#{plan.CHANNEL}", **plan.STRATEGY}, then="Your plan")
    await _paste(stage)
    await stage.until(LEAD, "Thu", "10:05")
    await say_channel(stage)
    await _if_short(stage)
    await _plan_phase(stage)
    await _say_yes(stage)
    stage.be_brief(brief=False)
    await stage.until(LEAD, "Fri", "09:30")
    await stage.commands(LEAD, "/rhythm status", in_channel=True)


async def _paste(stage: Stage) -> None:
    """Sees what was understood, and starts it."""
    pasted = {"Your plan": plan.PASTED}
    await stage.fills(LEAD, "pastes the plan as the team wrote it", pasted, then="Your plan")
    seen = stage.person(LEAD).form
    if seen is None or plan.UNDERSTOOD not in seen.drawn or dict(seen.values) != plan.ONE_NUMBER:
        raise UnexpectedError(f"Something of the plan was left over: {seen.drawn if seen else 'nothing'}")
    stage.teller.shown(plan.PEOPLE[LEAD], seen.drawn)
    await stage.fills(LEAD, "clicks “Start”", {}, then="Your plan")
    await stage.person(LEAD).close()


async def say_channel(stage: Stage) -> None:
    """What no line of the plan said."""
    await stage.opens_form(LEAD, f"/initiative edit {plan.NEWSLETTER}")
    words = f"runs /initiative edit {plan.NEWSLETTER}: it goes out by email"
    await stage.fills(LEAD, words, {"Channels it uses": ["Email"]})


async def _if_short(stage: Stage) -> None:
    """What is still missing of the KPIs, told briefly."""
    stage.be_brief()
    for kpi in plan.KPIS:
        await stage.opens_form(LEAD, f"/kpi edit {kpi.name}")
        fields = {"What will we do if it falls short?": kpi.if_short}
        words = f"runs /kpi edit {kpi.name}; if it falls short: {kpi.if_short}"
        await stage.fills(LEAD, words, fields)
    stage.be_brief(brief=False)


async def _plan_phase(stage: Stage) -> None:
    command = f"/initiative milestone {plan.NEWSLETTER}"
    await stage.opens_form(LEAD, command)
    fields = {
        "Name": plan.FIRST_PHASE,
        "Person": plan.PEOPLE[LEAD].mention_by_name,
        "Date": "2027-01-02",
        "Phase": ["It ends a phase: look back once it is done"],
    }
    words = f"runs {command}: “{plan.FIRST_PHASE}” by 2 Jan ends a phase"
    await stage.fills(LEAD, words, fields)


async def _say_yes(stage: Stage) -> None:
    """Owners accept, the sponsor confirms and partners commit, each in their own working hours."""
    for first, day, clock, button in _YES:
        stage.be_brief(brief=first == "Aroha")
        await stage.until(first, day, clock)
        await stage.clicks(first, button)

"""The Thursday before: the strategy, six KPIs, five initiatives, and everyone who says yes to them."""

from demo import plan
from demo.plan import PlannedMetric, Watched, Work
from demo.stage import Stage

LEAD, SPONSOR = "Maya", "Ruth"
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
    await stage.opens_form(LEAD, "/rhythm setup")
    await stage.person(LEAD).click("More…")
    words = "runs /rhythm setup in #marketing and fills in the form"
    await stage.fills(LEAD, words, plan.STRATEGY, then="Your plan")
    await stage.person(LEAD).close()
    for kpi in plan.KPIS:
        await _watch(stage, kpi)
        stage.be_brief()
    for work in plan.INITIATIVES:
        stage.be_brief(brief=work.name != plan.REFERRALS)
        await propose(stage, work)
    await _plan_phase(stage)
    await _say_yes(stage)
    stage.be_brief(brief=False)
    await stage.commands(LEAD, "/rhythm status", in_channel=True)


async def _watch(stage: Stage, kpi: Watched) -> None:
    await stage.opens_form(LEAD, f"/kpi add {kpi.name}")
    fields = {
        "Goal it serves": kpi.goal,
        "Kind of number": kpi.kind,
        "Unit": kpi.unit,
        "Direction": kpi.direction,
        "Baseline": kpi.baseline,
        "Baseline measured on": plan.SET_UP_DAY.isoformat(),
        "Target": kpi.target,
        "Target date": kpi.by,
        "Owner": plan.PEOPLE[kpi.owner].mention_by_name,
        "Asked for": kpi.cadence,
        "What will we do if it falls short?": kpi.if_short,
    }
    fields = {label: value for label, value in fields.items() if value}
    words = f"{kpi.direction.lower()} {kpi.target} from {kpi.baseline}, {kpi.owner} reports it"
    told = {**fields, "Baseline": kpi.baseline}
    await stage.fills(LEAD, f"runs /kpi add {kpi.name}: {words}", fields, told=told)


async def propose(stage: Stage, work: Work) -> None:
    """The name, owner and due date are read out of the command; the rest is filled in."""
    owner = plan.PEOPLE[work.owner]
    command = f"/initiative add {work.name} {owner.mention} by {work.by}"
    await stage.opens_form(LEAD, command)
    fields = {"Goal it serves": work.goal, "Start": work.start.isoformat()}
    for number, measure in enumerate(work.measures, start=1):
        fields |= _measure_fields(number, measure)
    fields |= {
        "Sponsor": plan.PEOPLE[SPONSOR].mention_by_name,
        "What the owner may decide alone": work.may_decide,
        "Budget": work.budget,
    }
    for number, (partner, what) in enumerate(work.partners, start=1):
        fields[f"Partner {number}"] = plan.PEOPLE[partner].mention_by_name
        fields[f"Partner {number}: what they commit"] = what
    metrics = "; ".join(f"{m.name} {m.baseline} → {m.target} {m.unit}".strip() for m in work.measures)
    told = {"Goal it serves": work.goal, "Success metrics": metrics}
    told |= {label: value for label, value in fields.items() if not label.startswith(("Metric", "Start"))}
    more = {"Channels it uses": list(work.channels)} if work.channels else {}
    await stage.fills(LEAD, f"runs {command} and adds to the form", {**fields, **more}, told=told)


async def _say_yes(stage: Stage) -> None:
    """Owners accept, the sponsor confirms and partners commit, each in their own working hours."""
    for first, day, clock, button in _YES:
        stage.be_brief(brief=first == "Aroha")
        await stage.until(first, day, clock)
        await stage.clicks(first, button)


def _measure_fields(number: int, measure: PlannedMetric) -> dict[str, str]:
    return {
        f"Metric {number}: name": measure.name,
        f"Metric {number}: unit": measure.unit,
        f"Metric {number}: where it stands now": measure.baseline,
        f"Metric {number}: target": measure.target,
    }


async def _plan_phase(stage: Stage) -> None:
    command = f"/initiative milestone {plan.NEWSLETTER}"
    await stage.opens_form(LEAD, command)
    fields = {
        "Name": plan.FIRST_PHASE,
        "Person": plan.PEOPLE["Maya"].mention_by_name,
        "Date": "2027-01-02",
        "Phase": ["It ends a phase: look back once it is done"],
    }
    words = f"runs {command}: “{plan.FIRST_PHASE}” by 2 Jan ends a phase"
    await stage.fills(LEAD, words, fields)

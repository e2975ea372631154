"""The story: set-up on a Friday, then four weeks of it."""

from bot.demo import plan
from bot.demo.plan import Measure, Work
from bot.demo.stage import Stage


async def play_everything(stage: Stage) -> None:
    for scene in (set_up, week_1, week_2, week_3, week_4):
        await scene(stage)


async def set_up(stage: Stage) -> None:
    stage.teller.heading("Friday 20 November: Maya sets up the rhythm")
    await stage.opens_form("Maya", "/rhythm setup")
    await stage.fills("Maya", "runs /rhythm setup in #marketing and fills in the form", plan.STRATEGY)
    for work in plan.INITIATIVES:
        await _add(stage, work)


async def _add(stage: Stage, work: Work) -> None:
    """The name, owner and due date are read out of the command; the rest is filled in."""
    owner = plan.PEOPLE[work.owner]
    command = f"/initiative add {work.name} {owner.mention} by {work.by}"
    await stage.opens_form("Maya", command)
    fields = {"Goal it serves": work.goal, "Start": plan.FIRST_MONDAY.isoformat()}
    for number, measure in enumerate(work.measures, start=1):
        fields |= _measure_fields(number, measure)
    metrics = "; ".join(f"{m.name} {m.baseline} → {m.target} {m.unit}".strip() for m in work.measures)
    told = {"Goal it serves": work.goal, "Success metrics": metrics}
    await stage.fills("Maya", f"runs {command} and adds to the form", fields, told=told)
    if work.owner != "Maya":
        await stage.clicks(work.owner, "Accept")


def _measure_fields(number: int, measure: Measure) -> dict[str, str]:
    return {
        f"Metric {number}: name": measure.name,
        f"Metric {number}: unit": measure.unit,
        f"Metric {number}: where it stands now": measure.baseline,
        f"Metric {number}: target": measure.target,
    }


async def week_1(stage: Stage) -> None:
    stage.week(1, "five mornings, one digest")
    await stage.until("Aroha", "Mon", "09:04")
    await stage.clicks("Aroha", "On track", way="one click")
    await stage.until("Priya", "Mon", "09:01")
    await stage.clicks("Priya", "On track", way="one click")
    await stage.until("Maya", "Mon", "09:20")
    await stage.says("Maya", "on track, 4,230 subscribers", way="plain words in the DM")
    await stage.until("Ben", "Mon", "09:30")
    await stage.opens("Ben", "Update…")
    values = {
        "How is it going?": "On track",
        "What moved?": "Twelve givers said they would bring a friend.",
        "What is next?": "Hand the referral cards to the choir",
        "referred givers": "3",
    }
    await stage.fills("Ben", "opens “Update…”", values, way="the Update… form")
    await stage.until("Maya", "Wed", "11:30")


async def week_2(stage: Stage) -> None:
    stage.week(2, "Tom stays silent")
    await stage.until("Aroha", "Mon", "09:02")
    await stage.clicks("Aroha", "Same as last week", way="Same as last week")
    await stage.until("Priya", "Mon", "09:10")
    await stage.clicks("Priya", "Remind me in 3 h")
    await stage.until("Priya", "Mon", "12:12")
    await stage.clicks("Priya", "On track", way="Remind me in 3 h, then a click")
    await stage.until("Maya", "Mon", "09:15")
    await stage.says(
        "Maya",
        "on track, 4,310 subscribers, waiting for legal",
        thread=stage.prompt_of("Maya"),
        way="plain words in the prompt's thread",
    )
    await stage.until("Ben", "Mon", "10:05")
    await stage.says(
        "Ben", "The choir took 200 referral cards home", way="words without a health, then a button"
    )
    await stage.clicks("Ben", "On track")
    await stage.until("Maya", "Wed", "11:30")


async def week_3(stage: Stage) -> None:
    stage.week(3, "Ben is at risk, Tom is late")
    await stage.until("Aroha", "Mon", "09:06")
    words = "On track, 104 sign-ups a month. The first two venues signed."
    await stage.says("Aroha", words, way="plain words in the DM")
    await stage.commands("Aroha", "/rhythm away 14 Dec to 18 Dec")
    await stage.until("Priya", "Mon", "09:03")
    await stage.opens_form("Priya", "/checkin")
    await stage.fills(
        "Priya",
        "runs /checkin",
        {"How is it going?": "On track", "answer time (hours)": "33"},
        way="/checkin",
    )
    await stage.until("Maya", "Mon", "09:40")
    await stage.says("Maya", "On track. 4,390 subscribers.", way="plain words in the DM")
    await stage.until("Ben", "Mon", "09:12")
    await stage.clicks("Ben", "At risk", way="one click, then why")
    why = {
        "What is in the way?": "The pledge form is late",
        "What do you need, and from whom?": (
            "Sam's director decides by Friday: new form or the old one. Without a decision, the old one."
        ),
    }
    await stage.fills("Ben", "says why in the form that opened", why)
    await stage.until("Maya", "Wed", "11:30")
    await stage.until("Tom", "Thu", "10:15")
    await stage.says(
        "Tom",
        "at risk, 0.9 % visits that give, the consent texts take longer than I thought",
        way="late, after the digest",
    )


async def week_4(stage: Stage) -> None:
    stage.week(4, "Aroha is away, a date moves, Tom edits")
    await stage.until("Priya", "Mon", "09:02")
    await stage.clicks("Priya", "On track", way="one click")
    await stage.until("Tom", "Mon", "09:30")
    written = await stage.says(
        "Tom", "at risk, 0.9 % visits that give, still no consent texts", way="plain words in the DM"
    )
    await stage.until("Maya", "Mon", "09:25")
    await stage.says("Maya", "on track, 4,520 subscribers", way="plain words in the DM")
    await stage.until("Maya", "Tue", "15:00")
    await stage.opens_form("Maya", f"/initiative edit {plan.RESULTS_PAGE}")
    await stage.fills(
        "Maya", f"runs /initiative edit {plan.RESULTS_PAGE}, having talked with Tom", {"Due": "2027-04-30"}
    )
    await stage.until("Ruth", "Tue", "15:30")
    await _answer_for_ben(stage)
    await stage.until("Maya", "Wed", "11:30")
    await stage.until("Tom", "Wed", "14:30")
    await stage.edits(
        "Tom",
        written,
        "on track, 1.0 % visits that give, the consent texts came",
        way="an edit, after the digest",
    )


async def _answer_for_ben(stage: Stage) -> None:
    command = f"/checkin {plan.PEOPLE['Ben'].mention}"
    await stage.opens_form("Ruth", command)
    values = {
        "How is it going?": "At risk",
        "What moved?": "Ben called from the road: we go with the old pledge form.",
        "What is next?": "Show the director where people leave the form",
        "What is in the way?": "Half of the people leave the old form unfinished",
        "What do you need, and from whom?": "",
        "referred givers": "11",
    }
    await stage.fills("Ruth", f"runs {command}", values, way="a lead answers for an owner")

"""The first month: four weeks in which everything happens for the first time."""

from demo import expected, plan
from demo.months import outcome_of, review
from demo.stage import Stage
from demo.turns import report


async def week_1(stage: Stage) -> None:
    stage.week(1, "five mornings, one digest")
    await stage.until("Aroha", "Mon", "09:04")
    await stage.clicks("Aroha", "On track", way="one click")
    await report(stage, 1, "Aroha")
    await stage.until("Priya", "Mon", "09:01")
    await stage.clicks("Priya", "On track", way="one click")
    await report(stage, 1, "Priya")
    await stage.until("Maya", "Mon", "09:20")
    await stage.says("Maya", "on track, 4,200 subscribers", way="plain words in the DM")
    await report(stage, 1, "Maya", said="4,200")
    await stage.until("Ben", "Mon", "09:30")
    await stage.opens("Ben", "Update…")
    values = {
        "How is it going?": "On track",
        "What moved?": "Twelve givers said they would bring a friend.",
        "What is next?": "Hand the referral cards to the choir",
        "referred givers": "3",
    }
    await stage.fills("Ben", "opens “Update…”", values, way="the Update… form")
    await stage.opens("Ben", "Enter 2 numbers…")
    numbers = {"Monthly givers": "311", "Cost per new giver (£)": "52"}
    await stage.fills("Ben", "clicks “Enter 2 numbers…”", numbers)
    await stage.until("Maya", "Wed", "11:30")
    await stage.commands("Maya", "/rhythm status", in_channel=True)
    await stage.clicks("Maya", "Put it on a canvas")


async def week_2(stage: Stage) -> None:
    stage.week(2, "Tom stays silent, Ruth decides, the first review")
    await stage.until("Aroha", "Mon", "09:02")
    await stage.clicks("Aroha", "Same as last week", way="Same as last week")
    await report(stage, 2, "Aroha")
    await stage.until("Priya", "Mon", "09:10")
    await stage.clicks("Priya", "Remind me in 3 h")
    await stage.until("Priya", "Mon", "12:12")
    await stage.clicks("Priya", "On track", way="Remind me in 3 h, then a click")
    await report(stage, 2, "Priya")
    await stage.until("Maya", "Mon", "09:15")
    await stage.says(
        "Maya",
        "on track, 4,230 subscribers, waiting for legal",
        thread=stage.prompt_of("Maya"),
        way="plain words in the prompt's thread",
    )
    await report(stage, 2, "Maya", said="4,230")
    await _carried(stage)
    await _ask_ruth(stage)
    await stage.until("Ben", "Mon", "10:05")
    await stage.says(
        "Ben", "The choir took 200 referral cards home", way="words without a health, then a button"
    )
    await stage.clicks("Ben", "On track")
    await report(stage, 2, "Ben")
    await stage.until("Ruth", "Tue", "15:00")
    await stage.clicks("Ruth", "Yes")
    await stage.until("Maya", "Wed", "11:30")
    await review(
        stage,
        "The ten schools begin a term of swimming in March.",
        {
            plan.RESULTS_PAGE: "Two silent weeks, and the consent texts are not written: a month later is honest",
        },
    )


async def _carried(stage: Stage) -> None:
    await stage.opens("Maya", "Answer…")
    fields = {
        f"{plan.NEWSLETTER}: email": "Partly",
        f"{plan.NEWSLETTER}: where did it break?": "The autumn issue had numbers and no lesson.",
    }
    words = "clicks “Answer…” at the core message, which is asked before a review"
    await stage.fills("Maya", words, fields)


async def _ask_ruth(stage: Stage) -> None:
    """By the shortcut on somebody's message in the channel."""
    written = await stage.tells_channel("Ines", "Legal asks whether parents' first names may stand in print.")
    await stage.asks_about("Maya", written)
    fields = {
        "About": plan.NEWSLETTER,
        "What do you ask for?": expected.LEGAL,
        "Who decides?": plan.PEOPLE["Ruth"].mention_by_name,
        "By when?": "2026-12-04",
        "What happens if nobody decides?": "We print no names",
    }
    await stage.fills("Maya", "chooses “Request a decision” in that message's menu", fields)


async def week_3(stage: Stage) -> None:
    stage.week(3, "Ben is at risk and asks, nobody decides, Tom is late")
    await stage.until("Aroha", "Mon", "09:06")
    words = "On track, 104 sign-ups a month. The first two venues signed."
    await stage.says("Aroha", words, way="plain words in the DM")
    await report(stage, 3, "Aroha", said="104")
    await stage.commands("Aroha", "/rhythm away 14 Dec to 18 Dec")
    await stage.until("Priya", "Mon", "09:03")
    await stage.opens_form("Priya", "/checkin")
    values = {"How is it going?": "On track", "answer time (h)": "33"}
    with stage.in_full():
        await stage.fills("Priya", "runs /checkin", values, way="/checkin")
    await report(stage, 3, "Priya", said="33")
    await stage.until("Maya", "Mon", "09:40")
    with stage.in_full():
        await stage.clicks("Maya", "Resolved", note=" at last week's “waiting for legal”")
    await stage.says("Maya", "On track. 4,310 subscribers.", way="plain words in the DM")
    await report(stage, 3, "Maya", said="4,310")
    await stage.until("Ben", "Mon", "09:12")
    with stage.in_full():
        await _ben_asks(stage)
    await outcome_of(stage)
    with stage.in_full():
        await stage.until("Maya", "Wed", "11:30")
        await stage.until("Tom", "Thu", "10:15")
        await stage.says(
            "Tom",
            "at risk, 0.9 % visits that give. The consent texts take longer than I thought",
            way="late, after the digest",
        )
        await stage.until("Ruth", "Fri", "18:00")


async def _ben_asks(stage: Stage) -> None:
    await stage.clicks("Ben", "At risk", way="one click, then why")
    asked = {
        "What is in the way?": "The pledge form is late",
        "Need something from someone?": expected.PLEDGE_FORM,
        "From whom?": plan.PEOPLE["Ruth"].mention_by_name,
        "By when?": "2026-12-11",
        "Otherwise": expected.DECISIONS[expected.PLEDGE_FORM][1],
    }
    await stage.fills(
        "Ben", "says why, and asks Sam's director to decide by Friday, in the form that opened", asked
    )
    await report(stage, 3, "Ben")


async def week_4(stage: Stage) -> None:
    stage.week(4, "Aroha is away, Ruth answers for Ben, Tom edits")
    await stage.until("Priya", "Mon", "09:02")
    await stage.clicks("Priya", "On track", way="one click")
    await report(stage, 4, "Priya")
    await stage.until("Tom", "Mon", "09:30")
    written = await stage.says(
        "Tom", "at risk, 0.9 % visits that give, still no consent texts", way="plain words in the DM"
    )
    await stage.until("Maya", "Mon", "09:25")
    await stage.says("Maya", "on track, 4,390 subscribers", way="plain words in the DM")
    await report(stage, 4, "Maya", said="4,390")
    await stage.until("Ruth", "Tue", "15:30")
    with stage.in_full():
        await _answer_for_ben(stage)
    await stage.until("Ben", "Tue", "09:00")
    await report(stage, 4, "Ben")
    await stage.until("Maya", "Wed", "11:30")
    await stage.until("Tom", "Wed", "14:30")
    with stage.in_full():
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
        "referred givers": "11",
    }
    await stage.fills("Ruth", f"runs {command}", values, way="a lead answers for an owner")

"""From the fifth week to the thirteenth, told briefly but for what happens for the first time."""

from demo import expected, plan
from demo.months import preview, review
from demo.stage import Stage
from demo.turns import report, take_turns


async def week_5(stage: Stage) -> None:
    stage.week(5, "before the holidays")
    await take_turns(stage, 5, "Aroha", "Priya")
    await stage.until("Tom", "Mon", "09:30")
    await stage.opens("Tom", "Update…")
    promised = {
        "How is it going?": "On track",
        "What is next?": expected.PROMISE,
        "visits that give (%)": "0.9",
    }
    await stage.fills("Tom", "opens “Update…”", promised)
    await take_turns(stage, 5, "Maya", "Ben")
    await stage.until("Aroha", "Tue", "09:00")
    await stage.commands("Aroha", "/rhythm away 24 Dec to 8 Jan")
    await stage.until("Maya", "Wed", "11:30")


async def week_6(stage: Stage) -> None:
    stage.week(6, "Ben recovers, the relaunch closes its first phase")
    await take_turns(stage, 6, "Priya", "Tom")
    await stage.until("Maya", "Mon", "09:20")
    with stage.in_full():
        await _close_phase(stage)
    await report(stage, 6, "Maya", said="4,600")
    await stage.until("Ben", "Mon", "09:10")
    await stage.clicks("Ben", "Resolved", note=" at last week's blocker")
    await take_turns(stage, 6, "Ben")
    await stage.until("Maya", "Wed", "11:30")


async def _close_phase(stage: Stage) -> None:
    await stage.opens("Maya", "Update…")
    milestone = f"{plan.FIRST_PHASE}, due 2 Jan"
    done = {
        "How is it going?": "On track",
        "What moved?": "The fourth issue is out, half with stories and half with numbers.",
        "subscribers": "4,600",
        "open-to-click (%)": "2.8",
        "Which milestones are done?": [milestone],
    }
    await stage.fills("Maya", "opens “Update…” and ticks the milestone that ends a phase", done)
    await stage.opens("Maya", "Look back…")
    said = {
        "What was expected?": "Numbers convince givers, stories convince parents.",
        "What happened?": "Stories won with both, two to one.",
        "What to keep?": expected.LEARNING,
    }
    await stage.fills("Maya", "clicks “Look back…”", said)
    await stage.opens("Ruth", "Look back…")
    kept = {"What to change?": "Ask Ines for the stories a month ahead."}
    await stage.fills("Ruth", "clicks “Look back…”, as its sponsor", kept)


async def week_7(stage: Stage) -> None:
    stage.week(7, "Aroha is still away, the January review stops nothing")
    await take_turns(stage, 7, "Priya", "Tom")
    await stage.clicks("Tom", "Continued", note=" at what was to be next")
    await take_turns(stage, 7, "Maya")
    await stage.until("Ben", "Mon", "09:15")
    with stage.in_full():
        await _is_asked_how_likely(stage, "29", "50%: could go either way")
    await report(stage, 7, "Ben")
    await stage.until("Maya", "Wed", "11:30")
    await review(stage, "A swimming pool in the east closed; parents ask more.", {})


async def _is_asked_how_likely(stage: Stage, givers: str, chance: str) -> None:
    await stage.opens("Ben", "Update…")
    values = {
        "How is it going?": "On track",
        "referred givers": givers,
        expected.HOW_LIKELY: chance,
    }
    await stage.fills("Ben", "opens “Update…”, which asks once a month how likely the target is", values)


async def week_8(stage: Stage) -> None:
    stage.week(8, "two months in: is it getting better?")
    await take_turns(stage, 8)
    await stage.until("Ruth", "Tue", "10:05")
    await stage.until("Maya", "Wed", "11:30")
    await preview(stage)


async def week_9(stage: Stage) -> None:
    stage.week(9, "Aroha asks for a resource, Ines gives it")
    await stage.until("Aroha", "Mon", "09:04")
    with stage.in_full():
        await _ask_ines(stage)
    await report(stage, 9, "Aroha", said="112")
    await take_turns(stage, 9, "Priya", "Tom", "Maya", "Ben")
    await stage.until("Ines", "Tue", "09:40")
    with stage.in_full():
        await stage.clicks("Ines", "Yes")
        await stage.opens("Ines", "Look again…")
        await stage.fills("Ines", "clicks “Look again…”", expected.BET)
    await stage.until("Maya", "Wed", "11:30")


async def _ask_ines(stage: Stage) -> None:
    await stage.opens("Aroha", "Update…")
    values = {
        "How is it going?": "At risk",
        "sign-ups a month": "112",
        "What is in the way?": "Two instructors are not enough for the harbour days",
        "Kind of ask": "A resource",
        "Need something from someone?": expected.INSTRUCTORS,
        "From whom?": plan.PEOPLE["Ines"].mention_by_name,
        "By when?": "2027-01-22",
        "Otherwise": "We run with two and take fewer children",
    }
    await stage.fills("Aroha", "opens “Update…”", values)


async def week_10(stage: Stage) -> None:
    stage.week(10, "the question desk is done")
    await stage.until("Aroha", "Mon", "09:02")
    await stage.clicks("Aroha", "Resolved", note=" at last week's blocker")
    await take_turns(stage, 10, "Aroha", "Priya")
    await stage.until("Ruth", "Mon", "09:10")
    with stage.in_full():
        await stage.opens_home("Ruth")
    await stage.until("Tom", "Mon", "10:15")
    await stage.clicks("Tom", "On track")
    await stage.clicks("Tom", "Done", note=" at what was to be next")
    await take_turns(stage, 10, "Maya", "Ben")
    await stage.until("Maya", "Wed", "11:30")
    with stage.in_full():
        await stage.commands("Ruth", "/kpi list", in_channel=True)
    await stage.until("Maya", "Fri", "15:00")
    with stage.in_full():
        await stage.opens_form("Maya", f"/initiative close {plan.QUESTION_DESK}")
        values = {
            "How does it end?": "Completed: it did what it was for",
            "Why, in a sentence": "Parents wait 20 hours instead of 41.",
        }
        words = f"runs /initiative close {plan.QUESTION_DESK}"
        await stage.fills("Maya", words, values)


async def week_11(stage: Stage) -> None:
    stage.week(11, "the February review scales referrals")
    await take_turns(stage, 11, "Aroha", "Priya", "Tom", "Maya")
    await stage.until("Ben", "Mon", "09:15")
    await _is_asked_how_likely(stage, "52", "90%: almost surely")
    await report(stage, 11, "Ben")
    await stage.until("Maya", "Wed", "11:30")
    await review(
        stage,
        "Givers come by friends; paid posts bring fewer each month.",
        {plan.REFERRALS: "52 of 60 referred givers a month early, at £42 each: do more of it"},
        forms={plan.REFERRALS: {"Due": "2027-03-31", "Metric 1: target": "90", "Budget": "£5,000"}},
        left=(plan.QUESTION_DESK,),
    )


async def week_12(stage: Stage) -> None:
    stage.week(12, "three months in: is it getting better?")
    await take_turns(stage, 12, "Aroha", "Priya", "Tom", "Maya")
    await stage.until("Ben", "Mon", "09:15")
    await stage.opens("Ben", "Update…")
    values = {
        "How is it going?": "On track",
        "referred givers": "59",
        "Need something from someone?": expected.MORE_CARDS,
        "From whom?": plan.PEOPLE["Ruth"].mention_by_name,
        "By when?": "2027-02-12",
        "Otherwise": "We wait until March",
    }
    await stage.fills("Ben", "opens “Update…” and asks for more referral cards", values)
    await report(stage, 12, "Ben")
    await stage.until("Ruth", "Tue", "10:05")
    await stage.clicks("Ruth", "Yes")
    await stage.until("Maya", "Wed", "11:30")
    await preview(stage)


async def week_13(stage: Stage) -> None:
    stage.week(13, "what was learned goes into the next kickoff")
    await take_turns(stage, 13)
    with stage.in_full():
        unlike = f"{plan.SUBSCRIBERS_KPI} {expected.SURPRISE}"
        await stage.opens("Maya", "Answer…", near=unlike)
        await stage.fills("Maya", f"clicks “Answer…” at {unlike}", {"What happened?": expected.HAPPENED})
        await stage.clicks("Ines", "Keep")
        await stage.opens("Ines", "What did we learn?…")
        await stage.fills(
            "Ines", "clicks “What did we learn?…”", {"What did we learn?": expected.BET_LEARNING}
        )
    await stage.until("Maya", "Wed", "11:30")
    with stage.in_full():
        command = f"/initiative add {plan.STORIES}"
        await stage.opens_form("Maya", command)
        await stage.fills("Maya", f"runs {command}", {})
        await stage.clicks("Priya", "Use this", near=expected.LEARNING)
        await stage.clicks("Priya", "Accept")
        await stage.clicks("Ruth", "Confirm")
        await stage.commands("Ruth", "/rhythm decisions past", in_channel=True)
        await stage.commands("Ruth", "/rhythm report January", in_channel=True)
        await stage.until("Maya", "Wed", "13:00")
        await stage.opens_home("Ruth")

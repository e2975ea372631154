"""Where the demo in the browser begins."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from demo import plan
from demo.setting_up import set_up
from demo.stage import Stage
from demo.weeks import week_1, week_2, week_3, week_4


@dataclass(frozen=True, slots=True)
class Scenario:
    """`title` is said in the terminal, `about` on the first page; `scenes` lead to it."""

    title: str
    about: str
    scenes: tuple[Callable[[Stage], Awaitable[None]], ...] = ()

    async def play(self, stage: Stage) -> None:
        for scene in self.scenes:
            await scene(stage)


async def _fifth_monday(stage: Stage) -> None:
    stage.week(5, "Monday morning")
    await stage.until("Maya", "Mon", "09:05")


async def _worst_monday(stage: Stage) -> None:
    """In the fourth week two initiatives go off track at once, two decisions wait, one owner is away, one silent."""
    stage.week(4, "a lead's worst Monday")
    await stage.until("Priya", "Mon", "09:02")
    await stage.opens("Priya", "Update…")
    values = {
        "How is it going?": "Off track",
        "What moved?": "Two of our three volunteers left on Friday.",
        "answer time (h)": "52",
        "What is in the way?": "One person answers all questions",
    }
    await stage.fills(
        "Priya", "opens “Update…”", values | _ask("May we close the desk on weekends?", "We stay open")
    )
    await stage.until("Maya", "Mon", "09:30")
    await stage.reads("Maya", "Donor retention", "58")
    await stage.until("Ben", "Mon", "09:15")
    await stage.opens("Ben", "Update…")
    values = {
        "How is it going?": "Off track",
        "What moved?": "The old pledge form lost every gift since Thursday.",
        "referred givers": "9",
        "What is in the way?": "Nobody can repair the form before the holidays",
    }
    await stage.fills(
        "Ben", "opens “Update…”", values | _ask("Stop the referral posts until it works?", "We stop them")
    )
    await stage.reads("Ben", "Monthly givers", "301")
    await stage.until("Maya", "Mon", "18:00")


def _ask(what: str, default: str) -> dict[str, str]:
    return {
        "Need something from someone?": what,
        "From whom?": plan.PEOPLE["Maya"].mention_by_name,
        "By when?": "2026-12-16",
        "Otherwise": default,
    }


_WHO = "Maya Okafor and Ruth Adler lead; Ben, Aroha, Priya and Tom own initiatives."
SCENARIOS = {
    "new": Scenario(
        "A new team, with nothing set up yet",
        "Nothing is set up yet. Go in as Maya Okafor, open Drumbeat's Home and click “Set up a rhythm here…”.",
    ),
    "week-5": Scenario(
        "Week 5 of 13, on Monday morning",
        f"It is Monday morning of the fifth week. {_WHO} Whoever has a prompt can answer it; turn the clock to Wednesday for the digest.",
        (set_up, week_1, week_2, week_3, week_4, _fifth_monday),
    ),
    "worst-monday": Scenario(
        "A lead's worst Monday",
        f"Monday evening of the fourth week: two initiatives are off track and wait for Maya to decide. {_WHO}",
        (set_up, week_1, week_2, week_3, _worst_monday),
    ),
}

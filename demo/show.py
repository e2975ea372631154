"""From an empty file to the last table."""

import asyncio
from pathlib import Path
from time import monotonic

from rich.console import Console
from rich.markup import escape

from demo.checks import list_problems
from demo.foreseen import list_misreckoned, read_foreseen
from demo.legibility import list_faults
from demo.outcome import read_outcome
from demo.process import BotFailedError
from demo.stage import Stage, UnexpectedError, opened_stage
from demo.story import play_everything
from demo.tables import (
    answers_table,
    decisions_table,
    impact_table,
    kpis_table,
    messages_table,
    reviews_table,
    ways_table,
)

_WIDTH = 100
_SECONDS = 600
_A_LOOK = "select period, ritual, person_id, due_at, outcome from occurrences order by due_at"


async def tell(database: Path) -> int:
    """Tells the story and leaves the bot's SQLite file; 1 when anything is not as it must be."""
    console = Console(width=_WIDTH)
    began = monotonic()
    console.print(
        "Harbor Lights plans its spring: five owners from Auckland to Los Angeles, thirteen weeks, a local Slack "
        "and the real bot.\nThe clock runs fast; whatever is in a box or behind a bar is what a person sees in Slack."
    )
    try:
        async with asyncio.timeout(_SECONDS), opened_stage(database, console) as stage:
            await play_everything(stage)
    except TimeoutError:
        return _fail(console, f"It took longer than {_SECONDS} seconds.")
    except (UnexpectedError, BotFailedError, LookupError, PermissionError) as error:
        return _fail(console, str(error))
    return _conclude(console, stage, database, monotonic() - began)


def _conclude(console: Console, stage: Stage, database: Path, seconds: float) -> int:
    outcome = read_outcome(database, stage.slack.workspace.id)
    names = {stage.person(first).id: first for first in stage.people}
    posted = stage.posted_reviews()
    shown = [*posted.values(), *stage.previews]
    ways = {way for way, _, _ in stage.ways}
    problems = list_problems(outcome, stage.teller.counts, ways, stage.everything_posted(), stage.previews)
    foreseen = read_foreseen(database, stage.slack.workspace.id)
    problems += list_misreckoned(foreseen, [*stage.previews, *stage.homes], stage.canvas, stage.report)
    sent = (call.args for call in stage.slack.calls if call.ok)
    problems += list_faults(sent)
    stage.teller.heading("What it came to")
    for table in (
        answers_table(outcome, names),
        messages_table(stage.teller.counts),
        kpis_table(outcome),
        decisions_table(outcome, names),
        reviews_table(outcome, posted),
        impact_table(shown),
    ):
        console.print(table)
    if problems:
        return _fail(console, " ".join(problems))
    console.print(ways_table(stage.ways))
    console.print(_afterwards(database, seconds), highlight=False, soft_wrap=True)
    return 0


def _fail(console: Console, sentence: str) -> int:
    console.print(f"\n[bold red]The demo failed.[/] {escape(sentence)}", highlight=False)
    return 1


def _afterwards(database: Path, seconds: float) -> str:
    return f"""\
Thirteen weeks in {seconds:.0f} seconds. Everything the bot knows is in [bold]{database}[/]; look into it with
  sqlite3 {database} "{_A_LOOK}"

To run it in your own Slack:
  1. Create an app from manifest.yml at https://api.slack.com/apps and install it to your workspace.
  2. Put its two tokens into .env: SLACK_BOT_TOKEN=xoxb-… and SLACK_APP_TOKEN=xapp-…
  3. make run, then type /rhythm setup in your team's channel. README.md has it step by step."""

"""What is said about a plan in the direct message: asked whether it is one, and what was in a file."""

from collections.abc import Sequence

from domain.drafts import Draft
from domain.strategies import Strategy
from domain.words import MAX_NAME
from views.drafts.words import counted_words
from views.slack import blocks as b
from views.slack.references import Id, Reference, SlackId

OPEN = "draft.open"
MOST_OFFERS = 5
READ = tuple(f"draft.read.{number}" for number in range(MOST_OFFERS))
_MOST_PROBLEMS = 20
TEMPLATE_WORDS = (
    "A template for your plan: a row for each initiative and KPI. Fill it in with any spreadsheet and send it to me here, "
    "or put it into the form of `/rhythm import`. You can as well paste lines in your own words."
)


class PlanRef(Reference):
    """Where a plan stands, in a file or in somebody's own message, and whose draft it would come into."""

    strategy_id: Id
    file_id: SlackId = ""
    channel_id: SlackId = ""
    ts: str = ""


def offer_message(name: str, led: Sequence[Strategy], source: PlanRef) -> b.Payload:
    """`name` is the file's, "" for a message."""
    what = f"*{b.one_line(name, MAX_NAME)}*" if name else "This"
    text = f"{what} looks like a plan. Shall I read it? You see line by line what I understood, and nobody is told anything."
    buttons = [
        b.button(
            f"Read it for {b.plain_line(one.name, 60)}",
            action,
            source.model_copy(update={"strategy_id": one.id}).model_dump_json(),
        )
        for action, one in zip(READ, led, strict=False)
    ]
    return b.message(text, [b.section(text), b.actions(buttons)])


def file_message(name: str, strategy: Strategy, read: Draft) -> b.Payload:
    title = b.one_line(name, MAX_NAME)
    if not read.lines:
        return b.text_message(f"*{title}*: I found no line in it that could be part of a plan.")
    unclear = sum(line.item is None for line in read.lines)
    some = f" {unclear} of its lines I did not understand." if unclear else ""
    understood = counted_words(read.lines) or "nothing"
    text = f"*{title}*: I understood {understood}.{some} Nobody is told anything before you press *Start*."
    button = b.button("Open the plan…", OPEN, str(strategy.id), style="primary")
    return b.message(text, [b.section(text), b.actions([button])])


def bad_file_message(name: str, problems: Sequence[str]) -> b.Payload:
    lines = [f"*{b.one_line(name, MAX_NAME)}*: I could not read it."]
    lines += b.and_more([b.one_line(problem, 300) for problem in problems], _MOST_PROBLEMS)
    return b.message(b.fallback(lines), b.sections(lines))

"""The tables at the end: who answered when, messages a week, and the ways of answering."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from rich import box
from rich.table import Table

from bot.demo import plan
from bot.demo.outcome import WEEKS, Outcome, Recorded
from bot.demo.plan import Someone
from bot.demo.telling import as_drawn, when
from domain.check_ins import Answer


def answers_table(outcome: Outcome, names: Mapping[str, str]) -> Table:
    """Initiatives by weeks; `names` are first names by Slack's user ids."""
    table = _table("Who answered when, by the owner's local clock")
    table.add_column("Initiative", no_wrap=True)
    for week in WEEKS:
        table.add_column(f"W{week.number}")
    for name in plan.HEALTHS:
        work = next(work for work in plan.INITIATIVES if work.name == name)
        owner = plan.PEOPLE[work.owner]
        cells = [_cell(outcome.get((name, week), Recorded()), owner, names) for week in WEEKS]
        table.add_row(f"{name}\n[dim]{owner.first}, {owner.city}[/]", *cells)
    return table


def _cell(recorded: Recorded, owner: Someone, names: Mapping[str, str]) -> str:
    if not recorded.revisions:
        return f":white_circle: {recorded.health}"
    first, last = recorded.revisions[0], recorded.revisions[-1]
    lines = [_answered(first, owner, recorded)]
    if first.by and names[first.by] != owner.first:
        lines.append(f"by {names[first.by]}")
    if last.health is not first.health:
        lines.append(f"{_answered(last, owner, recorded)}, edited")
    return as_drawn("\n".join(lines))


def _answered(answer: Answer, owner: Someone, recorded: Recorded) -> str:
    assert answer.health is not None
    assert answer.at is not None
    late = ", late" if recorded.digest_at and answer.at >= recorded.digest_at else ""
    return f"{answer.health.emoji} {answer.at.astimezone(owner.zone):%a %H:%M}{late}"


def messages_table(counts: Mapping[tuple[str, str], int]) -> Table:
    table = _table(f"Messages a week: prompts and reminders (at most {plan.MOST_MESSAGES}), digests")
    table.add_column("")
    for week in WEEKS:
        table.add_column(f"W{week.number}", justify="right")
    for who in (*plan.OWNERS, f"#{plan.CHANNEL}"):
        table.add_row(who, *(str(counts.get((who, str(week)), 0)) for week in WEEKS))
    return table


def ways_table(ways: Sequence[tuple[str, str, datetime]]) -> Table:
    """Each way once, where the story used it first."""
    table = _table("Every way of answering")
    table.add_column("Way")
    table.add_column("First used by")
    for way in plan.WAYS:
        _, first, moment = next(used for used in ways if used[0] == way)
        table.add_row(way, f"{first}, {when(moment, plan.PEOPLE[first])}")
    return table


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)

"""A line of a draft in words: what was understood of it, and what was not."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from domain.drafts import (
    Columns,
    Draft,
    DraftGoal,
    DraftInitiative,
    DraftItem,
    DraftKpi,
    DraftLine,
    DraftMetric,
    DraftMilestone,
    Gap,
    PlanField,
    Whom,
)
from domain.kpis import Cadence
from domain.reading.goals import find_goal
from domain.strategies import Goal
from domain.words import MAX_NAME, dated, listed, show_number
from views.slack import blocks as b

_MOST_WORDS = 300
_HEADER = 40
"""Characters of a column's heading."""
_MOST_LEFT = 8
COLUMN_WORDS = {
    PlanField.KIND: "What it is",
    PlanField.NAME: "Name",
    PlanField.INITIATIVE: "Initiative",
    PlanField.MILESTONE: "Milestone",
    PlanField.METRIC: "Success metric or KPI",
    PlanField.UNIT: "Unit",
    PlanField.BASELINE: "Where it stands now",
    PlanField.TARGET: "Target",
    PlanField.DIRECTION: "Which way is good",
    PlanField.CADENCE: "How often it is asked for",
    PlanField.OWNER: "Owner",
    PlanField.SPONSOR: "Sponsor",
    PlanField.PARTNER: "Partner",
    PlanField.START: "Start",
    PlanField.DUE: "Due date",
    PlanField.DATES: "Start and due date",
    PlanField.BUDGET: "Budget",
    PlanField.MAY_DECIDE: "May decide alone",
    PlanField.GOAL: "Goal it serves",
}
"""What a column can be."""
_PICKED = (Gap.OWNER,)
"""What is chosen beside the line, and so not said to be missing."""
_KINDS = {
    "initiative": ("initiative", "initiatives"),
    "kpi": ("KPI", "KPIs"),
    "milestone": ("milestone", "milestones"),
    "goal": ("goal", "goals"),
}


def counted_words(lines: Sequence[DraftLine]) -> str:
    """As in "5 initiatives, 6 KPIs and 1 milestone"; "" for nothing."""
    kinds = [line.item.kind for line in lines if line.item]
    return listed(
        [
            f"{kinds.count(kind)} {words[kinds.count(kind) > 1]}"
            for kind, words in _KINDS.items()
            if kind in kinds
        ]
    )


def name_of(line: DraftLine) -> str:
    """What a line is called: its name, else its words."""
    item = line.item
    if item is None:
        return line.words
    return item.text if item.kind == "goal" else item.name


def line_words(line: DraftLine, draft: Draft, today: date, goals: Sequence[Goal] = ()) -> str:
    """As escaped markup: what it is, all that was understood of it, and the words that were not.

    One of the `goals`, which stand above the lines, is said by its number.
    """
    heading, facts = _told(line, draft, today)
    if isinstance(line.item, (DraftInitiative, DraftKpi)) and line.item.goal:
        number = number_of(line.item, goals)
        facts.append(f"for goal {number}" if number else f"for “{b.one_line(line.item.goal, 60)}”")
    said = [heading, " · ".join(facts)] if facts else [heading]
    if line.item is not None and line.unread:
        said.append(f":grey_question: Not understood: {listed([_quoted(part) for part in line.unread])}.")
    if missing := [gap.value for gap in line.missing if gap not in _PICKED]:
        said.append(f":pencil2: Still to say: {listed(missing)}.")
    return "\n".join(said)


def goal_lines(draft: Draft, goals: Sequence[Goal]) -> list[str]:
    """As escaped markup: the goals that lines of a draft serve, each with its number among all `goals`."""
    served = {number_of(line.item, goals) for line in draft.lines}
    return [
        f"*Goal {number}:* {b.one_line(goal.text, MAX_NAME)}"
        for number, goal in enumerate(goals, start=1)
        if number in served
    ]


def number_of(item: DraftItem | None, goals: Sequence[Goal]) -> int | None:
    """The number, as people may write it, of the goal that an item says it serves; None for others."""
    if not isinstance(item, (DraftInitiative, DraftKpi)) or not item.goal:
        return None
    goal = find_goal(item.goal, goals)
    return None if goal is None else goals.index(goal) + 1


def columns_words(columns: Columns) -> str:
    """As escaped markup: "Project → initiative · Responsible → owner · left out: Status"."""
    named = [
        (b.one_line(header, _HEADER) or f"column {number}", field)
        for number, (header, field) in enumerate(zip(columns.headers, columns.fields, strict=True), start=1)
    ]
    taken = [f"{header} → {_in_line(COLUMN_WORDS[field])}" for header, field in named if field]
    left = b.and_more([header for header, field in named if field is None], _MOST_LEFT)
    return " · ".join([*taken, *([f"left out: {', '.join(left)}"] if left else [])])


def _in_line(label: str) -> str:
    return label[0].lower() + label[1:]


def beyond_words(count: int) -> str:
    """Of the columns for which a form has no room."""
    return f"Columns without room here: {count}. They stay as they are."


def _told(line: DraftLine, draft: Draft, today: date) -> tuple[str, list[str]]:
    match line.item:
        case DraftInitiative() as item:
            return f"*{_name(item.name)}* · initiative", _initiative_facts(item, today)
        case DraftKpi() as item:
            return f"*{_name(item.name)}* · KPI", _kpi_facts(item, today)
        case DraftMilestone() as item:
            of = _initiative_of(item, draft)
            heading = f"*{_name(item.name)}* · milestone" + (f" of {_name(of)}" if of else "")
            facts = [_who(item.person)] if item.person else []
            return heading, facts + ([dated(item.due, today)] if item.due else [])
        case DraftGoal() as item:
            return f"*{b.one_line(item.text, _MOST_WORDS)}* · goal", []
    return f":grey_question: {_quoted(line.words)}", [
        "I did not understand this line. Edit it, or leave it out."
    ]


def _initiative_of(item: DraftMilestone, draft: Draft) -> str:
    above = draft.line(item.of_line) if item.of_line is not None else None
    if above is not None and isinstance(above.item, DraftInitiative):
        return above.item.name
    return item.initiative


def _initiative_facts(item: DraftInitiative, today: date) -> list[str]:
    facts = [_who(item.owner)] if item.owner else []
    facts += [f"from {dated(item.start, today)}"] if item.start else []
    facts += [f"by {dated(item.due, today)}"] if item.due else []
    facts += [_metric(one) for one in item.metrics]
    facts += [b.one_line(item.budget, MAX_NAME)] if item.budget else []
    facts += [f"decides {b.one_line(item.may_decide, 150)}"] if item.may_decide else []
    facts += [f"sponsor {_who(item.sponsor)}"] if item.sponsor else []
    for partner in item.partners:
        what = f": {b.one_line(partner.what, 100)}" if partner.what else ""
        facts.append(f"partner {_who(partner.who)}{what}")
    return facts


def _kpi_facts(item: DraftKpi, today: date) -> list[str]:
    facts = [_who(item.owner)] if item.owner else []
    way = f"{item.direction.value} " if item.direction else ""
    start = f" from {_number(item.baseline, item.unit)}" if item.baseline is not None else ""
    if item.target is not None:
        facts.append(f"{way}{_number(item.target, item.unit)}{start}")
    elif start:
        facts.append(start.strip())
    facts += [f"by {dated(item.due, today)}"] if item.due else []
    facts.append((item.cadence or Cadence.WEEKLY).value)
    return facts


def _metric(one: DraftMetric) -> str:
    name = b.one_line(one.name, MAX_NAME)
    start = _number(one.baseline, one.unit) if one.baseline is not None else "?"
    end = _number(one.target, one.unit) if one.target is not None else "?"
    return f"{name} {start} → {end}"


def _who(whom: Whom) -> str:
    return b.mention(whom.person_id) if whom.person_id else f"{b.one_line(whom.words, MAX_NAME)} (who?)"


def _name(name: str) -> str:
    return b.one_line(name, MAX_NAME)


def _number(value: Decimal, unit: str) -> str:
    return b.escape(show_number(value, unit))


def _quoted(words: str) -> str:
    return f"“{b.one_line(words, _MOST_WORDS)}”"


def changed_words(name: str) -> str:
    """Somebody was faster with a line; as markup."""
    return f":warning: {b.one_line(name, MAX_NAME)} has changed this line since you opened it. It is now as above; yours stands below, and *Save* puts it in its place."


def taken_words(name: str) -> str:
    """Somebody was faster with the columns; as markup."""
    return f":warning: {b.one_line(name, MAX_NAME)} has changed this plan since you opened it. Its columns are now read as above; yours stand below, and *Save* puts them in their place."


def newer_words(name: str) -> str:
    """Somebody was faster with the draft; as markup."""
    return f":warning: {b.one_line(name, MAX_NAME)} has changed this plan since you opened it. Here it is as it stands now."


def started_words(lines: Sequence[DraftLine]) -> str:
    """What was made of a draft, and of what words nothing was; as markup."""
    if not lines:
        return "Nothing could be started yet: each line says what it needs."
    said = f":white_check_mark: *Started: {counted_words(lines)}.* Whoever they name hears of it in their working time."
    unread = [f"“{b.one_line(part, 200)}”" for line in lines for part in line.unread]
    left = "them" if len(unread) > 1 else "it"
    return said + (f"\nI did not understand {listed(unread)}, and left {left} out." if unread else "")

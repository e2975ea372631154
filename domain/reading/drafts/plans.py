"""A plan as people paste it: a line for each initiative, KPI or milestone, in their own words."""

from datetime import date

from domain.drafts import Draft, DraftInitiative, DraftLine, DraftMetric, Whom, numbered
from domain.reading.initiatives import InitiativeLine, read_line


def read_plan(text: str, today: date) -> Draft:
    """What was understood of each line; what was not is named in it. Mentions (`<@U1>`) may stand in the text."""
    return Draft(numbered([_read(line, today) for line in text.splitlines() if line.strip()]))


def _read(text: str, today: date) -> DraftLine:
    line = read_line(text, today)
    is_item = line.name and (line.owner_handle or line.owner_id or line.due or line.metrics)
    if not is_item:
        return DraftLine(0, text, None, (text.strip(),))
    return DraftLine(0, text, _initiative(line), line.unread)


def _initiative(line: InitiativeLine) -> DraftInitiative:
    named = line.owner_id or line.owner_handle
    owner = Whom(f"@{line.owner_handle or named}", line.owner_id, line.owner_handle) if named else None
    metrics = tuple(DraftMetric(one.name, one.unit, one.baseline, one.target) for one in line.metrics)
    return DraftInitiative(
        line.name, owner, start=line.start, due=line.due, metrics=metrics, budget=line.budget
    )

"""A table of a draft whose columns are taken for something else: its rows read anew, without losing what was chosen."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.drafts import Columns, Draft, DraftInitiative, DraftKpi, DraftLine, PlanField
from domain.people import Person
from domain.reading.drafts.files import with_fields
from domain.reading.drafts.whom import with_members
from domain.reading.goals import goals_of
from domain.reading.people import Member
from domain.schedules import local_day
from domain.strategies import Strategy
from services.drafts.editing import keep_draft, still_chosen, with_goals
from services.reading_first import read_first
from storage.drafts import KeptDraft


def find_columns(draft: Draft, position: int) -> Columns | None:
    return draft.columns[position] if position < len(draft.columns) else None


def take_columns(
    session: Session,
    strategy: Strategy,
    kept: KeptDraft,
    position: int,
    fields: Sequence[PlanField | None],
    members: Sequence[Member],
    by: Person,
    now: datetime,
) -> KeptDraft:
    """With each row of a table read anew from its cells; goals that were chosen stay, as do people for the same words."""
    today = local_day(now, by.zone)
    draft = kept.draft
    was = read_first(session, with_fields, draft, position, draft.columns[position].fields, today)
    read = read_first(session, with_fields, draft, position, tuple(fields), today)
    before = with_goals(was, goals_of(was, strategy.goals))
    told = with_goals(with_members(read, members), goals_of(read, strategy.goals))
    rows = {
        line.number: _with_choices(line, one, old)
        for line, one, old in zip(told.lines, draft.lines, before.lines, strict=True)
        if line.columns == position
    }
    lines = tuple(rows.get(line.number, line) for line in read.lines)
    return keep_draft(session, strategy, kept, replace(read, lines=lines), by, now)


def _with_choices(line: DraftLine, before: DraftLine, was: DraftLine) -> DraftLine:
    """`was` is what the row said by itself: a goal that it did not say has been chosen."""
    chosen = "" if _goal(before) == _goal(was) else _goal(before)
    kept = still_chosen(line, _with_goal(before, ""))
    return _with_goal(kept, chosen) if chosen else kept


def _goal(line: DraftLine) -> str:
    return line.item.goal if isinstance(line.item, (DraftInitiative, DraftKpi)) else ""


def _with_goal(line: DraftLine, goal: str) -> DraftLine:
    if not isinstance(line.item, (DraftInitiative, DraftKpi)):
        return line
    return replace(line, item=replace(line.item, goal=goal))

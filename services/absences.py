"""Absences: when somebody is away and which days they work, and what that does to what they are asked."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.absences import Absence, WorkPattern
from domain.people import Person
from domain.schedules import local_day
from services.check_ins.prompts import redraw_open_check_ins
from storage import absences, people, strategies
from views.absences import back_sentence


def usual_pattern(session: Session, person: Person) -> WorkPattern:
    """The days that hold for somebody who chose none: their (first) strategy's."""
    theirs = strategies.list_strategies_of(session, person.workspace_id, person.id)
    return theirs[0].work_pattern if theirs else WorkPattern()


def record_absence(session: Session, person: Person, absence: Absence, now: datetime) -> None:
    absences.add_absence(session, person.workspace_id, person.id, absence)
    redraw_open_check_ins(session, person, now)


def record_working_days(
    session: Session, person: Person, pattern: WorkPattern | None, absence: Absence | None, now: datetime
) -> None:
    """The days they work, None for the usual ones, and the days they are away, if any."""
    people.save_work_pattern(session, person.workspace_id, person.id, pattern)
    if absence is not None:
        record_absence(session, person, absence, now)


def end_absence(session: Session, person: Person, now: datetime) -> str:
    """They are back today; returns the sentence for them."""
    today = local_day(now, person.zone)
    ended = absences.end_absences(session, person.workspace_id, person.id, today)
    left = absences.list_absences(session, person.workspace_id, [person.id])[person.id]
    waiting = redraw_open_check_ins(session, person, now)
    planned = [absence for absence in left if absence.first > today]
    return back_sentence(ended, planned, is_asked=waiting)

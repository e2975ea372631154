"""When a person's next prompt will reach them, as it is planned now."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from domain.absences import prompt_for
from domain.initiatives import Initiative, Status
from domain.people import Person
from domain.periods import Week
from domain.rituals import Ritual
from domain.schedule import local_day, prompt_instant
from domain.strategies import Strategy, pattern_of
from storage import absences
from storage import due as due_table

_FAR = 60
"""Weeks to look ahead: whoever is away for longer is told no time."""


def find_next_prompt(
    session: Session, strategy: Strategy, person: Person, owned: Iterable[Initiative], now: datetime
) -> datetime | None:
    """The first prompt about any of the initiatives `owned`; None while the strategy or all of them are paused."""
    starts = [initiative.start for initiative in owned if initiative.status is Status.ACTIVE]
    planned = [
        Week.parse(due.period)
        for due in due_table.list_due_of(session, strategy.workspace_id, strategy.id)
        if due.ritual is Ritual.PROMPT and due.person_id == person.id
    ]
    if not starts or not planned or strategy.paused_at is not None:
        return None
    away = absences.list_absences(session, strategy.workspace_id, [person.id])[person.id]
    for week in (planned[0].plus(ahead) for ahead in range(_FAR)):
        schedule = strategy.schedule_for(week)
        nominal = prompt_instant(schedule, week, person.zone)
        at = prompt_for(schedule, week, person.zone, strategy.zone, pattern_of(strategy, person), away)
        if at is not None and at > now and local_day(nominal, person.zone) >= min(starts):
            return at
    return None

"""Who is told something they have not just asked for, and when: in their working time.

What answers somebody's own act, and a prompt at the time a lead chose, goes out at once, by the outbox itself.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from domain.absences import Absence, WorkPattern, next_working_moment
from domain.people import Person
from domain.strategies import Strategy, pattern_of
from storage import absences, people, strategies
from storage.delivery import outbox
from storage.delivery.outbox import ASK_AGAIN
from views.slack.blocks import Payload

_BATCH = 100


def usual_pattern(session: Session, person: Person) -> WorkPattern:
    """The days that hold for somebody who chose none: their (first) strategy's."""
    theirs = strategies.list_strategies_of(session, person.workspace_id, person.id)
    return theirs[0].work_pattern if theirs else WorkPattern()


def tell_person(
    session: Session,
    workspace_id: str,
    person_id: str,
    payload: Payload,
    now: datetime,
    *,
    strategy: Strategy | None = None,
    by: Person | None = None,
    expires_at: datetime | None = None,
) -> int:
    """By direct message, now or at 09:00 of their next working day; returns its id.

    `strategy` is what it is about; whoever acted (`by`) hears what came of it at once.
    """
    person = people.get_person(session, workspace_id, person_id)
    return _tell(session, person, payload, now, strategy, by, expires_at)


def tell_unless_left(
    session: Session,
    workspace_id: str,
    person_id: str,
    payload: Payload,
    now: datetime,
    *,
    strategy: Strategy | None = None,
    by: Person | None = None,
) -> None:
    """The same, unless they have left Slack."""
    person = people.get_person(session, workspace_id, person_id)
    if not person.is_deactivated:
        _tell(session, person, payload, now, strategy, by)


def send_what_waited(session: Session, workspace_id: str, now: datetime) -> int:
    """What waited until now goes out, or waits on where its receiver is off again; returns how much there was."""
    waited = outbox.list_later(session, workspace_id, now, _BATCH)
    receivers = people.list_people(session, workspace_id, [one.person_id for one in waited])
    away = absences.list_absences(session, workspace_id, receivers)
    for person in receivers.values():
        ids = [one.id for one in waited if one.person_id == person.id]
        at = _moment(person, _pattern(session, person), away[person.id], now)
        if person.is_deactivated:
            outbox.drop_later(session, workspace_id, ids)
        else:
            outbox.send_later(session, workspace_id, ids, at if at > now else None)
    return len(waited)


def _tell(
    session: Session,
    person: Person,
    payload: Payload,
    now: datetime,
    strategy: Strategy | None,
    by: Person | None,
    expires_at: datetime | None = None,
) -> int:
    at = None
    if by is None or by.id != person.id:
        away = absences.list_absences(session, person.workspace_id, [person.id])[person.id]
        pattern = pattern_of(strategy, person) if strategy else _pattern(session, person)
        at = _moment(person, pattern, away, now)
    return outbox.enqueue_post(
        session, person.workspace_id, person.id, payload, now=now, expires_at=expires_at, not_before=at
    )


def _pattern(session: Session, person: Person) -> WorkPattern:
    return person.work_pattern or usual_pattern(session, person)


def _moment(person: Person, pattern: WorkPattern, away: Sequence[Absence], now: datetime) -> datetime:
    """Of somebody who does not say when they are back, it is found out again each day."""
    return next_working_moment(now, person.zone, pattern, away) or now + ASK_AGAIN

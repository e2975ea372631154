"""When people are away, in whole days of their own."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from domain.absences import Absence, is_away
from storage.models import AbsenceRow
from storage.statements import is_of, table, upsert

_absences = table(AbsenceRow)
# Built once: building a statement costs several times what running it does.
_OF_PEOPLE = (
    select(_absences)
    .where(
        _absences.c.workspace_id == bindparam("workspace_id"),
        _absences.c.person_id.in_(bindparam("person_ids", expanding=True)),
    )
    .order_by(_absences.c.first)
)


def list_absences(
    session: Session, workspace_id: str, person_ids: Iterable[str]
) -> dict[str, tuple[Absence, ...]]:
    """Past, present and planned ones of each person, earliest first; everybody asked for has an entry."""
    found: dict[str, list[Absence]] = {person_id: [] for person_id in person_ids}
    if found:
        values = {"workspace_id": workspace_id, "person_ids": tuple(found)}
        for row in session.execute(_OF_PEOPLE, values):
            found[row.person_id].append(Absence(row.first, row.last))
    return {person_id: tuple(absences) for person_id, absences in found.items()}


def add_absence(session: Session, workspace_id: str, person_id: str, absence: Absence) -> None:
    """One that begins on the same day takes the place of the earlier one."""
    row = {
        "workspace_id": workspace_id,
        "person_id": person_id,
        "first": absence.first,
        "last": absence.last,
    }
    upsert(session, _absences, [row], ["last"])


def cancel_absences(session: Session, workspace_id: str, person_id: str, firsts: Collection[date]) -> None:
    """Those that begin on these days are not planned any more."""
    is_theirs = is_of(_absences, workspace_id, person_id=person_id)
    session.execute(delete(_absences).where(is_theirs, _absences.c.first.in_(firsts)))


def end_absences(session: Session, workspace_id: str, person_id: str, today: date) -> tuple[Absence, ...]:
    """They are back today: returns the absences this ended; planned ones stay."""
    absences = list_absences(session, workspace_id, [person_id])[person_id]
    ended = tuple(absence for absence in absences if is_away(today, [absence]))
    for absence in ended:
        is_this = is_of(_absences, workspace_id, person_id=person_id, first=absence.first)
        if absence.first == today:
            session.execute(delete(_absences).where(is_this))
        else:
            session.execute(update(_absences).where(is_this).values(last=today - timedelta(days=1)))
    return ended

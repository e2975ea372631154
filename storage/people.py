"""People as Slack last described them, and the working days they chose themselves."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.orm import Session

from domain.absences import WorkPattern
from domain.people import Person, UnknownPeople
from storage.models import PersonRow
from storage.statements import is_of, read_as, table, upsert

_people = table(PersonRow)
# Built once: building a statement costs several times what running it does.
_ALL = select(_people).where(_people.c.workspace_id == bindparam("workspace_id"))
_BY_ID = _ALL.where(_people.c.person_id == bindparam("id"))
_BY_IDS = _ALL.where(_people.c.person_id.in_(bindparam("ids", expanding=True)))
_FROM_SLACK = ("name", "zone", "is_admin", "is_bot", "is_guest", "is_external", "is_deactivated")


def get_person(session: Session, workspace_id: str, person_id: str) -> Person:
    """Raises UnknownPeople for somebody never seen."""
    person = find_person(session, workspace_id, person_id)
    if person is None:
        raise UnknownPeople([person_id])
    return person


def find_person(session: Session, workspace_id: str, person_id: str) -> Person | None:
    row = session.execute(_BY_ID, {"workspace_id": workspace_id, "id": person_id}).first()
    return _person(row) if row else None


def find_by_dm(session: Session, workspace_id: str, channel_id: str) -> Person | None:
    """Whose direct message with the bot it is."""
    in_workspace = {"workspace_id": workspace_id}
    row = session.execute(_ALL.where(_people.c.dm_channel_id == channel_id), in_workspace).first()
    return _person(row) if row else None


def list_admins(session: Session, workspace_id: str) -> list[Person]:
    """The workspace's admins who are known and still there."""
    here = _ALL.where(_people.c.is_admin, _people.c.is_deactivated.is_(False)).order_by(_people.c.person_id)
    return [_person(row) for row in session.execute(here, {"workspace_id": workspace_id})]


def list_all(session: Session, workspace_id: str) -> list[Person]:
    """Everybody ever seen there."""
    rows = session.execute(_ALL.order_by(_people.c.person_id), {"workspace_id": workspace_id})
    return [_person(row) for row in rows]


def list_people(session: Session, workspace_id: str, person_ids: Iterable[str]) -> dict[str, Person]:
    """Everybody asked for, by id, in the order asked; raises UnknownPeople naming those never seen."""
    wanted = tuple(dict.fromkeys(person_ids))
    if not wanted:
        return {}
    rows = session.execute(_BY_IDS, {"workspace_id": workspace_id, "ids": wanted})
    found = {row.person_id: _person(row) for row in rows}
    if unknown := [person_id for person_id in wanted if person_id not in found]:
        raise UnknownPeople(unknown)
    return {person_id: found[person_id] for person_id in wanted}


def list_known(session: Session, workspace_id: str, person_ids: Iterable[str]) -> list[Person]:
    """Those of them that were ever seen, in no order."""
    rows = session.execute(_BY_IDS, {"workspace_id": workspace_id, "ids": tuple(person_ids)})
    return [_person(row) for row in rows]


def save_people(session: Session, people: Sequence[Person]) -> None:
    """Keep what Slack says of them; their DM and their own working days stay as they are."""
    rows = [
        {"workspace_id": person.workspace_id, "person_id": person.id}
        | {name: getattr(person, name) for name in _FROM_SLACK}
        for person in people
    ]
    upsert(session, _people, rows, _FROM_SLACK)


def set_dm_channel(session: Session, workspace_id: str, person_id: str, channel_id: str) -> None:
    _update(session, workspace_id, person_id, dm_channel_id=channel_id)


def save_work_pattern(
    session: Session, workspace_id: str, person_id: str, pattern: WorkPattern | None
) -> None:
    """Their own working days and country; None goes back to the strategy's."""
    days = None if pattern is None else write_days(pattern.working_days)
    country = None if pattern is None else write_place(pattern)
    _update(session, workspace_id, person_id, working_days=days, country=country)


def write_days(days: Iterable[int]) -> str:
    return "".join(str(day) for day in sorted(days))


def write_place(pattern: WorkPattern) -> str | None:
    """The country, with its part where there is one: `GB`, `GB-SCT` (ISO 3166-2)."""
    return "-".join(filter(None, (pattern.country, pattern.subdivision))) or None


def read_work_pattern(days: str, place: str | None) -> WorkPattern:
    country, _, part = (place or "").partition("-")
    return WorkPattern(frozenset(map(int, days)), country or None, part or None)


def _update(session: Session, workspace_id: str, person_id: str, **values: Any) -> None:
    session.execute(update(_people).where(is_of(_people, workspace_id, person_id=person_id)).values(**values))


def _person(row: Row[Any]) -> Person:
    own = None if row.working_days is None else read_work_pattern(row.working_days, row.country)
    return read_as(Person, row, id=row.person_id, work_pattern=own)

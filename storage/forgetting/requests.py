"""Who asked to be forgotten, kept so that it is done again after a restore."""

import hashlib
import secrets
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from storage.database import Database
from storage.delivery.seen import NOWHERE
from storage.models import ForgottenRow, InstallationRow, PersonRow, WorkspaceRow
from storage.statements import insert_all_missing, table

_forgotten = table(ForgottenRow)
_people = table(PersonRow)
_workspaces = table(WorkspaceRow)
_installations = table(InstallationRow)


@dataclass(frozen=True, slots=True)
class KeptRequest:
    """To forget a person of a workspace, or (in workspace "") a workspace."""

    workspace_id: str
    hash: str
    salt: str
    at: datetime

    def means(self, id_: str) -> bool:
        return secrets.compare_digest(self.hash, _hash(id_, self.salt))


def _hash(id_: str, salt: str) -> str:
    return hashlib.sha256(f"{salt}:{id_}".encode()).hexdigest()


def keep_request(session: Session, workspace_id: str, id_: str, at: datetime) -> None:
    """`id_`: of a person there; in workspace "" of a workspace."""
    salt = secrets.token_hex(16)
    keep_requests(session, [KeptRequest(workspace_id, _hash(id_, salt), salt, at)])


def keep_requests(session: Session, requests: Iterable[KeptRequest]) -> None:
    insert_all_missing(session, _forgotten, [asdict(one) for one in requests])


def list_requests(session: Session, workspace_id: str | None = None) -> list[KeptRequest]:
    """Of a workspace, or (None) all, the first first."""
    rows = select(_forgotten).order_by(_forgotten.c.at)
    if workspace_id is not None:
        rows = rows.where(_forgotten.c.workspace_id == workspace_id)
    return [KeptRequest(**row._asdict()) for row in session.execute(rows)]


def is_forgotten(session: Session, workspace_id: str, person_id: str) -> bool:
    """Whether somebody was forgotten at some time; they may have come back since."""
    return any(one.means(person_id) for one in list_requests(session, workspace_id))


def read_requests(database: Database) -> list[KeptRequest]:
    """Of a database of whichever version."""
    if not inspect(database.engine).has_table(_forgotten.name):
        return []
    return database.run(list_requests)


def find_people(session: Session, requests: Collection[KeptRequest]) -> list[tuple[str, str, datetime]]:
    """Those who are meant and are there: workspace, id, and when it was asked."""
    in_these = _people.c.workspace_id.in_({one.workspace_id for one in requests})
    rows = session.execute(select(_people.c.workspace_id, _people.c.person_id).where(in_these)).all()
    return [
        (workspace_id, person_id, request.at)
        for request in requests
        for workspace_id, person_id in rows
        if workspace_id == request.workspace_id and request.means(person_id)
    ]


def find_workspaces(session: Session, requests: Iterable[KeptRequest]) -> list[str]:
    """Those that are meant and are there, installed or only known."""
    there = {
        *session.scalars(select(_workspaces.c.workspace_id)),
        *session.scalars(select(_installations.c.workspace_id)),
    }
    of_workspaces = [one for one in requests if one.workspace_id == NOWHERE]
    return sorted(id_ for id_ in there if any(one.means(id_) for one in of_workspaces))

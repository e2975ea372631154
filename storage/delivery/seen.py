"""What Slack has already told us, so that its repeats do nothing."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from storage.models import SeenRow
from storage.statements import insert_missing, is_of, table, upsert

_seen = table(SeenRow)
_MARK = "readyz"
NOWHERE = ""
"""The workspace of what belongs to none."""


def is_new(session: Session, workspace_id: str, key: str, now: datetime) -> bool:
    """Whether this event or form is met for the first time; it is remembered from now on."""
    return insert_missing(session, _seen, {"workspace_id": workspace_id, "key": key, "at": now})


def was_met(session: Session, workspace_id: str, key: str) -> bool:
    return session.execute(select(_seen.c.key).where(is_of(_seen, workspace_id, key=key))).first() is not None


def is_latest(session: Session, workspace_id: str, key: str, stamp: str, now: datetime) -> bool:
    """Whether nothing of the key with a later stamp of Slack's was met; it is remembered. "" is never too late."""
    if not stamp:
        return True
    insert_missing(session, _seen, {"workspace_id": workspace_id, "key": f"{key}:{stamp}", "at": now})
    later = (_seen.c.key > f"{key}:{stamp}", _seen.c.key.startswith(f"{key}:", autoescape=True))
    found = select(_seen.c.key).where(_seen.c.workspace_id == workspace_id, *later)
    return session.execute(found.limit(1)).first() is None


def forget_old(session: Session, workspace_id: str, before: datetime) -> None:
    session.execute(delete(_seen).where(_seen.c.workspace_id == workspace_id, _seen.c.at < before))


def try_write(session: Session, now: datetime) -> None:
    """Leave a mark that differs from the last one, in no workspace, so that the database has something to write down."""
    upsert(session, _seen, [{"workspace_id": NOWHERE, "key": _MARK, "at": now}], updated=["at"])

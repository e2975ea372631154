"""Leads' *Seen* on at-risk and off-track lines of digests, and what they said with it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from domain.check_ins import SeenMark
from storage.models import SeenMarkRow, SeenWordRow
from storage.statements import add_revision, insert_missing, table

_marks = table(SeenMarkRow)
_words = table(SeenWordRow)
_KEY = ("workspace_id", "check_in_id", "initiative_id", "person_id")
_LATEST_WORD = (
    select(_words.c.word)
    .where(*(_words.c[name] == _marks.c[name] for name in _KEY))
    .order_by(_words.c.revision.desc())
    .limit(1)
    .scalar_subquery()
)
_OF_CHECK_INS = (
    select(_marks.c.check_in_id, _marks.c.initiative_id, _marks.c.person_id, _LATEST_WORD.label("word"))
    .where(
        _marks.c.workspace_id == bindparam("workspace_id"),
        _marks.c.check_in_id.in_(bindparam("check_in_ids", expanding=True)),
    )
    .order_by(_marks.c.at)
)


def add_mark(
    session: Session, workspace_id: str, check_in_id: int, initiative_id: int, person_id: str, now: datetime
) -> bool:
    """Whether it is their first on this line."""
    key = dict(zip(_KEY, (workspace_id, check_in_id, initiative_id, person_id), strict=True))
    return insert_missing(session, _marks, {**key, "at": now})


def add_word(
    session: Session,
    workspace_id: str,
    check_in_id: int,
    initiative_id: int,
    person_id: str,
    word: str,
    now: datetime,
) -> None:
    """It stands instead of what they said before, which is kept. The check-in is held."""
    key = dict(zip(_KEY, (workspace_id, check_in_id, initiative_id, person_id), strict=True))
    add_revision(session, _words, {**key, "word": word, "at": now})


def list_marks(
    session: Session, workspace_id: str, check_in_ids: Collection[int]
) -> dict[int, dict[int, tuple[SeenMark, ...]]]:
    """Who has seen what of each check-in, by initiative, the first first."""
    found: dict[int, dict[int, tuple[SeenMark, ...]]] = {check_in_id: {} for check_in_id in check_in_ids}
    values = {"workspace_id": workspace_id, "check_in_ids": tuple(check_in_ids)}
    for row in session.execute(_OF_CHECK_INS, values):
        marked = found[row.check_in_id]
        mark = SeenMark(row.person_id, row.word or "")
        marked[row.initiative_id] = (*marked.get(row.initiative_id, ()), mark)
    return found

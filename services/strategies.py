"""The strategy changes with evidence: who changed what, and why, on record. For every feature that changes it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from domain.changes import Change, Edit
from domain.errors import FieldErrors
from domain.people import Person
from domain.strategies import Strategy
from storage import changes
from views.changes import MISSING, REASON


def record_edits(
    session: Session, strategy: Strategy, edits: Sequence[Edit], why: str, by: Person, now: datetime
) -> None:
    """Raises FieldErrors at the form's reason when something changed and none was given."""
    if edits and not why:
        raise FieldErrors({REASON: MISSING})
    for edit in edits:
        change = Change(edit.kind, None, edit.before, edit.after, by.id, now, why)
        changes.record_change(session, strategy.workspace_id, strategy.id, change)

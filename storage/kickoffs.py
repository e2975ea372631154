"""What initiatives were given, and who was asked to say yes to it."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Update, bindparam, insert, select, update
from sqlalchemy.orm import Session

from domain.changes import ChangeKind
from domain.kickoffs import Charter, Confirmation, ConfirmationState, Role
from storage.ids import new_id
from storage.models import ChangeRow, CharterRow, ConfirmationRow
from storage.statements import is_of, known, read_as, table, upsert

_charters = table(CharterRow)
_confirmations = table(ConfirmationRow)
_changes = table(ChangeRow)

# Built once: building a statement costs several times what running it does.
_CHARTERS = select(_charters).where(
    _charters.c.workspace_id == bindparam("workspace_id"),
    _charters.c.initiative_id.in_(bindparam("ids", expanding=True)),
)
_CONFIRMATIONS = (
    select(_confirmations)
    .where(_confirmations.c.workspace_id == bindparam("workspace_id"))
    .where(_confirmations.c.state != ConfirmationState.WITHDRAWN.value)
    .order_by(_confirmations.c.id)
)
_OF_INITIATIVES = _CONFIRMATIONS.where(_confirmations.c.initiative_id.in_(bindparam("ids", expanding=True)))
_CHARTER_WORDS = ("sponsor_id", "may_decide", "budget", "resources", "channels")


def save_charter(session: Session, workspace_id: str, charter: Charter) -> None:
    channels = {"channels": list(charter.channels)}
    values = asdict(charter) | {"workspace_id": workspace_id, "channels": channels}
    upsert(session, _charters, [values], _CHARTER_WORDS)


def list_charters(session: Session, workspace_id: str, initiative_ids: Iterable[int]) -> dict[int, Charter]:
    """By initiative; one from before there were charters has none."""
    found = session.execute(_CHARTERS, {"workspace_id": workspace_id, "ids": tuple(initiative_ids)})
    return {
        row.initiative_id: read_as(Charter, row, channels=tuple(row.channels["channels"])) for row in found
    }


def add_confirmation(session: Session, workspace_id: str, confirmation: Confirmation) -> Confirmation:
    """Add it; it gets an id."""
    confirmation = replace(confirmation, id=new_id())
    values = asdict(confirmation) | {"role": confirmation.role.value, "state": confirmation.state.value}
    session.execute(insert(_confirmations).values(workspace_id=workspace_id, **values))
    return confirmation


def get_confirmation(session: Session, workspace_id: str, confirmation_id: int) -> Confirmation:
    """Withdrawn ones too; raises LookupError."""
    return known(find_confirmation(session, workspace_id, confirmation_id), f"confirmation {confirmation_id}")


def find_confirmation(session: Session, workspace_id: str, confirmation_id: int) -> Confirmation | None:
    """Withdrawn ones too."""
    is_it = is_of(_confirmations, workspace_id, id=confirmation_id)
    row = session.execute(select(_confirmations).where(is_it)).first()
    return _confirmation(row) if row else None


def list_confirmations(
    session: Session, workspace_id: str, initiative_ids: Collection[int]
) -> dict[int, tuple[Confirmation, ...]]:
    """Those that stand, by initiative, in the order they were asked."""
    found: dict[int, tuple[Confirmation, ...]] = dict.fromkeys(initiative_ids, ())
    rows = session.execute(_OF_INITIATIVES, {"workspace_id": workspace_id, "ids": tuple(initiative_ids)})
    for row in rows:
        found[row.initiative_id] += (_confirmation(row),)
    return found


def list_asked(session: Session, workspace_id: str, person_id: str) -> list[Confirmation]:
    """What one person was asked to say yes to and has not answered, the first asked first."""
    waiting = select(_confirmations).where(
        _confirmations.c.workspace_id == workspace_id,
        _confirmations.c.person_id == person_id,
        _confirmations.c.state == ConfirmationState.ASKED.value,
    )
    return [_confirmation(row) for row in session.execute(waiting.order_by(_confirmations.c.id))]


def save_answer(
    session: Session,
    workspace_id: str,
    confirmation_id: int,
    state: ConfirmationState,
    words: str,
    at: datetime,
) -> None:
    """Yes, or a reason why not."""
    values = {"state": state.value, "words": words, "answered_at": at}
    session.execute(_update(workspace_id, confirmation_id).values(values))


def save_question(session: Session, workspace_id: str, confirmation_id: int, words: str) -> None:
    """What they want to know first: they are still asked."""
    values = {"state": ConfirmationState.ASKED.value, "words": words}
    session.execute(_update(workspace_id, confirmation_id).values(values))


def withdraw(session: Session, workspace_id: str, confirmation_id: int) -> None:
    """They are asked no more."""
    withdrawn = ConfirmationState.WITHDRAWN.value
    session.execute(_update(workspace_id, confirmation_id).values(state=withdrawn))


def make_owner(session: Session, workspace_id: str, confirmation_id: int) -> None:
    """A new owner who has said yes is its owner."""
    session.execute(_update(workspace_id, confirmation_id).values(role=Role.OWNER.value))


def mark_nudged(session: Session, workspace_id: str, confirmation_ids: Collection[int], at: datetime) -> None:
    """They were asked once more."""
    those = _confirmations.c.id.in_(confirmation_ids)
    session.execute(
        update(_confirmations)
        .where(_confirmations.c.workspace_id == workspace_id, those)
        .values(nudged_at=at)
    )


def set_message(session: Session, workspace_id: str, confirmation_id: int, message_id: int) -> None:
    """The one that asks them."""
    session.execute(_update(workspace_id, confirmation_id).values(message_id=message_id))


def find_asker(session: Session, workspace_id: str, initiative_id: int) -> str | None:
    """The lead who added the initiative, or who last gave it to somebody."""
    statement = (
        select(_changes.c.person_id)
        .where(
            is_of(_changes, workspace_id, initiative_id=initiative_id),
            _changes.c.kind.in_((ChangeKind.ADDED, ChangeKind.OFFERED, ChangeKind.OWNER)),
        )
        .order_by(_changes.c.at.desc(), _changes.c.id.desc())
        .limit(1)
    )
    asker: str | None = session.scalar(statement)
    return asker


def _update(workspace_id: str, confirmation_id: int) -> Update:
    return update(_confirmations).where(is_of(_confirmations, workspace_id, id=confirmation_id))


def _confirmation(row: Any) -> Confirmation:
    return read_as(Confirmation, row, role=Role(row.role), state=ConfirmationState(row.state))

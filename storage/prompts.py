"""Check-ins as prompts and reminders write them: of many owners at once."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Update, bindparam, update
from sqlalchemy.orm import Session

from domain.check_ins import CheckIn
from storage.answers import expect_answers
from storage.ids import new_id
from storage.models import CheckInRow
from storage.statements import table, upsert

_check_ins = table(CheckInRow)

# Built once: building a statement costs several times what running it does.
_UPDATE = update(_check_ins).where(
    _check_ins.c.workspace_id == bindparam("its_workspace_id"), _check_ins.c.id == bindparam("its_id")
)
_SET_PROMPT = _UPDATE.values(message_id=bindparam("its_message_id"))
_SET_REMINDER = _UPDATE.values(reminder_message_id=bindparam("its_message_id"))


def save_check_ins(session: Session, check_ins: Iterable[CheckIn]) -> list[CheckIn]:
    """Those with id 0 are added and get ids, of the others state and due_at are kept; each expects its answers.

    Raises IntegrityError where somebody added the check-in of a period meanwhile.
    """
    saved = [replace(check_in, id=check_in.id or new_id()) for check_in in check_ins]
    names = ("workspace_id", "id", "strategy_id", "person_id", "due_at")
    rows = [
        {name: getattr(one, name) for name in names} | {"period": str(one.period), "state": one.state.value}
        for one in saved
    ]
    upsert(session, _check_ins, rows, ("state", "due_at"))
    expect_answers(session, saved)
    return saved


def save_prompts(session: Session, messages: Iterable[tuple[CheckIn, int]]) -> None:
    """Keep which message asks for each check-in."""
    _save_messages(session, _SET_PROMPT, messages)


def save_reminders(session: Session, messages: Iterable[tuple[CheckIn, int]]) -> None:
    """Keep which message reminds of each check-in."""
    _save_messages(session, _SET_REMINDER, messages)


def _save_messages(session: Session, how: Update, messages: Iterable[tuple[CheckIn, int]]) -> None:
    rows = [
        {"its_workspace_id": check_in.workspace_id, "its_id": check_in.id, "its_message_id": message_id}
        for check_in, message_id in messages
    ]
    if rows:
        session.execute(how, rows)

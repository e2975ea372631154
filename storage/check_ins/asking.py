"""Check-ins as they are asked and answered: found, made and changed."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Update, bindparam, delete, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from domain.check_ins import Answer, CheckIn, CheckInState
from domain.periods import Week
from storage.answers import expect_answers
from storage.check_ins.rows import ALL, OF_PERSON, find, read
from storage.ids import new_id
from storage.models import AnswerRow, CheckInRow, MessageRow
from storage.statements import insert_missing, is_of, table

_check_ins = table(CheckInRow)
_answers = table(AnswerRow)
_messages = table(MessageRow)

_BY_ID = ALL.where(_check_ins.c.id == bindparam("id"))
_BY_ID_HELD = _BY_ID.with_for_update(of=_check_ins)
_UNCOVERED = ALL.where(
    _check_ins.c.strategy_id == bindparam("strategy_id"),
    _check_ins.c.digest_id.is_(None),
    _check_ins.c.closed_at.is_(None),
    _check_ins.c.due_at <= bindparam("now"),
)
_UNCOVERED_HELD = _UNCOVERED.with_for_update(of=_check_ins)
_ANY_DUE = (
    select(_check_ins.c.id)
    .where(
        _check_ins.c.workspace_id == bindparam("workspace_id"),
        _check_ins.c.strategy_id == bindparam("strategy_id"),
        _check_ins.c.due_at <= bindparam("now"),
    )
    .limit(1)
)
_MESSAGE = (
    select(_messages.c.id)
    .where(
        _messages.c.workspace_id == bindparam("workspace_id"),
        _messages.c.channel_id == bindparam("channel_id"),
        _messages.c.ts == bindparam("ts"),
    )
    .scalar_subquery()
)
_BY_MESSAGE = ALL.where(
    or_(_check_ins.c.message_id == _MESSAGE, _check_ins.c.reminder_message_id == _MESSAGE)
)

_asked = _check_ins.alias("asked")
_CURRENT = ALL.where(
    _check_ins.c.person_id == bindparam("person_id"),
    _check_ins.c.closed_at.is_(None),
    tuple_(_check_ins.c.strategy_id, _check_ins.c.due_at).in_(
        select(_asked.c.strategy_id, func.max(_asked.c.due_at))
        .where(
            _asked.c.workspace_id == bindparam("workspace_id"),
            _asked.c.person_id == bindparam("person_id"),
            _asked.c.due_at <= bindparam("now"),
        )
        .group_by(_asked.c.strategy_id)
    ),
)
_CURRENT_OF_STRATEGY = _CURRENT.where(_check_ins.c.strategy_id == bindparam("strategy_id"))
_CURRENT_HELD = _CURRENT_OF_STRATEGY.with_for_update(of=_check_ins)

_OF_PERIOD = OF_PERSON.where(_check_ins.c.period == bindparam("period"))


def find_check_in(
    session: Session, workspace_id: str, check_in_id: int, *, hold: bool = False
) -> CheckIn | None:
    """`hold`: nobody else who holds it goes on before this transaction ends. Who had to wait reads its answers anew."""
    return find(session, _BY_ID_HELD if hold else _BY_ID, workspace_id=workspace_id, id=check_in_id)


def find_check_in_of_period(
    session: Session, workspace_id: str, strategy_id: int, person_id: str, period: Week
) -> CheckIn | None:
    values = {"strategy_id": strategy_id, "person_id": person_id, "period": str(period)}
    return find(session, _OF_PERIOD, workspace_id=workspace_id, **values)


def list_current(session: Session, workspace_id: str, person_id: str, now: datetime) -> list[CheckIn]:
    """The person's current check-in of each strategy: an answer belongs to it until its week is closed."""
    found = read(session, _CURRENT, workspace_id=workspace_id, person_id=person_id, now=now)
    return found[::-1]


def find_current(
    session: Session,
    workspace_id: str,
    strategy_id: int,
    person_id: str,
    now: datetime,
    *,
    hold: bool = False,
) -> CheckIn | None:
    """`hold` as for `find_check_in`."""
    values = {"strategy_id": strategy_id, "person_id": person_id, "now": now}
    statement = _CURRENT_HELD if hold else _CURRENT_OF_STRATEGY
    return find(session, statement, workspace_id=workspace_id, **values)


def find_by_message(session: Session, workspace_id: str, channel_id: str, ts: str) -> CheckIn | None:
    """The check-in whose prompt or reminder is this Slack message."""
    return find(session, _BY_MESSAGE, workspace_id=workspace_id, channel_id=channel_id, ts=ts)


def list_uncovered(session: Session, workspace_id: str, strategy_id: int, now: datetime) -> list[CheckIn]:
    """Check-ins due by now that no digest has covered yet, oldest first."""
    return read(session, _UNCOVERED, workspace_id=workspace_id, strategy_id=strategy_id, now=now)


def hold_uncovered(session: Session, workspace_id: str, strategy_id: int, now: datetime) -> None:
    """Nobody answers in those before this transaction ends; who had to wait reads them after this."""
    values = {"workspace_id": workspace_id, "strategy_id": strategy_id, "now": now}
    session.execute(_UNCOVERED_HELD, values)


def is_anything_due(session: Session, workspace_id: str, strategy_id: int, now: datetime) -> bool:
    """Whether anybody of a strategy has been asked yet."""
    values = {"workspace_id": workspace_id, "strategy_id": strategy_id, "now": now}
    return session.execute(_ANY_DUE, values).first() is not None


def add_check_in(
    session: Session,
    *,
    workspace_id: str,
    strategy_id: int,
    person_id: str,
    period: Week,
    state: CheckInState,
    due_at: datetime,
    initiative_ids: Iterable[int],
) -> CheckIn:
    """The check-in of a period, made unless it is there already, expecting an answer for each initiative."""
    values = {
        "workspace_id": workspace_id,
        "id": new_id(),
        "strategy_id": strategy_id,
        "person_id": person_id,
        "period": str(period),
        "state": state.value,
        "due_at": due_at,
    }
    insert_missing(session, _check_ins, values)
    check_in = find_check_in_of_period(session, workspace_id, strategy_id, person_id, period)
    assert check_in is not None
    expect_answers(session, [replace(check_in, answers=tuple(Answer(id_) for id_ in initiative_ids))])
    found = find_check_in(session, workspace_id, check_in.id)
    assert found is not None
    return found


def set_state(session: Session, check_in: CheckIn, state: CheckInState) -> None:
    session.execute(_update(check_in).values(state=state.value))


def set_due_at(session: Session, check_in: CheckIn, due_at: datetime) -> None:
    session.execute(_update(check_in).values(due_at=due_at))


def snooze(session: Session, check_in: CheckIn, until: datetime) -> CheckIn:
    session.execute(_update(check_in).values(snoozed_until=until))
    return replace(check_in, snoozed_until=until)


def forget(session: Session, check_in: CheckIn) -> None:
    """One that nobody was asked for and nobody answered."""
    session.execute(delete(_answers).where(is_of(_answers, check_in.workspace_id, check_in_id=check_in.id)))
    session.execute(delete(_check_ins).where(is_of(_check_ins, check_in.workspace_id, id=check_in.id)))


def cover(session: Session, workspace_id: str, check_in_ids: Collection[int], digest_id: int) -> None:
    """Say which digest told of these check-ins; what comes after is late."""
    session.execute(
        update(_check_ins)
        .where(_check_ins.c.workspace_id == workspace_id, _check_ins.c.id.in_(check_in_ids))
        .values(digest_id=digest_id)
    )


def _update(check_in: CheckIn) -> Update:
    return update(_check_ins).where(is_of(_check_ins, check_in.workspace_id, id=check_in.id))

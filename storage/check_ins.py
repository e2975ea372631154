"""Check-ins with their answers; `storage.answers` writes those."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Update, and_, bindparam, delete, func, null, or_, select, tuple_, update
from sqlalchemy.orm import Session

from domain.check_ins import Answer, CheckIn, CheckInState
from domain.periods import Week
from storage.answers import expect_answers, read_answer
from storage.digests import read_told
from storage.ids import new_id
from storage.models import AnswerRow, CheckInRow, DigestRow, MessageRow, RevisionRow
from storage.statements import insert_missing, table

_check_ins = table(CheckInRow)
_answers = table(AnswerRow)
_revisions = table(RevisionRow)
_digests = table(DigestRow)

_COLUMNS = (
    CheckInRow.id,
    CheckInRow.workspace_id,
    CheckInRow.strategy_id,
    CheckInRow.person_id,
    CheckInRow.period,
    CheckInRow.state,
    CheckInRow.due_at,
    CheckInRow.digest_id,
    CheckInRow.message_id,
    CheckInRow.reminder_message_id,
    CheckInRow.snoozed_until,
    CheckInRow.closed_at,
)

_answered = _check_ins.outerjoin(
    _answers,
    and_(
        _answers.c.workspace_id == _check_ins.c.workspace_id,
        _answers.c.check_in_id == _check_ins.c.id,
    ),
)
_ANSWER = (
    _answers.c.initiative_id,
    _answers.c.revision,
    _answers.c.content,
    _answers.c.health,
    _answers.c.person_id.label("by"),
    _answers.c.at,
)
_IN_ORDER = (_check_ins.c.due_at, _check_ins.c.id, _answers.c.initiative_id)

# Built once: building a statement costs several times what running it does.
_ALL = (
    select(*_COLUMNS, *_ANSWER, null().label("first_at"), null().label("told"))
    .select_from(_answered)
    .where(_check_ins.c.workspace_id == bindparam("workspace_id"))
    .order_by(*_IN_ORDER)
)
_BY_ID = _ALL.where(_check_ins.c.id == bindparam("id"))
_BY_ID_HELD = _BY_ID.with_for_update(of=_check_ins)
_UNCOVERED = _ALL.where(
    _check_ins.c.strategy_id == bindparam("strategy_id"),
    _check_ins.c.digest_id.is_(None),
    _check_ins.c.closed_at.is_(None),
    _check_ins.c.due_at <= bindparam("now"),
)
_MESSAGE = (
    select(MessageRow.id)
    .where(
        MessageRow.workspace_id == bindparam("workspace_id"),
        MessageRow.channel_id == bindparam("channel_id"),
        MessageRow.ts == bindparam("ts"),
    )
    .scalar_subquery()
)
_BY_MESSAGE = _ALL.where(
    or_(_check_ins.c.message_id == _MESSAGE, _check_ins.c.reminder_message_id == _MESSAGE)
)

_asked = _check_ins.alias("asked")
_CURRENT = _ALL.where(
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

_OF_PERSON = _ALL.where(
    _check_ins.c.strategy_id == bindparam("strategy_id"), _check_ins.c.person_id == bindparam("person_id")
)
_OF_PERIOD = _OF_PERSON.where(_check_ins.c.period == bindparam("period"))
_before = _check_ins.alias("before")
_LAST_BEFORE = (
    select(func.max(_before.c.due_at))
    .where(
        _before.c.workspace_id == bindparam("workspace_id"),
        _before.c.strategy_id == bindparam("strategy_id"),
        _before.c.person_id == bindparam("person_id"),
        _before.c.due_at < bindparam("due_at"),
    )
    .scalar_subquery()
)
_AROUND = _OF_PERSON.where(
    or_(
        _check_ins.c.id == bindparam("id"),
        _check_ins.c.due_at == _LAST_BEFORE,
        and_(_check_ins.c.due_at < bindparam("due_at"), _check_ins.c.period >= bindparam("since")),
        and_(_check_ins.c.due_at > bindparam("due_at"), _check_ins.c.due_at <= bindparam("until")),
    )
)

_OF_PEOPLE = (
    _check_ins.c.workspace_id == bindparam("workspace_id"),
    _check_ins.c.strategy_id == bindparam("strategy_id"),
    _check_ins.c.person_id.in_(bindparam("person_ids", expanding=True)),
)
_LAST_PERIODS = (
    select(_check_ins.c.person_id, func.max(_check_ins.c.period))
    .where(*_OF_PEOPLE, _check_ins.c.period < bindparam("since"))
    .group_by(_check_ins.c.person_id)
)
_HISTORY = _ALL.where(
    *_OF_PEOPLE,
    or_(
        _check_ins.c.period >= bindparam("since"),
        tuple_(_check_ins.c.person_id, _check_ins.c.period).in_(_LAST_PERIODS),
    ),
)

_first_revisions = _revisions.alias("first_revisions")
_WITH_HISTORY = (
    select(*_COLUMNS, *_ANSWER, _first_revisions.c.at.label("first_at"), _digests.c.told)
    .select_from(
        _answered.outerjoin(
            _first_revisions,
            and_(
                *(_first_revisions.c[column.name] == column for column in _answers.primary_key),
                _first_revisions.c.revision == 1,
            ),
        ).outerjoin(
            _digests,
            tuple_(_digests.c.workspace_id, _digests.c.id)
            == tuple_(_check_ins.c.workspace_id, _check_ins.c.digest_id),
        )
    )
    .where(
        _check_ins.c.workspace_id == bindparam("workspace_id"),
        _check_ins.c.strategy_id == bindparam("strategy_id"),
    )
    .order_by(*_IN_ORDER)
)
_SINCE = _WITH_HISTORY.where(_check_ins.c.period >= bindparam("since"))
_UNCLOSED = _WITH_HISTORY.where(
    _check_ins.c.person_id.in_(bindparam("person_ids", expanding=True)), _check_ins.c.closed_at.is_(None)
)
_HELD = (
    select(_check_ins.c.id)
    .where(*_OF_PEOPLE, _check_ins.c.closed_at.is_(None))
    .order_by(_check_ins.c.due_at, _check_ins.c.id)
    .with_for_update()
)


def find_check_in(
    session: Session, workspace_id: str, check_in_id: int, *, hold: bool = False
) -> CheckIn | None:
    """`hold`: nobody else who holds it goes on before this transaction ends. Who had to wait reads its answers anew."""
    return _find(session, _BY_ID_HELD if hold else _BY_ID, workspace_id=workspace_id, id=check_in_id)


def find_check_in_of_period(
    session: Session, workspace_id: str, strategy_id: int, person_id: str, period: Week
) -> CheckIn | None:
    values = {"strategy_id": strategy_id, "person_id": person_id, "period": str(period)}
    return _find(session, _OF_PERIOD, workspace_id=workspace_id, **values)


def list_current(session: Session, workspace_id: str, person_id: str, now: datetime) -> list[CheckIn]:
    """The person's current check-in of each strategy: an answer belongs to it until its week is closed."""
    found = _read(session, _CURRENT, workspace_id=workspace_id, person_id=person_id, now=now)
    return found[::-1]


def find_current(
    session: Session, workspace_id: str, strategy_id: int, person_id: str, now: datetime
) -> CheckIn | None:
    values = {"strategy_id": strategy_id, "person_id": person_id, "now": now}
    return _find(session, _CURRENT_OF_STRATEGY, workspace_id=workspace_id, **values)


def find_by_message(session: Session, workspace_id: str, channel_id: str, ts: str) -> CheckIn | None:
    """The check-in whose prompt or reminder is this Slack message."""
    return _find(session, _BY_MESSAGE, workspace_id=workspace_id, channel_id=channel_id, ts=ts)


def list_uncovered(session: Session, workspace_id: str, strategy_id: int, now: datetime) -> list[CheckIn]:
    """Check-ins due by now that no digest has covered yet, oldest first."""
    return _read(session, _UNCOVERED, workspace_id=workspace_id, strategy_id=strategy_id, now=now)


def is_anything_due(session: Session, workspace_id: str, strategy_id: int, now: datetime) -> bool:
    """Whether anybody of a strategy has been asked yet."""
    asked = select(_check_ins.c.id).where(
        _check_ins.c.workspace_id == workspace_id,
        _check_ins.c.strategy_id == strategy_id,
        _check_ins.c.due_at <= now,
    )
    return session.scalar(asked.limit(1)) is not None


def list_since(session: Session, workspace_id: str, strategy_id: int, since: Week) -> list[CheckIn]:
    """All check-ins of a strategy from a period on, with their answers and what was told, in one statement."""
    return _read(session, _SINCE, workspace_id=workspace_id, strategy_id=strategy_id, since=str(since))


def hold_unclosed(session: Session, workspace_id: str, strategy_id: int, person_ids: Collection[str]) -> None:
    """Nobody answers in these people's check-ins before this transaction ends; who had to wait reads them after this."""
    values = {"workspace_id": workspace_id, "strategy_id": strategy_id}
    session.execute(_HELD, {**values, "person_ids": tuple(person_ids)})


def list_unclosed(
    session: Session, workspace_id: str, strategy_id: int, person_ids: Collection[str]
) -> list[CheckIn]:
    """These people's whose week is not closed."""
    values = {"workspace_id": workspace_id, "strategy_id": strategy_id}
    return _read(session, _UNCLOSED, person_ids=tuple(person_ids), **values)


def list_around(session: Session, check_in: CheckIn, since: Week, until: datetime) -> list[CheckIn]:
    """A check-in among the same person's others, the first due first: before it those from a period on, and the last
    one however old; after it those due until an instant.
    """
    return _read(
        session,
        _AROUND,
        workspace_id=check_in.workspace_id,
        strategy_id=check_in.strategy_id,
        person_id=check_in.person_id,
        id=check_in.id,
        due_at=check_in.due_at,
        since=str(since),
        until=until,
    )


def list_history(
    session: Session, workspace_id: str, strategy_id: int, person_ids: Collection[str], since: Week
) -> dict[str, list[CheckIn]]:
    """Each person's in a strategy, the first due first: those from a period on, and the last one before it."""
    values = {"strategy_id": strategy_id, "person_ids": tuple(person_ids), "since": str(since)}
    history: dict[str, list[CheckIn]] = {person_id: [] for person_id in person_ids}
    for check_in in _read(session, _HISTORY, workspace_id=workspace_id, **values):
        history[check_in.person_id].append(check_in)
    return history


def list_answered(
    session: Session, workspace_id: str, strategy_id: int, since: Week
) -> dict[tuple[int, Week], frozenset[str]]:
    """In whose check-ins each initiative has a health, by its id and period, from a period on."""
    said = select(_answers.c.initiative_id, _check_ins.c.period, _check_ins.c.person_id).join_from(
        _check_ins,
        _answers,
        and_(
            _answers.c.workspace_id == _check_ins.c.workspace_id,
            _answers.c.check_in_id == _check_ins.c.id,
            _answers.c.health.is_not(None),
        ),
    )
    which = (
        _check_ins.c.workspace_id == workspace_id,
        _check_ins.c.strategy_id == strategy_id,
        _check_ins.c.period >= str(since),
    )
    found: dict[tuple[int, Week], frozenset[str]] = {}
    for row in session.execute(said.where(*which)):
        key = (row.initiative_id, Week.parse(row.period))
        found[key] = found.get(key, frozenset()) | {row.person_id}
    return found


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


def set_state(session: Session, check_in: CheckIn, state: CheckInState) -> CheckIn:
    session.execute(_update(check_in).values(state=state.value))
    return replace(check_in, state=state)


def set_due_at(session: Session, check_in: CheckIn, due_at: datetime) -> CheckIn:
    session.execute(_update(check_in).values(due_at=due_at))
    return replace(check_in, due_at=due_at)


def snooze(session: Session, check_in: CheckIn, until: datetime) -> CheckIn:
    session.execute(_update(check_in).values(snoozed_until=until))
    return replace(check_in, snoozed_until=until)


def forget(session: Session, check_in: CheckIn) -> None:
    """One that nobody was asked for and nobody answered."""
    its = (AnswerRow.workspace_id == check_in.workspace_id, AnswerRow.check_in_id == check_in.id)
    session.execute(delete(AnswerRow).where(*its))
    this = (CheckInRow.workspace_id == check_in.workspace_id, CheckInRow.id == check_in.id)
    session.execute(delete(CheckInRow).where(*this))


def cover(session: Session, workspace_id: str, check_in_ids: Collection[int], digest_id: int) -> None:
    """Say which digest told of these check-ins; what comes after is late."""
    session.execute(
        update(CheckInRow)
        .where(CheckInRow.workspace_id == workspace_id, CheckInRow.id.in_(check_in_ids))
        .values(digest_id=digest_id)
    )


def _update(check_in: CheckIn) -> Update:
    return update(_check_ins).where(
        _check_ins.c.workspace_id == check_in.workspace_id, _check_ins.c.id == check_in.id
    )


def _read(session: Session, statement: Select[*tuple[Any, ...]], **values: Any) -> list[CheckIn]:
    rows: dict[int, Any] = {}
    answers: dict[int, list[Answer]] = {}
    for row in session.execute(statement, values):
        rows.setdefault(row.id, row)
        given = answers.setdefault(row.id, [])
        if row.initiative_id is not None:
            answer = read_answer(row.initiative_id, row.revision, row.content, row.health, row.by, row.at)
            given.append(replace(answer, first_at=row.first_at))
    return [_check_in(row, tuple(answers[id_])) for id_, row in rows.items()]


def _find(session: Session, statement: Select[*tuple[Any, ...]], **values: Any) -> CheckIn | None:
    found = _read(session, statement, **values)
    return found[-1] if found else None


def _check_in(row: Any, answers: tuple[Answer, ...]) -> CheckIn:
    return CheckIn(
        id=row.id,
        workspace_id=row.workspace_id,
        strategy_id=row.strategy_id,
        person_id=row.person_id,
        period=Week.parse(row.period),
        state=CheckInState(row.state),
        due_at=row.due_at,
        answers=answers,
        digest_id=row.digest_id,
        message_id=row.message_id,
        reminder_message_id=row.reminder_message_id,
        snoozed_until=row.snoozed_until,
        closed_at=row.closed_at,
        told=read_told(row.told or {}),
    )

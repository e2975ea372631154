"""Looking back over weeks: what people were asked and said in each."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import Session

from domain.check_ins import CheckIn
from domain.periods import Week
from storage.check_ins.rows import ALL, ANSWER, ANSWERED, COLUMNS, IN_ORDER, OF_PERSON, read
from storage.models import AnswerRow, CheckInRow, DigestRow, RevisionRow
from storage.statements import is_of, points_at, table

_check_ins = table(CheckInRow)
_answers = table(AnswerRow)
_revisions = table(RevisionRow)
_digests = table(DigestRow)

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
_AROUND = OF_PERSON.where(
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
_HISTORY = ALL.where(
    *_OF_PEOPLE,
    or_(
        _check_ins.c.period >= bindparam("since"),
        tuple_(_check_ins.c.person_id, _check_ins.c.period).in_(_LAST_PERIODS),
    ),
)

_ASKED = select(_check_ins.c.person_id, _check_ins.c.due_at).where(
    *_OF_PEOPLE, _check_ins.c.message_id.is_not(None), _check_ins.c.due_at > bindparam("after")
)

_first_revisions = _revisions.alias("first_revisions")
_WITH_HISTORY = (
    select(*COLUMNS, *ANSWER, _first_revisions.c.at.label("first_at"), _digests.c.told)
    .select_from(
        ANSWERED.outerjoin(
            _first_revisions,
            and_(
                *(_first_revisions.c[column.name] == column for column in _answers.primary_key),
                _first_revisions.c.revision == 1,
            ),
        ).outerjoin(_digests, points_at(_check_ins, "digest_id", _digests))
    )
    .where(
        _check_ins.c.workspace_id == bindparam("workspace_id"),
        _check_ins.c.strategy_id == bindparam("strategy_id"),
    )
    .order_by(*IN_ORDER)
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


def list_since(session: Session, workspace_id: str, strategy_id: int, since: Week) -> list[CheckIn]:
    """All check-ins of a strategy from a period on, with their answers and what was told, in one statement."""
    return read(session, _SINCE, workspace_id=workspace_id, strategy_id=strategy_id, since=str(since))


def hold_unclosed(session: Session, workspace_id: str, strategy_id: int, person_ids: Collection[str]) -> None:
    """Nobody answers in these people's check-ins before this transaction ends; who had to wait reads them after this."""
    values = {"workspace_id": workspace_id, "strategy_id": strategy_id}
    session.execute(_HELD, {**values, "person_ids": tuple(person_ids)})


def list_unclosed(
    session: Session, workspace_id: str, strategy_id: int, person_ids: Collection[str]
) -> list[CheckIn]:
    """These people's whose week is not closed."""
    values = {"workspace_id": workspace_id, "strategy_id": strategy_id}
    return read(session, _UNCLOSED, person_ids=tuple(person_ids), **values)


def list_around(session: Session, check_in: CheckIn, since: Week, until: datetime) -> list[CheckIn]:
    """A check-in among the same person's others, the first due first: before it those from a period on, and the last
    one however old; after it those due until an instant.
    """
    return read(
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
    for check_in in read(session, _HISTORY, workspace_id=workspace_id, **values):
        history[check_in.person_id].append(check_in)
    return history


def list_asked_at(
    session: Session, workspace_id: str, strategy_id: int, person_ids: Collection[str], after: datetime
) -> dict[str, list[datetime]]:
    """For when each person got a prompt later than an instant."""
    values = {"strategy_id": strategy_id, "person_ids": tuple(person_ids), "after": after}
    asked: dict[str, list[datetime]] = {person_id: [] for person_id in person_ids}
    for row in session.execute(_ASKED, {"workspace_id": workspace_id, **values}):
        asked[row.person_id].append(row.due_at)
    return asked


def list_answered(
    session: Session, workspace_id: str, strategy_id: int, since: Week
) -> dict[tuple[int, Week], frozenset[str]]:
    """In whose check-ins each initiative has a health, by its id and period, from a period on."""
    is_its = points_at(_answers, "check_in_id", _check_ins) & _answers.c.health.is_not(None)
    said = select(_answers.c.initiative_id, _check_ins.c.period, _check_ins.c.person_id).join_from(
        _check_ins, _answers, is_its
    )
    which = (
        is_of(_check_ins, workspace_id, strategy_id=strategy_id),
        _check_ins.c.period >= str(since),
    )
    found: dict[tuple[int, Week], frozenset[str]] = {}
    for row in session.execute(said.where(*which)):
        key = (row.initiative_id, Week.parse(row.period))
        found[key] = found.get(key, frozenset()) | {row.person_id}
    return found

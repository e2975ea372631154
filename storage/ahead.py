"""What is dated ahead of the present, because the clock was wrong when it was written."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session

from domain.decisions import DecisionState
from domain.plans import A_WEEK, FOUR_WEEKS
from domain.rituals import Due, Ritual
from storage import confidence, rituals, signs
from storage.closed_weeks import reopen_weeks
from storage.database import mark_enqueued
from storage.delivery.outbox import State
from storage.models import (
    BetRow,
    CheckInRow,
    DecisionRow,
    DigestRow,
    DueRow,
    MessageRow,
    OccurrenceRow,
    OutboxRow,
    ReviewRow,
)
from storage.statements import Now, is_of, is_there, table

_due = table(DueRow)
_occurrences = table(OccurrenceRow)
_bets = table(BetRow)
_decisions = table(DecisionRow)
_digests = table(DigestRow)
_reviews = table(ReviewRow)
_check_ins = table(CheckInRow)
_outbox = table(OutboxRow)
_messages = table(MessageRow)
_NEWEST = 50
"""Messages among which the last one is that Slack has stamped; the newest may still wait to be sent."""
_ANY_ZONE = timedelta(days=2)
"""By how much a day's end may differ between zones, and a little more."""


@dataclass(frozen=True, slots=True)
class Claim:
    """An occurrence that happened, or so it says."""

    ritual: Ritual
    period: str
    person_id: str
    outcome: str


def has_ahead(
    workspace_id: ColumnElement[str], after: ColumnElement[datetime], now: Now
) -> ColumnElement[bool]:
    """Whether there is anything there that `list_strategies_ahead` or `list_far` would return."""
    happened = is_there(_occurrences.c.workspace_id == workspace_id, _occurrences.c.claimed_at > after)
    return or_(happened, is_there(_due.c.workspace_id == workspace_id, *_is_far(now)))


def list_strategies_ahead(session: Session, workspace_id: str, after: datetime) -> set[int]:
    """Strategies with an occurrence that happened later than `after`."""
    rows = select(_occurrences.c.strategy_id).where(
        _occurrences.c.workspace_id == workspace_id, _occurrences.c.claimed_at > after
    )
    # Asked to be distinct, both databases would read all there is in the order of the primary key.
    return set(session.scalars(rows))


def list_far(session: Session, workspace_id: str, now: datetime) -> list[Due]:
    """What is next due further ahead than it is after it has just happened, which a schedule seldom explains."""
    rows = session.execute(_FAR, _NOW.values(now) | {"its_workspace_id": workspace_id})
    return [rituals.read_due(row) for row in rows]


def _is_far(now: Now) -> tuple[ColumnElement[bool], ...]:
    earliest_ask = (
        select(func.min(_decisions.c.due))
        .where(
            _decisions.c.workspace_id == _due.c.workspace_id,
            _decisions.c.strategy_id == _due.c.strategy_id,
            _decisions.c.state == DecisionState.OPEN.value,
        )
        .scalar_subquery()
    )
    is_far = or_(
        _due.c.ritual.in_((Ritual.PROMPT, Ritual.DIGEST, Ritual.REVIEW_OUTCOME)),
        and_(_due.c.ritual == Ritual.REVIEW, _due.c.due_at > now + FOUR_WEEKS),
        and_(_due.c.ritual == Ritual.DECISIONS, earliest_ask < now.day(A_WEEK - _ANY_ZONE)),
    )
    return _due.c.due_at > now + A_WEEK, is_far


_NOW = Now()
_FAR = select(_due).where(_due.c.workspace_id == bindparam("its_workspace_id"), *_is_far(_NOW))


def find_last_stamp(session: Session, workspace_id: str) -> datetime | None:
    """When Slack last took a message of ours, by its own clock."""
    newest = (
        select(_messages.c.ts)
        .where(_messages.c.workspace_id == workspace_id)
        .order_by(_messages.c.id.desc())
        .limit(_NEWEST)
    )
    stamps = [float(ts) for ts in session.scalars(newest) if ts is not None]
    return datetime.fromtimestamp(max(stamps), UTC) if stamps else None


def list_claims(session: Session, workspace_id: str, strategy_id: int, after: datetime) -> list[Claim]:
    """What happened later than `after`."""
    rows = select(
        _occurrences.c.ritual, _occurrences.c.period, _occurrences.c.person_id, _occurrences.c.outcome
    ).where(
        is_of(_occurrences, workspace_id, strategy_id=strategy_id),
        _occurrences.c.claimed_at > after,
    )
    return [Claim(Ritual(row.ritual), *row[1:]) for row in session.execute(rows)]


def forget_claim(session: Session, workspace_id: str, strategy_id: int, claim: Claim) -> None:
    """It has not happened."""
    session.execute(
        delete(_occurrences).where(
            _occurrences.c.workspace_id == workspace_id,
            _occurrences.c.strategy_id == strategy_id,
            _occurrences.c.ritual == claim.ritual,
            _occurrences.c.period == claim.period,
            _occurrences.c.person_id == claim.person_id,
        )
    )


def redate(session: Session, workspace_id: str, strategy_id: int, after: datetime, now: datetime) -> None:
    """What did happen happened by now. A digest is final, and a week closed, only once its time has come: those are not."""
    for rows, column, values in (
        (_occurrences, _occurrences.c.claimed_at, {"claimed_at": now}),
        (_reviews, _reviews.c.posted_at, {"posted_at": now}),
        (_reviews, _reviews.c.closed_at, {"closed_at": now}),
        (_decisions, _decisions.c.decided_at, {"decided_at": now}),
        (_decisions, _decisions.c.reminded_at, {"reminded_at": now}),
        (_bets, _bets.c.made_at, {"made_at": now}),
        (_bets, _bets.c.looked_at, {"looked_at": now}),
    ):
        which = (is_of(rows, workspace_id, strategy_id=strategy_id), column > after)
        session.execute(update(rows).where(*which).values(**values))
    reopen_weeks(session, workspace_id, strategy_id, after)
    confidence.unsettle(session, workspace_id, after)
    signs.forget_ahead(session, workspace_id, strategy_id, after)
    early = (
        is_of(_digests, workspace_id, strategy_id=strategy_id),
        _digests.c.posted_at > after,
    )
    ids = session.scalars(select(_digests.c.id).where(*early)).all()
    if ids:
        covered = (_check_ins.c.workspace_id == workspace_id, _check_ins.c.digest_id.in_(ids))
        session.execute(update(_check_ins).where(*covered).values(digest_id=None))
        session.execute(update(_digests).where(*early).values(posted_at=now, is_final=False, told={}))


def list_happened(session: Session, due: Due, since: datetime) -> set[str]:
    """The periods of a ritual (and person) that have happened, those of the year of `since` and later."""
    rows = select(_occurrences.c.period).where(
        _occurrences.c.workspace_id == due.workspace_id,
        _occurrences.c.strategy_id == due.strategy_id,
        _occurrences.c.ritual == due.ritual,
        _occurrences.c.person_id == due.person_id,
        _occurrences.c.period >= str(since.year),
    )
    return set(session.scalars(rows))


def revive_expired(session: Session, workspace_id: str, now: datetime) -> None:
    """What was given up as too late, and is not."""
    which = (
        is_of(_outbox, workspace_id, state=State.EXPIRED),
        _outbox.c.expires_at > now,
    )
    session.execute(update(_outbox).where(*which).values(state=State.PENDING))
    mark_enqueued(session, workspace_id)

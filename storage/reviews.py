"""Reviews posted, what leads answered and chose in them, and owners' word on the core message."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from domain.periods import Month
from domain.reviews import Carried, Choice, LeadAnswer, LeadChoice, MessageCheck, Review
from domain.strategies import Strategy
from storage.ids import new_id
from storage.models import (
    CheckInRow,
    MessageCheckRevisionRow,
    MessageCheckRow,
    ReviewAnswerRow,
    ReviewChoiceRow,
    ReviewRow,
)
from storage.statements import add_revision, is_of, points_at, read_as, table, upsert

_reviews = table(ReviewRow)
_answers = table(ReviewAnswerRow)
_choices = table(ReviewChoiceRow)
_checks = table(MessageCheckRow)
_check_revisions = table(MessageCheckRevisionRow)
_check_ins = table(CheckInRow)

# Built once: building a statement costs several times what running it does.
_CHECKS_SINCE = (
    select(_checks)
    .join_from(_checks, _check_ins, points_at(_checks, "check_in_id", _check_ins))
    .where(
        _checks.c.workspace_id == bindparam("workspace_id"),
        _check_ins.c.strategy_id == bindparam("strategy_id"),
        _checks.c.at > bindparam("since"),
    )
    .order_by(_checks.c.at, _checks.c.initiative_id, _checks.c.channel)
)

_CHECKS_OF_CHECK_INS = select(_checks).where(
    _checks.c.workspace_id == bindparam("workspace_id"),
    _checks.c.check_in_id.in_(bindparam("check_in_ids", expanding=True)),
)

_CLOSED_AFTER = select(_reviews).where(
    _reviews.c.workspace_id == bindparam("workspace_id"),
    _reviews.c.strategy_id == bindparam("strategy_id"),
    _reviews.c.closed_at > bindparam("after"),
)


def find_review_by_id(session: Session, workspace_id: str, review_id: int) -> Review | None:
    return _first(session, is_of(_reviews, workspace_id, id=review_id))


def find_review(session: Session, workspace_id: str, strategy_id: int, period: Month) -> Review | None:
    return _first(
        session,
        is_of(_reviews, workspace_id, strategy_id=strategy_id, period=str(period)),
    )


def add_review(session: Session, review: Review) -> Review:
    """Add one that is open; it gets an id."""
    review = replace(review, id=new_id())
    session.execute(
        insert(_reviews).values(
            workspace_id=review.workspace_id,
            id=review.id,
            strategy_id=review.strategy_id,
            period=str(review.period),
            message_id=review.message_id,
            details=_details(review),
            posted_at=review.posted_at,
            ends_at=review.ends_at,
        )
    )
    return review


def list_open_reviews(session: Session, strategy: Strategy) -> list[Review]:
    """Those of a strategy whose outcome is still to be told, the earliest to end first."""
    is_open = (
        is_of(_reviews, strategy.workspace_id, strategy_id=strategy.id),
        _reviews.c.closed_at.is_(None),
    )
    rows = session.execute(select(_reviews).where(*is_open).order_by(_reviews.c.ends_at, _reviews.c.period))
    return [_review(row) for row in rows]


def list_closed_after(session: Session, strategy: Strategy, after: datetime) -> list[Review]:
    """Those of a strategy whose outcome was told later than that."""
    values = {"workspace_id": strategy.workspace_id, "strategy_id": strategy.id, "after": after}
    return [_review(row) for row in session.execute(_CLOSED_AFTER, values)]


def list_asked(session: Session, workspace_id: str, person_id: str) -> list[Review]:
    """Open ones in which a person is asked as a lead, the earliest to end first."""
    is_open = (_reviews.c.workspace_id == workspace_id, _reviews.c.closed_at.is_(None))
    rows = session.execute(select(_reviews).where(*is_open).order_by(_reviews.c.ends_at, _reviews.c.id))
    return [review for review in map(_review, rows) if person_id in review.lead_messages]


def save_review(session: Session, review: Review) -> None:
    """Its messages, when it ends, and whether it has."""
    values = {"details": _details(review), "ends_at": review.ends_at, "closed_at": review.closed_at}
    session.execute(update(_reviews).where(is_of(_reviews, review.workspace_id, id=review.id)).values(values))


def add_lead_answer(session: Session, review: Review, answer: LeadAnswer) -> None:
    """What the lead said before stays on record."""
    key = {"workspace_id": review.workspace_id, "id": new_id(), "review_id": review.id}
    session.execute(insert(_answers).values(asdict(answer) | key))


def list_lead_answers(session: Session, review: Review) -> dict[str, LeadAnswer]:
    """What stands, by lead, the first to answer first."""
    is_its = is_of(_answers, review.workspace_id, review_id=review.id)
    rows = session.execute(select(_answers).where(is_its).order_by(_answers.c.at, _answers.c.id))
    return {row.person_id: read_as(LeadAnswer, row) for row in rows}


def add_choice(session: Session, review: Review, choice: LeadChoice) -> None:
    """It stands from now on; what was chosen before stays on record."""
    key = {"workspace_id": review.workspace_id, "id": new_id(), "review_id": review.id}
    session.execute(insert(_choices).values(asdict(choice) | key | {"choice": choice.choice.value}))


def list_choices(session: Session, review: Review) -> dict[int, tuple[LeadChoice, ...]]:
    """By initiative; the last of each stands."""
    is_its = is_of(_choices, review.workspace_id, review_id=review.id)
    found: dict[int, tuple[LeadChoice, ...]] = {}
    for row in session.execute(select(_choices).where(is_its).order_by(_choices.c.at, _choices.c.id)):
        made = read_as(LeadChoice, row, choice=Choice(row.choice))
        found[row.initiative_id] = (*found.get(row.initiative_id, ()), made)
    return found


def save_checks(session: Session, workspace_id: str, checks: Sequence[MessageCheck]) -> None:
    """An owner's word on each channel; a later one takes its place, and what was said before is kept."""
    rows = [
        asdict(check) | {"workspace_id": workspace_id, "carried": check.carried.value} for check in checks
    ]
    upsert(session, _checks, rows, ("carried", "where_broke", "person_id", "at"))
    for row in rows:
        add_revision(session, _check_revisions, row)


def withdraw_checks(
    session: Session,
    workspace_id: str,
    check_in_id: int,
    channels: Collection[tuple[int, str]],
    person_id: str,
    at: datetime,
) -> None:
    """What was said of these (initiative id, channel) is taken back, and kept as it was."""
    for initiative_id, channel in channels:
        key = {"workspace_id": workspace_id, "check_in_id": check_in_id}
        key |= {"initiative_id": initiative_id, "channel": channel}
        session.execute(delete(_checks).where(*(_checks.c[name] == value for name, value in key.items())))
        taken_back = {"carried": None, "where_broke": "", "person_id": person_id, "at": at}
        add_revision(session, _check_revisions, key | taken_back)


def list_checks(session: Session, workspace_id: str, check_in_ids: Collection[int]) -> list[MessageCheck]:
    values = {"workspace_id": workspace_id, "check_in_ids": tuple(check_in_ids)}
    return [_check(row) for row in session.execute(_CHECKS_OF_CHECK_INS, values)]


def list_checks_since(
    session: Session, workspace_id: str, strategy_id: int, since: datetime
) -> list[MessageCheck]:
    """Those of a strategy given after an instant, oldest first."""
    values = {"workspace_id": workspace_id, "strategy_id": strategy_id, "since": since}
    return [_check(row) for row in session.execute(_CHECKS_SINCE, values)]


def _check(row: Any) -> MessageCheck:
    return read_as(MessageCheck, row, carried=Carried(row.carried))


def _details(review: Review) -> dict[str, Any]:
    return {
        "message_ids": list(review.details),
        "lead_messages": dict(review.lead_messages),
        "initiative_ids": list(review.initiative_ids),
        "reminded": list(review.reminded),
        "outcome_id": review.outcome_id,
        "reminders": dict(review.reminders),
    }


def _first(session: Session, *conditions: Any) -> Review | None:
    row = session.execute(select(_reviews).where(*conditions)).first()
    return None if row is None else _review(row)


def _review(row: Any) -> Review:
    return Review(
        row.id,
        row.workspace_id,
        row.strategy_id,
        Month.parse(row.period),
        row.message_id,
        tuple(row.details["message_ids"]),
        row.details["lead_messages"],
        row.posted_at,
        row.ends_at,
        row.closed_at,
        tuple(row.details.get("initiative_ids", ())),
        tuple(row.details.get("reminded", ())),
        row.details.get("outcome_id"),
        row.details.get("reminders", {}),
    )

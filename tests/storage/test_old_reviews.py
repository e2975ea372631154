"""Reviews kept before each knew its own end: the migration keeps what was promised, and forgets no outcome."""

from datetime import UTC, datetime, timedelta

from alembic import command
from sqlalchemy import JSON, Boolean, Connection, column, insert, select
from sqlalchemy import table as columns_of

from storage.database import make_engine
from storage.migrations import configure
from storage.models import DueRow, ReviewAnswerRow, ReviewChoiceRow, ReviewRow
from storage.statements import table
from storage.types import UtcDateTime

POSTED = datetime(2026, 11, 30, 12, tzinfo=UTC)
PLANNED = datetime(2026, 12, 8, 10, tzinfo=UTC)
BEFORE = "0005"
_OLD_REVIEWS = columns_of(
    "reviews",
    *map(column, ("workspace_id", "id", "strategy_id", "period", "message_id")),
    column("details", JSON),
    column("posted_at", UtcDateTime),
    column("closed_at", UtcDateTime),
)
_OLD_ANSWERS = columns_of(
    "review_answers",
    *map(column, ("workspace_id", "review_id", "person_id", "market")),
    column("still_holds", Boolean),
    column("at", UtcDateTime),
)
_OLD_CHOICES = columns_of(
    "review_choices",
    *map(column, ("workspace_id", "review_id", "person_id", "initiative_id", "choice", "evidence")),
    column("authority_holds", Boolean),
    column("at", UtcDateTime),
)


def _review(number: int, strategy: int, period: str, closed_at: datetime | None = None) -> dict[str, object]:
    return {
        "workspace_id": "T1",
        "id": number,
        "strategy_id": strategy,
        "period": period,
        "message_id": number,
        "details": {"message_ids": [], "lead_messages": {}},
        "posted_at": POSTED,
        "closed_at": closed_at,
    }


def _due(strategy: int, period: str) -> dict[str, object]:
    own = {"workspace_id": "T1", "strategy_id": strategy, "person_id": "", "period": period}
    return {**own, "ritual": "review_outcome", "due_at": PLANNED}


def _to(connection: Connection, revision: str) -> None:
    command.upgrade(configure(connection), revision)


def test_every_open_review_of_an_older_version_ends_as_it_was_planned_or_at_once(empty_url: str) -> None:
    engine = make_engine(empty_url)
    closed = POSTED + timedelta(days=3)
    with engine.begin() as connection:
        _to(connection, BEFORE)
        connection.execute(
            insert(_OLD_REVIEWS),
            [
                _review(1, 1, "2026-10", closed),
                _review(2, 1, "2026-11"),
                _review(3, 1, "2026-12"),
                _review(4, 2, "2026-11"),
            ],
        )
        connection.execute(insert(table(DueRow)), [_due(1, "2026-12")])
    with engine.begin() as connection:
        _to(connection, "0006")
        reviews, due = table(ReviewRow), table(DueRow)
        ends = connection.execute(select(reviews.c.id, reviews.c.ends_at).order_by(reviews.c.id)).all()
        planned = connection.execute(select(due.c.strategy_id, due.c.period, due.c.due_at)).all()
    engine.dispose()

    assert [tuple(one) for one in ends] == [(1, closed), (2, POSTED), (3, PLANNED), (4, POSTED)]
    assert sorted(tuple(one) for one in planned) == [(1, "2026-12", PLANNED), (2, "2026-11", POSTED)]


def test_what_leads_said_in_older_reviews_stays_when_it_gets_ids_of_its_own(empty_url: str) -> None:
    engine = make_engine(empty_url)
    said = {"workspace_id": "T1", "review_id": 2, "person_id": "UMAYA", "at": POSTED}
    answer = {**said, "still_holds": False, "market": "Pools closed"}
    chosen = [
        {
            **said,
            "initiative_id": 3,
            "choice": "stop",
            "evidence": "Nobody reads it",
            "authority_holds": None,
        },
        {**said, "initiative_id": 4, "choice": "continue", "evidence": "It grows", "authority_holds": True},
    ]
    with engine.begin() as connection:
        _to(connection, "0006")
        connection.execute(insert(_OLD_ANSWERS), [answer])
        connection.execute(insert(_OLD_CHOICES), chosen)
    with engine.begin() as connection:
        _to(connection, "0010")
        answers, choices = table(ReviewAnswerRow), table(ReviewChoiceRow)
        [answered] = connection.execute(select(answers)).mappings().all()
        kept = connection.execute(select(choices).order_by(choices.c.id)).mappings().all()
    engine.dispose()

    assert answer.items() <= dict(answered).items()
    assert len({row["id"] for row in kept}) == 2
    for before, row in zip(chosen, kept, strict=True):
        assert {**before, "changed": ""}.items() <= dict(row).items()

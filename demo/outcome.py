"""What stands recorded when the story is over, read from the bot's own database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy.orm import Session

from demo import expected, plan
from demo.stage import url_of
from domain.check_ins import Answer, CheckIn, CheckInState
from domain.decisions import Decision
from domain.initiatives import Initiative
from domain.periods import Month, Week
from domain.reviews import Review
from domain.strategies import Strategy
from storage import (
    answers,
    check_ins,
    closed_weeks,
    decisions,
    digests,
    initiatives,
    kickoffs,
    kpis,
    retrospectives,
    reviews,
    strategies,
)
from storage.database import Database

T = TypeVar("T")
WEEKS = tuple(Week.of(plan.FIRST_MONDAY).plus(number) for number in range(expected.WEEKS_PLAYED))


@dataclass(frozen=True, slots=True)
class Recorded:
    """One initiative in one week: every revision with a health, oldest first."""

    revisions: tuple[Answer, ...] = ()
    is_away: bool = False
    digest_at: datetime | None = None
    is_asked: bool = True

    @property
    def health(self) -> str:
        """A health's label, or what there is in place of one."""
        if not self.is_asked:
            return expected.CLOSED
        if not self.revisions:
            return expected.AWAY if self.is_away else expected.SILENT
        assert self.revisions[-1].health is not None
        return self.revisions[-1].health.label


Answers = Mapping[tuple[str, Week], Recorded]
"""By initiative name and week; none where its owner was not asked."""
NOT_ASKED = Recorded(is_asked=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`reviews` holds what was decided for each initiative by month; `readings` the values of each KPI by week."""

    answers: Answers
    decisions: tuple[Decision, ...]
    reviews: Mapping[str, tuple[Review, Mapping[str, str]]]
    readings: Mapping[str, Mapping[Week, str]]
    paces: Mapping[str, Mapping[Week, str]]
    """How each KPI stood, by closed week."""
    learnings: tuple[str, ...]
    unconfirmed: int


def read_outcome(database: Path, workspace_id: str) -> Outcome:
    return read_from(database, _read, workspace_id)


def read_from(database: Path, read: Callable[[Session, str], T], workspace_id: str) -> T:
    """What is read of the bot's own database."""
    opened = Database.open(url_of(database), migrate=False)
    try:
        return opened.run(read, workspace_id)
    finally:
        opened.close()


def _read(session: Session, workspace_id: str) -> Outcome:
    [strategy] = strategies.list_strategies(session, workspace_id)
    listing = initiatives.list_initiatives(session, workspace_id, strategy.id, include_closed=True)
    listed = {initiative.id: initiative for initiative in listing}
    asked = kickoffs.list_confirmations(session, workspace_id, list(listed))
    return Outcome(
        _answers(session, strategy, listed),
        tuple(decisions.list_decisions(session, workspace_id, strategy.id)),
        _reviews(session, strategy, listed),
        _readings(session, strategy),
        _paces(session, strategy),
        tuple(
            learning.text for learning in retrospectives.list_learnings(session, workspace_id, strategy.id)
        ),
        sum(one.is_awaited for confirmations in asked.values() for one in confirmations),
    )


def _answers(session: Session, strategy: Strategy, listed: Mapping[int, Initiative]) -> Answers:
    found = {}
    for check_in in check_ins.list_since(session, strategy.workspace_id, strategy.id, WEEKS[0]):
        for answer in check_in.answers:
            initiative = listed[answer.initiative_id]
            found[initiative.name, check_in.period] = _recorded(session, strategy, check_in, initiative)
    return found


def _recorded(session: Session, strategy: Strategy, check_in: CheckIn, initiative: Initiative) -> Recorded:
    digest = digests.find_digest_of_period(session, strategy.workspace_id, strategy.id, check_in.period)
    revisions = answers.list_revisions(session, check_in, initiative.id)
    return Recorded(
        tuple(revision for revision in revisions if revision.health is not None),
        check_in.state is CheckInState.SKIPPED,
        digest.posted_at if digest else None,
    )


def _reviews(
    session: Session, strategy: Strategy, listed: Mapping[int, Initiative]
) -> dict[str, tuple[Review, Mapping[str, str]]]:
    found: dict[str, tuple[Review, Mapping[str, str]]] = {}
    for month in expected.REVIEWS:
        review = reviews.find_review(session, strategy.workspace_id, strategy.id, Month.parse(month))
        if review is not None:
            chosen = reviews.list_choices(session, review).items()
            found[month] = (review, {listed[id_].name: made[-1].choice.value for id_, made in chosen})
    return found


def _paces(session: Session, strategy: Strategy) -> dict[str, dict[Week, str]]:
    found: dict[str, dict[Week, str]] = {}
    for week in closed_weeks.list_closed_weeks(session, strategy.workspace_id, strategy.id, WEEKS[0]):
        for kpi in week.kpis:
            found.setdefault(kpi.name, {})[week.period] = kpi.pace.value
    return found


def _readings(session: Session, strategy: Strategy) -> dict[str, dict[Week, str]]:
    return {
        kpi.name: {Week.of(one.on): f"{one.value:,.0f}" for one in kpi.readings}
        for kpi in kpis.list_kpis(session, strategy.workspace_id, strategy.id)
    }

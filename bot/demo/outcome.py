"""What stands recorded when the story is over, read from the bot's own database, and whether it is as it must be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from bot.demo import plan
from domain.check_ins import Answer, CheckIn, CheckInState
from domain.initiatives import Initiative
from domain.periods import Week
from domain.strategies import Strategy
from storage import check_ins, digests, initiatives, strategies
from storage.database import Database

WEEKS = tuple(Week.of(plan.FIRST_MONDAY).plus(number) for number in range(4))


@dataclass(frozen=True, slots=True)
class Recorded:
    """One initiative in one week: every revision with a health, oldest first."""

    revisions: tuple[Answer, ...] = ()
    is_away: bool = False
    digest_at: datetime | None = None

    @property
    def health(self) -> str:
        """A health's label, "away" or "silent"."""
        if not self.revisions:
            return "away" if self.is_away else "silent"
        assert self.revisions[-1].health is not None
        return self.revisions[-1].health.label


Outcome = Mapping[tuple[str, Week], Recorded]
"""By initiative name and week."""


def read_outcome(database: Path, workspace_id: str) -> Outcome:
    opened = Database.open(f"sqlite:///{database.resolve()}", migrate=False)
    try:
        return opened.run(_read, workspace_id)
    finally:
        opened.close()


def _read(session: Session, workspace_id: str) -> Outcome:
    [strategy] = strategies.list_strategies(session, workspace_id)
    listed = {i.id: i for i in initiatives.list_initiatives(session, workspace_id, strategy.id)}
    outcome = {}
    for check_in in check_ins.list_since(session, workspace_id, strategy.id, WEEKS[0]):
        for answer in check_in.answers:
            initiative = listed[answer.initiative_id]
            outcome[initiative.name, check_in.period] = _recorded(session, strategy, check_in, initiative)
    return outcome


def _recorded(session: Session, strategy: Strategy, check_in: CheckIn, initiative: Initiative) -> Recorded:
    digest = digests.find_digest_of_period(session, strategy.workspace_id, strategy.id, check_in.period)
    revisions = check_ins.list_revisions(session, check_in, initiative.id)
    return Recorded(
        tuple(revision for revision in revisions if revision.health is not None),
        check_in.state is CheckInState.SKIPPED,
        digest.posted_at if digest else None,
    )


def list_problems(outcome: Outcome, counts: Mapping[tuple[str, str], int], ways: set[str]) -> list[str]:
    """A sentence for each thing that is not as the plan says."""
    problems = [f"Nobody answered by “{way}”." for way in plan.WAYS if way not in ways]
    for name, healths in plan.HEALTHS.items():
        for week, health in zip(WEEKS, healths, strict=True):
            found = outcome.get((name, week), Recorded()).health
            if found != health:
                problems.append(f"{name} should be {health} in {week} and is {found}.")
    expected = {
        **{
            (first, str(week)): n
            for first, ns in plan.MESSAGES.items()
            for week, n in zip(WEEKS, ns, strict=True)
        },
        **{(f"#{plan.CHANNEL}", str(week)): 1 for week in WEEKS},
    }
    problems += [
        f"Messages to {who} in {week} should be {expected.get((who, week), 0)} and are {counts.get((who, week), 0)}."
        for who, week in sorted(expected.keys() | counts.keys())
        if counts.get((who, week), 0) != expected.get((who, week), 0)
    ]
    return problems

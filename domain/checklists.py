"""How far a new strategy has come: the four steps from its set-up to its first digest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.initiatives import Initiative, Status
from domain.kpis import MIN_KPIS, Kpi, unserved_goals
from domain.strategies import MIN_INITIATIVES, Strategy


class ChecklistStep(StrEnum):
    PLAN = "plan"
    KICKOFF = "kickoff"
    CHECK_IN = "first check-in"
    DIGEST = "first digest"


@dataclass(frozen=True, slots=True)
class Progress:
    """What stands recorded of a strategy; `initiatives` are those not closed."""

    strategy: Strategy
    initiatives: Sequence[Initiative] = ()
    kpis: Sequence[Kpi] = ()
    ownerless: frozenset[int] = frozenset()
    """Ids of initiatives whose owner has left."""
    awaited: tuple[str, ...] = ()
    """Names of those who have still to say yes at a kickoff."""
    declined: tuple[str, ...] = ()
    """Names of those who said no, in whose place nobody has been asked yet."""
    is_asked: bool = False
    """Owners were asked and can still answer before the digest."""
    prompt_at: datetime | None = None
    """When the first owner is asked next, by their own clock."""
    is_answered: bool = False
    digest_at: datetime | None = None
    """When the first digest comes, by the strategy's clock, where that is known."""
    is_posted: bool = False

    @property
    def counted(self) -> tuple[Initiative, ...]:
        """Those that are proposed or active."""
        return tuple(one for one in self.initiatives if one.status.counts_toward_limit)

    @property
    def active(self) -> tuple[Initiative, ...]:
        return tuple(one for one in self.counted if one.status is Status.ACTIVE)

    @property
    def done(self) -> tuple[ChecklistStep, ...]:
        """In their order, which need not be the order in which they are done."""
        enough = len(self.counted) >= MIN_INITIATIVES and len(self.kpis) >= MIN_KPIS
        is_done = {
            ChecklistStep.PLAN: enough
            and not unserved_goals(self.strategy.goals, self.initiatives, self.kpis),
            ChecklistStep.KICKOFF: bool(self.counted) and len(self.active) == len(self.counted),
            ChecklistStep.CHECK_IN: self.is_answered,
            ChecklistStep.DIGEST: self.is_posted,
        }
        return tuple(step for step in ChecklistStep if is_done[step])

    @property
    def next(self) -> ChecklistStep | None:
        """The first that is open."""
        return next((step for step in ChecklistStep if step not in self.done), None)

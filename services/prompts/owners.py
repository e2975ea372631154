"""Owners of a strategy who are due together, with all that it takes to ask them, loaded for all of them at once.

On a Monday morning everybody is due.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.absences import Absence
from domain.check_ins import WEEKS_OF_BLOCKERS, CheckIn
from domain.initiatives import Initiative
from domain.kpis import Kpi
from domain.people import Person
from domain.periods import Week
from domain.rituals import Due
from domain.strategies import Strategy
from services.check_ins.answering import Answered, answering, find_answered, list_answerable
from services.check_ins.prompts import build_prompts
from storage import absences, check_ins, kpis, people
from views.check_ins.prompts import Prompt


@dataclass(frozen=True, slots=True)
class Owners:
    """Owners of a strategy by id, with what there is to ask them; `listing` is what they can answer for."""

    strategy: Strategy
    people: Mapping[str, Person]
    listing: Sequence[Initiative]
    reported: Sequence[Kpi]
    absences: Mapping[str, Sequence[Absence]]
    history: Mapping[str, Sequence[CheckIn]]
    """The check-ins of each, the first due first."""
    answered: Answered

    def previous(self, person_id: str, before: datetime) -> CheckIn | None:
        return next((one for one in reversed(self.history[person_id]) if one.due_at < before), None)

    def of_week(self, person_id: str, week: Week) -> CheckIn | None:
        return next((one for one in self.history[person_id] if one.period == week), None)

    def with_check_ins(self, saved: Sequence[CheckIn]) -> "Owners":
        history = dict(self.history)
        for check_in in saved:
            others = [one for one in history[check_in.person_id] if one.id != check_in.id]
            history[check_in.person_id] = sorted([*others, check_in], key=lambda one: (one.due_at, one.id))
        return replace(self, history=history)

    def prompts(
        self, session: Session, shown: Sequence[CheckIn], now: datetime, closed: Collection[int] = ()
    ) -> list[Prompt]:
        """As `build_prompts`."""
        with_answers = [
            answering(
                self.strategy,
                one,
                self.people[one.person_id],
                around=self.history[one.person_id],
                listing=self.listing,
                answered=self.answered,
            )
            for one in shown
        ]
        return build_prompts(
            session, with_answers, now, closed, reported=self.reported, planned=self.absences
        )


def load_owners(session: Session, strategy: Strategy, dues: Sequence[Due]) -> Owners:
    workspace_id, ids = strategy.workspace_id, [due.person_id for due in dues]
    # The prompt of the week before is shown once more, with what was in its own past.
    since = min(Week.parse(due.period) for due in dues).plus(-WEEKS_OF_BLOCKERS - 1)
    owners = people.list_people(session, workspace_id, ids)
    history = check_ins.list_history(session, workspace_id, strategy.id, ids, since)
    latest = [one for theirs in history.values() for one in theirs[-2:]]
    listing = list_answerable(session, strategy, owners.values(), latest)
    first = min(due.due_at for due in dues)
    return Owners(
        strategy,
        owners,
        listing,
        kpis.list_owned_kpis(session, workspace_id, strategy.id, ids),
        absences.list_absences(session, workspace_id, ids),
        history,
        find_answered(session, strategy, listing, first, since.plus(WEEKS_OF_BLOCKERS)),
    )

"""What stands recorded of a strategy's weeks, for Home and the monthly review."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.periods import Week
from domain.rhythms import RhythmMaterial
from domain.schedules import local_day
from domain.strategies import Strategy
from storage import absences, check_ins, closed_weeks, decisions, initiatives, kpis, people, signs

WEEKS_OF_HISTORY = 52


def gather_rhythm(session: Session, strategy: Strategy, now: datetime) -> RhythmMaterial:
    """A year of it, in eight statements however much there is; one or two more where signs of slipping are told."""
    workspace_id = strategy.workspace_id
    since = Week.of(local_day(now, strategy.zone)).plus(-WEEKS_OF_HISTORY)
    history = check_ins.list_since(session, workspace_id, strategy.id, since)
    due = tuple(check_in for check_in in history if check_in.due_at <= now)
    listed = initiatives.list_initiatives(session, workspace_id, strategy.id, include_closed=True)
    owners = {one.owner_id for one in listed} | {check_in.person_id for check_in in due}
    known = RhythmMaterial(
        strategy,
        now,
        tuple(listed),
        due,
        people.list_people(session, workspace_id, owners),
        absences.list_absences(session, workspace_id, owners),
        tuple(kpis.list_kpis(session, workspace_id, strategy.id, include_retired=True)),
        tuple(decisions.list_decisions(session, workspace_id, strategy.id)),
        closed_weeks.list_closed_weeks(session, workspace_id, strategy.id, since),
        signs.list_courses(session, workspace_id, strategy.channel_id),
    )
    told_of = known.told_of
    if not told_of:
        return known
    read = {one.id: one for one in initiatives.read_metrics(session, workspace_id, told_of, strategy.zone)}
    return replace(known, initiatives=tuple(read.get(one.id, one) for one in listed))

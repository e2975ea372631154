"""What is known of what a decision should move: when it was decided, and when it is looked at again."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from domain.bets import Bet, Known, compared, know_initiative, know_kpi, last_weeks
from domain.decisions import Decision
from domain.initiatives import Initiative
from domain.kpis import Kpi
from domain.rhythms import record_of
from domain.schedules import local_day
from domain.strategies import Strategy
from services.rhythms import gather_rhythm
from storage import initiatives, kpis


def find_then(
    session: Session,
    strategy: Strategy,
    decision: Decision,
    about: Kpi | Initiative,
    look_on: date,
    now: datetime,
) -> Known:
    """As of the decision, whenever it is written down: later readings, plans and answers are left out."""
    at = decision.decided_at or now
    on = local_day(at, strategy.zone)
    if isinstance(about, Kpi):
        known = kpis.list_kpis(session, strategy.workspace_id, strategy.id, until=at)
        then = next(one for one in known if one.id == about.id)
        return know_kpi(then.as_of(at), on, look_on)
    return last_weeks(_know_initiative(session, strategy, about, on, look_on, now))


def find_now(session: Session, strategy: Strategy, bet: Bet, now: datetime) -> Known:
    """As of today, or of the day to look again, where that has passed."""
    on = min(local_day(now, strategy.zone), bet.look_on)
    if bet.kpi_id is not None:
        kpi = kpis.get_kpi(session, strategy.workspace_id, bet.kpi_id)
        return compared(bet.then, know_kpi(kpi, on, bet.look_on))
    assert bet.initiative_id is not None
    initiative = initiatives.get_initiative(session, strategy.workspace_id, bet.initiative_id)
    return compared(bet.then, _know_initiative(session, strategy, initiative, on, bet.look_on, now))


def _know_initiative(
    session: Session, strategy: Strategy, initiative: Initiative, on: date, look_on: date, now: datetime
) -> Known:
    rhythm = gather_rhythm(session, strategy, now)
    by_week = record_of(rhythm, rhythm.check_ins).by_week(initiative.id)
    [read] = initiatives.read_metrics(session, strategy.workspace_id, [initiative], strategy.zone)
    return know_initiative(read, by_week, on, look_on)

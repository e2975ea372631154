"""Closing weeks: when somebody's next prompt is due, asked or not, what the week left is kept for good."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from domain.absences import Absence, is_away
from domain.check_ins import CheckIn
from domain.closed_weeks import ClosedWeek, Closing, close_week
from domain.initiatives import Initiative
from domain.kpis import Kpi
from domain.people import Person
from domain.periods import Week
from domain.schedules import local_day, prompt_instant
from domain.strategies import Strategy, current_week, digest_after
from storage import absences, check_ins, closed_weeks, initiatives

MOST_MISSED = 52
"""Weeks closed at once after a time down."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Whose prompt for a period is due: what came before ends. `owned` and `kpis` are theirs in the strategy, with what was read of them."""

    person: Person
    period: Week
    owned: Sequence[Initiative]
    kpis: Sequence[Kpi]


def close_weeks(session: Session, strategy: Strategy, endings: Sequence[Ending], now: datetime) -> None:
    """Keep what the weeks before left with these people, whose check-ins are held; what is kept already stays."""
    workspace_id = strategy.workspace_id
    still_open = check_ins.list_unclosed(
        session, workspace_id, strategy.id, [ending.person.id for ending in endings]
    )
    named = _load_named(session, strategy, endings, still_open)
    unsaid = {check_in.person_id for check_in in still_open if _is_untold(check_in)}
    gone = absences.list_absences(session, workspace_id, unsaid) if unsaid else {}
    kept: list[ClosedWeek] = []
    closed: list[int] = []
    for ending in endings:
        before = max(ending.period, current_week(strategy, ending.person.zone, now))
        theirs = {c.period: c for c in still_open if c.person_id == ending.person.id and c.period < before}
        closed += [check_in.id for check_in in theirs.values()]
        for week in sorted({*_between(ending.period.previous(), before), *theirs}):
            closing = _closing(strategy, ending, week, theirs.get(week), named, gone)
            kept.append(close_week(closing, now))
    told = [week for week in kept if week.state or week.initiatives or week.kpis]
    closed_weeks.save_closed_weeks(session, workspace_id, strategy.id, told)
    if closed:
        closed_weeks.close_check_ins(session, workspace_id, closed, now)


def _load_named(
    session: Session, strategy: Strategy, endings: Sequence[Ending], still_open: Sequence[CheckIn]
) -> dict[int, Initiative]:
    """What the weeks are about, with what was read of their metrics but for what was said early, for the week to come."""
    workspace_id = strategy.workspace_id
    own = {one.id: one for ending in endings for one in ending.owned}
    others = {id_ for check_in in still_open for id_ in _about(check_in)} - set(own)
    to_read = list(initiatives.list_by_id(session, workspace_id, others).values()) if others else []
    last = max(ending.period for ending in endings).previous()
    if any(c.period > last and any(answer.readings for answer in c.answers) for c in still_open):
        to_read += own.values()
    read = (
        initiatives.read_metrics(session, workspace_id, to_read, strategy.zone, until=last) if to_read else []
    )
    return own | {one.id: one for one in read}


def _between(first: Week, before: Week) -> Iterator[Week]:
    for number in range(min(first.weeks_until(before), MOST_MISSED)):
        yield before.plus(-1 - number)


def _closing(
    strategy: Strategy,
    ending: Ending,
    week: Week,
    check_in: CheckIn | None,
    named: Mapping[int, Initiative],
    gone: Mapping[str, Sequence[Absence]],
) -> Closing:
    person, following = ending.person, week.next()
    began_at = prompt_instant(strategy.schedule_for(week), week, person.zone)
    digest_at = digest_after(strategy, check_in.due_at if check_in else began_at)[1]
    about = {one.id for one in ending.owned} | set(_about(check_in) if check_in else ())
    return Closing(
        person.id,
        person.zone,
        week,
        began_at,
        prompt_instant(strategy.schedule_for(following), following, person.zone),
        digest_at,
        {id_: named[id_] for id_ in about if id_ in named},
        check_in,
        tuple(ending.kpis),
        is_away=is_away(local_day(digest_at, person.zone), gone.get(person.id, ())),
        is_paused=strategy.paused_at is not None,
        was_missed=week >= ending.period,
    )


def _about(check_in: CheckIn) -> Iterable[int]:
    """Which initiatives it is known to have been about."""
    yield from (answer.initiative_id for answer in check_in.answers)
    yield from (id_ for id_, told in check_in.told.items() if told.owner_id == check_in.person_id)


def _is_untold(check_in: CheckIn) -> bool:
    """Whether something was left unanswered that no digest told of."""
    return any(id_ not in check_in.told for id_ in check_in.missing)

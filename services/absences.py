"""Absences: when somebody is away and which days they work, and what that does to what they are asked."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from domain.absences import Absence, is_away
from domain.acts import Act, ActKind
from domain.errors import DomainError
from domain.people import Person
from domain.periods import Week
from domain.schedules import local_day
from domain.words import full_day
from services.check_ins.prompts import redraw_open_check_ins
from services.digests import tell_away_later
from services.planning import plan_decisions
from storage import absences, acts, decisions, people, strategies
from storage.delivery import outbox
from views.absences import AwayForm, back_sentence, not_away_sentence, which_sentence


def list_planned(session: Session, person: Person, now: datetime) -> list[Absence]:
    """Those that are yet to begin, the next first."""
    theirs = absences.list_absences(session, person.workspace_id, [person.id])[person.id]
    return [absence for absence in theirs if absence.first > local_day(now, person.zone)]


def record_absence(session: Session, person: Person, absence: Absence, now: datetime) -> tuple[Week, ...]:
    """Returns the weeks of which a digest has told before that they said nothing."""
    absences.add_absence(session, person.workspace_id, person.id, absence)
    _record(session, person, ActKind.AWAY, now, after=_days(absence))
    _follow(session, person, now)
    return tell_away_later(session, person, absence, now)


def record_form(session: Session, person: Person, form: AwayForm, now: datetime) -> tuple[Week, ...]:
    """The days they work, and the days they are away or, after all, are not; returns as `record_absence`."""
    if form.pattern != person.work_pattern:
        people.save_work_pattern(session, person.workspace_id, person.id, form.pattern)
        _record(session, person, ActKind.WORKING_DAYS, now)
    _cancel(session, person, form.cancelled, now)
    if form.absence is not None:
        return record_absence(session, person, form.absence, now)
    _follow(session, person, now)
    return ()


def end_absence(session: Session, person: Person, day: date | None, now: datetime) -> str:
    """They are back today, or will not be away on a day to come; returns the sentence for them.

    Who is not away and does not say which day has the one absence that is planned cancelled. Raises DomainError where
    it is not clear which one is meant.
    """
    today = local_day(now, person.zone)
    ended: tuple[Absence, ...] = ()
    if day is None or day == today:
        ended = absences.end_absences(session, person.workspace_id, person.id, today)
        for one in ended:
            _record(session, person, ActKind.BACK, now, before=_days(one))
    planned = list_planned(session, person, now)
    cancelled = [] if ended else _meant(planned, day, today)
    _cancel(session, person, cancelled, now)
    waiting = _follow(session, person, now)
    left = [absence for absence in planned if absence not in cancelled]
    return back_sentence(ended, cancelled, left, today, is_asked=waiting)


def _cancel(session: Session, person: Person, cancelled: Sequence[Absence], now: datetime) -> None:
    absences.cancel_absences(session, person.workspace_id, person.id, [one.first for one in cancelled])
    for one in cancelled:
        _record(session, person, ActKind.BACK, now, before=_days(one))


def _record(
    session: Session, person: Person, kind: ActKind, now: datetime, *, before: str = "", after: str = ""
) -> None:
    """In every strategy they take part in, whose leads reckon with it; else of none."""
    theirs = strategies.list_strategies_of(session, person.workspace_id, person.id)
    ids: list[int | None] = [one.id for one in theirs]
    for strategy_id in ids or [None]:
        act = Act(kind, person.id, now, before=before, after=after)
        acts.add_act(session, person.workspace_id, strategy_id, act)


def _days(absence: Absence) -> str:
    if absence.last is None:
        return f"from {full_day(absence.first)} on"
    if absence.last == absence.first:
        return full_day(absence.first)
    return f"{full_day(absence.first)} to {full_day(absence.last)}"


def _follow(session: Session, person: Person, now: datetime) -> bool:
    """What they are asked and reminded of follows their days; whether anything waits for them this week."""
    asked = decisions.list_for_decider(session, person.workspace_id, person.id)
    for strategy_id in sorted({decision.strategy_id for decision in asked}):
        plan_decisions(session, strategies.get_strategy(session, person.workspace_id, strategy_id), now)
    outbox.look_again(session, person.workspace_id, person.id, now)
    return redraw_open_check_ins(session, person, now)


def _meant(planned: Sequence[Absence], day: date | None, today: date) -> list[Absence]:
    meant = [absence for absence in planned if day is None or is_away(day, [absence])]
    if day is not None and not meant:
        raise DomainError(not_away_sentence(day, planned, today))
    if len(meant) > 1:
        raise DomainError(which_sentence(meant, today))
    return meant

"""Signals: whom a prompt asks about an unlike reading, and what they say happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from domain.acts import Act, ActKind, day_of
from domain.check_ins import CheckIn
from domain.errors import DomainError
from domain.kpis import Kpi
from domain.people import Person
from domain.schedules import local_day
from domain.signals import Said, Signal, latest_signal
from domain.strategies import Strategy
from services.check_ins.answering import build_answering, is_check_in_open
from services.check_ins.prompts import redraw_check_in
from services.references import Request, explain_signal
from services.reviews.posting import redraw_open_reviews
from storage import acts, check_ins, kpis, people, reviews, signals


@dataclass(frozen=True, slots=True)
class Explaining:
    """A signal and who says what happened: whoever was asked, or a lead."""

    actor: Person
    strategy: Strategy
    signal: Signal
    kpi: Kpi


def ask_about_signals(
    session: Session,
    asked: Sequence[CheckIn],
    owners: Mapping[str, Person],
    reported: Sequence[Kpi],
    now: datetime,
) -> None:
    """With these check-ins their owners are asked about the latest signal of each KPI, once."""
    found = []
    for check_in in asked:
        today = local_day(now, owners[check_in.person_id].zone)
        for kpi in (one for one in reported if one.owner_id == check_in.person_id):
            unlike = latest_signal(kpi.plan, kpi.readings, today, is_percent=kpi.is_percent)
            if unlike is not None:
                where = (check_in.workspace_id, check_in.strategy_id, kpi.id)
                found.append(Signal(0, *where, unlike, check_in.person_id, check_in.id, now))
    signals.add_signals(session, found)


def load_explaining(session: Session, request: Request, signal_id: int) -> Explaining:
    """Raises DomainError where there is nothing to say any more."""
    actor, strategy, signal = explain_signal(session, request, signal_id)
    kpi = kpis.get_kpi(session, strategy.workspace_id, signal.kpi_id)
    if not signal.stands(kpi.readings):
        raise DomainError(
            f"This reading of {kpi.name} was corrected or taken back, so nothing is asked about it."
        )
    for review in reviews.list_closed_after(session, strategy, signal.asked_at):
        if review.posted_at > signal.asked_at:
            raise DomainError(
                f"The review of {review.period.day(1):%B} is over, and what stood in it stays as it was."
            )
    return Explaining(actor, strategy, signal, kpi)


def record_words(session: Session, explaining: Explaining, words: str, now: datetime) -> None:
    """They show in the prompt that asked, and in a review that is open; "" takes back what was said."""
    signal, strategy = explaining.signal, explaining.strategy
    if words == (signal.said.words if signal.said else ""):
        return
    signals.add_words(session, signal, Said(words, explaining.actor.id, now))
    about = day_of(explaining.kpi.name, signal.unlike.on, now)
    act = Act(ActKind.EXPLAINED, explaining.actor.id, now, about, thing_id=signal.kpi_id)
    acts.add_act(session, strategy.workspace_id, strategy.id, act)
    check_in = check_ins.find_check_in(session, strategy.workspace_id, signal.check_in_id)
    if check_in is not None:
        owner = people.get_person(session, strategy.workspace_id, check_in.person_id)
        ctx = build_answering(session, strategy, check_in, owner)
        redraw_check_in(session, ctx, now, is_open=is_check_in_open(session, check_in, now))
    redraw_open_reviews(session, strategy, now)

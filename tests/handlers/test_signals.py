"""Signals in the weeks of many owners: each is asked about once, with what is asked anyway, for all of them together."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.absences import Absence
from domain.errors import DomainError
from domain.kpis import CSV, Kpi, KpiReading
from domain.people import Actor
from domain.signals import Signal
from domain.strategies import Strategy
from handlers.requests import Click, Form, Submission
from handlers.signals import open_form, submit
from services.readings import withdraw_reading
from services.rituals import list_due_together, perform_rituals
from services.signals import load_explaining, record_words
from storage import absences, kpis, people, signals
from storage.database import Database
from storage.models import InitiativeRow, OutboxRow
from tests.support.owners import FIRST, TEAM, fill, live, minute
from tests.support.statements import counted
from views.slack.fields import as_filled_in

OWNERS = ["U0", "U1", "U2"]
USUAL = (310, 322, 305, 318, 331, 309, 316, 327, 304, 315, 326)
NINE = minute(FIRST)
WEEK = timedelta(weeks=1)
BEFORE = datetime(2026, 1, 1, tzinfo=UTC)


def read_for_weeks(session: Session, strategy: Strategy, unlike: Collection[str]) -> dict[str, Kpi]:
    """Each owner's KPI has twelve readings, the last one three days before the first prompt."""
    kept = {kpi.owner_id: kpi for kpi in kpis.list_kpis(session, TEAM, strategy.id)}
    for owner_id, kpi in kept.items():
        begun = replace(kpi, baseline=Decimal(315), baseline_on=date(2026, 8, 31))
        kpis.save_kpi(session, begun)
        values = (*USUAL, 180 if owner_id in unlike else 324)
        days = [date(2026, 11, 20) - back * WEEK for back in reversed(range(len(values)))]
        given = [
            KpiReading(0, kpi.id, on, Decimal(value), CSV, "", None, NINE - timedelta(days=3))
            for on, value in zip(days, values, strict=True)
        ]
        kpis.add_readings(session, TEAM, given)
    return kept


def prompt(session: Session, at: datetime) -> None:
    [dues] = list_due_together(session, TEAM, at)
    perform_rituals(session, dues, at, wait=True)


def asked(session: Session, strategy: Strategy) -> list[Signal]:
    return signals.list_since(session, TEAM, strategy.id, BEFORE)


def begun(session: Session, unlike: Collection[str] = ("U1",)) -> Strategy:
    strategy = fill(session, OWNERS)
    read_for_weeks(session, strategy, unlike)
    prompt(session, NINE)
    return strategy


def sent_to(session: Session) -> dict[str, str]:
    rows = session.execute(select(OutboxRow.target, OutboxRow.payload))
    return {row.target: str(row.payload) for row in rows}


def press(signal: Signal, person_id: str) -> Click:
    return Click(Actor(TEAM, person_id, TEAM), "signal.open", str(signal.id), "trigger", "D1")


def test_who_has_a_signal_is_asked_with_their_prompt_and_nobody_else(database: Database) -> None:
    def act(session: Session) -> None:
        strategy = begun(session)
        [signal] = asked(session, strategy)
        assert (signal.owner_id, signal.unlike.value, signal.asked_at) == ("U1", Decimal(180), NINE)
        told = sent_to(session)
        assert sorted(told) == OWNERS
        assert [owner_id for owner_id, said in told.items() if "what happened?" in said] == ["U1"]

    database.run(act)


def test_the_next_week_asks_no_more_about_it(database: Database) -> None:
    def act(session: Session) -> None:
        strategy = begun(session)
        before = asked(session, strategy)
        live(session, strategy, FIRST)
        prompt(session, NINE + WEEK)
        assert asked(session, strategy) == before
        posted = session.execute(select(OutboxRow.payload).where(OutboxRow.method == "chat.postMessage"))
        assert "what happened?" not in str(posted.all())

    database.run(act)


def test_who_was_away_is_asked_when_they_are_back_while_it_is_fresh(database: Database) -> None:
    def act(session: Session) -> None:
        strategy = fill(session, OWNERS)
        read_for_weeks(session, strategy, ("U1",))
        gone = Absence(date(2026, 11, 23), date(2026, 11, 27))
        absences.add_absence(session, TEAM, "U1", gone)
        prompt(session, NINE)
        assert asked(session, strategy) == []
        live(session, strategy, FIRST)
        prompt(session, NINE + WEEK)
        [signal] = asked(session, strategy)
        assert (signal.owner_id, signal.asked_at) == ("U1", NINE + WEEK)

    database.run(act)


def test_nobody_is_prompted_because_of_a_signal(database: Database) -> None:
    """Who has nothing to answer and no number to give this week is left alone."""

    def act(session: Session) -> None:
        strategy = fill(session, OWNERS)
        session.execute(delete(InitiativeRow).where(InitiativeRow.owner_id == "U1"))
        kept = read_for_weeks(session, strategy, ("U1",))
        kpis.save_kpi(session, replace(kept["U1"], retired_at=NINE - timedelta(days=1)))
        prompt(session, NINE)
        assert asked(session, strategy) == []
        assert sorted(sent_to(session)) == ["U0", "U2"]

    database.run(act)


def test_asking_all_of_them_costs_as_many_statements_as_asking_one(database: Database) -> None:
    def cost(session: Session, unlike: Collection[str]) -> int:
        strategy = fill(session, OWNERS)
        read_for_weeks(session, strategy, unlike)
        with counted(session) as sent:
            prompt(session, NINE)
        assert len(asked(session, strategy)) == len(unlike)
        session.rollback()
        return len(sent)

    one, three = (database.run(cost, unlike) for unlike in (OWNERS[:1], OWNERS))
    assert one == three


def test_owner_and_lead_may_both_say_it_and_every_version_is_kept(database: Database) -> None:
    def act(session: Session) -> None:
        strategy = begun(session)
        [signal] = asked(session, strategy)
        for minutes, (person_id, words) in enumerate([("U1", "A strike"), ("U0", "A strike at the printer")]):
            found = load_explaining(session, press(signal, person_id), signal.id)
            record_words(session, found, words, NINE + timedelta(minutes=minutes))
        [told] = asked(session, strategy)
        assert told.said is not None
        assert (told.said.words, told.said.person_id) == ("A strike at the printer", "U0")
        assert replace(told, said=None) == signal
        with pytest.raises(DomainError, match="Only who was asked what happened, or a lead"):
            load_explaining(session, press(signal, "U2"), signal.id)

    database.run(act)


def test_a_reading_taken_back_is_asked_about_no_more_but_what_was_said_of_it_stays(
    database: Database,
) -> None:
    def act(session: Session) -> None:
        strategy = begun(session, ("U1", "U2"))
        for signal in asked(session, strategy):
            owner = people.get_person(session, TEAM, signal.owner_id)
            if signal.owner_id == "U2":
                found = load_explaining(session, press(signal, "U2"), signal.id)
                record_words(session, found, "A strike", NINE)
            kpi = kpis.get_kpi(session, TEAM, signal.kpi_id)
            withdraw_reading(session, strategy, kpi.readings[-1], owner, NINE)
        first, second = sorted(asked(session, strategy), key=lambda one: one.owner_id)
        with pytest.raises(DomainError, match="was corrected or taken back, so nothing is asked"):
            load_explaining(session, press(first, "U1"), first.id)
        assert load_explaining(session, press(second, "U2"), second.id).signal == second
        assert "what happened?" not in sent_to(session)["U1"]

    database.run(act)


def test_a_form_that_nobody_touched_puts_back_nothing_that_was_said_since(database: Database) -> None:
    def run(session: Session) -> None:
        [signal] = asked(session, begun(session))
        opened = open_form(session, press(signal, "U1"), NINE)
        record_words(session, load_explaining(session, press(signal, "U1"), signal.id), "The gala", NINE)
        form = Form("V", "hash", "", opened["private_metadata"], as_filled_in(opened), opened)
        submit(session, Submission(Actor(TEAM, "U1", TEAM), form), NINE)
        found = signals.find_signal(session, TEAM, signal.id)
        assert found is not None
        assert found.said is not None
        assert found.said.words == "The gala"

    database.run(run)

"""A month has one review and a choice one fate, however many people and processes are at it in the same moment."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.errors import DomainError
from domain.initiatives import Status
from domain.people import Actor
from domain.periods import Month
from domain.reviews import Choice, Review
from domain.rituals import Due, Ritual
from domain.strategies import Strategy
from handlers.requests import Form, Submission
from handlers.reviews import submit_choice
from services.reviews.closing import perform_closing
from services.reviews.posting import post_review_early
from storage import initiatives, people, reviews, rituals, strategies
from storage.database import Database
from storage.models import OutboxRow
from tests.support.harbor_lights import INITIATIVES, MAYA, PEOPLE, RUTH, STRATEGY, TEAM
from views.reviews.forms import CHOICE_FORM, ChoiceRef

POSTED = datetime(2026, 12, 3, 12, tzinfo=UTC)
DECEMBER = Month(2026, 12)


@pytest.fixture
def strategy(database: Database) -> Strategy:
    """Led by Maya and Ruth, with one initiative."""

    def add(session: Session) -> Strategy:
        people.save_people(session, list(PEOPLE.values()))
        found = strategies.add_strategy(session, replace(STRATEGY, leads=(MAYA, RUTH)), POSTED)
        assert found is not None
        initiatives.add_initiative(session, replace(INITIATIVES[0], strategy_id=found.id), POSTED)
        return found

    return database.run(add)


@pytest.fixture
def review(database: Database, strategy: Strategy) -> Review:
    database.run(post_review_early, strategy, PEOPLE[MAYA], POSTED)
    found = database.run(reviews.find_review, TEAM, strategy.id, DECEMBER)
    assert found is not None
    return found


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run them in threads of their own; what each returned, or the sentence of its refusal."""
    results: list[Any] = [None] * len(calls)
    ready = threading.Barrier(len(calls))

    def run(number: int, call: Callable[[], Any]) -> None:
        ready.wait()
        try:
            results[number] = call()
        except DomainError as refusal:
            results[number] = str(refusal)

    threads = [threading.Thread(target=run, args=one) for one in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def said(database: Database, words: str) -> int:
    def read(session: Session) -> int:
        return sum(words in payload["text"] for payload in session.scalars(select(OutboxRow.payload)))

    return database.run(read)


def the_initiative(database: Database, strategy: Strategy) -> Any:
    [found] = database.run(initiatives.list_initiatives, TEAM, strategy.id, include_closed=True)
    return found


def chooses(database: Database, review: Review, initiative_id: int, lead: str, at: datetime) -> Any:
    """Stop, in a form that was opened before anybody had chosen."""
    state: dict[str, dict[str, Any]] = {
        "evidence": {"value": f"{lead} says so"},
        "authority": {"selected_option": {"value": "yes"}},
        "changed": {"value": None},
    }
    metadata = ChoiceRef(review.id, initiative_id, Choice.STOP).write()
    form = Form(f"V{lead}", "hash", CHOICE_FORM, metadata, state)
    return database.run(submit_choice, Submission(Actor(TEAM, lead, TEAM), form), at)


def test_two_leads_who_post_at_once_post_one_review(database: Database, strategy: Strategy) -> None:
    told = at_once(*[lambda: database.run(post_review_early, strategy, PEOPLE[MAYA], POSTED)] * 3)

    assert ["review of December" in str(one) for one in told] == [True] * 3
    assert database.run(reviews.find_review, TEAM, strategy.id, DECEMBER) is not None
    assert said(database, "Harbor Lights still hold?") == 2
    assert len(database.run(reviews.list_open_reviews, strategy)) == 1


def test_of_two_leads_who_choose_at_once_one_is_asked_whether_to_replace_the_others_choice(
    database: Database, strategy: Strategy, review: Review
) -> None:
    initiative = the_initiative(database, strategy)
    forms = at_once(
        *(lambda lead=lead: chooses(database, review, initiative.id, lead, POSTED) for lead in (MAYA, RUTH))
    )

    made = database.run(reviews.list_choices, review)[initiative.id]
    assert len(made) == 1
    [asked] = [form for form in forms if form is not None]
    assert f"{made[0].person_id} says so" in str(asked["blocks"])


def test_a_stop_that_was_taken_happens_however_close_to_the_end_it_came(
    database: Database, strategy: Strategy, review: Review
) -> None:
    initiative = the_initiative(database, strategy)
    due = Due(TEAM, strategy.id, Ritual.REVIEW_OUTCOME, "", str(DECEMBER), review.ends_at)
    database.run(rituals.set_due, due)
    at = review.ends_at
    chosen, _ = at_once(
        lambda: chooses(database, review, initiative.id, MAYA, at),
        lambda: database.run(perform_closing, due, at),
    )

    stopped = the_initiative(database, strategy).status is Status.STOPPED
    assert stopped is (chosen is None)
    assert stopped or "is over" in chosen
    assert bool(database.run(reviews.list_choices, review)) is stopped

"""The lifecycle of initiatives, the limit of five, moved dates and goals without any."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.errors import DomainError
from domain.initiatives import (
    Initiative,
    Status,
    due_standing,
    due_words,
    require_move,
    require_room,
    with_due,
)
from domain.words import listed

ALLOWED = {
    (Status.PROPOSED, Status.PAUSED),
    (Status.PROPOSED, Status.STOPPED),
    (Status.ACTIVE, Status.PAUSED),
    (Status.ACTIVE, Status.COMPLETED),
    (Status.ACTIVE, Status.STOPPED),
    (Status.PAUSED, Status.ACTIVE),
    (Status.PAUSED, Status.COMPLETED),
    (Status.PAUSED, Status.STOPPED),
}
TODAY = date(2026, 11, 26)
NEWSLETTER = Initiative(
    id=1,
    workspace_id="T1",
    strategy_id=1,
    name="Newsletter",
    goal_id=1,
    owner_id="U1",
    start=date(2026, 11, 23),
    due=date(2027, 3, 10),
    first_due=date(2027, 3, 10),
)


@pytest.mark.parametrize("now", Status)
@pytest.mark.parametrize("to", [Status.ACTIVE, Status.PAUSED, Status.COMPLETED, Status.STOPPED])
def test_the_lifecycle_allows_only_its_own_steps(now: Status, to: Status) -> None:
    initiative = replace(NEWSLETTER, status=now)
    if (now, to) in ALLOWED:
        require_move(initiative, to)
        return
    with pytest.raises(DomainError, match=f"Newsletter is {now.value}"):
        require_move(initiative, to)


def test_a_sixth_is_refused_with_what_to_do() -> None:
    require_room(4)
    with pytest.raises(DomainError, match="Pause or close one first"):
        require_room(5)


def test_moved_dates_are_counted_and_shown() -> None:
    once = with_due(NEWSLETTER, date(2027, 3, 31))
    twice = with_due(once, date(2027, 4, 7))

    assert due_words(NEWSLETTER, TODAY) == "10 Mar"
    assert due_words(with_due(NEWSLETTER, NEWSLETTER.due), TODAY) == "10 Mar"
    assert due_words(once, TODAY) == "31 Mar, was 10 Mar, moved once"
    assert due_words(twice, TODAY) == "7 Apr, was 10 Mar, moved twice"


def test_a_day_that_is_gone_is_said_to_be_until_the_initiative_is_closed() -> None:
    due = NEWSLETTER.due
    after = due + timedelta(days=1)

    assert due_standing(NEWSLETTER, due) == "10 Mar"
    assert due_standing(NEWSLETTER, after) == "10 Mar, overdue"
    assert due_standing(replace(NEWSLETTER, status=Status.COMPLETED), after) == "10 Mar"


def test_a_date_moved_back_still_counts() -> None:
    back = with_due(with_due(NEWSLETTER, date(2027, 3, 31)), NEWSLETTER.due)

    assert due_words(back, TODAY) == "10 Mar, moved twice, now as first planned"


def test_a_date_moved_earlier_is_brought_forward_and_no_slip() -> None:
    assert due_words(with_due(NEWSLETTER, date(2027, 2, 28)), TODAY) == "28 Feb, brought forward from 10 Mar"


def test_a_date_moved_into_another_year_says_both_years() -> None:
    later = with_due(NEWSLETTER, date(2028, 3, 10))

    assert due_words(later, TODAY) == "10 Mar 2028, was 10 Mar 2027, moved once"


@pytest.mark.parametrize(
    ("due", "shown"),
    [
        (date(2027, 3, 31), "31 Mar"),
        (date(2027, 5, 25), "25 May"),
        (date(2027, 6, 1), "1 Jun 2027"),
        (date(2027, 11, 21), "21 Nov 2027"),
        (date(2026, 1, 5), "5 Jan 2026"),
        (date(2026, 10, 1), "1 Oct"),
    ],
)
def test_a_day_that_is_not_the_nearest_of_its_name_says_its_year(due: date, shown: str) -> None:
    assert due_words(replace(NEWSLETTER, due=due, first_due=due), TODAY) == shown


@pytest.mark.parametrize(
    ("words", "said"), [([], ""), (["A"], "A"), (["A", "B"], "A or B"), (["A", "B", "C"], "A, B or C")]
)
def test_several_things_are_said_in_one_sentence(words: list[str], said: str) -> None:
    assert listed(words, "or") == said

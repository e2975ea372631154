"""The lifecycle of initiatives, the limit of five, moved dates and goals without any."""

from dataclasses import replace
from datetime import date

import pytest

from domain.errors import DomainError
from domain.initiatives import Initiative, Status, require_move, require_room, slip, with_due
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

    assert slip(NEWSLETTER) is None
    assert slip(with_due(NEWSLETTER, NEWSLETTER.due)) is None
    assert slip(once) == "31 Mar, was 10 Mar, moved once"
    assert slip(twice) == "7 Apr, was 10 Mar, moved twice"


def test_a_date_moved_back_still_counts() -> None:
    back = with_due(with_due(NEWSLETTER, date(2027, 3, 31)), NEWSLETTER.due)

    assert slip(back) == "10 Mar, was 10 Mar, moved twice"


def test_a_date_moved_into_another_year_says_both_years() -> None:
    later = with_due(NEWSLETTER, date(2028, 3, 10))

    assert slip(later) == "10 Mar 2028, was 10 Mar 2027, moved once"


@pytest.mark.parametrize(
    ("words", "said"), [([], ""), (["A"], "A"), (["A", "B"], "A or B"), (["A", "B", "C"], "A, B or C")]
)
def test_several_things_are_said_in_one_sentence(words: list[str], said: str) -> None:
    assert listed(words, "or") == said

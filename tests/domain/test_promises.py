"""What was to be next, and what by its owner's word became of it."""

from typing import Any

import pytest

from domain.check_ins import Answer, NextOutcome
from domain.periods import Week
from domain.promises import Promise, promises_of, standing_promise

DONE, GOES_ON, DROPPED = NextOutcome.DONE, NextOutcome.CONTINUED, NextOutcome.DROPPED
W1 = Week(2026, 48)
VENUE = "Choose the venue"


def said(*answers: dict[str, Any]) -> list[tuple[Week, Answer]]:
    """One a week from the first on; {} for a click, None for a week without an answer."""
    return [(W1.plus(number), Answer(1, revision=1, **one)) for number, one in enumerate(answers)]


def promise(text: str, since: int, until: int, outcome: NextOutcome | None = None, **rest: Any) -> Promise:
    return Promise(text, W1.plus(since), W1.plus(until), outcome, **rest)


@pytest.mark.parametrize(
    ("answers", "settled", "standing"),
    [
        ((), [], None),
        (({},), [], None),
        (({"next": VENUE},), [], promise(VENUE, 0, 0)),
        (({"next": VENUE}, {"last_next": DONE}), [promise(VENUE, 0, 0, DONE)], None),
        (
            ({"next": VENUE}, {"last_next": DROPPED, "next": "Print"}),
            [promise(VENUE, 0, 0, DROPPED)],
            promise("Print", 1, 1),
        ),
        (({"next": VENUE}, {"last_next": GOES_ON}), [], promise(VENUE, 0, 1)),
        (({"next": VENUE}, {"next": " choose  the VENUE"}), [], promise(" choose  the VENUE", 0, 1)),
        (({"next": VENUE}, {}, {"last_next": GOES_ON}), [], promise(VENUE, 0, 2)),
        (({"next": VENUE}, {"last_next": GOES_ON}, {"last_next": DONE}), [promise(VENUE, 0, 1, DONE)], None),
        (
            ({"next": VENUE}, {"last_next": GOES_ON, "next": f"{VENUE} by Friday."}),
            [],
            promise(f"{VENUE} by Friday.", 0, 1),
        ),
    ],
    ids=[
        "nothing said",
        "a click",
        "promised",
        "done",
        "dropped for another",
        "goes on",
        "said again",
        "goes on after a click",
        "done in the end",
        "goes on with a day to it",
    ],
)
def test_a_promise_is_what_was_said_to_be_next_until_its_owner_says_its_end(
    answers: tuple[dict[str, Any], ...], settled: list[Promise], standing: Promise | None
) -> None:
    assert promises_of(said(*answers)) == (settled, standing)


@pytest.mark.parametrize("outcome", [None, GOES_ON])
def test_other_words_are_another_promise_and_of_the_one_before_nothing_is_known(
    outcome: NextOutcome | None,
) -> None:
    settled, standing = promises_of(said({"next": VENUE}, {"next": "Print", "last_next": outcome}))
    assert settled == []
    assert standing == promise("Print", 1, 1, is_older=outcome is GOES_ON)


def test_a_promise_done_and_made_again_is_two() -> None:
    weekly = {"next": "Write the post", "last_next": DONE}
    settled, standing = promises_of(said({"next": "Write the post"}, weekly, weekly))
    assert [one.carried for one in settled] == [0, 0]
    assert standing == promise("Write the post", 2, 2)


def test_weeks_carried_are_those_from_the_first_word_to_the_last() -> None:
    _, standing = promises_of(said({"next": VENUE}, {"last_next": GOES_ON}, {}, {"last_next": GOES_ON}, {}))
    assert standing is not None
    assert standing.carried == 3


def test_a_promise_is_asked_about_for_four_weeks_after_its_last_word() -> None:
    promised = said({"next": VENUE}, {}, {}, {})
    found = [standing_promise(promised, W1.plus(weeks)) is not None for weeks in range(1, 7)]
    assert found == [True, True, True, True, False, False]

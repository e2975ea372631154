"""The five signs of slipping: each at its limit, and what became of initiatives that had three."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.check_ins import Answer, BlockerOutcome, CheckIn, CheckInState, NextOutcome
from domain.healths import Health
from domain.initiatives import Initiative, Status, with_due, with_readings
from domain.pace import Point
from domain.promises import LOOKED_BACK
from domain.signs import (
    LEAST_KNOWN,
    Course,
    Showing,
    Sign,
    SignKind,
    Slips,
    last_asked,
    signs_of,
    slips_of,
)
from tests.support.harbor_lights import MAYA, NEWSLETTER, START, SUBSCRIBERS, answer, check_in, weeks

DONE, GOES_ON, DROPPED = NextOutcome.DONE, NextOutcome.CONTINUED, NextOutcome.DROPPED
STILL, RESOLVED = BlockerOutcome.STILL, BlockerOutcome.RESOLVED
VENUE, LEGAL = "Choose the venue", "Waiting for legal"
ON, RISK = Health.ON_TRACK, Health.AT_RISK
HARDLY = {0: "4200", 7: "4210", 14: "4220", 21: "4230", 28: "4240"}
"""Subscribers by day: behind from the third reading on."""


def told(*answers: dict[str, Any], first: int = 1) -> list[CheckIn]:
    """Maya's, one a week; a health of None is no answer."""
    return [
        check_in(weeks(first + number), answer(NEWSLETTER, **({"health": RISK} | said)), owner=MAYA)
        for number, said in enumerate(answers)
    ]


def read(values: dict[int, str], about: Initiative = NEWSLETTER) -> Initiative:
    points = [Point(START + timedelta(days=day), Decimal(value)) for day, value in values.items()]
    return with_readings(about, {SUBSCRIBERS.id: points})


def found(check_ins: Iterable[CheckIn], period: int, about: Initiative = NEWSLETTER) -> dict[SignKind, Sign]:
    """As its owner is asked in that week."""
    week = weeks(period)
    return {sign.kind: sign for sign in signs_of(about, check_ins, week, week.day(0))}


def carried(times: int) -> list[CheckIn]:
    return told({"next": VENUE}, *[{"last_next": GOES_ON, "next": VENUE}] * times)


def test_nothing_said_moved_or_read_is_no_sign() -> None:
    assert found([], 5) == {}
    assert found(told({}, {}, {}, {}), 5) == {}


def test_a_promise_is_a_sign_once_it_was_carried_three_weeks() -> None:
    assert found(carried(2), 4) == {}
    assert found(carried(3), 5) == {SignKind.CARRIED: Sign(SignKind.CARRIED, 3, words=(VENUE,))}
    assert found([*carried(3), *told({"last_next": DONE}, first=5)], 6) == {}


def test_two_of_the_last_four_promises_dropped_are_a_sign() -> None:
    def ends(*outcomes: NextOutcome) -> list[CheckIn]:
        return told({"next": "A"}, *({"last_next": one, "next": "B"} for one in outcomes))

    assert found(ends(DROPPED), 3) == {}
    assert found(ends(DROPPED, DROPPED), 4)[SignKind.DROPPED] == Sign(SignKind.DROPPED, 2, 2)
    assert found(ends(DROPPED, DONE, DONE, DROPPED), 6)[SignKind.DROPPED] == Sign(SignKind.DROPPED, 2, 4)
    assert found(ends(DROPPED, DONE, DONE, DONE, DROPPED), 7) == {}


def test_a_due_date_later_than_first_promised_is_a_sign_with_how_often_it_moved() -> None:
    later = with_due(NEWSLETTER, NEWSLETTER.due + timedelta(days=7))
    assert found([], 5, later) == {SignKind.MOVED: Sign(SignKind.MOVED, 1)}
    twice = with_due(later, later.due + timedelta(days=7))
    assert found([], 5, twice) == {SignKind.MOVED: Sign(SignKind.MOVED, 2)}
    assert found([], 5, with_due(later, NEWSLETTER.due)) == {}
    assert found([], 5, with_due(NEWSLETTER, NEWSLETTER.due - timedelta(days=7))) == {}


@pytest.mark.parametrize(
    ("answers", "figure"),
    [
        (({"blocker": LEGAL}, {}), 2),
        (({"blocker": LEGAL}, {"blocker": LEGAL, "last_blocker": STILL}, {}), 3),
        (({"blocker": LEGAL}, {"blocker": LEGAL}, {}), 3),
        (({"blocker": LEGAL}, {"blocker": f"{LEGAL} and ink", "last_blocker": STILL}, {}), 3),
        (({"blocker": LEGAL},), None),
        (({"blocker": LEGAL}, {"last_blocker": RESOLVED}, {}), None),
        (({"blocker": LEGAL}, {"blocker": "The printer", "last_blocker": STILL}), None),
        (({"blocker": LEGAL}, {"last_blocker": RESOLVED, "blocker": LEGAL}), None),
    ],
)
def test_what_is_in_the_way_is_a_sign_from_two_weeks_on_as_long_as_it_is_the_same_and_not_resolved(
    answers: tuple[dict[str, Any], ...], figure: int | None
) -> None:
    sign = found(told(*answers), len(answers) + 1).get(SignKind.BLOCKED)
    assert (sign.figure if sign else None) == figure


def test_on_track_is_a_sign_while_a_metric_is_behind() -> None:
    slow = read(HARDLY)
    green = Sign(SignKind.GREEN, 1, words=("subscribers",))
    assert found(told(*[{"health": ON}] * 4), 5, slow) == {SignKind.GREEN: green}
    assert found(told(*[{"health": ON}] * 3, {"health": RISK}), 5, slow) == {}
    assert found(told(*[{"health": ON}] * 4), 5, read({0: "4200", 7: "4400", 28: "4800"})) == {}
    assert found(told(*[{"health": ON}] * 2), 5, slow) == {}, "who said it three weeks ago does not say it"


def test_nothing_is_read_from_before_eight_weeks() -> None:
    long = told({"next": VENUE, "blocker": LEGAL}, *[{"last_next": GOES_ON, "next": VENUE}] * 11)
    signs = found(long, 13)
    assert LOOKED_BACK == 8
    assert signs[SignKind.CARRIED] == Sign(SignKind.CARRIED, 7, words=(VENUE,), is_least=True)
    assert SignKind.BLOCKED not in signs
    assert found(long, 9)[SignKind.BLOCKED] == Sign(SignKind.BLOCKED, 8, words=(LEGAL,), is_least=True)


def test_weeks_to_come_say_nothing_yet() -> None:
    early = told({"last_next": DONE}, first=6)
    assert SignKind.CARRIED in found([*carried(3), *early], 5)


def test_a_week_away_is_none_in_which_its_owner_was_asked() -> None:
    asked = told({}, {})
    away = check_in(weeks(3), Answer(NEWSLETTER.id), owner=MAYA, state=CheckInState.SKIPPED)
    assert last_asked([*asked, away], NEWSLETTER.id) == weeks(2)
    assert last_asked([away], NEWSLETTER.id) is None
    assert last_asked(asked, 99) is None


DUE = date(2027, 3, 31)


def course(id_: int, status: Status = Status.ACTIVE, *, due: date = DUE, **rest: Any) -> Course:
    at = datetime(2026, 12, 21, 9, tzinfo=UTC)
    return Course(Showing(id_, weeks(5), {}, DUE, is_for_leads=False, at=at), due, status, **rest)


CLOSED = datetime(2027, 3, 31, 20, tzinfo=UTC)
LATE = datetime(2027, 4, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "today", "slips"),
    [
        (course(1), DUE, Slips(0, 0)),
        (course(1), DUE + timedelta(days=1), Slips(1, 1)),
        (course(1, due=DUE + timedelta(days=1)), date(2027, 1, 1), Slips(1, 1)),
        (course(1, Status.PAUSED), DUE + timedelta(days=1), Slips(1, 1)),
        (course(1, Status.COMPLETED, closed_at=CLOSED), date(2027, 6, 1), Slips(0, 1)),
        (course(1, Status.COMPLETED, closed_at=LATE), date(2027, 6, 1), Slips(1, 1)),
        (course(1, Status.STOPPED, closed_at=LATE), date(2027, 6, 1), Slips(0, 0)),
        (course(1, ended_at=CLOSED), date(2027, 6, 1), Slips(0, 0)),
        (course(1, ended_at=LATE), date(2027, 6, 1), Slips(1, 1)),
    ],
    ids=[
        "its day is not over",
        "its day is over",
        "moved",
        "paused past its day",
        "completed on its day",
        "completed a day later",
        "stopped",
        "goes on in another quarter",
        "left open past its day",
    ],
)
def test_an_initiative_slipped_if_it_was_later_than_it_was_to_be_when_the_signs_were_seen(
    one: Course, today: date, slips: Slips
) -> None:
    assert slips_of([one], "Europe/London", today) == slips


def test_an_initiative_counts_once_from_the_first_time_on() -> None:
    first = course(1, due=DUE + timedelta(days=9))
    again = replace(first, showing=replace(first.showing, period=weeks(9), due=DUE + timedelta(days=9)))
    assert slips_of([again, first], "Europe/London", date(2027, 1, 1)) == Slips(1, 1)


def test_how_many_slipped_is_told_from_ten_known_on() -> None:
    moved = [course(id_, due=DUE + timedelta(days=1)) for id_ in range(8)]
    kept = [course(id_, Status.COMPLETED, closed_at=CLOSED) for id_ in range(8, 11)]
    assert LEAST_KNOWN == 10
    assert not slips_of([*moved, kept[0]], "Europe/London", DUE).is_told
    assert slips_of([*moved, *kept], "Europe/London", DUE) == Slips(8, 11)
    assert slips_of([*moved, *kept], "Europe/London", DUE).is_told

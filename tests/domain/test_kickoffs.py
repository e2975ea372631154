"""Who is still to say yes, and when that is said aloud."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.absences import WorkPattern
from domain.initiatives import Status
from domain.kickoffs import (
    Confirmation,
    ConfirmationState,
    Role,
    awaited,
    begun_together,
    is_asked_weekly,
    unanswered,
)
from domain.milestones import Milestone
from tests.support.harbor_lights import NEWSLETTER, STRATEGY

FRIDAY = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
BRITAIN = WorkPattern(country="GB")


def asked(
    role: Role = Role.OWNER, state: ConfirmationState = ConfirmationState.ASKED, at: datetime = FRIDAY
) -> Confirmation:
    return Confirmation(1, 7, role, "U1", "", state, "", at)


@pytest.mark.parametrize(
    ("today", "zone", "pattern", "is_named"),
    [
        (date(2026, 11, 24), "UTC", WorkPattern(), False),
        (date(2026, 11, 25), "UTC", WorkPattern(), True),
        (date(2026, 11, 25), "Pacific/Auckland", WorkPattern(), True),
        (date(2026, 11, 26), "UTC", WorkPattern(frozenset({0, 3})), False),
        (date(2026, 11, 30), "UTC", WorkPattern(frozenset({0, 3})), True),
    ],
)
def test_three_working_days_of_the_strategy_are_given(
    today: date, zone: str, pattern: WorkPattern, is_named: bool
) -> None:
    assert bool(unanswered([asked()], today, zone, pattern)) is is_named


@pytest.mark.parametrize(
    ("started", "accepted", "now", "was_asked"),
    [
        (NEWSLETTER.start, FRIDAY, datetime(2026, 11, 23, 8, 59, tzinfo=UTC), False),
        (NEWSLETTER.start, FRIDAY, datetime(2026, 11, 23, 9, tzinfo=UTC), True),
        (
            NEWSLETTER.start,
            datetime(2026, 11, 23, 9, 1, tzinfo=UTC),
            datetime(2026, 11, 29, tzinfo=UTC),
            False,
        ),
        (date(2026, 12, 14), FRIDAY, datetime(2026, 12, 13, tzinfo=UTC), False),
    ],
)
def test_an_owner_is_asked_weekly_from_the_first_week_after_their_yes_on(
    started: date, accepted: datetime, now: datetime, *, was_asked: bool
) -> None:
    yes = replace(asked(state=ConfirmationState.YES), answered_at=accepted)
    sponsor = replace(asked(Role.SPONSOR, ConfirmationState.YES), answered_at=now)
    initiative = replace(NEWSLETTER, start=started)

    assert is_asked_weekly(STRATEGY, initiative, [yes, sponsor], "UTC", now) is was_asked


def test_holidays_do_not_count() -> None:
    before_christmas = asked(at=datetime(2026, 12, 23, 10, tzinfo=UTC))

    assert not unanswered([before_christmas], date(2026, 12, 29), "UTC", BRITAIN)
    assert unanswered([before_christmas], date(2026, 12, 30), "UTC", BRITAIN)


@pytest.mark.parametrize(
    ("role", "state", "is_named"),
    [
        (Role.OWNER, ConfirmationState.DECLINED, True),
        (Role.SPONSOR, ConfirmationState.DECLINED, True),
        (Role.PARTNER, ConfirmationState.DECLINED, False),
        (Role.PARTNER, ConfirmationState.ASKED, True),
        (Role.OWNER, ConfirmationState.YES, False),
        (Role.SPONSOR, ConfirmationState.WITHDRAWN, False),
    ],
)
def test_a_partner_who_declined_has_answered_an_owner_has_not(
    role: Role, state: ConfirmationState, is_named: bool
) -> None:
    assert bool(unanswered([asked(role, state)], date(2026, 12, 20), "UTC", WorkPattern())) is is_named


def test_only_owner_and_sponsor_are_waited_for() -> None:
    everybody = [asked(role) for role in Role]

    assert [one.role for one in awaited(everybody)] == [Role.OWNER, Role.SPONSOR]
    assert awaited([asked(state=ConfirmationState.YES)]) == ()


def test_a_milestone_is_late_the_day_after_unless_it_is_done() -> None:
    due = date(2026, 12, 1)
    step = Milestone(1, 7, "First issue", "U1", due)

    assert not step.is_late(due)
    assert step.is_late(date(2026, 12, 2))
    assert not Milestone(1, 7, "First issue", "U1", due, done_at=FRIDAY).is_late(date(2026, 12, 2))


def _said_yes(initiative_id: int, asked_on: int, answered_on: int | None) -> tuple[Confirmation, ...]:
    state = ConfirmationState.ASKED if answered_on is None else ConfirmationState.YES
    answered = None if answered_on is None else datetime(2026, 11, answered_on, tzinfo=UTC)
    asked = datetime(2026, 11, asked_on, tzinfo=UTC)
    return (Confirmation(1, initiative_id, Role.OWNER, "U1", "", state, "", asked, answered),)


def _begun(*spans: tuple[int, int | None]) -> tuple[int, ...]:
    """Those told of when the last one begins; each was asked and answered on days of November."""
    opened = [
        replace(NEWSLETTER, id=number, status=Status.PROPOSED if answered is None else Status.ACTIVE)
        for number, (_, answered) in enumerate(spans, start=1)
    ]
    standing = {number: _said_yes(number, *span) for number, span in enumerate(spans, start=1)}
    return tuple(one.id for one in begun_together(opened, standing, {len(spans)}))


def test_the_lead_hears_of_all_that_waited_at_the_same_time_once_none_waits() -> None:
    assert _begun((2, 3), (2, 5), (2, 6)) == (1, 2, 3)
    assert _begun((2, None), (2, 5), (2, 6)) == ()
    assert _begun((2, 3), (4, 6)) == (2,), "the first was told of before the other was asked"
    assert _begun((2, 4), (3, 6), (5, 8)) == (1, 2, 3), "one after the other they were never all answered"

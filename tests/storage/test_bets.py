"""Bets as they are kept: what was known, whom they were shown, and what those said."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from domain.bets import Bet, BetFate, Known, Look, NumberKnown, Verdict
from domain.forecasts import Band
from domain.healths import Health
from domain.pace import Pace
from domain.periods import Week
from storage import bets
from storage.database import Database

TEAM = "T1"
NOW = datetime(2026, 12, 21, 11, tzinfo=UTC)
LOOK_ON = date(2027, 1, 18)
BAND = Band(LOOK_ON, Decimal("380.123456789"), Decimal("360.5"), Decimal(400))
NUMBER = NumberKnown(
    "Monthly givers", "£", True, Pace.BEHIND, Decimal("340.5"), date(2026, 12, 21), BAND, is_at_least=True
)
THEN = Known(
    date(2026, 12, 21),
    "Newsletter relaunch",
    NUMBER,
    ((Week(2026, 51), None), (Week(2026, 52), Health.AT_RISK)),
    BetFate.PAUSED,
)
MADE = Bet(0, TEAM, 1, 7, None, 11, "More give", Decimal("360.50"), LOOK_ON, "U1", NOW, THEN)


def test_a_bet_is_read_as_it_was_kept_to_the_last_digit(database: Database) -> None:
    kept = database.run(bets.add_bet, MADE)
    assert database.run(bets.find_bet, TEAM, kept.id) == replace(MADE, id=kept.id)
    bare = database.run(
        bets.add_bet,
        replace(MADE, kpi_id=31, initiative_id=None, expected_value=None, then=Known(NOW.date(), "x")),
    )
    assert database.run(bets.find_bet, TEAM, bare.id) == bare
    assert database.run(bets.find_bet, "T2", kept.id) is None


def test_what_is_withdrawn_stays_on_record_and_is_in_no_list(database: Database) -> None:
    first, second = (database.run(bets.add_bet, MADE) for _ in range(2))
    database.run(bets.withdraw, first, "U2", NOW)
    for found in (bets.list_bets, bets.list_waiting):
        assert [bet.id for bet in database.run(found, TEAM, 1)] == [second.id]
    assert database.run(bets.list_latest, TEAM, [7, 8]) == {7: second}
    withdrawn = database.run(bets.find_bet, TEAM, first.id)
    assert withdrawn is not None
    assert (withdrawn.withdrawn_by, withdrawn.withdrawn_at, withdrawn.expected) == ("U2", NOW, "More give")


def test_what_was_found_is_kept_and_nothing_waits_any_more(database: Database) -> None:
    bet = database.run(bets.add_bet, MADE)
    found = replace(THEN, on=LOOK_ON, number=None)
    database.run(bets.keep_found, bet, found, NOW)
    assert database.run(bets.list_waiting, TEAM, 1) == []
    [kept] = database.run(bets.list_bets, TEAM, 1)
    assert (kept.found, kept.looked_at, kept.then) == (found, NOW, THEN)


def test_whoever_was_asked_once_is_not_asked_again_and_answers_in_their_place(database: Database) -> None:
    one, other = (database.run(bets.add_bet, MADE) for _ in range(2))
    looks = [Look(bet.id, person, 90) for bet in (one, other) for person in ("U1", "U2")]
    database.run(bets.save_looks, TEAM, looks)
    database.run(bets.save_looks, TEAM, [replace(look, message_id=91) for look in looks])
    said = Look(one.id, "U2", 90, Verdict.STOP, "Ask sooner", NOW, 1)
    database.run(bets.answer, TEAM, said)
    unasked = Look(one.id, "U3", None, Verdict.KEEP, "", NOW, 2)
    database.run(bets.answer, TEAM, unasked)
    kept, untouched = database.run(bets.list_in_message, TEAM, 90)
    assert kept.looks == (Look(one.id, "U1", 90), said, unasked)
    assert kept.answers == (said, unasked)
    assert kept.verdict is Verdict.STOP
    assert untouched.answers == ()
    assert database.run(bets.list_in_message, TEAM, 91) == []


def test_as_of_an_instant_nothing_later_is_known(database: Database) -> None:
    bet = database.run(bets.add_bet, MADE)
    bet = database.run(bets.keep_found, bet, THEN, NOW)
    later = NOW.replace(hour=15)
    database.run(bets.answer, TEAM, Look(bet.id, "U1", None, Verdict.KEEP, "", later, 1))
    [kept] = database.run(bets.list_bets, TEAM, 1)
    assert kept.as_of(later) == kept
    assert (kept.as_of(NOW).found, kept.as_of(NOW).verdict) == (THEN, None)
    assert kept.as_of(NOW.replace(hour=9)).found is None

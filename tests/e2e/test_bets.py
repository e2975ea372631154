"""Thirteen weeks of a seeded history whose truth is known: decisions come back, and every figure told is reckoned again
from the rows.
"""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import accumulate

from domain.bets import Bet, Verdict
from domain.forecasts import forecast
from domain.kpis import Kpi
from domain.words import short_day
from sandbox import LocalSlack, Message, Person
from storage import bets, kpis, strategies
from storage.database import Database
from tests.e2e.test_the_plan import asks
from tests.support.bot_process import install, running_bot
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.office import told
from tests.support.team import Team, in_thread, team_of

FRIDAY = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
MONDAYS = [date(2026, 11, 23) + timedelta(weeks=week) for week in range(13)]
SEED = 12
GIVERS = list(accumulate((random.Random(SEED).randint(4, 13) for _ in MONDAYS), initial=310))[1:]
"""What the KPI comes to, Monday by Monday, read at noon."""
MARGIN = 2
DECISIONS = (
    ("Call last year's givers?", MONDAYS[4], date(2027, 1, 4), -MARGIN),
    ("Shorten the form?", MONDAYS[6], date(2027, 2, 1), +MARGIN),
    ("Write by hand?", MONDAYS[7], date(2027, 2, 1), 0),
)
"""Each with the day it is decided, the day to look again, and by how much what is expected lies above what comes."""


def comes(look_on: date) -> int:
    """The last reading before nine in the morning of a Monday."""
    return GIVERS[MONDAYS.index(look_on) - 1]


async def lives(team: Team, since: date, until: datetime) -> None:
    """Ben reads the number each Monday at noon, and Tom is asked and decides on his days."""
    ben, tom = team.owners["Ben"], team.owners["Tom"]
    for monday, value in zip(MONDAYS, GIVERS, strict=True):
        noon = datetime.combine(monday, time(12), UTC)
        if not since <= monday or noon >= until:
            continue
        await team.until(noon)
        await ben.command("/kpi", f"update Monthly givers {value}", channel=team.channel)
        for question, decided_on, look_on, above in DECISIONS:
            if decided_on == monday:
                due = (monday + timedelta(days=3)).isoformat()
                about = {
                    "About": "The strategy as a whole",
                    "What do you ask for?": question,
                    "By when?": due,
                }
                await asks(team, ben, **about)
                await says_when(team, tom, look_on, comes(look_on) + above)
    await team.until(until)


async def says_when(team: Team, tom: Person, look_on: date, expected: int) -> None:
    await tom.click("Yes")
    await team.slack.settled()
    await tom.click("Look again…")
    said = {
        "What should it move?": "Monthly givers",
        "What do you expect?": "More will give",
        "To what number?": str(expected),
        "Look again on": look_on.isoformat(),
    }
    await tom.fill(said)
    form = await tom.submit()
    assert form is None, form.errors
    await team.slack.settled()


def reviews(team: Team) -> Sequence[Message]:
    return [m for m in team.channel.messages if m.drawn.startswith("Harbor Lights · Review of")]


def rows_of(database_url: str) -> tuple[Kpi, list[Bet]]:
    database = Database.open(database_url, migrate=False)
    try:
        [strategy] = database.run(strategies.list_strategies, "T0SANDBOX1")
        where = (strategy.workspace_id, strategy.id)
        [kpi] = database.run(kpis.list_kpis, *where)
        return kpi, database.run(bets.list_bets, *where)
    finally:
        database.close()


def before_and_after(kpi: Kpi, bet: Bet) -> tuple[str, str]:
    """What the message has to say, reckoned from the readings, not from what was kept."""
    on = bet.then.on
    before = [reading for reading in kpi.readings if reading.on <= on]
    after = [reading for reading in kpi.readings if reading.on < bet.look_on][-1]
    ahead = forecast(kpi.plan, before, on, also=bet.look_on)
    assert ahead is not None
    band = ahead.by(bet.look_on)
    often = "at least 8 in 10" if ahead.is_at_least else "8 in 10"
    assert bet.expected_value is not None
    met = "met" if after.value >= bet.expected_value else "not met"
    within = f"({round(band.low)} to {round(band.high)}, {often})"
    ahead_of_it = f"as it went it would come to {round(band.value)} by {short_day(bet.look_on)} {within}"
    return (
        f"When it was decided: {before[-1].value} on {short_day(before[-1].on)}, and {ahead_of_it}.",
        f"Now: {after.value} on {short_day(after.on)}. What was expected, {bet.expected_value}, is {met}.",
    )


async def test_thirteen_weeks_of_decisions_come_back_with_what_is_true(sqlite_url: str) -> None:
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        app = install(slack)
        team = team_of(slack, app, {"Ben": "Europe/London", "Tom": "Europe/London"})
        ben, tom = team.owners["Ben"], team.owners["Tom"]
        async with running_bot(slack, app, sqlite_url):
            await team.begins()
            await team.maya.command("/kpi", "add", channel=team.channel)
            await team.maya.fill({**KPI_FIELDS, "Owner": "@Ben"})
            assert await team.maya.submit() is None

            await lives(team, MONDAYS[0], datetime(2027, 1, 7, 11, tzinfo=UTC))
            [first] = told(tom, "Looking again at a decision")
            assert len(told(ben, "Looking again at a decision")) == 1
            thread = in_thread(reviews(team)[-1])
            assert "Call last year's givers? → Yes. Monthly givers, expected" in thread
            assert "Nobody has said yet what is to become of it." in thread
            assert "came true" in thread
            assert "So far" not in thread, "one bet is no share"

            await tom.click("Keep", message=first)
            await lives(team, date(2027, 1, 8), datetime(2027, 2, 2, 9, tzinfo=UTC))
            [second] = told(tom, "Looking again at 2 decisions")
            await tom.click("Stop…", message=second)
            await tom.fill({"What did we learn?": "A short form is not enough"})
            assert await tom.submit() is None
            await team.until(datetime(2027, 2, 4, 11, tzinfo=UTC))
            review = reviews(team)[-1]
            assert "So far 2 of 3 came true." in in_thread(review)
            assert "Change: A short form is not enough (a decision)" in in_thread(review)
            assert "Bets" not in review.drawn

            await lives(team, date(2027, 2, 5), datetime(2027, 2, 22, 9, tzinfo=UTC))
            looked = [told(person, "Looking again at") for person in (ben, tom, team.maya)]
            assert [len(messages) for messages in looked] == [2, 2, 0]

    kpi, made = rows_of(sqlite_url)
    assert [int(reading.value) for reading in kpi.readings] == GIVERS
    assert [bet.came_true for bet in made] == [True, False, True]
    assert [bet.verdict for bet in made] == [Verdict.KEEP, Verdict.STOP, None]
    for bet, (question, decided_on, look_on, above), message in zip(
        made, DECISIONS, (first, second, second), strict=True
    ):
        assert (bet.then.on, bet.look_on) == (decided_on, look_on)
        assert bet.expected_value == Decimal(comes(look_on) + above)
        assert f"“{question}”: Yes, decided by Tom on {short_day(decided_on)}" in message.drawn
        for sentence in before_and_after(kpi, bet):
            assert sentence in message.drawn
            assert sentence in "\n".join(map(in_thread, reviews(team)))

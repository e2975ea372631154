"""Rows about days in thousands of years, from before there was a limit, hold nothing up."""

from datetime import UTC, date, datetime, timedelta

from domain.absences import Absence
from domain.decisions import Ask, AskKind, DecisionState
from domain.schedules import local_day
from sandbox import Person
from services.decisions.asks import open_decision
from storage import absences, decisions, people
from tests.support.office import Office

WEDNESDAY = date(2026, 11, 25)


def asks(office: Office, question: str, decider: Person, due: date) -> None:
    """As by a form that had no limit."""
    ask = Ask(AskKind.DECISION, question, decider.id, due, "we go on without it")
    strategy, now = office.strategy, office.slack.clock.now
    maya = office.reads(people.get_person, strategy.workspace_id, office.maya.id)
    office.reads(open_decision, strategy, ask, by=maya, now=now)


async def test_an_ask_and_an_absence_of_the_year_9999_block_no_other_ask(either: Office) -> None:
    office = either
    await office.set_up()
    for person in (office.tom, office.ruth):
        await office.asks(person, "/rhythm", "status")
    strategy = office.strategy
    for person, last in ((office.tom, date(9999, 12, 30)), (office.ruth, date.max)):
        away = Absence(date(2026, 11, 21), last)
        office.reads(absences.add_absence, strategy.workspace_id, person.id, away)
        asks(office, f"Does {person.name} sign?", person, last)
    asks(office, "Who signs for the printer?", office.tom, WEDNESDAY)
    await office.slack.settled()

    said = await office.asks(office.maya, "/rhythm", "decisions")
    assert "Does Tom Lindqvist sign?" in said
    await office.slack.clock.advance(to=datetime(2026, 11, 25, 18, tzinfo=UTC) + timedelta(minutes=1))

    found = office.reads(decisions.list_decisions, strategy.workspace_id, strategy.id)
    states = {decision.question: decision.state for decision in found}
    assert states == {
        "Does Tom Lindqvist sign?": DecisionState.OPEN,
        "Does Ruth Adler sign?": DecisionState.OPEN,
        "Who signs for the printer?": DecisionState.DEFAULTED,
    }
    assert local_day(office.slack.clock.now, strategy.zone) == WEDNESDAY
    back = await office.asks(office.tom, "/rhythm", "back")
    assert back.startswith("Welcome back!")


async def test_an_absence_for_ever_is_refused_and_two_years_are_not(either: Office) -> None:
    refused = await either.asks(either.ben, "/rhythm", "away 2026-12-01 to 9999-12-30")
    assert refused == "30 Dec 9999 is more than two years away. Choose an earlier day."
    await either.asks(either.ben, "/rhythm", "away 2026-12-01 to 2028-11-01")
    assert either.ben.form is not None
    assert "Is that right?" in str(either.ben.form.blocks)
    assert await either.ben.submit() is None
    assert "You are away 1 Dec" in await either.heard(either.ben)

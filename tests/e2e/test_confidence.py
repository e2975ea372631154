"""Ten targets over two quarters, of which it is known how they come out: what their owners' chances were worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.parts import Parts
from domain.confidence import TargetOutcome
from sandbox import Person
from storage.models import ConfidenceRow
from tests.e2e.test_the_plan import fills, reviews
from tests.support.team import Team, in_thread

RISES = (4400, 4650, 4850, 5150, 5500, 6050)
FALLS_SHORT = (4350, 4450, 4600, 4700, 4900, 5300)
OPTIONS = {
    10: "10%: hardly",
    30: "30%: rather not",
    50: "50%: could go either way",
    70: "70%: rather yes",
    90: "90%: almost surely",
}


@dataclass(frozen=True)
class Truth:
    """Of one initiative: what is read of it, and what its owner says in the first and in the last month asked."""

    name: str
    values: tuple[int, ...]
    first: int | None
    last: int

    @property
    def is_met(self) -> bool:
        return self.values[-1] >= 6000


WINTER = {
    "Ben": (Truth("Aqua", RISES, 50, 90), Truth("Buoy", FALLS_SHORT, 70, 30), Truth("Cove", RISES, None, 70)),
    "Tom": (Truth("Dune", FALLS_SHORT, None, 90), Truth("Ebb", RISES, 30, 50)),
}
SPRING = {
    "Ben": (
        Truth("Fjord", FALLS_SHORT, 10, 10),
        Truth("Gulf", RISES, None, 90),
        Truth("Inlet", RISES, 90, 70),
    ),
    "Tom": (Truth("Jetty", FALLS_SHORT, 30, 30), Truth("Kelp", RISES, None, 10)),
}
Quarter = Mapping[str, tuple[Truth, ...]]


def at(month: int, day: int, hour: int = 12) -> datetime:
    return datetime(2026 if month > 10 else 2027, month, day, hour, tzinfo=UTC)


async def begins(team: Team, quarter: Quarter, due: date) -> None:
    for person, truths in quarter.items():
        for truth in truths:
            named = {"Due": due.isoformat(), "Metric 1: name": f"{truth.name} readers"}
            await team.adds(truth.name, team.owners[person], named)


async def reads_on(team: Team, quarter: Quarter, day: datetime, number: int, month: str = "") -> None:
    """Each owner gives that value of every initiative in one form, and what they say of it in that month."""
    await team.until(day)
    for name, truths in quarter.items():
        person = team.owners[name]
        await person.click("Update all…", message=team.prompts(person)[-1])
        assert person.form is not None
        asked = [label for label in person.form.labels if "how likely" in label]
        assert len(asked) == (len(truths) if month else 0)
        for truth in truths:
            await person.fill({f"{truth.name} readers": str(truth.values[number])})
            await says(person, truth, asked, month)
        form = await person.submit()
        assert form is None, form.errors
        await team.slack.settled()


async def says(person: Person, truth: Truth, asked: list[str], month: str) -> None:
    percent = getattr(truth, month) if month else None
    if percent is not None:
        [label] = (one for one in asked if one.startswith(truth.name))
        await person.fill({label: OPTIONS[percent]})


def kept(bot: Parts) -> list[ConfidenceRow]:
    def read(session: Session) -> list[ConfidenceRow]:
        found = list(session.scalars(select(ConfidenceRow)))
        session.expunge_all()
        return found

    return bot.database.run(read)


def brier(rows: list[ConfidenceRow], which: str) -> str:
    """Each target with the mean of its months, from the rows."""
    months: dict[int, list[float]] = {}
    for row in rows:
        p, o = getattr(row, which) / 100, float(row.outcome == TargetOutcome.MET)
        months.setdefault(row.metric_id, []).append((p - o) ** 2)
    return f"{sum(sum(of) / len(of) for of in months.values()) / len(months):.2f}"


async def test_from_ten_targets_on_the_review_has_the_teams_score_beside_the_forecasts(
    team: Team, bot: Parts
) -> None:
    await begins(team, WINTER, date(2027, 1, 24))
    await reads_on(team, WINTER, at(11, 30), 0, "first")
    for number, (month, day) in enumerate([(12, 7), (12, 14), (12, 21)], start=1):
        await reads_on(team, WINTER, at(month, day), number)
    await reads_on(team, WINTER, at(1, 4), 4, "last")
    await reads_on(team, WINTER, at(1, 18), 5)
    await team.until(at(1, 25, 8))
    for truth in (*WINTER["Ben"], *WINTER["Tom"]):
        ended = {"How does it end?": "Stopped: we end it here"}
        await fills(team, "/initiative", f"close {truth.name}", ended)

    await begins(team, SPRING, date(2027, 3, 21))
    for number, (month, day) in enumerate([(2, 8), (2, 15), (2, 22)]):
        await reads_on(team, SPRING, at(month, day), number)
    assert "Confidence, scored" not in in_thread(reviews(team)[-1])
    assert {row.outcome for row in kept(bot)} == {TargetOutcome.MET, TargetOutcome.MISSED}
    await reads_on(team, SPRING, at(3, 1), 3, "last")
    await reads_on(team, SPRING, at(3, 8), 4)
    await reads_on(team, SPRING, at(3, 15), 5)
    await team.until(at(4, 1, 10))

    truths = [truth for quarter in (WINTER, SPRING) for of in quarter.values() for truth in of]
    rows = kept(bot)
    assert len(rows) == 13
    assert all(row.outcome is not None and row.settled_at is not None for row in rows)
    met = {row.metric_id for row in rows if row.outcome == TargetOutcome.MET}
    assert len(met) == sum(truth.is_met for truth in truths) == 6
    spoke = [row for row in rows if row.line is not None]
    assert len({row.metric_id for row in spoke}) == 10

    thread = in_thread(reviews(team)[-1])
    owners = brier(rows, "percent")
    beside = f"the owners’ {brier(spoke, 'percent')}, the forecast’s {brier(spoke, 'line')}"
    for line in (
        "Confidence, scored",
        f"Of 10 targets whose day has passed, 6 were met. The chances their owners gave them scored {owners}.",
        f"Where the forecast gave one at the same time (10 of 10 targets): {beside}.",
        "0 is perfect, 0.25 is what always saying 50% gets",
    ):
        assert line in thread, thread

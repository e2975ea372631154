"""Where numbers end, as a team reads it over weeks: every figure of the line reckoned anew from the rows."""

import json
import math
import re
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from sandbox import LocalSlack, Person
from tests.support.bot_process import install, running_bot
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.team import Team, in_thread, team_of

FRIDAY = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
WEEK = timedelta(weeks=1)
DIGEST = timedelta(days=2, hours=2)
REVIEW = datetime(2027, 1, 7, 10, tzinfo=UTC)
LAST_DAY = date(2027, 1, 30)
GIVERS, SIGN_UPS = "Monthly givers", "Sign-ups"
READ = {
    GIVERS: ("313", "315", "319", "321", "326", "327", "331"),
    SIGN_UPS: ("2", "3", "5", "6", "12", "18", "27"),
}
SUBSCRIBERS = ("4,260", "4,330", "4,380", "4,470")

UPPER_TENTH = {3: 1.638, 4: 1.533, 5: 1.476, 6: 1.440}
"""Of Student's distribution, by degrees of freedom, from a printed table."""
LINE = re.compile(
    r"[Ii]f it goes on as it did: (?P<value>[\d,]+) by 30 Jan \((?P<low>[\d,]+) to (?P<high>[\d,]+), (?P<often>at least 8 in 10|8 in 10)\)"
    r"(; needs (?P<needed>[\d.,]+) a week(, the best four weeks gave (?P<best>[\d.,]+))?)?\."
)

Read = tuple[date, float]


@dataclass(frozen=True)
class Rows:
    """A number as the database has it: what was due when (the baseline first, the target last), and what was read."""

    plan: Sequence[Read]
    readings: Sequence[Read]

    def due(self, on: date) -> float:
        for (start, low), (end, high) in pairwise(self.plan):
            if start <= on <= end:
                return low + (high - low) * (on - start).days / (end - start).days
        raise AssertionError(on)


def kpi_rows(file: str, name: str, until: date) -> Rows:
    with closing(sqlite3.connect(file)) as rows:
        id_, *plan, months = rows.execute(
            "select id, baseline_on, baseline, target_on, target, months from kpis where name = ?", [name]
        ).fetchone()
        read = rows.execute(
            'select "on", value from kpi_readings where kpi_id = ? and "on" <= ? and withdrawn_at is null order by id',
            [id_, until.isoformat()],
        ).fetchall()
    steps = [(_last_of(month), float(value)) for month, value in sorted(json.loads(months or "{}").items())]
    begin, end = (day(plan[0]), float(plan[1])), (day(plan[2]), float(plan[3]))
    return Rows([begin, *steps, end], list({day(on): (day(on), float(value)) for on, value in read}.values()))


def metric_rows(file: str, name: str, until: date) -> Rows:
    """Read on the day of its answer, in London."""
    with closing(sqlite3.connect(file)) as rows:
        id_, *plan = rows.execute(
            "select m.id, i.start, m.baseline, i.due, m.target from success_metrics m "
            "join initiatives i on i.id = m.initiative_id where m.name = ?",
            [name],
        ).fetchone()
        read = rows.execute(
            "select at, value from readings where metric_id = ? order by id", [id_]
        ).fetchall()
    points = {
        day(at[:10]): (day(at[:10]), float(value)) for at, value in read if at[:10] <= until.isoformat()
    }
    return Rows([(day(plan[0]), float(plan[1])), (day(plan[2]), float(plan[3]))], list(points.values()))


def day(text: str) -> date:
    return date.fromisoformat(text)


def _last_of(month: str) -> date:
    year, number = map(int, month.split("-"))
    return date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)


def reckoned(rows: Rows) -> dict[str, float]:
    """By the formula of docs/forecast.md, written here once more."""
    (start, baseline), (end, target) = rows.plan[0], rows.plan[-1]
    way = target - baseline
    read = [one for one in rows.readings if one[0] > start]
    e = [0.0, *((rows.due(on) - baseline) / way for on, _ in read)]
    p = [0.0, *((value - baseline) / way for _, value in read)]
    t = [0.0, *((on - start).days / 7 for on, _ in read)]
    a, m = p[-1] / e[-1], len(read)
    d = [(p[i] - p[i - 1] - a * (e[i] - e[i - 1])) / math.sqrt(t[i] - t[i - 1]) for i in range(1, m + 1)]
    s = math.sqrt(sum(one**2 for one in d) / (m - 1))
    n, h = t[-1], (end - read[-1][0]).days / 7
    half = UPPER_TENTH[m - 1] * s * math.sqrt(h + n * ((1 - e[-1]) / e[-1]) ** 2)
    points = [(start, baseline), *read]
    four = [
        (later - value) / ((then - on).days / 7)
        for number, (on, value) in enumerate(points)
        for then, later in [one for one in points[number:] if (one[0] - on).days >= 28][:1]
    ]
    return {
        "value": baseline + way * a,
        "low": baseline + way * (a - half),
        "high": baseline + way * (a + half),
        "turns": sum(one * other for one, other in pairwise(d)),
        "needed": (target - read[-1][1]) / h,
        "best": max(four, default=math.nan),
    }


def check(line: str, rows: Rows) -> None:
    """Every figure of the line, as far as it is shown."""
    found = LINE.search(line)
    assert found, line
    figures = reckoned(rows)
    assert (found["often"] == "at least 8 in 10") == (figures["turns"] < 0), line
    target = rows.plan[-1][1]
    assert (found["needed"] is None) == (round(figures["value"]) >= target), line
    assert (found["best"] is None) == (found["needed"] is None or math.isnan(figures["best"])), line
    for name, shown in found.groupdict().items():
        if name != "often" and shown is not None:
            about = 0.51 if shown.replace(",", "").isdigit() else 0.051
            assert abs(number(shown) - figures[name]) <= about, (name, line, figures)


def number(shown: str) -> float:
    return float(shown.replace(",", ""))


def after(text: str, name: str) -> str:
    """The line below the one that begins with a number's name."""
    lines = text.splitlines()
    return next(
        below
        for line, below in pairwise(lines)
        if re.match(rf"\W*(Metric: |:\w+: )?{re.escape(name)} ", line)
    )


async def adds_kpi(team: Team, name: str, fields: Mapping[str, object]) -> None:
    await team.maya.command("/kpi", "add", channel=team.channel)
    plan = {"Target date": LAST_DAY.isoformat(), "Baseline measured on": "2026-11-16"}
    await team.maya.fill({**KPI_FIELDS, **plan, "Name": name, "Owner": "@Ben", **fields})
    form = await team.maya.submit()
    assert form is None, form.errors
    await team.slack.settled()


async def lives_a_week(team: Team, ben: Person, week: int) -> None:
    """Ben answers and reports on Monday, and the digest comes."""
    await team.until(MONDAY + week * WEEK)
    for name, values in READ.items():
        told = await ben.command("/kpi", f"update {name} {values[week]}", channel=team.channel)
        assert "recorded" in told.drawn
    if week < len(SUBSCRIBERS):
        await ben.click("Update…", message=team.prompts(ben)[-1])
        await ben.fill({"How is it going?": "On track", "subscribers": SUBSCRIBERS[week]})
        assert await ben.submit() is None
    await team.until(MONDAY + week * WEEK + DIGEST)


@asynccontextmanager
async def working(url: str) -> AsyncIterator[tuple[Team, Person]]:
    """Ben has an initiative and two numbers to report, one of them with a plan by month."""
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        app = install(slack)
        team = team_of(slack, app, {"Ben": "Europe/London"})
        ben = team.owners["Ben"]
        await team.maya.invites(app, team.channel)
        async with running_bot(slack, app, url):
            await team.sets_up()
            await team.adds("Newsletter", ben, {"Due": LAST_DAY.isoformat()})
            await adds_kpi(team, GIVERS, {"Baseline": "310", "Target": "420"})
            await adds_kpi(
                team, SIGN_UPS, {"Baseline": "0", "Target": "60", "Plan by month": "Nov 1, Dec 15"}
            )
            yield team, ben


async def home_of(team: Team, person: Person) -> str:
    await person.opens_home()
    await team.slack.settled()
    assert person.home is not None
    blocks = person.home.payload["blocks"]
    return "\n".join(block["text"]["text"] for block in blocks if "text" in block).replace("*", "")


async def test_a_digest_says_where_its_numbers_end_and_says_so_still_when_drawn_again(
    sqlite_url: str,
) -> None:
    file = sqlite_url.removeprefix("sqlite:///")
    async with working(sqlite_url) as (team, ben):
        for week in range(3):
            await lives_a_week(team, ben, week)
        assert "goes on as it did" not in in_thread(team.digests()[-1]), "three readings tell nothing"
        await lives_a_week(team, ben, 3)
        digest, on = team.digests()[-1], (MONDAY + 3 * WEEK).date()
        told, givers = in_thread(digest), kpi_rows(file, GIVERS, on)
        check(after(told, GIVERS), givers)
        subscribers = metric_rows(file, "subscribers", on)
        check(after(told, "subscribers"), subscribers)
        shown = (await ben.command("/initiative", "show Newsletter", channel=team.channel)).drawn
        check(after(shown, "subscribers"), subscribers)
        heads = re.search(
            r"Monthly givers 321, should be \d+, heads for (\d+) to (\d+), not 420", digest.drawn
        )
        assert heads, digest.drawn
        figures = reckoned(givers)
        assert figures["high"] < 420
        assert [int(one) for one in heads.groups()] == [round(figures["low"]), round(figures["high"])]

        await team.until(MONDAY + 4 * WEEK - timedelta(minutes=5))
        await ben.command("/kpi", "update Monthly givers 335", channel=team.channel)
        await ben.click("Edit", message=team.prompts(ben)[-1])
        await ben.fill({"What moved?": "The second story"})
        assert await ben.submit() is None
        await team.slack.settled()
        again = in_thread(digest)
        assert "The second story" in again
        assert after(again, GIVERS) == after(told, GIVERS)


async def test_review_list_and_home_say_it_by_straight_and_phased_plans_and_the_review_draws_it(
    sqlite_url: str,
) -> None:
    file = sqlite_url.removeprefix("sqlite:///")
    async with working(sqlite_url) as (team, ben):
        for week in range(7):
            await lives_a_week(team, ben, week)
        await team.until(REVIEW)
        [review] = [
            m for m in team.channel.messages if m.drawn.startswith("Harbor Lights · Review of January")
        ]
        listed = (await ben.command("/kpi", "list", channel=team.channel)).drawn
        home = await home_of(team, ben)
        for name in (GIVERS, SIGN_UPS):
            rows = kpi_rows(file, name, (MONDAY + 6 * WEEK).date())
            for text in (in_thread(review), listed, home):
                check(after(text, name), rows)
        charts = [block for page in review.thread for block in page.raw["blocks"] if "chart" in block]
    assert [chart["title"].partition(":")[0] for chart in charts] == [GIVERS, GIVERS, SIGN_UPS, SIGN_UPS]
    for drawn in (chart["chart"] for chart in charts[1::2]):
        days = drawn["axis_config"]["categories"]
        assert [[point["label"] for point in one["data"]] for one in drawn["series"]] == [days] * 4

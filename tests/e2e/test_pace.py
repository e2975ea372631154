"""What "on pace" means, as a team reads it over weeks: KPIs and success metrics against their plans."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sandbox import Message, Person
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.team import Team, in_thread

SATURDAY = datetime(2026, 11, 21, 12, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
WEEK = timedelta(weeks=1)
DIGEST = timedelta(days=2, hours=2)
TEN_WEEKS = {
    "Baseline": "300",
    "Target": "370",
    "Target date": "2027-01-30",
    "Baseline measured on": "2026-11-21",
}
"""From Saturday 21 November on, one more a day."""


async def watches(team: Team, fields: Mapping[str, object] | None = None) -> Person:
    """Maya adds the KPI "Monthly givers", which Ben reports; he owns the initiative Newsletter, too."""
    await team.adds("Newsletter", team.owners["Ben"])
    await team.until(SATURDAY)
    await team.maya.command("/kpi", "add", channel=team.channel)
    await team.maya.fill({**KPI_FIELDS, "Owner": "@Ben", **TEN_WEEKS, **(fields or {})})
    form = await team.maya.submit()
    assert form is None, form.errors
    await team.slack.settled()
    return team.owners["Ben"]


async def reads(team: Team, moment: datetime, value: str) -> str:
    """Ben reports a number; what he is told."""
    await team.until(moment)
    told = await team.owners["Ben"].command("/kpi", f"update Monthly givers {value}", channel=team.channel)
    return told.drawn


async def digest_of(team: Team, monday: datetime) -> Message:
    await team.until(monday + DIGEST)
    return team.digests()[-1]


async def test_a_kpi_far_below_its_plan_is_too_early_to_say_then_behind_and_shows_both_values(
    team: Team,
) -> None:
    await watches(team)
    told = await reads(team, MONDAY, "300")
    assert "300 on 23 Nov, recorded. Too early to say, should be 302;" in told
    await reads(team, MONDAY + WEEK, "302")
    digest = await digest_of(team, MONDAY + WEEK)
    early = "Monthly givers 302, should be 309 (30 Nov) ▲ 2 · increase to 370 by 30 Jan · too early to say"
    assert early in in_thread(digest)
    await reads(team, MONDAY + 2 * WEEK, "304")
    digest = await digest_of(team, MONDAY + 2 * WEEK)
    behind = "Monthly givers 304, should be 316 (7 Dec) ▲ 2 · increase to 370 by 30 Jan · behind"
    assert behind in in_thread(digest)
    assert "• Monthly givers 304, should be 316" in digest.drawn
    assert "• Monthly givers 304, should be 316" in digest.text


async def test_a_kpi_once_behind_is_on_pace_again_only_when_it_has_caught_up(team: Team) -> None:
    await watches(team)
    for week, value in enumerate(("300", "302", "304", "321")):
        told = await reads(team, MONDAY + week * WEEK, value)
    assert "Behind, should be 323" in told
    told = await reads(team, MONDAY + 4 * WEEK, "329")
    assert "On pace (plan 330)" in told


async def test_a_target_is_reached_as_soon_as_it_is(team: Team) -> None:
    await watches(team)
    told = await reads(team, MONDAY, "370")
    assert "Reached ✓; increase to 370 by 30 Jan 2027." in told
    digest = await digest_of(team, MONDAY)
    assert "Monthly givers 370 (23 Nov) ▲ 70 · increase to 370 by 30 Jan · reached ✓" in in_thread(digest)
    assert "• Monthly givers reached its target, 370" in digest.drawn


async def test_after_its_day_a_target_is_reached_or_missed_by_the_last_reading_up_to_it(team: Team) -> None:
    await watches(team, {"Target date": "2026-12-12"})
    for week, value in enumerate(("310", "340", "369")):
        await reads(team, MONDAY + week * WEEK, value)
    told = await reads(team, MONDAY + 3 * WEEK, "371")
    assert "371 on 14 Dec, recorded. Missed: 369 of 370;" in told
    digest = await digest_of(team, MONDAY + 3 * WEEK)
    assert "• Monthly givers missed: 369 of 370" in digest.drawn
    assert "Monthly givers missed: 369 of 370 · increase to 370 by 12 Dec" in in_thread(digest)


async def test_of_two_readings_of_a_day_the_later_one_counts_alone(team: Team) -> None:
    await watches(team)
    await reads(team, MONDAY, "302")
    await reads(team, MONDAY + timedelta(hours=1), "250")
    await reads(team, MONDAY + timedelta(hours=2), "303")
    told = await reads(team, MONDAY + WEEK, "309")
    assert "Too early to say (plan 309)" in told


async def test_a_limit_is_its_latest_value_against_it_and_how_often_it_held(team: Team) -> None:
    await watches(team, {"Which way is good?": "Stay above", "Baseline": "64", "Target": "62"})
    assert "Holds; stay above 62 until 30 Jan 2027." in await reads(team, MONDAY, "63")
    told = await reads(team, MONDAY + WEEK, "61")
    assert "Outside its limit (held in 1 of its last 2 readings); stay above 62 until 30 Jan 2027." in told


async def test_a_success_metric_keeps_pace_by_the_same_rule(team: Team) -> None:
    ben = team.owners["Ben"]
    await team.adds("Newsletter", ben, {"Due": "2027-01-30"}, start=SATURDAY.date())
    for week, value in enumerate(("4,210", "4,250", "4,300")):
        await team.until(MONDAY + week * WEEK)
        await ben.click("Update…", message=team.prompts(ben)[-1])
        await ben.fill({"How is it going?": "On track", "subscribers": value})
        form = await ben.submit()
        assert form is None, form.errors
    digest = await digest_of(team, MONDAY + 2 * WEEK)
    assert "· behind, should be 4,611" in in_thread(digest)
    await team.until(MONDAY + 3 * WEEK)
    prompt = team.prompts(ben)[-1]
    assert "subscribers 4,300, should be 4,611, target 6,000" in prompt.drawn
    assert "subscribers is behind its plan." in prompt.drawn
    shown = (await ben.command("/initiative", "show Newsletter", channel=team.channel)).drawn
    assert "Metric: subscribers 4,200 → 6,000, now 4,300, behind, should be 4,611" in shown


OUTDATED = "Monthly givers outdated (last 311, 23 Nov) · increase to 370 by 30 Jan"
REVIEW_OF_JANUARY = datetime(2027, 1, 7, 10, tzinfo=UTC)


async def test_a_kpi_nobody_read_for_two_periods_is_outdated_everywhere_and_never_its_last_colour(
    team: Team,
) -> None:
    ben = await watches(team)
    assert "On pace" not in await reads(team, MONDAY, "311")
    before = await digest_of(team, MONDAY + WEEK)
    assert "Monthly givers 311 (23 Nov)" in in_thread(before)
    digest = await digest_of(team, MONDAY + 2 * WEEK)
    assert "• Monthly givers outdated (last 311, 23 Nov)" in digest.drawn
    assert "• Monthly givers outdated (last 311, 23 Nov)" in digest.text
    assert OUTDATED in in_thread(digest)
    await team.until(MONDAY + 3 * WEEK)
    assert OUTDATED in team.prompts(ben)[-1].drawn
    assert OUTDATED in (await ben.command("/kpi", "list", channel=team.channel)).drawn
    await ben.opens_home()
    await team.slack.settled()
    assert ben.home is not None
    assert OUTDATED in "".join(str(block) for block in ben.home.payload["blocks"]).replace("*", "")
    await team.until(REVIEW_OF_JANUARY)
    [review] = [m for m in team.channel.messages if m.drawn.startswith("Harbor Lights · Review of January")]
    assert "KPIs that lag\n• Monthly givers outdated (last 311, 23 Nov)" in review.drawn
    assert OUTDATED in in_thread(review)


async def test_the_review_asks_whoever_reports_an_outdated_kpi_once_and_in_their_working_time(
    team: Team,
) -> None:
    ben = await watches(team)
    await reads(team, MONDAY, "311")
    await ben.command("/rhythm", "away 7 Jan to 7 Jan")
    await team.until(REVIEW_OF_JANUARY + timedelta(hours=12))
    assert not [m for m in ben.dm.messages if "Where does it stand?" in m.drawn]
    await team.until(REVIEW_OF_JANUARY + timedelta(hours=23))
    [asked] = [m for m in ben.dm.messages if "Where does it stand?" in m.drawn]
    assert "This number of Harbor Lights had no reading for a while" in asked.drawn
    assert OUTDATED in asked.drawn
    await ben.click("Update…", message=asked)
    await ben.fill({"Where does it stand?": "349"})
    assert await ben.submit() is None
    await team.slack.settled()
    assert "349 (8 Jan)" in (await ben.command("/kpi", "list", channel=team.channel)).drawn
    await team.until(REVIEW_OF_JANUARY + WEEK)
    assert len([m for m in ben.dm.messages if "Where does it stand?" in m.drawn]) == 1


async def test_whoever_gave_the_reading_meanwhile_is_not_asked_for_it(team: Team) -> None:
    ben = await watches(team)
    await reads(team, MONDAY, "311")
    await ben.command("/rhythm", "away 7 Jan to 7 Jan")
    await reads(team, REVIEW_OF_JANUARY + timedelta(hours=2), "349")
    await team.until(REVIEW_OF_JANUARY + WEEK)
    assert not [m for m in ben.dm.messages if "Where does it stand?" in m.drawn]


async def edits(team: Team, fields: Mapping[str, object], why: str = "") -> dict[str, str]:
    """Maya edits the KPI; what stands at the fields."""
    await team.maya.command("/kpi", "edit Monthly givers", channel=team.channel)
    await team.maya.fill({**fields, **({"What made you change this?": why} if why else {})})
    form = await team.maya.submit()
    await team.slack.settled()
    return dict(form.errors) if form else {}


async def test_a_phased_plan_is_given_by_month_and_judged_by_what_is_due_then(team: Team) -> None:
    await watches(team, {"Plan by month": "Nov 300, Dec 310"})
    assert "increase to 370 by 30 Jan 2027, by month Nov 300 and Dec 310." in team.maya.notices[-1].drawn
    for week, value in enumerate(("300", "300", "302")):
        told = await reads(team, MONDAY + week * WEEK, value)
    assert "On pace (plan 302)" in told, "a straight plan has 316 due"
    listed = (await team.maya.command("/kpi", "list", channel=team.channel)).drawn
    assert "by month Nov 300 and Dec 310" in listed
    errors = await edits(team, {"Plan by month": "Nov 330, Dec 340"})
    assert errors.keys() == {"What made you change this?"}
    await team.maya.fill({"What made you change this?": "The fair comes first."})
    assert await team.maya.submit() is None
    await team.slack.settled()
    digest = await digest_of(team, MONDAY + 2 * WEEK)
    assert "• Monthly givers 302, should be 332" in digest.drawn
    assert "1 KPI target changed" in digest.drawn
    assert "(Nov 300 and Dec 310) → Monthly givers, from 300 on" in in_thread(digest)
    assert "because “The fair comes first.”" in in_thread(digest)


async def test_months_that_make_no_plan_are_refused_at_their_field(team: Team) -> None:
    await watches(team)
    assert await edits(team, {"Plan by month": "310, 320"}) == {
        "Plan by month": "I could not read “310, 320” as values by month. "
        "Write each month with its value, such as Dec 320, Jan 345."
    }
    await team.maya.fill({"Plan by month": "Dec 320", "Which way is good?": "Stay below", "Target": "400"})
    form = await team.maya.submit()
    assert form is not None
    assert "has no plan by month" in form.errors["Plan by month"]


async def test_a_target_that_moved_says_what_it_was_and_improves_no_figure_of_before(team: Team) -> None:
    await watches(team)
    for week, value in enumerate(("300", "302", "304")):
        await reads(team, MONDAY + week * WEEK, value)
    digest = await digest_of(team, MONDAY + 2 * WEEK)
    behind = "Monthly givers 304, should be 316 (7 Dec) ▲ 2 · increase to 370 by 30 Jan · behind"
    assert behind in in_thread(digest)
    await team.until(MONDAY + 3 * WEEK - timedelta(days=3))
    assert await edits(team, {"Target": "304"}, why="Half of them moved away.") == {}
    listed = (await team.maya.command("/kpi", "list", channel=team.channel)).drawn
    assert "Monthly givers 304 (7 Dec) · increase to 304, was 370, by 30 Jan · reached ✓" in listed
    await team.owners["Ben"].click("On track", message=team.prompts(team.owners["Ben"])[-1])
    await team.slack.settled()
    assert "(Ben, late)" in digest.drawn
    assert "on track (late)" in in_thread(digest)
    assert behind in in_thread(digest), "the digest of then has the plan of then"


async def test_a_retired_kpi_stays_in_the_digests_it_was_told_in(team: Team) -> None:
    ben = await watches(team)
    await reads(team, MONDAY, "302")
    digest = await digest_of(team, MONDAY)
    await team.until(MONDAY + DIGEST + timedelta(hours=1))
    await team.maya.command("/kpi", "retire Monthly givers", channel=team.channel)
    await ben.click("On track", message=team.prompts(ben)[-1])
    await team.slack.settled()
    assert "(Ben, late)" in digest.drawn
    assert "on track (late)" in in_thread(digest)
    assert "Monthly givers 302 (23 Nov)" in in_thread(digest)
    after = await digest_of(team, MONDAY + WEEK)
    assert "Monthly givers 302" not in after.drawn + in_thread(after)


async def test_a_success_metric_that_changes_asks_why_and_stands_under_changed_and_in_the_history(
    team: Team,
) -> None:
    await team.adds("Newsletter", team.owners["Ben"])
    await team.until(MONDAY + timedelta(hours=1))
    await team.maya.command("/initiative", "edit Newsletter", channel=team.channel)
    await team.maya.fill({"Metric 1: target": "5,000"})
    form = await team.maya.submit()
    assert form is not None
    assert form.errors.keys() == {"What made you change this?"}
    await team.maya.fill({"What made you change this?": "The list was cleaned."})
    assert await team.maya.submit() is None
    await team.slack.settled()
    told = (
        "Success metric: Newsletter, subscribers from 4,200 to 6,000 → "
        "Newsletter, subscribers from 4,200 to 5,000, because “The list was cleaned.”"
    )
    digest = await digest_of(team, MONDAY)
    assert "1 success metric changed" in digest.drawn
    assert told in in_thread(digest)
    history = (await team.maya.command("/rhythm", "status history", channel=team.channel)).drawn
    assert told.removeprefix("Success metric: ") in history


async def test_a_target_reached_because_it_moved_is_no_win(team: Team) -> None:
    ben = team.owners["Ben"]
    await team.adds("Newsletter", ben)
    await team.until(MONDAY + timedelta(hours=1))
    await team.maya.command("/initiative", "edit Newsletter", channel=team.channel)
    await team.maya.fill({"Metric 1: target": "4,250", "What made you change this?": "The list was cleaned."})
    assert await team.maya.submit() is None
    await ben.click("Update…", message=team.prompts(ben)[-1])
    await ben.fill({"How is it going?": "On track", "subscribers": "4,300"})
    assert await ben.submit() is None
    digest = await digest_of(team, MONDAY)
    assert "4,300 (target 4,250 instead of 6,000" in in_thread(digest)
    assert "Wins" not in digest.drawn
    await team.until(MONDAY + WEEK)
    await ben.click("Update…", message=team.prompts(ben)[-1])
    await ben.fill({"How is it going?": "On track", "subscribers": "6,100"})
    assert await ben.submit() is None
    digest = await digest_of(team, MONDAY + WEEK)
    assert "Newsletter: subscribers reached its target, 6,100" in digest.drawn


async def test_five_of_eight_is_the_same_percentage_in_rhythm_health_and_in_impact(team: Team) -> None:
    ben, tom = team.owners.values()
    await team.adds("Newsletter", ben)
    await team.adds("Referrals", tom)
    for week in range(8):
        await team.until(MONDAY + week * WEEK)
        await ben.click("On track", message=team.prompts(ben)[-1])
        if week % 4 == 0:
            await tom.click("On track", message=team.prompts(tom)[-1])
    await team.until(MONDAY + 8 * WEEK)
    await team.maya.opens_home()
    await team.slack.settled()
    assert team.maya.home is not None
    home = "".join(str(block) for block in team.maya.home.payload["blocks"])
    assert "answered: 63% → 63%" in home
    assert "weight" not in home
    await team.maya.click("How?")
    assert team.maya.form is not None
    assert "answered: 63% (5 of 8), weight 30" in team.maya.form.drawn


async def test_a_number_is_not_called_outdated_in_a_digest_that_told_it_before_it_was(team: Team) -> None:
    ben = await watches(team)
    await reads(team, MONDAY - timedelta(days=1), "303")
    digest = await digest_of(team, MONDAY + WEEK)
    told = "Monthly givers 303 (22 Nov) ▲ 3 · increase to 370 by 30 Jan · too early to say (plan 301)"
    assert told in in_thread(digest)
    await team.until(MONDAY + 2 * WEEK - timedelta(hours=3))
    await ben.click("On track", message=team.prompts(ben)[-1])
    await team.slack.settled()
    assert "(Ben, late)" in digest.drawn
    assert "on track (late)" in in_thread(digest)
    assert told in in_thread(digest)

"""The digest: what the channel reads on Wednesday 11:00, and how it stays true."""

from datetime import UTC, datetime, timedelta

from bot.parts import Parts
from sandbox import Message, Person
from tests.support.team import Team, sent_at

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
DIGEST = datetime(2026, 11, 25, 11, tzinfo=UTC)
WEEK = timedelta(weeks=1)


async def two_owners(team: Team) -> tuple[Person, Person]:
    ben, tom = team.owners.values()
    await team.adds("Newsletter", ben)
    await team.adds("Referrals", tom)
    await team.until(MONDAY)
    return ben, tom


def replies(message: Message) -> list[str]:
    return [reply.drawn for reply in message.thread]


async def test_the_digest_says_what_changed_what_is_in_the_way_and_who_was_silent(team: Team) -> None:
    ben, tom = await two_owners(team)
    await ben.click("On track")
    await tom.click("On track")
    await team.until(MONDAY + WEEK)
    await ben.click("Update…")
    await ben.fill({"How is it going?": "At risk", "What moved?": "Sent to 400", "subscribers": "4,310"})
    await ben.fill({"What is in the way?": "Legal is slow"})
    assert await ben.submit() is None
    await team.until(DIGEST + WEEK)

    digest = team.digests()[-1]
    assert sent_at(digest, "Europe/London") == (DIGEST + WEEK).replace(tzinfo=None)
    lines = digest.drawn.splitlines()
    assert lines[1:] == [
        "2 of 2 need attention, 1 of 2 answered.",
        "Needs attention",
        ":large_yellow_circle: Newsletter (Ben): at risk, was on track. Legal is slow. subscribers 4,310, target 6,000.",
        ":white_circle: Referrals (Tom): no answer (last: on track, 23 Nov).",
        "One child in three in our cities cannot swim.",
    ]
    assert digest.text.startswith("Harbor Lights: 2 of 2 need attention, 1 of 2 answered.")
    [page] = digest.thread
    [chart] = [block for block in page.blocks if block["type"] == "data_visualization"]
    assert chart["title"] == "0 of 2 on track; last week 2 of 2"
    [details] = replies(digest)
    assert "on track → at risk" in details
    assert "subscribers 4,200 → 4,310 (target 6,000" in details
    assert "Progress\nSent to 400" in details
    assert "Sent to 400" not in digest.drawn


async def test_wins_are_told(team: Team) -> None:
    ben, _ = await two_owners(team)
    await ben.says("at risk")
    await team.until(MONDAY + WEEK)
    await ben.says("on track, 6,000 subscribers")
    await team.until(DIGEST + WEEK)

    lines = team.digests()[-1].drawn.splitlines()
    at = lines.index("Wins")
    assert lines[at + 1 : at + 4] == [
        "• Newsletter is back on track",
        "• Newsletter: subscribers reached its target, 6,000",
        "Thank you, Ben.",
    ]


async def test_silence_is_no_answer_then_outdated_and_never_the_last_green(team: Team) -> None:
    ben, tom = await two_owners(team)
    await ben.click("On track")
    await tom.click("On track")
    for number in range(1, 3):
        await team.until(MONDAY + number * WEEK)
        await tom.click("On track")
    await team.until(DIGEST + 2 * WEEK)

    first, second, third = (digest.drawn for digest in team.digests())
    assert "On track: Newsletter (Ben)" in first
    assert ":white_circle: Newsletter (Ben): no answer (last: on track, 23 Nov)" in second
    assert ":white_circle: Newsletter (Ben): outdated (last answer 23 Nov)" in third
    assert third.count("Ben") == 1
    await team.until(DIGEST + 3 * WEEK)
    [told] = [message for message in team.maya.dm.messages if "Two weeks without an answer" in message.drawn]
    assert "Ben: Newsletter" in told.drawn
    assert sent_at(told, "Europe/London") == (DIGEST + 2 * WEEK).replace(tzinfo=None)


async def test_a_late_answer_and_an_edit_update_the_digest_in_place_and_say_so_in_its_thread(
    team: Team,
) -> None:
    ben, tom = await two_owners(team)
    await tom.click("On track")
    await team.until(DIGEST + timedelta(hours=1))
    [digest] = team.digests()
    assert "Newsletter (Ben): no answer" in digest.drawn
    await ben.says("off track, the printer broke")
    await tom.click("Edit")
    await tom.fill({"How is it going?": "At risk"})
    assert await tom.submit() is None
    await team.slack.settled()

    assert team.digests() == [digest]
    assert digest.edited
    assert ":red_circle: Newsletter (Ben): off track (late)" in digest.drawn
    assert ":large_yellow_circle: Referrals (Tom): at risk (late)" in digest.drawn
    assert "all answered" in digest.drawn
    assert replies(digest)[1:] == [
        "Ben answered after the digest: Newsletter is off track (was no answer).",
        "Tom edited the answer after the digest: Referrals is at risk (was on track).",
    ]


async def test_the_preview_is_for_the_callers_eyes_and_posts_nothing(team: Team) -> None:
    ben, _ = await two_owners(team)
    await ben.click("On track")
    reply = await ben.command("/rhythm", "digest preview", channel=team.channel)

    assert reply.drawn.startswith("Preview — only you see this\nHarbor Lights · Week of 23 Nov")
    assert "On track: Newsletter (Ben)" in reply.drawn
    await team.slack.settled()
    assert team.digests() == []


async def test_a_digest_posted_by_hand_is_updated_by_the_scheduled_one(team: Team) -> None:
    ben, tom = await two_owners(team)
    await ben.click("On track")
    reply = await team.maya.command("/rhythm", "digest", channel=team.channel)
    await team.slack.settled()
    assert "the scheduled one will update it" in reply.text
    [digest] = team.digests()
    assert "1 of 2 answered" in digest.drawn
    await tom.click("At risk")
    await tom.close()
    await team.until(DIGEST)

    assert team.digests() == [digest]
    assert "all answered" in digest.drawn
    assert "(late)" not in digest.drawn


async def test_only_a_lead_posts_the_digest(team: Team) -> None:
    await two_owners(team)
    reply = await team.owners["Tom"].command("/rhythm", "digest", channel=team.channel)
    await team.slack.settled()

    assert "lead" in reply.text
    assert team.digests() == []


async def test_a_strategy_without_an_active_initiative_posts_one_line(team: Team, bot: Parts) -> None:
    await team.adds("Newsletter", team.owners["Ben"])
    await team.maya.command("/initiative", "pause Newsletter", channel=team.channel)
    await team.until(DIGEST)

    assert team.prompts(team.owners["Ben"]) == []
    said = team.channel.messages[-1]
    assert said.drawn.startswith("Harbor Lights, week of 23 Nov: no active initiative. Paused: Newsletter.")
    assert said.thread == []


async def test_a_moved_due_date_shows_the_slip(team: Team) -> None:
    ben, _ = await two_owners(team)
    for day in ("2027-12-10", "2027-12-17"):
        await team.maya.command("/initiative", "edit Newsletter", channel=team.channel)
        await team.maya.fill({"Due": day})
        assert await team.maya.submit() is None
    await ben.click("On track")
    await team.until(DIGEST)

    assert "Due 17 Dec 2027, was 20 Nov 2027, moved twice" in team.digests()[0].drawn


async def test_one_digest_a_week_and_one_review_a_month_are_all_the_channel_gets(team: Team) -> None:
    await two_owners(team)
    before = len(team.channel.messages)
    await team.until(DIGEST + 3 * WEEK + timedelta(days=3))

    assert len(team.channel.messages) == before + 4 + 1
    assert len(team.digests()) == 4

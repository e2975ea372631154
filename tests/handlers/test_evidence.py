"""The strategy changes with evidence: who, what and why, on record and told."""

from datetime import UTC, datetime, timedelta

import pytest

from storage import changes
from tests.support.block_kit import assert_valid_message
from tests.support.office import GIVERS, STRATEGY_FIELDS, SUBSCRIBERS, Office
from tests.support.team import in_thread

REASON = "What made you change this?"
BECAUSE = "Half of our readers left in October."
SCHEDULE = {"Digest: day": "Friday", "Digest: time": "15:00"}
NEW_GOAL = "Newsletter subscribers from 4,200 to 5,000 by 31 March"


async def edit(office: Office, fields: dict[str, str]) -> None:
    await office.asks(office.maya, "/rhythm", "setup")
    await office.maya.fill(fields)
    assert await office.maya.submit() is None
    await office.slack.settled()


async def history(office: Office) -> str:
    return await office.asks(office.tom, "/rhythm", "status history")


@pytest.mark.parametrize(
    "fields", [{"Why": "Every child should swim."}, {"Goal 1": NEW_GOAL}, {"Goal 2": ""}], ids=str
)
async def test_editing_the_why_or_a_goal_asks_what_made_you_change_it_and_keeps_what_was_typed(
    harbor_lights: Office, fields: dict[str, str]
) -> None:
    office = harbor_lights
    await office.asks(office.maya, "/rhythm", "setup")
    errors = await office.errors(office.maya, fields)

    assert list(errors) == [REASON]
    assert "Say in a sentence what made you change this" in errors[REASON]
    assert office.maya.form is not None
    (changed,) = fields
    assert (office.maya.form.values[changed] or "") == fields[changed]
    assert office.strategy.why == STRATEGY_FIELDS["Why"]
    await office.maya.fill({REASON: BECAUSE})
    assert await office.maya.submit() is None


async def test_changing_the_schedule_asks_what_made_you_change_it(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.asks(office.maya, "/rhythm", "schedule")
    assert list(await office.errors(office.maya, SCHEDULE)) == [REASON]
    assert len(office.strategy.schedule_changes) == 1

    await office.maya.fill({REASON: BECAUSE})
    assert await office.maya.submit() is None
    told = await history(office)
    assert "digest Friday 15:00" in told
    assert f", because “{BECAUSE}”" in told


async def test_what_is_no_evidence_question_needs_no_reason(harbor_lights: Office) -> None:
    office = harbor_lights
    await edit(office, {"Audience": "Grandparents"})

    assert "edited the strategy: audience changed" in await history(office)
    assert "because" not in await history(office)


async def test_who_changed_what_and_why_is_on_record(harbor_lights: Office) -> None:
    office = harbor_lights
    await edit(office, {"Why": "Every child should swim.", "Goal 1": NEW_GOAL, "Goal 2": "", REASON: BECAUSE})

    strategy = office.strategy
    recorded = office.reads(changes.list_history, strategy.workspace_id, strategy.id, 10)
    assert {(c.kind, c.before, c.after) for c in recorded} == {
        ("why", STRATEGY_FIELDS["Why"], "Every child should swim."),
        ("goal", SUBSCRIBERS, NEW_GOAL),
        ("goal", GIVERS, ""),
    }
    assert {(c.person_id, c.why) for c in recorded} == {(office.maya.id, BECAUSE)}


async def test_the_team_sees_it_in_the_next_digest(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    await edit(office, {"Goal 1": NEW_GOAL, "Goal 2": "", REASON: BECAUSE})
    await office.slack.clock.advance(to=datetime(2026, 11, 25, 12, tzinfo=UTC))

    assert "2 goals changed" in office.marketing.messages[-1].drawn
    digest = in_thread(office.marketing.messages[-1])
    assert f"Goal: {SUBSCRIBERS} → {NEW_GOAL}, because “{BECAUSE}”" in digest
    assert f"Goal dropped: {GIVERS}, because" in digest


async def test_status_shows_the_last_changes_and_history_all_of_them(harbor_lights: Office) -> None:
    office = harbor_lights
    for number in range(1, 6):
        await office.slack.clock.advance(by=timedelta(hours=1))
        await edit(office, {"Why": f"Reason number {number}", REASON: f"Evidence {number}"})

    status = await office.asks(office.tom, "/rhythm", "status")
    assert "20 Nov, @Maya Okafor: Why: Reason number 4 → Reason number 5, because “Evidence 5”" in status
    assert "Evidence 3" in status
    assert "Evidence 2" not in status
    told = await history(office)
    assert [told.index(f"“Evidence {number}”") for number in (5, 4, 3, 2, 1)] == sorted(
        told.index(f"“Evidence {number}”") for number in range(1, 6)
    )
    assert (await office.asks(office.tom, "/rhythm", "status tomorrow")).startswith(
        "Run /rhythm status to see"
    )


async def test_a_long_history_in_hostile_words_fits_slack(harbor_lights: Office) -> None:
    office = harbor_lights
    hostile = "<!channel> & <@U1> 🌊 " * 14
    for number in range(8):
        await edit(office, {"Why": f"{number} {hostile * 5}", REASON: hostile[:300]})
    reply = await office.tom.command("/rhythm", "status history", channel=office.marketing)

    for message in reply.notices:
        assert_valid_message({"text": message.text, "blocks": message.blocks})

"""After a restore nothing that was said since the backup is said again: it is looked for, or a lead is asked once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from sqlalchemy import delete, insert, select, update

from bot.delivery.histories import PATIENCE
from bot.delivery.ledger import Ledger
from bot.delivery.pacing import HISTORY, Rate
from bot.delivery.tools import Timing
from domain.people import Actor
from domain.people import Person as Known
from domain.rituals import Due, Ritual
from domain.strategies import Strategy
from handlers.requests import Click, Deps
from handlers.troubles import ROUTES, settle_all_overdue
from sandbox import Person
from storage import people, strategies
from storage.delivery import occasions, outbox
from storage.delivery.occasions import Restore
from storage.delivery.restores import find_restore, find_said, mark_restored
from storage.delivery.sending import Outgoing, Step
from storage.models import MessageRow, OutboxRow
from tests.delivery.conftest import LOOKS, MONDAY, Office, texts
from tests.support.waiting import until

WEEK = "2026-W48"


async def enqueue_prompt(office: Office, person_id: str, text: str, *, at: datetime = MONDAY) -> int:
    """As the clock has it said."""

    def enqueue(session: Any) -> int:
        due = Due(office.team, 1, Ritual.PROMPT, person_id, WEEK, at)
        with occasions.occasion(session, [due], find_said(session, [due])):
            blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]
            return outbox.enqueue_post(
                session, office.team, person_id, {"text": text, "blocks": blocks}, now=office.clock.now()
            )

    return await office.transact(enqueue)


async def rest(office: Office) -> None:
    for sender in office.senders:
        await sender.stop()
    office.senders.clear()


async def lose(office: Office, *message_ids: int) -> None:
    """What a backup that is older than these does not know of."""

    def forget(session: Any) -> None:
        session.execute(
            update(MessageRow).where(MessageRow.id.in_(message_ids)).values(ts=None, channel_id=None)
        )
        session.execute(delete(OutboxRow))

    await office.transact(forget)


async def restored(office: Office) -> None:
    await office.everywhere(mark_restored, office.clock.now())


async def test_a_message_that_waited_when_the_backup_was_made_and_was_said_since_is_found(
    office: Office,
) -> None:
    office.clock.time = MONDAY
    await office.post(office.ben.id, "prompt")
    [row] = await rows(office)
    assert await office.sender().drain()
    await rest(office)
    await office.transact(put_back, row)
    office.clock.time += timedelta(minutes=30)
    await restored(office)

    assert await office.sender().drain()

    assert texts(office.ben.dm) == ["prompt"]
    assert await office.states() == []


async def rows(office: Office) -> list[dict[str, Any]]:
    columns = OutboxRow.__table__
    return await office.transact(
        lambda session: [dict(row._mapping) for row in session.execute(select(columns))]
    )


def put_back(session: Any, row: dict[str, Any]) -> None:
    """The outbox and the message as the backup has them."""
    session.execute(insert(OutboxRow).values(**row))
    session.execute(
        update(MessageRow).where(MessageRow.id == row["message_id"]).values(ts=None, channel_id=None)
    )


async def test_what_the_clock_says_anew_is_found_by_its_occasion_and_brought_up_to_date(
    office: Office,
) -> None:
    said = await enqueue_prompt(office, office.ben.id, "Your week, with what Ben answered since")
    assert await office.sender().drain()
    await rest(office)
    await lose(office, said)
    office.clock.time += timedelta(hours=1)
    await restored(office)
    await enqueue_prompt(office, office.ben.id, "Your week")

    assert await office.sender().drain()

    assert texts(office.ben.dm) == ["Your week"]
    assert office.called("chat.postMessage") == 1


async def test_what_was_not_said_yet_is_said_and_what_is_due_later_is_not_looked_for(office: Office) -> None:
    office.clock.time += timedelta(hours=1)
    await office.post(office.ana.id, "waited in the backup")
    await restored(office)
    await enqueue_prompt(office, office.ben.id, "was due before")
    await enqueue_prompt(office, office.ana.id, "is due after", at=office.clock.now() + timedelta(hours=1))
    looks = [row["said_since"] is not None for row in await rows(office)]

    assert await office.sender().drain()

    assert looks == [True, True, False]
    assert sorted(texts(office.ana.dm)) == ["is due after", "waited in the backup"]
    assert texts(office.ben.dm) == ["was due before"]


async def test_the_same_words_of_before_the_backup_are_another_message(office: Office) -> None:
    await office.post(office.ben.id, "the same")
    assert await office.sender().drain()
    await rest(office)
    await office.post(office.ben.id, "the same")
    await restored(office)

    assert await office.sender().drain()

    assert texts(office.ben.dm) == ["the same", "the same"]


async def prompts_of_before(office: Office, hours: Mapping[str, int]) -> list[Person]:
    """A restored office with a prompt for each, which makes sense for so many hours yet."""
    people_ = [office.slack.person(name) for name in hours]
    for person, left in zip(people_, hours.values(), strict=True):
        await office.post(person.id, "prompt", expires_at=MONDAY + timedelta(hours=left))
    await restored(office)
    return people_


async def test_history_is_read_at_the_pace_of_an_unlisted_app_the_urgent_first(office: Office) -> None:
    cleo, dan, eve = people_ = await prompts_of_before(office, {"Cleo": 9, "Dan": 3, "Eve": 6})
    office.clock.stopwatch = 1_000.0
    office.sender(rates={HISTORY: Rate(1, 1)})

    def looked() -> list[str]:
        """At whom, in turn."""
        channels = {person.dm.id: person.name for person in people_}
        return [channels[call.args["channel"]] for call in office.slack.calls if call.method == HISTORY]

    await office.until_told(dan.dm, "prompt")
    assert looked() == ["Dan"], "the most urgent one"
    office.clock.stopwatch += 59.0
    await office.post(office.ana.id, "of today")
    await office.until_told(office.ana.dm, "of today")
    assert looked() == ["Dan"], "the minute is not over"
    for person, seen in ((eve, ["Dan", "Eve"]), (cleo, ["Dan", "Eve", "Cleo"])):
        office.clock.stopwatch += 60.0
        office.senders[0].wake([office.team])
        await office.until_told(person.dm, "prompt")
        assert looked() == seen


async def test_what_comes_while_a_worker_looks_goes_out_before_what_must_wait(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    dan, eve = await prompts_of_before(office, {"Dan": 3, "Eve": 6})
    timing = Timing(poll_seconds=600, look_seconds=LOOKS)
    sender = office.sender(rates={HISTORY: Rate(0.1, 1)}, timing=timing)
    sender.wake([office.team])
    await office.until_told(dan.dm, "prompt")
    came: list[int] = []
    take = Ledger.take

    async def take_while_more_comes(ledger: Ledger, step: Step) -> list[Outgoing]:
        seen = await take(ledger, step)
        if step.look and not came:
            came.append(await office.post(office.ana.id, "came meanwhile"))
            sender.wake([office.team])
        return seen

    monkeypatch.setattr(Ledger, "take", take_while_more_comes)
    sender.wake([office.team])
    await office.until_told(office.ana.dm, "came meanwhile")
    assert texts(eve.dm) == []


class Asked:
    """Two leads of a strategy in #marketing, and a way to press."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.lea = office.slack.person("Lea")
        self.deps = Deps(office.team, office.transact, office.clock.now, cast("Any", None))

    async def furnish(self) -> None:
        office = self.office
        known = [Known(office.team, one.id, one.name) for one in (office.ana, office.ben, self.lea)]
        leads = (office.ana.id, self.lea.id)
        strategy = Strategy(
            0, office.team, office.marketing.id, "Harbor", "Why", (), "", "", leads, "Europe/London"
        )
        await office.transact(people.save_people, known)
        await office.transact(strategies.add_strategy, strategy, MONDAY)

    async def tick(self) -> None:
        await settle_all_overdue(self.deps, self.office.clock.now())
        assert await self.office.senders[0].drain()

    async def press(self, name: str) -> None:
        actor = Actor(self.office.team, self.office.ana.id, self.office.team)
        await ROUTES.clicks[name](self.deps, Click(actor, name, "all", "trigger", self.office.ana.dm.id))
        assert await self.office.senders[0].drain()


@pytest.fixture
async def asked(office: Office) -> Asked:
    asked = Asked(office)
    await asked.furnish()
    return asked


async def test_of_channels_the_leads_are_asked_in_one_message_with_one_button_for_all(asked: Asked) -> None:
    office = asked.office
    for text in ("digest", "details", "more details"):
        await office.post(office.marketing.id, text)
    await restored(office)
    assert await office.sender().drain()
    await asked.tick()

    for lead in (office.ana, asked.lea):
        [question] = lead.dm.messages
        assert f"3 messages in <#{office.marketing.id}>. Please look: is it there?" in question.text
        assert question.buttons == ["All of it is there", "Post all of it"]
        assert "digest" not in question.text
    assert texts(office.marketing) == []

    await asked.press("restore.again")

    assert texts(office.marketing) == ["digest", "details", "more details"]
    assert office.ana.dm.messages[0].text.endswith("“Post all of it”: I do (3 messages).")
    assert asked.lea.dm.messages[0].text == office.ana.dm.messages[0].text


async def test_what_is_there_is_left_as_it_is(asked: Asked) -> None:
    office = asked.office
    digest = await office.post(office.marketing.id, "digest")
    await office.post(office.marketing.id, "details", thread_of=digest)
    await restored(office)
    assert await office.sender().drain()
    await asked.tick()

    await asked.press("restore.there")

    assert texts(office.marketing) == []
    assert await office.states() == []


async def test_what_history_has_not_settled_within_an_hour_a_lead_is_asked_about(asked: Asked) -> None:
    office = asked.office
    office.slack.faults.add(HISTORY, "rate_limited", times=1_000, seconds=3_600)
    initiative_owner = office.ben
    await office.post(initiative_owner.id, "prompt")
    await restored(office)
    office.sender()
    await until(lambda: office.called(HISTORY) > 0, "a look")
    assert await office.states() == ["pending"]

    office.clock.time += PATIENCE
    office.senders[0].wake([office.team])
    await until_asked(office)

    assert office.ben.dm.messages == []


async def test_what_is_looked_for_keeps_nothing_of_today_waiting(office: Office) -> None:
    office.slack.faults.add(HISTORY, "rate_limited", times=1_000, seconds=3_600)
    await office.post(office.ben.id, "prompt")
    await restored(office)
    office.sender()
    await until(lambda: office.called(HISTORY) > 0, "a look")

    await office.post(office.ben.id, "an answer to what Ben just did")

    await office.until_told(office.ben.dm, "an answer to what Ben just did")
    await office.senders.pop().stop()  # what was said is recorded by then
    assert await office.states() == ["pending"]


async def test_a_bot_that_starts_long_after_the_restore_looks_all_the_same(office: Office) -> None:
    await office.post(office.ben.id, "prompt")
    await restored(office)
    office.clock.time += 3 * PATIENCE

    assert await office.sender().drain()

    assert texts(office.ben.dm) == ["prompt"]
    assert office.called(HISTORY) == 1


async def until_asked(office: Office) -> None:
    for _ in range(1_000):
        if await office.states() == ["in_doubt"]:
            return
        office.senders[0].wake([office.team])
    raise AssertionError(await office.states())


async def test_nobody_answers_for_three_days_and_it_is_left(asked: Asked) -> None:
    office = asked.office
    await office.post(office.marketing.id, "digest")
    await restored(office)
    assert await office.sender().drain()
    for _ in range(8):
        await asked.tick()
        office.clock.time += timedelta(hours=12)

    assert texts(office.marketing) == []
    assert await office.states() == []
    assert [m.text for m in office.ana.dm.messages if m.buttons] == []
    assert "nobody told me in three days" in office.ana.dm.messages[-1].text


async def test_a_restore_knows_by_its_rows_when_the_backup_was_made(office: Office) -> None:
    await office.post(office.ben.id, "said")
    assert await office.sender().drain()
    office.clock.time += timedelta(days=2)
    await restored(office)

    found = await office.transact(find_restore, office.team)

    assert isinstance(found, Restore)
    said_at = datetime.fromtimestamp(float(office.ben.dm.messages[0].ts), MONDAY.tzinfo)
    assert found.since == said_at - timedelta(minutes=5)
    assert found.restored_at == office.clock.now()

"""Whatever state a row is in and wherever it goes: somebody hears of it within a day, and it comes to an end."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, cast

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.people import Person as Known
from domain.strategies import Strategy
from handlers.requests import Deps
from handlers.troubles import settle_all_overdue
from sandbox import Person
from services.troubles import tell_trouble
from storage import people, strategies
from storage.delivery import outbox
from storage.delivery.outbox import LIVING, State
from storage.models import OutboxRow
from tests.delivery.conftest import MONDAY, Office, texts
from tests.delivery.test_takeover import die_with_one_on_its_way

DAY = timedelta(days=1)


class Place:
    """The office with a strategy that Ana and Lea lead, a channel that has none, and Cleo, who is an admin."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.lea, self.cleo = office.slack.person("Lea"), office.slack.person("Cleo")
        self.general = office.slack.channel("general", members=[office.ana])
        self.deps = Deps(office.team, office.transact, office.clock.now, cast("Any", None))
        office.tell = lambda session, trouble: tell_trouble(session, trouble, office.clock.now())

    async def furnish(self) -> None:
        office = self.office
        await office.ana.invites(office.app, self.general)
        everybody = [
            Known(office.team, one.id, one.name, is_admin=one is self.cleo)
            for one in (office.ana, office.ben, self.lea, self.cleo)
        ]
        leads = (office.ana.id, self.lea.id)
        strategy = Strategy(
            0, office.team, office.marketing.id, "Harbor", "Why", (), "", "", leads, "Europe/London"
        )
        await office.transact(people.save_people, everybody)
        await office.transact(people.set_dm_channel, office.team, office.ben.id, office.ben.dm.id)
        await office.transact(strategies.add_strategy, strategy, MONDAY)

    async def pass_days(self, days: int) -> None:
        """Nobody answers anything."""
        for _ in range(2 * days):
            self.office.clock.time += DAY / 2
            await settle_all_overdue(self.deps, self.office.clock.now())
            assert await self.office.senders[0].drain()

    async def rest(self) -> None:
        """Nothing is sent."""
        for sender in self.office.senders:
            await sender.stop()
        self.office.senders.clear()

    async def living(self) -> list[OutboxRow]:
        def read(session: Session) -> list[OutboxRow]:
            return list(session.scalars(select(OutboxRow).where(OutboxRow.state.in_(LIVING))))

        return await self.office.transact(read)

    def questions(self, person: Person) -> list[str]:
        return [m.text for m in person.dm.messages if "Post it again" in m.buttons]


@pytest.fixture
async def place(office: Office) -> Place:
    place = Place(office)
    await place.furnish()
    return place


async def posted(place: Place, target: str) -> int:
    """A message that is there."""
    message = await place.office.post(target, "root")
    assert await place.office.sender().drain()
    await place.rest()
    return message


async def post(place: Place, target: str) -> None:
    await place.office.post(target, "first")


async def edit(place: Place, target: str) -> None:
    await place.office.update(await posted(place, target), "edited")


async def reply(place: Place, target: str) -> None:
    root = await posted(place, target)
    await place.office.post(target, "reply", thread_of=root)


async def reply_to_person(place: Place, target: str) -> None:
    words = await place.office.ben.says("on track")
    await place.office.post(target, "reply", thread_ts=words.ts)


async def notice(place: Place, target: str) -> None:
    shown, until = {"text": "only you", "blocks": []}, MONDAY + timedelta(minutes=10)
    office = place.office
    await office.transact(
        outbox.enqueue_ephemeral, office.team, target, office.ana.id, shown, now=MONDAY, expires_at=until
    )


async def home(place: Place, target: str) -> None:
    view = {"type": "home", "blocks": []}
    await place.office.transact(outbox.enqueue_home, place.office.team, target, view, now=MONDAY)


async def file(place: Place, target: str) -> None:
    what = {"name": "plan.zip", "content": "bytes", "words": "Here it is."}
    until = MONDAY + timedelta(hours=1)
    await place.office.transact(
        outbox.enqueue_file, place.office.team, target, what, now=MONDAY, expires_at=until
    )


KINDS: Sequence[tuple[Callable[[Place, str], Awaitable[None]], Callable[[Place], str]]] = (
    (post, lambda p: p.office.marketing.id),
    (post, lambda p: p.general.id),
    (post, lambda p: p.office.ana.id),  # a lead
    (post, lambda p: p.office.ben.id),
    (post, lambda p: p.office.ben.dm.id),
    (reply_to_person, lambda p: p.office.ben.dm.id),
    (edit, lambda p: p.office.marketing.id),
    (edit, lambda p: p.office.ben.id),
    (reply, lambda p: p.office.marketing.id),
    (reply, lambda p: p.office.ben.id),
    (notice, lambda p: p.office.marketing.id),
    (home, lambda p: p.office.ben.id),
    (file, lambda p: p.office.ben.id),
)


async def leave(place: Place, **values: Any) -> None:
    """The newest row, as something left it that nobody here saw."""

    def write(session: Session) -> None:
        newest = session.scalars(select(OutboxRow.id).order_by(OutboxRow.id.desc()).limit(1)).one()
        session.execute(update(OutboxRow).where(OutboxRow.id == newest).values(**values))

    await place.office.transact(write)


async def left_waiting(place: Place) -> None:
    """As it was enqueued."""


async def left_on_its_way(place: Place) -> None:
    """Its sender was killed, and another one meets it."""
    await die_with_one_on_its_way(place.office)
    assert await place.office.sender().drain()
    await place.rest()


async def left_looked_for(place: Place) -> None:
    await leave(place, in_doubt_since=MONDAY)


async def left_held(place: Place) -> None:
    await leave(place, state=State.HELD, settle_at=MONDAY + DAY)


async def left_in_doubt(place: Place) -> None:
    """And whoever was to be asked was not."""
    await leave(place, state=State.IN_DOUBT, in_doubt_since=MONDAY, settle_at=MONDAY + DAY)


async def left_expired(place: Place) -> None:
    await leave(place, state=State.EXPIRED)


async def left_failed(place: Place) -> None:
    await leave(place, state=State.FAILED)


WAYS = (
    left_waiting,
    left_on_its_way,
    left_looked_for,
    left_held,
    left_in_doubt,
    left_expired,
    left_failed,
)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_rows_of_every_kind_come_to_an_end_in_whatever_state_and_hold_up_nothing(
    place: Place, way: Callable[[Place], Awaitable[None]]
) -> None:
    office = place.office
    for make, where in KINDS:
        await make(place, where(place))
        await way(place)
    sender = office.sender()
    targets = sorted({where(place) for _, where in KINDS})
    later = [await office.post(target, "later") for target in targets]
    assert await sender.drain()
    for message in later:
        await office.update(message, "later, edited")
    await place.pass_days(1)
    shown = [texts(one) for one in (office.marketing, place.general, office.ana.dm, office.ben.dm)]
    assert [said.count("later, edited") for said in shown] == [1, 1, 1, 2]
    assert all(row.state == State.IN_DOUBT and row.questions for row in await place.living())
    await place.pass_days(7)
    assert await place.living() == []


async def test_those_who_can_look_are_asked_within_a_day_again_the_day_after_and_not_for_ever(
    place: Place,
) -> None:
    office = place.office
    for target in (office.marketing.id, place.general.id, office.ben.dm.id, office.ana.id):
        await office.post(target, "first")
        await left_in_doubt(place)
    office.sender()
    everybody = (office.ana, place.lea, place.cleo, office.ben)
    await place.pass_days(1)
    assert [len(place.questions(one)) for one in everybody] == [2, 1, 1, 1]
    await place.pass_days(1)
    assert [len(place.questions(one)) for one in everybody] == [2, 1, 1, 1]
    assert sum("I ask about it again below" in text for one in everybody for text in texts(one.dm)) == 5
    await place.pass_days(1)
    assert [len(place.questions(one)) for one in everybody] == [0, 0, 0, 0]
    assert sum("Nobody said in three days" in text for one in everybody for text in texts(one.dm)) == 5


async def test_what_waits_for_a_channel_is_tried_again_each_day_told_each_day_and_left_out_after_a_week(
    place: Place,
) -> None:
    office = place.office
    await office.ana.archives(office.marketing)
    sender = office.sender()
    await office.post(office.marketing.id, "first")
    assert await sender.drain()
    await place.pass_days(6)
    waiting = await place.living()
    assert [row.state for row in waiting if row.target == office.marketing.id] == [State.HELD]
    await place.pass_days(2)
    assert await place.living() == []
    for lead in (office.ana, place.lea):
        told = texts(lead.dm)
        assert sum("is archived" in text for text in told) == 5, (
            "nobody is told on a weekend, nor thrice on Monday"
        )
        assert sum("could not be said for a week" in text for text in told) == 1


async def test_what_has_waited_a_week_is_left_out_though_something_newer_still_waits(place: Place) -> None:
    office = place.office
    await office.ana.archives(office.marketing)
    sender = office.sender()
    await office.post(office.marketing.id, "first")
    await place.pass_days(5)
    payload = {"text": "second", "blocks": []}
    now = office.clock.now()
    await office.transact(outbox.enqueue_post, office.team, office.marketing.id, payload, now=now)
    await place.pass_days(3)
    assert [row.payload["text"] for row in await place.living()] == ["second"]
    await place.pass_days(6)
    assert await place.living() == []
    assert await sender.drain()


async def test_a_message_to_a_person_that_slack_refuses_is_told_to_the_leads_of_their_strategies(
    place: Place,
) -> None:
    office = place.office
    office.slack.faults.add("chat.postMessage", "invalid_blocks", channel=office.ana.id)
    await office.post(office.ana.id, "first")
    assert await office.sender().drain()
    [told] = texts(place.lea.dm)
    assert told.startswith(
        f"Slack refused one of my messages in the direct message with <@{office.ana.id}> (invalid_blocks)."
    )


async def test_where_slack_does_not_let_it_look_the_person_is_asked_and_can_say_so(place: Place) -> None:
    office = place.office
    office.app.scopes -= {"im:history"}
    office.slack.faults.add("chat.postMessage", "drop_reply")
    await office.post(office.ben.dm.id, "first")
    await office.post(office.ben.dm.id, "second")
    assert await office.sender().drain()
    [question] = place.questions(office.ben)
    assert question.endswith("“first” Please look: is it there?")
    assert texts(office.ben.dm)[:2] == ["first", "second"]

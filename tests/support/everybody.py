"""Harbor Lights in its second week, with something of everything a person can press, and everybody who might.

It is lived once through the local Slack; after that handlers are called directly and leave nothing behind.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.acts import Way
from domain.drafts import Draft
from domain.people import Actor, Person
from domain.reading.people import Member
from handlers.requests import Deps, Form, SlackFile, View
from services.access import remember_in
from storage import (
    acts,
    canvases,
    check_ins,
    drafts,
    initiatives,
    kickoffs,
    kpis,
    people,
    retrospectives,
    tokens,
)
from storage.acts import come_by
from storage.database import Database
from storage.delivery import outbox, seen
from storage.delivery.outbox import State
from storage.drafts import KeptDraft
from storage.models import NoteRow, OutboxRow
from storage.strategies import find_strategy_by_channel
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.office import INITIATIVE_FIELDS, Office
from tests.support.offices import open_office
from tests.support.rivals import TABLE, add_former, canvas_in_question, extra
from tests.support.unlike import add_signal

P = ParamSpec("P")
T = TypeVar("T")

EVERYBODY = ("lead", "owner", "other owner", "member", "guest", "other organisation", "deactivated", "admin")
FIRST_WEEK = datetime(2026, 11, 23, 18, tzinfo=UTC)
SECOND_WEEK = datetime(2026, 11, 30, 18, tzinfo=UTC)
NEW_CHANNEL = "CNEW"
CSV = b"kpi,date,value,note\nMonthly givers,2026-11-22,316,\n"


class Undo(Exception):
    """Ends a transaction that is to leave nothing behind."""


@dataclass(frozen=True)
class Undone:
    """Transactions as handlers know them, each undone at its end."""

    database: Database
    way: Way = Way.CLOCK

    def by(self, way: Way) -> Self:
        return replace(self, way=way)

    async def __call__(
        self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        results: list[T] = []

        def run_and_undo(session: Session) -> None:
            come_by(session, self.way)
            results.append(fn(session, *args, **kwargs))
            session.flush()
            raise Undo

        with suppress(Undo):
            self.database.run(run_and_undo)
        return results[-1]


@dataclass(frozen=True)
class Windows:
    """The forms that were opened, newest last."""

    views: list[View] = field(default_factory=list)

    async def open_view(self, trigger_id: str, view: View, *, recorded: str = "") -> None:
        self.views.append(view)

    async def update_view(self, form: Form, view: View, *, recorded: str = "") -> None:
        self.views.append(view)

    async def read_file(self, file_id: str, person_id: str, limit: int) -> SlackFile:
        return SlackFile("readings.csv", CSV)

    async def list_channels(self, person_id: str) -> tuple[str, ...] | None:
        return (NEW_CHANNEL,)

    async def list_members(self, channel_id: str) -> tuple[Member, ...] | None:
        return None


@dataclass(frozen=True)
class World:
    """Ids of everything; `asked` is Ben's own, `note` the reference of words he wrote."""

    database: Database
    people: dict[str, Actor]
    channel: str
    strategy: int
    former: int
    newsletter: int
    metric: int
    check_in: int
    kpi: int
    signal: int
    token: int
    in_doubt: int
    message: int
    asked: int
    act: int
    learning: int
    looking_back: int
    note: str
    windows: Windows = field(default_factory=Windows)

    @property
    def deps(self) -> Deps:
        workspace_id = next(iter(self.people.values())).workspace_id
        return Deps(workspace_id, Undone(self.database), lambda: SECOND_WEEK, self.windows)

    @property
    def answer(self) -> str:
        return f"{self.check_in}:{self.newsletter}"


async def live(database_url: str) -> World:
    """Raises AssertionError where the way there is blocked."""
    async with open_office(database_url) as office:
        await _two_weeks(office)
        workspace, everybody = office.slack.workspace.id, _everybody(office)
        channel, ben = office.marketing.id, office.ben.id
        office.reads(_type_there, (channel, NEW_CHANNEL), everybody.values())
    database = Database.open(database_url, migrate=False).within(workspace)
    found = database.run(_find, workspace, channel, ben)
    return World(database, everybody, channel, **found)


async def _two_weeks(office: Office) -> None:
    await office.set_up()
    olga = office.slack.person("Olga Owner", tz="Europe/London")
    await office.maya.invites(olga, office.marketing)
    for name in ("Older letter", "Old letter"):
        await office.add(name)
        await _submits(office, "/initiative", f"close {name}", {"How does it end?": COMPLETED})
        if name == "Older letter":
            await office.ben.click("Look back…")
            await office.ben.fill({"What to keep?": "Short subjects"})
            assert await office.ben.submit() is None
    await _submits(office, "/kpi", "add", KPI_FIELDS)
    await office.add("Newsletter relaunch")
    for name in ("Referrals", "Quiet one"):
        await _submits(
            office, "/initiative", "add", {**INITIATIVE_FIELDS, "Name": name, "Owner": "@Olga Owner"}
        )
        await olga.click("Accept")
        await office.slack.settled()
    await office.asks(office.maya, "/initiative", "pause Quiet one")
    await _submits(office, "/initiative", "add", {**INITIATIVE_FIELDS, "Name": "Lottery"})
    await office.slack.clock.advance(to=FIRST_WEEK)
    await office.ben.says("off track, blocked by the printer")
    await office.slack.settled()
    await office.ben.click("Edit")
    await office.ben.fill({"What is next?": "Ask for another printer"})
    assert await office.ben.submit() is None
    await office.slack.clock.advance(to=SECOND_WEEK)
    await office.ben.says("hello everybody")
    await office.slack.settled()


def _type_there(session: Session, channels: Sequence[str], actors: Iterable[Actor]) -> None:
    """Each of them has typed a command in each of these channels."""
    for actor in actors:
        person = people.get_person(session, actor.workspace_id, actor.person_id)
        for channel in channels:
            remember_in(session, person, channel, SECOND_WEEK)


COMPLETED = "Completed: it did what it was for"


async def _submits(office: Office, command: str, text: str, fields: dict[str, Any]) -> None:
    await office.maya.command(command, text, channel=office.marketing)
    await office.maya.fill(fields)
    form = await office.maya.submit()
    assert form is None, form.errors
    await office.slack.settled()


def _everybody(office: Office) -> dict[str, Actor]:
    """Those the bot has not met are put on record as Slack describes them."""
    workspace = office.slack.workspace.id
    (olga,) = {one.owner_id for one in office.initiatives().values()} - {office.ben.id}
    unknown = [
        Person(workspace, office.ruth.id, office.ruth.name, is_admin=True),
        Person(workspace, office.tom.id, office.tom.name),
        Person(workspace, "UGUEST", "Gus Guest", is_guest=True),
        Person(workspace, "UELSE", "Eve Else", is_external=True),
        Person(workspace, "UGONE", "Dan Gone", is_deactivated=True),
    ]
    office.reads(people.save_people, unknown)
    ids = (office.maya.id, office.ben.id, olga, office.tom.id, "UGUEST", "UELSE", "UGONE", office.ruth.id)
    return {
        who: Actor(workspace, id_, "TELSEWHERE" if id_ == "UELSE" else workspace)
        for who, id_ in zip(EVERYBODY, ids, strict=True)
    }


def _find(session: Session, workspace: str, channel: str, ben: str) -> dict[str, Any]:
    strategy = find_strategy_by_channel(session, workspace, channel)
    assert strategy is not None
    listing = initiatives.list_initiatives(session, workspace, strategy.id, include_closed=True)
    named = {one.name: one.id for one in listing}
    check_in = check_ins.find_current(session, workspace, strategy.id, ben, SECOND_WEEK)
    assert check_in is not None
    note = session.scalars(select(NoteRow).order_by(NoteRow.ts.desc())).first()
    assert note is not None
    asked = kickoffs.list_confirmations(session, workspace, [named["Lottery"]])[named["Lottery"]]
    asked_back = retrospectives.list_retrospectives(session, workspace, named["Old letter"])
    message, in_doubt = _message_in_doubt(session, workspace, channel)
    former = add_former(session, strategy)
    canvases.save_canvas(session, canvas_in_question(strategy))
    kept = KeptDraft(Draft((extra("Harbor"),), (TABLE,)), 1, ben, SECOND_WEEK)
    drafts.save_draft(session, workspace, strategy.id, kept)
    seen.is_new(session, workspace, f"preview:{message}:{strategy.id}:F1", SECOND_WEEK)
    return {
        "strategy": strategy.id,
        "former": former,
        "newsletter": named["Newsletter relaunch"],
        "metric": initiatives.get_initiative(session, workspace, named["Newsletter relaunch"]).metrics[0].id,
        "check_in": check_in.id,
        "kpi": kpis.list_kpis(session, workspace, strategy.id)[0].id,
        "signal": add_signal(session, check_in, kpis.list_kpis(session, workspace, strategy.id)[0]),
        "token": _token(session, workspace, strategy.id, ben),
        "in_doubt": in_doubt,
        "message": message,
        "asked": next(one.id for one in asked if one.person_id == ben),
        "act": acts.list_acts(session, workspace, strategy.id, 1)[0].id,
        "learning": retrospectives.list_learnings(session, workspace, strategy.id)[0].id,
        "looking_back": next(one.id for one in asked_back if one.person_id == ben),
        "note": f"{note.channel_id}/{note.ts}/{check_in.id}:{named['Newsletter relaunch']}",
    }


def _token(session: Session, workspace: str, strategy_id: int, by: str) -> int:
    tokens.add_token(session, workspace, strategy_id, digest="0" * 64, hint="abcd", by=by, now=SECOND_WEEK)
    return tokens.list_tokens(session, workspace, strategy_id)[0].id


def _message_in_doubt(session: Session, workspace: str, channel: str) -> tuple[int, int]:
    """Ids of the message and of its row in the outbox."""
    message = outbox.enqueue_post(session, workspace, channel, {"text": "Hello"}, now=SECOND_WEEK)
    waiting = session.scalars(select(OutboxRow).where(OutboxRow.message_id == message)).one()
    session.execute(update(OutboxRow).where(OutboxRow.id == waiting.id).values(state=State.IN_DOUBT))
    leave_in_doubt(session, workspace, channel, SECOND_WEEK)
    return message, waiting.id


def leave_in_doubt(session: Session, workspace: str, channel: str, now: datetime) -> None:
    """A post that was perhaps made before a restore, of which somebody was asked."""
    message = outbox.enqueue_post(session, workspace, channel, {"text": "Restored"}, now=now)
    doubted = {"state": State.IN_DOUBT, "said_since": now, "in_doubt_since": now, "settle_at": now}
    session.execute(update(OutboxRow).where(OutboxRow.message_id == message).values(**doubted))

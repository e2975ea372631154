"""Everything the bot says and asks in two weeks and the month after, with hostile words wherever people write.

Nothing of them mentions, calls or links anybody, hides or turns a line round, and Slack takes every payload.
"""

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar

import pytest
from sqlalchemy import Table, delete, select, update
from sqlalchemy.orm import Session

from domain.errors import DomainError
from domain.people import Actor
from domain.reading.legible import legible
from handlers.requests import Deps, Event, Reply
from services.rituals import perform_rituals
from storage import models as m
from storage.delivery.outbox import CANVAS, FILE, State
from storage.rituals import list_due
from storage.statements import table
from tests.handlers.test_everybody import ROUTES, ROWS, Row
from tests.support.block_kit import Json, assert_valid_message, assert_valid_view, texts_of
from tests.support.databases import SqliteFiles
from tests.support.everybody import SECOND_WEEK, Undone, World, live
from views.slack import blocks as b

P = ParamSpec("P")
T = TypeVar("T")

HOSTILE = {
    "mentions": "<!channel> <@U0EVIL> <#C0EVIL> <!subteam^S1> @channel <https://evil.example|Your bank>",
    "turned round": "\u202e5 → 6\u2067\u2066\u200b\u200f\u2069\u2069\x1b[2J",
    "marks": "&lt;!here&gt; *b* _i_ ~s~ `c` ```f\n> two\u2028*Health*: on track\r\n• three\x0b",
    "ampersands": "&" * 300,
    "right to left": "מכירות 5 → 6 إعادة " * 20,
    "wide": "👩\u200d👩\u200d👧" * 60,
}
# Where people write, and how much each place keeps.
PLACES: Mapping[type[m.Base], Mapping[str, int]] = {
    m.StrategyRow: {"name": 75, "why": 3000, "audience": 3000, "difference": 3000, "core_message": 3000},
    m.GoalRow: {"text": 300},
    m.InitiativeRow: {"name": 75},
    m.MetricRow: {"name": 75, "unit": 20},
    m.KpiRow: {"name": 75, "unit": 20, "if_short": 500},
    m.KpiReadingRow: {"note": 500},
    m.PersonRow: {"name": 80},
    m.CharterRow: {"may_decide": 3000, "budget": 500, "resources": 500},
    m.ConfirmationRow: {"what": 500, "words": 500},
    m.RetrospectiveRow: {"expected": 3000, "happened": 3000, "keep": 3000, "change": 3000},
    m.LearningRow: {"text": 3000},
    m.ChangeRow: {"why": 300},
    m.AnswerRow: {"content": 3000},
    m.RevisionRow: {"content": 3000},
}
IN_DOUBT = ({"text": "Hello"}, {"text": "Restored"})
"""The messages in doubt of `tests.support.everybody`."""
_REPEATED = re.compile(r"place\.[1-9]|command\.again\.[1-9]")
"""The same button in another place of its row."""
_ANSWERED = ("progress", "next", "blocker", "need")


@dataclass(frozen=True)
class Watched(Undone):
    """As `Undone`, keeping what was to be sent."""

    sent: list[tuple[str, Json]] = field(default_factory=list)

    async def __call__(
        self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        def run_and_look(session: Session) -> T:
            result = fn(session, *args, **kwargs)
            waiting = select(m.OutboxRow.method, m.OutboxRow.payload).where(
                m.OutboxRow.state == State.PENDING
            )
            rows = session.execute(waiting)
            self.sent.extend((row.method, row.payload) for row in rows)
            return result

        return await super().__call__(run_and_look)


@dataclass(frozen=True)
class WatchedWorld(World):
    sent: list[tuple[str, Json]] = field(default_factory=list)

    @property
    def deps(self) -> Deps:
        return replace(super().deps, transact=Watched(self.database, sent=self.sent))

    @property
    def workspace(self) -> str:
        return self.people["lead"].workspace_id

    def assert_harmless(self, reply: Reply | None = None) -> None:
        """All that was sent, opened and replied since the last time."""
        views = [*self.windows.views, *([reply.update] if reply and reply.update else [])]
        messages = [reply.message] if reply and reply.message else []
        for method, payload in self.sent:
            if "view" in payload:
                views.append(payload["view"])
            elif method not in (CANVAS, FILE) and payload not in IN_DOUBT:
                messages.append({"text": payload["text"], "blocks": payload["blocks"]})
        for view in views:
            assert_valid_view(view)
            self._assert_harmless_texts(view)
        for message in messages:
            assert_valid_message(message)
            self._assert_harmless_texts(message)
            self._assert_harmless_markup(message["text"])
        self.sent.clear()
        self.windows.views.clear()

    def _assert_harmless_texts(self, payload: Json) -> None:
        for text, kind in texts_of(
            {key: value for key, value in payload.items() if key != "private_metadata"}
        ):
            assert legible(text) == text, f"hides something: {text!r}"
            if kind == "mrkdwn":
                self._assert_harmless_markup(text)
            else:
                assert "\n" not in text

    def _assert_harmless_markup(self, markup: str) -> None:
        ids = "|".join(actor.person_id for actor in self.people.values())
        for inside in re.findall(r"<([^>]*)>?", markup):
            ours = rf"@({ids})|#{self.channel}|#C\w+|!date\^\d+\^[^|<>]*\|[^|<>]*"
            assert re.fullmatch(ours, inside), f"people's words made <{inside}>"
            assert "EVIL" not in inside


@pytest.fixture(scope="module")
def lived(sqlite_files_of_module: SqliteFiles) -> Iterator[World]:
    world = asyncio.run(live(sqlite_files_of_module.new()))
    world.database.run(_empty_outbox)
    yield world
    world.database.close()


@pytest.fixture(scope="module")
def harmless(lived: World) -> dict[str, list[Json]]:
    """What people wrote in two weeks."""
    return lived.database.run(_read_all)


def _read_all(session: Session) -> dict[str, list[Json]]:
    return {
        rows.name: [row._asdict() for row in session.execute(select(rows))] for rows in map(table, PLACES)
    }


@pytest.fixture(params=HOSTILE)
def world(request: pytest.FixtureRequest, lived: World, harmless: dict[str, list[Json]]) -> WatchedWorld:
    """The same two weeks, with hostile words behind every word that people wrote."""
    words = HOSTILE[request.param]
    lived.database.run(_spoil, harmless, words)
    known = {name: getattr(lived, name) for name in World.__dataclass_fields__}
    return WatchedWorld(**known)


def _empty_outbox(session: Session) -> None:
    """But for the message in doubt."""
    session.execute(delete(m.OutboxRow).where(m.OutboxRow.state == State.PENDING))


def _spoil(session: Session, harmless: dict[str, list[Json]], words: str) -> None:
    for kind, columns in PLACES.items():
        rows = table(kind)
        for row in harmless[rows.name]:
            spoiled = {name: _spoiled(row[name], words, most) for name, most in columns.items()}
            session.execute(update(rows).where(*_is(rows, row)).values(**spoiled))


def _spoiled(value: Any, words: str, most: int) -> Any:
    if isinstance(value, dict):
        return value | {name: _spoiled(value.get(name) or "", words, most) for name in _ANSWERED}
    return None if value is None else f"{value} {words}"[:most]


def _is(rows: Table, row: Json) -> list[Any]:
    return [column == row[column.name] for column in rows.primary_key]


@pytest.mark.parametrize("who", ["lead", "owner"])
async def test_everything_people_can_press_answers_without_harm(world: WatchedWorld, who: str) -> None:
    answered = 0
    for row in ROWS:
        if who in row.allowed and not _REPEATED.search(row.id):
            await _act(world, row, world.people[who])
            answered += 1
    assert answered > 25


async def _act(world: WatchedWorld, row: Row, actor: Actor) -> None:
    try:
        reply = await row.act(world, actor)
    except DomainError as refusal:
        # As `bot.slack_edge` says it.
        reply = Reply(message=b.message(b.escape(str(refusal)), [b.section(b.escape(str(refusal)))]))
    world.assert_harmless(reply)


@pytest.mark.parametrize("who", ["lead", "owner", "member"])
async def test_home_shows_them_without_harm(world: WatchedWorld, who: str) -> None:
    opened = {"type": "app_home_opened", "user": world.people[who].person_id, "tab": "home"}
    await ROUTES.events["app_home_opened"](world.deps, Event(world.workspace, f"Ev{who}", opened))
    assert any("view" in payload for _, payload in world.sent)
    world.assert_harmless()


async def test_a_month_of_prompts_digests_and_a_review_tells_them_without_harm(world: WatchedWorld) -> None:
    outcomes = await world.deps.transact(_live_on, world.workspace)
    assert {"prompted", "posted"} <= set(outcomes)
    assert len(world.sent) > 15
    world.assert_harmless()


def _live_on(session: Session, workspace_id: str) -> list[str]:
    """Everything due in the next six weeks, in turn."""
    outcomes = []
    until = SECOND_WEEK + timedelta(weeks=6)
    while batch := list_due(session, workspace_id, until, 1):
        (due,) = batch
        at = max(due.due_at, SECOND_WEEK)
        outcomes += [became for _, became in perform_rituals(session, [due], at, wait=True)]
        assert len(outcomes) < 200
    return outcomes

"""Two strategies side by side, in one workspace or in two of one bot, each with one of everything; what is Zebra's is no
business of Mango's.

They are lived through the local Slack until the day of their first review. Whatever a side wrote or is called has its
word in it, so that a single "zebra" in what somebody of the other side is shown is a leak.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from bot.parts import Parts
from domain.bets import Bet, Known, Look, Verdict
from domain.canvases import EDITED, Canvas, CanvasState
from domain.decisions import DecisionState
from domain.drafts import Columns, Draft, DraftInitiative, DraftLine, DraftMetric, PlanField
from domain.people import Actor
from domain.people import Person as KnownPerson
from domain.periods import Month
from domain.strategies import Strategy
from sandbox import App, Conversation, LocalSlack, Person, World
from storage import (
    acts,
    bets,
    canvases,
    check_ins,
    decisions,
    drafts,
    initiatives,
    kickoffs,
    kpis,
    milestones,
    people,
    retrospectives,
    reviews,
    tokens,
)
from storage.database import Database
from storage.delivery import outbox
from storage.delivery.outbox import State
from storage.drafts import KeptDraft
from storage.models import Base, MessageRow, NoteRow, OutboxRow
from storage.strategies import (
    add_strategy,
    close_strategy,
    find_strategy_by_channel,
    get_strategy,
    save_strategy,
)
from tests.support.bot_here import bot_here
from tests.support.bot_process import install
from tests.support.databases import as_owner
from tests.support.kpi_forms import KPI_FIELDS
from tests.support.many import Many, many_here
from tests.support.office import INITIATIVE_FIELDS, STRATEGY_FIELDS
from tests.support.offices import FRIDAY
from tests.support.recorder import Body, recorded
from tests.support.setting_up import set_up
from tests.support.unlike import add_signal

FIRST_WEEK = datetime(2026, 11, 23, 18, tzinfo=UTC)
SECOND_WEEK = datetime(2026, 11, 30, 18, tzinfo=UTC)
REVIEW = datetime(2026, 12, 3, 10, tzinfo=UTC)
NOW = datetime(2026, 12, 3, 10, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Side:
    """One strategy with its two people; `ids` by what they name."""

    word: str
    channel: str
    lead: Actor
    owner: Actor
    ids: Mapping[str, int]
    file: str
    ts: str
    """Of the last message its owner wrote, in `dm`."""
    dm: str

    def __getitem__(self, name: str) -> int:
        return self.ids[name]

    def actor(self, who: str) -> Actor:
        return self.lead if who == "lead" else self.owner


@dataclass(frozen=True)
class Rivals:
    """`database` is all there is, `app` what the bot reaches."""

    database: Database
    app: Database
    mango: Side
    zebra: Side
    both: Actor | None
    """Leads both, where they are in one workspace."""


@dataclass(frozen=True)
class _Living:
    """A side while it is lived."""

    slack: World
    word: str
    lead: Person
    owner: Person
    channel: Conversation

    async def submits(self, command: str, text: str, fields: Mapping[str, Any]) -> None:
        await self.lead.command(command, text, channel=self.channel)
        await self.lead.fill(fields)
        form = await self.lead.submit()
        assert form is None, form.errors
        await self.slack.settled()

    async def adds(self, name: str, **more: str) -> None:
        goal = {"Goal it serves": f"{self.word} readers from 100 to 200 by 31 March"}
        named = {"Name": f"{self.word} {name}", "Owner": f"@{self.owner.name}"}
        await self.submits("/initiative", "add", {**INITIATIVE_FIELDS, **goal, **named, **more})

    async def accepts(self) -> None:
        await self.owner.click("Accept")
        await self.slack.settled()


async def live(database_url: str, *, across: bool = False) -> Rivals:
    """`across` two workspaces that installed one bot. Raises AssertionError where the way there is blocked."""
    if across:
        async with neighbours(database_url) as found:
            mango, zebra, both = found.mango, found.zebra, None
    else:
        async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
            app = install(slack)
            sides = [_side(slack, word) for word in ("Mango", "Zebra")]
            async with bot_here(slack, app, database_url) as bot:
                mango, zebra = await _lived(slack, bot, sides)
                both = Actor(bot.workspace.id, "UBOTH", bot.workspace.id)
                bot.database.run(_lead_both, both, (mango, zebra))
    owned, reached = (Database.open(url, migrate=False) for url in (as_owner(database_url), database_url))
    return Rivals(owned, reached, mango, zebra, both)


@dataclass(frozen=True)
class Neighbours:
    """Two workspaces that installed one bot, and the bot at work; `bodies` are what Slack has sent it."""

    slack: LocalSlack
    many: Many
    mango: Side
    zebra: Side
    bodies: Sequence[Body]


@asynccontextmanager
async def neighbours(database_url: str) -> AsyncIterator[Neighbours]:
    async with LocalSlack(now=FRIDAY, rate_limits=False) as slack:
        zebras = slack.add_workspace("Zebra")
        sides = [_side(slack, "Mango"), _side(zebras, "Zebra")]
        async with many_here(slack, database_url) as many:
            for side in sides:
                await many.installs(side.lead)
            async with recorded(slack.app) as bodies:
                mango, zebra = await _lived(slack, many.bot, sides)
            yield Neighbours(slack, many, mango, zebra, bodies)


async def _lived(slack: LocalSlack, bot: Parts, sides: Sequence[_Living]) -> tuple[Side, Side]:
    for side in sides:
        await _begin(side, side.slack.app)
    await slack.clock.advance(to=FIRST_WEEK)
    for side in sides:
        await side.owner.says(f"off track, blocked by the {side.word} printer")
        await side.slack.settled()
        await side.owner.click("Edit")
        await side.owner.fill({"What is next?": f"Ask for another {side.word} printer"})
        assert await side.owner.submit() is None
    await slack.clock.advance(to=SECOND_WEEK)
    for side in sides:
        await side.owner.says(f"hello, {side.word}")
    await slack.clock.advance(to=REVIEW)
    await slack.settled()
    mango, zebra = (_found(bot, side) for side in sides)
    return mango, zebra


def _side(slack: World, word: str) -> _Living:
    lead = slack.person(f"Lea {word}", tz="Europe/London")
    owner = slack.person(f"Otto {word}", tz="Europe/London")
    return _Living(slack, word, lead, owner, slack.channel(word.lower(), members=[lead, owner]))


async def _begin(side: _Living, app: App) -> None:
    word = side.word
    await side.lead.invites(app, side.channel)
    goals = {
        "Goal 1": f"{word} readers from 100 to 200 by 31 March",
        "Goal 2": f"{word} givers from 310 to 420 by 31 March",
    }
    told = {"Name": f"{word} campaign", "Core message": f"{word} for all", **goals}
    await set_up(side.lead, side.channel, {**STRATEGY_FIELDS, **told})
    await side.slack.settled()
    completed = {"How does it end?": "Completed: it did what it was for"}
    for name in ("first", "second"):
        await side.adds(name)
        await side.accepts()
        await side.submits("/initiative", f"close {word} {name}", completed)
        if name == "first":
            await side.owner.click("Look back…")
            await side.owner.fill({"What to keep?": f"{word} subjects"})
            assert await side.owner.submit() is None
            await side.slack.settled()
    named = {"Name": f"{word} givers", "Owner": f"@{side.owner.name}", "Goal it serves": goals["Goal 2"]}
    await side.submits("/kpi", "add", {**KPI_FIELDS, **named})
    await side.adds("letter", **_second_metric(word))
    await side.accepts()
    milestone = {"Name": f"{word} issue", "Person": f"@{side.owner.name}", "Date": "2026-12-20"}
    await side.submits("/initiative", f"milestone {word} letter", milestone)
    await side.adds("quiet")
    await side.accepts()
    await side.lead.command("/initiative", f"pause {word} quiet", channel=side.channel)
    await side.adds("lottery")
    await _ask(side, "signs")
    await side.lead.click("Yes")
    await _ask(side, "prints")
    await _send_file(side)


def _second_metric(word: str) -> dict[str, str]:
    name = {"Metric 1: name": f"{word} readers", "Metric 2: name": f"{word} opens"}
    return {**name, "Metric 2: where it stands now": "10", "Metric 2: target": "20"}


async def _ask(side: _Living, does_what: str) -> None:
    message = await side.owner.says(f"Who {does_what} the {side.word}?", to=side.channel)
    await side.owner.shortcut("Request a decision", message=message)
    await side.owner.fill(
        {
            "About": f"{side.word} letter",
            "What do you ask for?": f"Who {does_what} the {side.word}?",
            "Who decides?": f"@{side.lead.name}",
            "By when?": "2026-12-10",
            "What happens if nobody decides?": f"{side.word} waits",
        }
    )
    assert await side.owner.submit() is None
    await side.slack.settled()


async def _send_file(side: _Living) -> None:
    content = f"kpi,date,value,note\n{side.word} givers,2026-11-20,316,\n".encode()
    await side.lead.command("/kpi", "import", channel=side.channel)
    await side.lead.fill({"File": {f"{side.word}.csv": content}})
    assert await side.lead.submit() is not None
    await side.slack.settled()
    await side.lead.close()


def _found(bot: Parts, side: _Living) -> Side:
    workspace = side.slack.workspace.id
    lead, owner = (Actor(workspace, person.id, workspace) for person in (side.lead, side.owner))
    own = bot.database.within(workspace)
    found = own.run(_find, workspace, side.channel.id, side.lead.id, side.owner.id)
    note = own.run(_last_note, side.owner.id)
    (file,) = (one for one in side.slack.workspace.files.values() if one.user_id == side.lead.id)
    return Side(side.word, side.channel.id, lead, owner, found, file.id, note.ts, note.channel_id)


def _last_note(session: Session, person_id: str) -> NoteRow:
    own = select(NoteRow).where(NoteRow.person_id == person_id)
    return session.scalars(own.order_by(NoteRow.ts.desc()).limit(1)).one()


def _find(session: Session, workspace: str, channel: str, lead: str, owner: str) -> dict[str, int]:
    strategy = find_strategy_by_channel(session, workspace, channel)
    assert strategy is not None
    listing = initiatives.list_initiatives(session, workspace, strategy.id, include_closed=True)
    named = {one.name.split(" ", 1)[1]: one for one in listing}
    letter, lottery, second = named["letter"], named["lottery"], named["second"]
    check_in = check_ins.find_current(session, workspace, strategy.id, owner, NOW)
    review = reviews.find_review(session, workspace, strategy.id, Month(2026, 12))
    assert check_in is not None
    assert review is not None
    asked = kickoffs.list_confirmations(session, workspace, [lottery.id])[lottery.id]
    backs = retrospectives.list_retrospectives(session, workspace, second.id)
    asks = {one.state: one.id for one in decisions.list_decisions(session, workspace, strategy.id)}
    doubtful = outbox.enqueue_post(session, workspace, channel, {"text": "Hello"}, now=NOW)
    row = session.scalars(select(OutboxRow).where(OutboxRow.message_id == doubtful)).one()
    session.execute(update(OutboxRow).where(OutboxRow.id == row.id).values(state=State.IN_DOUBT))
    restored = outbox.enqueue_post(session, workspace, channel, {"text": "Restored"}, now=NOW)
    doubted = {"state": State.IN_DOUBT, "said_since": NOW, "in_doubt_since": NOW, "settle_at": NOW}
    session.execute(update(OutboxRow).where(OutboxRow.message_id == restored).values(**doubted))
    digest = strategy.name.ljust(64, "0")
    tokens.add_token(session, workspace, strategy.id, digest=digest, hint="abcd", by=lead, now=NOW)
    drafts.save_draft(session, workspace, strategy.id, _draft(strategy.name.split(" ")[0], lead))
    former = add_former(session, strategy)
    decided = asks[DecisionState.DECIDED]
    looked, answered = (
        add_looked(session, strategy, decided, lead, owner, said) for said in (None, Verdict.KEEP)
    )
    canvases.save_canvas(session, canvas_in_question(strategy))
    preview = select(MessageRow.id).where(MessageRow.target == lead).order_by(MessageRow.id.desc())
    return {
        "strategy": strategy.id,
        "former": former,
        "goal": strategy.goals[0].id,
        "second goal": strategy.goals[1].id,
        "initiative": letter.id,
        "metric": letter.metrics[0].id,
        "second metric": letter.metrics[1].id,
        "paused initiative": named["quiet"].id,
        "milestone": milestones.list_milestones(session, workspace, [letter.id])[letter.id][0].id,
        "confirmation": next(one.id for one in asked if one.person_id == owner),
        "learning": retrospectives.list_learnings(session, workspace, strategy.id)[0].id,
        "retrospective": next(one.id for one in backs if one.person_id == owner),
        "kpi": kpis.list_kpis(session, workspace, strategy.id)[0].id,
        "signal": add_signal(session, check_in, kpis.list_kpis(session, workspace, strategy.id)[0]),
        "token": tokens.list_tokens(session, workspace, strategy.id)[0].id,
        "check-in": check_in.id,
        "ask": asks[DecisionState.OPEN],
        "decision": decided,
        "bet": looked,
        "answered bet": answered,
        "review": review.id,
        "outbox row": row.id,
        "act": acts.list_acts(session, workspace, strategy.id, 1)[0].id,
        "preview": _preview(session, list(session.scalars(preview))),
    }


def add_looked(
    session: Session, strategy: Strategy, decision_id: int, lead: str, owner: str, said: Verdict | None
) -> int:
    """The id of a bet that was shown to both again, and of which the lead has said something or not."""
    workspace, [kpi, *_] = strategy.workspace_id, kpis.list_kpis(session, strategy.workspace_id, strategy.id)
    known = Known(NOW.date(), kpi.name)
    words = f"More {kpi.name}"
    made = Bet(
        0, workspace, strategy.id, decision_id, kpi.id, None, words, None, NOW.date(), lead, NOW, known
    )
    bet = bets.add_bet(session, made)
    bets.keep_found(session, bet, known, NOW)
    answered_at = NOW if said else None
    looks = [Look(bet.id, lead, None, said, "", answered_at, 1 if said else None), Look(bet.id, owner)]
    bets.save_looks(session, workspace, looks)
    return bet.id


def canvas_in_question(strategy: Strategy) -> Canvas:
    """One that people wrote in, so that a lead is asked."""
    return Canvas(
        strategy.workspace_id,
        strategy.id,
        CanvasState.ASKED,
        strategy.leads[0],
        looked_at=NOW,
        look_at=NOW,
        reason=EDITED,
        canvas_id="F0CANVAS",
        text="text",
        content="content",
        written_at=NOW,
    )


def add_former(session: Session, strategy: Strategy) -> int:
    """The id of one that the channel had before: closed, with its leads."""
    wanted = replace(strategy, channel_id=f"{strategy.channel_id}X", goals=())
    former = add_strategy(session, wanted, NOW)
    assert former is not None
    close_strategy(session, strategy.workspace_id, former.id, NOW)
    save_strategy(session, replace(former, channel_id=strategy.channel_id))
    return former.id


def extra(word: str) -> DraftLine:
    """An initiative without anybody or a goal, of which nobody has been told."""
    metric = DraftMetric("opens", "", Decimal(10), Decimal(20))
    item = DraftInitiative(f"{word} extra", due=date(2027, 3, 31), metrics=(metric,))
    return DraftLine(1, f"{word} extra", item)


TABLE = Columns(("Project", "Captain"), (PlanField.INITIATIVE, None))


def _draft(word: str, lead: str) -> KeptDraft:
    return KeptDraft(Draft((extra(word),), (TABLE,)), 1, lead, NOW)


def _lead_both(session: Session, both: Actor, sides: Iterable[Side]) -> None:
    people.save_people(session, [KnownPerson(both.workspace_id, both.person_id, "Bea Both")])
    for side in sides:
        strategy = get_strategy(session, both.workspace_id, side["strategy"])
        save_strategy(session, replace(strategy, leads=(*strategy.leads, both.person_id)))


def _preview(session: Session, messages: list[int]) -> int:
    """The message in which a file was shown: its key is among what was met."""
    seen: Table = Base.metadata.tables["seen"]
    keys = session.scalars(select(seen.c.key).where(seen.c.key.like("preview:%")))
    (found,) = {int(key.split(":")[1]) for key in keys} & set(messages)
    return found


def everything(session: Session) -> dict[str, list[str]]:
    """Every row of every table."""
    return {
        name: sorted(str(tuple(row)) for row in session.execute(select(table)))
        for name, table in Base.metadata.tables.items()
    }

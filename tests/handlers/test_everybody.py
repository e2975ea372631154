"""Every command, button, form and shortcut that has no table of its own, by everybody there is.

Whoever may is let through, everybody else is told who can. Each try is undone, so that all meet the same state.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from bot.routes import all_routes
from domain.errors import DomainError
from domain.people import Actor
from handlers.requests import Click, Command, Form, Reply, Shortcut, Submission
from services.drafts.editing import mark_of
from storage.strategies import get_strategy
from tests.support.absent import Compared, read_back
from tests.support.databases import SqliteFiles
from tests.support.everybody import EVERYBODY, SECOND_WEEK, World, live
from tests.support.forms import submitted
from tests.support.rivals import extra
from tests.support.route_ids import subcommand_id
from views.check_ins.follow_ups import SETTLES
from views.drafts.forms import DraftRef
from views.drafts.messages import PlanRef
from views.homes import TURNS
from views.imports import FILE, ImportRef
from views.initiatives import forms as initiative_views
from views.initiatives.lifecycle import Waiting
from views.joins import JoinRef
from views.kpis.forms import MOST_SERVING, ServeRef
from views.notes import KpiValueRef, ValueRef
from views.slack.choices import ACTIONS, Again
from views.troubles import LINK, LINK_FORM

ROUTES = all_routes()
SUBCOMMANDS = {subcommand_id(name, one): one.run for name, known in ROUTES.commands.items() for one in known}
LEADS = {"lead", "admin"}
MEMBERS = LEADS | {"owner", "other owner", "member"}
OWN = {"owner"}
OUTSIDE = {"guest", "other organisation", "deactivated"}
MEMBERS_ONLY = (
    "Only full members of this workspace can do this. Ask a lead of the strategy to do it for you.",
    "Only members of this workspace can do this. Ask a lead of the strategy to do it for you.",
)
A_LEAD = "Only a lead of Harbor Lights can do this: Maya Okafor."
ITS_OWNER = "Only Ben Carter, or for them a lead of Harbor Lights, can answer this check-in: Maya Okafor."
FOR_HIM = "Only Ben Carter, or for them a lead of their strategy, can answer this check-in: Maya Okafor."
KPI_OWNER = (
    "Only the owner of Monthly givers or a lead of Harbor Lights can do this: Ben Carter or Maya Okafor."
)
WHO_WAS_ASKED = (
    "Only who was asked what happened, or a lead of Harbor Lights, can say it: Ben Carter or Maya Okafor."
)
A_KPI_OWNER = KPI_OWNER.replace("Monthly givers", "a KPI")
ASKED = "Only Ben Carter can answer this: it is asked of them as the owner."
ASKED_BACK = "Only Ben Carter can answer this: they are asked to look back."
MILESTONES = (
    "Only its owner or a lead changes the milestones of Newsletter relaunch: Ben Carter or Maya Okafor."
)
WRITER = "Only the person who wrote this can say what it is about."

Act = Callable[[World, Actor], Awaitable[Reply | None]]


@dataclass(frozen=True)
class Row:
    """Who may do something, and the sentence for the other members."""

    id: str
    act: Act
    allowed: set[str]
    refusal: str = A_LEAD
    outside: tuple[str, ...] = MEMBERS_ONLY


def command(
    id_: str, text: str = "", allowed: set[str] = LEADS, refusal: str = A_LEAD, where: str = ""
) -> Row:
    return Row(id_, run(id_, text, where), allowed, refusal)


def run(id_: str, text: str = "", where: str = "") -> Act:
    async def act(world: World, actor: Actor) -> Reply | None:
        typed = text.format(ben=world.people["owner"].person_id)
        return await SUBCOMMANDS[id_](world.deps, Command(actor, where or world.channel, typed, "trigger"))

    return act


def clicks(
    *names: str,
    value: Callable[[World], object],
    allowed: set[str] = LEADS,
    refusal: str = A_LEAD,
    outside: tuple[str, ...] = MEMBERS_ONLY,
    metadata: Callable[[World], str] = lambda _: "",
) -> list[Row]:
    return [Row(f"click {name}", press(name, value, metadata), allowed, refusal, outside) for name in names]


OPEN = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Any"},
    "blocks": [{"type": "divider"}],
    "submit": {"type": "plain_text", "text": "Save"},
    "callback_id": "any",
}
"""What a form shows that Slack sends along with a click in it."""


def press(
    name: str, value: Callable[[World], object], metadata: Callable[[World], str] = lambda _: ""
) -> Act:
    async def act(world: World, actor: Actor) -> Reply | None:
        form = Form("V1", "h", "any", metadata(world), {}, OPEN)
        clicked = Click(actor, name, str(value(world)), "trigger", world.channel, form)
        reply = await ROUTES.clicks[name](world.deps, clicked)
        if reply is not None and reply.after is not None:
            await reply.after(world.deps, clicked)
        return reply

    return act


def form(callback: str, opened: Act, allowed: set[str] = LEADS, refusal: str = A_LEAD, **typed: str) -> Row:
    """As a lead opened it, sent by somebody."""

    async def act(world: World, actor: Actor) -> Reply | None:
        world.windows.views.clear()
        await opened(world, world.people["lead"])
        view = world.windows.views[-1]
        assert view["callback_id"] == callback
        files = {FILE: {"files": [{"id": "F1"}]}} if callback == "kpi.import" else {}
        ben = world.people["owner"].person_id
        state = files or submitted(view, **{name: value.format(ben=ben) for name, value in typed.items()})
        sent = Submission(actor, Form("V1", "h", callback, view.get("private_metadata", ""), state))
        reply = await ROUTES.submissions[callback](world.deps, sent)
        if reply is not None and reply.after is not None:
            await reply.after(world.deps, sent)
        return reply

    return Row(f"form {callback}", act, allowed, refusal)


async def start_initiative(world: World, actor: Actor) -> Reply | None:
    return await ROUTES.shortcuts["initiative.new"](world.deps, Shortcut(actor, "trigger"))


async def choose_strategy(world: World, actor: Actor) -> Reply | None:
    state = {initiative_views.STRATEGY: {"selected_option": {"value": str(world.strategy)}}}
    sent = Submission(actor, Form("V1", "h", initiative_views.STRATEGY_FORM, "", state))
    return await ROUTES.submissions[initiative_views.STRATEGY_FORM](world.deps, sent)


async def give_link(world: World, actor: Actor) -> Reply | None:
    link = f"https://harbor.slack.com/archives/{world.channel}/p{int(SECOND_WEEK.timestamp())}000001"
    sent = Submission(actor, Form("V1", "h", LINK_FORM, str(world.in_doubt), {LINK: {"value": link}}))
    return await ROUTES.submissions[LINK_FORM](world.deps, sent)


def imported(world: World) -> str:
    return ImportRef(strategy_id=world.strategy, file_id="F1", message_id=world.message).model_dump_json()


def sixth(world: World) -> str:
    return Waiting(channel_id=world.channel, strategy_id=world.strategy).model_dump_json()


def pausing(world: World) -> str:
    again = Again(command="/initiative", subcommand="pause", text="newsletter", channel_id=world.channel)
    return again.value()


def drafted(world: World) -> str:
    return DraftRef(strategy_id=world.strategy, revision=1).model_dump_json()


def plan_file(world: World) -> str:
    return PlanRef(strategy_id=world.strategy, file_id="F1").model_dump_json()


def drafted_line(world: World) -> str:
    mark = mark_of(extra("Harbor"))
    return DraftRef(strategy_id=world.strategy, revision=1, line=1, mark=mark).model_dump_json()


HEALTHS = ("on_track", "at_risk", "off_track")


def unlikely(world: World) -> str:
    channel, ts, _ = world.note.split("/")
    return ValueRef(
        channel_id=channel,
        ts=ts,
        check_in_id=world.check_in,
        initiative_id=world.newsletter,
        metric_id=world.metric,
        value="46500",
    ).model_dump_json()


async def asked_of_owner(world: World, _: Actor) -> Reply | None:
    return await press("note.not_meant", unlikely)(world, world.people["owner"])


def pair(world: World) -> str:
    return JoinRef(
        channel_id=world.channel, initiative_id=world.newsletter, metric_id=world.metric, kpi_id=world.kpi
    ).model_dump_json()


def served(world: World) -> str:
    strategy = world.database.run(get_strategy, world.people["owner"].workspace_id, world.strategy)
    return ServeRef(
        strategy_id=world.strategy, kpi_id=world.kpi, goal_id=strategy.goals[0].id
    ).model_dump_json()


def unlikely_kpi(world: World) -> str:
    channel, ts, _ = world.note.split("/")
    return KpiValueRef(channel_id=channel, ts=ts, kpi_id=world.kpi, value="46500").model_dump_json()


ANSWERING = (LEADS | OWN, ITS_OWNER)
REPORTING = (LEADS | OWN, KPI_OWNER)
NEW_STRATEGY = {
    "name": "Tide",
    "why": "Nobody swims.",
    "goal_1": "Swimmers from 100 to 200 by 31 March",
}
ASK = {
    "ask_what": "Who signs?",
    "ask_from": "{ben}",
    "ask_by": "2026-12-03",
    "ask_default": "Nobody",
}
ROWS = (
    command("/rhythm setup"),
    command("/rhythm setup", allowed=MEMBERS, where="CNEW"),
    command("/rhythm import"),
    command("/rhythm status", allowed=MEMBERS),
    command("/rhythm status", "history", MEMBERS),
    command("/rhythm kickoff"),
    command("/rhythm schedule"),
    command("/rhythm pause"),
    command("/rhythm resume"),
    command("/rhythm digest"),
    command("/rhythm digest", "preview", MEMBERS),
    command("/rhythm away", allowed=MEMBERS),
    command("/rhythm away", "1 December to 4 December", MEMBERS),
    command("/rhythm back", allowed=MEMBERS),
    command("/rhythm export"),
    command("/rhythm report", "november"),
    command("/rhythm export", "mine", MEMBERS),
    command("/initiative add"),
    command("/initiative list", allowed=MEMBERS),
    command("/initiative show", "newsletter", MEMBERS),
    command("/initiative edit", "newsletter"),
    command("/initiative milestone", "newsletter", LEADS | OWN, MILESTONES),
    command("/initiative pause", "newsletter"),
    command("/initiative resume", "quiet"),
    command("/initiative close", "newsletter"),
    command("/kpi add"),
    command("/kpi list", allowed=MEMBERS),
    command("/kpi edit", "monthly givers"),
    command("/kpi retire", "monthly givers"),
    command("/kpi update", "Monthly givers 316", LEADS | OWN, A_KPI_OWNER),
    command("/kpi import"),
    command("/kpi token"),
    command("/checkin", "", {"owner", "other owner"}, "`/initiative list` shows who owns what."),
    command("/checkin @person", "<@{ben}>", LEADS | OWN, FOR_HIM),
    *clicks(
        *("kickoff.decline", "kickoff.ask", "kickoff.all", "kickoff.one_by_one"),
        *("kickoff.one.yes", "kickoff.one.decline", "kickoff.one.ask"),
        value=lambda w: w.asked,
        allowed=OWN,
        refusal=ASKED,
    ),
    *clicks(
        *("kickoff.one.take_over", "kickoff.one.leave"),
        value=lambda w: f"{w.asked}:{w.learning}",
        allowed=OWN,
        refusal=ASKED,
    ),
    *clicks("kickoff.answer", value=lambda w: w.asked),
    *clicks("kickoff.leave", value=lambda w: f"{w.asked}:{w.learning}", allowed=OWN, refusal=ASKED),
    *clicks("retrospective.open", value=lambda w: w.looking_back, allowed=OWN, refusal=ASKED_BACK),
    *clicks("initiative.room.pause", "initiative.room.close", value=lambda w: w.newsletter, metadata=sixth),
    *clicks("kpi.update", value=lambda w: f":{w.kpi}", allowed=LEADS | OWN, refusal=KPI_OWNER),
    *clicks(*(f"kpi.serve.{number}" for number in range(MOST_SERVING)), value=served),
    *clicks("join.offer", "join.refuse", value=pair),
    *clicks("kpi.import.leave", value=imported),
    *clicks("kpi.import.confirm", value=imported),
    *clicks("kpi.token.make", value=lambda w: w.strategy, metadata=lambda w: str(w.strategy)),
    *clicks("kpi.token.revoke", value=lambda w: w.token, metadata=lambda w: str(w.strategy)),
    *clicks(
        *(f"check_in.{health}" for health in HEALTHS),
        *("check_in.update", "check_in.choose", "check_in.resolved", "check_in.still"),
        *SETTLES,
        value=lambda w: w.answer,
        allowed=LEADS | OWN,
        refusal=ITS_OWNER,
    ),
    *clicks(
        *("check_in.same", "check_in.snooze", "check_in.early"),
        *("check_in.all_on_track", "check_in.update_all", "check_in.numbers"),
        value=lambda w: w.check_in,
        allowed=LEADS | OWN,
        refusal=ITS_OWNER,
    ),
    *clicks("check_in.away", value=lambda _: "", allowed=MEMBERS),
    *clicks("country.chosen", value=lambda _: "GB", allowed=MEMBERS),
    *clicks("draft.back", "draft.more", "draft.show", value=lambda _: 0, metadata=drafted),
    *clicks("draft.edit", "draft.leave_out", value=lambda _: 1, metadata=drafted_line),
    *clicks("draft.add", "draft.discard", value=lambda _: "all", metadata=drafted),
    *clicks("draft.columns", value=lambda _: 0, metadata=drafted),
    form("draft.columns", press("draft.columns", lambda _: 0, drafted)),
    *clicks("draft.open", value=lambda w: w.strategy),
    *clicks(*(f"draft.read.{number}" for number in range(5)), value=plan_file),
    *clicks("draft.copy", value=lambda w: w.former, metadata=drafted),
    *clicks("quarter.next", "canvas.make", "canvas.replace", "canvas.leave", value=lambda w: w.strategy),
    *clicks(
        "quarter.initiatives", "quarter.kpis", "quarter.decisions", value=lambda w: w.former, allowed=MEMBERS
    ),
    *clicks("quarter.export", value=lambda w: w.former),
    *clicks("history.older", value=lambda w: f"{w.strategy}:{w.act}", allowed=MEMBERS),
    form("quarter.submit", press("quarter.next", lambda w: w.strategy), end="2027-03-31"),
    command("/rhythm status", "former", MEMBERS),
    *clicks("draft.example", value=lambda _: "launch", metadata=drafted),
    form("draft.paste", press("draft.add", lambda _: "", drafted), plan="New letter by 31 March"),
    form("draft.start", run("/rhythm import")),
    form("draft.line", press("draft.edit", lambda _: 1, drafted)),
    *clicks("strategy.times", "strategy.more", value=lambda _: "show", allowed=MEMBERS),
    *clicks("decision.ask", value=lambda w: w.strategy, allowed=MEMBERS),
    *clicks("digest.seen", "digest.word", value=lambda w: w.answer),
    form("digest.word.submit", press("digest.word", lambda w: w.answer), word="Ask Legal"),
    *clicks("review.how", value=lambda _: "1/2:1/1:0/0:3/6:5/5", allowed=MEMBERS),
    *clicks(
        *(f"note.{health}" for health in HEALTHS),
        *(f"note.place.{number}" for number in range(25)),
        "note.resolved",
        value=lambda w: w.note,
        allowed=OWN,
        refusal=WRITER,
        outside=(WRITER,),
    ),
    *clicks("note.why", value=lambda w: w.answer, allowed=LEADS | OWN, refusal=ITS_OWNER),
    *clicks("note.meant", value=unlikely, allowed=OWN, refusal=WRITER, outside=(WRITER,)),
    *clicks("note.not_meant", value=unlikely, allowed=OWN, refusal=WRITER, outside=(WRITER,)),
    *clicks(
        *("note.kpi_meant", "note.kpi_not_meant"),
        value=unlikely_kpi,
        allowed=OWN,
        refusal=WRITER,
        outside=(WRITER,),
    ),
    *clicks("trouble.again", "trouble.there", value=lambda w: w.in_doubt),
    *clicks("restore.again", "restore.there", value=lambda _: "all", refusal="Only whoever was asked"),
    *clicks(*TURNS, value=lambda _: 1, allowed=MEMBERS),
    *clicks(*ACTIONS, value=pausing),
    *clicks("strategy.begin", "digest.example", value=lambda _: "", allowed=MEMBERS),
    Row("form trouble.link", give_link, LEADS),
    form("strategy.submit", run("/rhythm setup")),
    form("strategy.submit", run("/rhythm setup", where="CNEW"), MEMBERS, **NEW_STRATEGY),
    form("strategy.submit", press("strategy.begin", lambda _: ""), MEMBERS, **NEW_STRATEGY, channel="CNEW"),
    form("schedule.submit", run("/rhythm schedule")),
    form("initiative.submit", run("/initiative edit", "newsletter")),
    Row("form initiative.strategy", choose_strategy, LEADS),
    form("initiative.close", run("/initiative close", "newsletter"), outcome="completed"),
    form("join.submit", press("join.offer", pair)),
    form("kpi.submit", run("/kpi edit", "monthly givers")),
    form("kpi.reading", run("/kpi update", "Monthly givers"), *REPORTING, value="316"),
    form("kpi.import", run("/kpi import")),
    form("check_in.submit", press("check_in.update", lambda w: w.answer), *ANSWERING, health="on_track"),
    replace(form("check_in.unlikely", asked_of_owner, OWN, WRITER), outside=(WRITER,)),
    form("check_in.trouble", press("check_in.at_risk", lambda w: w.answer), *ANSWERING, blocker="Ink"),
    form("check_in.update_all.submit", press("check_in.update_all", lambda w: w.check_in), *ANSWERING),
    form("check_in.numbers.submit", press("check_in.numbers", lambda w: w.check_in), *ANSWERING),
    *clicks("signal.open", value=lambda w: w.signal, allowed=LEADS | OWN, refusal=WHO_WAS_ASKED),
    form(
        "signal.submit",
        press("signal.open", lambda w: w.signal),
        LEADS | OWN,
        WHO_WAS_ASKED,
        happened="A strike",
    ),
    *clicks("absence.said", value=lambda _: '{"first": "2026-12-01", "last": "2026-12-04"}', allowed=MEMBERS),
    form("absence.submit", run("/rhythm away"), MEMBERS, first="2026-12-01", last="2026-12-04"),
    form("decision.ask", press("decision.ask", lambda w: w.strategy), MEMBERS, **ASK),
    Row("shortcut initiative.new", start_initiative, LEADS, "Only leads add initiatives"),
)
PROVEN = {row.id for row in ROWS}


@pytest.fixture(scope="module")
def world(sqlite_files_of_module: SqliteFiles) -> Iterator[World]:
    lived = asyncio.run(live(sqlite_files_of_module.new()))
    yield lived
    lived.database.close()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
async def test_whoever_may_is_let_through_and_everybody_else_is_told_who_can(world: World, row: Row) -> None:
    for who in EVERYBODY:
        if who in row.allowed:
            reply = await row.act(world, world.people[who])
            told = str(reply)
            assert ACTIONS[0] not in told or "Still missing" in told, "it asked what is meant"
            continue
        with pytest.raises(DomainError) as refused:
            await row.act(world, world.people[who])
        expected = row.outside if who in OUTSIDE else (row.refusal,)
        assert any(sentence in str(refused.value) for sentence in expected), (who, str(refused.value))


@pytest.mark.parametrize(
    ("callback", "opened"),
    [
        ("strategy.submit", run("/rhythm setup")),
        ("schedule.submit", run("/rhythm schedule")),
        ("initiative.submit", run("/initiative edit", "newsletter")),
        ("kpi.submit", run("/kpi edit", "monthly givers")),
        ("absence.submit", run("/rhythm away")),
        ("check_in.update_all.submit", press("check_in.update_all", lambda w: w.check_in)),
        ("check_in.numbers.submit", press("check_in.numbers", lambda w: w.check_in)),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
async def test_a_form_that_comes_back_without_its_fields_changes_nothing_that_stood(
    world: World, callback: str, opened: Act
) -> None:
    world.windows.views.clear()
    await opened(world, world.people["lead"])
    view = world.windows.views[-1]
    assert view["callback_id"] == callback
    compared = Compared(world.database)
    sent = Submission(world.people["lead"], read_back(view, {}))
    await ROUTES.submissions[callback](replace(world.deps, transact=compared), sent)
    assert compared.changed == []

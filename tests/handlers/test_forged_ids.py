"""Every button, form, closing, shortcut and command with an id of another strategy, in the same workspace and in another one
that installed the bot, of a kind that does not fit, of nobody, or no id at all: nothing changes in any table, nothing of the other strategy is shown, and the person gets a sentence.

What is carried legitimately is tried first and goes through; then each id in it is exchanged, wherever it stands.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.routes import all_routes
from bot.transactions import Transactions
from domain.errors import DomainError, NotFound
from domain.people import Actor
from handlers.requests import Click, Command, Deps, Form, Reply, Shortcut, SlackFile, Submission
from services.drafts.editing import mark_of
from tests.support.absent import absent_fields_are_as_opened
from tests.support.databases import SqliteFiles
from tests.support.everybody import Undone, Windows
from tests.support.forms import submitted
from tests.support.rivals import NOW, Rivals, Side, everything, extra, live
from tests.support.route_ids import route_ids, subcommand_id
from views.check_ins.follow_ups import SETTLES
from views.drafts.forms import DraftRef
from views.drafts.messages import PlanRef
from views.homes import TURNS
from views.imports import ImportRef
from views.initiatives.lifecycle import CloseRef, Waiting
from views.joins import JoinRef
from views.kpis.forms import MOST_SERVING, ServeRef
from views.notes import KpiValueRef, ValueRef
from views.slack.choices import ACTIONS, Again

ROUTES = all_routes()
SUBCOMMANDS = {subcommand_id(name, one): one.run for name, known in ROUTES.commands.items() for one in known}
HUGE = (str(2**63), "9" * 25, "9" * 5000)
MALFORMED = ("", "0", "-1", "abc", "1.5", "1e9", "1_000", "１２", "1:2:3", *HUGE)
NOBODY = str(2**62 + 7)
NOT_OFFERED = "nonsense"
AN_ID = re.compile(r"\d{17,19}")
A_NUMBER_OF_OURS = re.compile(r"(?:^|:)(\d{1,3})$")
RIGHTFUL = {
    ("click kpi.update", ""),  # a KPI anywhere but in a prompt
    ("form decision.ask", "0"),  # the strategy as a whole
}
"""What is no forgery where another id stands."""
OPENED_ELSEWHERE = {
    "form initiative.strategy",
    "form initiative.close",
    "form trouble.link",
    "form message_check.submit",
}
"""Forms that some rows know without opening them."""


@dataclass(frozen=True)
class Carried:
    """What comes back from a button or a form."""

    value: str = ""
    metadata: str = ""
    state: Mapping[str, Any] = field(default_factory=dict)

    def dumped(self) -> str:
        return json.dumps([self.value, self.metadata, self.state], ensure_ascii=False)

    @classmethod
    def loaded(cls, dumped: str) -> "Carried":
        return cls(*json.loads(dumped))


Carry = Callable[[Deps, Side], Awaitable[Carried]]


@dataclass(frozen=True)
class Row:
    """One way in: what its rightful user sends."""

    id: str
    who: str
    carry: Carry

    async def act(self, deps: Deps, actor: Actor, channel: str, carried: Carried) -> Reply | None:
        kind, name = self.id.split(" ", 1)
        opened = Form("V1", "h", name, carried.metadata, carried.state)
        request: Click | Submission
        if kind == "click":
            request = Click(actor, name, carried.value, "trigger", channel, opened)
            reply = await ROUTES.clicks[name](deps, request)
        else:
            request = Submission(actor, opened)
            reply = await ROUTES.submissions[name](deps, request)
        if reply is not None and reply.after is not None:
            await reply.after(deps, request)
        return reply


def click(
    *names: str, who: str = "lead", value: str = "", metadata: str | Callable[[Side], str] = ""
) -> list[Row]:
    """`value` names the ids: "{check-in}:{initiative}"."""

    async def carry(_: Deps, side: Side) -> Carried:
        written = metadata(side) if callable(metadata) else filled(metadata, side)
        return Carried(filled(value, side), written)

    return [Row(f"click {name}", who, carry) for name in names]


def filled(template: str, side: Side) -> str:
    return re.sub(r"\{([a-z -]+)\}", lambda found: str(side[found[1]]), template)


def json_click(name: str, value: Callable[[Side], str]) -> Row:
    async def carry(_: Deps, side: Side) -> Carried:
        return Carried(value(side))

    return Row(f"click {name}", "lead", carry)


Opens = Callable[[Deps, Side], Awaitable[object]]


def form(name: str, opened: Opens, who: str = "lead", /, **typed: Any) -> Row:
    """As it was opened and filled in; "{owner}" is the side's owner."""

    async def carry(deps: Deps, side: Side) -> Carried:
        windows = deps.slack
        assert isinstance(windows, Windows)
        windows.views.clear()
        await opened(deps, side)
        view = windows.views[-1]
        assert view["callback_id"] == name
        said = {key: as_typed(value, side) for key, value in typed.items()}
        fields = {**view, "blocks": [b for b in view["blocks"] if b.get("block_id") != "file"]}
        state = submitted(fields, **said)
        if len(fields["blocks"]) < len(view["blocks"]):
            state["file"] = {"type": "file_input", "files": [{"id": side.file}]}
        return Carried("", view.get("private_metadata", ""), state)

    return Row(f"form {name}", who, carry)


def as_typed(value: Any, side: Side) -> Any:
    if isinstance(value, list):
        return [as_typed(one, side) for one in value]
    return filled(value.replace("{person}", side.owner.person_id), side)


def types(id_: str, text: str = "") -> Opens:
    async def opened(deps: Deps, side: Side) -> object:
        typed = text.replace("WORD", side.word)
        return await SUBCOMMANDS[id_](deps, Command(side.lead, side.channel, typed, "trigger"))

    return opened


def presses(name: str, value: str, who: str = "lead", metadata: str | Callable[[Side], str] = "") -> Opens:
    async def opened(deps: Deps, side: Side) -> object:
        (row,) = click(name, who=who, value=value, metadata=metadata)
        return await row.act(deps, side.actor(who), side.channel, await row.carry(deps, side))

    return opened


async def asks_in_channel(deps: Deps, side: Side) -> object:
    shortcut = Shortcut(side.owner, "trigger", side.channel, "Who signs?")
    return await ROUTES.shortcuts["decision.request"](deps, shortcut)


async def chooses_strategy(_: Deps, side: Side) -> Carried:
    return Carried(state={"strategy": {"selected_option": {"value": str(side["strategy"])}}})


def waiting(side: Side) -> str:
    resumed = Waiting(
        channel_id=side.channel, strategy_id=side["strategy"], resume_id=side["paused initiative"]
    )
    return resumed.model_dump_json()


def closing_for_room(side: Side) -> str:
    ref = CloseRef(channel_id=side.channel, initiative_id=side["initiative"])
    return ref.model_copy(update={"waiting": Waiting.read(waiting(side))}).model_dump_json()


async def close_for_room(_: Deps, side: Side) -> Carried:
    return Carried("", closing_for_room(side), {"outcome": {"selected_option": {"value": "stopped"}}})


def milestone_form(side: Side) -> str:
    return json.dumps({"channel_id": side.channel, "initiative_id": side["initiative"]})


def draft(side: Side) -> str:
    return DraftRef(strategy_id=side["strategy"], revision=1).model_dump_json()


def plan_file(side: Side) -> str:
    return PlanRef(strategy_id=side["strategy"], file_id=side.file).model_dump_json()


def draft_line(side: Side) -> str:
    mark = mark_of(extra(side.word))
    return DraftRef(strategy_id=side["strategy"], revision=1, line=1, mark=mark).model_dump_json()


def preview(side: Side) -> str:
    ref = ImportRef(strategy_id=side["strategy"], file_id=side.file, message_id=side["preview"])
    return ref.model_dump_json()


def pair(side: Side) -> str:
    ref = JoinRef(
        channel_id=side.channel,
        initiative_id=side["initiative"],
        metric_id=side["metric"],
        kpi_id=side["kpi"],
    )
    return ref.model_dump_json()


def served(side: Side) -> str:
    ref = ServeRef(strategy_id=side["strategy"], kpi_id=side["kpi"], goal_id=side["goal"])
    return ref.model_dump_json()


async def offers(deps: Deps, side: Side) -> object:
    row = json_click("join.offer", pair)
    return await row.act(deps, side.lead, side.channel, await row.carry(deps, side))


def showing(side: Side) -> str:
    again = Again(
        command="/initiative", subcommand="show", text=f"{side.word} letter", channel_id=side.channel
    )
    return again.value()


async def note(_: Deps, side: Side) -> Carried:
    return Carried(f"{side.dm}/{side.ts}/{side['check-in']}:{side['initiative']}")


async def unlikely(_: Deps, side: Side) -> Carried:
    return Carried(asked_value(side))


def asked_value(side: Side) -> str:
    return ValueRef(
        channel_id=side.dm,
        ts=side.ts,
        check_in_id=side["check-in"],
        initiative_id=side["initiative"],
        metric_id=side["metric"],
        value="46500",
    ).model_dump_json()


async def unlikely_kpi(_: Deps, side: Side) -> Carried:
    asked = KpiValueRef(channel_id=side.dm, ts=side.ts, kpi_id=side["kpi"], value="46500")
    return Carried(asked.model_dump_json())


async def says_no(deps: Deps, side: Side) -> object:
    row = Row("click note.not_meant", "owner", unlikely)
    return await row.act(deps, side.owner, side.channel, await row.carry(deps, side))


async def finds_message(_: Deps, side: Side) -> Carried:
    link = f"https://rivals.slack.com/archives/{side.channel}/p{NOW.timestamp():.0f}000200"
    return Carried("", str(side["outbox row"]), {"link": {"value": link}})


async def says_it_carried(deps: Deps, side: Side) -> Carried:
    asked = presses("message_check.open", "{check-in}", "owner")
    carried = await form("message_check.submit", asked, "owner").carry(deps, side)
    said = {f"carried.{side['initiative']}.0": {"selected_option": {"value": "partly"}}}
    broke = {f"broke.{side['initiative']}": {"value": "The last post"}}
    return replace(carried, state={**carried.state, **said, **broke})


async def says_how_likely(deps: Deps, side: Side) -> Carried:
    asked = presses("check_in.update", ANSWER, "owner")
    carried = await form("check_in.submit", asked, "owner", health="on_track").carry(deps, side)
    [field] = (name for name in carried.state if name.startswith("confidence."))
    said = {field: {"type": "static_select", "selected_option": {"value": "70"}}}
    return replace(carried, state={**carried.state, **said})


HEALTHS = ("on_track", "at_risk", "off_track")
ANSWER = "{check-in}:{initiative}"
NEW_STRATEGY = {"name": "Tide", "why": "Nobody swims.", "goal_1": "Swimmers from 100 to 200 by 31 March"}
CHOSEN = {"evidence": "None", "authority": "yes"}
ASK = {
    "ask_what": "Who signs?",
    "ask_from": "{person}",
    "ask_by": "2026-12-10",
    "ask_default": "Nobody",
}
BET = {"bet_target": "kpi:{kpi}", "bet_expected": "More", "bet_value": "400", "bet_look_on": "2026-12-31"}
ROWS = (
    *click(
        *("kickoff.yes", "kickoff.decline", "kickoff.ask", "kickoff.all", "kickoff.one_by_one"),
        *("kickoff.one.yes", "kickoff.one.decline", "kickoff.one.ask"),
        who="owner",
        value="{confirmation}",
    ),
    *click("country.chosen", value="GB"),
    *click("strategy.times", "strategy.more", value="show"),
    *click("draft.back", "draft.more", "draft.show", value="0", metadata=draft),
    *click("draft.edit", "draft.leave_out", value="1", metadata=draft_line),
    *click("draft.add", "draft.discard", metadata=draft),
    *click("draft.columns", value="0", metadata=draft),
    form("draft.columns", presses("draft.columns", "0", metadata=draft), **{"column.1": "owner"}),
    *click("quarter.next", "canvas.make", "canvas.replace", "canvas.leave", value="{strategy}"),
    form(
        "quarter.submit",
        presses("quarter.next", "{strategy}"),
        end="2027-03-31",
        go_on=["{initiative}"],
        watched=["{kpi}"],
    ),
    *click("draft.open", value="{strategy}"),
    *(json_click(f"draft.read.{number}", plan_file) for number in range(5)),
    *click("draft.copy", value="{former}", metadata=draft),
    *click("history.older", value="{strategy}:{act}"),
    *click("quarter.initiatives", "quarter.kpis", "quarter.decisions", "quarter.export", value="{former}"),
    *click("draft.example", value="launch", metadata=draft),
    form("draft.paste", presses("draft.add", "", metadata=draft)),
    form("draft.start", types("/rhythm import"), **{"person.1.owner": "{person}", "goal.1": "{goal}"}),
    form(
        "draft.line",
        presses("draft.edit", "1", metadata=draft),
        **{"person.1.owner": "{person}", "goal.1": "{goal}"},
    ),
    *click("kickoff.answer", value="{confirmation}"),
    *click(
        *("kickoff.take_over", "kickoff.leave", "kickoff.one.take_over", "kickoff.one.leave"),
        who="owner",
        value="{confirmation}:{learning}",
    ),
    *click("milestone.done", value="{milestone}", metadata=milestone_form),
    *click("retrospective.open", who="owner", value="{retrospective}"),
    *click("initiative.room.pause", "initiative.room.close", value="{initiative}", metadata=waiting),
    *click("kpi.update", who="owner", value="{check-in}:{kpi}"),
    json_click("join.offer", pair),
    json_click("join.refuse", pair),
    *(json_click(f"kpi.serve.{number}", served) for number in range(MOST_SERVING)),
    json_click("kpi.import.leave", preview),
    json_click("kpi.import.confirm", preview),
    *click("kpi.token.make", value="{strategy}", metadata="{strategy}"),
    *click("kpi.token.revoke", value="{token}", metadata="{strategy}"),
    *click(
        *(f"check_in.{health}" for health in HEALTHS),
        *("check_in.update", "check_in.choose", "check_in.resolved", "check_in.still"),
        *SETTLES,
        who="owner",
        value=ANSWER,
    ),
    *click(
        *("check_in.same", "check_in.snooze", "check_in.early"),
        *("check_in.all_on_track", "check_in.update_all", "check_in.numbers"),
        who="owner",
        value="{check-in}",
    ),
    *click("check_in.away", who="owner"),
    *click("decision.ask", value="{strategy}"),
    *click(*(f"decision.choose.{number}" for number in range(5)), value="{ask}:0"),
    *click("decision.other", "decision.hand_over", value="{ask}"),
    *click("decision.reason", value="{decision}"),
    *click("bet.look", value="{decision}"),
    *click("bet.keep", "bet.change", "bet.stop", value="{bet}"),
    *click("bet.learn", value="{answered bet}"),
    *click("decision.withdraw", "decision.redate", who="owner", value="{ask}"),
    *click("digest.seen", "digest.word", value=ANSWER),
    *(Row(f"click note.{health}", "owner", note) for health in HEALTHS),
    *(Row(f"click note.place.{number}", "owner", note) for number in range(25)),
    Row("click note.resolved", "owner", note),
    *click("note.why", who="owner", value=ANSWER),
    Row("click note.meant", "owner", unlikely),
    Row("click note.not_meant", "owner", unlikely),
    Row("click note.kpi_meant", "owner", unlikely_kpi),
    Row("click note.kpi_not_meant", "owner", unlikely_kpi),
    *click("trouble.again", "trouble.there", value="{outbox row}"),
    *click("review.answer", "review.holds", value="{review}"),
    *click("review.how", value="1/2:1/2:1/2:1/2:1/2"),
    *click("review.continue_on_track", value="{review}:{initiative}"),
    *click(
        "review.continue_one",
        "review.continue",
        "review.change",
        "review.stop",
        value="{review}:{initiative}",
    ),
    *click("message_check.open", who="owner", value="{check-in}"),
    *click("signal.open", who="owner", value="{signal}"),
    *click(*TURNS, value="1"),
    *click("strategy.begin", "digest.example"),
    json_click("absence.said", lambda _: '{"first": "2026-12-07", "last": "2026-12-11"}'),
    *click("restore.again", "restore.there", value="all"),
    *(json_click(action, showing) for action in ACTIONS),
    form("strategy.submit", types("/rhythm setup"), reason="Because"),
    form("strategy.submit", presses("strategy.begin", ""), channel="CNEW", **NEW_STRATEGY),
    form("schedule.submit", types("/rhythm schedule"), reason="Because"),
    form("initiative.submit", types("/initiative edit", "WORD letter")),
    form(
        "initiative.submit",
        types("/initiative add", "New letter"),
        goal="{goal}",
        owner="{person}",
        due="2027-03-31",
        metric_1_name="Hits",
        metric_1_baseline="1",
        metric_1_target="2",
    ),
    Row("form initiative.strategy", "lead", chooses_strategy),
    form("initiative.close", types("/initiative close", "WORD letter"), outcome="completed"),
    Row("form initiative.close", "lead", close_for_room),
    form(
        "milestone.submit",
        types("/initiative milestone", "WORD letter"),
        milestone_name="Next",
        milestone_due="2026-12-21",
        milestone_ends_phase=["yes"],
    ),
    form(
        "retrospective.submit", presses("retrospective.open", "{retrospective}", "owner"), "owner", keep="It"
    ),
    form(
        "kickoff.decline.submit",
        presses("kickoff.decline", "{confirmation}", "owner"),
        "owner",
        words="No time",
    ),
    form("kickoff.ask.submit", presses("kickoff.ask", "{confirmation}", "owner"), "owner", words="Why me?"),
    form("kickoff.answer.submit", presses("kickoff.answer", "{confirmation}"), words="Because"),
    form("join.submit", offers),
    form("kpi.submit", types("/kpi edit", "WORD givers")),
    form("kpi.reading", types("/kpi update", "WORD givers"), value="316"),
    form("kpi.reading", presses("kpi.update", "{check-in}:{kpi}", "owner"), "owner", value="316"),
    form("kpi.import", types("/kpi import")),
    form(
        "check_in.submit",
        presses("check_in.update", ANSWER, "owner"),
        "owner",
        health="on_track",
        milestones=["{milestone}"],
        **{**ASK, "ask_kind": "help"},
    ),
    Row("form check_in.submit", "owner", says_how_likely),
    form("check_in.unlikely", says_no, "owner"),
    form("check_in.update_all.submit", presses("check_in.update_all", "{check-in}", "owner"), "owner"),
    form("check_in.numbers.submit", presses("check_in.numbers", "{check-in}", "owner"), "owner"),
    form("check_in.trouble", presses("check_in.at_risk", ANSWER, "owner"), "owner", blocker="Ink"),
    Row("form trouble.link", "lead", finds_message),
    form("digest.word.submit", presses("digest.word", ANSWER), word="Ask Legal"),
    form("absence.submit", types("/rhythm away"), first="2026-12-07", last="2026-12-11"),
    form("decision.ask", presses("decision.ask", "{strategy}"), **ASK),
    form("decision.ask", asks_in_channel, "owner", ask_about="{strategy}:{initiative}", **ASK),
    form("decision.other", presses("decision.other", "{ask}"), outcome="Somebody"),
    form("decision.reason", presses("decision.reason", "{decision}"), reason="Because"),
    form("bet.make", presses("bet.look", "{decision}"), **BET),
    form("bet.answer", presses("bet.stop", "{bet}"), bet_learning="Signs are read"),
    form("bet.answer", presses("bet.learn", "{answered bet}"), bet_learning="Signs are read"),
    form("decision.hand_over", presses("decision.hand_over", "{ask}"), decider="{person}"),
    form("decision.withdraw", presses("decision.withdraw", "{ask}", "owner"), "owner", reason="Too late"),
    form("decision.redate", presses("decision.redate", "{ask}", "owner"), "owner", ask_by="2026-12-21"),
    form("review.answer.submit", presses("review.answer", "{review}"), holds="no", market="Nothing"),
    form("review.choice.submit", presses("review.stop", "{review}:{initiative}"), **CHOSEN),
    Row("form message_check.submit", "owner", says_it_carried),
    form("signal.submit", presses("signal.open", "{signal}", "owner"), "owner", happened="A strike"),
)


def forgeries(row: Row, own: Side, other: Side, carried: Carried, others: Carried) -> Iterator[Carried]:
    """Each with one thing exchanged, and what the other side's rightful user would send."""
    whole = (
        others,
        replace(carried, value=others.value),
        replace(carried, metadata=others.metadata),
        replace(carried, state=others.state),
    )
    foreign = [*map(str, other.ids.values()), other.channel, other.dm, other.file]
    yield from (one for one in whole if any(id_ in one.dumped() for id_ in foreign))
    dumped = carried.dumped()
    for found in AN_ID.finditer(dumped):
        for candidate in instead_of(row, found[0], own, other):
            yield Carried.loaded(dumped[: found.start()] + candidate + dumped[found.end() :])
    slacks = {
        own.channel: (other.channel, "CNOBODY", "c-1", "<!channel>"),
        own.file: (other.file, "FNOBODY", "../f"),
        own.dm: (other.dm, "DNOBODY", "x"),
        own.ts: ("1.000001", "x", "1" * 60),
        own.owner.person_id: ("UNOBODY", "<@U1>", "u-1"),
        own.lead.person_id: ("UNOBODY", "<@U1>", "u-1"),
    }
    for known, candidates in slacks.items():
        for found in re.finditer(re.escape(known), dumped):
            for candidate in candidates:
                yield Carried.loaded(dumped[: found.start()] + candidate + dumped[found.end() :])
    if number := A_NUMBER_OF_OURS.search(carried.value):
        for candidate in ("999999", "-1", "abc", *HUGE):
            yield replace(carried, value=carried.value[: number.start(1)] + candidate)
    for name, chosen in carried.state.items():
        for kind, value in chosen.items():
            if kind.startswith("selected_") and value and "user" not in kind:
                yield replace(carried, state={**carried.state, name: {**chosen, kind: not_offered(value)}})


def instead_of(row: Row, found: str, own: Side, other: Side) -> Iterator[str]:
    names = {str(number): name for name, number in own.ids.items()}
    assert found in names, f"{row.id} carries an id that tests/support/rivals.py does not know"
    name = names[found]
    yield str(other[name])
    yield str(own["kpi" if name == "review" else "review"])
    yield NOBODY
    is_one_of_many = row.id[-1].isdigit() and not row.id.endswith(".0")
    yield from (one for one in MALFORMED if (row.id, one) not in RIGHTFUL and not is_one_of_many)


def not_offered(value: Any) -> Any:
    if isinstance(value, list):
        return [{"value": NOT_OFFERED}]
    return {"value": NOT_OFFERED} if isinstance(value, dict) else NOT_OFFERED


@dataclass(frozen=True)
class Files(Windows):
    """Slack as it says whose a file is."""

    owners: Mapping[str, str] = field(default_factory=dict)

    async def read_file(self, file_id: str, person_id: str, limit: int) -> SlackFile:
        if self.owners.get(file_id) != person_id:
            raise NotFound
        return SlackFile("readings.csv", b"kpi,date,value\nMango givers,2026-12-02,316\n")


@dataclass(frozen=True)
class World:
    rivals: Rivals

    @property
    def windows(self) -> Files:
        sides = (self.rivals.mango, self.rivals.zebra)
        return Files(owners={side.file: side.lead.person_id for side in sides})

    @property
    def workspace(self) -> str:
        return self.rivals.mango.lead.workspace_id

    def undone(self) -> Deps:
        return Deps(self.workspace, Undone(self.rivals.app.within(self.workspace)), lambda: NOW, self.windows)

    def kept(self) -> Deps:
        return Deps(
            self.workspace, Transactions(self.rivals.app.within(self.workspace)), lambda: NOW, self.windows
        )


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    stored = "sqlite_files_of_module" if request.param == "sqlite" else "server"
    rivals = asyncio.run(live(request.getfixturevalue(stored).new()))
    yield World(rivals)
    rivals.database.close()
    rivals.app.close()


@pytest.fixture(scope="module")
def apart(sqlite_files_of_module: SqliteFiles) -> Iterator[World]:
    """Mango and Zebra are in workspaces of their own, and the bot is in both."""
    rivals = asyncio.run(live(sqlite_files_of_module.new(), across=True))
    assert rivals.mango.lead.workspace_id != rivals.zebra.lead.workspace_id
    yield World(rivals)
    rivals.database.close()
    rivals.app.close()


def test_every_way_in_stands_in_these_tables() -> None:
    known = set(route_ids(all_routes()))
    covered = {row.id for row in ROWS} | set(SUBCOMMANDS) | {f"shortcut {name}" for name in ROUTES.shortcuts}
    assert known - covered == set(), "add a row for it"
    assert covered - known == set(), "nothing answers to it any more"


@pytest.mark.parametrize("row", [row for row in ROWS if row.id.startswith("form ")], ids=lambda row: row.id)
async def test_what_slack_leaves_out_of_a_form_is_as_it_was_opened(apart: World, row: Row) -> None:
    deps = apart.undone()
    windows = deps.slack
    assert isinstance(windows, Files)
    await row.carry(deps, apart.rivals.mango)
    views = [view for view in windows.views if view["callback_id"] == row.id.removeprefix("form ")]
    assert views or row.id in OPENED_ELSEWHERE
    for view in views:
        absent_fields_are_as_opened(view)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
async def test_only_the_ids_of_ones_own_strategy_are_believed(world: World, row: Row) -> None:
    await only_own_ids_are_believed(world, row)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
async def test_no_id_of_another_workspace_is_believed(apart: World, row: Row) -> None:
    await only_own_ids_are_believed(apart, row)


async def only_own_ids_are_believed(world: World, row: Row) -> None:
    mango, zebra = world.rivals.mango, world.rivals.zebra
    deps = world.undone()
    carried, others = [await row.carry(deps, side) for side in (mango, zebra)]
    actor = mango.actor(row.who)
    await row.act(deps, actor, mango.channel, carried)

    before = world.rivals.database.run(everything)
    for forged in forgeries(row, mango, zebra, carried, others):
        deps = world.kept()
        shown: list[object] = []
        with collecting(shown):
            shown.append(await row.act(deps, actor, mango.channel, forged))
        assert isinstance(shown[0], str), f"it went through: {forged}"
        assert shown[0].endswith("."), shown
        assert "zebra" not in f"{shown} {deps.slack}".lower(), forged
    assert world.rivals.database.run(everything) == before


@contextmanager
def collecting(shown: list[object]) -> Iterator[None]:
    """A refusal is shown, too."""
    try:
        yield
    except DomainError as refusal:
        shown.append(str(refusal))


TYPED = ("", "Zebra letter", "Zebra givers 5", "{id}", "<@{person}>", "<@UNOBODY>", "<@x>", "9" * 400)


@pytest.mark.parametrize("name", SUBCOMMANDS)
async def test_a_command_reaches_nothing_of_another_strategy(world: World, name: str) -> None:
    await nothing_is_reached(world, name)


@pytest.mark.parametrize("name", SUBCOMMANDS)
async def test_a_command_reaches_nothing_of_another_workspace(apart: World, name: str) -> None:
    await nothing_is_reached(apart, name)


async def nothing_is_reached(world: World, name: str) -> None:
    mango, zebra = world.rivals.mango, world.rivals.zebra
    for text in TYPED:
        typed = text.format(id=zebra["initiative"], person=zebra.owner.person_id)
        for channel in (mango.channel, "D1"):
            deps = world.undone()
            shown: list[object] = []
            with collecting(shown):
                shown.append(await SUBCOMMANDS[name](deps, Command(mango.lead, channel, typed, "trigger")))
            said = f"{shown} {deps.slack}"
            for own_word in ("Zebra letter", "Zebra givers", "Otto Zebra"):  # typed, or of whom was named
                said = said.replace(own_word, "")
            assert "zebra" not in said.lower(), (typed, said)


ON_HOME = {"/rhythm setup", "/checkin"}
OFFERING = {
    subcommand_id(name, one): one.by_button for name, known in ROUTES.commands.items() for one in known
}


@pytest.mark.parametrize("name", SUBCOMMANDS)
async def test_a_button_runs_what_asks_which_is_meant_and_what_stands_on_home(
    world: World, name: str
) -> None:
    deps = world.undone()
    shown: list[object] = []
    assert world.rivals.both is not None
    with collecting(shown):
        shown.append(await SUBCOMMANDS[name](deps, Command(world.rivals.both, "D1", "", "trigger")))
    assert (ACTIONS[0] in str(shown) or name in ON_HOME) is OFFERING[name]


AGAIN = {
    "no command": {"command": "/nonsense"},
    "no subcommand": {"subcommand": "nonsense"},
    "one that no button runs": {"command": "/rhythm", "subcommand": "back"},
    "set-up of a channel of nobody's": {"command": "/rhythm", "subcommand": "setup", "channel_id": "CNO"},
    "no text": {"text": "\0"},
    "no channel": {"channel_id": ""},
}


@pytest.mark.parametrize("what", AGAIN)
async def test_a_button_runs_no_other_command_again(world: World, what: str) -> None:
    mango = world.rivals.mango
    value = json.dumps({**json.loads(showing(mango)), **AGAIN[what]})
    pressed = Click(mango.lead, ACTIONS[0], value, "trigger", "D1")
    with pytest.raises(NotFound):
        await ROUTES.clicks[ACTIONS[0]](world.kept(), pressed)


async def test_a_button_runs_a_command_again_in_a_channel_of_ones_own_from_anywhere(world: World) -> None:
    for actor in (world.rivals.mango.lead, world.rivals.mango.owner):
        pressed = Click(actor, ACTIONS[0], showing(world.rivals.mango), "trigger", "D1")
        reply = await ROUTES.clicks[ACTIONS[0]](world.undone(), pressed)
        assert reply is not None
        assert "Mango letter" in str(reply.message)


FORMLESS = [row for row in ROWS if row.id.startswith("click ") and not row.id[-1].isdigit()]


@pytest.mark.parametrize("row", FORMLESS, ids=lambda row: row.id)
async def test_a_button_of_a_form_needs_its_form(world: World, row: Row) -> None:
    mango = world.rivals.mango
    deps = world.undone()
    carried = await row.carry(deps, mango)
    name = row.id.split(" ", 1)[1]
    shown: list[object] = []
    with collecting(shown):
        pressed = Click(mango.actor(row.who), name, carried.value, "trigger", mango.channel)
        shown.append(await ROUTES.clicks[name](deps, pressed))
    assert not carried.metadata or str(NotFound()) in shown or name == "milestone.done"


@pytest.mark.parametrize("name", ROUTES.shortcuts)
async def test_a_shortcut_offers_nothing_of_another_strategy(world: World, name: str) -> None:
    await nothing_is_offered(world, name)


@pytest.mark.parametrize("name", ROUTES.shortcuts)
async def test_a_shortcut_offers_nothing_of_another_workspace(apart: World, name: str) -> None:
    await nothing_is_offered(apart, name)


async def nothing_is_offered(world: World, name: str) -> None:
    mango = world.rivals.mango
    for channel in (mango.channel, "CNOWHERE", ""):
        for actor in (mango.lead, mango.owner):
            deps = world.undone()
            shown: list[object] = []
            with collecting(shown):
                await ROUTES.shortcuts[name](deps, Shortcut(actor, "trigger", channel, "Who?"))
            assert "zebra" not in f"{shown} {deps.slack}".lower()

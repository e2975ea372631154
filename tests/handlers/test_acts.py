"""Whatever a person can press, send or type leaves an act in the audit log, or is named here with the reason why not."""

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Concatenate, ParamSpec, TypeVar

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.routes import all_routes
from handlers import absences, strategies
from handlers.requests import Click, Command, Deps, Submission
from storage.models import ActRow
from tests.handlers.test_forged_ids import ROWS, SUBCOMMANDS, Files, Row
from tests.support.databases import SqliteFiles
from tests.support.everybody import Undo, Undone
from tests.support.rivals import NOW, Rivals, live
from tests.support.route_ids import route_ids
from views.slack.choices import ACTIONS

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Recorded(Undone):
    """As `Undone`, keeping what acts there were: kind and way."""

    acts: list[tuple[str, str]] = field(default_factory=list)

    async def __call__(
        self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        def run_and_look(session: Session) -> T:
            before = session.scalar(select(func.max(ActRow.id))) or 0
            result = fn(session, *args, **kwargs)
            self.acts.extend(session.execute(select(ActRow.kind, ActRow.way).where(ActRow.id > before)).all())
            return result

        return await super().__call__(run_and_look)


OPENS = "opens or redraws a form, and records nothing"
SHOWS = "shows something, and records nothing"
NO_ACT = {
    OPENS: """
        kickoff.decline kickoff.ask kickoff.one_by_one kickoff.one.decline kickoff.one.ask kickoff.answer country.chosen
        strategy.times strategy.more strategy.begin draft.back draft.more draft.show draft.edit draft.add draft.columns
        draft.open draft.example quarter.next retrospective.open initiative.room.close kpi.update join.offer kpi.serve.0
        kpi.serve.1 kpi.serve.2 check_in.update check_in.choose check_in.early check_in.update_all check_in.numbers
        check_in.away decision.ask decision.other decision.hand_over decision.reason decision.withdraw decision.redate
        digest.word note.why note.not_meant note.kpi_not_meant trouble.there review.answer review.continue review.change
        review.stop message_check.open signal.open""",
    SHOWS: """
        history.older quarter.initiatives quarter.kpis quarter.decisions review.how digest.example home.asks.back home.asks.on
        home.boards.back home.boards.on""",
    "leaves a file alone that was only shown": "kpi.import.leave",
    "answers a question in a message, which is all of it": "form kickoff.answer.submit",
    "shows what is in a file before anything of it counts": "form kpi.import",
    "chooses what the form that follows is for": "form initiative.strategy",
    "runs a command again, which is in the table of commands": " ".join(ACTIONS),
}
REASONS = {
    name if name.startswith("form ") else f"click {name}": why
    for why, names in NO_ACT.items()
    for name in ([names] if names.startswith("form ") else names.split())
}
Change = Callable[[dict[str, Any]], None]


def typed(begins: str, kind: str, value: Any) -> Change:
    """Something else in the first field whose name begins so, where the form has one."""

    def change(state: dict[str, Any]) -> None:
        for name in [one for one in state if one.startswith(begins)][:1]:
            state[name] = {**state[name], kind: value}

    return change


SENT_AS_IT_WAS: dict[str, list[Change]] = {
    "form schedule.submit": [
        typed("digest_time", "selected_time", "15:00"),
        typed("reason", "value", "Too early"),
    ],
    "form kpi.submit": [typed("cadence", "selected_option", {"value": "monthly"})],
    "form strategy.submit": [typed("audience", "value", "Everybody")],
    "form initiative.submit": [typed("budget", "value", "£5")],
    "form check_in.update_all.submit": [typed("health.", "selected_option", {"value": "off_track"})],
    "form check_in.numbers.submit": [typed("kpi.", "value", "317")],
}
"""Forms that the table of ids sends unchanged, and what is changed in them here."""
TYPED = {
    "/rhythm kickoff": "",
    "/rhythm digest": "",
    "/rhythm review": "",
    "/rhythm pause": "",
    "/rhythm away": "7 December to 11 December",
    "/rhythm export": "",
    "/rhythm report": "december",
    "/initiative pause": "Mango letter",
    "/initiative resume": "Mango quiet",
    "/kpi retire": "Mango givers",
    "/kpi update": "Mango givers 316",
}
OPEN_OR_SHOW = """
    rhythm setup, rhythm import, rhythm status, rhythm schedule, rhythm decisions, initiative add, initiative list,
    initiative show, initiative edit, initiative milestone, initiative close, kpi add, kpi list, kpi edit, kpi import,
    kpi token, checkin, checkin @person"""
TAKEN_BACK = {"/rhythm resume", "/rhythm back"}
"""Nothing is paused, nobody away: `test_what_is_taken_back_leaves_an_act_as_well` does that first."""
ONCE = [
    row for row in ROWS if not re.search(r"\.[1-9]\d*$", row.id) or row.id.startswith("click command.again")
]


@pytest.fixture(scope="module")
def rivals(sqlite_files_of_module: SqliteFiles) -> Iterator[Rivals]:
    lived = asyncio.run(live(sqlite_files_of_module.new()))
    yield lived
    lived.database.close()


async def acts_of(rivals: Rivals, row: Row, changes: Iterable[Change] | None = None) -> list[tuple[str, str]]:
    mango = rivals.mango
    files = Files(owners={mango.file: mango.lead.person_id})
    opening = Deps(mango.lead.workspace_id, Undone(rivals.database), lambda: NOW, files)
    carried = await row.carry(opening, mango)
    state = dict(carried.state)
    for change in SENT_AS_IT_WAS.get(row.id, ()) if changes is None else changes:
        change(state)
    carried = replace(carried, state=state)
    way = (Click if row.id.startswith("click ") else Submission).way
    recorded = Recorded(rivals.database)
    deps = Deps(mango.lead.workspace_id, recorded, lambda: NOW, files).by(way)
    await row.act(deps, mango.actor(row.who), mango.channel, carried)
    return recorded.acts


@pytest.mark.parametrize("row", ONCE, ids=lambda row: row.id)
async def test_every_button_and_form_leaves_an_act_by_its_way_or_says_why_not(
    rivals: Rivals, row: Row
) -> None:
    found = await acts_of(rivals, row)
    if row.id in REASONS:
        assert found == []
    else:
        ways = {way for _, way in found}
        assert (
            ways == {"file"}
            if row.id == "click kpi.import.confirm"
            else {row.id.split()[0].replace("click", "button")}
        )


@pytest.mark.parametrize("id_", SENT_AS_IT_WAS)
async def test_a_form_that_is_sent_as_it_was_changes_nothing_and_leaves_no_act(
    rivals: Rivals, id_: str
) -> None:
    [row] = [one for one in ROWS if one.id == id_][:1]
    assert await acts_of(rivals, row, ()) == []


@pytest.mark.parametrize("name", TYPED)
async def test_every_command_that_changes_something_leaves_an_act(rivals: Rivals, name: str) -> None:
    assert {way for _, way in await acts_of_command(rivals, name, TYPED[name])} == {"command"}


async def acts_of_command(rivals: Rivals, name: str, text: str) -> list[tuple[str, str]]:
    mango, recorded = rivals.mango, Recorded(rivals.database)
    deps = Deps(mango.lead.workspace_id, recorded, lambda: NOW, Files()).by(Command.way)
    await SUBCOMMANDS[name](deps, Command(mango.lead, mango.channel, text, "trigger"))
    return recorded.acts


def test_what_is_taken_back_leaves_an_act_as_well(rivals: Rivals) -> None:
    lead, channel = rivals.mango.lead, rivals.mango.channel

    def there_and_back(session: Session) -> None:
        for do, text in (
            (strategies.pause, ""),
            (strategies.resume, ""),
            (absences.go_away, "7 December to 11 December"),
            (absences.come_back, ""),
        ):
            do(session, Command(lead, channel, text, "trigger"), NOW)
        found.extend(session.scalars(select(ActRow.kind).order_by(ActRow.id.desc()).limit(4)))
        raise Undo

    found: list[str] = []
    with suppress(Undo):
        rivals.database.run(there_and_back)
    assert found == ["back", "away", "strategy", "strategy"]


def test_everything_a_person_can_do_is_tried_here_or_said_to_leave_none() -> None:
    known = {one for one in route_ids(all_routes()) if not one.startswith("shortcut ")}
    typed_commands = {*TYPED, *TAKEN_BACK, *(f"/{one.strip()}" for one in OPEN_OR_SHOW.split(","))}
    assert known - {row.id for row in ROWS} - typed_commands == set(), "add it to one of the tables"
    assert typed_commands - known == set(), "nothing answers to it any more"
    assert REASONS.keys() <= known

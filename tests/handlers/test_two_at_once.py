"""Two people at the same moment: the second sees what the first has just done, and nothing is done or said twice."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from domain.check_ins import CheckIn, CheckInState
from domain.decisions import Ask, AskKind, Decision, DecisionState
from domain.errors import DomainError
from domain.healths import Health
from domain.initiatives import Initiative
from domain.kickoffs import Confirmation, ConfirmationState, Role
from domain.people import Actor
from domain.periods import Week
from domain.strategies import Strategy
from handlers.check_ins import record_click
from handlers.decisions import choose_option, submit_hand_over, submit_redate, submit_withdraw
from handlers.digests import digest
from handlers.kickoffs import show_awaited
from handlers.kpis import retire
from handlers.kpis import submit as submit_kpi
from handlers.lifecycle import pause_initiative, submit_closing
from handlers.requests import Click, Command, Form, Submission
from handlers.strategies import _submit as submit_strategy
from handlers.strategies import pause, resume
from services.decisions.asks import open_decision
from services.digests import post_digest
from storage import changes, check_ins, decisions, initiatives, kickoffs, kpis, people, prompts, strategies
from storage.database import Database
from storage.delivery import outbox
from storage.models import OutboxRow
from tests.support.harbor_lights import BEN, INITIATIVES, MAYA, PEOPLE, RUTH, STRATEGY, TEAM, TOM
from tests.support.reviews import kpi
from views.initiatives.lifecycle import CLOSE_FORM, OUTCOME, CloseRef
from views.kpis import forms as kpi_forms
from views.slack.fields import as_filled_in
from views.strategies import forms as strategy_forms

BEGAN = datetime(2026, 11, 21, tzinfo=UTC)
NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)
ASK = Ask(AskKind.DECISION, "Print?", RUTH, date(2026, 12, 10), "We print none")
WEEK = Week(2026, 49)
MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)


Part = Callable[[Session], Any]


def meanwhile(database: Database, first: Part, second: Part) -> Any:
    """What the second gives, or the sentence of its refusal, while the first has done its part and not ended."""

    def run(session: Session) -> Future[Any]:
        first(session)
        other: Future[Any] = database.submit(second)
        if session.get_bind().dialect.name == "postgresql":
            waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            while not other.done() and not session.scalar(waits):
                pass
        return other

    try:
        return database.run(run).result()
    except DomainError as refusal:
        return str(refusal)


def said(database: Database, words: str) -> list[str]:
    """To whom these words wait to be sent."""

    def read(session: Session) -> list[str]:
        rows = session.execute(select(OutboxRow.target, OutboxRow.payload))
        return sorted(row.target for row in rows if words in row.payload["text"])

    return database.run(read)


@pytest.fixture
def strategy(database: Database) -> Strategy:
    """Led by Maya and Ruth; Ben owns the first of two initiatives, Tom the second."""

    def add(session: Session) -> Strategy:
        people.save_people(session, list(PEOPLE.values()))
        found = strategies.add_strategy(session, replace(STRATEGY, leads=(MAYA, RUTH)), BEGAN)
        assert found is not None
        for one, owner in zip(INITIATIVES[:2], (BEN, TOM), strict=True):
            initiatives.add_initiative(session, replace(one, strategy_id=found.id, owner_id=owner), BEGAN)
        return found

    return database.run(add)


def command(who: str, words: str = "") -> Command:
    return Command(Actor(TEAM, who, TEAM), "C1", words, "trigger")


def sent(who: str, callback_id: str, metadata: str, state: Mapping[str, Mapping[str, Any]]) -> Submission:
    return Submission(Actor(TEAM, who, TEAM), Form(f"V{who}", "hash", callback_id, metadata, state))


def listed(database: Database, strategy: Strategy) -> list[Initiative]:
    return database.run(initiatives.list_initiatives, TEAM, strategy.id)


def test_two_leads_pause_an_initiative_once(database: Database, strategy: Strategy) -> None:
    refused = meanwhile(
        database,
        lambda session: pause_initiative(session, command(MAYA, "newsletter"), NOW),
        lambda session: pause_initiative(session, command(RUTH, "newsletter"), NOW),
    )
    assert refused == "Newsletter relaunch is paused. Only an active initiative can be paused."
    assert said(database, "paused *Newsletter relaunch*") == [BEN]


def test_two_leads_close_an_initiative_once(database: Database, strategy: Strategy) -> None:
    [newsletter, _] = listed(database, strategy)
    metadata = CloseRef(channel_id="C1", initiative_id=newsletter.id).model_dump_json()

    def closes(lead: str, outcome: str) -> Part:
        state = {OUTCOME: {"selected_option": {"value": outcome}}}
        return lambda session: submit_closing(session, sent(lead, CLOSE_FORM, metadata, state), NOW)

    assert "completed" in meanwhile(database, closes(MAYA, "completed"), closes(RUTH, "stopped"))
    told = database.run(changes.list_changes, TEAM, strategy.id, BEGAN)
    assert [(one.kind.value, one.person_id) for one in told] == [("completed", MAYA)]


def test_two_leads_nudge_once(database: Database, strategy: Strategy) -> None:
    [newsletter, _] = listed(database, strategy)
    waits = Confirmation(0, newsletter.id, Role.PARTNER, TOM, "", ConfirmationState.ASKED, "", BEGAN)
    database.run(kickoffs.add_confirmation, TEAM, waits)
    meanwhile(
        database,
        lambda session: show_awaited(session, command(MAYA), NOW),
        lambda session: show_awaited(session, command(RUTH), NOW),
    )
    assert len(said(database, "")) == 1


def test_two_leads_pause_and_resume_the_rhythm_once(database: Database, strategy: Strategy) -> None:
    told = meanwhile(
        database,
        lambda session: pause(session, command(MAYA), NOW),
        lambda session: pause(session, command(RUTH), NOW),
    )
    assert told == "Harbor Lights is already paused. `/rhythm resume` starts it again."
    assert said(database, "is paused") == ["C1"]

    told = meanwhile(
        database,
        lambda session: resume(session, command(MAYA), NOW),
        lambda session: resume(session, command(RUTH), NOW),
    )
    assert told == "Harbor Lights is not paused. `/rhythm status` shows what comes next."
    assert len(said(database, "")) == 2


def test_two_leads_who_edit_the_strategy_keep_each_others_words(
    database: Database, strategy: Strategy
) -> None:
    opened = strategy_forms.edit_modal(strategy, PEOPLE[MAYA])

    def edits(lead: str, field: str, words: str) -> Part:
        state = {**as_filled_in(opened), field: {"value": words}, "reason": {"value": "We know more now"}}
        form = Form(f"V{lead}", "hash", "", opened["private_metadata"], state, opened)
        return lambda session: submit_strategy(session, Submission(Actor(TEAM, lead, TEAM), form), None, NOW)

    meanwhile(
        database,
        edits(MAYA, strategy_forms.NAME, "Harbor Nights"),
        edits(RUTH, strategy_forms.WHY, "They swim."),
    )
    stands = database.run(strategies.get_strategy, TEAM, strategy.id)
    assert (stands.name, stands.why) == ("Harbor Nights", "They swim.")


def test_a_kpi_retired_while_another_lead_edits_it_keeps_the_edit(
    database: Database, strategy: Strategy
) -> None:
    wanted = replace(kpi(0, "Monthly givers"), strategy_id=strategy.id, goal_id=strategy.goals[0].id)
    watched = database.run(kpis.add_kpi, wanted, BEGAN)
    opened = kpi_forms.edit_modal(strategy, watched, "C1")
    state = {**as_filled_in(opened), kpi_forms.NAME: {"value": "Givers a month"}}
    meanwhile(
        database,
        lambda session: submit_kpi(session, sent(MAYA, "", opened["private_metadata"], state), NOW),
        lambda session: retire(session, command(RUTH, "givers"), NOW),
    )
    [stands] = database.run(kpis.list_kpis, TEAM, strategy.id, include_retired=True)
    assert (stands.name, stands.retired_at) == ("Givers a month", NOW)


@pytest.fixture
def asked(database: Database, strategy: Strategy) -> Decision:
    """Ben asked Ruth about the newsletter."""
    [newsletter, _] = listed(database, strategy)
    return database.run(open_decision, strategy, ASK, by=PEOPLE[BEN], now=NOW, initiative_id=newsletter.id)


def decides(asked: Decision) -> Part:
    click = Click(Actor(TEAM, RUTH, TEAM), "decision.choose.0", f"{asked.id}:0", "trigger", "D1")
    return lambda session: choose_option(session, click, NOW)


@pytest.mark.parametrize(
    ("door", "state"),
    [
        (submit_withdraw, {}),
        (submit_redate, {"by": {"selected_date": "2026-12-15"}}),
        (
            submit_hand_over,
            {"decider": {"selected_user": TOM}, "by": {"selected_date": "2026-12-10"}},
        ),
    ],
)
def test_an_ask_that_is_decided_meanwhile_is_not_moved(
    database: Database, asked: Decision, door: Callable[..., Any], state: dict[str, dict[str, Any]]
) -> None:
    refused = meanwhile(
        database, decides(asked), lambda session: door(session, sent(BEN, "", str(asked.id), state), NOW)
    )
    assert str(refused).startswith("This is settled already")
    stands = database.run(decisions.find_decision, TEAM, asked.id)
    assert stands is not None
    assert (stands.state, stands.due, stands.decider_id) == (DecisionState.DECIDED, ASK.due, RUTH)


@pytest.fixture
def check_ins_of(database: Database, strategy: Strategy) -> dict[str, tuple[Initiative, CheckIn]]:
    """Ben and Tom were each asked for theirs, in messages that can be redrawn."""

    def ask(session: Session, initiative: Initiative) -> CheckIn:
        check_in = check_ins.add_check_in(
            session,
            workspace_id=TEAM,
            strategy_id=strategy.id,
            person_id=initiative.owner_id,
            period=WEEK,
            state=CheckInState.ASKED,
            due_at=MONDAY,
            initiative_ids=[initiative.id],
        )
        message_id = outbox.enqueue_post(session, TEAM, initiative.owner_id, {"text": "asked"}, now=MONDAY)
        prompts.save_prompts(session, [(check_in, message_id)])
        return replace(check_in, message_id=message_id)

    return {one.owner_id: (one, database.run(ask, one)) for one in listed(database, strategy)}


def says_on_track(asked: tuple[Initiative, CheckIn], at: datetime) -> Part:
    initiative, check_in = asked
    actor = Actor(TEAM, initiative.owner_id, TEAM)
    click = Click(actor, "check_in.on_track", f"{check_in.id}:{initiative.id}", "trigger", "D1")
    return lambda session: record_click(session, click, Health.ON_TRACK, at)


def shown(database: Database, message_id: int | None) -> str:
    """What the last version of a message says, sent or not."""

    def read(session: Session) -> str:
        rows = select(OutboxRow.payload).where(OutboxRow.message_id == message_id).order_by(OutboxRow.id)
        return str(session.scalars(rows).all()[-1])

    return database.run(read)


def test_an_ask_decided_while_its_owner_answers_leaves_the_answer_on_their_prompt(
    database: Database, asked: Decision, check_ins_of: dict[str, tuple[Initiative, CheckIn]]
) -> None:
    initiative, check_in = check_ins_of[BEN]
    meanwhile(database, says_on_track((initiative, check_in), NOW), decides(asked))
    assert "Edit" in shown(database, check_in.message_id)
    assert "All on track" not in shown(database, check_in.message_id)


def test_two_leads_post_one_digest(database: Database, strategy: Strategy) -> None:
    told = meanwhile(
        database,
        lambda session: digest(session, command(MAYA), NOW),
        lambda session: digest(session, command(RUTH), NOW),
    )
    assert "is in <#C1> already; I am bringing it up to date" in str(told)


def test_an_answer_at_the_moment_of_the_digest_stands_in_it(
    database: Database, strategy: Strategy, check_ins_of: dict[str, tuple[Initiative, CheckIn]]
) -> None:
    posted = meanwhile(
        database,
        says_on_track(check_ins_of[BEN], NOW),
        lambda session: post_digest(session, strategy, WEEK, NOW, is_final=True),
    )
    assert "(Ben): no answer" not in shown(database, posted.message_id)
    assert "(Tom): no answer" in shown(database, posted.message_id)


def test_an_answer_that_waits_for_the_digest_is_told_in_it_as_late(
    database: Database, strategy: Strategy, check_ins_of: dict[str, tuple[Initiative, CheckIn]]
) -> None:
    meanwhile(
        database,
        lambda session: post_digest(session, strategy, WEEK, NOW, is_final=True),
        says_on_track(check_ins_of[BEN], NOW + timedelta(seconds=1)),
    )
    stands = database.run(check_ins.find_check_in, TEAM, check_ins_of[BEN][1].id)
    assert stands is not None
    assert stands.digest_id is not None
    assert said(database, "after the digest") == ["C1"]


def test_late_answers_at_once_both_stand_in_the_digest(
    database: Database, strategy: Strategy, check_ins_of: dict[str, tuple[Initiative, CheckIn]]
) -> None:
    posted = database.run(post_digest, strategy, WEEK, NOW, is_final=True)
    late = NOW + timedelta(hours=1)
    meanwhile(database, *(says_on_track(check_ins_of[owner], late) for owner in (BEN, TOM)))
    assert "no answer" not in shown(database, posted.message_id)

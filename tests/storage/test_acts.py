"""The audit log, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.outbox import drop, retry
from bot.transactions import Transactions
from domain.acts import Act, ActKind, Way
from domain.changes import Change, ChangeKind
from storage import acts, changes, installations, people, strategies, workspaces
from storage.database import Database
from storage.delivery import outbox, restores
from storage.delivery.outbox import State
from storage.encryption import Keys, new_key
from storage.installations import Installation
from storage.models import OutboxRow
from storage.workspaces import Workspace
from tests.support.harbor_lights import MAYA, PEOPLE, STRATEGY, TEAM
from views.exports.files import acts_csv

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
OTHER = "T2"


def done(
    database: Database, kind: ActKind, strategy_id: int | None = 1, team: str = TEAM, **at: float
) -> None:
    database.within(team).run(acts.add_act, team, strategy_id, Act(kind, MAYA, NOW + timedelta(**at)))


def kinds(database: Database, strategy_id: int = 1) -> list[str]:
    return [act.kind for act in database.run(acts.list_acts, TEAM, strategy_id, 50)]


def test_a_strategys_log_has_its_own_acts_and_what_was_done_to_all_of_the_workspace(
    database: Database,
) -> None:
    done(database, ActKind.SET_UP)
    done(database, ActKind.RESTORED, None, hours=1)
    done(database, ActKind.AWAY, None, hours=2)
    done(database, ActKind.KEYS_ROTATED, None, hours=3)
    done(database, ActKind.SET_UP, 2, hours=4)
    done(database, ActKind.SET_UP, 1, OTHER, hours=5)
    done(database, ActKind.INSTALLED, None, OTHER, hours=6)

    assert kinds(database) == [ActKind.RESTORED, ActKind.SET_UP]
    assert [(id_, act.kind) for id_, act in database.within(OTHER).run(acts.list_all_acts, OTHER)] == [
        (1, ActKind.SET_UP),
        (None, ActKind.INSTALLED),
    ]


def test_pages_of_the_same_instant_leave_nothing_out_and_show_nothing_twice(database: Database) -> None:
    def add(session: Session) -> None:
        acts.add_acts(session, TEAM, 1, [Act(ActKind.SEEN, MAYA, NOW, str(number)) for number in range(7)])

    database.run(add)
    found, last = [], None
    while page := database.run(acts.list_acts, TEAM, 1, 3, before=last):
        found += [act.name for act in page]
        last = page[-1].id
    assert found == [*"6543210"]
    assert database.run(acts.list_acts, TEAM, 1, 3, before=1) == []


def test_an_act_of_another_strategy_or_workspace_is_none_of_this_one(database: Database) -> None:
    done(database, ActKind.SET_UP)
    done(database, ActKind.SET_UP, 2)
    done(database, ActKind.SET_UP, 1, OTHER)
    own, other = (database.run(acts.list_acts, TEAM, id_, 1)[0].id for id_ in (1, 2))
    [foreign] = database.within(OTHER).run(acts.list_acts, OTHER, 1, 1)
    listed = [database.run(acts.is_act_of, TEAM, 1, id_) for id_ in (own, other, foreign.id, 5)]
    assert listed == [True, False, False, False]


def test_the_words_of_a_change_stay_with_it_and_are_read_with_the_act(database: Database) -> None:
    change = Change(ChangeKind.WHY, None, "Swim", "Swim well", MAYA, NOW, "Two drowned")
    database.run(changes.record_change, TEAM, 1, change)
    done(database, ActKind.EXPORTED, hours=1)

    [told] = database.run(acts.list_acts, TEAM, 1, 9, only_changes=True)
    assert (told.kind, told.before, told.after, told.why) == (
        ChangeKind.WHY,
        "Swim",
        "Swim well",
        "Two drowned",
    )
    assert kinds(database) == [ActKind.EXPORTED, ChangeKind.WHY]


async def test_the_way_goes_with_the_transaction_and_no_further(database: Database) -> None:
    transact = Transactions(database)
    act = Act(ActKind.SEEN, MAYA, NOW)
    for one in (transact.by(Way.FORM), transact.by(Way.HTTP), transact):
        await one(acts.add_act, TEAM, 1, act)
    database.run(acts.add_act, TEAM, 1, act)
    database.run(acts.add_act, TEAM, 1, Act(ActKind.SEEN, MAYA, NOW, way=Way.FILE))

    found = database.run(acts.list_acts, TEAM, 1, 9)
    assert [act.way for act in reversed(found)] == [Way.FORM, Way.HTTP, Way.CLOCK, Way.OPERATOR, Way.FILE]


@pytest.fixture
def working(database: Database) -> Database:
    """A workspace with a strategy, and messages that were set aside."""

    def begin(session: Session) -> None:
        workspaces.save_workspace(session, Workspace(TEAM, "Harbor Lights", "UBOT"))
        people.save_people(session, list(PEOPLE.values()))
        strategies.add_strategy(session, STRATEGY, NOW)
        for _ in range(2):
            outbox.enqueue_post(session, TEAM, MAYA, {"text": "Hello"}, now=NOW)
        for row in session.query(OutboxRow):
            row.state = State.FAILED

    database.run(begin)
    return database


def test_what_the_operator_does_at_a_shell_is_recorded_as_theirs(working: Database) -> None:
    keys = Keys([new_key()])
    told = Installation(TEAM, TEAM, "Harbor Lights", "A1", "B1", "UBOT", (), MAYA, "xoxb-1", NOW)
    working.run(installations.save_installation, keys, told)
    [first, second] = working.run(
        lambda session: [row.id for row in session.query(OutboxRow).order_by(OutboxRow.id)]
    )
    strategy = working.run(strategies.list_strategies, TEAM)[0]

    working.run(retry, [first], NOW, everything=False)
    working.run(drop, [second], NOW)
    working.run(installations.encrypt_anew, keys, NOW)
    working.run(restores.mark_restored, NOW)

    found = [act for _, act in working.run(acts.list_all_acts, TEAM)]
    assert [(act.kind, act.after) for act in found] == [
        (ActKind.SENT_AFTER_ALL, "1 message"),
        (ActKind.LEFT_AS_IT_IS, "1 message"),
        (ActKind.KEYS_ROTATED, ""),
        (ActKind.RESTORED, ""),
    ]
    assert {(act.way, act.person_id) for act in found} == {(Way.OPERATOR, None)}
    assert len(kinds(working, strategy.id)) == 3


def test_what_came_with_a_token_says_with_which_and_nothing_else_does(database: Database) -> None:
    def report(session: Session) -> None:
        acts.come_by(session, Way.HTTP)
        acts.come_with(session, "a1b2")
        acts.add_act(session, TEAM, 1, Act(ActKind.READING_GIVEN, None, NOW, "Givers", after="316"))

    database.run(report)
    done(database, ActKind.SEEN, minutes=1)

    told = [act for _, act in database.run(acts.list_all_acts, TEAM)]
    assert [(act.way, act.token) for act in told] == [(Way.HTTP, "a1b2"), (Way.OPERATOR, "")]
    table = acts_csv([(1, act) for act in told], {1: "Harbor Lights"}, {}).decode()
    assert ",HTTP,…a1b2,reading given," in table
    assert ",the operator,,seen," in table

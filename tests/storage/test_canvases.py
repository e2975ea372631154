"""Which canvases are to be looked at, on either database: when something was done since, or a day has begun."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from domain.canvases import AT_MOST_EVERY, UNDER_WAY, Canvas, CanvasState
from storage import acts, canvases
from storage.database import Database
from storage.workspaces import Workspace, list_busy, save_workspace

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TOMORROW = NOW + timedelta(hours=15)
MINUTE, HOUR = timedelta(minutes=1), AT_MOST_EVERY
KEPT = Canvas("T1", 7, CanvasState.KEPT, "UMAYA", NOW - UNDER_WAY, TOMORROW, written_at=NOW)
SAYS = Act(ActKind.ANSWERED, "UBEN", NOW + 5 * MINUTE)


def keep(session: Session, *kept: Canvas) -> None:
    for one in kept:
        canvases.save_canvas(session, one)


def does(session: Session, strategy_id: int, act: Act) -> None:
    acts.add_act(session, "T1", strategy_id, act)


def stale(database: Database, now: datetime) -> list[int]:
    return [one.strategy_id for one in database.run(canvases.list_stale, "T1", now)]


def test_it_is_kept_as_it_was_saved(database: Database) -> None:
    whole = replace(KEPT, reason="edited", canvas_id="F1", message_id=3, text="t", content="c", is_begun=True)
    database.run(keep, whole)
    assert database.run(canvases.find_canvas, "T1", 7) == whole
    assert database.run(canvases.find_canvas, "T1", 8) is None
    database.run(keep, replace(whole, state=CanvasState.LEFT))
    assert database.run(canvases.hold_canvas, "T1", 7) == replace(whole, state=CanvasState.LEFT)


def test_what_is_done_in_its_strategy_has_it_looked_at_once_the_hour_is_over(database: Database) -> None:
    database.run(keep, KEPT, replace(KEPT, strategy_id=8))
    assert stale(database, NOW + 2 * HOUR) == []
    database.run(does, 7, SAYS)
    assert stale(database, NOW + HOUR - MINUTE) == []
    assert stale(database, NOW + HOUR) == [7]
    database.run(canvases.look_again, KEPT, NOW + HOUR, TOMORROW)
    assert stale(database, NOW + 3 * HOUR) == []


def test_what_was_still_being_written_down_when_it_was_looked_at_has_it_looked_at_again(
    database: Database,
) -> None:
    looked = replace(KEPT, written_at=NOW - 5 * HOUR)
    database.run(keep, looked)
    database.run(does, 7, replace(SAYS, at=NOW - UNDER_WAY / 2))
    assert stale(database, NOW) == []
    assert stale(database, NOW + UNDER_WAY) == [7]
    assert database.run(canvases.find_next, "T1") == NOW + UNDER_WAY
    database.run(canvases.look_again, looked, NOW + UNDER_WAY, TOMORROW)
    assert stale(database, NOW + HOUR) == []


def test_it_is_looked_at_each_day_whatever_is_done(database: Database) -> None:
    database.run(keep, KEPT)
    assert database.run(canvases.find_next, "T1") == TOMORROW
    assert stale(database, TOMORROW) == [7]


@pytest.mark.parametrize(
    "state", [CanvasState.ASKED, CanvasState.LEFT, CanvasState.REFUSED, CanvasState.GONE]
)
def test_one_that_is_not_written_is_not_looked_at(database: Database, state: CanvasState) -> None:
    database.run(keep, replace(KEPT, state=state))
    database.run(does, 7, SAYS)
    assert stale(database, TOMORROW + HOUR) == []
    assert database.run(canvases.find_next, "T1") is None


def test_one_dated_ahead_by_a_clock_that_was_wrong_is_looked_at_all_the_same(database: Database) -> None:
    ahead = NOW + timedelta(days=300)
    database.run(keep, replace(KEPT, looked_at=ahead, look_at=ahead, written_at=ahead))
    assert stale(database, NOW) == [7]


def test_the_strategy_that_follows_goes_on_with_it_and_what_is_forgotten_is_looked_at_now(
    database: Database,
) -> None:
    database.run(keep, KEPT)
    database.run(canvases.hand_on, "T1", 7, 9)
    assert database.run(canvases.find_canvas, "T1", 7) is None
    database.run(canvases.mark_stale, "T1", [9], NOW)
    assert stale(database, NOW + HOUR) == [9]


def test_after_a_restore_what_was_written_last_is_not_known(database: Database) -> None:
    database.run(keep, replace(KEPT, text="t", content="c"))
    database.run(canvases.forget_content, "T1")
    assert database.run(canvases.find_canvas, "T1", 7) == replace(KEPT, text="", content="")


def test_the_clock_goes_only_where_one_is_to_be_looked_at(database: Database) -> None:
    for workspace_id in ("T1", "T2"):
        database.within(workspace_id).run(save_workspace, Workspace(workspace_id, workspace_id, "UBOT"))
    database.run(keep, KEPT)
    assert database.run(list_busy, NOW + HOUR, NOW + HOUR, {"T1", "T2"}) == []
    database.run(does, 7, SAYS)
    assert database.run(list_busy, NOW + HOUR, NOW + HOUR, {"T1", "T2"}) == ["T1"]

"""Drafts: one for each strategy, kept as they are."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from domain.drafts import Draft, DraftInitiative, DraftLine, DraftMetric, Whom
from storage import drafts
from storage.database import Database
from storage.drafts import KeptDraft

TEAM = "T1"
NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
RELAUNCH = DraftInitiative(
    "Newsletter relaunch 🌊",
    Whom("@maya", "UMAYA", "maya"),
    due=date(2027, 3, 31),
    metrics=(DraftMetric("subscribers", "", Decimal(4200), Decimal("6000.5")),),
)
DRAFT = Draft((DraftLine(1, "Newsletter relaunch 🌊 @maya", RELAUNCH), DraftLine(2, "???", None, ("???",))))
KEPT = KeptDraft(DRAFT, 1, "UMAYA", NOW)


def test_a_draft_is_kept_as_it_is_for_its_strategy_alone(database: Database) -> None:
    database.run(drafts.save_draft, TEAM, 1, KEPT)

    assert database.run(drafts.find_draft, TEAM, 1) == KEPT
    assert database.run(drafts.find_draft, TEAM, 2) is None
    assert database.run(drafts.find_draft, "T2", 1) is None


def test_a_strategy_has_one_draft(database: Database) -> None:
    later = KeptDraft(DRAFT.without_line(2), 2, "URUTH", NOW + timedelta(hours=1))
    database.run(drafts.save_draft, TEAM, 1, KEPT)
    database.run(drafts.save_draft, TEAM, 1, later)

    assert database.run(drafts.find_draft, TEAM, 1) == later


def test_a_draft_that_is_dropped_takes_no_other_with_it(database: Database) -> None:
    database.run(drafts.save_draft, TEAM, 1, KEPT)
    database.run(drafts.save_draft, TEAM, 2, KEPT)
    database.run(drafts.drop_draft, TEAM, 1)
    database.run(drafts.drop_draft, TEAM, 1)

    assert database.run(drafts.find_draft, TEAM, 1) is None
    assert database.run(drafts.find_draft, TEAM, 2) == KEPT


def test_only_drafts_that_nobody_has_edited_for_so_long_are_forgotten(database: Database) -> None:
    fresh = replace(KEPT, edited_at=NOW + timedelta(days=1))
    database.run(drafts.save_draft, TEAM, 1, KEPT)
    database.run(drafts.save_draft, TEAM, 2, fresh)
    database.within("T2").run(drafts.save_draft, "T2", 1, KEPT)
    database.run(drafts.forget_old, TEAM, NOW + timedelta(days=1))

    assert database.run(drafts.find_draft, TEAM, 1) is None
    assert database.run(drafts.find_draft, TEAM, 2) == fresh
    assert database.within("T2").run(drafts.find_draft, "T2", 1) == KEPT

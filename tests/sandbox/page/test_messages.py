"""Messages and conversations."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from sandbox.page.messages import conversation, message
from tests.sandbox.page import gallery
from tests.sandbox.page.gallery import READER, said


def _link(ts: str) -> str:
    return f"/thread/{ts}"


def test_a_day_separator_stands_where_the_readers_day_changes() -> None:
    log = [said("U1", "2026-12-08T17:00:00", "a"), said("U2", "2026-12-08T19:00:00", "b")]
    in_kolkata = replace(READER, zone=ZoneInfo("Asia/Kolkata"))
    assert conversation(log, READER).count('class="day"') == 1
    assert conversation(log, in_kolkata).count('class="day"') == 2


def test_times_are_the_readers_own() -> None:
    one = said("U1", "2026-12-08T19:00:00", "a")
    assert "<time>19:00</time>" in message(one, READER)
    assert "<time>11:00 AM</time>" in message(
        one, replace(READER, zone=ZoneInfo("America/Los_Angeles"), locale="en-US")
    )


def test_an_app_carries_a_badge_and_a_person_does_not() -> None:
    assert "APP" in message(said("UB", "2026-12-08T10:00:00", "x"), READER)
    assert "APP" not in message(said("U1", "2026-12-08T10:00:00", "x"), READER)


def test_messages_of_one_author_close_together_share_a_heading() -> None:
    log = [said("U1", f"2026-12-08T10:0{minute}:00", "x") for minute in (0, 2, 8)]
    assert conversation(log, READER).count("Maya Okafor") == 2


def test_blocks_stand_in_for_the_text_that_only_notifications_show() -> None:
    drawn = message(said("UB", "2026-12-08T10:00:00", "only notified", gallery.section("shown")), READER)
    assert "shown" in drawn
    assert "only notified" not in drawn


def test_an_edited_message_says_so() -> None:
    assert "(edited)" in message(said("U1", "2026-12-08T10:00:00", "x", edited={"user": "U1"}), READER)
    assert "(edited)" not in message(said("U1", "2026-12-08T10:00:00", "x"), READER)


def test_a_thread_shows_how_many_answered_and_when_last() -> None:
    drawn = message(gallery.DIGEST, READER, _link)
    assert "<b>3 replies</b>" in drawn
    assert "Last reply today at 11:17" in drawn
    assert f'href="/thread/{gallery.DIGEST["ts"]}"' in drawn


def test_inside_a_thread_the_count_is_not_repeated() -> None:
    assert "3 replies" not in message(gallery.DIGEST, READER)


def test_a_notice_says_that_nobody_else_sees_it() -> None:
    assert "Only visible to you" in message(gallery.CHANNEL[-1], READER)
    assert "Only visible to you" not in message(gallery.CHANNEL[0], READER)


def test_right_to_left_text_sets_its_own_direction() -> None:
    assert 'class="text" dir="auto">مرحبا' in message(gallery.CHANNEL[3], READER)


def test_files_and_reactions_are_shown() -> None:
    one = said(
        "U1",
        "2026-12-08T10:00:00",
        "x",
        files=[{"name": "plan.pdf"}],
        reactions=[{"name": "tada", "count": 2}],
    )
    drawn = message(one, READER)
    assert "plan.pdf" in drawn
    assert "🎉 2" in drawn


def test_each_message_can_be_found_by_its_ts() -> None:
    assert f'data-ts="{gallery.PROMPT["ts"]}"' in message(gallery.PROMPT, READER)


def test_every_message_of_the_gallery_is_drawn() -> None:
    drawn = conversation([gallery.PROMPT, *gallery.CHANNEL, *gallery.EVERYTHING], READER, _link)
    assert "not drawn here" not in drawn
    assert drawn.count("<article") == 1 + len(gallery.CHANNEL) + len(gallery.EVERYTHING)

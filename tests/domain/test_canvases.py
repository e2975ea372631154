"""What is done about a channel's canvas, given what stands there: people's words are never written over unasked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.canvases import (
    AT_MOST_EVERY,
    Canvas,
    CanvasFound,
    CanvasState,
    CanvasStep,
    may_be_written,
    next_step,
    tell_apart,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WANTED = Canvas("T1", 7, CanvasState.WANTED, "UMAYA", NOW, NOW)
KEPT = replace(WANTED, state=CanvasState.KEPT, canvas_id="F1", text="t", content="c", written_at=NOW)
OURS = CanvasFound("F1", is_own=True, content="c")
EDITED = replace(OURS, content="d")
THEIRS = CanvasFound("F2", is_own=False, content="c")


@pytest.mark.parametrize(
    ("canvas", "found", "step"),
    [
        (WANTED, None, CanvasStep.CREATE),
        (KEPT, OURS, CanvasStep.WRITE),
        (KEPT, EDITED, CanvasStep.ASK_EDITED),
        (KEPT, None, CanvasStep.GONE),
        (KEPT, THEIRS, CanvasStep.ASK_ANOTHER),
        (WANTED, THEIRS, CanvasStep.ASK_ANOTHER),
        # One that the bot made once and does not know any more is looked at by a lead, too.
        (WANTED, replace(OURS, id="F9"), CanvasStep.ASK_ANOTHER),
        (replace(WANTED, canvas_id="F1", content="c"), EDITED, CanvasStep.ASK_EDITED),
        (replace(WANTED, canvas_id="F1", content="c"), None, CanvasStep.CREATE),
        (replace(KEPT, state=CanvasState.REPLACING), EDITED, CanvasStep.WRITE),
        (replace(KEPT, state=CanvasState.REPLACING), THEIRS, CanvasStep.WRITE),
        (replace(KEPT, state=CanvasState.REPLACING), None, CanvasStep.CREATE),
    ],
)
def test_only_what_was_left_as_we_wrote_it_is_written_over(
    canvas: Canvas, found: CanvasFound | None, step: CanvasStep
) -> None:
    assert next_step(canvas, found) is step


@pytest.mark.parametrize(
    ("canvas", "found", "step"),
    [
        (WANTED, OURS, CanvasStep.WRITE),
        (WANTED, THEIRS, CanvasStep.ASK_ANOTHER),
        (WANTED, None, CanvasStep.CREATE),
        (KEPT, EDITED, CanvasStep.WRITE),
        (KEPT, None, CanvasStep.CREATE),
        (KEPT, THEIRS, CanvasStep.ASK_ANOTHER),
    ],
)
def test_where_an_answer_was_lost_what_the_bot_made_is_written_once_more(
    canvas: Canvas, found: CanvasFound | None, step: CanvasStep
) -> None:
    assert next_step(replace(canvas, is_begun=True), found) is step


def test_what_could_not_be_seen_after_the_writing_is_asked_about() -> None:
    assert next_step(replace(KEPT, content=""), replace(OURS, content="")) is CanvasStep.ASK_EDITED


def test_it_may_be_written_once_an_hour_whatever_a_clock_that_was_wrong_says() -> None:
    assert may_be_written(WANTED, NOW)
    assert not may_be_written(KEPT, NOW + AT_MOST_EVERY - timedelta(seconds=1))
    assert may_be_written(KEPT, NOW + AT_MOST_EVERY)
    assert may_be_written(KEPT, NOW - timedelta(days=300))


def test_ids_that_slack_makes_anew_make_no_other_content_and_words_and_marks_do() -> None:
    html = '<div><h1 id="temp:C:1">Plan</h1>\n<p id="temp:C:2" class="line">a &amp; b</p></div>'
    same = '<div ><h1 id="temp:C:8">Plan</h1> <p id="temp:C:9">a &#38; b</p></div>'
    assert tell_apart(html) == tell_apart(same)
    assert tell_apart(html) != tell_apart(html.replace("a &amp;", "a and"))
    assert tell_apart(html) != tell_apart(html.replace("a &amp; b", "<b>a &amp; b</b>"))

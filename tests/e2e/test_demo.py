"""`drumbeat demo` through the console script: what whoever tries Drumbeat first runs."""

import sqlite3
import subprocess
from pathlib import Path

from bot.demo import plan
from bot.demo.outcome import WEEKS, Recorded, list_problems
from domain.check_ins import Answer
from domain.health import Health
from tests.support.bot_process import DRUMBEAT

MOST_SECONDS = 60


def demo(database: Path) -> subprocess.CompletedProcess[str]:
    """Raises TimeoutExpired when it takes longer than it may."""
    return subprocess.run(
        [DRUMBEAT, "demo", "--database", database],
        cwd=database.parent if database.parent.exists() else None,
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
        check=False,
    )


def test_the_demo_tells_four_weeks_and_leaves_its_database(tmp_path: Path) -> None:
    database = tmp_path / "demo.db"
    database.write_text("left over from something else")

    ended = demo(database)

    assert (ended.returncode, ended.stderr) == (0, "")
    for way in plan.WAYS:
        assert f"({way})" in " ".join(ended.stdout.split())
    for telling in ("Aroha is away", "moved once", "late", "away until 18 Dec", "Participation: 5 of 5"):
        assert telling in ended.stdout
    for number in range(1, 5):
        assert f"Week {number}," in ended.stdout
    with sqlite3.connect(database) as left:
        (digests,) = left.execute("select count(*) from digests").fetchone()
    assert digests == 4


def test_the_demo_says_so_when_the_bot_cannot_start(tmp_path: Path) -> None:
    ended = demo(tmp_path / "no such folder" / "demo.db")

    assert ended.returncode == 1
    assert "The demo failed. The bot did not start." in " ".join(ended.stdout.split())


COUNTS = {
    **{
        (first, str(week)): count
        for first, counts in plan.MESSAGES.items()
        for week, count in zip(WEEKS, counts, strict=True)
    },
    **{(f"#{plan.CHANNEL}", str(week)): 1 for week in WEEKS},
}
OUTCOME = {
    (name, week): Recorded(is_away=health == "away")
    if health in ("away", "silent")
    else Recorded((Answer(1, next(h for h in Health if h.label == health)),))
    for name, healths in plan.HEALTHS.items()
    for week, health in zip(WEEKS, healths, strict=True)
}


def test_a_story_that_went_as_planned_has_no_problems() -> None:
    assert list_problems(OUTCOME, COUNTS, set(plan.WAYS)) == []


def test_one_message_too_many_is_a_problem() -> None:
    counts = {**COUNTS, ("Ben", str(WEEKS[0])): 2}
    assert list_problems(OUTCOME, counts, set(plan.WAYS)) == [
        "Messages to Ben in 2026-W48 should be 1 and are 2."
    ]


def test_a_way_of_answering_that_nobody_used_is_a_problem() -> None:
    used = set(plan.WAYS) - {"one click"}
    assert list_problems(OUTCOME, COUNTS, used) == ["Nobody answered by “one click”."]


def test_another_health_than_planned_is_a_problem() -> None:
    outcome = {**OUTCOME, (plan.NEWSLETTER, WEEKS[3]): Recorded()}
    assert list_problems(outcome, COUNTS, set(plan.WAYS)) == [
        "Newsletter relaunch should be on track in 2026-W51 and is silent."
    ]


def test_no_owner_is_planned_to_get_more_than_three_messages_a_week() -> None:
    assert max(count for counts in plan.MESSAGES.values() for count in counts) <= plan.MOST_MESSAGES

"""`drumbeat demo` through the console script: what whoever tries Drumbeat first runs."""

import os
import pty
import re
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from rich.console import Console

from demo import SCENARIOS, expected, plan, play
from demo.checks import list_problems, planned_rituals
from demo.foreseen import Foreseen, list_misreckoned, read_foreseen
from demo.outcome import WEEKS, Outcome, Recorded
from demo.serving import serve
from demo.stage import opened_stage
from domain.check_ins import Answer
from domain.decisions import AskKind, Decision, DecisionState
from domain.healths import Health
from domain.periods import Month
from domain.reviews import Review
from tests.support.bot_process import DRUMBEAT

NOW = datetime(2027, 2, 17, 12, tzinfo=UTC)


def demo(database: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [DRUMBEAT, "demo", "--database", database],
        cwd=database.parent if database.parent.exists() else None,
        capture_output=True,
        text=True,
        check=False,
    )


@contextmanager
def served(folder: Path, scenario: str) -> Iterator[list[str]]:
    """`drumbeat demo` at a terminal until it is told to end; the lines it has said so far."""
    ours, theirs = pty.openpty()
    command = [str(DRUMBEAT), "demo", "--scenario", scenario, "--folder", str(folder / "kept")]
    process = subprocess.Popen(command, cwd=folder, stdout=theirs, stderr=theirs, stdin=theirs, env=HEADLESS)
    os.close(theirs)
    said = os.fdopen(ours, "r", encoding="utf-8", errors="replace")
    lines = [said.readline()]
    try:
        yield lines
    finally:
        process.terminate()
        with suppress(OSError):  # a terminal nobody writes to any more
            lines.extend(iter(said.readline, ""))
        assert process.wait() == 0, lines
        said.close()


async def test_what_another_version_kept_is_refused_with_the_way_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "slack").write_bytes(b"of old")
    assert await serve(SCENARIOS["new"], tmp_path, 0) == 1
    assert "`make demo-reset` begins anew." in capsys.readouterr().out


HEADLESS = {name: value for name, value in os.environ.items() if "DISPLAY" not in name}


def address_in(line: str) -> str:
    found = re.search(r"http://[\d.:]+", line)
    assert found, line
    return found[0]


def test_the_demo_at_a_terminal_says_its_address_first_and_keeps_what_happens(tmp_path: Path) -> None:
    with served(tmp_path, "new") as lines:
        address = address_in(lines[0])
        first = urlopen(f"{address}/").read().decode()
        channel = re.search(r'action="/as/maya.okafor/say/(\w+)"', page_of(address))
        assert channel
        urlopen(f"{address}/as/maya.okafor/say/{channel[1]}", data=b"text=Good+morning")
    assert "Go in as Maya Okafor" in first
    with served(tmp_path, "new") as lines:
        assert "Good morning" in page_of(address_in(lines[0]))
    assert any("goes on where you left it" in line for line in lines)


def page_of(address: str) -> str:
    page: str = urlopen(f"{address}/as/maya.okafor/marketing").read().decode()
    return page


@pytest.mark.parametrize("name", [name for name, one in SCENARIOS.items() if one.scenes])
async def test_every_scenario_can_be_played_to_where_it_begins(name: str, tmp_path: Path) -> None:
    async with opened_stage(tmp_path / "demo.db", Console(quiet=True)) as stage:
        await SCENARIOS[name].play(stage)
        local = stage.slack.clock.now.astimezone(plan.PEOPLE["Maya"].zone)
        waiting = [one for one in stage.person("Maya").dm.messages if one.buttons]
    assert f"{local:%a}" == "Mon"
    assert waiting


@pytest.mark.parametrize("is_told", [False, True])
def test_a_scenario_that_is_not_there_is_said_to_be_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], *, is_told: bool
) -> None:
    assert play(tmp_path / "x.db", "nothing", tmp_path, 0, is_told=is_told) == 2
    assert "There are new, week-5, worst-monday." in capsys.readouterr().out


FACTS = (
    # The first run: the greeting on Home, and an example before there is anything.
    "Hello, I am Drumbeat.",
    "An example: this team and its numbers are made up, and only you see this",
    # The plan is pasted, and what is one number is given once.
    "I understood 5 initiatives and 6 KPIs. Nobody is told anything before you press Start.",
    "Spring open-water days: is “sign-ups a month” a KPI?: [Sign-ups a month]",
    # Kickoff: the owner accepts, the sponsor confirms, partners commit.
    "Will you own Giver referral programme? Maya Okafor chose you.",
    "Maya Okafor asks you to back 5 initiatives in Harbor Lights",
    "Giver referral programme: you commit “the pledge form by 15 Dec”",
    "clicks “Confirm all 5”",
    "Kickoff: done, all 5 are active",
    "every step of its start is done.",
    # KPIs.
    "subscribers 4,200 (KPI updated)",
    # An ask decided with a click, another by its default.
    "“May we name parents by first name in the newsletter?”",
    "A reminder: this waits for you until",
    "nobody decided by 11 Dec, so the default took effect: We keep the old form",
    # The reviews.
    "Harbor Lights · Review of December 2026",
    "Harbor Lights · Review of January 2027",
    "Harbor Lights · Review of February 2027",
    "Outcome of the review of December",
    "Lesson results page: change — Two silent weeks",
    "30 Apr, was 31 Mar, moved once",
    # The phase that closed, and what it taught.
    "Newsletter relaunch, up to Four issues to compare: a phase is over.",
    f"Keep: {expected.LEARNING}",
    "What earlier work for this goal taught. Use what helps you.",
    f"Keep: {expected.LEARNING} — you use this",
    # Absences, late answers, impact, Home.
    "Spring open-water days (Aroha, away until 18 Dec)",
    "at risk (late)",
    "Parents' question desk is over: what to keep, what to change?",
    "Rhythm health: 100 of 100",
    "Impact at week 8: weeks 1 to 4 → weeks 5 to 8",
    "Impact at week 12: weeks 1 to 4 → weeks 9 to 12",
    "KPIs on pace 60% → 67%",
    # What was foreseen, and what came back.
    "clicks “Put it on a canvas”",
    expected.SIGNS,
    "If it goes on as it did: ",
    expected.HOW_LIKELY,
    f"“{expected.HAPPENED}”",
    "clicks “Look again…”",
    f"(“{expected.BET_LEARNING}”)",
    "The report of January",
)


def test_the_demo_tells_thirteen_weeks_and_leaves_its_database(tmp_path: Path) -> None:
    database = tmp_path / "demo.db"

    ended = demo(database)

    assert (ended.returncode, ended.stderr) == (0, "")
    told = " ".join(ended.stdout.replace("┃", " ").replace("│", " ").split())
    for way in expected.WAYS:
        assert f"({way})" in told
    for fact in FACTS:
        assert fact in told
    for number in range(1, expected.WEEKS_PLAYED + 1):
        assert f"Week {number}, from" in told
    with sqlite3.connect(database) as left:
        posted = [
            left.execute(f"select count(*) from {table}").fetchone()[0] for table in ("digests", "reviews")
        ]
    assert posted == [13, 3]
    _assert_figures_are_looked_at(read_foreseen(database, "T0SANDBOX1"))


def _assert_figures_are_looked_at(foreseen: Foreseen) -> None:
    """The story ends well only where each is as it is reckoned: what is not shown, or is not as planned, is said."""
    unshown = list(list_misreckoned(foreseen, [], "", ""))
    for name in expected.FORECAST:
        assert f"The forecast of {name} was not shown." in unshown
    assert "Its leads did not see the signs of Lesson results page." in unshown
    assert {f"The {page} lacks the last number of Monthly givers." for page in ("canvas", "report")} < {
        *unshown
    }
    nothing = replace(foreseen, signals=(), bets=(), courses=(), confidence={})
    more = set(list_misreckoned(nothing, [], "", "")) - set(unshown)
    assert {sentence.split()[1] for sentence in more} == {"signals", "signs", "should", "chances"}


def test_the_demo_says_so_when_the_bot_cannot_start(tmp_path: Path) -> None:
    ended = demo(tmp_path / "no such folder" / "demo.db")

    assert ended.returncode == 1
    assert "The demo failed. The bot did not start." in " ".join(ended.stdout.split())


def test_the_story_takes_no_file_that_is_there_already(tmp_path: Path) -> None:
    ours = tmp_path / "drumbeat.db"
    ours.write_text("what a team said")

    ended = demo(ours)

    assert ended.returncode == 2
    assert "drumbeat.db is there already. The story makes a new file" in " ".join(
        ended.stderr.replace("│", "").split()
    )
    assert ours.read_text() == "what a team said"


def recorded(health: str) -> Recorded:
    if health in (expected.AWAY, expected.SILENT):
        return Recorded(is_away=health == expected.AWAY)
    return Recorded((Answer(1, next(h for h in Health if h.label == health)),))


def decision(question: str, state: str, outcome: str) -> Decision:
    return Decision(
        1, "T1", 1, None, None, AskKind.DECISION, question, "", (), "No", "U1", "U2",
        plan.FIRST_MONDAY, DecisionState(state), outcome,
    )  # fmt: skip


COUNTS = {(who, week, True): count for (who, week), count in planned_rituals().items()}
OUTCOME = Outcome(
    answers={
        (name, week): recorded(health)
        for name, healths in expected.HEALTHS.items()
        for week, health in zip(WEEKS, healths, strict=True)
        if health != expected.CLOSED
    },
    decisions=tuple(decision(question, *became) for question, became in expected.DECISIONS.items()),
    reviews={
        month: (
            Review(1, "T1", 1, Month.parse(month), 1, (), {}, NOW, NOW, NOW),
            {plan.NEWSLETTER: "continue", **changed},
        )
        for month, changed in expected.REVIEWS.items()
    },
    readings={
        kpi.name: {week: value for week, value in zip(WEEKS, kpi.readings, strict=True) if value}
        for kpi in plan.KPIS
    },
    paces={name: dict(zip(WEEKS, paces, strict=False)) for name, paces in expected.PACES.items()},
    learnings=(expected.LEARNING,),
    unconfirmed=0,
)
CHANNEL = f"{expected.SLIP}\nImpact at week 8: more"
PREVIEWS = ["Impact at week 12: more"]


def problems(outcome: Outcome = OUTCOME, **other: Any) -> list[str]:
    told: dict[str, Any] = {
        "counts": COUNTS,
        "ways": expected.WAYS,
        "channel": CHANNEL,
        "previews": PREVIEWS,
        **other,
    }
    return list_problems(outcome, **told)


def test_a_story_that_went_as_planned_has_no_problems() -> None:
    assert problems() == []


def test_one_message_too_many_is_a_problem() -> None:
    assert problems(counts={**COUNTS, ("Ben", str(WEEKS[0]), True): 2}) == [
        "Prompts, reminders and digests to Ben in 2026-W48 should be 1 and are 2."
    ]


def test_a_way_of_answering_that_nobody_used_is_a_problem() -> None:
    assert problems(ways=set(expected.WAYS) - {"one click"}) == ["Nobody answered by “one click”."]


def test_another_health_than_planned_is_a_problem() -> None:
    answers = {**OUTCOME.answers, (plan.NEWSLETTER, WEEKS[3]): Recorded()}
    assert problems(replace(OUTCOME, answers=answers)) == [
        "Newsletter relaunch should be on track in 2026-W51 and is silent."
    ]


def test_an_ask_with_another_fate_than_planned_is_a_problem() -> None:
    decisions = (*OUTCOME.decisions[1:], decision(expected.LEGAL, "defaulted", "No"))
    assert problems(replace(OUTCOME, decisions=decisions)) == [
        f"“{expected.LEGAL}” should be decided (Yes) and is defaulted (No)."
    ]


def test_a_review_that_was_not_posted_or_not_closed_is_a_problem() -> None:
    without = {month: OUTCOME.reviews[month] for month in list(OUTCOME.reviews)[1:]}
    review, choices = without["2027-01"]
    without["2027-01"] = (replace(review, closed_at=None), choices)
    assert problems(replace(OUTCOME, reviews=without)) == [
        "The review of 2026-12 was not posted.",
        "The outcome of the review of 2027-01 was not told.",
    ]


def test_a_reading_that_is_missing_is_a_problem() -> None:
    readings = {**OUTCOME.readings, plan.SUBSCRIBERS_KPI: {}}
    [problem] = problems(replace(OUTCOME, readings=readings))
    assert problem.startswith("The readings of Newsletter subscribers are not as planned in 2026-W48, ")


def test_a_kpi_called_on_pace_that_the_rule_calls_behind_is_a_problem() -> None:
    paces = {**OUTCOME.paces, "Monthly givers": {**OUTCOME.paces["Monthly givers"], WEEKS[2]: "on pace"}}
    assert problems(replace(OUTCOME, paces=paces)) == [
        "Monthly givers should be behind at the end of 2026-W50 and is on pace."
    ]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"channel": expected.SLIP}, "The impact at week 8 was not shown."),
        ({"previews": []}, "The impact at week 12 was not shown."),
        ({"channel": PREVIEWS[0] + "Impact at week 8"}, "The slip of the results page's date did not show in the channel."),
    ],
)  # fmt: skip
def test_what_was_not_shown_is_a_problem(changed: dict[str, Any], sentence: str) -> None:
    assert problems(**changed) == [sentence]


def test_a_learning_that_was_lost_or_an_answer_at_kickoff_that_is_missing_is_a_problem() -> None:
    assert problems(replace(OUTCOME, learnings=(), unconfirmed=1)) == [
        "What the first phase taught was not kept.",
        "1 of those asked at kickoff have not answered.",
    ]


def test_no_owner_is_planned_to_get_more_than_three_prompts_and_reminders_a_week() -> None:
    assert max(count for counts in expected.RITUALS.values() for count in counts) <= expected.MOST_RITUALS

"""The checklist of a new strategy, from its set-up to its last step."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.checklists import ChecklistStep, Progress
from domain.initiatives import Status
from domain.strategies import Goal
from tests.support.block_kit import assert_valid_message, texts_of
from tests.support.golden import assert_golden
from tests.support.harbor_lights import INITIATIVES, NEWSLETTER, STRATEGY
from tests.support.reviews import kpi
from views.checklists import checklist_message, ended_message, is_over, setup_message

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 11, tzinfo=UTC)
KPIS = tuple(replace(kpi(number), name=f"Number {number}", goal_id=1) for number in range(1, 5))
NEW = Progress(STRATEGY)
PLANNED = Progress(
    STRATEGY,
    [*INITIATIVES[:3], *(replace(one, status=Status.PROPOSED) for one in INITIATIVES[3:])],
    KPIS,
    awaited=("Ruth Adler", "Priya Raman"),
    declined=("Tom Lindqvist",),
    prompt_at=MONDAY,
    digest_at=WEDNESDAY,
)
KICKED_OFF = replace(PLANNED, initiatives=INITIATIVES, awaited=(), declined=())
ASKED = replace(KICKED_OFF, is_asked=True)
ANSWERED = replace(ASKED, is_answered=True)
DONE = replace(ANSWERED, is_posted=True)
HOSTILE = "<!channel> & <@U1> <https://e.example|x> 🌊 שלום " * 8


def buttons(progress: Progress) -> list[str]:
    blocks = checklist_message(progress)["blocks"]
    return [one["text"]["text"] for block in blocks for one in block.get("elements", ())]


@pytest.mark.parametrize(
    ("name", "progress"), [("new", NEW), ("planned", PLANNED), ("asked", ASKED), ("done", DONE)]
)
def test_it_is_drawn_as_before(name: str, progress: Progress) -> None:
    drawn = checklist_message(progress)
    assert_valid_message(drawn)
    assert_golden(f"checklist_{name}", drawn)


def test_each_step_is_ticked_when_it_is_done_and_the_next_is_the_first_line() -> None:
    told: tuple[tuple[Progress, list[ChecklistStep], str], ...] = (
        (NEW, [], "Please add your plan."),
        (PLANNED, [ChecklistStep.PLAN], "Still to come: the yes of owners and sponsors."),
        (
            KICKED_OFF,
            [ChecklistStep.PLAN, ChecklistStep.KICKOFF],
            "Still to come: the first check-in, Mon 23 Nov 09:00",
        ),
        (ASKED, [ChecklistStep.PLAN, ChecklistStep.KICKOFF], "Still to come: the first answer."),
        (
            ANSWERED,
            [ChecklistStep.PLAN, ChecklistStep.KICKOFF, ChecklistStep.CHECK_IN],
            "Still to come: the first digest, Wed 25 Nov 11:00",
        ),
        (DONE, list(ChecklistStep), "every step of its start is done."),
    )
    for progress, done, first in told:
        text = checklist_message(progress)["text"]
        assert list(progress.done) == done
        assert text.count(":white_check_mark:") == len(done)
        assert first in text.splitlines()[0]
        assert len(text.splitlines()[0]) <= 150


def test_steps_are_ticked_in_whatever_order_they_are_done() -> None:
    small = replace(DONE, initiatives=[NEWSLETTER], is_answered=False)
    assert small.done == (ChecklistStep.KICKOFF, ChecklistStep.DIGEST)
    assert small.next is ChecklistStep.PLAN


def test_a_plan_is_not_done_while_a_goal_is_served_by_nothing() -> None:
    goals = (*STRATEGY.goals, Goal(9, "Monthly givers from 310 to 420 by 31 March"))
    unserved = replace(DONE, strategy=replace(STRATEGY, goals=goals))
    assert ChecklistStep.PLAN not in unserved.done
    assert "No KPI and no initiative serves “Monthly givers" in checklist_message(unserved)["text"]


def test_what_is_missing_has_buttons_and_goes_once_it_is_there() -> None:
    assert "Add an initiative…" in buttons(NEW)
    assert "Still missing" in checklist_message(NEW)["text"]
    assert buttons(ANSWERED) == ["Show me a digest"]
    assert "Still missing" not in checklist_message(ANSWERED)["text"]
    assert buttons(DONE) == []


def test_it_is_over_with_its_last_step_only_when_nothing_is_missing() -> None:
    assert is_over(DONE)
    assert not is_over(ANSWERED)
    unsaid = replace(DONE, kpis=(replace(KPIS[0], if_short=""), *KPIS[1:]))
    assert unsaid.next is None
    assert not is_over(unsaid)
    assert "falls short" in checklist_message(unsaid)["text"]


def test_of_many_who_are_awaited_the_first_are_named() -> None:
    names = ("Ann", "Bo", "Cy", "Di", "Ed")
    some = replace(PLANNED, awaited=names, declined=())
    assert "still to say yes: Ann, Bo, Cy and 2 more" in checklist_message(some)["text"]
    none = replace(some, initiatives=[replace(one, status=Status.PROPOSED) for one in INITIATIVES])
    assert "none of 5 active" in checklist_message(none)["text"]


def test_a_paused_rhythm_says_how_it_goes_on() -> None:
    paused = replace(
        KICKED_OFF, strategy=replace(STRATEGY, paused_at=MONDAY - timedelta(days=1)), prompt_at=None
    )
    assert "once the rhythm goes on (`/rhythm resume`)" in checklist_message(paused)["text"]


def test_it_takes_any_words_and_mentions_nobody() -> None:
    goals = tuple(Goal(number, HOSTILE[:300]) for number in (1, 2, 3))
    strategy = replace(STRATEGY, name=HOSTILE[:75], goals=goals)
    named = tuple(f"{number} {HOSTILE[:60]}" for number in range(9))
    progress = replace(PLANNED, strategy=strategy, kpis=(), awaited=named, declined=named)
    closed = replace(strategy, closed_at=MONDAY)
    for message in (
        checklist_message(progress),
        checklist_message(replace(DONE, strategy=strategy)),
        setup_message(strategy),
        ended_message(strategy),
        ended_message(closed),
    ):
        assert_valid_message(message)
        markups = [text for text, kind in texts_of(message["blocks"]) if kind == "mrkdwn"]
        assert "<!channel>" not in "".join([message["text"], *markups])
    assert "is closed" in ended_message(closed)["text"]

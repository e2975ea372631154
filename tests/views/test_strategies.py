"""The strategy's form and messages."""

import json
from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from domain.absences import WorkPattern
from domain.check_ins import LastHealth
from domain.errors import FieldErrors
from domain.healths import Health
from domain.initiatives import Status
from domain.people import Person
from domain.schedules import DEFAULT_SCHEDULE, Schedule, WeeklyTime
from domain.strategies import Goal, Strategy
from tests.support.block_kit import assert_valid_message, assert_valid_view, texts_of
from tests.support.forms import submitted
from tests.support.golden import assert_golden
from tests.support.harbor_lights import (
    BEN,
    FIRST_WEEK,
    INITIATIVES,
    MAYA,
    NEWSLETTER,
    PEOPLE,
    STRATEGY,
    digest_time,
)
from views import schedules
from views.slack.blocks import notice
from views.strategies import forms, messages
from views.strategies.forms import StrategyRef, edit_modal, read_strategy_form

HOSTILE = "<!channel> & <@U1> <https://e.example|x> 🌊 שלום " * 70
FILLED = {
    "name": "Harbor Lights",
    "why": "One child in three cannot swim.",
    "goal_1": "Newsletter subscribers from 4,200 to 6,000 by 31 March",
    "audience": "Parents",
    "difference": "Every lesson on the record",
}


BLANK = Strategy(0, "T1", "C1", "", "", (), "", "", (MAYA,), "Europe/London")


def setup_modal(caller: Person = PEOPLE[MAYA], blank: Strategy = BLANK) -> dict[str, Any]:
    """With all that it can show."""
    view = forms.setup_modal(blank)
    blocks = forms.with_times(view["blocks"], blank)
    return {**view, "blocks": forms.with_more(blocks, blank, caller)}


def ref_of(view: dict[str, Any]) -> StrategyRef:
    return StrategyRef.model_validate_json(view["private_metadata"])


def errors_of(**typed: Any) -> dict[str, str]:
    view = setup_modal()
    with pytest.raises(FieldErrors) as refused:
        read_strategy_form(submitted(view, **{**FILLED, **typed}), ref_of(view), BLANK)
    return refused.value.errors


def test_the_empty_form_is_drawn_as_before() -> None:
    view = setup_modal()

    assert_valid_view(view)
    assert_valid_view(forms.setup_modal(BLANK))
    # The zones and countries on offer come from elsewhere and would bury the rest.
    drawn = json.loads(json.dumps(view))
    for block in drawn["blocks"]:
        if "option_groups" in block.get("element", {}):
            block["element"]["option_groups"] = len(block["element"]["option_groups"])
    assert_golden("strategy_setup", drawn)


def test_a_form_that_is_opened_nowhere_asks_for_the_channel_first() -> None:
    blank = replace(BLANK, channel_id="")
    view = setup_modal(blank=blank)

    assert_valid_view(view)
    assert_valid_view(forms.setup_modal(blank))
    assert view["blocks"][0]["block_id"] == forms.CHANNEL
    assert view["blocks"][1:] == setup_modal()["blocks"]
    form = read_strategy_form(submitted(view, **FILLED, channel="C7"), ref_of(view), blank)
    assert form.channel_id == "C7"


def test_a_channel_that_was_not_asked_for_is_not_taken() -> None:
    view = setup_modal()
    state = {**submitted(view, **FILLED), "channel": {"selected_conversation": "C7"}}
    assert read_strategy_form(state, ref_of(view), BLANK).channel_id == "C1"


def test_a_filled_in_form_is_read() -> None:
    view = setup_modal()
    form = read_strategy_form(submitted(view, **FILLED, country="GB"), ref_of(view), BLANK)

    assert form.leads == (MAYA,)
    assert form.zone == "Europe/London"
    assert form.schedule == DEFAULT_SCHEDULE
    assert form.work_pattern == WorkPattern(frozenset(range(5)), "GB")
    assert form.goals == (Goal(0, FILLED["goal_1"]),)


def test_an_unchanged_edit_reads_back_what_there_is() -> None:
    goals = (*STRATEGY.goals, Goal(9, "Monthly givers from 310 to 420 by 31 March"))
    strategy = replace(STRATEGY, goals=goals, work_pattern=WorkPattern(frozenset({0, 2}), "NZ"))
    view = edit_modal(strategy, PEOPLE[BEN])
    form = read_strategy_form(submitted(view), ref_of(view), strategy)

    assert_valid_view(view)
    assert (form.goals, form.leads, form.zone) == (strategy.goals, strategy.leads, strategy.zone)
    assert form.work_pattern == strategy.work_pattern
    assert (form.name, form.why) == (strategy.name, strategy.why)


def test_a_goal_taken_out_of_the_middle_leaves_the_others_their_ids() -> None:
    goals = tuple(Goal(number, f"{number}0 to 90 by March") for number in (1, 2, 3))
    view = edit_modal(replace(STRATEGY, goals=goals), PEOPLE[MAYA])
    form = read_strategy_form(submitted(view, goal_2=""), ref_of(view), STRATEGY)

    assert form.goals == (goals[0], goals[2])


def test_every_empty_field_says_what_it_needs() -> None:
    view = setup_modal()
    nothing: dict[str, Any] = {
        "leads": [],
        "zone": None,
        "working_days": [],
        "prompt_day": None,
        "digest_time": None,
    }
    with pytest.raises(FieldErrors) as refused:
        read_strategy_form(submitted(view, **nothing), ref_of(view), BLANK)

    errors = refused.value.errors
    assert set(errors) == {"name", "why", "goal_1", *nothing}
    assert all(sentence.endswith((".", "”.")) for sentence in errors.values())


def test_too_many_characters_are_counted_at_their_field() -> None:
    assert errors_of(why="x" * 3001) == {
        "why": "That is 3,001 characters, and I can keep 3,000. Please shorten it."
    }


@pytest.mark.parametrize("goal", ["More subscribers", "6,000 subscribers", "Subscribers by 31 March"])
def test_a_vague_goal_gets_an_example(goal: str) -> None:
    assert "For example: “Newsletter subscribers" in errors_of(goal_1=goal)["goal_1"]


def test_a_zone_that_is_not_common_is_offered_to_whoever_lives_there() -> None:
    caller = Person("T1", "U9", "Nuka", "America/Nuuk")
    view = setup_modal(caller, replace(BLANK, zone=caller.zone))

    assert_valid_view(view)
    assert read_strategy_form(submitted(view, **FILLED), ref_of(view), BLANK).zone == "America/Nuuk"


def test_two_reminders_at_one_time_are_refused_at_the_second() -> None:
    errors = errors_of(reminder_2_day="1", reminder_2_time="09:00")
    assert errors == {"reminder_2_day": "Two reminders are at the same time: move or remove one."}


def test_a_reminder_needs_a_time() -> None:
    assert errors_of(reminder_2_day="1", reminder_2_time=None) == {
        "reminder_2_time": "Choose a time, for example 09:00."
    }


def test_the_schedule_form_says_which_reminder_it_leaves_out() -> None:
    late = replace(DEFAULT_SCHEDULE, reminders=(WeeklyTime(2, time(10)),))
    view = schedules.schedule_modal(replace(STRATEGY, schedule=late), "{}")

    assert_valid_view(view)
    assert any("The reminder on Wednesday 10:00 is left out" in text for text, _ in texts_of(view["blocks"]))
    assert schedules.read_schedule_form(submitted(view)) == (late, "")


def test_a_schedule_without_reminders_reads_back() -> None:
    bare = Schedule(WeeklyTime(0, time(9)), (), WeeklyTime(2, time(11)))
    view = schedules.schedule_modal(replace(STRATEGY, schedule=bare), "{}")

    assert schedules.read_schedule_form(submitted(view)) == (bare, "")


@pytest.mark.parametrize("words", ["Plain", HOSTILE])
def test_every_message_fits_slack_and_mentions_nobody(words: str) -> None:
    person = replace(PEOPLE[MAYA], name=words[:60])
    strategy = replace(
        STRATEGY,
        name=words[:75],
        why=words[:3000],
        audience=words[:3000],
        difference=words[:3000],
        goals=tuple(Goal(number, words[:300]) for number in (1, 2, 3)),
    )
    initiatives = [replace(one, name=words[:75], due_moves=2) for one in INITIATIVES]
    status = messages.StrategyStatus(
        strategy,
        [*initiatives, replace(NEWSLETTER, status=Status.PAUSED)],
        {one.id: LastHealth(Health.OFF_TRACK, FIRST_WEEK) for one in initiatives},
        FIRST_WEEK.day(0),
        next_prompt=digest_time(FIRST_WEEK),
        next_digest=digest_time(FIRST_WEEK),
        schedule=DEFAULT_SCHEDULE,
        coming=(FIRST_WEEK, DEFAULT_SCHEDULE),
    )
    for message in (
        messages.announcement_message(strategy, [person]),
        messages.saved_message(strategy, [], ["why"]),
        messages.saved_message(strategy, initiatives, ["why"], with_missing=False),
        messages.status_message(status),
        messages.paused_notice(strategy, person),
        messages.resumed_notice(strategy, person, None, digest_time(FIRST_WEEK)),
        messages.resumed_notice(strategy, person, digest_time(FIRST_WEEK), digest_time(FIRST_WEEK)),
        notice(words[:500]),
        schedules.schedule_saved_message(strategy, DEFAULT_SCHEDULE, FIRST_WEEK),
    ):
        assert_valid_message(message)
    for view in (edit_modal(strategy, person), schedules.schedule_modal(strategy, "{}")):
        assert_valid_view(view)


def test_status_and_announcement_are_drawn_as_before() -> None:
    at = digest_time(FIRST_WEEK)
    last = {NEWSLETTER.id: LastHealth(Health.AT_RISK, FIRST_WEEK)}
    status = messages.StrategyStatus(STRATEGY, INITIATIVES[:2], last, at.date(), at, at, DEFAULT_SCHEDULE)

    assert_golden("strategy_status", messages.status_message(status))
    assert_golden("strategy_announcement", messages.announcement_message(STRATEGY, [PEOPLE[MAYA]]))
    assert_golden("strategy_saved", messages.saved_message(STRATEGY, [], ["why"]))

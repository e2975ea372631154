"""Editing success metrics: what changed is told, and a target that moved is no win."""

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.initiatives import SuccessMetric
from domain.success_metrics import is_won, metric_edits, with_history
from tests.support.harbor_lights import ANSWER_TIME, NEWSLETTER, OPEN_TO_CLICK, SUBSCRIBERS


def edited(metric: SuccessMetric, **changes: object) -> SuccessMetric:
    return with_history([replace(metric, **changes)], [metric])[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("metric", "value", "won"),
    [
        (SUBSCRIBERS, 6000, True),
        (SUBSCRIBERS, 5999, False),
        (edited(SUBSCRIBERS, target=Decimal(5000)), 5500, False),
        (edited(SUBSCRIBERS, target=Decimal(5000)), 6000, True),
        (edited(SUBSCRIBERS, target=Decimal(7000)), 6500, False),
        (edited(SUBSCRIBERS, target=Decimal(7000)), 7000, True),
        (edited(ANSWER_TIME, target=Decimal(30)), 25, False),
        (edited(ANSWER_TIME, target=Decimal(30)), 20, True),
    ],
)
def test_only_what_would_have_met_the_first_target_too_is_a_win(
    metric: SuccessMetric, value: int, won: bool
) -> None:
    assert is_won(metric, Decimal(value)) is won


def test_the_first_target_is_kept_however_often_it_moves_and_forgotten_when_it_is_back() -> None:
    once = edited(SUBSCRIBERS, target=Decimal(5000))
    twice = edited(once, target=Decimal(4500))
    assert (once.first_target, twice.first_target) == (Decimal(6000), Decimal(6000))
    assert edited(twice, target=Decimal(6000)).first_target is None


def test_minutes_are_another_metric_than_hours_and_a_better_word_is_the_same() -> None:
    assert edited(ANSWER_TIME, unit="min").id == 0
    assert edited(SUBSCRIBERS, unit="%").id == 0
    assert edited(ANSWER_TIME, unit="hours").id == ANSWER_TIME.id
    assert edited(SUBSCRIBERS, unit="readers").id == SUBSCRIBERS.id


def test_what_changed_of_metrics_is_told_and_a_new_name_of_the_initiative_is_not() -> None:
    assert metric_edits(NEWSLETTER, replace(NEWSLETTER, name="Letter")) == []
    [edit] = metric_edits(NEWSLETTER, replace(NEWSLETTER, metrics=(SUBSCRIBERS,)))
    assert (edit.before, edit.after) == ("Newsletter relaunch, open-to-click from 2.1% to 3.5%", "")
    renamed = replace(OPEN_TO_CLICK, name="clicks")
    [edit] = metric_edits(NEWSLETTER, replace(NEWSLETTER, metrics=(SUBSCRIBERS, renamed)))
    assert edit.after == "Newsletter relaunch, clicks from 2.1% to 3.5%"
    [edit] = metric_edits(replace(NEWSLETTER, metrics=(SUBSCRIBERS,)), NEWSLETTER)
    assert (edit.before, edit.after) == ("", "Newsletter relaunch, open-to-click from 2.1% to 3.5%")

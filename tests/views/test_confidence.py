"""The one question about chances as it is asked, in forms that Slack accepts, and the score as the review says it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from domain.confidence import BrierScore
from domain.initiatives import Initiative, metric_plan
from tests.support.block_kit import assert_valid_view
from tests.support.harbor_lights import NEWSLETTER, SUBSCRIBERS
from tests.views.test_check_ins import HOSTILE, asked, largest, prompt_of
from views.check_ins import forms, together
from views.confidence import Asked, confidence_blocks, confidence_lines

TODAY = date(2026, 11, 30)
SCORED = "Of {} targets whose day has passed, {}. The chances their owners gave them scored {}"
COST = replace(SUBSCRIBERS, id=9, name="Cost per giver", unit="£", baseline=Decimal(52), target=Decimal(38))


def about(initiative: Initiative, percent: int | None = None) -> Asked:
    metric = initiative.metrics[0]
    return Asked(metric, metric_plan(metric, initiative), percent, TODAY)


def label(initiative: Initiative) -> str:
    [block] = confidence_blocks(about(initiative))
    text: str = block["label"]["text"]
    return text


def test_it_is_asked_whether_at_least_or_at_most_that_comes_by_its_day() -> None:
    later = replace(NEWSLETTER, due=date(2027, 12, 31))
    assert label(NEWSLETTER) == "subscribers: how likely is 6,000 or more by 31 Mar?"
    assert (
        label(replace(NEWSLETTER, metrics=(COST,))) == "Cost per giver: how likely is £38 or less by 31 Mar?"
    )
    assert label(later) == "subscribers: how likely is 6,000 or more by 31 Dec 2027?"


def test_where_nothing_is_asked_the_form_is_as_in_any_other_week() -> None:
    prompt = prompt_of(asked())
    assert confidence_blocks(None) == []
    assert forms.update_modal(prompt, asked()) == forms.update_modal(prompt, asked(), asked=None)
    assert together.update_all_modal(prompt) == together.update_all_modal(prompt, {})


@pytest.mark.parametrize("words", HOSTILE)
def test_the_forms_with_it_are_ones_slack_accepts(words: str) -> None:
    prompt = largest(words)
    asking = {}
    lines = []
    for line in prompt.lines:
        metrics = tuple(
            replace(one, id=10 * line.initiative.id + one.id, name=(words * 20)[:75], unit=(words * 20)[:20])
            for one in line.initiative.metrics
        )
        shown = replace(line.initiative, metrics=metrics)
        lines.append(replace(line, initiative=shown))
        asking[shown.id] = about(shown, 70)
    prompt = replace(prompt, lines=tuple(lines))
    for view in (
        forms.update_modal(prompt, lines[0], asked=asking[lines[0].initiative.id]),
        together.update_all_modal(prompt, asking),
    ):
        assert_valid_view(view)
        assert "how likely is" in str(view)


@pytest.mark.parametrize(
    ("score", "lines"),
    [
        (
            BrierScore(10, 1, Fraction(1, 8), 3),
            [
                SCORED.format(10, "1 was met", "0.13")
                + "; the forecast gave 3 of 10 a chance and is compared from 10 on."
            ],
        ),
        (
            BrierScore(12, 8, Fraction(14, 100), 12, Fraction(14, 100), Fraction(19, 100)),
            [SCORED.format(12, "8 were met", "0.14") + ", the forecast’s 0.19."],
        ),
        (
            BrierScore(12, 8, Fraction(14, 100), 10, Fraction(12, 100), Fraction(19, 100)),
            [
                SCORED.format(12, "8 were met", "0.14") + ".",
                "Where the forecast gave one at the same time (10 of 12 targets): the owners’ 0.12, the forecast’s 0.19.",
            ],
        ),
    ],
)
def test_the_review_says_both_scores_for_the_same_targets(score: BrierScore, lines: list[str]) -> None:
    assert confidence_lines(score) == lines

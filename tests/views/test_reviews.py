"""Reviews as messages: within Slack's limits at any size, with all the numbers in words."""

from datetime import timedelta
from typing import Any

import pytest

from domain.reviews import ReviewMaterial, review_facts
from domain.strategies import review_ends
from tests.support.block_kit import assert_valid_message, texts_of
from tests.support.golden import assert_golden
from tests.support.reviews import largest, smallest, typical
from tests.views.test_digests import HOSTILE
from views.reviews.messages import review_details, review_message, review_preview
from views.slack.charts import without_charts


def read(payload: dict[str, Any]) -> str:
    return "\n".join(text for text, _ in texts_of(payload["blocks"]))


@pytest.mark.parametrize(("name", "made"), [("smallest", smallest()), ("typical", typical())])
def test_reviews_are_drawn_as_before(name: str, made: ReviewMaterial) -> None:
    facts = review_facts(made)
    ends_at = review_ends(made.rhythm.strategy, made.rhythm.at)
    drawn = {"message": review_message(facts, ends_at), "details": review_details(facts)}
    assert_golden(f"review_{name}", drawn)


@pytest.mark.parametrize("made", [smallest(), typical(), *map(largest, HOSTILE.values())])
def test_every_payload_is_one_slack_accepts(made: ReviewMaterial) -> None:
    facts = review_facts(made)
    ends_at = made.rhythm.at + timedelta(days=5)
    previews = [review_preview(facts, ends_at, is_decided=decided) for decided in (True, False)]
    for payload in (review_message(facts, ends_at), *previews, *review_details(facts)):
        assert_valid_message(payload)
        assert_valid_message({**payload, "blocks": without_charts(payload["blocks"])})


def test_charts_come_two_a_message_over_twelve_weeks_at_most() -> None:
    pages = review_details(review_facts(largest("x")))
    charts = [[b for b in page["blocks"] if b["type"] == "data_visualization"] for page in pages]

    assert [len(found) for found in charts if found] == [2, 2, 2]
    assert {len(chart["chart"]["axis_config"]["categories"]) for found in charts for chart in found} == {12}


def test_the_numbers_of_a_chart_are_in_the_fallback_text_and_in_the_thread() -> None:
    facts = review_facts(typical())
    message = review_message(facts, typical().rhythm.at)
    points = "W04 364 (364)"

    assert points in message["text"]
    assert points in read(review_details(facts)[0])
    assert "Answer time: No reading yet." in message["text"]
    assert "No reading in W51, W01 and W03: drawn at the reading before." in message["text"]
    assert "W05 364" not in message["text"]

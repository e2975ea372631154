"""Reviews as messages: within Slack's limits at any size, with all the numbers in words."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.errors import NotFound
from domain.reviews import ReviewMaterial, review_facts
from domain.strategies import review_ends
from tests.support.block_kit import assert_valid_message, assert_valid_view, texts_of
from tests.support.golden import assert_golden
from tests.support.harbor_lights import MAYA, PEOPLE, STRATEGY
from tests.support.reviews import kpi, largest, smallest, typical
from tests.views.test_digests import HOSTILE
from views.reviews.messages import review_details, review_message, review_preview
from views.reviews.reckoning import how_button, how_modal, read_how
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


def test_the_numbers_of_a_chart_are_in_words_in_the_thread() -> None:
    page, *_ = review_details(review_facts(typical()))
    for text in (read(page), page["text"]):
        assert "25 Jan 364 (364)" in text
        assert "No reading in the weeks of 14 Dec, 4 Jan and 18 Jan: drawn at the reading before." in text
        assert "1 Feb 364" not in text
    assert "No reading yet." in read(page)


def test_what_needs_an_owner_says_so_however_green_it_was() -> None:
    made = typical()
    left = replace(PEOPLE[MAYA], is_deactivated=True)
    made = replace(made, people={**made.people, MAYA: left})
    facts = review_facts(made)
    channel = read(review_message(facts, review_ends(STRATEGY, made.rhythm.at))).splitlines()
    page, *_ = review_details(facts)

    assert any("3 of 5 need attention" in line for line in channel)
    assert any(
        line.startswith(":large_green_circle: *Newsletter relaunch* (Maya, who left Slack): on track from ")
        and line.endswith(", needs an owner.")
        for line in channel
    )
    assert not any("*On track:*" in line and "Newsletter relaunch" in line for line in channel)
    runs = next(line for line in read(page).splitlines() if line.startswith("*Newsletter relaunch*"))
    assert runs.endswith("; needs an owner")


def test_a_charts_title_says_what_it_shows_and_of_what_is_too_long_the_name_is_cut() -> None:
    def titles(made: ReviewMaterial) -> list[str]:
        blocks = [block for page in review_details(review_facts(made)) for block in page["blocks"]]
        return [block["title"] for block in blocks if block["type"] == "data_visualization"]

    assert titles(typical()) == ["Monthly givers: 364, on pace", "Monthly givers: 401 to 438 by 31 Mar"]
    long = [kpi(1, "The givers of all ten districts and their seven schools")]
    made = typical()
    made = replace(
        made,
        rhythm=replace(
            made.rhythm, kpis=tuple(replace(k, readings=made.rhythm.kpis[0].readings) for k in long)
        ),
    )
    assert titles(made) == [
        "The givers of all ten districts and…: 364, on pace",
        "The givers of all ten distr…: 401 to 438 by 31 Mar",
    ]


def test_the_channel_reads_exceptions_first_and_each_fact_once() -> None:
    message = review_message(review_facts(typical()), review_ends(STRATEGY, typical().rhythm.at))
    assert message["text"].startswith(
        "Harbor Lights, review of February: 2 of 5 need attention, 1 of 2 KPIs keeps pace, 1 decision overdue, "
        "the leads decide by Tue 9 Feb.\n"
    )
    lines = read(message).splitlines()
    assert lines[2:7] == [
        "*Decisions overdue*",
        "• Who calls the pools?, due 29 Jan, with Maya Okafor",
        "*Needs attention*",
        ":large_yellow_circle: *Giver referral programme* (Ben): at risk from 1 Feb. Pledge form online was due 15 Jan (Ben).",
        ":red_circle: *Parents' question desk* (Priya): off track from 1 Feb. Due 31 Jan, overdue.",
    ]
    assert (
        "*On track:* Newsletter relaunch (Maya), Spring open-water days (Aroha), Lesson results page (Tom)"
        in lines[7]
    )
    assert "• *Answer time* outdated (no number yet)" in lines
    assert (
        "*Since the last review:* 1 decision taken, 1 decided by default, 1 skill asked for, 1 learning"
        in lines
    )
    assert "0 " not in lines[-6]


def test_how_a_score_comes_about_is_what_its_button_carries() -> None:
    health = review_facts(typical()).rhythm.health
    button = how_button(health)
    assert read_how(button["value"]) == health
    view = how_modal(health)
    assert_valid_view(view)
    assert "answered: 100% (20 of 20), weight 30" in read(view)


@pytest.mark.parametrize("carried", ["", "1/2", "1/2:1/1:0/0:3/6:6/5", "1/2:1/1:0/0:3/6:x/5", "1/2:" * 5])
def test_a_reckoning_that_no_button_carries_is_refused(carried: str) -> None:
    with pytest.raises(NotFound):
        read_how(carried)

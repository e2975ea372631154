"""What is shown of a number that is, or may be, a KPI and a success metric: valid blocks at any size, and right words."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.errors import FieldErrors
from domain.initiatives import Join
from domain.joins import Pair
from domain.kpis import KpiReading
from domain.pace import Point
from tests.support.block_kit import assert_valid_message, assert_valid_view
from tests.support.forms import submitted
from tests.support.harbor_lights import INITIATIVES, NEWSLETTER, STRATEGY, SUBSCRIBERS
from tests.views.test_kpis import HOSTILE, NOW, ON, SIX
from views.initiatives.forms import InitiativeDraft, MetricDraft, add_modal, edit_modal
from views.joins import (
    choose_modal,
    join_modal,
    joined_lines,
    offer_blocks,
    read_join_form,
    ref_of,
    with_offers,
)
from views.slack import blocks as b

SUBSCRIBED = replace(SIX[0], name="Newsletter subscribers", unit="", readings=())


def pair(days: int = 0, *, is_hostile: bool = False) -> Pair:
    """Read on so many days by both, who differ."""
    metric = replace(
        SUBSCRIBERS,
        name=HOSTILE if is_hostile else SUBSCRIBERS.name,
        readings=tuple(Point(ON - timedelta(days=n), Decimal(4310 + n)) for n in range(days, 0, -1)),
    )
    readings = tuple(
        KpiReading(n, 1, ON - timedelta(days=n), Decimal(4290), "csv", "", None, NOW)
        for n in range(days, 0, -1)
    )
    kpi = replace(SIX[0] if is_hostile else SUBSCRIBED, readings=readings)
    return Pair(replace(NEWSLETTER, metrics=(metric,)), metric, kpi)


@pytest.mark.parametrize("days", [0, 1, 60])
@pytest.mark.parametrize("is_hostile", [False, True])
def test_the_form_that_joins_is_valid(days: int, is_hostile: bool) -> None:
    one = pair(days, is_hostile=is_hostile)
    assert_valid_view(join_modal(one, ref_of(one, "C1", [one, one])))


def test_offers_are_valid_and_heard_apart() -> None:
    long, short = pair(is_hostile=True), pair()
    pairs = [
        replace(long, metric=replace(long.metric, id=8)),
        short,
        replace(short, initiative=INITIATIVES[1], metric=replace(short.metric, id=9)),
    ]
    assert_valid_message(with_offers(b.text_message("Saved."), pairs))
    assert with_offers(b.text_message("Saved."), []) == b.text_message("Saved.")
    labels = [
        element["accessibility_label"]
        for block in offer_blocks(pairs)
        for element in block.get("elements", ())
    ]
    assert "subscribers of Newsletter relaunch: one number…" in labels


def test_the_days_on_which_the_initiatives_value_is_right_are_read() -> None:
    one = pair(2)
    view = join_modal(one, ref_of(one))
    first, second = (point.on for point in one.metric.readings)
    chosen = {f"day.{first}": "metric", f"day.{second}": "kpi"}
    assert read_join_form(submitted(view, **chosen), one) == {first: one.metric.readings[0].value}
    with pytest.raises(FieldErrors):
        read_join_form(submitted(view, **{f"day.{first}": "metric"}), one)
    assert choose_modal([], "C1") is None


def test_the_form_of_an_initiative_suggests_a_kpi_of_like_name_and_chooses_none() -> None:
    draft = InitiativeDraft(metrics=(MetricDraft(name="subscribers"),))
    view = add_modal(STRATEGY, draft, "C1", ON, watched=[SUBSCRIBED, SIX[1]])
    assert_valid_view(view)
    [block] = (one for one in view["blocks"] if one.get("block_id") == "metric_1_kpi")
    assert "It looks like Newsletter subscribers." in block["hint"]["text"]
    assert block["element"]["initial_option"]["value"] == "0"
    assert_valid_view(add_modal(STRATEGY, draft, "C1", ON, watched=SIX))


def test_a_metric_that_is_a_kpi_says_so_wherever_it_is_shown_alone() -> None:
    metric = replace(SUBSCRIBERS, join=Join(SUBSCRIBED.id))
    initiative = replace(NEWSLETTER, metrics=(metric,))
    [block] = (
        one
        for one in edit_modal(STRATEGY, initiative, "C1", watched=[SUBSCRIBED])["blocks"]
        if one.get("block_id") == "metric_1_kpi"
    )
    assert block["element"]["initial_option"]["text"]["text"] == "Newsletter subscribers"
    assert joined_lines(initiative, [SUBSCRIBED]) == [
        "subscribers is the KPI Newsletter subscribers: a reading of either counts for both"
    ]
    assert joined_lines(NEWSLETTER, [SUBSCRIBED]) == []

"""The strategies that a channel had before."""

from dataclasses import replace
from datetime import UTC, datetime

from tests.support.block_kit import assert_valid_message
from tests.support.harbor_lights import STRATEGY
from views.quarters import former_message


def test_a_strategy_was_closed_on_the_day_it_was_in_its_zone() -> None:
    closed = replace(STRATEGY, id=2, zone="Pacific/Auckland", closed_at=datetime(2027, 3, 31, 20, tzinfo=UTC))

    told = former_message(STRATEGY, [closed])

    assert_valid_message(told)
    assert "closed 1 Apr 2027" in told["text"]

"""Reading what follows `/kpi update`."""

from decimal import Decimal

import pytest

from domain.kpis import Kpi
from domain.reading.kpis import UpdateLine, read_value_and_note, split_update
from tests.domain.kpis_to_read import ANSWER_TIME, COST, GIVERS, RETENTION

NAMES = ["Monthly givers", "Top 10 keywords", "Cost per new giver"]


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        ("Monthly givers 316 after the gala", "Monthly givers", "316 after the gala"),
        ("monthly 1 316", "monthly", "1 316"),
        ("cost £50", "cost", "£50"),
        ("Top 10 keywords 45", "Top 10 keywords", "45"),
        ("monthly givers 316 12 more than last week", "monthly givers", "316 12 more than last week"),
        ("Monthly givers", "Monthly givers", ""),
        ("top 10 keywords", "top 10 keywords", ""),
        ("nothing like it 5", "nothing like it", "5"),
        ("", "", ""),
    ],
)
def test_the_name_ends_where_the_number_begins(text: str, name: str, rest: str) -> None:
    assert split_update(text, NAMES) == UpdateLine(name, rest)


@pytest.mark.parametrize(
    ("kpi", "rest", "value", "note"),
    [
        (GIVERS, "316", "316", ""),
        (GIVERS, "1 316 after the gala", "1316", "after the gala"),
        (GIVERS, "4k", "4000", ""),
        (GIVERS, "316 12 more", "316", "12 more"),
        (GIVERS, "316 days were short", "316", "days were short"),
        (RETENTION, "61,5 % at last", "61.5", "at last"),
        (ANSWER_TIME, "19 hours on average", "19", "on average"),
        (COST, "50 GBP", "50", ""),
    ],
)
def test_a_number_is_read_as_far_as_it_goes_and_the_rest_is_a_note(
    kpi: Kpi, rest: str, value: str, note: str
) -> None:
    assert read_value_and_note(rest, kpi) == (Decimal(value), note)


@pytest.mark.parametrize(
    ("kpi", "rest"),
    [(GIVERS, "12 %"), (COST, "50 $"), (COST, "50 USD"), (ANSWER_TIME, "90 min"), (GIVERS, "12%")],
)
def test_another_unit_after_the_number_is_no_note(kpi: Kpi, rest: str) -> None:
    with pytest.raises(ValueError, match="This is kept"):
        read_value_and_note(rest, kpi)

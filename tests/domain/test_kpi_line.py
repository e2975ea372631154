"""Reading what follows `/kpi update`."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.kpis import Kpi
from domain.reading.kpis import UpdateLine, ValueLine, read_value_and_note, split_update
from tests.domain.kpis_to_read import ANSWER_TIME, COST, GIVERS, RETENTION

TODAY = date(2026, 11, 24)
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
    assert read_value_and_note(rest, kpi, TODAY) == ValueLine(Decimal(value), None, note)


@pytest.mark.parametrize(
    ("rest", "line"),
    [
        ("316 120 cards sent", ValueLine(Decimal(316), None, "120 cards sent")),
        ("0.3 k", ValueLine(Decimal(300), None, "")),
        ("0,3 Tsd. mehr nicht", ValueLine(Decimal(300), None, "mehr nicht")),
        ("316 on 20 Nov", ValueLine(Decimal(316), date(2026, 11, 20), "")),
        ("316 on 20 Nov after the gala", ValueLine(Decimal(316), date(2026, 11, 20), "after the gala")),
        ("316 as of Friday, gala", ValueLine(Decimal(316), date(2026, 11, 20), "gala")),
        ("316 yesterday", ValueLine(Decimal(316), date(2026, 11, 23), "")),
        ("316 on the way up", ValueLine(Decimal(316), None, "on the way up")),
    ],
)
def test_numbers_and_days_are_read_as_people_write_them(rest: str, line: ValueLine) -> None:
    assert read_value_and_note(rest, GIVERS, TODAY) == line


@pytest.mark.parametrize(
    ("rest", "value"), [("4.650", "4650"), ("4,65", "4.65"), ("4 650", "4650"), ("4.6 k", "4600")]
)
def test_a_point_parts_thousands_where_only_they_are_near_the_last_value(rest: str, value: str) -> None:
    thousands = replace(GIVERS, baseline=Decimal(4200), target=Decimal(6000))
    assert read_value_and_note(rest, thousands, TODAY) == ValueLine(Decimal(value), None, "")


def test_a_change_is_no_level_and_is_sent_back_with_the_level_it_may_mean() -> None:
    with pytest.raises(
        ValueError, match=r"“\+50” says how much it changed. Write where it stands now, such as 360."
    ):
        read_value_and_note("+50", GIVERS, TODAY)


@pytest.mark.parametrize(
    ("kpi", "rest"),
    [(GIVERS, "12 %"), (COST, "50 $"), (COST, "50 USD"), (ANSWER_TIME, "90 min"), (GIVERS, "12%")],
)
def test_another_unit_after_the_number_is_no_note(kpi: Kpi, rest: str) -> None:
    with pytest.raises(ValueError, match="This is kept"):
        read_value_and_note(rest, kpi, TODAY)

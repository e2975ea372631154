"""Reading what follows `/kpi update`."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.kpis import Kpi
from domain.reading.dates import read_past_day
from domain.reading.kpis import UpdateLine, ValueLine, find_named, read_value_and_note, split_update
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
        ("Monthly givers: 316", "Monthly givers", "316"),
        ("monthly givers on 20 Nov 316", "monthly givers", "on 20 Nov 316"),
        ("monthly as of Fri 20 Nov: 316", "monthly", "as of Fri 20 Nov: 316"),
        ("Monthly givers 20.11.: 316", "Monthly givers", "20.11.: 316"),
        ("Monthly givers yesterday 316", "Monthly givers", "yesterday 316"),
        ("Top 10 keywords for October 45", "Top 10 keywords", "for October 45"),
        ("", "", ""),
    ],
)
def test_the_name_ends_where_the_number_begins(text: str, name: str, rest: str) -> None:
    assert split_update(text, NAMES, TODAY) == UpdateLine(name, rest)


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
        ("on 20 Nov 316", ValueLine(Decimal(316), date(2026, 11, 20), "")),
        ("on 20 Nov 2026 316 after the gala", ValueLine(Decimal(316), date(2026, 11, 20), "after the gala")),
        ("as of Fri 20 Nov: 316", ValueLine(Decimal(316), date(2026, 11, 20), "")),
        ("20.11.: 316", ValueLine(Decimal(316), date(2026, 11, 20), "")),
        ("2026-11-20 316", ValueLine(Decimal(316), date(2026, 11, 20), "")),
        ("Friday 316 on the way up", ValueLine(Decimal(316), date(2026, 11, 20), "on the way up")),
        ("yesterday 316", ValueLine(Decimal(316), date(2026, 11, 23), "")),
        ("316 (20 Nov)", ValueLine(Decimal(316), date(2026, 11, 20), "")),
        ("316, 20 Nov 2026", ValueLine(Decimal(316), date(2026, 11, 20), "")),
        ("316 4 days ago", ValueLine(Decimal(316), date(2026, 11, 20), "")),
        ("for October 316", ValueLine(Decimal(316), date(2026, 10, 31), "")),
        ("for November 316", ValueLine(Decimal(316), date(2026, 11, 24), "")),
        ("316 days were short", ValueLine(Decimal(316), None, "days were short")),
        ("316 on 5 Jan", ValueLine(Decimal(316), date(2026, 1, 5), "")),
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


def test_a_day_with_what_may_be_its_year_or_the_number_is_sent_back() -> None:
    with pytest.raises(ValueError, match="Is 2025 the number, or the year of the day"):
        read_value_and_note("on 20 Nov 2025", GIVERS, TODAY)


def test_a_day_to_come_stays_one_to_come() -> None:
    for words in ("tomorrow", "in 6 weeks", "next Friday", "next month"):
        assert read_past_day(words, TODAY) > TODAY


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


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("givers", "Monthly givers"),
        ("giver", "Monthly givers"),
        ("Giver’s", None),
        ("retention", "Donor retention"),
        ("new givers", None),
        ("givers in Leeds", None),
        ("subscribers", None),
        ("monthly", None),
        ("", None),
    ],
)
def test_a_kpi_is_known_by_the_words_that_plainly_mean_it_alone(typed: str, name: str | None) -> None:
    kpis = [
        GIVERS,
        COST,
        RETENTION,
        replace(ANSWER_TIME, name="Newsletter subscribers", unit=""),
        replace(COST, name="Podcast subscribers"),
    ]
    found = find_named(typed, kpis)
    assert (kpis[found].name if found is not None else None) == name

from datetime import date
from decimal import Decimal

import pytest

from domain.reading.initiatives import InitiativeLine, MetricLine, read_line

TODAY = date(2026, 11, 20)  # a Friday
MARCH = date(2027, 3, 31)
NOV = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Newsletter relaunch @ben by 31 March",
            InitiativeLine("Newsletter relaunch", None, "ben", None, MARCH),
        ),
        (
            "Newsletter relaunch <@U123|ben> by 31 March",
            InitiativeLine("Newsletter relaunch", "U123", "ben", None, MARCH),
        ),
        ("<@U123> Newsletter relaunch", InitiativeLine("Newsletter relaunch", "U123")),
        (
            "Newsletter relaunch by 31 Mar 2027 <@W12AB>",
            InitiativeLine("Newsletter relaunch", "W12AB", None, None, MARCH),
        ),
        ("Newsletter relaunch due 2027-03-31", InitiativeLine("Newsletter relaunch", due=MARCH)),
        ("Newsletter relaunch, until March 31", InitiativeLine("Newsletter relaunch", due=MARCH)),
        ("Newsletter relaunch by Wednesday", InitiativeLine("Newsletter relaunch", due=date(2026, 11, 25))),
        (
            "Newsletter relaunch by next Friday.",
            InitiativeLine("Newsletter relaunch", due=date(2026, 11, 27)),
        ),
        ("Newsletter relaunch from 23 Nov", InitiativeLine("Newsletter relaunch", start=NOV)),
        ("Newsletter from 23 Nov to 31 March @ben", InitiativeLine("Newsletter", None, "ben", NOV, MARCH)),
        ("Newsletter @ben from 23 Nov by 31 March", InitiativeLine("Newsletter", None, "ben", NOV, MARCH)),
        ("Newsletter by 31 March from 23 Nov", InitiativeLine("Newsletter", start=NOV, due=MARCH)),
        ("Newsletter by the 31st of March", InitiativeLine("Newsletter", due=MARCH)),
        (
            "Newsletter from 1 Feb by 31 Jan",
            InitiativeLine("Newsletter", None, None, date(2027, 2, 1), date(2028, 1, 31)),
        ),
        ("Stand by me", InitiativeLine("Stand by me")),
        ("Stand by me by 31 March", InitiativeLine("Stand by me", due=MARCH)),
        ("From harbor to sea", InitiativeLine("From harbor to sea")),
        ("Newsletter by 30 February", InitiativeLine("Newsletter", unread=("by 30 February",))),
        ("Newsletter relaunch by end of March", InitiativeLine("Newsletter relaunch", due=MARCH)),
        (
            "Newsletter relaunch by the end of March @ben",
            InitiativeLine("Newsletter relaunch", None, "ben", due=MARCH),
        ),
        ("Newsletter relaunch by Q1", InitiativeLine("Newsletter relaunch", due=MARCH)),
        ("Newsletter relaunch by EOY", InitiativeLine("Newsletter relaunch", due=date(2026, 12, 31))),
        ("Newsletter relaunch due 31.03.27", InitiativeLine("Newsletter relaunch", due=MARCH)),
        ("Newsletter relaunch in 6 weeks", InitiativeLine("Newsletter relaunch", due=date(2027, 1, 1))),
        ("Newsletter from January to March", InitiativeLine("Newsletter", start=date(2027, 1, 1), due=MARCH)),
        (
            "Newsletter relaunch @ben by 31 March, subscribers 4,200→6,000, £1,200",
            InitiativeLine(
                "Newsletter relaunch",
                None,
                "ben",
                due=MARCH,
                metrics=(MetricLine("subscribers", "", Decimal(4200), Decimal(6000)),),
                budget="£1,200",
            ),
        ),
        (
            "Ads, cost per lead £38 to £30, 3 people, by 32 March",
            InitiativeLine(
                "Ads",
                metrics=(MetricLine("cost per lead", "£", Decimal(38), Decimal(30)),),
                unread=("by 32 March", "3 people"),
            ),
        ),
        ("Research, write, ship", InitiativeLine("Research, write, ship")),
        ("R&amp;D days", InitiativeLine("R&D days")),
        ("Ask a@b.org things", InitiativeLine("Ask a@b.org things")),
        ("Pair <@U1|ana> and <@U2|ben>", InitiativeLine("Pair and @ben", "U1", "ana")),
        ("Newsletter owner @ben", InitiativeLine("Newsletter", None, "ben")),
        ("“Lesson results page” @maya.okafor,", InitiativeLine("Lesson results page", None, "maya.okafor")),
        ("ימים פתוחים 🏊 by 31 March", InitiativeLine("ימים פתוחים 🏊", due=MARCH)),
        ("", InitiativeLine("")),
    ],
)
def test_a_line_is_read_into_name_owner_and_dates(text: str, expected: InitiativeLine) -> None:
    assert read_line(text, TODAY) == expected

from datetime import date

import pytest

from domain.reading.initiatives import InitiativeLine, read_line

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
        ("Newsletter by 30 February", InitiativeLine("Newsletter by 30 February")),
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

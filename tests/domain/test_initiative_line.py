from datetime import date
from decimal import Decimal

import pytest

from domain.drafts import DraftInitiative, DraftMetric, Whom
from domain.reading.initiatives import read_line

TODAY = date(2026, 11, 20)  # a Friday
MARCH = date(2027, 3, 31)
NOV = date(2026, 11, 23)


Line = tuple[DraftInitiative, tuple[str, ...]]


def line(
    name: str,
    owner_id: str | None = None,
    handle: str | None = None,
    start: date | None = None,
    due: date | None = None,
    metrics: tuple[DraftMetric, ...] = (),
    budget: str = "",
    may_decide: str = "",
    unread: tuple[str, ...] = (),
) -> Line:
    owner = Whom(f"@{handle or owner_id}", owner_id, handle) if handle or owner_id else None
    item = DraftInitiative(
        name, owner, start=start, due=due, metrics=metrics, budget=budget, may_decide=may_decide
    )
    return item, unread


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Newsletter relaunch @ben by 31 March",
            line("Newsletter relaunch", None, "ben", None, MARCH),
        ),
        (
            "Newsletter relaunch <@U123|ben> by 31 March",
            line("Newsletter relaunch", "U123", "ben", None, MARCH),
        ),
        ("<@U123> Newsletter relaunch", line("Newsletter relaunch", "U123")),
        (
            "Newsletter relaunch by 31 Mar 2027 <@W12AB>",
            line("Newsletter relaunch", "W12AB", None, None, MARCH),
        ),
        ("Newsletter relaunch due 2027-03-31", line("Newsletter relaunch", due=MARCH)),
        ("Newsletter relaunch, until March 31", line("Newsletter relaunch", due=MARCH)),
        ("Newsletter relaunch by Wednesday", line("Newsletter relaunch", due=date(2026, 11, 25))),
        (
            "Newsletter relaunch by next Friday.",
            line("Newsletter relaunch", due=date(2026, 11, 27)),
        ),
        ("Newsletter relaunch from 23 Nov", line("Newsletter relaunch", start=NOV)),
        ("Newsletter from 23 Nov to 31 March @ben", line("Newsletter", None, "ben", NOV, MARCH)),
        ("Newsletter @ben from 23 Nov by 31 March", line("Newsletter", None, "ben", NOV, MARCH)),
        ("Newsletter by 31 March from 23 Nov", line("Newsletter", start=NOV, due=MARCH)),
        ("Newsletter by the 31st of March", line("Newsletter", due=MARCH)),
        (
            "Newsletter from 1 Feb by 31 Jan",
            line("Newsletter", None, None, date(2027, 2, 1), date(2028, 1, 31)),
        ),
        ("Stand by me", line("Stand by me")),
        ("Stand by me by 31 March", line("Stand by me", due=MARCH)),
        ("From harbor to sea", line("From harbor to sea")),
        ("Newsletter by 30 February", line("Newsletter", unread=("by 30 February",))),
        ("Newsletter relaunch by end of March", line("Newsletter relaunch", due=MARCH)),
        (
            "Newsletter relaunch by the end of March @ben",
            line("Newsletter relaunch", None, "ben", due=MARCH),
        ),
        ("Newsletter relaunch by Q1", line("Newsletter relaunch", due=MARCH)),
        ("Newsletter relaunch by EOY", line("Newsletter relaunch", due=date(2026, 12, 31))),
        ("Newsletter relaunch due 31.03.27", line("Newsletter relaunch", due=MARCH)),
        ("Newsletter relaunch in 6 weeks", line("Newsletter relaunch", due=date(2027, 1, 1))),
        ("Newsletter from January to March", line("Newsletter", start=date(2027, 1, 1), due=MARCH)),
        (
            "Newsletter relaunch @ben by 31 March, subscribers 4,200→6,000, £1,200",
            line(
                "Newsletter relaunch",
                None,
                "ben",
                due=MARCH,
                metrics=(DraftMetric("subscribers", "", Decimal(4200), Decimal(6000)),),
                budget="£1,200",
            ),
        ),
        (
            "Ads, cost per lead £38 to £30, 3 people, by 32 March",
            line(
                "Ads",
                metrics=(DraftMetric("cost per lead", "£", Decimal(38), Decimal(30)),),
                unread=("3 people", "by 32 March"),
            ),
        ),
        (
            "Newsletter relaunch @maya by 31 March, subscribers 4,200→6,000, £1,200, decides subject and layout",
            line(
                "Newsletter relaunch",
                handle="maya",
                due=MARCH,
                metrics=(DraftMetric("subscribers", "", Decimal(4200), Decimal(6000)),),
                budget="£1,200",
                may_decide="subject and layout",
            ),
        ),
        (
            "Newsletter by 31 March, decides subject, layout and send days, budget 1.200 €",
            line("Newsletter", due=MARCH, budget="1.200 €", may_decide="subject, layout and send days"),
        ),
        ("Newsletter by 31 March or 15 April", line("Newsletter", unread=("by 31 March or 15 April",))),
        (
            "Newsletter (was 3 April, now 10 April)",
            line("Newsletter", unread=("(was 3 April, now 10 April)",)),
        ),
        ("Newsletter, £4k–6k, tbd", line("Newsletter", unread=("£4k–6k", "tbd"))),
        ("R&amp;D, answer time &lt; 20 h", line("R&D", unread=("answer time < 20 h",))),
        ("Research, write, ship", line("Research, write, ship")),
        ("R&amp;D days", line("R&D days")),
        ("Ask a@b.org things", line("Ask a@b.org things")),
        ("Pair <@U1|ana> and <@U2|ben>", line("Pair", "U1", "ana", unread=("and @ben",))),
        ("Newsletter owner @ben", line("Newsletter", None, "ben")),
        ("“Lesson results page” @maya.okafor,", line("Lesson results page", None, "maya.okafor")),
        ("ימים פתוחים 🏊 by 31 March", line("ימים פתוחים 🏊", due=MARCH)),
        ("", line("")),
    ],
)
def test_a_line_is_read_into_name_owner_and_dates(text: str, expected: Line) -> None:
    assert read_line(text, TODAY) == expected

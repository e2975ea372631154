"""Reading what follows `/kpi add`."""

from datetime import date
from decimal import Decimal

import pytest

from domain.drafts import DraftKpi, Whom
from domain.kpis import Cadence, Direction
from domain.reading.kpis import read_kpi_line

TODAY = date(2026, 11, 26)  # a Thursday
MARCH = date(2027, 3, 31)
UP, DOWN, ABOVE, BELOW = (
    Direction.INCREASE_TO,
    Direction.DECREASE_TO,
    Direction.STAY_ABOVE,
    Direction.STAY_BELOW,
)
BEN = Whom("@ben", None, "ben")


def kpi(
    name: str,
    unit: str = "",
    low: str = "",
    high: str = "",
    way: Direction | None = None,
    *,
    due: date | None = None,
    owner: Whom | None = None,
    cadence: Cadence | None = None,
) -> DraftKpi:
    baseline, target = (Decimal(one) if one else None for one in (low, high))
    return DraftKpi(name, unit, baseline, target, way, due=due, owner=owner, cadence=cadence)


@pytest.mark.parametrize(
    ("text", "expected", "unread"),
    [
        (
            "Cost per new giver £52→£38 by 31 March @ben monthly",
            kpi("Cost per new giver", "£", "52", "38", DOWN, due=MARCH, owner=BEN, cadence=Cadence.MONTHLY),
            (),
        ),
        (
            "Cost per new giver, <@U1|ben>, £52 to £38, every month, by 31 March",
            kpi(
                "Cost per new giver", "£", "52", "38", DOWN,
                due=MARCH, owner=Whom("@ben", "U1", "ben"), cadence=Cadence.MONTHLY,
            ),
            (),
        ),
        ("Donor retention stay above 62% @ben", kpi("Donor retention", "%", "", "62", ABOVE, owner=BEN), ()),
        ("Answer time under 24 h", kpi("Answer time", "h", "", "24", BELOW), ()),
        ("Answer time &lt; 24 h", kpi("Answer time", "h", "", "24", BELOW), ()),
        ("Monthly givers increase to 420 from 310", kpi("Monthly givers", "", "310", "420", UP), ()),
        ("Sign-ups, 95 a month → 140 a month", kpi("Sign-ups a month", "", "95", "140", UP), ()),
        ("Spenden 4.200 € → 6.000 € bis 31.3. monatlich", kpi("Spenden", "€", "4200", "6000", UP, due=MARCH, cadence=Cadence.MONTHLY), ()),
        ("Monthly givers", kpi("Monthly givers"), ()),
        ("", kpi(""), ()),
        ("Open rate 1.250→1.500", kpi("Open rate"), ("1.250→1.500",)),
        ("Givers 4→6k by 31 March", kpi("Givers", due=MARCH), ("4→6k",)),
        ("Cost £52→€38", kpi("Cost"), ("£52→€38",)),
        ("Givers 310→420, quarterly, £500", kpi("Givers", "", "310", "420", UP), ("quarterly", "£500")),
        ("Givers 310→420, from 1 Feb", kpi("Givers", "", "310", "420", UP), ("from 1 Feb",)),
    ],
)  # fmt: skip
def test_a_line_is_read_into_a_kpi(text: str, expected: DraftKpi, unread: tuple[str, ...]) -> None:
    assert read_kpi_line(text, TODAY) == (expected, unread)

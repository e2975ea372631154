"""Reading what follows `/initiative milestone`."""

from datetime import date

import pytest

from domain.reading.milestones import MilestoneLine, read_milestone_line

TODAY = date(2026, 11, 24)
NAMES = ["Newsletter relaunch", "Spring open-water days"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("newsletter", MilestoneLine("newsletter")),
        ("Nothing like it 5", MilestoneLine("Nothing like it 5")),
        ("", MilestoneLine("")),
        (
            "newsletter First issue 15 Jan <@U0INES|ines>",
            MilestoneLine("newsletter", "First issue", "U0INES", date(2027, 1, 15)),
        ),
        ("Newsletter relaunch: First issue, 15 Jan", MilestoneLine("Newsletter relaunch", "First issue", None, date(2027, 1, 15))),
        ("spring Dates fixed by end of March", MilestoneLine("spring", "Dates fixed", None, date(2027, 3, 31))),
        ("spring Dates fixed in 6 weeks", MilestoneLine("spring", "Dates fixed", None, date(2027, 1, 5))),
        ("spring Dates fixed on 24.12.", MilestoneLine("spring", "Dates fixed", None, date(2026, 12, 24))),
        ("spring Dates fixed next Friday", MilestoneLine("spring", "Dates fixed", None, date(2026, 12, 4))),
        ("spring Dates fixed by 30 February", MilestoneLine("spring", "Dates fixed", unread=("by 30 February",))),
        ("spring Dates fixed @ines", MilestoneLine("spring", "Dates fixed", unread=("@ines",), names_another=True)),
        ("spring Dates for 12 pools", MilestoneLine("spring", "Dates for 12 pools")),
    ],
)  # fmt: skip
def test_a_milestone_is_read_with_its_day_and_person(text: str, line: MilestoneLine) -> None:
    assert read_milestone_line(text, NAMES, TODAY) == line

"""Which country a zone lies in."""

import pytest

from domain.zones import country_of


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/London", "GB"),
        ("Pacific/Auckland", "NZ"),
        ("America/Los_Angeles", "US"),
        ("Asia/Kolkata", "IN"),
        ("UTC", None),
        ("CET", None),
    ],
)
def test_a_zone_tells_its_country_only_where_it_lies_in_one(zone: str, country: str | None) -> None:
    assert country_of(zone) == country

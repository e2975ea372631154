"""Which time zones there are, and which country one lies in."""

from functools import cache
from importlib.resources import files
from zoneinfo import available_timezones


@cache
def known_zones() -> frozenset[str]:
    """Every zone of this machine: people's own are offered, too."""
    return frozenset(available_timezones())


def country_of(zone: str) -> str | None:
    """ISO 3166-1 alpha-2; None where the time zone database names no single country, as for "UTC"."""
    return _countries().get(zone)


@cache
def _countries() -> dict[str, str]:
    """By zone, from the table that comes with the zones themselves (its lines: country, coordinates, zone, note)."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8")
    lines = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return {line[2]: line[0] for line in lines}

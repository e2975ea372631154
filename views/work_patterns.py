"""The working days and the place of a person or a strategy, in any form that asks for them."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from domain.absences import MONDAY_TO_FRIDAY, WorkPattern, list_countries, list_parts
from domain.schedules import DAY_NAMES
from views.slack import blocks as b
from views.slack.fields import FormReader

COUNTRY = "country"
COUNTRY_CHOSEN = "country.chosen"
WORKING_DAYS = "working_days"

_NOWHERE = "none"
_DAYS = tuple(str(number) for number in range(len(DAY_NAMES)))


def place_blocks(pattern: WorkPattern, *, label: str = "Country") -> list[b.Block]:
    """The country, and its part where it has some: those follow once a country is chosen (`with_parts`)."""
    nowhere = ("Nowhere", [("Nowhere: public holidays do not count", _NOWHERE)])
    countries = b.grouped_select([nowhere, *_by_letter(list_countries())], pattern.country or _NOWHERE)
    country = b.input_block(
        label,
        {**countries, "action_id": COUNTRY_CHOSEN},
        block_id=COUNTRY,
        hint="Nobody is asked or reminded on its public holidays. Each person can choose their own: /rhythm away.",
        optional=True,
        dispatch=True,
    )
    return [country, *_parts(pattern.country, pattern.subdivision)]


def with_parts(blocks: Sequence[Mapping[str, Any]], country: str) -> list[b.Block]:
    """The blocks of an open form once a country was chosen: its parts, if it has any, in place of another's."""
    kept = [dict(block) for block in blocks if not str(block.get("block_id", "")).startswith(_part_field(""))]
    at = next((i for i, block in enumerate(kept) if block.get("block_id") == COUNTRY), len(kept) - 1)
    return [*kept[: at + 1], *_parts(country, None), *kept[at + 1 :]]


def working_days_input(initial: frozenset[int], *, label: str = "Working days") -> b.Block:
    days = [(name, str(number)) for number, name in enumerate(DAY_NAMES)]
    return b.input_block(label, b.checkboxes(days, map(str, initial)), block_id=WORKING_DAYS)


def read_work_pattern(reading: FormReader) -> WorkPattern:
    chosen = reading.choices(WORKING_DAYS, _DAYS)
    if not chosen:
        reading.refuse(WORKING_DAYS, "Choose at least one working day.")
    days = frozenset(map(int, chosen)) or MONDAY_TO_FRIDAY
    country = reading.choice(COUNTRY, {_NOWHERE, *(code for code, _ in list_countries())})
    if country is None or country == _NOWHERE:
        return WorkPattern(days)
    return WorkPattern(days, country, reading.choice(_part_field(country), dict(list_parts(country))))


def _by_letter(places: Sequence[tuple[str, str]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """More than a hundred do not fit into one list (Italy has 114 parts)."""
    pairs = [(name, code) for code, name in places]
    return [(letter, list(group)) for letter, group in groupby(pairs, key=lambda pair: pair[0][0])]


def _parts(country: str | None, chosen: str | None) -> list[b.Block]:
    parts = list_parts(country) if country and country != _NOWHERE else []
    if country is None or not parts:
        return []
    select = b.grouped_select(_by_letter(parts), chosen, placeholder="Only the holidays of the whole country")
    part = b.input_block(
        "Part of the country",
        select,
        block_id=_part_field(country),
        hint="Its own public holidays count, too.",
        optional=True,
    )
    return [part]


def _part_field(country: str) -> str:
    """A field of its own for each country: Slack keeps what was chosen in a field of the same name."""
    return f"part:{country}"

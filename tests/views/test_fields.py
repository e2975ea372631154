"""Forms that are saved after what they show has changed."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.support.forms import submitted
from views.slack import blocks as b
from views.slack.fields import on_what_stands, untouched

Json = dict[str, Any]


def view(
    words: str = "Old", option: str = "a", options: Sequence[str] = ("x",), person: str = "U1", day: str = ""
) -> Json:
    elements: dict[str, Json] = {
        "words": {"type": "plain_text_input", "initial_value": words},
        "option": {"type": "static_select", "initial_option": {"value": option, "text": b.plain(option, 75)}},
        "options": {"type": "checkboxes", "initial_options": [{"value": one} for one in options]},
        "person": {"type": "users_select", "initial_user": person},
        "day": {"type": "datepicker", **({"initial_date": day} if day else {})},
    }
    return {
        "blocks": [{"type": "input", "block_id": id_, "element": one} for id_, one in elements.items()]
        + [{"type": "divider"}]
    }


CHANGED = {
    "words": "New",
    "option": "b",
    "options": ["y"],
    "person": "U2",
    "day": "2027-01-05",
}


def test_a_form_saved_as_it_was_opened_is_untouched() -> None:
    opened = view()
    assert untouched(opened, submitted(opened)) == CHANGED.keys()
    assert untouched({}, submitted(opened)) == frozenset()


@pytest.mark.parametrize("field", CHANGED)
def test_what_somebody_filled_in_stays_and_the_rest_is_what_stands_now(field: str) -> None:
    opened, fresh = view(), view("Now", "c", ("z",), "U3", "2027-02-02")
    filled = submitted(opened, **{field: CHANGED[field]})

    merged = on_what_stands(opened, filled, fresh)
    assert untouched(opened, filled) == CHANGED.keys() - {field}
    assert merged[field] == filled[field]
    assert untouched(fresh, merged) == CHANGED.keys() - {field}


def test_what_a_form_offers_stays_where_nothing_stands() -> None:
    opened = view(words="A reason that is known")
    assert on_what_stands(opened, submitted(opened), view(words=" "))["words"]["value"] == (
        "A reason that is known"
    )

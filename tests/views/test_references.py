"""What comes back from buttons and forms is read strictly, whatever it is."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import FieldErrors, NotFound
from domain.healths import Health
from views.readings import ReadingRef, read_reference
from views.slack.fields import FormReader, State, day_of, people_of, person_of, time_of
from views.slack.references import MOST, read_id, read_number, read_slack_id, read_two_ids

READERS: tuple[Callable[[str], object], ...] = (
    read_id,
    read_two_ids,
    read_reference,
    read_slack_id,
    ReadingRef.read,
    lambda text: read_number(text, 99),
)


@given(st.text() | st.from_regex(r"[0-9:{}\"a-z_]{0,60}", fullmatch=True))
def test_whatever_is_sent_is_read_or_refused_in_a_sentence(text: str) -> None:
    for read in READERS:
        with suppress(NotFound):
            read(text)


@given(st.integers(min_value=1, max_value=MOST), st.integers(min_value=1, max_value=MOST))
def test_ids_read_back_as_they_were_written(first: int, second: int) -> None:
    assert read_id(str(first)) == first
    assert read_two_ids(f"{first}:{second}") == (first, second)
    assert (
        ReadingRef.read(ReadingRef(kpi_id=first, check_in_id=second).model_dump_json()).check_in_id == second
    )


@pytest.mark.parametrize(
    "text", ["", "0", "-1", "+1", " 1", "1\n", "1_0", "１", "1.0", str(MOST + 1), "9" * 5000]
)
def test_what_is_no_id_of_ours_is_refused(text: str) -> None:
    with pytest.raises(NotFound):
        read_id(text)


@pytest.mark.parametrize(
    "text", ['{"kpi_id":"1"}', '{"kpi_id":1.0}', '{"kpi_id":true}', '{"kpi_id":0}', "[]", "1"]
)
def test_a_reference_takes_whole_numbers_only(text: str) -> None:
    with pytest.raises(NotFound):
        ReadingRef.read(text)


def test_only_what_was_offered_is_chosen() -> None:
    reader = FormReader({"health": {"selected_option": {"value": "splendid"}}, "days": {}})
    assert reader.choice("health", set(Health)) is None
    assert reader.choices("days", {"1"}) == ()
    with pytest.raises(FieldErrors) as refused:
        reader.finish()
    assert refused.value.errors == {"health": "This is not among the choices. Please choose again."}


def test_a_picker_gives_a_day_a_time_or_a_person_and_nothing_else() -> None:
    state = {"day": {"selected_date": "2026-12-01"}, "bad": {"selected_date": "x", "selected_time": "25:00"}}
    assert day_of(state, "day") == date(2026, 12, 1)
    who: State = {"one": {"selected_user": "<@U1>"}, "some": {"selected_users": ["U1", "u1"]}}
    for read in (
        lambda: day_of(state, "bad"),
        lambda: time_of(state, "bad"),
        lambda: person_of(who, "one"),
        lambda: people_of(who, "some"),
    ):
        with pytest.raises(NotFound):
            read()

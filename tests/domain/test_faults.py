"""A fault in the log: its kind and its place, and nothing of what people wrote."""

import pytest
from sqlalchemy.exc import OperationalError

from domain.faults import kind_and_place, kind_of


def test_a_fault_is_told_by_its_kind_and_the_lines_it_passed_without_its_text() -> None:
    def read(words: str) -> None:
        raise ValueError(words)

    with pytest.raises(ValueError) as fault:
        read("Maya is being replaced")
    told = kind_and_place(fault.value)
    assert told["kind"] == "ValueError"
    assert [place.rpartition("/")[2].partition(":")[0] for place in told["at"]] == ["test_faults.py"] * 2
    assert "replaced" not in str(told)


def test_only_the_last_lines_are_told_however_deep_a_fault_was() -> None:
    def dive(depth: int) -> None:
        if depth == 0:
            raise RecursionError
        dive(depth - 1)

    with pytest.raises(RecursionError) as fault:
        dive(50)
    assert len(kind_and_place(fault.value)["at"]) == 4


def test_of_a_database_fault_the_drivers_own_kind_is_told_too() -> None:
    assert kind_of(OperationalError("SELECT 1", {}, TimeoutError())) == "OperationalError, TimeoutError"

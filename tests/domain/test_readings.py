"""Which values are asked about before they are believed."""

from decimal import Decimal

import pytest

from domain.readings import Before, is_plausible, question


def before(*values: int, target: int | None = None) -> Before:
    read = tuple(map(Decimal, values))
    return Before(read[-1], Decimal(target) if target is not None else None, read)


@pytest.mark.parametrize(
    ("value", "plausible"),
    [("840", True), ("839.9", False), ("21000", True), ("21000.1", False), ("0", False)],
)
def test_a_value_may_be_a_fifth_to_five_times_the_last(value: str, *, plausible: bool) -> None:
    assert is_plausible(Decimal(value), before(4200)) is plausible


@pytest.mark.parametrize(("value", "plausible"), [("1200", True), ("-1200", True), ("1201", False)])
def test_from_nothing_a_value_may_go_to_twice_the_target(value: str, *, plausible: bool) -> None:
    assert is_plausible(Decimal(value), before(0, target=600)) is plausible


@pytest.mark.parametrize(("value", "plausible"), [(4540, True), (4541, False), (3740, True), (3739, False)])
def test_a_value_may_be_ten_usual_steps_from_the_last(value: int, *, plausible: bool) -> None:
    """The median of the changes 20, 40, 40 and 100 is 40; a week without a change is none."""
    known = before(3940, 3960, 4000, 4000, 4040, 4140)
    assert is_plausible(Decimal(value), known) is plausible


def test_the_usual_step_is_unknown_before_four_changes() -> None:
    assert is_plausible(Decimal(8000), before(4000, 4010, 4010, 4020, 4030))


def test_where_nothing_is_known_nothing_is_asked() -> None:
    assert question("subscribers", "", Decimal(46500), Before(None)) is None


def test_the_question_names_both_values() -> None:
    asked = question("subscribers", "", Decimal(46500), before(4310))
    assert asked == "subscribers 46,500, was 4,310: is that right?"

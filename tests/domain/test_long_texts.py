"""What reads people's words takes time in proportion to their length, whatever they are: nobody makes others wait.

The square of the length would make ten times the text take a hundred times as long, and 40,000 characters some
seconds. So only what takes long at all is compared with a tenth of it, by time of this process's processor and the
fastest of several runs: a busy machine changes little. `bench/readers.py` holds every reader to the stricter claim.
"""

import pytest

from tests.support.long_texts import LONG, SHAPES, SHORT
from tests.support.readers import READERS, best_seconds

_NOTICEABLE = 0.2
_MOST_TIMES_AS_LONG = 30


@pytest.mark.parametrize("name", READERS)
def test_ten_times_the_text_takes_about_ten_times_as_long(name: str) -> None:
    read = READERS[name]
    too_slow = {}
    for shape in SHAPES:
        if best_seconds(read, shape.of(LONG), times=1) < _NOTICEABLE:
            continue
        times_as_long = best_seconds(read, shape.of(LONG)) / best_seconds(read, shape.of(SHORT))
        if times_as_long > _MOST_TIMES_AS_LONG:
            too_slow[shape.name] = times_as_long
    assert too_slow == {}


def test_a_reader_that_takes_the_square_of_the_length_is_found_out() -> None:
    def look_at_all_before_each(text: str) -> None:
        for end in range(0, len(text), 10):
            text[:end].upper()

    short, long = (best_seconds(look_at_all_before_each, "." * length) for length in (SHORT, LONG))
    assert long / short > _MOST_TIMES_AS_LONG


def test_every_shape_is_as_long_as_it_says() -> None:
    assert {len(shape.of(length)) for shape in SHAPES for length in (SHORT, LONG)} == {SHORT, LONG}

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.reading.numbers import LARGEST, MOST_DECIMALS, read_number
from domain.words import show_number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4650", "4650"),
        ("4,650", "4650"),
        ("4,650.5", "4650.5"),
        ("1,234.5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("1 234,5", "1234.5"),
        ("1\u202f234,5", "1234.5"),
        ("1'234.50", "1234.5"),
        ("1’234", "1234"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("12,34,567", "1234567"),
        ("1,20,000", "120000"),
        ("1,234", "1234"),
        ("1.234", "1.234"),
        ("1,23", "1.23"),
        ("1,2345", "1.2345"),
        ("0,500", "0.5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("12%", "12"),
        ("3.5%", "3.5"),
        ("3.5 percent", "3.5"),
        ("$4k", "4000"),
        ("4.6K", "4600"),
        ("2.5m", "2500000"),
        ("2.5mn", "2500000"),
        ("4 thousand", "4000"),
        ("1.2 million", "1200000"),
        ("£1,200", "1200"),
        ("€1.200,50", "1200.5"),
        ("1.200,50 €", "1200.5"),
        ("US$ 5", "5"),
        ("1200 GBP", "1200"),
        ("3h", "3"),
        ("41 h", "41"),
        ("41 hours", "41"),
        ("5 min", "5"),
        ("−5", "-5"),
        ("-5", "-5"),
        ("–5", "-5"),
        ("-£5", "-5"),
        ("£-5", "-5"),
        ("+5", "5"),
        ("-0", "0"),
        ("  7  ", "7"),
        ("٤٦٥٠", "4650"),
    ],
)
def test_a_number_is_read_as_people_type_it(text: str, expected: str) -> None:
    assert read_number(text) == Decimal(expected)


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "1,2,3",
        "12 34",
        "1 234 56",
        "5 or 6",
        "31 March",
        "NaN",
        "Infinity",
        "1e5",
        "5²",
        "½",
        "--5",
        "-$-5",
        "1.2.3",
        "1,234.567,8",
        "2027-03-31",
        "4650 subscribers",
        "£",
        "%",
        "k",
        "<!channel>",
        "🙂",
    ],
)
def test_what_is_no_number_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError) as refusal:
        read_number(text)
    assert str(refusal.value) == f"I could not read “{text}” as a number. Write it like 4650 or 4,650.5."


def test_an_empty_field_is_refused_without_quoting_it() -> None:
    with pytest.raises(ValueError, match=r"^There is no number here\. Write it like"):
        read_number("  ")


def test_a_refusal_repeats_only_the_beginning_of_a_long_text() -> None:
    with pytest.raises(ValueError, match="…” as a number") as refusal:
        read_number("word " * 600)
    assert len(str(refusal.value)) < 140


def test_numbers_too_large_or_too_fine_to_keep_are_refused() -> None:
    with pytest.raises(ValueError, match="too large: I keep numbers below 1,000,000,000,000,000"):
        read_number("9" * 16)
    with pytest.raises(ValueError, match="too large"):
        read_number("1" * 3000)
    with pytest.raises(ValueError, match="too fine: I keep 6 decimals"):
        read_number("0.0000001")


def test_the_unit_of_the_field_may_be_typed_too() -> None:
    assert read_number("4,650 subscribers", "subscribers") == 4650
    assert read_number("Subscribers 4,650", "subscribers") == 4650
    assert read_number("5k", "k") == 5


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("4650", "", "4,650"),
        ("3.50", "%", "3.5%"),
        ("38", "£", "£38"),
        ("-38", "£", "-£38"),
        ("1200", "US$", "US$1,200"),
        ("41", "h", "41 h"),
        ("4600", "subscribers", "4,600 subscribers"),
        ("1E+3", "", "1,000"),
        ("100", "", "100"),
        ("-0.0", "", "0"),
        ("0.001", " % ", "0.001%"),
    ],
)
def test_a_number_is_shown_as_people_write_it(value: str, unit: str, shown: str) -> None:
    assert show_number(Decimal(value), unit) == shown


@given(
    st.decimals(min_value=-LARGEST + 1, max_value=LARGEST - 1, places=MOST_DECIMALS),
    st.sampled_from(["", "%", "£", "US$", "h", "subscribers", "k", "m", "days"]),
)
@example(Decimal("1.234"), "")
@example(Decimal(1234), "")
def test_what_is_shown_reads_back_the_same(value: Decimal, unit: str) -> None:
    assert read_number(show_number(value, unit), unit) == value


@given(st.text())
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        assert read_number(text).is_finite()
    except ValueError as refusal:
        assert str(refusal)[-1] in ".…"  # noqa: PT017 - either outcome is right

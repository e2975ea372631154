"""Text as others may be shown it: nothing hides in it, and what is right in its language stays so."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reading.legible import (
    FSI,
    PDI,
    has_right_to_left,
    is_blank,
    isolated,
    legible,
    unbroken,
)

NASTY = "ab 1-אم\u060c\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufe0f"
NASTY += "\n\r\u2028\u00ad\u3164\U0001f3f4\U000e0067\U000e0062\U000e007f👨👩\ud800\x00\x1b"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Invoice \u202egpj.exe", "Invoice gpj.exe"),
        ("\u202aa\u202bb\u202cc\u202dd", "abcd"),
        ("\u2066a\u2067b\u2069c", "abc"),
        ("5 → 6\u200f", "5 → 6"),
        ("\u061c\u200e12", "12"),
        ("News\u200bletter\u2060\ufeff", "Newsletter"),
        ("Sales\u00ad\u034f", "Sales"),
        ("a\u3164\u115f\uffa0b", "ab"),
        ("\x1b[31mred\x1b]0;title\x07", "[31mred]0;title"),
        ("a\x00b\x7f\x9bc", "abc"),
        ("one\u2028two\u2029three\x85four\r\nfive\rsix", "one\ntwo\nthree\nfour\nfive\nsix"),
        ("pa\u200dyp\u200cal", "paypal"),
        ("a\U000e0061\U000e0062", "a"),
        ("a\ufe0f\ufe0f\ufe0f\ufe01", "a\ufe0f"),
        (" \ufe0f\u200d", " "),
        ("half \ud83d", "half �"),
        (f"{PDI}a{FSI}", "a"),
        (f"{FSI}a\nb{PDI}", "a\nb"),
        (f"{FSI}a{PDI}{FSI}b", f"{FSI}a{PDI}b"),
    ],
)
def test_what_hides_or_turns_its_surroundings_is_left_out(typed: str, shown: str) -> None:
    assert legible(typed) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Newsletter relaunch, 4,650 → 6,000 (50 %)",
        "café, cafe\u0301, naïve, Straße, Ωmega, Привет",
        "إعادة إطلاق النشرة الإخبارية",
        "השקת הניוזלטר, מס׳ 5\u200f",
        "می\u200cخواهم",  # Persian: without the non-joiner it would be another word
        "ه\u200d",  # the Arabic short form of "Hijri year"
        "क्\u200dष and ක්\u200dෂ",
        "葛\U000e0100城",
        "日本語、한국어、ไทย",
        "👨\u200d👩\u200d👧 ❤\ufe0f\u200d🔥 👩🏽\u200d💻 1\ufe0f\u20e3 🏳\ufe0f\u200d🌈 🇳🇿",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "two lines\n\tand a tab",
        "",
    ],
)
def test_what_is_right_in_its_language_stays(text: str) -> None:
    assert legible(text) == text


@given(st.text(alphabet=NASTY, max_size=30) | st.text(max_size=30))
def test_said_twice_it_is_the_same_and_so_are_parts_on_one_line(text: str) -> None:
    once = legible(text)
    assert legible(once) == once
    line = isolated(legible(" ".join(text.split())))
    assert legible(f"{line} · 5 → 6 · {line}") == f"{line} · 5 → 6 · {line}" or not has_right_to_left(line)
    depth = 0
    for character in once:
        depth = 0 if character == "\n" and depth == 0 else depth + (character == FSI) - (character == PDI)
        assert depth >= 0
    assert depth == 0


@given(st.text(alphabet=NASTY, max_size=30) | st.text(max_size=30))
def test_nothing_that_is_seen_is_lost(text: str) -> None:
    def seen(words: str) -> str:
        kept = {"So", "Lo", "Lu", "Ll", "Nd", "Po", "Sm"}
        return "".join(one for one in words if unicodedata.category(one) in kept and not is_blank(one))

    assert seen(legible(text)).replace("�", "") == seen(text).replace("�", "")


def test_every_control_and_every_format_character_is_left_out_unless_it_shows() -> None:
    shown = [
        character
        for character in map(chr, range(0x110000))
        if unicodedata.category(character) in {"Cc", "Cf", "Cs"} and character in legible(f"a{character}b")
    ]
    names = [unicodedata.name(character, "") for character in shown if character not in "\t\n"]
    scripts = ("ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN")
    assert [name for name in names if not name.startswith(scripts)] == []


@pytest.mark.parametrize(
    "text", ["", " \t\n", "\u200b\u2060", "\u202e", "\u3164", "\u2800 \u00a0\u3000", "\ufe0f"]
)
def test_blank_is_what_shows_nothing(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "\u202ea", "🌊", "-", "�", "א", "\u0301"])
def test_blank_is_nothing_else(text: str) -> None:
    assert not is_blank(text)


def test_only_words_from_right_to_left_are_isolated() -> None:
    assert isolated("Sales 5 → 6") == "Sales 5 → 6"
    assert isolated("מכירות 5") == f"{FSI}מכירות 5{PDI}"


def test_what_is_told_at_once_is_told_as_if_it_had_been_looked_at_closely() -> None:
    """Beside an emoji, and a hyphen that hides, nothing is."""
    for number in range(0x10000):
        one = chr(number)
        assert legible(f"a{one}b") == legible(f"a{one}b\u00ad"), f"{number:x}"
        assert unbroken(f" a{one}b ", 9) == unbroken(f" a{one}b \u00ad", 9), f"{number:x}"
        assert has_right_to_left(one) == has_right_to_left(f"{one}👩"), f"{number:x}"

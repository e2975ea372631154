import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.healths import Health
from domain.reading.answers import Candidate, Metric, read_answer
from domain.reading.names import Match, closest_word, is_same_name, match_name, sounds_like

NAMES = [
    "Newsletter relaunch",
    "Newsletter archive",
    "Giver referral programme",
    "Café days",
    "Giver",
    "Straße",
]


KEYBOARDS = {
    "Parents’ evening": ["Parents' evening", "parentsʼ EVENING", "Parents‘ evening", "Parents´\u00a0evening"],
    "Newsletter – spring": [
        "newsletter - spring",
        "Newsletter — spring",
        "Newsletter ‑\u202fspring",
        "Newsletter −\nspring",
    ],
    "Open‑water days": ["open-water days", "open–water days", "open‐water days", "Open－water days"],
    "Müde Köpfe": [unicodedata.normalize("NFD", "müde köpfe"), "MÜDE KÖPFE"],
    "Full Ｗidth run": ["full width run", "ｆｕｌｌ　ｗｉｄｔｈ　ｒｕｎ"],
}
"""Names as they are kept, with what other keyboards make of them."""


@pytest.mark.parametrize(("name", "typed"), [(n, one) for n, several in KEYBOARDS.items() for one in several])
def test_apostrophes_dashes_spaces_and_forms_of_letters_make_no_other_name(name: str, typed: str) -> None:
    names = list(KEYBOARDS)
    position = names.index(name)
    assert match_name(typed, names) == Match(found=position)
    assert is_same_name(typed, name)
    read = read_answer(f"{typed}: on track", [Candidate(at, one) for at, one in enumerate(names)])
    assert [(one.candidate_id, one.health) for one in read.understood] == [(position, Health.ON_TRACK)]


def test_a_metric_is_known_whatever_hyphen_it_is_written_with() -> None:
    metric = Metric(7, "Sign‑ups für Müde", "", Decimal(40))
    for typed in ("sign-ups für Müde 45", "Sign‐ups für Mu\u0308de: 45"):
        (read,) = read_answer(f"on track, {typed}", [Candidate(1, "Letter", (metric,))]).understood
        assert (read.health, read.readings) == (Health.ON_TRACK, ((7, Decimal(45)),)), typed


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Newsletter relaunch", Match(found=0)),
        ("  newsletter   RELAUNCH ", Match(found=0)),
        ("“Newsletter relaunch”", Match(found=0)),
        ("newsletter r", Match(found=0)),
        ("News", Match(candidates=(0, 1))),
        ("giver", Match(found=4)),
        ("giver r", Match(found=2)),
        ("café", Match(found=3)),
        ("cafe\u0301 days", Match(found=3)),
        ("cafe days", Match(closest=3)),
        ("STRASSE", Match(found=5)),
        ("\u202eNewsletter\u200b relaunch\u2069", Match(found=0)),
        ("Ｎｅｗｓｌｅｔｔｅｒ relaunch", Match(found=0)),
        ("newsleter relaunch", Match(closest=0)),
        ("referral", Match(closest=2)),
        ("reffinery of zinc", Match()),
        ("", Match()),
        ("🙂", Match()),
    ],
)
def test_a_thing_is_found_by_its_name(typed: str, expected: Match) -> None:
    assert match_name(typed, NAMES) == expected


def test_two_of_the_same_name_are_both_offered() -> None:
    assert match_name("a", ["A", "b", "a"]) == Match(candidates=(0, 2))


@pytest.mark.parametrize(
    "other",
    [
        "Sales",
        " SALES ",
        "Sa\u200bles",
        "Sales\u202e\u200f",
        "Sales\ufe0f",
        "Ｓales",
        "S\u0430l\u0435s",
        "\u0405al\u0435s",
        "\u00adSales",
    ],
)
def test_two_names_are_the_same_when_they_look_it(other: str) -> None:
    assert is_same_name("Sales", other)
    assert is_same_name(other, "Sales")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sales", "Salés"),
        ("Wave 1", "Wave 2"),
        ("מכירות", "מכירה"),
        (
            "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
            "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        ),
        ("Мир", "Мор"),
    ],
)
def test_names_that_differ_to_the_eye_are_two(one: str, other: str) -> None:
    assert not is_same_name(one, other)


def test_nothing_is_found_among_nothing() -> None:
    assert match_name("a", []) == Match()


@given(st.lists(st.text(min_size=1, max_size=20), max_size=6), st.text(max_size=20))
def test_found_candidates_and_closest_exclude_each_other(names: list[str], typed: str) -> None:
    match = match_name(typed, names)
    assert sum((match.found is not None, bool(match.candidates), match.closest is not None)) <= 1
    assert len(match.candidates) != 1


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("stauts", "status"), ("ad", "add"), ("PAUZE", "pause"), ("resum", "resume"), ("xyz", None), ("", None)],
)
def test_a_wrong_word_gets_the_closest_right_one(typed: str, expected: str | None) -> None:
    assert closest_word(typed, ["add", "list", "pause", "resume", "status"]) == expected


def test_every_health_has_words_and_a_circle() -> None:
    assert [health.label for health in Health] == ["on track", "at risk", "off track"]
    assert [health.emoji for health in Health] == [
        ":large_green_circle:",
        ":large_yellow_circle:",
        ":red_circle:",
    ]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Newsletter re-launch", "Newsletter relaunch", True),
        ("Relaunch newsletter", "Newsletter relaunch", True),
        ("Newsletter relaunches", "Newsletter relaunch", True),
        ("Newsletter launch party", "Newsletter relaunch", False),
        ("Giver referral programme", "Giver retention programme", False),
        ("Monthly givers", "Monthly readers", False),
        ("", "", False),
    ],
)
def test_names_that_may_be_the_same_thing_are_told_from_others(one: str, other: str, alike: bool) -> None:
    assert sounds_like(one, other) is alike
    assert sounds_like(other, one) is alike

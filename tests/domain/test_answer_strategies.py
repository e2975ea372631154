"""Words of somebody in several strategies: which initiative reads which, and that none reads of another strategy."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.healths import Health
from domain.reading.answers import Candidate, Metric, read_answer
from domain.reading.strategies import Elsewhere

OFF, RISK, ON = Health.OFF_TRACK, Health.AT_RISK, Health.ON_TRACK
NEWSLETTER = Candidate(1, "Newsletter relaunch", (Metric(1, "subscribers", "", None),), 1)
FALCON = Candidate(2, "Falcon launch", (), 2)
ELSEWHERE = (
    Elsewhere("Harbor Lights", 1),
    Elsewhere("Giver referral programme", 1),
    Elsewhere("Quiet plan", 2),
    Elsewhere("Kite", 2),
    Elsewhere("Board", 3),
    Elsewhere("Launch", 3),
)


@pytest.mark.parametrize(
    ("text", "newsletter", "falcon", "unplaced", "apart"),
    [
        ("Newsletter off track, Maya left", (OFF, "Newsletter off track, Maya left"), None, None, ""),
        ("Newsletter on track. Falcon at risk. Maya left.", (ON, "Newsletter on track."), (RISK, "Falcon at risk. Maya left."), None, ""),
        ("Falcon and Newsletter are both at risk, Maya left", (RISK, ""), (RISK, ""), None, "Falcon and Newsletter are both at risk, Maya left"),
        ("On track, Maya left", None, None, "On track, Maya left", ""),
        ("Good morning all,\nNewsletter on track", (ON, "Good morning all,\nNewsletter on track"), None, None, ""),
        ("Maya left.\nNewsletter on track", (ON, "Newsletter on track"), None, "Maya left.", ""),
        ("Board is off track. Maya left.", None, None, None, "Board is off track. Maya left."),
        ("Newsletter on track. Board is off track. Maya left.", (ON, "Newsletter on track."), None, None, "Board is off track. Maya left."),
        ("Newsletter on track. In Board Maya left. She is gone.", (ON, "Newsletter on track."), None, None, "In Board Maya left. She is gone."),
        ("Newsletter on track. Kite is off track. Maya left.", (ON, "Newsletter on track."), None, "Kite is off track. Maya left.", ""),
        ("Newsletter at risk: no budget from kite", (RISK, ""), None, None, "Newsletter at risk: no budget from kite"),
        ("Newsletter at risk because of Quiet. Maya left.", (RISK, ""), None, "Maya left.", "Newsletter at risk because of Quiet."),
        ("Harbor Lights: newsletter on track", (ON, "Harbor Lights: newsletter on track"), None, None, ""),
        ("Harbor Lights: on track", None, None, "Harbor Lights: on track", ""),
        ("Newsletter on track, as is the giver referral programme", (ON, "Newsletter on track, as is the giver referral programme"), None, None, ""),
        ("Newsletter on track, ready to launch", (ON, "Newsletter on track, ready to launch"), None, None, ""),
        ("“Falcon launch is late”, they say. Newsletter on track", (ON, "Newsletter on track"), None, "“Falcon launch is late”, they say.", ""),
        ("> Falcon launch: Maya left\nNewsletter on track", (ON, ""), None, None, "> Falcon launch: Maya left\nNewsletter on track"),
        ("Newsletter on track, they say “Falcon launch is late”", (None, ""), None, None, "Newsletter on track, they say “Falcon launch is late”"),
    ],
)  # fmt: skip
def test_each_reads_what_speaks_of_it_and_of_no_other_strategy(
    text: str,
    newsletter: tuple[Health, str] | None,
    falcon: tuple[Health, str] | None,
    unplaced: str | None,
    apart: str,
) -> None:
    read = read_answer(text, [NEWSLETTER, FALCON], ELSEWHERE)
    found = {one.candidate_id: (one.health, one.words) for one in read.understood}
    assert (found.get(1), found.get(2), read.unplaced, read.apart) == (newsletter, falcon, unplaced, apart)


@pytest.mark.parametrize(
    ("text", "words", "unplaced"),
    [
        ("At risk, 4,650 subscribers", "At risk, 4,650 subscribers", None),
        ("On track. Falcon off track, Maya left.", "On track.", None),
        ("On track. Quiet plan lost Maya.", "On track.", "Quiet plan lost Maya."),
    ],
)
def test_in_a_thread_words_without_a_name_are_about_its_initiative(
    text: str, words: str, unplaced: str | None
) -> None:
    read = read_answer(text, [NEWSLETTER, FALCON], ELSEWHERE, default=1)
    assert read.understood[0].words == words
    assert read.unplaced == unplaced


def test_one_name_in_two_strategies_names_neither_but_in_a_thread() -> None:
    other = Candidate(3, "Newsletter relaunch", (), 2)
    assert read_answer("Newsletter relaunch: off track", [NEWSLETTER, other]).understood == ()
    assert read_answer("Newsletter relaunch: off track", [NEWSLETTER], [Elsewhere("Newsletter relaunch", 2)]).understood == ()  # fmt: skip
    [understood] = read_answer(
        "Newsletter relaunch: off track", [NEWSLETTER], [Elsewhere("Kite", 2)]
    ).understood
    assert understood.health is OFF


_PHRASES = st.sampled_from(
    [
        *("Newsletter relaunch", "newsletter", "Falcon launch", "Falcon", "Kite", "quiet plan", "Board", "and", "but"),
        *("on track", "off track", "Maya left", "waiting for legal", "we sent 4,650", "all good", "because of"),
        *(". ", "\n", ", ", ": ", "; ", "\n> ", "“", "”", " "),
    ]
)  # fmt: skip
_OF_HARBOR = re.compile(r"\b((?i:newsletter relaunch)|Newsletter)\b")
_OF_QUIET = re.compile(r"\b((?i:falcon launch|kite|quiet plan)|Falcon|Quiet)\b")


@given(st.lists(_PHRASES, min_size=1, max_size=14).map(" ".join), st.sampled_from([None, 1, 2]))
def test_no_initiative_reads_a_name_of_another_strategy_and_no_word_is_lost(
    text: str, default: int | None
) -> None:
    read = read_answer(text, [NEWSLETTER, FALCON], ELSEWHERE, default=default)
    words = {one.candidate_id: one.words for one in read.understood}
    assert not _OF_QUIET.search(words.get(1, ""))
    assert not _OF_HARBOR.search(words.get(2, ""))
    kept = " ".join([*words.values(), read.unplaced or "", read.apart])
    assert sorted(text.split()) == sorted(kept.split())

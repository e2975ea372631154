"""Whose words they are, what is in the way, and that no word is lost."""

import time
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.healths import Health
from domain.reading.answers import Candidate, Understanding, Understood, read_answer
from domain.reading.markup import plain_text
from tests.domain.initiatives_to_read import ALL, NEWSLETTER, OFF, ON, RISK, SUBSCRIBERS, about


@pytest.mark.parametrize(
    ("text", "blocker"),
    [
        ("on track, 4,650 subscribers, waiting for legal", "waiting for legal"),
        ("waiting for legal, on track, 4,650 subscribers", "waiting for legal"),
        ("At risk: blocked by the pledge form & Sam's team.", "blocked by the pledge form & Sam's team"),
        ("Waiting on Sam, Ines and legal. On track.", "Waiting on Sam, Ines and legal"),
        ("stuck on “consent” texts", "stuck on “consent” texts"),
        ("Needs a decision from Sam by Friday", "Needs a decision from Sam by Friday"),
        ("we need a new form", "need a new form"),
        ("Blocker: legal", "legal"),
        ("waiting for legal; blocked by the printer", "waiting for legal; blocked by the printer"),
        ("waiting for legal and on track", "waiting for legal"),
        ("blockers: none", None),
        ("no blockers", None),
        ("not blocked by anything", None),
        ("no longer waiting for legal", None),
        ("was waiting for legal, got it", None),
        ("are we waiting for legal?", None),
        ("waiting for nothing", None),
        ("we need to celebrate", None),
        ("let me know if you need anything", None),
        ("`waiting for legal`", None),
        ("legal answered", None),
    ],
)
def test_what_is_in_the_way_is_kept_as_written(text: str, blocker: str | None) -> None:
    assert about(text).blocker == blocker


@pytest.mark.parametrize(
    ("text", "blockers"),
    [
        ("newsletter blocked by legal, referral on track", {1: "blocked by legal", 2: None}),
        ("referral on track, newsletter waiting for legal", {1: "waiting for legal", 2: None}),
        ("referral on track but newsletter is still waiting for legal", {1: "waiting for legal", 2: None}),
        ("Referral on track. The newsletter is blocked by legal.", {1: "blocked by legal", 2: None}),
        ("referral on track, newsletter needs a designer", {1: None, 2: None}),
        ("newsletter waiting for legal and referral on track", {1: "waiting for legal", 2: None}),
        (
            "the newsletter is blocked by legal and the referral is at risk",
            {1: "blocked by legal", 2: None},
        ),
        (
            "all on track, newsletter waiting for legal, referral waiting for Sam",
            {1: "waiting for legal", 2: "waiting for Sam", 3: None, 4: None, 5: None},
        ),
        ("referral on track, waiting for the newsletter", {2: "waiting for the newsletter"}),
    ],
)
def test_what_is_in_the_way_of_one_is_in_the_way_of_no_other(
    text: str, blockers: dict[int, str | None]
) -> None:
    answer = read_answer(text, ALL)
    assert {one.candidate_id: one.blocker for one in answer.understood} == blockers


@pytest.mark.parametrize(
    ("text", "healths", "unplaced"),
    [
        ("Newsletter: on track, 4,650 subscribers. Referral at risk, form is late", {1: ON, 2: RISK}, None),
        ("Newsletter relaunch on track; Giver referral programme off track", {1: ON, 2: OFF}, None),
        ("newsletter on track\nreferral at risk", {1: ON, 2: RISK}, None),
        ("Newsletter on track, referral at risk", {1: ON, 2: RISK}, None),
        ("Newsletter on track but referral at risk", {1: ON, 2: RISK}, None),
        ("On track for newsletter, at risk for referral", {1: ON, 2: RISK}, None),
        ("Newsletter and referral both on track", {1: ON, 2: ON}, None),
        ("On track: newsletter, referral. At risk: question desk", {1: ON, 2: ON, 4: RISK}, None),
        ("*Newsletter*: 🟢\n*Referral*: 🟡", {1: ON, 2: RISK}, None),
        ("• Newsletter – green\n• Results page – red", {1: ON, 5: OFF}, None),
        ("The newsletter's on track", {1: ON}, None),
        ("(on track) newsletter, (at risk) referral", {1: None, 2: None}, "(on track)"),
        ("on track - newsletter, at risk - referral", {1: None, 2: None}, "on track -"),
        ("[on track] newsletter\n[at risk] referral", {1: None, 2: None}, None),
        ("Newsletter, on track, referral, at risk", {1: ON, 2: RISK}, None),
        ("Newsl: on track", {}, "Newsl: on track"),
        ("Newsletter: 4,650 subscribers. On track.", {1: ON}, None),
        ("Newsletter on track, referral at risk?", {1: None, 2: None}, None),
        ("Hi all!\nNewsletter on track", {1: ON}, None),
        (
            "Newsletter waits for the referral programme, at risk",
            {},
            "Newsletter waits for the referral programme, at risk",
        ),
        ("Newsletter on track, waiting for parents", {1: ON}, None),
        ("Newsletter on track. Results look good", {1: ON}, None),
        ("on track", {}, "on track"),
        ("all on track", {1: ON, 2: ON, 3: ON, 4: ON, 5: ON}, None),
        ("thanks!", {}, "thanks!"),
        ("4,650 subscribers", {1: None}, None),
        ("answer time 30 h", {4: None}, None),
        ("On track. Newsletter has 4,650 subscribers", {1: None}, "On track."),
        ("Newsletter: fine. Podcast: at risk", {1: None}, "Podcast: at risk"),
        ("Podcast: at risk", {}, "Podcast: at risk"),
    ],
)
def test_with_several_initiatives_only_names_place_words(
    text: str, healths: dict[int, Health | None], unplaced: str | None
) -> None:
    answer = read_answer(text, ALL)
    assert {one.candidate_id: one.health for one in answer.understood} == healths
    assert answer.unplaced == unplaced


def test_a_health_before_another_name_is_not_that_of_the_thread() -> None:
    answer = read_answer("on track - referral", ALL, default=NEWSLETTER.id)
    assert all(one.health is None for one in answer.understood)


def test_a_name_that_fits_two_initiatives_is_not_guessed() -> None:
    archive = Candidate(6, "Newsletter archive")
    answer = read_answer("Referral: on track. Newsletter at risk.", (*ALL, archive))
    assert [(one.candidate_id, one.health) for one in answer.understood] == [(2, ON)]
    assert answer.unplaced == "Newsletter at risk."


def test_each_initiative_gets_the_words_that_are_about_it() -> None:
    answer = read_answer("Newsletter: on track, 4,650 subscribers. Referral at risk, form is late", ALL)
    assert answer == Understanding(
        (
            Understood(
                1, ON, ((SUBSCRIBERS, Decimal(4650)),), None, "Newsletter: on track, 4,650 subscribers."
            ),
            Understood(2, RISK, (), None, "Referral at risk, form is late"),
        ),
        None,
    )


def test_with_one_initiative_all_words_are_about_it_unaltered() -> None:
    text = "Hi <all>! Podcast: *at risk*,\n“so” what\u00a0now 🙂"
    assert about(text).words == text


def test_nobody_to_ask_about_leaves_the_words_unplaced() -> None:
    assert read_answer("on track", []) == Understanding((), "on track")
    assert read_answer(" \n", [NEWSLETTER]) == Understanding((), None)


@pytest.mark.parametrize(
    ("event", "seen"),
    [
        ("R&amp;D &lt;3", "R&D <3"),
        ("&amp;lt;", "&lt;"),
        ("&lt;@U1&gt;", "<@U1>"),
        ("ask <@U1>", "ask @Ben Carter"),
        ("ask <@U2|ana>", "ask @ana"),
        ("ask <@U3>", "ask @U3"),
        ("in <#C1|general>", "in #general"),
        ("in <#C1|> and <#C2>", "in a private channel and a private channel"),
        ("<!channel> <!here|here> <!subteam^S1|@team>", "@channel here @team"),
        ("<https://x.org/a?b=1&amp;c=2>", "https://x.org/a?b=1&c=2"),
        ("<http://x.org|x.org>", "x.org"),
        ("<https://x.org|the plan>", "the plan (https://x.org)"),
        ("<mailto:a@b.org|a@b.org>", "a@b.org"),
        ("<!date^1^{date}|1 Jan>", "1 Jan"),
        ("a < b", "a < b"),
        ("<>", "<>"),
    ],
)
def test_event_text_becomes_what_its_writer_sees(event: str, seen: str) -> None:
    assert plain_text(event, {"U1": "Ben Carter"}) == seen


@given(st.text())
def test_escaped_text_comes_back_as_typed(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert plain_text(escaped) == text


_WORDS = st.sampled_from(
    [
        *(
            "on track",
            "at risk",
            "🟢",
            "red",
            "Newsletter",
            "referral",
            "4,650",
            "subscribers",
            "3.2%",
            "waiting for",
            "legal",
        ),
        *(
            ",",
            ".",
            ";",
            "\n",
            ":",
            "`",
            '"',
            ">",
            "not",
            "and",
            "if",
            "?",
            "(",
            ")",
            "-",
            "→",
            "\u200f",
            "🙂",
            "needs",
        ),
    ]
)


@given(st.one_of(st.text(), st.lists(_WORDS, max_size=30).map(" ".join)))
def test_every_word_is_kept_whatever_is_written(text: str) -> None:
    answer = read_answer(text, ALL)
    kept = "".join(one.words for one in answer.understood) + (answer.unplaced or "")
    assert {word for word in unicodedata.normalize("NFC", text).split() if word not in kept} == set()


@pytest.mark.parametrize(
    "words",
    [
        "Newsletter is on track, 4,650 subscribers, waiting for legal (again). ",
        "a",
        "on track ",
        "`",
        "(",
        "1,",
        "waiting for legal ",
    ],
    ids=["prose", "one word", "healths", "ticks", "brackets", "digits", "blockers"],
)
def test_reading_takes_longer_only_as_a_text_is_longer(words: str) -> None:
    def seconds(length: int) -> float:
        text = (words * length)[:length]
        started = time.process_time()
        read_answer(text, ALL)
        return time.process_time() - started

    short, long = (min(seconds(length) for _ in range(3)) for length in (1_500, 12_000))
    assert long < 24 * max(short, 0.001), "8 times as long; by the square of it would be 64"

"""Messages and forms about asks, at their smallest, typical and largest, in plain and in hostile words."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.absences import Absence
from domain.check_ins import Answer, SeenMark
from domain.decisions import AskKind, Decision, DecisionState
from domain.digests.gathering import digest_facts
from domain.errors import FieldErrors
from domain.healths import Health
from domain.promises import Promise
from tests.support.block_kit import assert_valid_message, assert_valid_view, texts_of
from tests.support.forms import submitted
from tests.support.golden import assert_golden
from tests.support.harbor_lights import (
    BEN,
    FIRST_WEEK,
    INITIATIVES,
    MAYA,
    NEWSLETTER,
    PEOPLE,
    RUTH,
    STRATEGY,
    TEAM,
    check_in,
    fourth_week,
)
from views.check_ins.forms import update_modal
from views.check_ins.messages import prompt_message
from views.check_ins.prompts import Prompt, PromptLine
from views.decisions import asks as asks_views
from views.decisions import forms, messages
from views.decisions.words import AskShown, due_day
from views.digests.details import digest_details
from views.digests.messages import digest_message
from views.initiatives.lifecycle import CloseRef, close_modal

NOW = datetime(2026, 12, 16, 11, tzinfo=UTC)
HOSTILE = "<!channel> <@U123> & `code` إعادة 👩‍👩‍👧‍👦 "
PLAIN = "Who signs the pledge form? "
NAMES = {person_id: person.name for person_id, person in PEOPLE.items()}
TYPICAL = Decision(
    1,
    TEAM,
    1,
    NEWSLETTER.id,
    None,
    AskKind.DECISION,
    "May we use the old pledge form?",
    "Legal has had the new one for three weeks & will not say when.",
    ("Use the old one", "Wait for legal"),
    "We wait",
    BEN,
    RUTH,
    date(2026, 12, 18),
    created_at=NOW,
)
SMALLEST = replace(TYPICAL, initiative_id=None, question="?", context="", options=(), default="-")
DECIDED = replace(
    TYPICAL,
    state=DecisionState.DECIDED,
    outcome="Use the old one",
    reason="It is signed",
    decided_by=RUTH,
    decided_at=NOW,
)


def largest(words: str, number: int = 1) -> Decision:
    return replace(
        TYPICAL,
        id=number,
        question=(words * 20)[:300],
        context=(words * 200)[:3000],
        options=tuple(f"{option} {words * 5}"[:75] for option in range(5)),
        default=(words * 20)[:300],
    )


def settled(decision: Decision, state: DecisionState, words: str) -> Decision:
    return replace(
        decision, state=state, outcome=(words * 20)[:300], reason=(words * 90)[:1000], decided_at=NOW
    )


def shown(decision: Decision, about: str = NEWSLETTER.name) -> AskShown:
    return AskShown(decision, STRATEGY.name, STRATEGY.zone, about, NAMES)


def many(words: str) -> list[Decision]:
    """Twenty, of every state, at their largest."""
    states = list(DecisionState)
    made = [largest(words, number) for number in range(20)]
    return [one if one.id % 4 == 0 else settled(one, states[one.id % 4], words) for one in made]


WAITS = (
    asks_views.Wait(Absence(NOW.date(), None)),
    asks_views.Wait(Absence(NOW.date(), None), NOW.date(), is_unasked=True),
    asks_views.Wait(Absence(NOW.date(), date(2027, 9, 1)), is_unasked=True),
)


def test_whoever_asks_reads_when_a_decider_who_is_away_sees_it() -> None:
    said = [
        asks_views.asked_message(shown(TYPICAL), wait, NOW.date())["text"].partition("is away ")[2]
        for wait in WAITS
    ]
    assert "I do not remind anybody who is away" in said[0]
    assert "so I show it to them on" in said[1]
    assert "to 1 Sep 2027, so I do not show it to them before its day ends" in said[2]


@pytest.mark.parametrize("words", [PLAIN, HOSTILE], ids=["plain", "hostile"])
@pytest.mark.parametrize("state", list(DecisionState))
def test_every_message_about_an_ask_is_one_that_slack_takes(state: DecisionState, words: str) -> None:
    for decision in (SMALLEST, TYPICAL, largest(words)):
        ask = shown(decision if state is DecisionState.OPEN else settled(decision, state, words))
        for payload in (
            messages.decider_message(ask),
            messages.reminder_message(ask, NOW),
            messages.moved_message(ask, "gone"),
            messages.reason_message(ask),
            asks_views.asked_message(ask, None, NOW.date()),
            *(asks_views.asked_message(ask, wait, NOW.date()) for wait in WAITS),
            asks_views.withdrawn_message(ask),
            asks_views.redated_message(ask, NOW.date(), PEOPLE[BEN]),
            messages.handed_message(ask, NOW.date()),
            messages.told_message([ask] * 20),
            messages.decider_left_message(PEOPLE[RUTH], [ask] * 20),
        ):
            assert_valid_message(payload)


def test_what_a_message_asks_in_the_same_words_is_said_once() -> None:
    said = replace(TYPICAL, context=TYPICAL.question)

    texts = [text for text, _ in texts_of(messages.decider_message(shown(said))["blocks"])]
    assert "\n".join(texts).count(TYPICAL.question) == 1


@pytest.mark.parametrize("words", [PLAIN, HOSTILE], ids=["plain", "hostile"])
@pytest.mark.parametrize("which", ["open", "overdue", "past", "mine"])
def test_the_list_holds_none_one_and_twenty(which: str, words: str) -> None:
    for decisions in ([], [TYPICAL], many(words), [largest(words, n) for n in range(20)]):
        asks = [(shown(decision), True) for decision in decisions]
        assert_valid_message(messages.list_message(STRATEGY, which, asks, NOW))
        assert_valid_message(messages.list_message(STRATEGY, which, asks, NOW, TYPICAL.requested_by))


@pytest.mark.parametrize("words", [PLAIN, HOSTILE], ids=["plain", "hostile"])
def test_every_form_about_an_ask_is_one_that_slack_takes(words: str) -> None:
    strategies = [replace(STRATEGY, id=number, name=(words * 5)[:75]) for number in range(20)]
    named = [replace(one, name=(words * 5)[:75]) for one in INITIATIVES]
    for decision in (SMALLEST, largest(words)):
        assert_valid_view(forms.other_modal(decision))
        assert_valid_view(forms.reason_modal(settled(decision, DecisionState.DECIDED, words)))
        assert_valid_view(forms.hand_over_modal(decision))
        assert_valid_view(forms.withdraw_modal(decision))
        assert_valid_view(forms.redate_modal(decision))
    assert_valid_view(forms.request_modal([(STRATEGY, [])], ""))
    assert_valid_view(forms.request_modal([(one, named) for one in strategies], words * 400))
    close = close_modal(NEWSLETTER, CloseRef(channel_id="C1", initiative_id=1), NOW.date(), many(words))
    assert_valid_view(close)


@pytest.mark.parametrize("words", [PLAIN, HOSTILE], ids=["plain", "hostile"])
def test_the_largest_prompt_with_asks_blockers_and_seen_is_one_that_slack_takes(words: str) -> None:
    last = Answer(1, Health.ON_TRACK, next=words * 100, by=MAYA, at=NOW, revision=1)
    for health in (None, Health.OFF_TRACK):
        lines = [
            PromptLine(
                replace(one, name=(words * 5)[:75]),
                Answer(one.id, health, progress=words * 100, next=words * 100, need=words * 100, by=MAYA),
                last,
                FIRST_WEEK,
                words * 100,
                promise=Promise(words * 100, FIRST_WEEK, FIRST_WEEK),
            )
            for one in INITIATIVES
        ]
        prompt = Prompt(
            strategy=STRATEGY,
            check_in=check_in(FIRST_WEEK, *(line.answer for line in lines), owner=MAYA),
            lines=tuple(lines),
            digest_at=NOW,
            today=NOW.date(),
            names=NAMES,
            asks={one.id: tuple(many(words)) for one in INITIATIVES},
            seen={one.id: tuple(SeenMark(id_, words * 30) for id_ in PEOPLE) for one in INITIATIVES},
        )
        assert_valid_message(prompt_message(prompt))
        assert_valid_view(update_modal(prompt, lines[0]))


@pytest.mark.parametrize("words", [PLAIN, HOSTILE], ids=["plain", "hostile"])
def test_a_digest_with_twenty_decisions_is_one_that_slack_takes(words: str) -> None:
    facts = digest_facts(replace(fourth_week(), decisions=tuple(many(words))))
    assert_valid_message(digest_message(facts))
    for payload in digest_details(facts):
        assert_valid_message(payload)


def test_the_deciders_message_is_drawn_as_before() -> None:
    assert_golden("decision_asked", messages.decider_message(shown(TYPICAL)))
    assert_golden("decision_settled", messages.decider_message(shown(DECIDED)))


def test_overdue_decisions_come_first_in_the_digest() -> None:
    late = replace(TYPICAL, id=2, question="Late?", due=date(2026, 12, 1))
    facts = digest_facts(replace(fourth_week(), decisions=(TYPICAL, late)))
    lines = digest_message(facts)["text"].splitlines()
    assert "2 decisions wait (Ruth, overdue; Ruth, Fri)" in lines[0]
    at = lines.index("Needs a decision")
    assert lines[at + 1] == "Ruth, overdue since 1 Dec: Late?"
    assert lines[at + 3] == "Ruth, by Fri 18 Dec: May we use the old pledge form?"


def test_a_reader_who_may_not_decide_gets_no_buttons() -> None:
    payload = messages.list_message(STRATEGY, "open", [(shown(TYPICAL), False)], NOW)
    assert all(block["type"] != "actions" for block in payload["blocks"])
    assert "May we use the old pledge form?" in payload["text"]


def test_peoples_words_mention_nobody() -> None:
    payload = messages.decider_message(shown(largest(HOSTILE)))
    assert all("<!channel>" not in text for text, kind in texts_of(payload["blocks"]) if kind == "mrkdwn")


def read(**typed: Any) -> Any:
    view = forms.request_modal([(STRATEGY, INITIATIVES)], "")
    filled = {
        "ask_what": "Who signs?",
        "ask_from": RUTH,
        "ask_by": "2026-12-18",
        "ask_default": "nobody",
        "ask_about": "1:0",
    }
    return forms.read_ask(submitted(view, **(filled | typed)), STRATEGY.zone, NOW)


def test_the_form_gives_the_ask() -> None:
    ask = read(ask_options="Ruth\nSam", ask_context="It waits", ask_kind="help")
    assert (ask.kind, ask.question, ask.decider_id, ask.default) == (
        AskKind.HELP,
        "Who signs?",
        RUTH,
        "nobody",
    )
    assert (ask.options, ask.context, ask.due) == (("Ruth", "Sam"), "It waits", date(2026, 12, 18))


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("ask_what", None, "Say what you ask for, in one sentence."),
        ("ask_from", None, "Choose the one person who decides."),
        ("ask_by", None, "Choose the day by which it must be decided."),
        ("ask_by", "2026-12-15", "That day is over. Choose today or a later day."),
        ("ask_by", "9999-12-30", "30 Dec 9999 is more than two years away. Choose an earlier day."),
        (
            "ask_options",
            "a\n" * 1_501,
            "That is 3,001 characters, and I can keep 3,000. Please shorten it.",
        ),
        ("ask_default", None, "Say what happens if nobody decides, such as “we go on without it”."),
        ("ask_options", "only one", "One option is no choice: write at least two, or none for yes or no."),
    ],
)
def test_wrong_input_gets_a_sentence_at_its_field(field: str, value: str | None, sentence: str) -> None:
    with pytest.raises(FieldErrors) as refused:
        read(**{field: value})
    assert refused.value.errors == {field: sentence}


@pytest.mark.parametrize(
    ("due", "shown"), [(date(2026, 12, 20), "20 Dec"), (date(2027, 11, 21), "21 Nov 2027")]
)
def test_an_ask_for_a_far_day_says_its_year(due: date, shown: str) -> None:
    assert due_day(replace(TYPICAL, due=due, created_at=NOW)) == shown

"""A signal in the prompt that asks about it, in its form, and beside its KPI in the review."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.errors import FieldErrors
from domain.kpis import Kind
from domain.reviews import ReviewMaterial, review_facts
from domain.signals import Said, Signal, Unlike
from tests.support.block_kit import assert_valid_message, assert_valid_view
from tests.support.forms import submitted
from tests.support.harbor_lights import BEN, MAYA, TEAM
from tests.support.reviews import kpi, largest, typical
from tests.views.test_check_ins import LAST, asked, prompt_of, read
from views.check_ins import messages
from views.reviews.messages import review_details
from views.signals import SignalLine, read_words, signal_line, signal_modal

TODAY = date(2026, 11, 30)
GIVERS = kpi(7)
UNLIKE = Unlike(date(2026, 11, 23), Decimal(240), Decimal(290), Decimal(340))
SIGNAL = Signal(5, TEAM, 1, 7, UNLIKE, BEN, 3, datetime(2026, 11, 30, 9, tzinfo=UTC))
SAID = Said("The match funding ended", BEN, datetime(2026, 11, 30, 10, tzinfo=UTC))
ANSWERED = replace(SIGNAL, said=SAID)


def test_a_prompt_asks_in_one_line_with_a_button() -> None:
    payload = messages.prompt_message(prompt_of(asked(last=LAST), signals=(SignalLine(GIVERS, SIGNAL),)))
    assert_valid_message(payload)
    line = "*Monthly givers* 240 on 23 Nov is unlike the readings before it (ordinarily 290 to 340): what happened?"
    assert line in read(payload)
    assert line.replace("*", "") in payload["text"].replace("*", "")
    assert "Answer…" in str(payload)


def test_an_answer_stands_there_in_its_owners_words_and_can_be_edited_even_when_the_week_is_closed() -> None:
    for is_open in (True, False):
        prompt = prompt_of(asked(), signals=(SignalLine(GIVERS, ANSWERED),), is_open=is_open)
        payload = messages.prompt_message(prompt)
        assert_valid_message(payload)
        assert "240 on 23 Nov (ordinarily 290 to 340): “The match funding ended”" in read(payload)
        assert "'text': 'Edit'" in str(payload)
        assert "what happened?" not in read(payload)


def test_numbers_are_written_with_their_unit_and_words_are_escaped() -> None:
    share = replace(GIVERS, kind=Kind.PERCENT, unit="%", name="<Opt-ins> & more")
    shown = replace(SIGNAL, said=replace(SAID, words="<!channel> A & B"))
    line = signal_line(SignalLine(share, shown), TODAY)
    assert "240%" in line
    assert "ordinarily 290% to 340%" in line
    assert "&lt;Opt-ins&gt; &amp; more" in line
    assert "&lt;!channel&gt; A &amp; B" in line


def test_the_form_shows_what_was_said_and_takes_it_back_when_emptied() -> None:
    empty, filled = (signal_modal(SignalLine(GIVERS, one), TODAY) for one in (SIGNAL, ANSWERED))
    for view in (empty, filled):
        assert_valid_view(view)
    assert "The match funding ended" in str(filled)
    assert read_words(submitted(empty, happened="  A strike "), SIGNAL) == "A strike"
    assert read_words(submitted(filled, happened=""), ANSWERED) == ""
    with pytest.raises(FieldErrors) as refused:
        read_words(submitted(empty, happened=" "), SIGNAL)
    assert "Say in a few words what happened, or close this." in str(refused.value.errors)


def reviewed(made: ReviewMaterial, *signals: Signal) -> list[Any]:
    return review_details(review_facts(replace(made, signals=signals)))


def test_the_review_tells_it_beside_its_kpi_and_offers_to_say_what_nobody_has() -> None:
    made = typical()
    known = made.rhythm.kpis[0]
    on = made.rhythm.at.date()
    there = replace(known.readings[-1], on=on, value=Decimal(240))
    watched = (replace(known, readings=(*known.readings, there)), *made.rhythm.kpis[1:])
    made = replace(made, rhythm=replace(made.rhythm, kpis=watched))
    one = replace(SIGNAL, kpi_id=known.id, unlike=replace(UNLIKE, on=on), asked_at=made.rhythm.at)
    told = reviewed(made, one)
    for payload in told:
        assert_valid_message(payload)
    assert "is unlike the readings before it (ordinarily 290 to 340): nobody has said what happened." in str(
        told
    )
    assert str(told).count("Answer…") == 1

    told = reviewed(made, replace(one, said=replace(SAID, person_id=MAYA)))
    assert "(ordinarily 290 to 340). Maya Okafor: “The match funding ended”" in str(told)
    assert "Answer…" not in str(told)

    corrected = replace(one, unlike=replace(one.unlike, value=Decimal(239)))
    assert "ordinarily" not in str(reviewed(made, corrected))
    before = replace(one, asked_at=datetime(2026, 10, 1, tzinfo=UTC))
    assert "ordinarily" not in str(reviewed(made, before))


@pytest.mark.parametrize("words", ["&", "<", "word ", "🌊"])
def test_the_largest_review_with_a_signal_for_each_kpi_is_valid(words: str) -> None:
    made = largest(words)
    said = replace(SAID, words=(words * 500)[:500])
    found = [
        replace(SIGNAL, id=one.id, kpi_id=one.id, asked_at=made.rhythm.at, said=said)
        for one in made.rhythm.kpis
    ]
    for payload in reviewed(made, *found):
        assert_valid_message(payload)
    lines = tuple(SignalLine(kpi, one) for kpi, one in zip(made.rhythm.kpis, found, strict=True))
    assert_valid_message(messages.prompt_message(prompt_of(asked(last=LAST), signals=lines)))

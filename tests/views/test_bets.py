"""The message of the day on which decisions are looked at again, and the forms before and after, in plain and hostile words."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.bets import Bet, BetFate, Known, Look, NumberKnown, Verdict
from domain.decisions import AskKind, Decision, DecisionState
from domain.errors import FieldErrors, NotFound
from domain.forecasts import Band
from domain.healths import Health
from domain.kpis import Cadence, Direction, Kind, Kpi
from domain.pace import Pace
from domain.periods import Week
from tests.support.block_kit import assert_valid_message, assert_valid_view
from tests.support.forms import submitted
from tests.support.golden import assert_golden
from tests.support.harbor_lights import BEN, INITIATIVES, NEWSLETTER, PEOPLE, RUTH, STRATEGY, TEAM
from views.bets import forms, words
from views.bets.messages import MOST_IN_MESSAGE, BetShown, look_message, read_verdict
from views.decisions.forms import ask_button
from views.decisions.messages import decider_message, list_message, told_message
from views.decisions.words import AskShown

DECIDED = date(2026, 11, 30)
LOOK_ON = date(2026, 12, 28)
AT = datetime(2026, 11, 30, 11, tzinfo=UTC)
HOSTILE = "<!channel> <@U123> & `code` إعادة 👩‍👩‍👧‍👦 "
NAMES = {person_id: person.name for person_id, person in PEOPLE.items()}
DECISION = Decision(
    7,
    TEAM,
    1,
    NEWSLETTER.id,
    None,
    AskKind.DECISION,
    "Shorten the form?",
    "",
    (),
    "We leave it",
    BEN,
    RUTH,
    DECIDED,
    DecisionState.DECIDED,
    "Yes",
    decided_by=RUTH,
    decided_at=AT,
    created_at=AT,
)
BAND = Band(LOOK_ON, Decimal("380.4"), Decimal("360.2"), Decimal("400.6"))
NUMBER = NumberKnown("Monthly givers", "", True, Pace.ON_PACE, Decimal(310), DECIDED, BAND)
THEN = Known(DECIDED, "Monthly givers", NUMBER)
FOUND = Known(
    LOOK_ON, "Monthly givers", replace(NUMBER, value=Decimal(402), on=date(2026, 12, 27), forecast=None)
)
KPI = Kpi(
    31,
    TEAM,
    1,
    1,
    "Monthly givers",
    Kind.COUNT,
    "",
    Direction.INCREASE_TO,
    Decimal(300),
    date(2026, 11, 1),
    Decimal(420),
    date(2027, 3, 31),
    BEN,
    Cadence.WEEKLY,
    "",
)
BET = Bet(
    51,
    TEAM,
    1,
    7,
    KPI.id,
    None,
    "More give monthly",
    Decimal(360),
    LOOK_ON,
    RUTH,
    AT,
    THEN,
    found=FOUND,
    looked_at=AT,
    looks=(Look(51, BEN, 1), Look(51, RUTH, 2)),
)
KEPT = replace(
    BET,
    looks=(
        Look(51, BEN, 1, Verdict.STOP, "The form was not it", AT, 2),
        Look(51, RUTH, 2, Verdict.CHANGE, "", AT, 1),
    ),
)
WEEKS = tuple(
    (Week(2026, 48).plus(number), health)
    for number, health in enumerate((Health.ON_TRACK, Health.ON_TRACK, None, Health.AT_RISK))
)


def shown(bet: Bet, decision: Decision = DECISION, about: str = "Newsletter relaunch") -> BetShown:
    return BetShown(bet, decision, about, NAMES)


def drawn(bet: Bet, person_id: str = RUTH) -> str:
    page = look_message(STRATEGY, [shown(bet)], person_id, LOOK_ON, ask_button(STRATEGY))
    return "\n".join(block["text"]["text"] for block in page["blocks"] if block["type"] == "section")


def buttons(bet: Bet, person_id: str) -> list[str]:
    page = look_message(STRATEGY, [shown(bet)], person_id, LOOK_ON, ask_button(STRATEGY))
    rows = [block for block in page["blocks"] if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row["elements"]]


def test_the_message_looks_as_it_did() -> None:
    page = look_message(STRATEGY, [shown(BET)], RUTH, LOOK_ON, ask_button(STRATEGY))
    assert_golden("bet_looked_at", page)
    assert_golden("bet_answered", look_message(STRATEGY, [shown(KEPT)], RUTH, LOOK_ON, ask_button(STRATEGY)))
    assert_golden("bet_form", forms.bet_modal(DECISION, forms.Subjects([KPI], INITIATIVES), None, LOOK_ON))


def test_before_and_after_stand_in_a_sentence_each() -> None:
    text = drawn(BET)
    assert "“Shorten the form?” (Newsletter relaunch): Yes, decided by Ruth Adler on 30 Nov" in text
    assert "*Monthly givers*, expected 360 (“More give monthly”) by 28 Dec" in text
    assert (
        "When it was decided: 310 on 30 Nov, and as it went it would come to 380 by 28 Dec (360 to 401, 8 in 10)."
        in text
    )
    assert "Now: 402 on 27 Dec. What was expected, 360, is met." in text
    assert words.COINCIDES in text


@pytest.mark.parametrize(
    ("bet", "said"),
    [
        (replace(BET, found=THEN), "Now: nobody has read the number since."),
        (replace(BET, found=replace(FOUND, number=None)), "Now: it is no longer measured as it was."),
        (
            replace(BET, found=replace(FOUND, fate=BetFate.RETIRED)),
            "What was expected, 360, is met. It has been retired since.",
        ),
        (
            replace(BET, then=replace(THEN, number=replace(NUMBER, forecast=None))),
            "310 on 30 Nov, too little to say how it would go on.",
        ),
        (
            replace(BET, then=replace(THEN, number=replace(NUMBER, is_at_least=True))),
            "(360 to 401, at least 8 in 10).",
        ),
        (
            replace(BET, found=replace(FOUND, on=date(2026, 12, 20))),
            "Its strategy was closed before that day",
        ),
        (replace(BET, expected_value=None), "*Monthly givers*, expected “More give monthly” by 28 Dec"),
        (replace(BET, expected=""), "*Monthly givers*, expected 360 by 28 Dec"),
    ],
)
def test_what_became_of_it_is_said_as_it_is(bet: Bet, said: str) -> None:
    assert said in drawn(bet)


def test_an_initiative_is_told_by_its_weeks_and_its_metric() -> None:
    number = replace(NUMBER, name="subscribers")
    bet = replace(
        BET,
        kpi_id=None,
        initiative_id=NEWSLETTER.id,
        then=Known(DECIDED, NEWSLETTER.name, number, WEEKS[:2]),
        found=Known(LOOK_ON, NEWSLETTER.name, None, WEEKS[2:], BetFate.COMPLETED),
    )
    text = drawn(bet)
    assert "expected subscribers 360 (“More give monthly”)" in text
    then = "When it was decided: :large_green_circle::large_green_circle: on track from 23 Nov; subscribers 310 on 30 Nov"
    assert then in text
    now = "Now: :white_circle: no answer from 7 Dec, :large_yellow_circle: at risk from 14 Dec; it is no longer measured"
    assert now in text
    assert "It has been completed since." in text


def test_who_has_not_answered_sees_what_the_other_said_and_chooses() -> None:
    first = replace(BET, looks=(Look(51, BEN, 1), Look(51, RUTH, 2, Verdict.KEEP, "", AT, 1)))
    assert "Ruth Adler: keep it" in drawn(first, BEN)
    assert buttons(first, BEN) == ["Keep", "Change…", "Stop…"]
    assert buttons(first, RUTH) == ["What did we learn?…"]


def test_who_wants_a_change_may_ask_for_it_while_the_strategy_goes_on() -> None:
    assert buttons(KEPT, RUTH) == ["What did we learn?…", "Request a decision…"]
    assert buttons(KEPT, BEN) == []
    closed = replace(STRATEGY, closed_at=AT)
    page = look_message(closed, [shown(KEPT)], RUTH, LOOK_ON, ask_button(closed))
    assert "Request a decision…" not in str(page)


@pytest.mark.parametrize("text", ["x", HOSTILE * 80])
def test_every_message_and_form_is_valid_in_any_words(text: str) -> None:
    decision = replace(DECISION, question=text[:300], outcome=text[:300])
    number = replace(NUMBER, name=text[:75], unit=text[:20], value=Decimal("5123456789012.123456"))
    looks = tuple(replace(look, learning=text[:3000]) for look in KEPT.looks)
    bet = replace(
        KEPT,
        expected=text[:300],
        then=Known(DECIDED, text[:75], number, WEEKS),
        found=Known(LOOK_ON, text[:75], number, WEEKS, BetFate.STOPPED),
        looks=looks,
    )
    many = [shown(replace(bet, id=number), decision, text[:75]) for number in range(1, MOST_IN_MESSAGE + 1)]
    page = look_message(STRATEGY, many, MAYA_OR_NOBODY, LOOK_ON, ask_button(STRATEGY))
    assert_valid_message(page)
    ask = AskShown(decision, text[:75], "Europe/London", text[:75], NAMES, bet)
    for payload in (
        decider_message(ask),
        told_message([ask], may_look_again=True),
        list_message(STRATEGY, "past", [(ask, True)] * 20, AT, RUTH),
    ):
        assert_valid_message(payload)
    kpi = replace(KPI, name=text[:75])
    subjects = forms.Subjects([kpi] * 6, [replace(one, name=text[:75]) for one in INITIATIVES])
    for standing in (None, replace(bet, kpi_id=KPI.id)):
        assert_valid_view(forms.bet_modal(decision, subjects, standing, LOOK_ON))
    for verdict in (None, *Verdict):
        assert_valid_view(forms.answer_modal(bet, decision, verdict))


MAYA_OR_NOBODY = "U0NOBODY"


def filled(**typed: Any) -> dict[str, Any]:
    view = forms.bet_modal(DECISION, forms.Subjects([KPI], INITIATIVES), BET, LOOK_ON)
    return submitted(view, **typed)


def read(**typed: Any) -> forms.BetForm:
    return forms.read_bet(filled(**typed), forms.Subjects([KPI], INITIATIVES), DECIDED)


def test_a_form_as_it_was_opened_says_what_stood() -> None:
    found = read()
    assert (found.kpi, found.initiative, found.expected, found.expected_value, found.look_on) == (
        KPI,
        None,
        BET.expected,
        BET.expected_value,
        LOOK_ON,
    )


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"bet_value": "many"}, forms.VALUE, None),
        ({"bet_value": "12%"}, forms.VALUE, None),
        ({"bet_look_on": "2026-11-30"}, forms.LOOK_ON, "Choose a day after today"),
        ({"bet_look_on": "2027-12-01"}, forms.LOOK_ON, "more than a year away"),
        ({"bet_expected": "", "bet_value": ""}, forms.EXPECTED, "Say what you expect"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(typed: dict[str, str], field: str, sentence: str | None) -> None:
    with pytest.raises(FieldErrors) as refused:
        read(**typed)
    assert set(refused.value.errors) == {field}
    assert sentence is None or sentence in refused.value.errors[field]


def test_an_initiative_without_a_metric_takes_no_number() -> None:
    bare = replace(NEWSLETTER, metrics=())
    state = filled(bet_target=f"initiative:{NEWSLETTER.id}")
    with pytest.raises(FieldErrors, match="has no success metric"):
        forms.read_bet(state, forms.Subjects([KPI], [bare]), DECIDED)
    said = {**state, forms.VALUE: {"value": ""}}
    assert forms.read_bet(said, forms.Subjects([KPI], [bare]), DECIDED).initiative == bare


def test_a_button_of_something_else_says_nothing() -> None:
    with pytest.raises(NotFound):
        read_verdict("bet.dance", "51")


def test_what_is_not_to_be_looked_at_any_more_is_chosen_in_the_same_form() -> None:
    assert forms.is_given_up(filled(bet_target="none"))
    assert not forms.is_given_up(filled())


def test_the_message_of_a_decision_says_when_it_comes_back_and_what_came_of_it() -> None:
    waiting = replace(BET, found=None, looked_at=None, looks=())
    assert words.standing_line(waiting, NAMES) == (
        "To be looked at again on 28 Dec: Monthly givers, expected 360 (“More give monthly”)"
    )
    assert words.standing_line(KEPT, NAMES) == (
        "Looked at again on 28 Dec: Monthly givers 402, expected 360 (“More give monthly”): came true; "
        "Ruth Adler: change it, Ben Carter: stop it (“The form was not it”)"
    )
    assert words.standing_line(BET, NAMES).endswith("nobody has said yet what is to become of it")

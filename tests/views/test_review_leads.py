"""What leads and owners are asked around a review: within Slack's limits, and read back as filled in."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.errors import FieldErrors
from domain.kickoffs import CHANNELS
from domain.periods import Month
from domain.reviews import (
    Carried,
    Choice,
    LeadAnswer,
    LeadChoice,
    MessageCheck,
    Review,
    review_facts,
)
from tests.support.block_kit import assert_valid_message, assert_valid_view, texts_of
from tests.support.forms import submitted
from tests.support.harbor_lights import INITIATIVES, MAYA, NEWSLETTER, REFERRAL, RUTH, STRATEGY
from tests.support.reviews import largest as largest_material
from tests.support.reviews import typical
from tests.views.test_digests import HOSTILE
from views import message_checks as checks
from views.reviews import forms
from views.reviews import leads as views

NOW = datetime(2026, 12, 3, 10, tzinfo=UTC)
POSTED = Review(41, "T1", 1, Month(2026, 12), 1, (), {MAYA: 2}, NOW, NOW)
CLOSED = replace(POSTED, closed_at=NOW)


def fresh() -> views.LeadReview:
    """Just posted: one initiative, nobody has said anything."""
    return views.LeadReview(STRATEGY, POSTED, (NEWSLETTER,), {}, {}, {MAYA: "Maya Okafor"})


def half_way() -> views.LeadReview:
    return replace(
        fresh(),
        initiatives=(NEWSLETTER, REFERRAL),
        answers={MAYA: LeadAnswer(MAYA, still_holds=True, market="Two pools closed", at=NOW)},
        made={1: (LeadChoice(1, Choice.CHANGE, "Half the line", False, MAYA, NOW),)},
    )


def largest(words: str) -> views.LeadReview:
    name, long = words[:75], (words * (3000 // len(words) + 1))[:3000]
    return views.LeadReview(
        replace(STRATEGY, name=name, why=long),
        POSTED,
        tuple(replace(one, name=name) for one in INITIATIVES),
        {lead: LeadAnswer(lead, still_holds=False, market=long, at=NOW) for lead in (MAYA, RUTH)},
        {
            one.id: (
                LeadChoice(one.id, Choice.CHANGE, long[:500], True, RUTH, NOW),
                LeadChoice(one.id, Choice.STOP, long[:500], False, MAYA, NOW, long[:500]),
            )
            for one in INITIATIVES
        },
        {MAYA: name, RUTH: name},
        review_facts(largest_material(words)),
    )


EVERY_SIZE = [fresh(), half_way(), *map(largest, HOSTILE.values())]


def read(payload: dict[str, Any]) -> str:
    return "\n".join(text for text, _ in texts_of(payload["blocks"]))


@pytest.mark.parametrize("deciding", EVERY_SIZE)
@pytest.mark.parametrize("review", [POSTED, CLOSED])
def test_every_message_is_one_slack_accepts(deciding: views.LeadReview, review: Review) -> None:
    deciding = replace(deciding, review=review)
    assert_valid_message(views.lead_message(deciding, MAYA))
    assert_valid_message(views.lead_message(deciding, "U404"))
    assert_valid_message(views.outcome_message(deciding, [MAYA, RUTH]))
    assert_valid_message(views.touched_message(deciding, deciding.initiatives))
    assert_valid_message(views.not_asked_message(deciding))
    for lead in (MAYA, "U404"):
        assert_valid_message(views.reminder_message(deciding, lead))
    for initiative in deciding.initiatives:
        if before := deciding.replaced(initiative):
            assert_valid_message(views.replaced_message(deciding, initiative, before))


@pytest.mark.parametrize("deciding", EVERY_SIZE)
@pytest.mark.parametrize("choice", Choice)
def test_every_form_is_one_slack_accepts(deciding: views.LeadReview, choice: Choice) -> None:
    assert_valid_view(forms.answer_modal(deciding, deciding.answers.get(MAYA)))
    long = "Whatever it takes & more " * 100
    assert_valid_view(forms.choice_modal(deciding, deciding.initiatives[0], choice, long, RUTH))


def test_buttons_come_only_after_the_strategy_was_answered_for() -> None:
    assert "Continue" not in read(views.lead_message(replace(half_way(), answers={}), MAYA))
    assert "Continue\n" in read(views.lead_message(half_way(), MAYA))


def test_what_needs_an_owner_is_not_continued_with_the_others_in_one_click() -> None:
    made = typical()
    left = {**made.people, MAYA: replace(made.people[MAYA], is_deactivated=True)}
    before = replace(half_way(), initiatives=INITIATIVES, made={}, facts=review_facts(made))
    after = replace(before, facts=review_facts(replace(made, people=left)))

    assert [one.name for one in before.on_track if one not in after.on_track] == [NEWSLETTER.name]
    assert "; needs an owner" not in read(views.lead_message(before, MAYA))
    assert "; needs an owner" in read(views.lead_message(after, MAYA))


def test_leads_read_that_a_day_is_gone() -> None:
    deciding = replace(half_way(), initiatives=INITIATIVES, made={}, facts=review_facts(typical()))

    assert "• Due 31 Jan, overdue" in read(views.lead_message(deciding, MAYA))
    assert read(views.lead_message(deciding, MAYA)).count("overdue") == 1


def test_what_another_lead_decided_is_replaced_in_a_form_only() -> None:
    mine, others = (views.choice_buttons(half_way(), NEWSLETTER, lead) for lead in (MAYA, RUTH))
    assert [one["text"]["text"] for one in mine["elements"]] == ["Continue", "Change…", "Stop…"]
    assert [one["text"]["text"] for one in others["elements"]] == ["Continue…", "Change…", "Stop…"]


def test_a_leads_phone_says_first_what_is_asked_and_until_when() -> None:
    text = views.lead_message(replace(half_way(), answers={}), MAYA)["text"]
    assert text.startswith("Does Harbor Lights still hold? The review of December asks you by Thu 3 Dec.\n")
    text = views.lead_message(half_way(), MAYA)["text"]
    assert text.startswith("The review of December, until Thu 3 Dec: to decide: Giver referral programme\n")


def test_an_outcome_names_what_was_left_undecided_and_who_said_nothing() -> None:
    told = read(views.outcome_message(half_way(), [MAYA, RUTH]))

    assert "Newsletter relaunch*: change — Half the line (Maya Okafor)" in told
    assert "no longer as given" in told
    assert "Left undecided: Giver referral programme." in told
    assert "did not say whether the strategy still holds" in told


def test_an_answer_reads_back() -> None:
    answer = LeadAnswer(MAYA, still_holds=False, market="Two pools closed", at=NOW)
    view = forms.answer_modal(half_way(), answer)
    assert forms.read_answer(submitted(view)) == (False, "Two pools closed")


def test_an_empty_answer_is_refused_at_its_fields() -> None:
    with pytest.raises(FieldErrors) as refused:
        forms.read_answer(submitted(forms.answer_modal(fresh(), None)))
    assert set(refused.value.errors) == {forms.HOLDS, forms.MARKET}


def test_a_choice_reads_back() -> None:
    view = forms.choice_modal(fresh(), NEWSLETTER, Choice.STOP, "", MAYA)
    state = submitted(view, evidence="Nobody reads it", authority="no", changed="The budget was cut")

    assert forms.read_choice(state, Choice.STOP) == forms.Chosen(
        "Nobody reads it", False, "The budget was cut"
    )
    ref = forms.ChoiceRef(41, NEWSLETTER.id, Choice.STOP)
    assert forms.read_choice_metadata(view["private_metadata"]) == ref


@pytest.mark.parametrize(("authority", "changed"), [("no", ""), ("yes", "The budget was cut")])
def test_what_changed_is_said_where_something_did_and_only_there(authority: str, changed: str) -> None:
    view = forms.choice_modal(fresh(), NEWSLETTER, Choice.STOP, "", MAYA)
    state = submitted(view, evidence="It is late", authority=authority, changed=changed)
    with pytest.raises(FieldErrors) as refused:
        forms.read_choice(state, Choice.STOP)
    assert set(refused.value.errors) == {forms.CHANGED}


def test_to_continue_needs_no_evidence_and_whether_what_was_given_is_there_may_stay_open() -> None:
    state = submitted(forms.choice_modal(fresh(), NEWSLETTER, Choice.CONTINUE, "", MAYA))
    assert forms.read_choice(state, Choice.CONTINUE) == forms.Chosen()
    with pytest.raises(FieldErrors) as refused:
        forms.read_choice(state, Choice.STOP)
    assert set(refused.value.errors) == {forms.EVIDENCE}


def test_what_changed_is_taken_at_its_word() -> None:
    state = submitted(forms.choice_modal(fresh(), NEWSLETTER, Choice.CONTINUE, "", MAYA), changed="No budget")
    assert forms.read_choice(state, Choice.CONTINUE) == forms.Chosen("", False, "No budget")


# The core message


def asked(
    *, given: tuple[MessageCheck, ...] = (), words: str = "Every child can swim by ten"
) -> checks.MessageChecks:
    channels = (tuple(CHANNELS), ("",))
    return checks.MessageChecks(
        21,
        words,
        tuple((one, channels[one.id % 2]) for one in INITIATIVES),
        {(check.initiative_id, check.channel): check for check in given},
    )


def said(channel: str, carried: Carried, where: str = "") -> MessageCheck:
    return MessageCheck(21, REFERRAL.id, channel, carried, where, MAYA, NOW)


@pytest.mark.parametrize("words", ["Swim", *HOSTILE.values()])
def test_the_core_message_is_asked_within_slacks_limits(words: str) -> None:
    long = replace(
        asked(words=words * 100), given={(REFERRAL.id, "email"): said("email", Carried.NO, words * 50)}
    )
    assert_valid_view(checks.check_modal(long))
    for one in (asked(words=words * 100), long):
        for is_open in (True, False):
            blocks = checks.check_blocks(one, is_open=is_open)
            if blocks:
                assert_valid_message({"text": "x", "blocks": blocks})


def test_a_closed_prompt_asks_nothing_about_the_core_message() -> None:
    assert checks.check_blocks(asked(), is_open=False) == []
    assert checks.check_blocks(None, is_open=True) == []


def test_channels_left_out_are_no_answer() -> None:
    first = CHANNELS[0]
    view = checks.check_modal(asked())
    at = f"carried.{REFERRAL.id}.0"
    found, taken_back = checks.read_checks(submitted(view, **{at: "yes"}), asked(), MAYA, NOW)
    expected = said("" if REFERRAL.id % 2 else first, Carried.YES)

    assert (list(found), taken_back) == ([expected], [])


def test_nothing_said_at_all_is_sent_back() -> None:
    with pytest.raises(FieldErrors):
        checks.read_checks(submitted(checks.check_modal(asked())), asked(), MAYA, NOW)

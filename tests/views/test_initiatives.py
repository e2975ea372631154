"""The initiative's forms and messages."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.absences import Absence, WorkPattern
from domain.check_ins import LastHealth
from domain.errors import FieldErrors
from domain.healths import Health
from domain.initiatives import Status, SuccessMetric
from domain.kickoffs import CHANNELS
from domain.periods import Week
from domain.strategies import Goal
from tests.support.block_kit import assert_valid_message, assert_valid_view
from tests.support.forms import submitted
from tests.support.golden import assert_golden
from tests.support.harbor_lights import (
    BEN,
    FIRST_WEEK,
    INITIATIVES,
    MAYA,
    NEWSLETTER,
    PEOPLE,
    STRATEGY,
    digest_time,
)
from views import absences
from views.initiatives import lifecycle
from views.initiatives import messages as initiative_messages
from views.initiatives.charters import CharterDraft, PartnerDraft
from views.initiatives.forms import (
    InitiativeDraft,
    InitiativeForm,
    InitiativeRef,
    MetricDraft,
    add_modal,
    draft_of,
    edit_modal,
    strategy_modal,
)
from views.initiatives.reading import read_initiative_form
from views.slack.choices import MOST, Again, choice_message
from views.strategies.messages import last_words

TODAY = date(2026, 11, 23)
LAST = LastHealth(Health.AT_RISK, Week(2026, 48))
HOSTILE = "<!channel> & <@U1> <https://e.example|x> 🌊 שלום " * 70
FILLED = {
    "name": "Newsletter relaunch",
    "goal": "1",
    "owner": BEN,
    "due": "2027-03-31",
    "metric_1_name": "subscribers",
    "metric_1_baseline": "4,200",
    "metric_1_target": "6k",
}


def read(view: dict[str, Any], before: Any = NEWSLETTER, **typed: Any) -> InitiativeForm:
    ref = InitiativeRef.read(view["private_metadata"])
    edited = before if ref.initiative_id else None
    return read_initiative_form(submitted(view, **typed), ref, TODAY, edited)


def errors_of(**typed: Any) -> dict[str, str]:
    with pytest.raises(FieldErrors) as refused:
        read(add_modal(STRATEGY, InitiativeDraft(), "C1", TODAY), **{**FILLED, **typed})
    return refused.value.errors


def test_the_form_is_drawn_as_before() -> None:
    view = add_modal(STRATEGY, InitiativeDraft(name="Newsletter relaunch"), "C1", TODAY)

    assert_valid_view(view)
    assert_golden("initiative_add", view)


def test_a_filled_in_form_is_read_with_its_numbers() -> None:
    form = read(add_modal(STRATEGY, InitiativeDraft(), "C1", TODAY), **FILLED)

    assert (form.name, form.goal_id, form.owner_id) == ("Newsletter relaunch", 1, BEN)
    assert (form.start, form.due) == (TODAY, date(2027, 3, 31))
    assert form.metrics == (SuccessMetric(0, "subscribers", "", Decimal(4200), Decimal(6000)),)


def test_an_unchanged_edit_reads_back_what_there_is() -> None:
    view = edit_modal(STRATEGY, NEWSLETTER, "C1")
    form = read(view)

    assert_valid_view(view)
    assert form.metrics == NEWSLETTER.metrics
    assert draft_of(form, form.charter) == draft_of(NEWSLETTER)


def test_a_due_date_long_past_may_stay_when_something_else_is_edited() -> None:
    old = replace(NEWSLETTER, start=date(2026, 1, 1), due=date(2026, 6, 1))

    assert read(edit_modal(STRATEGY, old, "C1"), old, name="Renamed").due == old.due


def test_every_empty_field_says_what_it_needs() -> None:
    nothing = {"name": "", "goal": None, "owner": None, "start": None, "due": None}
    metric = {"metric_1_name": "", "metric_1_baseline": "", "metric_1_target": ""}

    assert set(errors_of(**nothing, **metric)) == {*nothing, *metric}


def test_an_emptied_metric_is_removed_and_the_others_keep_their_ids() -> None:
    view = edit_modal(STRATEGY, NEWSLETTER, "C1")
    empty = dict.fromkeys(("metric_2_name", "metric_2_unit", "metric_2_baseline", "metric_2_target"), "")

    assert [metric.id for metric in read(view, **empty).metrics] == [NEWSLETTER.metrics[0].id]


def test_units_do_not_disturb_numbers() -> None:
    typed = {"metric_1_unit": "£", "metric_1_baseline": "£52", "metric_1_target": "38 £"}
    form = read(add_modal(STRATEGY, InitiativeDraft(), "C1", TODAY), **{**FILLED, **typed})

    assert (form.metrics[0].baseline, form.metrics[0].target) == (Decimal(52), Decimal(38))


@pytest.mark.parametrize("number", ["abc", "--", "4,200 and more", "1e99"])
def test_what_is_no_number_is_sent_back(number: str) -> None:
    assert list(errors_of(metric_1_target=number)) == ["metric_1_target"]


def test_too_many_characters_are_counted_at_their_field() -> None:
    assert errors_of(name="x" * 3001) == {
        "name": "That is 3,001 characters, and I can keep 75. Please shorten it."
    }


def test_a_form_that_waits_for_room_keeps_everything_typed_within_slacks_limit() -> None:
    full = MetricDraft(name="“" * 75, unit='"' * 20, baseline="9" * 40, target="8" * 40)
    partners = tuple(PartnerDraft(person_id="U0123456789", what='"' * 90, number=n) for n in (1, 2, 3))
    charter = CharterDraft(
        sponsor_id="U0123456789",
        may_decide='"' * 180,
        budget='"' * 100,
        resources="\n" * 180,
        channels=CHANNELS,
        partners=partners,
    )
    draft = InitiativeDraft(
        name='"\\' * 37,
        goal_id=2**62,
        owner_id=BEN,
        start=TODAY,
        due=TODAY,
        metrics=(full,) * 3,
        charter=charter,
    )
    waiting = lifecycle.Waiting(channel_id="C1", strategy_id=2**62, draft=draft)
    room = lifecycle.room_modal(STRATEGY, INITIATIVES, waiting, TODAY)
    ref = lifecycle.CloseRef(channel_id="C1", initiative_id=2**62, waiting=waiting)
    close = lifecycle.close_modal(NEWSLETTER, ref, TODAY)

    for view in (room, close):
        assert_valid_view(view)
        assert len(view["private_metadata"]) <= 3000
    assert lifecycle.Waiting.model_validate_json(room["private_metadata"]) == waiting
    assert lifecycle.CloseRef.model_validate_json(close["private_metadata"]) == ref


def test_a_closing_form_needs_to_know_how_it_ends() -> None:
    view = lifecycle.close_modal(NEWSLETTER, lifecycle.CloseRef(channel_id="C1", initiative_id=1), TODAY)
    with pytest.raises(FieldErrors) as refused:
        lifecycle.read_close_form(submitted(view))

    assert refused.value.errors == {"outcome": "Choose how it ends."}
    form = lifecycle.read_close_form(submitted(view, outcome="completed", why="Done."))
    assert (form.status, form.why) == (Status.COMPLETED, "Done.")


@pytest.mark.parametrize("words", ["Plain", HOSTILE])
def test_every_message_and_form_fits_slack_and_mentions_nobody(words: str) -> None:
    person, at = replace(PEOPLE[MAYA], name=words[:60]), digest_time(FIRST_WEEK)
    metrics = tuple(replace(one, name=words[:75], unit=words[:20]) for one in NEWSLETTER.metrics)
    initiative = replace(NEWSLETTER, name=words[:75], metrics=metrics, due_moves=1)
    strategy = replace(STRATEGY, name=words[:75], why=words[:3000], goals=(Goal(1, words[:300]),))
    messages = [
        initiative_messages.list_message(strategy.name, [initiative] * 30, {initiative.id: LAST}, TODAY),
        initiative_messages.list_message(strategy.name, [], {}, TODAY),
        initiative_messages.show_message(strategy, initiative, replace(LAST, next=strategy.why), at.date()),
        initiative_messages.show_message(strategy, replace(initiative, goal_id=None), None, at.date()),
        initiative_messages.added_message(
            strategy, replace(initiative, status=Status.PROPOSED), "Ben (owner)", is_own=False, first=None
        ),
        initiative_messages.added_message(strategy, initiative, "", is_own=True, first=at),
        initiative_messages.saved_message(strategy, initiative, person.id),
        initiative_messages.former_owner_message(initiative, person),
        initiative_messages.new_owner_message(initiative, person),
        initiative_messages.offered_message(initiative, person, person),
        *(
            initiative_messages.status_notice(replace(initiative, status=status), person, words[:500], at)
            for status in (Status.PAUSED, Status.PROPOSED, Status.ACTIVE, Status.COMPLETED, Status.STOPPED)
        ),
    ]
    for message in messages:
        assert_valid_message(message)
    waiting = lifecycle.Waiting(channel_id="C1", strategy_id=1, draft=InitiativeDraft(name=words[:75]))
    for view in (
        add_modal(strategy, InitiativeDraft(name=words), "C1", TODAY),
        edit_modal(strategy, initiative, "C1"),
        strategy_modal([strategy, STRATEGY]),
        lifecycle.room_modal(strategy, [initiative], waiting, TODAY),
        lifecycle.done_modal(words[:500]),
    ):
        assert_valid_view(view)


def test_messages_are_drawn_as_before() -> None:
    assert_golden(
        "initiative_list",
        initiative_messages.list_message(STRATEGY.name, INITIATIVES, {INITIATIVES[0].id: LAST}, TODAY),
    )
    waiting = lifecycle.Waiting(channel_id="C1", strategy_id=1, draft=InitiativeDraft(name="Sixth"))
    assert_golden("initiative_room", lifecycle.room_modal(STRATEGY, INITIATIVES, waiting, TODAY))


def test_choices_fit_a_button_each() -> None:
    again = Again(command="/initiative", subcommand="show", text="x" * 4000, channel_id="C1")
    message = choice_message(HOSTILE[:500], [("“Name”" * 20, again)] * (MOST + 5))

    assert_valid_message(message)
    buttons = message["blocks"][1]["elements"]
    assert len({button["action_id"] for button in buttons}) == MOST
    assert all(len(button["value"]) <= 2000 for button in buttons)


def test_the_away_form_keeps_days_that_are_somebodys_own() -> None:
    own = WorkPattern(frozenset({1, 2}), "NZ")
    view = absences.away_modal("C1", own, WorkPattern(), TODAY, Absence(TODAY, None))
    ref = absences.AwayRef.model_validate_json(view["private_metadata"])
    form = absences.read_away_form(submitted(view, last="2026-11-27"), ref, TODAY)

    assert_valid_view(view)
    assert form.absence == Absence(TODAY, date(2026, 11, 27))
    assert form.pattern == own


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (None, "2026-12-01", "first"),
        ("2026-12-02", "2026-12-01", "last"),
        ("2026-11-01", "2026-11-05", "last"),
    ],
)
def test_the_away_form_says_which_day_is_wrong(first: str | None, last: str, field: str) -> None:
    view = absences.away_modal("C1", None, WorkPattern(), TODAY)
    ref = absences.AwayRef.model_validate_json(view["private_metadata"])
    with pytest.raises(FieldErrors) as refused:
        absences.read_away_form(submitted(view, first=first, last=last), ref, TODAY)

    assert list(refused.value.errors) == [field]


def test_a_health_older_than_last_week_has_no_colour() -> None:
    said = [last_words(LAST, date(2026, 11, 23) + timedelta(weeks=week)) for week in range(3)]
    assert said == [
        ":large_yellow_circle: at risk (from 23 Nov)",
        ":large_yellow_circle: at risk (from 23 Nov)",
        ":white_circle: last at risk (from 23 Nov)",
    ]

"""Real-life sentences: which numbers are readings of a metric."""

from decimal import Decimal

import pytest

from domain.healths import Health
from domain.reading.answers import Candidate, Metric, read_answer
from domain.reading.numbers import is_kept
from tests.domain.initiatives_to_read import (
    ANSWER,
    CLICK,
    COST,
    DAYS,
    DAYS_OUT,
    DESK,
    GIVERS,
    REFERRAL,
    RESULTS,
    SIGN_UPS,
    SUBSCRIBERS,
    about,
)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("4,650 subscribers", {SUBSCRIBERS: "4650"}),
        ("on track, 4,650 subscribers, waiting for legal", {SUBSCRIBERS: "4650"}),
        ("4650 Subscribers!", {SUBSCRIBERS: "4650"}),
        ("4 650 subscribers", {SUBSCRIBERS: "4650"}),
        ("*4,650* subscribers", {SUBSCRIBERS: "4650"}),
        ("subscribers 4,650", {SUBSCRIBERS: "4650"}),
        ("subscribers: 4650", {SUBSCRIBERS: "4650"}),
        ("subscribers = 4,650.", {SUBSCRIBERS: "4650"}),
        ("subscribers (4,650)", {SUBSCRIBERS: "4650"}),
        ("subscribers are at 4.6k", {SUBSCRIBERS: "4600"}),
        ("subscribers: 4,390 → 4,520", {SUBSCRIBERS: "4520"}),
        ("subscribers 4,390 -> 4,520", {SUBSCRIBERS: "4520"}),
        ("from 4,390 to 4,520 subscribers", {SUBSCRIBERS: "4520"}),
        ("subscribers went from 4,390 to 4,520", {SUBSCRIBERS: "4520"}),
        ("subscribers grew to 4,650", {SUBSCRIBERS: "4650"}),
        ("4,650 newsletter subscribers", {SUBSCRIBERS: "4650"}),
        ("we have 4,650 subscribers now", {SUBSCRIBERS: "4650"}),
        ("4.650 subscribers", {SUBSCRIBERS: "4650"}),
        ("4,6 Tsd. subscribers", {SUBSCRIBERS: "4600"}),
        ("4.6 k subscribers", {SUBSCRIBERS: "4600"}),
        ("4'650 subscribers", {SUBSCRIBERS: "4650"}),
        ("4,650 subscribers (target 6,000)", {SUBSCRIBERS: "4650"}),
        ("4,650 subscribers, target 6,000", {SUBSCRIBERS: "4650"}),
        ("4,650 subscribers, up from 4,600", {SUBSCRIBERS: "4650"}),
        ("4,650 subscribers vs 4,600 last week", {SUBSCRIBERS: "4650"}),
        ("4,650 subscribers, open-to-click 3.2 %", {SUBSCRIBERS: "4650", CLICK: "3.2"}),
        ("4,650 subscribers and 3.2% open-to-click", {SUBSCRIBERS: "4650", CLICK: "3.2"}),
        ("subscribers 4,650 open-to-click 3.2%", {SUBSCRIBERS: "4650", CLICK: "3.2"}),
        ("4,650 subscribers 3.2% open-to-click", {SUBSCRIBERS: "4650", CLICK: "3.2"}),
        ("open to click is 3.2", {CLICK: "3.2"}),
        ("4,650 subscribers. Again: 4,650 subscribers", {SUBSCRIBERS: "4650"}),
        # changes, targets, dates, hopes, the past
        ("+50 subscribers", {}),
        ("-50 subscribers", {}),
        ("50 more subscribers", {}),
        ("50 new subscribers", {}),
        ("subscribers up 50", {}),
        ("subscribers +50", {}),
        ("lost 12 subscribers", {}),
        ("gained 50 subscribers", {}),
        ("50 subscribers more than last week", {}),
        ("50 subscribers a day", {}),
        ("50 subscribers short", {}),
        ("6,000 target", {}),
        ("target: 6,000 subscribers", {}),
        ("6,000 subscribers by 31 March", {}),
        ("subscribers by 31 March", {}),
        ("aiming for 5,000 subscribers", {}),
        ("should reach 5,000 subscribers", {}),
        ("4,310 subscribers last week", {}),
        ("we had 4,310 subscribers", {}),
        ("subscribers were 4,310", {}),
        ("almost 5,000 subscribers", {}),
        ("over 5,000 subscribers", {}),
        ("5,000+ subscribers", {}),
        ("4,600-4,700 subscribers", {}),
        ("4,600 to 4,700 subscribers", {}),
        ("between 4,600 and 4,700 subscribers", {}),
        ("4,600 or 4,700 subscribers", {}),
        ("4,650 of 6,000 subscribers", {}),
        ("not 4,650 subscribers", {}),
        ("we don't have 4,650 subscribers", {}),
        ("4,650 subscribers?", {}),
        ("if we get 5,000 subscribers", {}),
        ("4,650 subscribers. Sorry, 4,560 subscribers", {}),
        ("4,65 subscribers", {}),
        ("1 subscriber", {}),
        ("about 4,650 subscribers", {}),
        ("46,500 subscribers", {}),
        ("3% subscribers", {}),
        ("2x subscribers", {}),
        ("Instagram subscribers: 300", {}),
        ("300 lapsed subscribers", {}),
        ("4,650 subscriber emails sent", {}),
        ("interviewed 12 subscribers", {}),
        ("survey of 120 subscribers", {}),
        ("emailed 4,650 subscribers", {}),
        ("`4,650 subscribers`", {}),
        ("> 4,650 subscribers", {}),
        ("4,650", {}),
        ("by 31 March", {}),
        ("2 days late", {}),
        ("meeting at 10:30 with subscribers", {}),
        ("W48 subscribers", {}),
    ],
)
def test_a_number_is_read_only_as_the_level_of_the_metric_beside_it(
    text: str, values: dict[int, str]
) -> None:
    assert dict(about(text).readings) == {metric: Decimal(value) for metric, value in values.items()}


def test_a_kpi_is_read_by_its_name_and_a_metric_of_that_name_first() -> None:
    kpis = (
        Metric(101, "Answer time to parents", "h", Decimal(22)),
        Metric(102, "Monthly givers", "", Decimal(310), Decimal(420)),
    )
    read = read_answer("on track, answer time 30 h, 316 monthly givers", [DESK], kpis=kpis)
    assert read.understood[0].readings == ((ANSWER, Decimal(30)),)
    assert read.kpis == ((102, Decimal(316)),)
    alone = read_answer("answer time to parents 20 h, monthly givers 3,160, 12 calls", [], kpis=kpis)
    assert alone.kpis == ((101, Decimal(20)),)
    assert alone.unlikely_kpis == ((102, Decimal(3160)),)
    assert alone.left == ("12",)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("I am on vacation from 8 to 12 March", ()),
        ("away 8. bis 12. March", ()),
        ("away from the 8th until the 12th of March", ()),
        ("we went from 8 to 12 people", ("8", "12")),
        ("we went from 108 to 12 March", ("108",)),
    ],
)
def test_the_first_day_of_several_is_no_number(text: str, left: tuple[str, ...]) -> None:
    assert read_answer(text, [DESK]).left == left


@pytest.mark.parametrize(
    ("text", "initiative", "values"),
    [
        ("12 referred givers", REFERRAL, {GIVERS: "12"}),
        ("12 givers so far", REFERRAL, {}),
        ("60 givers invited", REFERRAL, {}),
        ("120 monthly givers", REFERRAL, {}),
        ("sign-ups a month: 110", DAYS_OUT, {SIGN_UPS: "110"}),
        ("110 signups, 3 days held", DAYS_OUT, {SIGN_UPS: "110", DAYS: "3"}),
        ("3 days late", DAYS_OUT, {}),
        ("answer time 30 h", DESK, {ANSWER: "30"}),
        ("answer time is down to 30 hours", DESK, {ANSWER: "30"}),
        ("on track, 30h", DESK, {}),
        ("on track, 1.2%", RESULTS, {}),
        ("we're at 1.2 % now", RESULTS, {}),
        ("80% done", RESULTS, {}),
        ("1,200 visits", RESULTS, {}),
        ("took 3 hours of meetings", DESK, {}),
        (
            "cost per new giver £38",
            Candidate(8, "Ads", (Metric(COST, "cost per new giver", "£", None),)),
            {COST: "38"},
        ),
        ("4,650 readers", Candidate(8, "Ads", (Metric(COST, "List size", "readers", None),)), {}),
    ],
)
def test_units_and_words_of_a_metric_place_a_number(
    text: str, initiative: Candidate, values: dict[int, str]
) -> None:
    assert dict(about(text, initiative).readings) == {
        metric: Decimal(value) for metric, value in values.items()
    }


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("on track, 4,650 subscribers, Ines sends a third instructor", {SUBSCRIBERS: "4650"}),
        ("at risk, 4,650 subscribers, it takes longer than I thought", {SUBSCRIBERS: "4650"}),
        ("on track, 46,500 subscribers", {SUBSCRIBERS: "46500"}),
        ("on track, 4,650 subscribers", {}),
        ("4,650 subscribers? Not sure, a third instructor comes", {}),
        ("about 4,650 subscribers, Ines sends a third instructor", {}),
        ("4,650 subscribers, a third instructor. Sorry, 4,560 subscribers", {}),
        ("Tom: 4,650 subscribers, Ines sends a third instructor", {}),
    ],
)
def test_a_number_beside_words_that_may_be_a_part_of_it_is_asked_about(
    text: str, asked: dict[int, str]
) -> None:
    assert dict(about(text).unlikely) == {metric: Decimal(value) for metric, value in asked.items()}


@pytest.mark.parametrize(
    "word", ["approx", "appr", "est", "c", "max", "min", "prev", "incl", "excl", "exp", "ca", "ex"]
)
def test_the_dot_of_an_abbreviation_leaves_the_number_with_it(word: str) -> None:
    read = about(f"on track, {word}. 4,650 subscribers")
    assert (read.health, read.readings) == (Health.ON_TRACK, ())
    assert about(f"subscribers {word}. 4,650").readings == ()


@pytest.mark.parametrize(
    "after",
    [
        ". Estimate.",
        ". Preliminary.",
        ". Not final.",
        ". To be confirmed.",
        ". That was last week.",
        ". Includes bots.",
        "; includes bots",
        "\n(estimate)",
        " (W47)",
        " (week 47)",
    ],
)
def test_a_number_that_the_next_words_take_back_is_not_recorded(after: str) -> None:
    assert about("subscribers 4,650" + after).readings == ()
    assert about("4,650 subscribers" + after).readings == ()


@pytest.mark.parametrize(
    "after",
    [
        ". Legal answered.",
        ". Next: send issue 2.",
        ". Ben called Sam.",
        ". That is great!",
        ". The form was late.",
    ],
)
def test_a_number_stands_before_other_words(after: str) -> None:
    assert about("4,650 subscribers" + after).readings == ((SUBSCRIBERS, Decimal(4650)),)


@pytest.mark.parametrize(
    ("said", "hours"),
    [("2,160 minutes", "36"), ("2,200 min", "36.666667"), ("1.5 days", "36"), ("100 min", None)],
)
def test_a_time_in_another_unit_is_worth_exactly_that(said: str, hours: str | None) -> None:
    hour = Candidate(6, "Desk", (Metric(ANSWER, "answer time", "h", Decimal(41)),))
    likely = about(f"answer time {said}", hour).readings
    assert likely == (((ANSWER, Decimal(hours)),) if hours else ())
    assert all(is_kept(value) for _, value in about(f"answer time {said}", hour).unlikely)

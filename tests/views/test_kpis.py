"""Everything said about KPIs, at its smallest, typical and largest, is something Slack takes."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.check_ins import CheckIn, CheckInState
from domain.digests.gathering import digest_facts
from domain.kpis import Direction, Kpi
from domain.people import Person
from domain.reading.csv_files import CsvReading
from domain.strategies import Goal, Strategy
from domain.words import MAX_NAME
from tests.domain.kpis_to_read import ALL, ANSWER_TIME, COST, GIVERS, RETENTION, measured, reading
from tests.support.block_kit import assert_valid_message, assert_valid_view
from tests.support.forms import submitted
from tests.support.harbor_lights import BEN, FIRST_WEEK, MAYA, PEOPLE, STRATEGY, fourth_week
from views import imports, readings
from views import tokens as kpi_tokens
from views.check_ins.messages import prompt_message
from views.check_ins.prompts import Prompt
from views.digests.messages import digest_message
from views.kpis import forms as kpis
from views.kpis import messages, words
from views.pace import guide
from views.slack.blocks import text_input

LONG = "W" * 75
HOSTILE = "<!channel> & <b> *_~`" + "é" * 54
ON, MID = date(2026, 12, 7), date(2027, 1, 27)
NOW = datetime(2026, 12, 7, 9, tzinfo=UTC)
LARGE_GOALS = tuple(Goal(n, f"{HOSTILE} 5 by May {n}" * 3) for n in (1, 2, 3))
LARGE: Strategy = replace(STRATEGY, name=HOSTILE, why=HOSTILE * 10, goals=LARGE_GOALS)


def large(number: int) -> Kpi:
    return replace(
        GIVERS,
        id=10**18 + number,
        name=(HOSTILE[:-1] + str(number)),
        unit="<&" * 10,
        goal_id=1,
        baseline=Decimal("999999999999999.999999"),
        target=Decimal("-999999999999999.999999"),
        direction=Direction.DECREASE_TO,
        if_short=HOSTILE * 6,
        vanity_kept_by=MAYA,
    )


SIX = [measured(large(n), ON, "-123456789012345.654321") for n in range(6)]


@pytest.mark.parametrize("watched", [[], [GIVERS], list(ALL), SIX], ids=["none", "one", "typical", "largest"])
def test_the_list_is_valid(watched: list[Kpi]) -> None:
    assert_valid_message(messages.list_message(LARGE, watched, ON))


@pytest.mark.parametrize("kpi", [GIVERS, measured(COST, ON, "50"), SIX[0]], ids=["new", "typical", "largest"])
def test_what_is_said_about_one_is_valid(kpi: Kpi) -> None:
    by = Person("T1", MAYA, HOSTILE)
    given = reading(kpi, ON, "5")
    assert_valid_message(messages.saved_message(LARGE, kpi, is_new=True, count=1))
    assert_valid_message(messages.owner_message(LARGE, [kpi], by))
    assert_valid_message(messages.recorded_message(kpi, given, given, ON))


def test_the_form_is_valid_empty_filled_and_cautioned() -> None:
    ref = kpis.KpiRef(channel_id="C1", strategy_id=1)
    empty = kpis.add_modal(STRATEGY, kpis.KpiDraft(), ref, ON)
    filled = kpis.edit_modal(LARGE, SIX[0], "C1")
    for view in (empty, filled):
        assert_valid_view(view)
        assert_valid_view(kpis.caution_modal(LARGE, submitted(view), ref, "what visitors then do"))


def test_a_form_reads_back_what_it_was_filled_with() -> None:
    view = kpis.edit_modal(STRATEGY, COST, "C1")
    form = kpis.read_kpi_form(submitted(view), COST, ON)
    same = (COST.name, COST.kind, COST.unit, COST.direction, COST.baseline, COST.target, COST.if_short)
    assert (
        form.name,
        form.kind,
        form.unit,
        form.direction,
        form.baseline,
        form.target,
        form.if_short,
    ) == same
    assert (form.baseline_on, form.target_on, form.cadence) == (
        COST.baseline_on,
        COST.target_on,
        COST.cadence,
    )


@pytest.mark.parametrize("kpi", [GIVERS, measured(RETENTION, ON, "61"), SIX[0]])
def test_the_reading_form_is_valid(kpi: Kpi) -> None:
    assert_valid_view(readings.reading_modal(kpi, readings.ReadingRef(kpi_id=kpi.id), ON))


def prompt(lines: list[readings.KpiLine], *, is_open: bool = True) -> Prompt:
    check_in = CheckIn(1, "T1", 1, BEN, FIRST_WEEK, CheckInState.ASKED, NOW)
    return Prompt(STRATEGY, check_in, (), NOW, ON, {}, is_open=is_open, kpis=tuple(lines))


@pytest.mark.parametrize("is_open", [True, False])
@pytest.mark.parametrize("watched", [[GIVERS], list(ALL), SIX], ids=["one", "typical", "largest"])
def test_a_prompt_for_numbers_only_is_valid(watched: list[Kpi], is_open: bool) -> None:
    asked = [readings.KpiLine(kpi) for kpi in watched]
    recorded = [readings.KpiLine(kpi, reading(kpi, ON, "5")) for kpi in watched]
    for lines in (asked, recorded):
        assert_valid_message(prompt_message(prompt(lines, is_open=is_open)))


@pytest.mark.parametrize(
    "watched",
    [
        [GIVERS],
        [
            replace(kpi, readings=(reading(kpi, date(2026, 11, 30), "60"), reading(kpi, ON, "61")))
            for kpi in ALL
        ],
        SIX,
    ],
    ids=["one", "typical", "largest"],
)
def test_a_digest_with_kpis_is_valid_and_has_them_in_its_fallback(watched: list[Kpi]) -> None:
    drawn = digest_message(digest_facts(replace(fourth_week(), kpis=tuple(watched))))
    assert_valid_message(drawn)
    assert "KPIs" in drawn["text"]


@pytest.mark.parametrize(
    ("kpi", "line"),
    [
        (
            measured(GIVERS, MID, "380"),
            "Monthly givers 380 (27 Jan) ▲ 70 · increase to 420 by 31 Mar · on pace (plan 366)",
        ),
        (
            measured(GIVERS, ON, "310"),
            "Monthly givers 310, should be 322 (7 Dec) unchanged · increase to 420 by 31 Mar · too early to say",
        ),
        (
            measured(GIVERS, MID, "314"),
            "Monthly givers 314, should be 366 (27 Jan) ▲ 4 · increase to 420 by 31 Mar · behind",
        ),
        (
            measured(COST, ON, "37"),
            "Cost per new giver £37 (7 Dec) ▼ £15 · decrease to £38 by 31 Mar · reached ✓",
        ),
        (
            measured(RETENTION, ON, "63"),
            "Donor retention 63% (7 Dec) ▼ 1% · stay above 62% until 31 Mar · holds",
        ),
        (
            replace(RETENTION, readings=tuple(reading(RETENTION, day, "61") for day in (ON, MID))),
            "Donor retention 61% (27 Jan) unchanged · stay above 62% until 31 Mar · outside its limit (held in 0 of its last 2 readings)",
        ),
        (
            measured(ANSWER_TIME, ON, "25"),
            "Answer time to parents 25 h (7 Dec) ▲ 3 h · stay below 24 h until 31 Mar · outside its limit",
        ),
        (GIVERS, "Monthly givers baseline 310 (23 Nov) · increase to 420 by 31 Mar · no reading yet"),
    ],
)
def test_one_line_tells_value_trend_target_and_pace(kpi: Kpi, line: str) -> None:
    on = kpi.latest.on if kpi.latest else ON
    assert words.kpi_line(kpi, on, lambda text: text) == line


def test_after_its_day_a_reached_target_shows_the_newest_value() -> None:
    days = (date(2027, 3, 30), date(2027, 4, 5))
    kpi = replace(
        GIVERS, readings=tuple(reading(GIVERS, day, v) for day, v in zip(days, ("425", "431"), strict=True))
    )
    said = "431 (5 Apr) ▲ 6 · increase to 420 by 31 Mar · reached by its day ✓"
    assert words.kpi_words(kpi, date(2027, 4, 6), moved=True) == said


@pytest.mark.parametrize(
    ("kpi", "on", "line"),
    [
        (measured(GIVERS, ON, "330"), date(2026, 12, 22), "outdated (last 330, 7 Dec)"),
        (measured(GIVERS, date(2027, 3, 29), "311"), date(2027, 4, 1), "missed: 311 of 420"),
        (measured(RETENTION, date(2027, 3, 29), "58"), date(2027, 4, 1), "missed: 58%, limit 62%"),
        (measured(GIVERS, MID, "420"), date(2027, 4, 1), "not read by its day (last 420, 27 Jan)"),
    ],
)
def test_what_is_outdated_or_missed_is_said_in_place_of_its_last_value(kpi: Kpi, on: date, line: str) -> None:
    assert words.kpi_words(kpi, on, moved=True).startswith(f"{line} · ")
    assert "▲" not in words.kpi_words(kpi, on, moved=True)


def tokens(count: int) -> list[kpi_tokens.TokenLine]:
    return [
        kpi_tokens.TokenLine(
            id=n, hint="a<&b", created_by=MAYA, created_at=NOW, last_used_at=NOW if n else None
        )
        for n in range(count)
    ]


@pytest.mark.parametrize(("watched", "count"), [([], 0), (list(ALL), 1), (SIX, 5)])
def test_the_window_of_tokens_is_valid(watched: list[Kpi], count: int) -> None:
    for made in ("", "drumbeat_" + "x" * 43):
        assert_valid_view(kpi_tokens.tokens_modal(LARGE, watched, tokens(count), PEOPLE, made=made))


def plan(watched: list[Kpi]) -> imports.ImportPlan:
    rows = tuple(CsvReading(2, kpi, ON, Decimal(5), "") for kpi in watched)
    return imports.ImportPlan(rows, replacing=len(rows), same=3, had_mark=True)


@pytest.mark.parametrize("watched", [[], list(ALL), SIX], ids=["nothing new", "typical", "largest"])
def test_the_preview_of_an_import_is_valid(watched: list[Kpi]) -> None:
    ref = imports.ImportRef(strategy_id=10**18, file_id="F" * 20, message_id=10**18)
    assert_valid_message(imports.preview_message(HOSTILE, LARGE, plan(watched), ref))
    assert_valid_message(imports.problems_message(HOSTILE, [f"Line {n}: {HOSTILE * 9}" for n in range(99)]))


@pytest.mark.parametrize("watched", [[GIVERS], SIX])
def test_the_forms_of_an_import_are_valid(watched: list[Kpi]) -> None:
    views: list[Any] = [imports.import_modal(LARGE, watched), imports.reading_modal()]
    for view in views:
        assert_valid_view(view)


def test_a_name_as_long_as_a_form_takes_is_shown_whole() -> None:
    assert LONG in words.kpi_line(replace(GIVERS, name=LONG), ON, lambda text: text)
    assert text_input(LONG, max_length=MAX_NAME)["initial_value"] == LONG


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("4495.31", "4495"),
        ("349.7", "350"),
        ("45.31", "45.3"),
        ("3.421", "3.42"),
        ("0.012345", "0.0123"),
        ("0", "0"),
    ],
)
def test_what_a_plan_has_due_is_rounded_to_three_digits_but_never_less_than_whole(
    value: str, shown: str
) -> None:
    assert guide(Decimal(value)) == Decimal(shown)

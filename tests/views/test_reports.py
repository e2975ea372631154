"""A month's report as a page: it stands by itself, is read by everybody, and holds no word that should not leave Slack."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.periods import Month, Week
from domain.reading.legible import FSI, PDI, legible
from domain.reports import ReportMaterial, report_facts
from domain.reviews import KpiWeek, ReviewMaterial
from domain.signals import Said, Signal, Unlike
from tests.support.golden import assert_golden
from tests.support.harbor_lights import BEN, STRATEGY
from tests.support.pages import Page
from tests.support.reviews import largest, smallest, typical
from tests.views.test_bets import KEPT
from tests.views.test_digests import HOSTILE
from views.reports.charts import kpi_chart
from views.reports.page import report_page
from views.reports.words import report_words, sent_words

ROOT = Path(__file__).parents[2]


def drawn(made: ReviewMaterial) -> str:
    return report_page(report_facts(ReportMaterial(made, made.rhythm.at)))


def lines(page: Page) -> list[str]:
    return [one.text for one in page.all("h1", "h2", "h3", "p", "li", "blockquote", "dd", "tr", "figcaption")]


@pytest.mark.parametrize(("name", "made"), [("smallest", smallest()), ("typical", typical())])
def test_reports_read_as_before(name: str, made: ReviewMaterial) -> None:
    assert_golden(f"report_{name}", lines(Page(drawn(made))))


@pytest.mark.parametrize("made", [smallest(), typical(), *map(largest, HOSTILE.values())])
def test_it_stands_by_itself_and_runs_nothing(made: ReviewMaterial) -> None:
    html = drawn(made)
    page = Page(html)
    assert html.startswith('<!doctype html>\n<html lang="en">')
    assert not list(
        page.all("script", "iframe", "object", "embed", "link", "img", "base", "form", "a", "foreignobject")
    )
    [style] = page.all("style")
    assert not re.search(r"url\(|@import|@font-face", str(style.children[0]))
    names = {name for one in page.all() for name in one.attributes}
    assert not [
        name for name in names if name.startswith("on") or name in ("href", "src", "style", "xlink:href")
    ]


@pytest.mark.parametrize("words", HOSTILE.values(), ids=list(HOSTILE))
def test_what_people_wrote_is_shown_and_never_markup(words: str) -> None:
    page = Page(drawn(largest(words)))
    assert {one.tag for one in page.all()} <= {one.tag for one in Page(drawn(largest("words"))).all()}
    assert not set(page.text) & set("\u202e\u202d\u2067\u200b")
    name = "".join(legible(words[:75]).split())
    assert name in "".join(page.text.split()).replace(FSI, "").replace(PDI, "")


def test_headings_are_in_order_and_tables_say_what_their_cells_are() -> None:
    page = Page(drawn(typical()))
    levels = [int(one.tag[1]) for one in page.all("h1", "h2", "h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert {one.attributes.get("scope") for one in page.all("th")} == {"col", "row"}
    for chart in page.all("svg"):
        assert chart.attributes["role"] == "img"
        assert chart.attributes["aria-label"] == "Monthly givers: 364, on pace (plan 364)"


def test_what_people_said_in_check_ins_and_their_reasons_stay_in_slack() -> None:
    text = Page(drawn(typical())).text
    assert "Two posts sold the gala" not in text  # where the core message broke
    assert "It worked in May" not in text  # why it was decided
    assert "Print 5,000 leaflets?" in text


def test_signs_never_stand_without_their_words() -> None:
    page = Page(drawn(typical()))
    rows = page.table("Health, week of")
    assert rows[0][:4] == ["Newsletter relaunch", "✓on track", "■off track", "✓on track"]
    assert {cell[0] for row in rows for cell in row[1:]} <= set("✓▲■○–")
    assert all(len(cell) > 1 for row in rows for cell in row[1:])


def test_a_kpi_that_nobody_read_has_no_chart_and_is_missing() -> None:
    page = Page(drawn(typical()))
    assert [one.text for one in page.all("figcaption")] == ["Monthly givers: 364, on pace (plan 364)"]
    kpis, metrics = page.below("What is missing")
    assert kpis == "No recent number of Answer time."
    assert metrics.startswith("No number yet of the success metrics subscribers, open-to-click, ")


def test_the_first_words_say_whether_the_month_is_over() -> None:
    november, now = Month(2026, 11), typical().rhythm.at
    assert sent_words(STRATEGY, november, now).startswith("The report of November 2026 is on its way")
    so_far = sent_words(STRATEGY, Month.of(now.date()), now)
    assert so_far == "The report of February 2027 so far is on its way to our direct messages."
    assert report_words(replace(STRATEGY, name="<!here>"), november, now).startswith(
        "The report of November 2026: &lt;!here&gt;."
    )


numbers = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**15), max_value=10**15)


@given(
    points=st.lists(st.tuples(numbers, numbers, st.booleans()), min_size=2, max_size=12),
    unit=st.sampled_from(["", "£", "%", "givers"]),
)
def test_a_chart_is_drawn_of_any_numbers_within_its_frame(
    points: list[tuple[Decimal, Decimal, bool]], unit: str
) -> None:
    weeks = [KpiWeek(Week(2026, 10).plus(at), *point) for at, point in enumerate(points)]
    svg = Page(str(kpi_chart(weeks, unit, 'A < B & "C"')))
    [drawing] = svg.all("svg")
    assert drawing.attributes["aria-label"] == 'A < B & "C"'
    dots = list(drawing.all("circle"))
    assert len(dots) == sum(not missing for _, _, missing in points)
    assert all(0 <= float(dot.attributes[one] or -1) <= 440 for dot in dots for one in ("cx", "cy"))


def test_a_bot_that_makes_no_report_holds_neither_library() -> None:
    """Both are loaded with the first page."""
    script = "import json, sys, bot.app, bot.routes; print(json.dumps([n for n in sys.modules if n in ('jinja2', 'leather')]))"
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert json.loads(told.stdout) == []


def test_a_week_in_which_somebody_may_still_answer_is_open_in_each_row() -> None:
    made = typical()
    facts = report_facts(ReportMaterial(made, made.rhythm.at))
    shorter = [
        replace(one, line=replace(one.line, weeks=one.line.weeks[:-1], standings=one.line.standings[:-1]))
        for one in facts.initiatives
    ]

    for open_ones in (tuple(shorter), (shorter[0], *facts.initiatives[1:])):
        page = Page(report_page(replace(facts, initiatives=open_ones)))

        weeks = [row for row in page.all("tr") if row.text.endswith("still open")]
        assert len(weeks) == sum(one in shorter for one in open_ones)


def test_a_month_that_is_over_says_so_with_its_last_day() -> None:
    made = typical()
    later = ReportMaterial(
        replace(made, period=Month(2027, 1), since=made.rhythm.at - timedelta(days=40)), made.rhythm.at
    )
    page = Page(report_page(report_facts(later)))
    assert "Report of January 2027" in page.text
    assert "so far" not in page.text
    assert date(2027, 1, 31) == Month(2027, 1).last_day


def test_what_decisions_came_to_is_told_without_what_people_said_of_it() -> None:
    made = typical()
    bet = replace(KEPT, decision_id=1, looked_at=made.rhythm.at - timedelta(days=1))
    page = Page(drawn(replace(made, bets=(bet,))))
    assert page.table("Decided") == [
        [
            "Print 5,000 leaflets? → Yes",
            "Monthly givers 360 by 28 Dec",
            "310 (30 Nov) → 402 (27 Dec)",
            "came true",
            "change",
        ]
    ]
    assert "it does not say that they caused it" in page.text
    assert "The form was not it" not in page.text


def test_a_number_out_of_the_ordinary_is_told_without_what_its_owner_said() -> None:
    made = typical()
    at = made.rhythm.at - timedelta(days=2)
    unlike = Unlike(date(2027, 1, 25), Decimal(364), Decimal(310), Decimal("350.5"))
    signal = Signal(1, "T1", 1, 1, unlike, BEN, 1, at, Said("The match funding ended", BEN, at))
    page = Page(drawn(replace(made, signals=(signal,))))
    assert page.below("Out of the ordinary") == [
        "Monthly givers: 364 on 25 Jan is unlike the readings before it (ordinarily 310 to 350.5)."
    ]
    assert "match funding" not in page.text

"""A month's report as one page of HTML that stands by itself: no script, nothing from elsewhere, made to be printed.

What leaves Slack is what the team wrote down for the strategy: docs/decisions/ says what does not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from domain.bets import Bet
from domain.check_ins import Standing
from domain.decisions import Decision, is_overdue
from domain.healths import Health
from domain.initiatives import due_standing
from domain.reading.legible import legible
from domain.reports import NumberFacts, ReportedInitiative, ReportFacts
from domain.reviews import Carried, InitiativeHealth
from domain.schedules import local_day
from domain.words import dated, full_day, listed, short_day
from views.bets.words import outcome
from views.confidence import SCALE, confidence_lines
from views.reports import words
from views.reports.charts import kpi_chart
from views.reviews.exceptions import needs_attention, standing
from views.reviews.reckoning import FORMULA, health_parts, health_score
from views.reviews.words import bets_note, decision_counts, impact_lines, stands, taught_by, week_label

_PAGES = Environment(
    loader=PackageLoader("views.reports", "."),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_SIGNS = {Health.ON_TRACK: "✓", Health.AT_RISK: "▲", Health.OFF_TRACK: "■"}
_SILENT, _UNASKED = "○", "–"
_STILL_OPEN = (_UNASKED, "still open")
_LEAST_POINTS = 2
"""Weeks that make a line."""


@dataclass(frozen=True, slots=True)
class NumberEntry:
    """A KPI or a success metric as a row of a table."""

    name: str
    stands: str
    target: str
    sign: str
    pace: str


@dataclass(frozen=True, slots=True)
class ChartFigure:
    """`outlook` is where it goes, "" where nothing can be said; `by_week` are its numbers in words."""

    finding: str
    outlook: str
    drawing: Markup
    by_week: str


@dataclass(frozen=True, slots=True)
class InitiativeEntry:
    """`weeks` are (sign, word), one for each week of the page; `marked` where it needs attention."""

    name: str
    owner: str
    sign: str
    stands: str
    due: str
    marked: bool
    weeks: Sequence[tuple[str, str]]
    numbers: Sequence[NumberEntry]


@dataclass(frozen=True, slots=True)
class BetEntry:
    """A decision that was looked at again."""

    decision: str
    expected: str
    found: str
    outcome: str
    verdict: str


@dataclass(frozen=True, slots=True)
class DecisionEntry:
    question: str
    answer: str
    by: str
    day: str


def report_page(facts: ReportFacts) -> str:
    return _PAGES.get_template("report.html").render(_page(facts))


def _page(facts: ReportFacts) -> dict[str, Any]:
    """What the template names, in the order of the page."""
    return {**_heading(facts), **_numbers(facts), **_initiatives(facts), **_decisions(facts), **_month(facts)}


def _heading(facts: ReportFacts) -> dict[str, Any]:
    review = facts.review
    strategy = review.strategy
    month = words.month_name(review.period)
    about = (
        ("For", strategy.audience),
        ("Different by", strategy.difference),
        ("Core message", strategy.core_message),
    )
    return {
        "name": words.name(strategy.name),
        "month": month if facts.is_over else f"{month} so far",
        "until": full_day(review.today),
        "is_over": facts.is_over,
        "made": words.made_on(facts),
        "leads": listed([words.person(review.people, one) for one in strategy.leads]),
        "why": legible(strategy.why),
        "about": [(heading, legible(text)) for heading, text in about if text],
        "goals": [legible(goal.text) for goal in strategy.goals],
        "summary": [f"{one[:1].upper()}{one[1:]}" for one in standing(review, _noun(facts))],
        "happened": listed(decision_counts(review)),
    }


def _numbers(facts: ReportFacts) -> dict[str, Any]:
    return {
        "kpis": [_number_row(one, facts) for one in facts.kpis],
        "charts": list(_charts(facts)),
        "unlike": list(words.unlike(facts)),
    }


def _initiatives(facts: ReportFacts) -> dict[str, Any]:
    review = facts.review
    first = _first_asked(facts)
    return {
        "initiatives": [_initiative_row(one, facts, first) for one in facts.initiatives],
        "weeks": [week_label(week) for week in review.weeks[first:]],
        "others": [(words.name(one.name), one.status.value) for one in facts.others],
        "late": [
            (
                words.name(step.name),
                words.name(of.name),
                words.person(review.people, step.person_id),
                dated(step.due, review.today),
            )
            for of, step in review.late
        ],
    }


def _decisions(facts: ReportFacts) -> dict[str, Any]:
    review = facts.review
    return {
        "taken": [_settled(one, facts) for one in review.taken],
        "defaulted": [_settled(one, facts) for one in review.defaulted],
        "waiting": [_open(one, facts) for one in review.waiting],
        "bets": [_bet_entry(bet, decision, facts) for bet, decision in review.bets],
        "bets_note": bets_note(review),
        "confidence": confidence_lines(review.confidence) if review.confidence else [],
        "scale": SCALE,
        "has_moved_asks": facts.has_moved_asks,
    }


def _month(facts: ReportFacts) -> dict[str, Any]:
    """What was learned, published and moved in it, and its rhythm."""
    review = facts.review
    names = {id_: words.name(one) for id_, one in review.names.items()}
    return {
        "learnings": [
            (one.kind.value.capitalize(), words.line(one.text), words.name(taught_by(one, review)))
            for one in review.learnings
        ],
        "channels": [
            (
                words.name(one.channel) if one.channel else "What was published",
                [one.counts.get(it, 0) for it in Carried],
            )
            for one in review.channels
        ],
        "moved": list(words.moved(facts.changes, names, review.today)),
        "score": health_score(review.rhythm.health),
        "score_parts": health_parts(review.rhythm.health),
        "formula": FORMULA,
        "impact": impact_lines(review.rhythm.impact),
        "missing": words.missing(facts),
    }


def _noun(facts: ReportFacts) -> str:
    return " initiative" if len(facts.initiatives) == 1 else " initiatives"


def _number_row(number: NumberFacts, facts: ReportFacts) -> NumberEntry:
    return NumberEntry(
        words.name(number.number.name),
        words.stands(number, facts.review.today),
        words.target(number),
        words.SIGNS.get(number.number.pace, words.UNKNOWN),
        words.pace(number),
    )


def _charts(facts: ReportFacts) -> Iterator[ChartFigure]:
    for number, of in zip(facts.kpis, facts.review.kpis, strict=True):
        if len(number.weeks) >= _LEAST_POINTS:
            finding = words.finding(number)
            yield ChartFigure(
                finding,
                words.goes(number, of.kpi, facts.review.today),
                kpi_chart(number.weeks, number.number.unit, finding),
                words.by_week(number, [week_label(point.week) for point in number.weeks]),
            )


# Initiatives


def _first_asked(facts: ReportFacts) -> int:
    """The first week in which any was asked about; the last one where none was."""
    asked = [
        at
        for at in range(len(facts.review.weeks))
        if any(_is_asked(one.line, at) for one in facts.initiatives)
    ]
    return min(asked, default=len(facts.review.weeks) - 1)


def _is_asked(line: InitiativeHealth, at: int) -> bool:
    if at >= len(line.weeks):
        return False
    standing = line.standings[at]
    return line.weeks[at] is not None or (standing is not None and standing.counts)


def _initiative_row(one: ReportedInitiative, facts: ReportFacts, first: int) -> InitiativeEntry:
    line, review = one.line, facts.review
    signs = [_sign(*week) for week in zip(line.weeks[first:], line.standings[first:], strict=True)]
    signs += [_STILL_OPEN] * (len(review.weeks[first:]) - len(signs))
    return InitiativeEntry(
        words.name(line.initiative.name),
        words.person(review.people, line.initiative.owner_id),
        _SIGNS[line.latest] if line.latest else _SILENT,
        stands(line, review),
        due_standing(line.initiative, review.today),
        needs_attention(line, review),
        signs,
        [_number_row(number, facts) for number in one.numbers],
    )


def _sign(health: Health | None, standing: Standing | None) -> tuple[str, str]:
    if health is not None:
        return _SIGNS[health], health.label
    is_silent = standing is not None and standing.is_silence
    return (_SILENT, "no answer") if is_silent else (_UNASKED, "not asked")


# Decisions


def _settled(decision: Decision, facts: ReportFacts) -> DecisionEntry:
    """For a default nobody decided."""
    review = facts.review
    day = local_day(decision.decided_at, review.strategy.zone) if decision.decided_at else decision.due
    by = words.person(review.people, decision.decided_by or decision.decider_id)
    return DecisionEntry(
        words.line(decision.question), words.line(decision.outcome or decision.default), by, short_day(day)
    )


def _open(decision: Decision, facts: ReportFacts) -> DecisionEntry:
    review = facts.review
    late = ", overdue" if is_overdue(decision, review.strategy.zone, review.at) else ""
    return DecisionEntry(
        words.line(decision.question),
        words.line(decision.default),
        words.person(review.people, decision.decider_id),
        f"{dated(decision.due, review.today)}{late}",
    )


def _bet_entry(bet: Bet, decision: Decision, facts: ReportFacts) -> BetEntry:
    today = facts.review.today
    return BetEntry(
        f"{words.line(decision.question)} → {words.line(decision.outcome)}",
        words.expected(bet, today),
        words.before_and_after(bet, today),
        outcome(bet),
        bet.verdict.value if bet.verdict else "nothing yet",
    )

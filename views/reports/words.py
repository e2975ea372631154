"""The words of a month's report, not escaped: the page escapes what it holds, once."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from domain.bets import Bet, NumberKnown
from domain.changes import Change, ChangeKind
from domain.forgetting import SOMEONE
from domain.kpis import Kpi
from domain.pace import Pace
from domain.people import Person
from domain.periods import Month
from domain.reading.legible import isolated, legible
from domain.reports import NumberFacts, ReportFacts, month_span
from domain.schedules import local_day
from domain.strategies import Strategy
from domain.words import MAX_NAME, dated, full_day, listed, show_number
from views.forecasts import outlook
from views.pace import guide
from views.slack.blocks import escape
from views.slack.lines import on_one_line

SIGNS = {
    Pace.ON_PACE: "✓",
    Pace.REACHED: "✓",
    Pace.BEHIND: "▲",
    Pace.MISSED: "■",
}
UNKNOWN = "○"
_OF_LIMITS = {Pace.ON_PACE: "holds", Pace.BEHIND: "outside its limit"}
_UNREAD = (Pace.OUTDATED, Pace.NOT_READ)


def month_name(month: Month) -> str:
    return f"{month.day(1):%B %Y}"


def _called(strategy: Strategy, month: Month, now: datetime) -> str:
    """As in "November 2026", or "November 2026 so far"."""
    is_over = now >= month_span(strategy, month)[1]
    return month_name(month) if is_over else f"{month_name(month)} so far"


def sent_words(strategy: Strategy, month: Month, now: datetime) -> str:
    """To whoever asked for it."""
    this = Month.of(local_day(now, strategy.zone))
    said = f"The report of {_called(strategy, month, now)} is on its way to our direct messages."
    return said if month == this else f"{said} `/rhythm report {this.day(1):%B}` gives this month so far."


def report_words(strategy: Strategy, month: Month, now: datetime) -> str:
    """With the file; escaped."""
    return (
        f"The report of {_called(strategy, month, now)}: {escape(name(strategy.name))}. One page for people outside "
        "Slack; open it in a browser and print it from there, on paper or as a PDF. It names owners and deciders, and "
        "holds decisions and learnings; what people said in check-ins is not in it. Read it before you pass it on."
    )


def name(text: str) -> str:
    return isolated(on_one_line(text, MAX_NAME))


def line(text: str) -> str:
    """People's words whole, on one line."""
    return isolated(" ".join(legible(text).split()))


def person(people: Mapping[str, Person], person_id: str) -> str:
    known = people.get(person_id)
    return SOMEONE if known is None or known.is_forgotten else name(known.name)


# Numbers


def amount(number: NumberFacts, value: Decimal) -> str:
    return name(show_number(value, number.number.unit))


def stands(number: NumberFacts, today: date) -> str:
    """As in "314 (30 Nov)"; before the first reading there is the baseline, called so."""
    it = number.number
    if it.value is None or it.read_on is None:
        return f"baseline {amount(number, it.baseline)}"
    return f"{amount(number, it.value)} ({dated(it.read_on, today)})"


def target(number: NumberFacts) -> str:
    """As in "up to 420 by 31 Mar 2027, was 450"."""
    it = number.number
    way = (
        ("at least" if number.is_up else "at most")
        if number.is_limit
        else ("up to" if number.is_up else "down to")
    )
    was = "" if number.first_target == it.target else f", at first {amount(number, number.first_target)}"
    until = "until" if number.is_limit else "by"
    return f"{way} {amount(number, it.target)} {until} {full_day(number.target_on)}{was}"


def pace(number: NumberFacts) -> str:
    """As in "behind: should be 325"."""
    it = number.number
    if number.is_limit and it.pace in _OF_LIMITS:
        return _OF_LIMITS[it.pace]
    if it.pace is Pace.BEHIND:
        return f"behind: should be {amount(number, guide(it.line))}"
    if it.pace is Pace.ON_PACE:
        return f"on pace (plan {amount(number, guide(it.line))})"
    return "outdated, no number yet" if it.pace is Pace.OUTDATED and it.value is None else it.pace.value


def finding(number: NumberFacts) -> str:
    """What a chart shows, as in "Monthly givers: 314, behind: should be 325"."""
    it = number.number
    value = "no reading yet" if it.value is None else amount(number, it.value)
    if it.pace in _UNREAD:
        return f"{name(it.name)}: {it.pace}, last {value}"
    return f"{name(it.name)}: {value}, {pace(number)}"


def goes(number: NumberFacts, kpi: Kpi, today: date) -> str:
    """Where it ends if it goes on as it did; "" where that cannot be said."""
    found = kpi.forecast(today)
    return outlook(kpi.plan, found, today, partial(amount, number)) if found else ""


def by_week(number: NumberFacts, labels: Iterable[str]) -> str:
    """The chart's numbers, with the weeks nobody read named."""
    points = list(zip(labels, number.weeks, strict=True))
    told = "; ".join(
        f"{label} {amount(number, point.value)} ({amount(number, guide(point.line))})"
        for label, point in points
    )
    gaps = [label for label, point in points if point.is_missing]
    unread = f" Nobody read it in the week{'s' if len(gaps) > 1 else ''} of {listed(gaps)}." if gaps else ""
    return f"By week, the plan in brackets: {told}.{unread}"


# The plan


_MOVED = {
    ChangeKind.WHY: "The why",
    ChangeKind.GOAL: "A goal",
    ChangeKind.KPI_TARGET: "The plan of a KPI",
    ChangeKind.METRIC: "A success metric",
}


def moved(changes: Iterable[Change], initiatives: Mapping[int, str], today: date) -> Iterator[str]:
    """What changed of the plan, without the reasons that people gave."""
    for change in changes:
        called = initiatives.get(change.initiative_id or 0)
        about = f" of {called}" if called else ""
        before, after = (line(text) for text in (change.before, change.after))
        match change.kind:
            case ChangeKind.DUE:
                days = (dated(date.fromisoformat(text), today) for text in (change.before, change.after))
                yield f"The due date{about}: {' → '.join(days)}"
            case ChangeKind.KPI_RETIRED:
                yield f"No longer watched: {after}"
            case ChangeKind.RESUMED:
                yield f"Resumed: {called}"
            case _:
                yield f"{_MOVED[change.kind]}{about}: {' → '.join(filter(None, (before, after))) or 'changed'}"


# What came of it


def unlike(facts: ReportFacts) -> Iterator[str]:
    """Readings out of the ordinary, without what was said of them."""
    today = facts.review.today
    for number, kpi in zip(facts.kpis, facts.review.kpis, strict=True):
        for one in (signal.unlike for signal in kpi.signals):
            low, high = amount(number, one.low), amount(number, one.high)
            value = f"{name(number.number.name)}: {amount(number, one.value)} on {dated(one.on, today)}"
            yield f"{value} is unlike the readings before it (ordinarily {low} to {high})."


def expected(bet: Bet, today: date) -> str:
    """As in "Monthly givers 360 by 28 Dec"; where no number was, the words."""
    number = bet.then.number
    if bet.expected_value is None or number is None:
        return f"{line(bet.expected)}, by {dated(bet.look_on, today)}"
    value = line(show_number(bet.expected_value, number.unit))
    return f"{name(number.name)} {value} by {dated(bet.look_on, today)}"


def before_and_after(bet: Bet, today: date) -> str:
    """As in "312 (30 Nov) → 331 (28 Dec)"."""
    before, after = bet.then.number, bet.found.number if bet.found and bet.is_read else None
    if before is None:
        return "nothing was measured"
    return f"{_known(before, today)} → {_known(after, today) if after else 'not read since'}"


def _known(number: NumberKnown, today: date) -> str:
    return f"{line(show_number(number.value, number.unit))} ({dated(number.on, today)})"


def missing(facts: ReportFacts) -> list[str]:
    """What the report would say if anybody had recorded it."""
    found = []
    unread = [
        name(one.number.name) for one in facts.kpis if one.number.value is None or one.number.pace in _UNREAD
    ]
    if not facts.kpis:
        found.append("No KPI is watched.")
    if unread:
        found.append(f"No recent number of {listed(unread)}.")
    metrics = (number.number for one in facts.initiatives for number in one.numbers)
    if unmeasured := [name(number.name) for number in metrics if number.value is None]:
        noun = "success metric" if len(unmeasured) == 1 else "success metrics"
        found.append(f"No number yet of the {noun} {listed(unmeasured)}.")
    silent = [
        name(one.line.initiative.name)
        for one in facts.initiatives
        if one.line.latest is None and not one.line.is_ownerless
    ]
    if silent:
        found.append(f"No health of {listed(silent)} in the last week.")
    if not facts.review.channels:
        found.append("Whether what was published carried the core message: nobody was asked, or answered.")
    if left_out := facts.review.rhythm.health.left_out:
        found.append(f"For the rhythm: {listed([part.value for part in left_out])}.")
    return found


def made_on(facts: ReportFacts) -> str:
    """When it was made, where the strategy is."""
    return full_day(local_day(facts.made_at, facts.review.strategy.zone))

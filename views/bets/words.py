"""What is said of a bet: what is expected, how things stood, how they stand, and what people said; escaped markup."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import groupby

from domain.bets import Bet, BetFate, Known, NumberKnown, Verdict
from domain.decisions import Decision
from domain.words import MAX_NAME, dated, show_number
from views.forecasts import rounded_band
from views.slack import blocks as b

LOOK = "bet.look"
"""A button that opens the form of a bet; its value is the decision's id."""
KEEP, CHANGE, STOP = "bet.keep", "bet.change", "bet.stop"
VERDICTS = {KEEP: Verdict.KEEP, CHANGE: Verdict.CHANGE, STOP: Verdict.STOP}
_LABELS = {KEEP: "Keep", CHANGE: "Change…", STOP: "Stop…"}
COINCIDES = "This coincides with the decision; it does not say that the decision caused it."
COINCIDE = "What came coincides with the decisions; it does not say that they caused it."
SILENT = "nobody has said yet what is to become of it"
_SAID = {Verdict.KEEP: "keep it", Verdict.CHANGE: "change it", Verdict.STOP: "stop it"}
_FATES = {
    BetFate.RETIRED: "It has been retired since.",
    BetFate.PAUSED: "It is paused.",
    BetFate.COMPLETED: "It has been completed since.",
    BetFate.STOPPED: "It has been stopped since.",
}
_GLIMPSE = 300
_NO_ANSWER = ":white_circle: no answer"


def look_button(decision_id: int, about: str = "") -> b.Element:
    return b.button("Look again…", LOOK, str(decision_id), about=about)


def verdict_buttons(bet: Bet, about: str) -> list[b.Element]:
    return [b.button(label, action, str(bet.id), about=about) for action, label in _LABELS.items()]


def bet_buttons(decision: Decision, bet: Bet | None, viewer_id: str) -> list[b.Element]:
    """What whoever may can do about a settled decision: say when to look again, and, on that day, what becomes of it."""
    is_asked = bet is not None and bet.looked_at is not None
    if bet is None or not is_asked or viewer_id in {look.person_id for look in bet.answers}:
        return [look_button(decision.id, decision.question)]
    return verdict_buttons(bet, decision.question)


def question_of(decision: Decision) -> str:
    return f"“{b.one_line(decision.question, _GLIMPSE)}”"


def decided(decision: Decision, about: str, names: Mapping[str, str], day: str) -> str:
    """As in "“Shorten the form?” (Newsletter relaunch): Yes, decided by Ruth on 30 Nov"; `about` is an initiative's name."""
    of = f" ({b.one_line(about, MAX_NAME)})" if about else ""
    by = "by default" if decision.decided_by is None else f"decided by {_name(names, decision.decided_by)}"
    return f"{question_of(decision)}{of}: {b.one_line(decision.outcome, _GLIMPSE)}, {by} on {day}"


def subject(bet: Bet) -> str:
    """What it is about, as it was called then."""
    return b.one_line(bet.then.name, MAX_NAME)


def standing_line(bet: Bet, names: Mapping[str, str]) -> str:
    """As in "To be looked at again on 28 Dec: Monthly givers, expected 360 (“more give monthly”)", or what came of it."""
    if bet.looked_at is not None:
        return _outcome_line(bet, names)
    day = dated(bet.look_on, bet.made_at.date())
    return f"To be looked at again on {day}: {subject(bet)}, {expected(bet)}"


def expected(bet: Bet) -> str:
    """As in "expected 360 (“more give monthly”)"."""
    words = f"“{b.one_line(bet.expected, _GLIMPSE)}”" if bet.expected else ""
    if bet.expected_value is None:
        return f"expected {words}"
    number = bet.then.number
    called = f"{b.one_line(number.name, MAX_NAME)} " if number and number.name != bet.then.name else ""
    value = f"expected {called}{_amount(bet.then.number, bet.expected_value)}"
    return f"{value} ({words})" if words else value


def then_line(bet: Bet, today: date) -> str:
    """As in "When it was decided: 310 on 30 Nov, and as it went it would come to 380 by 28 Dec (360 to 400, 8 in 10)"."""
    said = [*_health(bet.then, today), *_number_then(bet, today)]
    return f"When it was decided: {'; '.join(said) or 'nothing was measured'}."


def found_line(bet: Bet, today: date) -> str:
    """As in "Now: 402 on 27 Dec, so what was expected came true."; `today` is of whoever reads it, for years."""
    found, number = bet.found, bet.found.number if bet.found else None
    if found is None:
        return ""
    said = _health(found, today)
    if bet.is_read and number is not None:
        said.append(f"{_named(found, number)}{_amount(number, number.value)} on {dated(number.on, today)}")
    elif bet.then.number is not None:
        said.append(
            "it is no longer measured as it was" if number is None else "nobody has read the number since"
        )
    fate = f" {_FATES[found.fate]}" if found.fate in _FATES else ""
    return f"Now: {'; '.join(said) or 'nobody has answered for it since'}.{_verdict_of(bet)}{fate}"


def bet_line(bet: Bet, names: Mapping[str, str], today: date) -> str:
    """For the review, all of it in a line."""
    head = f"{subject(bet)}, {expected(bet)} by {dated(bet.look_on, today)}: {outcome(bet)}"
    people = ", ".join(said(bet, names)) or SILENT
    return f"{head}. {then_line(bet, today)} {found_line(bet, today)} {people[:1].upper()}{people[1:]}."


def outcome(bet: Bet) -> str:
    """Whether it came true, where that is known, as in "came true"."""
    if bet.came_true is None:
        return "not known whether it came true"
    return "came true" if bet.came_true else "did not come true"


def said(bet: Bet, names: Mapping[str, str]) -> list[str]:
    """A line for each person who said something, as in "Ruth: keep it (“The form was too long”)"."""
    lines = []
    for look in bet.answers:
        assert look.verdict is not None
        learned = f" (“{b.one_line(look.learning, _GLIMPSE)}”)" if look.learning else ""
        lines.append(f"{_name(names, look.person_id)}: {_SAID[look.verdict]}{learned}")
    return lines


def _outcome_line(bet: Bet, names: Mapping[str, str]) -> str:
    """As in "Looked at again on 28 Dec: Monthly givers 402, expected 360: came true; Ruth: keep it"."""
    looked = bet.found.on if bet.found else bet.look_on
    number = bet.found.number if bet.found and bet.is_read else None
    value = f" {_amount(number, number.value)}" if number else ""
    people = ", ".join(said(bet, names)) or SILENT
    day = dated(looked, bet.made_at.date())
    return f"Looked at again on {day}: {subject(bet)}{value}, {expected(bet)}: {outcome(bet)}; {people}"


def _name(names: Mapping[str, str], person_id: str) -> str:
    return b.one_line(names.get(person_id, "somebody"), MAX_NAME)


def _verdict_of(bet: Bet) -> str:
    if bet.expected_value is None or bet.came_true is None:
        return ""
    met = "met" if bet.came_true else "not met"
    return f" What was expected, {_amount(bet.then.number, bet.expected_value)}, is {met}."


def _number_then(bet: Bet, today: date) -> list[str]:
    number = bet.then.number
    if number is None:
        return []
    stood = f"{_named(bet.then, number)}{_amount(number, number.value)} on {dated(number.on, today)}"
    ahead = number.forecast
    if ahead is None:
        return [f"{stood}, too little to say how it would go on"]
    value, low, high = rounded_band(ahead, [number.value])
    often = "at least 8 in 10" if number.is_at_least else "8 in 10"
    within = f" ({_amount(number, low)} to {_amount(number, high)}, {often})" if low != high else ""
    return [
        f"{stood}, and as it went it would come to {_amount(number, value)} by {dated(ahead.on, today)}{within}"
    ]


def _named(known: Known, number: NumberKnown) -> str:
    """The metric's name, where it is not the KPI that the bet is about."""
    return "" if number.name == known.name else f"{b.one_line(number.name, MAX_NAME)} "


def _health(known: Known, today: date) -> list[str]:
    """How the weeks went, as in "🟢🟢 on track from 23 Nov, 🟡 at risk from 7 Dec"."""
    runs = []
    for health, weeks in groupby(known.weeks, key=lambda entry: entry[1]):
        first, *more = weeks
        sign, _, word = _NO_ANSWER.partition(" ")
        emoji, label = (health.emoji, health.label) if health else (sign, word)
        runs.append(f"{emoji * (1 + len(more))} {label} from {dated(first[0].day(0), today)}")
    return [", ".join(runs)] if runs else []


def _amount(number: NumberKnown | None, value: Decimal) -> str:
    return b.one_line(show_number(value, number.unit if number else ""), MAX_NAME)

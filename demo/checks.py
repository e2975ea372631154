"""Whether the story came out as the plan says: a sentence for each thing that did not."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from demo import expected, plan
from demo.outcome import NOT_ASKED, WEEKS, Outcome

Counts = Mapping[tuple[str, str, bool], int]
"""Messages by (first name or "#channel", week, whether it is a ritual)."""


def list_problems(
    outcome: Outcome, counts: Counts, ways: Collection[str], channel: str, previews: Sequence[str]
) -> list[str]:
    """`ways` of answering were used; `channel` is all that stands in the channel, `previews` what commands showed."""
    problems = [f"Nobody answered by “{way}”." for way in expected.WAYS if way not in ways]
    problems += _wrong_healths(outcome)
    problems += _wrong_counts(counts)
    problems += _wrong_decisions(outcome)
    problems += _wrong_reviews(outcome)
    problems += _wrong_readings(outcome)
    problems += _wrong_paces(outcome)
    if expected.LEARNING not in outcome.learnings:
        problems.append("What the first phase taught was not kept.")
    if outcome.unconfirmed:
        problems.append(f"{outcome.unconfirmed} of those asked at kickoff have not answered.")
    if expected.SLIP not in channel:
        problems.append("The slip of the results page's date did not show in the channel.")
    shown = "\n".join([channel, *previews])
    return problems + [
        f"The impact at week {week} was not shown."
        for week in expected.IMPACT_WEEKS
        if f"Impact at week {week}" not in shown
    ]


def _wrong_healths(outcome: Outcome) -> Iterator[str]:
    for name, healths in expected.HEALTHS.items():
        for week, health in zip(WEEKS, healths, strict=True):
            found = outcome.answers.get((name, week), NOT_ASKED).health
            if found != health:
                yield f"{name} should be {health} in {week} and is {found}."


def planned_rituals() -> dict[tuple[str, str], int]:
    """Prompts, reminders and digests by (who, week)."""
    planned = {
        (first, str(week)): count
        for first, counts in expected.RITUALS.items()
        for week, count in zip(WEEKS, counts, strict=True)
    }
    return planned | {(f"#{plan.CHANNEL}", str(week)): 1 for week in WEEKS}


def _wrong_counts(counts: Counts) -> Iterator[str]:
    planned = planned_rituals()
    sent = {(who, week): count for (who, week, is_ritual), count in counts.items() if is_ritual}
    for who, week in sorted(planned.keys() | sent.keys()):
        found, should = sent.get((who, week), 0), planned.get((who, week), 0)
        if found != should:
            yield f"Prompts, reminders and digests to {who} in {week} should be {should} and are {found}."


def _wrong_decisions(outcome: Outcome) -> Iterator[str]:
    found = {one.question: (one.state.value, one.outcome) for one in outcome.decisions}
    for question, (state, what) in expected.DECISIONS.items():
        if question not in found:
            yield f"“{question}” was not asked."
        elif found[question] != (state, what):
            was, said = found[question]
            yield f"“{question}” should be {state} ({what}) and is {was} ({said})."


def _wrong_reviews(outcome: Outcome) -> Iterator[str]:
    for month, changed in expected.REVIEWS.items():
        if month not in outcome.reviews:
            yield f"The review of {month} was not posted."
            continue
        review, choices = outcome.reviews[month]
        if review.closed_at is None:
            yield f"The outcome of the review of {month} was not told."
        other = {name: choice for name, choice in choices.items() if choice != "continue"}
        if other != changed:
            yield f"The review of {month} should change {changed or 'nothing'} and decided {other or 'nothing'}."


def _wrong_readings(outcome: Outcome) -> Iterator[str]:
    for kpi in plan.KPIS:
        planned = {week: value for week, value in zip(WEEKS, kpi.readings, strict=True) if value}
        found = outcome.readings.get(kpi.name, {})
        if found != planned:
            wrong = [f"{week}" for week in WEEKS if found.get(week) != planned.get(week)]
            yield f"The readings of {kpi.name} are not as planned in {', '.join(wrong)}."


def _wrong_paces(outcome: Outcome) -> Iterator[str]:
    for name, paces in expected.PACES.items():
        found = outcome.paces.get(name, {})
        for week, pace in zip(WEEKS, paces, strict=False):
            if found.get(week) != pace:
                yield f"{name} should be {pace} at the end of {week} and is {found.get(week)}."

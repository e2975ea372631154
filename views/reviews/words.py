"""The words of the monthly review: escaped markup lines made of its facts."""

from collections.abc import Iterable
from datetime import date
from itertools import dropwhile, groupby, takewhile

from domain.check_ins import Standing
from domain.decisions import Decision
from domain.healths import Health
from domain.impact import Compared, Impact
from domain.pace import Pace
from domain.periods import Week
from domain.retrospectives import Learning
from domain.reviews import Carried, ChannelFacts, InitiativeHealth, KpiFacts, ReviewFacts
from domain.words import MAX_NAME, dated, listed, short_day
from views.bets.words import COINCIDE, bet_line
from views.kpis.words import amount, kpi_words
from views.pace import guide
from views.people import NEEDS_OWNER
from views.slack.blocks import Strong, one_line, plain_line

NO_ANSWER = ":white_circle:"
_GLIMPSE = 160
_CIRCLES = {
    Pace.ON_PACE: ":large_green_circle:",
    Pace.REACHED: ":large_green_circle:",
    Pace.BEHIND: ":large_yellow_circle:",
    Pace.MISSED: ":red_circle:",
}
"""White where nothing can be said: it was not read, or it is too early."""


def week_label(week: Week) -> str:
    """By its Monday: "7 Dec"."""
    return short_day(week.day(0))


def title(facts: ReviewFacts) -> str:
    """Not escaped: a header is plain text."""
    month = f"{facts.period.day(1):%B %Y}"
    return f"{plain_line(facts.strategy.name, MAX_NAME)} · Review of {month}"


def kpi_line(kpi: KpiFacts, today: date, strong: Strong) -> str:
    """Value, target and standing, as the digest says them."""
    circle = _CIRCLES.get(kpi.pace, NO_ANSWER)
    return f"{circle} {strong(one_line(kpi.kpi.name, MAX_NAME))} {kpi_words(kpi.kpi, today)}"


def kpi_weeks(kpi: KpiFacts) -> str:
    """The chart's numbers in words, with the weeks nobody read named."""
    if not kpi.weeks:
        return "No reading in these weeks." if kpi.kpi.readings else "No reading yet."
    points = [
        f"{week_label(p.week)} {amount(kpi.kpi, p.value)} ({amount(kpi.kpi, guide(p.line))})"
        for p in kpi.weeks
    ]
    words = f"By week, with what the plan has due in brackets: {'; '.join(points)}."
    gaps = [week_label(point.week) for point in kpi.weeks if point.is_missing]
    if gaps:
        weeks = "the week" if len(gaps) == 1 else "the weeks"
        words += f" No reading in {weeks} of {listed(gaps)}: drawn at the reading before."
    return words


def health_runs(line: InitiativeHealth, facts: ReviewFacts) -> str:
    """How its weeks went, in signs and words: "🟢🟢 on track from 23 Nov, 🟡 at risk from 7 Dec"."""
    runs = []
    for (health, standing), weeks in groupby(_marked(line, facts), key=lambda one: (one[1], _unsaid(one[2]))):
        signs, first = (health.emoji if health else NO_ANSWER), list(weeks)
        said = health.label if health else standing
        runs.append(f"{signs * len(first)} {said} from {dated(first[0][0].day(0), facts.today)}")
    said = ", ".join(runs) or "no answer yet"
    return f"{said}; {NEEDS_OWNER}" if line.is_ownerless else said


def stands(line: InitiativeHealth, facts: ReviewFacts) -> str:
    """Where it stands, and since when: "at risk from 7 Dec"; that it needs an owner before that nobody answers."""
    if not line.is_ownerless:
        return _last_run(line, facts)
    return f"{_last_run(line, facts)}, {NEEDS_OWNER}" if line.latest else NEEDS_OWNER


def _last_run(line: InitiativeHealth, facts: ReviewFacts) -> str:
    marked = _marked(line, facts)
    if not marked:
        return (
            "no answer yet" if line.standing is None or line.standing.is_silence else _unsaid(line.standing)
        )
    *_, latest = marked
    said = [(health, _unsaid(standing)) for _, health, standing in marked]
    same = takewhile(lambda one: one == said[-1], reversed(said))
    first, _, _ = marked[-sum(1 for _ in same)]
    word = latest[1].label if latest[1] else _unsaid(latest[2])
    return f"{word} from {dated(first.day(0), facts.today)}"


def _unsaid(standing: Standing | None) -> str:
    """Why there is no health."""
    if standing in (Standing.AWAY, Standing.DAY_OFF):
        return "away"
    if standing is Standing.PAUSED:
        return "paused"
    return "no answer" if standing is not None and standing.is_silence else "not asked"


def _marked(line: InitiativeHealth, facts: ReviewFacts) -> list[tuple[Week, Health | None, Standing | None]]:
    """The weeks from the first one asked on, each with its health or why there is none."""
    marked = zip(facts.weeks[: len(line.weeks)], line.weeks, line.standings, strict=True)
    return list(dropwhile(lambda one: one[1] is None and not (one[2] and one[2].counts), marked))


def milestones(facts: ReviewFacts) -> list[str]:
    return [
        f"{one_line(initiative.name, MAX_NAME)}: {one_line(milestone.name, MAX_NAME)}, due {dated(milestone.due, facts.today)} "
        f"({one_line(facts.name_of(milestone.person_id), MAX_NAME)})"
        for initiative, milestone in facts.late
    ]


def taken(decision: Decision, facts: ReviewFacts) -> str:
    by = one_line(facts.name_of(decision.decided_by or decision.decider_id), MAX_NAME)
    reason = f" ({one_line(decision.reason, _GLIMPSE)})" if decision.reason else ""
    return (
        f"{one_line(decision.question, _GLIMPSE)} → {one_line(decision.outcome, _GLIMPSE)}, by {by}{reason}"
    )


def overdue(decision: Decision, facts: ReviewFacts) -> str:
    who = one_line(facts.name_of(decision.decider_id), MAX_NAME)
    return f"{one_line(decision.question, _GLIMPSE)}, due {dated(decision.due, facts.today)}, with {who}"


def defaulted(decision: Decision, facts: ReviewFacts) -> str:
    who = one_line(facts.name_of(decision.decider_id), MAX_NAME)
    happened = one_line(decision.default, _GLIMPSE)
    return f"{one_line(decision.question, _GLIMPSE)} → {happened}, as {who} did not decide by {dated(decision.due, facts.today)}"


def bets(facts: ReviewFacts) -> list[str]:
    """Each with its decision, what was expected, before, after, and what was said of it."""
    names = {id_: person.name for id_, person in facts.people.items()}
    return [
        f"{one_line(decision.question, _GLIMPSE)} → {one_line(decision.outcome, _GLIMPSE)}. {bet_line(bet, names, facts.today)}"
        for bet, decision in facts.bets
    ]


def bets_note(facts: ReviewFacts) -> str:
    """How many came true so far, where there are enough, and that nothing is said of causes; "" where there are no bets."""
    if not facts.bets:
        return ""
    if facts.came_true is None:
        return COINCIDE
    came, of = facts.came_true
    return f"So far {came} of {of} came true. {COINCIDE}"


def skill(decision: Decision, facts: ReviewFacts) -> str:
    who = one_line(facts.name_of(decision.requested_by), MAX_NAME)
    fate = "still open" if decision.is_open else decision.state.value
    return f"{one_line(decision.question, _GLIMPSE)}, asked for by {who}, {fate}"


def decisions(facts: ReviewFacts) -> list[tuple[str, list[str]]]:
    found = [
        ("Decisions taken", [taken(decision, facts) for decision in facts.taken]),
        ("Decisions overdue", [overdue(decision, facts) for decision in facts.overdue]),
        ("Decided by default", [defaulted(decision, facts) for decision in facts.defaulted]),
    ]
    return [(heading, lines) for heading, lines in found if lines]


def decision_counts(facts: ReviewFacts) -> list[str]:
    """As in "2 decisions taken", without what there was none of."""
    found = [
        (len(facts.taken), "decision taken", "decisions taken"),
        (len(facts.defaulted), "decided by default", "decided by default"),
        (len(facts.skills), "skill asked for", "skills asked for"),
        (len(facts.learnings), "learning", "learnings"),
    ]
    return [f"{count} {one if count == 1 else many}" for count, one, many in found if count]


def learnings(facts: ReviewFacts) -> list[str]:
    return [
        f"{learning.kind.value.capitalize()}: {one_line(learning.text, 300)} "
        f"({one_line(taught_by(learning, facts), MAX_NAME)})"
        for learning in facts.learnings
    ]


def taught_by(learning: Learning, facts: ReviewFacts) -> str:
    """What somebody learned it from, not escaped."""
    if learning.initiative_id is None:
        return "a decision"
    return facts.names.get(learning.initiative_id, "an initiative")


def channel_line(channel: ChannelFacts, facts: ReviewFacts) -> str:
    """How often which answer came, and where it broke."""
    counts = [
        f"{channel.counts[carried]} {carried.value}" for carried in Carried if carried in channel.counts
    ]
    broke = [
        f"{one_line(facts.names.get(check.initiative_id, ''), MAX_NAME)}: {one_line(check.where_broke, 200)}"
        for check in channel.broke
        if check.where_broke
    ]
    where = f" — broke in {'; '.join(broke)}" if broke else ""
    return f"{channel_name(channel.channel)}: {', '.join(counts)}{where}"


def channel_name(channel: str) -> str:
    return one_line(channel, MAX_NAME) if channel else "What you published"


def impact_lines(impact: Impact | None) -> list[str]:
    """Nothing before there is something to compare."""
    if impact is None or impact.at_week is None:
        return []
    last = f"{impact.at_week - 3} to {impact.at_week}"
    return [f"Impact at week {impact.at_week}: weeks 1 to 4 → weeks {last}", *map(_compared, impact.compared)]


def _compared(compared: Compared) -> str:
    if not compared.is_known:
        return f"{compared.measure.value}: not enough data"
    unit = "%" if compared.measure.is_share else ""
    return f"{compared.measure.value}: {compared.before}{unit} → {compared.after}{unit}"


def bullets(lines: Iterable[str]) -> list[str]:
    return [f"• {line}" for line in lines]

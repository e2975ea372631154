"""A strategy as one page of Markdown, for the canvas in its channel's tab.

What people wrote makes no heading, list, link or mention there (docs.slack.dev/surfaces/canvases).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import unescape
from zoneinfo import ZoneInfo

from domain.changes import Change
from domain.digests.facts import DigestFacts, InitiativeFacts
from domain.healths import Health
from domain.initiatives import due_standing
from domain.kpis import Kpi
from domain.schedules import local_day
from domain.words import MAX_NAME, dated, short_day
from views.changes import change_of_strategy
from views.decisions.words import AskShown, due_day, fate, question_of
from views.digests.words import day_of, metric_ends, metric_in_full, names, owner, state
from views.kpis.words import kpi_outlook, kpi_words
from views.slack.blocks import one_line, plain_line
from views.zones import place_of

MOST_LISTED = 12
"""Of each kind: the newest, or the first to come."""
_WORDS, _LONG = 160, 1_000
_SIGNS = {Health.ON_TRACK: "🟢", Health.AT_RISK: "🟡", Health.OFF_TRACK: "🔴", None: "⚪"}
_MARKS = re.compile(r"[\\`*_~\[\]<&@]|(?<=:)(?=//)|(?<=\bwww)(?=\.)", re.IGNORECASE)
_BEGINS = re.compile(r"^(\d*)([-+=.)#>])")


@dataclass(frozen=True, slots=True)
class CanvasPage:
    """All that it says: `facts` as of now, the asks that wait and those settled, and what was changed for a reason, newest first."""

    facts: DigestFacts
    waiting: Sequence[AskShown] = ()
    settled: Sequence[AskShown] = ()
    changes: Sequence[Change] = ()


@dataclass(frozen=True, slots=True)
class CanvasText:
    """`body` is what makes it another one; `brought_up` only says when."""

    title: str
    body: str
    brought_up: str

    @property
    def whole(self) -> str:
        return f"{self.body}\n\n---\n\n{self.brought_up}\n"


def canvas_text(page: CanvasPage, now: datetime) -> CanvasText:
    facts = page.facts
    strategy, today = facts.strategy, day_of(facts)
    parts = [
        ("", list(_begins(facts))),
        ("Goals", [f"{at}. {md(one_line(goal.text, _LONG))}" for at, goal in enumerate(strategy.goals, 1)]),
        ("Initiatives", list(_initiatives(facts))),
        ("KPIs", [line for kpi in facts.kpis for line in _kpi(kpi, facts)]),
        ("Decisions open", _cut([_waiting(ask) for ask in page.waiting])),
        ("Decisions made", _cut([_settled(ask, today) for ask in page.settled])),
        ("What changed, and why", _cut([_change(facts, change, today) for change in page.changes])),
    ]
    body = "\n\n".join("\n".join(_headed(title, lines)) for title, lines in parts if lines)
    return CanvasText(plain_line(strategy.name, MAX_NAME), body, _brought_up(facts, now))


def md(escaped: str) -> str:
    """Words that are escaped for a message, so that they stand in Markdown as they are: text and nothing else."""
    text = " ".join(unescape(escaped).split())
    text = _MARKS.sub(lambda mark: f"\\{mark[0]}", text)
    return _BEGINS.sub(r"\1\\\2", text)


def _strong(words: str) -> str:
    return f"**{md(one_line(words, MAX_NAME))}**"


def _headed(title: str, lines: Iterable[str]) -> list[str]:
    return [f"## {title}", *lines] if title else list(lines)


def _begins(facts: DigestFacts) -> Iterator[str]:
    strategy = facts.strategy
    yield f"# {md(one_line(strategy.name, MAX_NAME))}\n"
    yield f"> {md(one_line(strategy.why, _LONG))}"
    told = [
        ("For", strategy.audience),
        ("What makes us different", strategy.difference),
        ("Core message", strategy.core_message),
    ]
    lines = [f"- {title}: {md(one_line(words, _LONG))}" for title, words in told if words]
    lines.append(f"- Led by {md(', '.join(owner(facts, lead) for lead in strategy.leads))}")
    if strategy.paused_at is not None:
        since = dated(local_day(strategy.paused_at, strategy.zone), day_of(facts))
        lines.append(f"- Paused since {since}: nobody is asked, and no digest is posted")
    yield "\n" + "\n".join(lines)


def _initiatives(facts: DigestFacts) -> Iterator[str]:
    for line in facts.lines:
        yield from _initiative(line, facts)
    if facts.paused:
        yield f"- Paused: {md(names(facts.paused))}"
    if facts.closed:
        yield f"- Closed: {md(names(facts.closed))}"
    if not (facts.lines or facts.paused or facts.closed):
        yield "No initiative yet."


def _initiative(line: InitiativeFacts, facts: DigestFacts) -> Iterator[str]:
    """Never a colour that nobody has said lately: `state` says in words why there is none."""
    initiative, today = line.initiative, day_of(facts)
    stands = f"{_SIGNS[line.health]} {md(state(line, today))}"
    whose = "" if line.is_ownerless else f" · {md(owner(facts, initiative.owner_id))}"
    yield f"- {_strong(initiative.name)}: {stands}{whose} · due {due_standing(initiative, today)}"
    if line.answer is not None and line.answer.blocker and line.health is not Health.ON_TRACK:
        yield f"    - In the way: {md(one_line(line.answer.blocker, _WORDS))}"
    for metric in initiative.metrics:
        yield f"    - {md(metric_in_full(metric, line, today))}"
        yield from (f"    - {md(one)}" for one in metric_ends(metric, initiative, today))


def _kpi(kpi: Kpi, facts: DigestFacts) -> Iterator[str]:
    today = day_of(facts)
    yield f"- {_strong(kpi.name)}: {md(kpi_words(kpi, today))}"
    yield from (f"    - {md(one)}" for one in kpi_outlook(kpi, facts.forecasts.get(kpi.id), today))


def _waiting(ask: AskShown) -> str:
    decision = ask.decision
    about = f" ({md(one_line(ask.about, MAX_NAME))})" if ask.about else ""
    otherwise = md(one_line(decision.default, _WORDS))
    return (
        f"- {md(question_of(decision))}{about}: {md(ask.name(decision.decider_id))} decides by {due_day(decision)}, "
        f"otherwise: {otherwise}"
    )


def _settled(ask: AskShown, today: date) -> str:
    decision = ask.decision
    on = f"{dated(local_day(decision.decided_at, ask.zone), today)}: " if decision.decided_at else ""
    return f"- {on}{md(question_of(decision))}: {md(fate(decision, ask.name(decision.decided_by)))}"


def _change(facts: DigestFacts, change: Change, today: date) -> str:
    on = dated(local_day(change.at, facts.strategy.zone), today)
    return f"- {on}, {md(owner(facts, change.person_id))}: {md(change_of_strategy(change))}"


def _cut(lines: Sequence[str]) -> list[str]:
    more = len(lines) - MOST_LISTED
    return [*lines[:MOST_LISTED], f"- and {more} more"] if more > 0 else list(lines)


def _brought_up(facts: DigestFacts, now: datetime) -> str:
    zone = facts.strategy.zone
    local = now.astimezone(ZoneInfo(zone))
    at = f"{short_day(local.date())} {local.year} at {local:%H:%M} ({md(place_of(zone))} time)"
    return (
        f"_Brought up to date by Drumbeat on {at}, from what the team recorded. It is written again when that changes, at most "
        "once an hour. What is written here by hand stays until a lead says otherwise._"
    )

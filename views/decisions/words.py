"""How asks and what became of them are said: escaped markup lines, for prompts, digests, reviews and lists."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from domain.bets import Bet
from domain.decisions import AskKind, Decision, DecisionState
from domain.words import MAX_NAME, dated
from views.slack import blocks as b

GLIMPSE = 160
KINDS = {
    AskKind.DECISION: "A decision",
    AskKind.RESOURCE: "A resource",
    AskKind.HELP: "Help with a skill",
}
MOST_IN_PROMPT = 3
"""Asks shown for one initiative of a prompt."""


@dataclass(frozen=True, slots=True)
class AskShown:
    """A decision with the names it is told with; `about` is its initiative's, "" for the strategy as a whole. `bet` is the
    last one on it.
    """

    decision: Decision
    strategy: str
    zone: str
    about: str
    names: Mapping[str, str]
    bet: Bet | None = None

    def name(self, person_id: str | None) -> str:
        return b.one_line(self.names.get(person_id or "", "somebody"), MAX_NAME)


def question_of(decision: Decision, limit: int = GLIMPSE) -> str:
    return f"“{b.one_line(decision.question, limit)}”"


def due_day(decision: Decision) -> str:
    """With its year where whoever asked could not mean the nearest day of that name."""
    asked = decision.due if decision.created_at is None else decision.created_at.date()
    return dated(decision.due, asked)


def fate(decision: Decision, decided_by: str, limit: int = GLIMPSE) -> str:
    """What became of a settled ask, as in "Ruth decided: Yes (the fund covers it)"; `decided_by` is escaped."""
    outcome = b.one_line(decision.outcome, limit)
    reason = f" ({b.one_line(decision.reason, limit)})" if decision.reason else ""
    if decision.state is DecisionState.DECIDED:
        return f"{decided_by} decided: {outcome}{reason}"
    if decision.state is DecisionState.DEFAULTED:
        early = decision.decided_by is not None
        why = "" if early else f"nobody decided by {due_day(decision)}, so "
        return f"{why}the default took effect: {outcome}{reason}"
    return f"withdrawn{reason}"


def open_line(decision: Decision, names: Mapping[str, str]) -> str:
    decider = b.one_line(names.get(decision.decider_id, "somebody"), MAX_NAME)
    return f"{question_of(decision)} — {decider} decides by {due_day(decision)}"


def prompt_lines(decisions: Sequence[Decision], names: Mapping[str, str]) -> list[str]:
    """What an owner's prompt says of the asks of one initiative: the fate of those settled, then the open ones."""
    lines = []
    for decision in sorted(decisions, key=lambda one: one.is_open):
        if decision.is_open:
            lines.append(f"Asked: {open_line(decision, names)}")
        else:
            decider = b.one_line(names.get(decision.decided_by or "", "somebody"), MAX_NAME)
            lines.append(f"What became of {question_of(decision)}: {fate(decision, decider)}")
    return b.and_more(lines, MOST_IN_PROMPT + 1)


def settled_lines(decisions: Sequence[Decision], name_of: Callable[[str], str]) -> list[str]:
    """The digest's decisions that were taken, took effect by default or were withdrawn."""
    settled = (one for one in decisions if not one.is_open)
    lines = []
    for decision in sorted(settled, key=lambda one: (str(one.decided_at), one.id)):
        who = b.one_line(name_of(decision.decided_by), MAX_NAME) if decision.decided_by else ""
        lines.append(f"{b.one_line(decision.question, GLIMPSE)}: {fate(decision, who)}")
    return lines

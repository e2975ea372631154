"""An ask as whoever asked for it sees it: where it stands, and what they can still do about it."""

from dataclasses import dataclass
from datetime import date

from domain.absences import Absence
from domain.people import Person
from domain.words import MAX_NAME, dated
from views.absences import days
from views.decisions.words import AskShown, due_day, question_of
from views.slack import blocks as b

HAND_OVER = "decision.hand_over"
WITHDRAW = "decision.withdraw"
REDATE = "decision.redate"


def asker_buttons(ask: AskShown, *, may_decide: bool) -> b.Block:
    """Who may decide it, too, hands it over with the buttons for that."""
    value = str(ask.decision.id)
    about = ask.decision.question
    elements = [
        b.button("Withdraw…", WITHDRAW, value, about=about),
        b.button("Another day…", REDATE, value, about=about),
    ]
    if not may_decide:
        elements.append(b.button("Hand over…", HAND_OVER, value, about=about))
    return b.actions(elements, block_id=f"ask.{value}")


@dataclass(frozen=True, slots=True)
class Wait:
    """The decider is away for some of the time until the day; `is_unasked`: already, so that they see the ask on
    `shown_on`, or, where that is None, not before its day ends.
    """

    absence: Absence
    shown_on: date | None = None
    is_unasked: bool = False


def asked_message(ask: AskShown, wait: Wait | None, today: date) -> b.Payload:
    """For whoever asked."""
    decision = ask.decision
    decider = ask.name(decision.decider_id)
    when = f"{decider} decides by {due_day(decision)}"
    lines = [f"Asked: {question_of(decision, 300)} {when}; otherwise: {b.one_line(decision.default, 300)}"]
    if wait is not None:
        lines.append(f":palm_tree: {decider} is away {days(wait.absence, today)}{_asked_when(wait, today)}")
    text = "\n".join(lines)
    return b.message(text, [b.section(text), asker_buttons(ask, may_decide=False)])


def _asked_when(wait: Wait, today: date) -> str:
    change = "If it cannot wait, hand it over, or give it another day."
    if not wait.is_unasked:
        return f", and I do not remind anybody who is away. {change}"
    if wait.shown_on is None:
        return (
            ", so I do not show it to them before its day ends, and what you said happens then. "
            "To have it decided, hand it over, or give it another day."
        )
    shown = dated(wait.shown_on, today)
    return f", so I show it to them on {shown}; its day, and what happens then, stay as they are. {change}"


def withdrawn_message(ask: AskShown) -> b.Payload:
    """For whoever withdrew it."""
    return b.text_message(f"{question_of(ask.decision, 300)} is withdrawn. Everybody it names has been told.")


def redated_message(ask: AskShown, before: date, by: Person) -> b.Payload:
    """For everybody an ask names; `before` is the day it had."""
    decision = ask.decision
    text = (
        f"{b.one_line(by.name, MAX_NAME)} gave {question_of(decision, 300)} another day: {ask.name(decision.decider_id)} "
        f"decides by {due_day(decision)}, was {dated(before, decision.due)}. "
        f"Otherwise: {b.one_line(decision.default, 300)}"
    )
    return b.text_message(text)

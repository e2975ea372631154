"""An ask as whoever asked for it sees it: where it stands, and what they can still do about it."""

from datetime import date

from domain.absences import Absence
from domain.people import Person
from domain.words import MAX_NAME, short_day
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


def asked_message(ask: AskShown, away: Absence | None = None) -> b.Payload:
    """For whoever asked; `away`: the decider is, for some of the time until the day."""
    decision = ask.decision
    decider = ask.name(decision.decider_id)
    when = f"{decider} decides by {due_day(decision)}"
    lines = [f"Asked: {question_of(decision, 300)} {when}; otherwise: {b.one_line(decision.default, 300)}"]
    if away is not None:
        lines.append(
            f":palm_tree: {decider} is away {days(away)}, and I do not remind anybody who is away. "
            "If it cannot wait, hand it over, or give it another day."
        )
    text = "\n".join(lines)
    return b.message(text, [b.section(text), asker_buttons(ask, may_decide=False)])


def withdrawn_message(ask: AskShown) -> b.Payload:
    """For whoever withdrew it."""
    return b.text_message(f"{question_of(ask.decision, 300)} is withdrawn. Everybody it names has been told.")


def redated_message(ask: AskShown, before: date, by: Person) -> b.Payload:
    """For everybody an ask names; `before` is the day it had."""
    decision = ask.decision
    text = (
        f"{b.one_line(by.name, MAX_NAME)} gave {question_of(decision, 300)} another day: {ask.name(decision.decider_id)} "
        f"decides by {due_day(decision)}, was {short_day(before)}. "
        f"Otherwise: {b.one_line(decision.default, 300)}"
    )
    return b.text_message(text)

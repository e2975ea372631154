"""What happens to asks when their day comes: their deciders are reminded, then their default takes effect."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.absences import made_up_at
from domain.decisions import Decision, default_instant, is_overdue
from domain.rituals import Due
from domain.strategies import Strategy
from services.decisions.asks import ask_decider
from services.decisions.lists import list_open_asks, show_asks
from services.decisions.settling import by_default, claim_once, end_asks
from services.planning import next_of, plan_decisions, reminder_of
from storage import absences, decisions, people, rituals, strategies
from storage.database import lock
from storage.delivery import outbox
from views.decisions import messages


def perform_decisions(session: Session, due: Due, now: datetime) -> str:
    """Asks that waited for their decider, reminders and defaults of a strategy that are due.

    Defaults are made up however late. Returns what became of it.
    """
    lock(session, due.workspace_id, due.strategy_id)
    if not rituals.hold_due(session, [due], wait=True):
        return "performed already"
    strategy = strategies.get_strategy(session, due.workspace_id, due.strategy_id)
    waiting = list_open_asks(session, strategy)
    over = [decision for decision in waiting if _is_over(strategy, decision, now)]
    ended = end_asks(session, strategy, [by_default(decision, now) for decision in over], None, now)
    living = [decision for decision in waiting if decision not in over]
    asked = [d for d in living if d.message_id is None and ask_decider(session, strategy, d, now).message_id]
    reminded = [d for d in living if d not in asked and _remind(session, strategy, d, now)]
    plan_decisions(session, strategy, now)
    return f"{len(ended)} by default, {len(asked)} asked, {len(reminded)} reminded"


def _is_over(strategy: Strategy, decision: Decision, now: datetime) -> bool:
    """Its day is over, and it is no day off that everybody named would be told on after a time down."""
    takes_effect = default_instant(decision.due, strategy.zone)
    return made_up_at(takes_effect, now, strategy.zone, strategy.work_pattern) <= now and is_overdue(
        decision, strategy.zone, now
    )


def _remind(session: Session, strategy: Strategy, decision: Decision, now: datetime) -> bool:
    """Remind the decider if it is time; the buttons move to the reminder."""
    decider = people.get_person(session, decision.workspace_id, decision.decider_id)
    takes_effect = default_instant(decision.due, strategy.zone)
    planned = absences.list_absences(session, decision.workspace_id, [decider.id])[decider.id]
    is_due = next_of(strategy, decision, decider, planned, now) <= now < takes_effect
    if reminder_of(strategy, decision, decider, planned) is None or not is_due:
        return False
    reminder = f"decision-{decision.id}-reminder-{decider.id}-{decision.due}"
    is_first = claim_once(session, decision, reminder, now, "reminded")
    decision = decisions.mark_reminded(session, decision, now)
    if not is_first:
        return False
    [shown] = show_asks(session, strategy, [decision])
    if decision.message_id is not None:
        moved = messages.moved_message(shown, "I reminded you of this below; its buttons are there.")
        outbox.enqueue_update(session, decision.workspace_id, decision.message_id, moved, now=now)
    message_id = outbox.enqueue_post(
        session,
        decision.workspace_id,
        decider.id,
        messages.reminder_message(shown, takes_effect),
        now=now,
        expires_at=takes_effect,
    )
    decisions.set_message(session, decision, message_id)
    return True

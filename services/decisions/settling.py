"""How asks end: decided, by their default or withdrawn; and what is said once they have."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.acts import ActKind
from domain.decisions import AskFate, Decision, DecisionState, default_instant
from domain.errors import DomainError
from domain.people import Person
from domain.rituals import Due, Ritual
from domain.strategies import Strategy
from services.access import lead_names
from services.decisions.lists import list_open_asks, may_decide, show_asks
from services.decisions.telling import list_named, record_act_of_ask, redraw_ask, redraw_owners_prompts
from services.planning import plan_decisions
from services.references import Request, see_decision
from services.telling import tell_unless_left
from storage import decisions, homes, people, rituals
from views.decisions import messages
from views.decisions.words import AskShown


def load_to_decide(session: Session, request: Request, decision_id: int) -> tuple[Person, Strategy, Decision]:
    person, strategy, decision = see_decision(session, request, decision_id)
    require_may_decide(session, strategy, person, decision)
    return person, strategy, decision


def load_to_explain(
    session: Session, request: Request, decision_id: int
) -> tuple[Person, Strategy, Decision]:
    """Only who decided says why."""
    person, strategy, decision = see_decision(session, request, decision_id)
    if decision.state is not DecisionState.DECIDED or decision.decided_by is None:
        raise DomainError("Nobody decided this, so there is no reason to give.")
    if person.id != decision.decided_by:
        name = people.get_person(session, person.workspace_id, decision.decided_by).name
        raise DomainError(f"Only {name}, who decided this, can say why.")
    return person, strategy, decision


def require_may_decide(session: Session, strategy: Strategy, person: Person, decision: Decision) -> None:
    """Raises DomainError saying who can, or what became of it when it is settled."""
    if not decision.is_open:
        raise _settled_already(session, decision)
    if may_decide(strategy, person, decision):
        return
    decider = people.get_person(session, strategy.workspace_id, decision.decider_id).name
    raise DomainError(
        f"Only {decider}, who was asked, or a lead of {strategy.name} can decide this: "
        f"{lead_names(session, strategy.workspace_id, [strategy])}."
    )


def settle_decision(
    session: Session,
    strategy: Strategy,
    decision: Decision,
    outcome: str,
    *,
    by: Person,
    now: datetime,
    reason: str = "",
) -> Decision:
    """Decide it and tell everyone named. Raises DomainError when it was settled meanwhile."""
    ended = replace(
        decision,
        state=DecisionState.DECIDED,
        outcome=outcome,
        reason=reason,
        decided_by=by.id,
        decided_at=now,
    )
    if not end_asks(session, strategy, [ended], by, now):
        raise DomainError("Somebody settled this a moment ago. Run `/rhythm decisions past` to see how.")
    return ended


def give_reason(
    session: Session, strategy: Strategy, decision: Decision, reason: str, by: Person, now: datetime
) -> None:
    """Add why to a decision taken; requester and owner hear it."""
    decision = decisions.set_reason(session, decision, reason)
    record_act_of_ask(session, decision, ActKind.REASON_GIVEN, by.id, now)
    [shown] = show_asks(session, strategy, [decision])
    redraw_ask(session, shown, now)
    told = messages.reason_message(shown)
    for person_id in sorted(list_named(session, [decision], by)[decision.id] - {decision.decider_id}):
        tell_unless_left(session, decision.workspace_id, person_id, told, now, strategy=strategy)
    redraw_owners_prompts(session, strategy, [decision], now)


def settle_asks_of_closed(
    session: Session, strategy: Strategy, initiative_id: int, wish: AskFate, by: Person, now: datetime
) -> int:
    """What happens to the open asks of an initiative being closed; returns how many were open."""
    found = [d for d in list_open_asks(session, strategy) if d.initiative_id == initiative_id]
    why = "the initiative was closed"
    if wish is AskFate.WITHDRAW:
        end_asks(session, strategy, [withdrawn(decision, why, by.id, now) for decision in found], by, now)
    elif wish is AskFate.DEFAULT:
        closed = [replace(by_default(decision, now), decided_by=by.id, reason=why) for decision in found]
        end_asks(session, strategy, closed, by, now)
    return len(found)


def reopen_early(session: Session, strategy: Strategy, after: datetime, now: datetime) -> list[Decision]:
    """Asks whose default took effect later than `after`, by a clock that was ahead, are open again until their day."""
    defaulted = decisions.list_decisions(
        session, strategy.workspace_id, strategy.id, states=(DecisionState.DEFAULTED,)
    )
    early = [
        decisions.reopen(session, decision)
        for decision in defaulted
        if decision.decided_at is not None
        and decision.decided_at > after
        and decision.decided_by is None
        and default_instant(decision.due, strategy.zone) > now
    ]
    if not early:
        return early
    for one in early:
        record_act_of_ask(session, one, ActKind.REOPENED, None, now)
    named = list_named(session, early, None)
    told = defaultdict[str, list[AskShown]](list)
    homes.mark_stale(session, strategy.workspace_id, strategy.id, [one.decider_id for one in early])
    for shown in show_asks(session, strategy, early):
        redraw_ask(session, shown, now)
        for person_id in sorted(named[shown.decision.id]):
            told[person_id].append(shown)
    for person_id, asks in told.items():
        tell_unless_left(
            session, strategy.workspace_id, person_id, messages.reopened_message(asks), now, strategy=strategy
        )
    redraw_owners_prompts(session, strategy, early, now)
    return early


def settled_period(decision: Decision) -> str:
    """Of the occurrence that says that an ask was settled."""
    return f"decision-{decision.id}-settled"


def by_default(decision: Decision, now: datetime) -> Decision:
    """As it ends when nobody decides."""
    return replace(decision, state=DecisionState.DEFAULTED, outcome=decision.default, decided_at=now)


def withdrawn(decision: Decision, reason: str, by_id: str, now: datetime) -> Decision:
    """As it ends when it is not asked any more."""
    state = DecisionState.WITHDRAWN
    return replace(decision, state=state, reason=reason, decided_by=by_id, decided_at=now)


def end_asks(
    session: Session, strategy: Strategy, ended: Iterable[Decision], by: Person | None, now: datetime
) -> list[Decision]:
    """Keep the end of those still open, redraw their messages and tell everyone named but `by`, once each."""
    kept = [decision for decision in ended if decisions.settle(session, decision)]
    if not kept:
        return kept
    shown = {one.decision.id: one for one in show_asks(session, strategy, kept)}
    named = list_named(session, kept, by)
    told = defaultdict[str, list[AskShown]](list)
    homes.mark_stale(session, strategy.workspace_id, strategy.id, [one.decider_id for one in kept])
    for decision in kept:
        claim_once(session, decision, settled_period(decision), now, decision.state.value)
        kind = ActKind(decision.state.value)
        record_act_of_ask(session, decision, kind, by.id if by else None, now)
        redraw_ask(session, shown[decision.id], now)
        for person_id in sorted(named[decision.id]):
            told[person_id].append(shown[decision.id])
    for person_id, asks in told.items():
        may = all(person_id in (one.decision.requested_by, one.decision.decider_id) for one in asks)
        told_them = messages.told_message(asks, may_look_again=may)
        tell_unless_left(session, strategy.workspace_id, person_id, told_them, now, strategy=strategy)
    redraw_owners_prompts(session, strategy, kept, now)
    plan_decisions(session, strategy, now)
    return kept


def claim_once(session: Session, decision: Decision, period: str, now: datetime, outcome: str) -> bool:
    """Whether this is the first time that it happens."""
    due = Due(decision.workspace_id, decision.strategy_id, Ritual.DECISIONS, "", period, now)
    return rituals.claim_occurrence(session, due, now, outcome)


def _settled_already(session: Session, decision: Decision) -> DomainError:
    """The refusal for an ask that is not open any more."""
    how = f"{decision.state.value}: {decision.outcome}" if decision.outcome else decision.state.value
    if decision.decided_by is not None:
        how += f", by {people.get_person(session, decision.workspace_id, decision.decided_by).name}"
    return DomainError(f"This is settled already ({how}). `/rhythm decisions past` shows it.")

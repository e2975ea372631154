"""Whoever an ask names hears of it, and every message that shows it is drawn anew."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from domain.decisions import Decision, DecisionState
from domain.people import Person
from domain.strategies import Strategy
from services.check_ins.prompts import redraw_current_check_in
from storage import acts, initiatives
from storage.delivery import outbox
from views.decisions import messages
from views.decisions.words import AskShown


def record_act_of_ask(
    session: Session,
    decision: Decision,
    kind: ActKind,
    by_id: str | None,
    now: datetime,
    about_id: str | None = None,
) -> None:
    """By what it is and is about: the question and its answer are people's words."""
    about = ""
    if decision.initiative_id is not None:
        about = initiatives.get_initiative(session, decision.workspace_id, decision.initiative_id).name
    act = Act(kind, by_id, now, about, after=decision.kind.value, about_id=about_id, thing_id=decision.id)
    acts.add_act(session, decision.workspace_id, decision.strategy_id, act)


def redraw_ask(session: Session, shown: AskShown, now: datetime) -> None:
    decision = shown.decision
    if decision.message_id is not None:
        payload = messages.decider_message(shown)
        outbox.enqueue_update(session, decision.workspace_id, decision.message_id, payload, now=now)


def redraw_owners_prompts(
    session: Session, strategy: Strategy, changed: Iterable[Decision], now: datetime
) -> None:
    """The owners' present prompts show their asks as they stand."""
    workspace_id = strategy.workspace_id
    about = {decision.initiative_id for decision in changed if decision.initiative_id is not None}
    for owner_id in sorted({_owner_of(session, workspace_id, one) for one in about}):
        redraw_current_check_in(session, strategy, owner_id, now)


def list_named(session: Session, ended: Iterable[Decision], by: Person | None) -> dict[int, set[str]]:
    """Who hears of each: requester, decider and the initiative's owner, without whoever did it.

    A decider who was away, and so was never asked, hears nothing but how it was decided.
    """
    named = {}
    for decision in ended:
        heard = {decision.requested_by}
        if decision.message_id is not None or decision.state in (
            DecisionState.DECIDED,
            DecisionState.DEFAULTED,
        ):
            heard.add(decision.decider_id)
        if decision.initiative_id is not None:
            heard.add(_owner_of(session, decision.workspace_id, decision.initiative_id))
        named[decision.id] = heard - {by.id if by else ""}
    return named


def _owner_of(session: Session, workspace_id: str, initiative_id: int) -> str:
    return initiatives.get_initiative(session, workspace_id, initiative_id).owner_id

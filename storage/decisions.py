"""Asks and what became of them."""

from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, Update, bindparam, insert, or_, select, update
from sqlalchemy.orm import Session

from domain.decisions import AskKind, Decision, DecisionState
from storage.ids import new_id
from storage.models import DecisionRow
from storage.statements import is_of, table

_decisions = table(DecisionRow)
# Built once: building a statement costs several times what running it does.
_ALL = (
    select(_decisions)
    .where(_decisions.c.workspace_id == bindparam("workspace_id"))
    .order_by(_decisions.c.due, _decisions.c.id)
)
_BY_ID = _ALL.where(_decisions.c.id == bindparam("id"))
_OF_STRATEGY = _ALL.where(_decisions.c.strategy_id == bindparam("strategy_id"))
_IN_STATES = _OF_STRATEGY.where(_decisions.c.state.in_(bindparam("states", expanding=True)))
_IS_OPEN = _decisions.c.state == DecisionState.OPEN.value
_OPEN_OF_DECIDER = _ALL.where(_decisions.c.decider_id == bindparam("person_id"), _IS_OPEN)
_OPEN_OF_PERSON = _ALL.where(
    or_(
        _decisions.c.decider_id == bindparam("person_id"), _decisions.c.requested_by == bindparam("person_id")
    ),
    _IS_OPEN,
)
_OPEN_OR_SETTLED_SINCE = or_(_IS_OPEN, _decisions.c.decided_at >= bindparam("since"))
_RECENT = _OF_STRATEGY.where(_OPEN_OR_SETTLED_SINCE)
_OF_INITIATIVES = _ALL.where(
    _decisions.c.initiative_id.in_(bindparam("initiative_ids", expanding=True)), _OPEN_OR_SETTLED_SINCE
)


def list_decisions(
    session: Session,
    workspace_id: str,
    strategy_id: int,
    *,
    states: Collection[DecisionState] | None = None,
) -> list[Decision]:
    """A strategy's, the first due first; all of them, or those in some states."""
    values: dict[str, Any] = {"workspace_id": workspace_id, "strategy_id": strategy_id}
    if states is None:
        return _read(session, _OF_STRATEGY, **values)
    return _read(session, _IN_STATES, **values, states=[state.value for state in states])


def list_for_decider(session: Session, workspace_id: str, person_id: str) -> list[Decision]:
    """What one person is asked to decide, in all strategies, the first due first."""
    return _read(session, _OPEN_OF_DECIDER, workspace_id=workspace_id, person_id=person_id)


def list_open_of_person(session: Session, workspace_id: str, person_id: str) -> list[Decision]:
    """What one person is asked to decide or asked for, in all strategies, the first due first."""
    return _read(session, _OPEN_OF_PERSON, workspace_id=workspace_id, person_id=person_id)


def list_recent(session: Session, workspace_id: str, strategy_id: int, since: datetime) -> list[Decision]:
    """Open ones, and those settled at `since` or later."""
    return _read(session, _RECENT, workspace_id=workspace_id, strategy_id=strategy_id, since=since)


def list_of_initiatives(
    session: Session, workspace_id: str, initiative_ids: Collection[int], since: datetime
) -> list[Decision]:
    """The asks of some initiatives: open ones, and those settled at `since` or later."""
    values = {"workspace_id": workspace_id, "initiative_ids": list(initiative_ids), "since": since}
    return _read(session, _OF_INITIATIVES, **values) if initiative_ids else []


def find_decision(session: Session, workspace_id: str, decision_id: int) -> Decision | None:
    found = _read(session, _BY_ID, workspace_id=workspace_id, id=decision_id)
    return found[0] if found else None


def add_decision(session: Session, decision: Decision) -> Decision:
    """Returns it with its id."""
    decision = replace(decision, id=new_id())
    values = asdict(decision) | {
        "kind": decision.kind.value,
        "state": decision.state.value,
        "options": {"options": list(decision.options)},
    }
    session.execute(insert(_decisions).values(**values))
    return decision


def set_message(session: Session, decision: Decision, message_id: int) -> Decision:
    """The one with its buttons."""
    session.execute(_update(decision).values(message_id=message_id))
    return replace(decision, message_id=message_id)


def set_reason(session: Session, decision: Decision, reason: str) -> Decision:
    session.execute(_update(decision).values(reason=reason))
    return replace(decision, reason=reason)


def hand_over(session: Session, decision: Decision, decider_id: str) -> Decision:
    """To somebody who has not been asked yet."""
    session.execute(_update(decision).values(decider_id=decider_id, reminded_at=None, message_id=None))
    return replace(decision, decider_id=decider_id, reminded_at=None, message_id=None)


def redate(session: Session, decision: Decision, due: date) -> Decision:
    """On another day; its decider is reminded of that one."""
    session.execute(_update(decision).values(due=due, reminded_at=None))
    return replace(decision, due=due, reminded_at=None)


def mark_reminded(session: Session, decision: Decision, at: datetime) -> Decision:
    session.execute(_update(decision).values(reminded_at=at))
    return replace(decision, reminded_at=at)


def settle(session: Session, decision: Decision) -> bool:
    """Keep how it ended, if nobody ended it meanwhile; says whether this did."""
    ending = {name: getattr(decision, name) for name in ("outcome", "reason", "decided_by", "decided_at")}
    statement = _update(decision).where(_IS_OPEN).values(state=decision.state.value, **ending)
    return session.execute(statement.returning(_decisions.c.id)).first() is not None


def reopen(session: Session, decision: Decision) -> Decision:
    """As if it had not been settled."""
    as_open: dict[str, Any] = {"outcome": "", "reason": "", "decided_by": None, "decided_at": None}
    session.execute(_update(decision).values(state=DecisionState.OPEN.value, **as_open))
    return replace(decision, state=DecisionState.OPEN, **as_open)


def _update(decision: Decision) -> Update:
    return update(_decisions).where(is_of(_decisions, decision.workspace_id, id=decision.id))


def _read(session: Session, statement: Select[Any], **values: Any) -> list[Decision]:
    return [_decision(row._mapping) for row in session.execute(statement, values)]


def _decision(columns: Any) -> Decision:
    return Decision(
        **{
            **columns,
            "kind": AskKind(columns["kind"]),
            "state": DecisionState(columns["state"]),
            "options": tuple(columns["options"]["options"]),
        }
    )


def hand_on_open(session: Session, workspace_id: str, from_id: int, to_id: int) -> None:
    """What waits to be decided belongs to another strategy from now on, and to none of its initiatives."""
    waiting = (
        is_of(_decisions, workspace_id, strategy_id=from_id),
        _IS_OPEN,
    )
    session.execute(update(_decisions).where(*waiting).values(strategy_id=to_id, initiative_id=None))

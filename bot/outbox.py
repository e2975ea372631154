"""`drumbeat outbox`: the messages that were set aside, with the reason; sent after all, or dropped."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bot.refusals import CommandRefusedError
from domain.acts import Act, ActKind
from domain.words import counted
from storage import acts
from storage.delivery import doubts
from storage.delivery.doubts import Aside
from storage.delivery.outbox import CANVAS, EPHEMERAL, FILE, HOME, UPDATE, State
from storage.isolation import within

SHOWN = (State.FAILED, State.HELD, State.IN_DOUBT)
"""What was left out because its time had passed is shown only when asked for: it is not wanted any more."""
ALL = (*SHOWN, State.EXPIRED)
_WHAT = {UPDATE: "edit", EPHEMERAL: "notice", HOME: "Home tab", FILE: "file", CANVAS: "canvas"}
_HOW = {
    State.FAILED: "failed",
    State.HELD: "waits until it can be posted",
    State.IN_DOUBT: "perhaps posted, and somebody is asked",
    State.EXPIRED: "left out, its time had passed",
}


class OutboxRefusedError(CommandRefusedError):
    """What is asked of the outbox cannot be done."""


def list_set_aside(session: Session, *, with_expired: bool) -> list[str]:
    """A line each, never with anybody's words."""
    return [_line(one) for one in doubts.list_aside(session, ALL if with_expired else SHOWN)]


def retry(session: Session, ids: Sequence[int], now: datetime, *, everything: bool) -> int:
    """How many go out now. Raises OutboxRefusedError for one that may be there already."""
    chosen = doubts.list_aside(session, (State.FAILED, State.HELD)) if everything else _chosen(session, ids)
    for one in chosen:
        if one.state is State.IN_DOUBT:
            raise OutboxRefusedError(
                f"{one.id} may be there already: whoever was asked in Slack says so, or `drumbeat outbox drop {one.id}` "
                "leaves it as it is."
            )
    for one in chosen:
        with within(session, one.workspace_id):
            doubts.retry(session, one)
    _record(session, chosen, ActKind.SENT_AFTER_ALL, now)
    return len(chosen)


def drop(session: Session, ids: Sequence[int], now: datetime) -> int:
    """How many are never sent; later edits of them and what waits for their threads go with them."""
    chosen = _chosen(session, ids)
    for one in chosen:
        with within(session, one.workspace_id):
            doubts.give_up(session, one)
    _record(session, chosen, ActKind.LEFT_AS_IT_IS, now)
    return len(chosen)


def _record(session: Session, chosen: Sequence[Aside], kind: ActKind, now: datetime) -> None:
    for workspace_id, number in sorted(Counter(one.workspace_id for one in chosen).items()):
        with within(session, workspace_id):
            acts.add_act(session, workspace_id, None, Act(kind, None, now, after=counted(number, "message")))


def _chosen(session: Session, ids: Collection[int]) -> list[Aside]:
    there = {one.id: one for one in doubts.list_aside(session, ALL)}
    for id_ in ids:
        if id_ not in there:
            raise OutboxRefusedError(
                f"Nothing with the id {id_} was set aside: `drumbeat outbox list` shows what was."
            )
    return [there[id_] for id_ in dict.fromkeys(ids)]


def _line(one: Aside) -> str:
    what = _WHAT.get(one.method, "message")
    why = f" ({one.error})" if one.error else ""
    return f"{one.id}  {one.created_at:%Y-%m-%d %H:%M}Z  {one.workspace_id}  {what} to {one.target}: {_HOW[one.state]}{why}"

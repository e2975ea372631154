"""When a message cannot be delivered: the leads hear of it where that is possible, and decide what only they can."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.errors import DomainError
from domain.troubles import Trouble, TroubleKind
from handlers.access import load_actor, require_lead
from handlers.runtime import Click, Deps, Reply, Routes
from storage import outbox, seen, strategies
from views.troubles import AGAIN, THERE, file_refused_message, settled_message, trouble_message


async def post_again(deps: Deps, click: Click) -> Reply | None:
    return await deps.transact(_settle, click, again=True)


async def leave_there(deps: Deps, click: Click) -> Reply | None:
    return await deps.transact(_settle, click, again=False)


def tell_leads(session: Session, trouble: Trouble, now: datetime) -> None:
    """One DM a lead, at most once a day for the same trouble of the same channel; of a file whoever wanted it."""
    if trouble.kind is TroubleKind.FILE:
        refused = file_refused_message(trouble)
        outbox.enqueue_post(session, trouble.workspace_id, trouble.target, refused, now=now)
        return
    strategy = strategies.find_strategy_by_channel(session, trouble.workspace_id, trouble.target)
    if strategy is None:
        return
    what = trouble.outbox_id if trouble.kind is TroubleKind.IN_DOUBT else f"{trouble.error}:{now:%Y-%m-%d}"
    if not seen.is_new(session, trouble.workspace_id, f"trouble:{trouble.target}:{what}", now):
        return
    for lead in strategy.leads:
        outbox.enqueue_post(session, trouble.workspace_id, lead, trouble_message(trouble, strategy), now=now)


def _settle(session: Session, click: Click, *, again: bool) -> Reply:
    person = load_actor(session, click.actor)
    target = outbox.find_target(session, click.actor.workspace_id, int(click.value))
    strategy = target and strategies.find_strategy_by_channel(session, click.actor.workspace_id, target)
    if strategy:
        require_lead(session, strategy, person)
    decide = outbox.send_again if again else outbox.leave_as_it_is
    if not decide(session, click.actor.workspace_id, int(click.value)):
        raise DomainError("Somebody has decided this already.")
    return Reply(message=settled_message(again=again))


ROUTES = Routes(clicks={AGAIN: post_again, THERE: leave_there})

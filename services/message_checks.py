"""Message checks: what an owner is asked about the core message before a review, and what they said."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from domain.errors import DomainError
from domain.reviews import MessageCheck
from services.check_ins.answering import Answering
from services.check_ins.prompts import list_message_checks, redraw_check_in
from storage import acts, reviews
from views.message_checks import MessageChecks


def load_message_checks(session: Session, ctx: Answering) -> MessageChecks:
    """Raises DomainError when nothing is asked any more."""
    checks = list_message_checks(session, [ctx]).get(ctx.check_in.id)
    if checks is None or not checks.asked:
        raise DomainError("There is nothing to say about the core message any more: the initiatives changed.")
    return checks


def record_message_checks(
    session: Session,
    ctx: Answering,
    given: Sequence[MessageCheck],
    taken_back: Collection[tuple[int, str]],
    now: datetime,
) -> None:
    """What is said already makes no new version."""
    workspace_id, check_in_id = ctx.strategy.workspace_id, ctx.check_in.id
    standing = {
        (one.initiative_id, one.channel, one.carried, one.where_broke)
        for one in reviews.list_checks(session, workspace_id, [check_in_id])
    }
    new = [
        one for one in given if (one.initiative_id, one.channel, one.carried, one.where_broke) not in standing
    ]
    reviews.save_checks(session, workspace_id, new)
    reviews.withdraw_checks(session, workspace_id, check_in_id, taken_back, ctx.actor.id, now)
    touched = [one.initiative_id for one in new] + [id_ for id_, _ in taken_back]
    done = [
        Act(ActKind.CHECKED_MESSAGE, ctx.actor.id, now, ctx.initiative(id_).name, thing_id=id_)
        for id_ in dict.fromkeys(touched)
    ]
    acts.add_acts(session, workspace_id, ctx.strategy.id, done)
    redraw_check_in(session, ctx, now)

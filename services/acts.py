"""The audit log of a strategy as its members read it."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.errors import NotFound
from domain.people import Person
from domain.strategies import Strategy
from services.access import may_lead
from storage import acts, people
from views.acts import SHOWN, History, history_message
from views.slack.blocks import Payload


def show_history(
    session: Session, strategy: Strategy, person: Person, now: datetime, before: int | None = None
) -> Payload:
    """Who did what by which way, for leads all of it; `before` is the act that it goes on after. Raises NotFound for one that
    is none of the strategy's.
    """
    is_lead = may_lead(strategy, person)
    if before is not None and not acts.is_act_of(session, strategy.workspace_id, strategy.id, before):
        raise NotFound
    found = acts.list_acts(
        session, strategy.workspace_id, strategy.id, SHOWN + 1, before=before, only_changes=not is_lead
    )
    shown = found[:SHOWN]
    ids = {id_ for act in shown for id_ in (act.person_id, act.about_id) if id_}
    known = people.list_known(session, strategy.workspace_id, ids)
    names = {one.id: one.name for one in known}
    return history_message(
        History(strategy, shown, names, person.zone, now, older=len(found) > SHOWN, is_lead=is_lead)
    )

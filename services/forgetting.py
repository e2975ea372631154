"""Somebody, or a whole workspace, is forgotten: name and words go, and whoever minds what they leave behind hears of it."""

import secrets
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from domain.decisions import Decision
from domain.forgetting import SOMEONE, Forgotten
from domain.people import Person
from services.decisions.settling import end_asks, withdrawn
from services.digests import MAKES_SENSE_FOR, refresh_digest
from services.people import update_person
from services.reviews.posting import redraw_open_reviews
from storage import acts, canvases, decisions, digests, homes, installations, people, strategies
from storage.delivery.seen import NOWHERE
from storage.forgetting.erasing import drop_messages_with, erase_person
from storage.forgetting.requests import (
    KeptRequest,
    find_people,
    find_workspaces,
    keep_request,
    keep_requests,
    list_requests,
)

_TOKEN_BYTES = 10
WHY_WITHDRAWN = "whoever asked it has left"


@dataclass(frozen=True, slots=True)
class Left:
    """What went: rows that went or lost words, by table; rows in which only the name stood; strategies that need another
    owner or lead.
    """

    rows: Counter[str]
    named: int
    strategies: int


def forget_person(session: Session, person: Person, now: datetime) -> Left:
    """Their figures stay, under “someone who left”; the leads hear what needs an owner, as when somebody leaves Slack."""
    gone, stand_in = _in_place_of(person)
    erased = erase_person(session, gone, stand_in)
    keep_request(session, person.workspace_id, person.id, now)
    _record(session, stand_in, now)
    _withdraw_asks(session, stand_in, now)
    minded = strategies.list_strategies_of(session, person.workspace_id, stand_in.id)
    update_person(session, replace(stand_in, is_deactivated=True), now)
    _redraw(session, person.workspace_id, erased.strategies, now)
    drop_messages_with(session, gone, erased)
    return Left(+erased.rows, erased.named, len(minded))


def _record(session: Session, stand_in: Person, now: datetime) -> None:
    act = Act(ActKind.FORGOTTEN, None, now, about_id=stand_in.id)
    acts.add_act(session, stand_in.workspace_id, None, act)


def _in_place_of(person: Person) -> tuple[Forgotten, Person]:
    token = secrets.token_hex(_TOKEN_BYTES).upper()
    gone = Forgotten(person.workspace_id, person.id, person.name, token, person.dm_channel_id)
    return gone, Person(
        person.workspace_id,
        gone.stand_in,
        SOMEONE,
        is_deactivated=person.is_deactivated,
        is_guest=person.is_guest,
    )


def _withdraw_asks(session: Session, asker: Person, now: datetime) -> None:
    """A question whose words are gone cannot be decided: whoever was asked reads that it is withdrawn."""
    for ask in _list_withdrawn(session, asker, now):
        strategy = strategies.get_strategy(session, asker.workspace_id, ask.strategy_id)
        end_asks(session, strategy, [ask], asker, now)


def _list_withdrawn(session: Session, asker: Person, now: datetime) -> list[Decision]:
    """What they asked and is open, as it ends."""
    found = decisions.list_open_of_person(session, asker.workspace_id, asker.id)
    return [withdrawn(ask, WHY_WITHDRAWN, asker.id, now) for ask in found if ask.requested_by == asker.id]


def _redraw(session: Session, workspace_id: str, ids: Collection[int], now: datetime) -> None:
    """What people still look at in Slack of these strategies: this week's digest, an open review, Homes, canvases."""
    canvases.mark_stale(session, workspace_id, ids, now)
    listed = strategies.list_strategies(session, workspace_id)
    for strategy in [one for one in listed if one.id in ids]:
        digest = digests.find_latest_digest(session, workspace_id, strategy.id)
        if digest is not None and now - digest.posted_at < MAKES_SENSE_FOR:
            refresh_digest(session, strategy, digest, now)
        redraw_open_reviews(session, strategy, now)
        homes.mark_stale(session, workspace_id, strategy.id)


def forget_workspace(session: Session, workspace_id: str, now: datetime) -> int:
    """Everything that is kept of a workspace, or of an organisation and its workspaces; returns how many rows."""
    served = installations.list_of_organisation(session, workspace_id)
    count = 0
    for one in [*served, workspace_id]:
        count += installations.erase_workspace(session, one)
        keep_request(session, NOWHERE, one, now)
    return count


def forget_again(session: Session, requests: Sequence[KeptRequest], now: datetime) -> int:
    """After a restore: whoever asked since the backup was made; returns how many were in it.

    Nobody is told a second time.
    """
    known = {(one.workspace_id, one.hash) for one in list_requests(session)}
    since = [one for one in requests if (one.workspace_id, one.hash) not in known]
    again = find_workspaces(session, since)
    for workspace_id in again:
        installations.erase_workspace(session, workspace_id)
    found = find_people(session, since)
    for workspace_id, person_id, _ in found:
        gone, stand_in = _in_place_of(people.get_person(session, workspace_id, person_id))
        erased = erase_person(session, gone, replace(stand_in, is_deactivated=True))
        for ask in _list_withdrawn(session, stand_in, now):
            decisions.settle(session, ask)
        drop_messages_with(session, gone, erased)
        _record(session, stand_in, now)
    keep_requests(session, since)
    return len(again) + len(found)

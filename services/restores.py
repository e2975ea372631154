"""After a restore: what was perhaps said since the backup and nothing but a person can find out, asked about all at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from domain.errors import DomainError
from domain.people import Person
from domain.words import counted
from services.access import load_actor
from services.references import Request
from services.telling import tell_person
from services.troubles import GIVEN_UP_AFTER, minders_of, place_of
from storage import acts
from storage.delivery import doubts, outbox
from storage.delivery.doubts import Aside
from storage.delivery.outbox import ASK_AGAIN
from views import restores as views
from views.slack.blocks import Payload
from views.troubles import Place

log = structlog.get_logger()


def ask_about_restored(session: Session, workspace_id: str, now: datetime) -> None:
    """Ask the leads of each place, or where there are none the admins, in one message; again after a day, and after three
    days it is left as it is.
    """
    overdue = doubts.list_restored(session, workspace_id, now)
    over = [one for one in overdue if _since(one) + GIVEN_UP_AFTER <= now]
    _end(session, over, views.given_up_message(), now)
    for one in over:
        doubts.give_up(session, one)
    for asked, lost in _by_minder(session, [one for one in overdue if one not in over]):
        _ask(session, asked, lost, now)


def settle_restored(session: Session, request: Request, now: datetime, *, again: bool) -> None:
    """One answer for all that whoever acts was asked about. Raises DomainError."""
    person = load_actor(session, request.actor)
    waiting = doubts.list_restored(session, person.workspace_id)
    if not waiting:
        raise DomainError("This is settled already.")
    asked = _by_minder(session, waiting)
    mine = [one for who, lost in asked if person.is_admin or person.id in {p.id for p in who} for one in lost]
    if not mine:
        raise DomainError("Only whoever was asked can say this.")
    _end(session, mine, views.settled_message(len(mine), by=person.id, again=again), now)
    kind = ActKind.SENT_AFTER_ALL if again else ActKind.LEFT_AS_IT_IS
    act = Act(kind, person.id, now, after=counted(len(mine), "message"))
    acts.add_act(session, person.workspace_id, None, act)
    for one in mine:
        if again:
            doubts.send_again(session, one)
        else:
            doubts.give_up(session, one)


def _ask(session: Session, asked: Sequence[Person], lost: Sequence[Aside], now: datetime) -> None:
    workspace_id = lost[0].workspace_id
    if not asked:
        log.error("nobody_to_ask", workspace=workspace_id, outbox=[one.id for one in lost])
        for one in lost:
            doubts.give_up(session, one)
        return
    _end(session, lost, views.asked_again_message(), now)
    since = min(one.said_since for one in lost if one.said_since is not None)
    question = views.question_message(since, _counted(session, lost))
    questions = [tell_person(session, workspace_id, person.id, question, now) for person in asked]
    for one in lost:
        doubts.keep_questions(session, one, questions, now + ASK_AGAIN)


def _by_minder(session: Session, lost: Iterable[Aside]) -> list[tuple[list[Person], list[Aside]]]:
    """Together what the same people are asked about."""
    groups: dict[tuple[str, ...], tuple[list[Person], list[Aside]]] = {}
    for one in lost:
        asked = minders_of(session, one.workspace_id, place_of(session, one.workspace_id, one.target))
        groups.setdefault(tuple(person.id for person in asked), (asked, []))[1].append(one)
    return list(groups.values())


def _counted(session: Session, lost: Iterable[Aside]) -> Mapping[Place, int]:
    counts: dict[Place, int] = {}
    for one in lost:
        place = place_of(session, one.workspace_id, one.target)
        counts[place] = counts.get(place, 0) + 1
    return counts


def _end(session: Session, lost: Sequence[Aside], message: Payload, now: datetime) -> None:
    """In every copy of the question about these."""
    for message_id in dict.fromkeys(question for one in lost for question in one.questions):
        outbox.enqueue_update(session, lost[0].workspace_id, message_id, message, now=now)


def _since(one: Aside) -> datetime:
    return one.in_doubt_since or one.created_at

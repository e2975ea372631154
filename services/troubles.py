"""When a message cannot be delivered: somebody hears of it, decides what only they can, and it comes to an end."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from domain.errors import DomainError, FieldErrors
from domain.people import Person
from domain.troubles import Trouble, TroubleKind
from services.access import load_actor
from services.references import Request, lead_strategy
from services.telling import tell_person
from storage import acts, people, strategies
from storage.delivery import doubts, outbox, seen
from storage.delivery.doubts import Aside
from storage.delivery.outbox import ASK_AGAIN, State
from views import troubles as views
from views.slack.blocks import Payload
from views.slack.references import is_direct_message, is_slack_id
from views.troubles import Permalink, Place

log = structlog.get_logger()
GIVEN_UP_AFTER = timedelta(days=3)
"""A question nobody answers ends after so long: the message stays as it is."""
HELD_FOR = timedelta(days=7)
"""What cannot be said for so long is left out."""
_BATCH = 100


def tell_trouble(session: Session, trouble: Trouble, now: datetime) -> None:
    """Tell or ask whoever minds the place; of the same trouble of a place once a day."""
    match trouble.kind:
        case TroubleKind.FILE:
            refused = views.file_refused_message(trouble)
            outbox.enqueue_post(session, trouble.workspace_id, trouble.target, refused, now=now)
        case TroubleKind.GONE:
            wrong = doubts.not_found(session, trouble.workspace_id, trouble.outbox_id, now)
            if wrong is not None:
                _ask(session, wrong, now, after="The message behind that link is not mine, or is gone.")
        case TroubleKind.IN_DOUBT:
            doubt = doubts.find_doubt(session, trouble.workspace_id, trouble.outbox_id)
            if doubt is not None:
                _ask(session, doubt, now)
        case _:
            what = f"{trouble.error}:{now:%Y-%m-%d}"
            if seen.is_new(session, trouble.workspace_id, f"trouble:{trouble.target}:{what}", now):
                place = place_of(session, trouble.workspace_id, trouble.target)
                told = views.trouble_message(trouble, place)
                # It is told anew each day it lasts, so that a weekend brings one message and not three.
                _tell(session, trouble.workspace_id, place, told, now, expires_at=now + ASK_AGAIN)


def list_overdue(session: Session, workspace_id: str, now: datetime) -> list[int]:
    """What was set aside long enough ago, as much as is settled at once."""
    return doubts.list_overdue(session, workspace_id, now, _BATCH)


def settle_overdue(session: Session, workspace_id: str, outbox_id: int, now: datetime) -> None:
    """Ask again, try again or give up one that was set aside long enough ago."""
    aside = doubts.find_overdue(session, workspace_id, outbox_id, now)
    if aside is None or (aside.state is State.IN_DOUBT and aside.said_since is not None):
        return  # what was perhaps said before a restore is asked about all at once
    place = place_of(session, workspace_id, aside.target)
    if aside.state is State.IN_DOUBT:
        if aside.in_doubt_since is None or now < aside.in_doubt_since + GIVEN_UP_AFTER:
            _ask(session, aside, now)
            return
        log.warning("given_up", workspace=workspace_id, outbox=outbox_id)
        _show(session, aside, views.given_up_message(place, aside.text), now)
        doubts.give_up(session, aside)
    elif now < (aside.expires_at or aside.created_at + HELD_FOR):
        doubts.try_again(session, aside)
    else:
        doubts.expire(session, aside)
        if seen.is_new(session, workspace_id, f"trouble:{aside.target}:left out:{now:%Y-%m-%d}", now):
            _tell(session, workspace_id, place, views.left_out_message(place), now)


def load_doubt(session: Session, request: Request, outbox_id: int) -> tuple[Aside, Place]:
    """What is in doubt and where, for somebody who may settle it. Raises DomainError."""
    person = load_actor(session, request.actor)
    doubt = doubts.find_doubt(session, person.workspace_id, outbox_id)
    if doubt is None:
        raise DomainError("This is settled already.")
    place = place_of(session, person.workspace_id, doubt.target)
    _require_may_settle(session, request, place, person)
    return doubt, place


def post_again(session: Session, doubt: Aside, place: Place, by: str, now: datetime) -> None:
    """It is not there: the message goes out once more."""
    _show(session, doubt, views.settled_message(place, doubt.text, by=by, again=True), now)
    doubts.send_again(session, doubt)
    _record(session, doubt, ActKind.SENT_AFTER_ALL, by, now)


def settle_found(
    session: Session, doubt: Aside, place: Place, link: Permalink, by: str, now: datetime
) -> None:
    """It stands where a link says. Raises FieldErrors for a message that is known of already."""
    if doubts.is_posted(session, doubt.workspace_id, link.channel_id, link.ts):
        raise FieldErrors({views.LINK: "That is another message of mine, one I know of."})
    _show(session, doubt, views.settled_message(place, doubt.text, by=by, again=False), now)
    doubts.found_at(session, doubt, link.channel_id, link.ts)
    _record(session, doubt, ActKind.LEFT_AS_IT_IS, by, now)


def _record(session: Session, doubt: Aside, kind: ActKind, by: str, now: datetime) -> None:
    acts.add_act(session, doubt.workspace_id, None, Act(kind, by, now, after="1 message", thing_id=doubt.id))


def channel_of(session: Session, doubt: Aside, place: Place) -> str | None:
    """Where it must stand; None: in a direct message whose id is not known."""
    if place.person_id is None or is_direct_message(doubt.target):
        return doubt.target
    return people.get_person(session, doubt.workspace_id, place.person_id).dm_channel_id


def _require_may_settle(session: Session, request: Request, place: Place, person: Person) -> None:
    strategy = None
    if place.person_id is None:
        strategy = strategies.find_strategy_by_channel(session, person.workspace_id, place.target)
    if strategy is not None:
        lead_strategy(session, request, strategy.id)
    elif person.id != place.person_id and not (place.person_id is None and person.is_admin):
        raise DomainError("Only whoever was asked can say this.")


def _ask(session: Session, doubt: Aside, now: datetime, *, after: str = "") -> None:
    """Those who can look: of a channel the leads, of a direct message whose it is. A question about a question is not
    asked: what it asks about is asked again anyway.
    """
    place = place_of(session, doubt.workspace_id, doubt.target)
    is_question = doubt.message_id is not None and doubts.is_question(
        session, doubt.workspace_id, doubt.message_id
    )
    asked = [] if is_question else _askable(session, doubt, place)
    if not asked:
        log.error("nobody_to_ask", workspace=doubt.workspace_id, outbox=doubt.id)
        doubts.give_up(session, doubt)
        return
    _show(session, doubt, views.asked_again_message(place, doubt.text), now)
    question = views.question_message(place, doubt.text, doubt.id, after=after)
    questions = [tell_person(session, doubt.workspace_id, person.id, question, now) for person in asked]
    doubts.keep_questions(session, doubt, questions, now + ASK_AGAIN)


def _askable(session: Session, doubt: Aside, place: Place) -> list[Person]:
    if not outbox.is_direct(doubt.target):
        return minders_of(session, doubt.workspace_id, place)
    if place.person_id is None:
        return []
    person = people.find_person(session, doubt.workspace_id, place.person_id)
    return [person] if person and not person.is_deactivated else []


def _tell(
    session: Session,
    workspace_id: str,
    place: Place,
    message: Payload,
    now: datetime,
    *,
    expires_at: datetime | None = None,
) -> None:
    minders = minders_of(session, workspace_id, place)
    if not minders:
        target = place.target if is_slack_id(place.target) else "no id"
        log.error("nobody_to_tell", workspace=workspace_id, target=target)
    for person in minders:
        tell_person(session, workspace_id, person.id, message, now, expires_at=expires_at)


def minders_of(session: Session, workspace_id: str, place: Place) -> list[Person]:
    """The leads of the channel's strategy, or of those the person is in; admins where there are none."""
    if place.person_id is None:
        found = strategies.find_strategy_by_channel(session, workspace_id, place.target)
        minded = [found] if found else []
    else:
        minded = strategies.list_strategies_of(session, workspace_id, place.person_id)
    ids = dict.fromkeys(lead for strategy in minded for lead in strategy.leads)
    leads = _others(people.list_people(session, workspace_id, ids).values(), place)
    return leads or _others(people.list_admins(session, workspace_id), place)


def _others(found: Iterable[Person], place: Place) -> list[Person]:
    return [person for person in found if not person.is_deactivated and person.id != place.person_id]


def place_of(session: Session, workspace_id: str, target: str) -> Place:
    if is_direct_message(target):
        person = people.find_by_dm(session, workspace_id, target)
        return Place(target, person.id if person else None)
    if outbox.is_direct(target):
        return Place(target, target)
    strategy = strategies.find_strategy_by_channel(session, workspace_id, target)
    return Place(target, strategy=strategy.name if strategy else None)


def _show(session: Session, doubt: Aside, message: Payload, now: datetime) -> None:
    """In every copy of the question."""
    for message_id in doubt.questions:
        outbox.enqueue_update(session, doubt.workspace_id, message_id, message, now=now)

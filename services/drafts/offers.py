"""A plan that comes as a file or as a message to the bot: asked about first, then read into a strategy's draft."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from domain.drafts import DraftInitiative, DraftKpi
from domain.errors import DomainError
from domain.people import Person
from domain.reading.drafts.files import read_plan_file
from domain.reading.drafts.plans import read_plan
from domain.reading.people import Member
from domain.reading.separated import BadFileError
from domain.schedules import local_day
from domain.strategies import Strategy, is_lead
from services.drafts.editing import add_to_draft
from services.exports import send_template
from services.notes.messages import Written
from services.reading_first import read_first
from storage import people, strategies
from storage.delivery import outbox, seen
from storage.drafts import KeptDraft
from views.drafts import messages
from views.drafts.messages import PlanRef

_LEAST_LINES = 3
_LEAST_ITEMS = 2
_ENDINGS = (".csv", ".tsv", ".xlsx", ".md", ".markdown", ".txt")


def offer_plan(session: Session, written: Written, files: Sequence[tuple[str, str]], now: datetime) -> None:
    """Ask a lead whether what they sent is a plan, where it looks like one; `files` are ids with names."""
    workspace_id, person_id = written.workspace_id, written.person_id
    everything = strategies.list_strategies(session, workspace_id)
    led = [one for one in everything if is_lead(one, person_id)]
    if not led:
        return
    source = PlanRef(strategy_id=led[0].id, channel_id=written.channel_id, ts=written.ts)
    for file_id, name in files:
        if is_plan_file(name):
            told = messages.offer_message(name, led, source.model_copy(update={"file_id": file_id}))
            outbox.enqueue_post(session, workspace_id, person_id, told, now=now)
    if not files and _looks_like_a_plan(session, written, now):
        told = messages.offer_message("", led, source)
        outbox.enqueue_post(session, workspace_id, person_id, told, now=now)


def is_plan_file(name: str) -> bool:
    """Whether a file of that name may hold a plan."""
    return name.lower().endswith(_ENDINGS)


def _looks_like_a_plan(session: Session, written: Written, now: datetime) -> bool:
    text = written.text
    if sum(1 for line in text.splitlines() if line.strip()) < _LEAST_LINES:
        return False
    person = people.get_person(session, written.workspace_id, written.person_id)
    try:
        read = read_first(session, read_plan, text, local_day(now, person.zone))
    except DomainError:
        return False
    said = [line for line in read.lines if isinstance(line.item, (DraftInitiative, DraftKpi))]
    return sum(len(line.missing) <= 1 for line in said) >= _LEAST_ITEMS


def keep_text(
    session: Session, strategy: Strategy, text: str, members: Sequence[Member], by: Person, now: datetime
) -> KeptDraft:
    """Raises DomainError where it holds no line of a plan, or too many."""
    read = read_first(session, read_plan, text, local_day(now, by.zone))
    if not read.lines:
        raise DomainError("I found no line in it that could be part of a plan.")
    return add_to_draft(session, strategy, read, members, by, now)


def keep_file(
    session: Session,
    strategy: Strategy,
    name: str,
    content: bytes,
    members: Sequence[Member],
    by: Person,
    now: datetime,
) -> None:
    """What is in it, or what is wrong with it, is told in the direct message of whoever sent it."""
    try:
        read = read_first(session, read_plan_file, name, content, local_day(now, by.zone))
    except BadFileError as bad:
        told = messages.bad_file_message(name, bad.problems)
    else:
        if read.lines:
            add_to_draft(session, strategy, read, members, by, now)
        told = messages.file_message(name, strategy, read)
    outbox.enqueue_post(session, by.workspace_id, by.id, told, now=now)


def is_read_first(session: Session, strategy: Strategy, source: str, now: datetime) -> bool:
    """Whether this file or version of a message was not read for the strategy yet."""
    return seen.is_new(session, strategy.workspace_id, f"plan:{strategy.id}:{source}", now)


def hand_out_template(session: Session, strategy: Strategy, person: Person, now: datetime) -> None:
    """Once a month, in their direct message."""
    if seen.is_new(session, person.workspace_id, f"template:{strategy.id}:{person.id}", now):
        send_template(session, person, now)

"""Seen marks: a lead has seen an at-risk or off-track line of a digest, and may say a word with it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from domain.check_ins import CheckIn
from domain.errors import NotFound
from domain.initiatives import Initiative
from domain.people import Person
from domain.strategies import Strategy
from services.access import require_lead
from services.check_ins.answering import build_answering, is_check_in_open
from services.check_ins.prompts import redraw_check_in, redraw_current_check_in
from services.references import Request, initiative_of, see_check_in
from storage import acts, people, seen_marks


@dataclass(frozen=True, slots=True)
class SeenLine:
    """What a lead has seen: one initiative of a check-in."""

    lead: Person
    strategy: Strategy
    check_in: CheckIn
    initiative: Initiative
    owner: Person


def load_seen_line(session: Session, request: Request, check_in_id: int, initiative_id: int) -> SeenLine:
    """For a lead. Raises NotFound for what the check-in does not tell."""
    lead, strategy, check_in = see_check_in(session, request, check_in_id)
    require_lead(session, strategy, lead)
    if check_in.answer_for(initiative_id) is None:
        raise NotFound
    owner = people.get_person(session, strategy.workspace_id, check_in.person_id)
    return SeenLine(lead, strategy, check_in, initiative_of(session, strategy, initiative_id), owner)


def mark_seen(session: Session, line: SeenLine, now: datetime) -> None:
    """The owner's prompt says so, without a notification."""
    if seen_marks.add_mark(session, *_key(line), now):
        _record(session, line, ActKind.SEEN, now)
    _redraw(session, line, now)


def say_word(session: Session, line: SeenLine, word: str, now: datetime) -> None:
    """It stands beside their *Seen* in this prompt, and in the next one; "" takes it back."""
    if seen_marks.add_mark(session, *_key(line), now):
        _record(session, line, ActKind.SEEN, now)
    if word != find_word(session, line):
        seen_marks.add_word(session, *_key(line), word, now)
        _record(session, line, ActKind.SEEN_WITH_WORD, now)
        _redraw(session, line, now)


def find_word(session: Session, line: SeenLine) -> str:
    """What they have said of it so far."""
    check_in_id = line.check_in.id
    marks = seen_marks.list_marks(session, line.strategy.workspace_id, [check_in_id])[check_in_id]
    return next((m.word for m in marks.get(line.initiative.id, ()) if m.person_id == line.lead.id), "")


def _key(line: SeenLine) -> tuple[str, int, int, str]:
    return line.strategy.workspace_id, line.check_in.id, line.initiative.id, line.lead.id


def _record(session: Session, line: SeenLine, kind: ActKind, now: datetime) -> None:
    act = Act(
        kind, line.lead.id, now, line.initiative.name, about_id=line.owner.id, thing_id=line.initiative.id
    )
    acts.add_act(session, line.strategy.workspace_id, line.strategy.id, act)


def _redraw(session: Session, line: SeenLine, now: datetime) -> None:
    ctx = build_answering(session, line.strategy, line.check_in, line.owner)
    is_open = is_check_in_open(session, line.check_in, now)
    redraw_check_in(session, ctx, now, is_open=is_open)
    if not is_open:  # the one after it shows what was said, too
        redraw_current_check_in(session, line.strategy, line.owner.id, now)

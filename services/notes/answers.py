"""What of a person's words becomes an answer, and what is taken back of it when they edit them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.check_ins import Answer, Via, without_revisions
from domain.healths import Health
from domain.reading.answers import Understood, read_message
from services.check_ins.answering import Answering
from services.check_ins.answers import record_answers, repeated
from services.notes.places import candidate
from services.reading_first import read_first
from storage import answers, notes
from storage.notes import Note, NotePart


def record_words(
    session: Session,
    ctx: Answering,
    understood: Understood,
    note: Note,
    part: NotePart,
    was: NotePart | None,
    now: datetime,
) -> tuple[Answering, NotePart]:
    """Add what was understood to what stands; `was` is the part of an edited message that it replaces."""
    line = ctx.line(part.initiative_id)
    base = _without(session, ctx, note, was) if was else line.answer
    says_more = bool(understood.blocker or understood.readings)
    via = Via.SAME if understood.is_repeat and not says_more else Via.TEXT
    if understood.is_repeat and line.last is not None:
        base = repeated(replace(line, answer=base), line.last, via)
    answer = replace(
        base,
        health=understood.health or base.health,
        progress=_progress(base.progress, understood.words),
        blocker=understood.blocker or base.blocker,
        readings=tuple({**dict(base.readings), **dict(understood.readings)}.items()),
        via=via,
    )
    ctx = record_answers(session, ctx, [answer], now)
    return ctx, _recorded(ctx, part)


def record_health_of(
    session: Session, ctx: Answering, part: NotePart, health: Health, now: datetime
) -> tuple[Answering, NotePart]:
    """The health that the words did not say; words nothing was recorded of yet become progress with it."""
    standing = ctx.line(part.initiative_id).answer
    words = part.text if part.revision is None else ""
    answer = replace(standing, health=health, progress=_progress(standing.progress, words), via=Via.CLICK)
    ctx = record_answers(session, ctx, [answer], now)
    return ctx, part if part.revision is not None else _recorded(ctx, part)


def take_back(session: Session, ctx: Answering, note: Note, was: NotePart, now: datetime) -> Answering:
    """An edited message speaks of an initiative no more."""
    answer = _without(session, ctx, note, was)
    if answer == ctx.line(was.initiative_id).answer:
        return ctx
    return record_answers(session, ctx, [replace(answer, via=Via.TEXT)], now)


def _recorded(ctx: Answering, part: NotePart) -> NotePart:
    return replace(part, revision=ctx.line(part.initiative_id).answer.revision)


def says_nothing(understood: Understood) -> bool:
    return understood.health is None and not understood.readings and not understood.blocker


def _without(session: Session, ctx: Answering, note: Note, was: NotePart) -> Answer:
    """What stands without what any version of a message said of an initiative; clicks and forms since stay."""
    said = notes.list_versions_of_part(session, note, was.initiative_id)
    words = {line for part in said for line in part.text.split("\n")}
    revisions = answers.list_revisions(session, ctx.check_in, was.initiative_id)
    read = {one.revision for one in revisions if one.via in (Via.TEXT, Via.SAME)} & {
        part.revision for part in said
    }
    beside = notes.list_parts_beside(session, note, was)
    rest = without_revisions(was.initiative_id, revisions, read, _said(session, ctx, was, beside))
    words -= {line for part in beside for line in part.text.split("\n")}
    lines = [line for line in rest.progress.split("\n") if line not in words]
    standing = ctx.line(was.initiative_id).answer
    rest = replace(
        rest, progress="\n".join(lines), revision=standing.revision, by=standing.by, at=standing.at
    )
    return ctx.as_it_stands(rest)


def _said(session: Session, ctx: Answering, about: NotePart, beside: Sequence[NotePart]) -> dict[int, Answer]:
    """What other messages say of the same initiative, by the revision that each of them made."""
    known = candidate(ctx, ctx.initiative(about.initiative_id))
    found = {}
    for part in beside:
        read = read_first(session, read_message, part.text, (known,)).understood
        if part.revision is not None and read and not read[0].is_repeat:
            health, readings, blocker = read[0].health, read[0].readings, read[0].blocker or ""
            found[part.revision] = Answer(about.initiative_id, health, readings=readings, blocker=blocker)
    return found


def _progress(standing: str, words: str) -> str:
    words = words.strip()
    if words in standing:
        return standing
    return f"{standing}\n{words}" if standing else words

"""What of a person's words becomes an answer, and what is taken back of it when they edit them."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.check_ins import Answer, Via
from domain.healths import Health
from domain.reading.answers import Understood
from services.check_ins.answering import Answering
from services.check_ins.answers import record_answers
from storage import answers
from storage.notes import NotePart


def record_words(
    session: Session,
    ctx: Answering,
    understood: Understood,
    part: NotePart,
    was: NotePart | None,
    now: datetime,
) -> tuple[Answering, NotePart]:
    """Add what was understood to what stands; `was` is the part of an edited message that it replaces."""
    standing = ctx.line(part.initiative_id).answer
    base = _without(session, ctx, was) if was else standing
    answer = replace(
        base,
        health=understood.health or base.health,
        progress=_progress(base.progress, understood.words),
        blocker=understood.blocker or base.blocker,
        readings=tuple({**dict(standing.readings), **dict(understood.readings)}.items()),
        via=Via.TEXT,
    )
    ctx = record_answers(session, ctx, [answer], now)
    return ctx, replace(part, revision=ctx.line(part.initiative_id).answer.revision)


def record_health_of(
    session: Session, ctx: Answering, part: NotePart, health: Health, now: datetime
) -> tuple[Answering, NotePart]:
    """The health that the words did not say; words nothing was recorded of yet become progress with it."""
    standing = ctx.line(part.initiative_id).answer
    words = part.text if part.revision is None else ""
    answer = replace(standing, health=health, progress=_progress(standing.progress, words), via=Via.CLICK)
    ctx = record_answers(session, ctx, [answer], now)
    return ctx, replace(part, revision=ctx.line(part.initiative_id).answer.revision)


def take_back(session: Session, ctx: Answering, was: NotePart, now: datetime) -> Answering:
    """An edited message speaks of an initiative no more."""
    answer = _without(session, ctx, was)
    if answer == ctx.line(was.initiative_id).answer:
        return ctx
    return record_answers(session, ctx, [replace(answer, via=Via.TEXT)], now)


def says_nothing(understood: Understood) -> bool:
    return understood.health is None and not understood.readings and not understood.blocker


def _without(session: Session, ctx: Answering, was: NotePart) -> Answer:
    """What stands without what a part of a message said: a click since, or a number, being a reading by now, stays."""
    standing = ctx.line(was.initiative_id).answer
    if standing.revision != was.revision or standing.via is not Via.TEXT:
        words = was.text.split("\n")
        lines = [line for line in standing.progress.split("\n") if line not in words]
        blocker = "" if standing.blocker in was.text else standing.blocker
        return replace(standing, progress="\n".join(lines), blocker=blocker)
    earlier = answers.list_revisions(session, ctx.check_in, was.initiative_id)[:-1]
    before = earlier[-1] if earlier else Answer(was.initiative_id)
    return replace(before, readings=standing.readings)


def _progress(standing: str, words: str) -> str:
    words = words.strip()
    if words in standing:
        return standing
    return f"{standing}\n{words}" if standing else words

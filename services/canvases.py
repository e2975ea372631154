"""The canvas in the tab of a strategy's channel: asked for by a lead, kept up to date, never written over people's words."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

import structlog
from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from domain.canvases import UNDER_WAY, WRITTEN_IN, Canvas, CanvasState, digest_of, may_be_written
from domain.decisions import DecisionState
from domain.digests.facts import DigestMaterial
from domain.digests.gathering import digest_facts
from domain.errors import DomainError
from domain.joins import with_kpis
from domain.people import Person
from domain.schedules import local_day, local_instant
from domain.strategies import Strategy
from services.decisions.lists import show_asks
from services.digests import gather_digest, next_digest_period
from services.telling import tell_person, tell_unless_left
from storage import acts, canvases, changes, decisions, digests, initiatives, kpis, people, strategies
from storage.delivery import outbox
from storage.workspaces import find_workspace
from views.canvases import messages as views
from views.canvases.documents import CanvasPage, CanvasText, canvas_text

log = structlog.get_logger()
_JUST_AFTER_MIDNIGHT = time(0, 5)
_LAST_CHANGES = 100
"""Among which those are that somebody gave a reason for: what was added while it was set up is in it anyway."""
_MADE = (DecisionState.DECIDED, DecisionState.DEFAULTED)
_SETTLED_ALREADY = "This is settled already. `/rhythm status` shows how it stands."


@dataclass(frozen=True, slots=True)
class Writing:
    """What a canvas is to say, and where; `bot_user_id` tells who made what stands there."""

    canvas: Canvas
    channel_id: str
    bot_user_id: str
    title: str
    markdown: str
    text: str
    """A hash of what of it makes it another one."""


# What a lead says


def want_canvas(session: Session, strategy: Strategy, by: Person, now: datetime) -> str:
    """Make it, or look at it anew; returns the sentence for whoever did it."""
    known = canvases.hold_canvas(session, strategy.workspace_id, strategy.id)
    if known is not None and known.state in WRITTEN_IN:
        return views.ALREADY
    if known is None:
        look_at = _next_look(strategy, now)
        known = Canvas(
            strategy.workspace_id, strategy.id, CanvasState.WANTED, by.id, now - UNDER_WAY, look_at
        )
    if known.message_id is not None:
        told = views.looked_at_message(strategy)
        outbox.enqueue_last_update(session, strategy.workspace_id, known.message_id, told, now=now)
    wanted = replace(known, state=CanvasState.WANTED, person_id=by.id, reason="", message_id=None)
    _begin(session, strategy, wanted, ActKind.CANVAS_WANTED, now)
    return views.BEING_MADE


def settle_question(
    session: Session, strategy: Strategy, by: Person, now: datetime, *, is_replaced: bool
) -> str:
    """Whoever leads it says what becomes of what people wrote; returns the sentence for them. Raises DomainError."""
    canvas = canvases.hold_canvas(session, strategy.workspace_id, strategy.id)
    if canvas is None or canvas.state is not CanvasState.ASKED:
        raise DomainError(_SETTLED_ALREADY)
    if canvas.message_id is not None:
        told = views.settled_message(strategy, by.id, is_replaced=is_replaced)
        outbox.enqueue_last_update(session, strategy.workspace_id, canvas.message_id, told, now=now)
    state = CanvasState.REPLACING if is_replaced else CanvasState.LEFT
    settled = replace(canvas, state=state, person_id=by.id, message_id=None)
    if is_replaced:
        _begin(session, strategy, settled, ActKind.CANVAS_REPLACED, now)
        return views.BEING_REPLACED
    canvases.save_canvas(session, settled)
    acts.add_act(session, strategy.workspace_id, strategy.id, Act(ActKind.CANVAS_LEFT, by.id, now))
    return views.LEFT_ALONE


def _begin(session: Session, strategy: Strategy, canvas: Canvas, kind: ActKind, now: datetime) -> None:
    canvases.save_canvas(session, canvas)
    acts.add_act(session, strategy.workspace_id, strategy.id, Act(kind, canvas.person_id, now))
    outbox.enqueue_canvas(session, strategy.workspace_id, strategy.id, now=now)


# By the clock


def list_stale_canvases(session: Session, workspace_id: str, now: datetime) -> Sequence[Canvas]:
    """Those that may say something else by now."""
    return canvases.list_stale(session, workspace_id, now)


def refresh_canvas(session: Session, canvas: Canvas, now: datetime) -> None:
    """Have it written where it says something else by now."""
    strategy = strategies.get_strategy(session, canvas.workspace_id, canvas.strategy_id)
    canvases.look_again(session, canvas, now, _next_look(strategy, now))
    if canvas.state is not CanvasState.KEPT or digest_of(_draw(session, strategy, now).body) != canvas.text:
        outbox.enqueue_canvas(session, canvas.workspace_id, canvas.strategy_id, now=now)


def leave_canvas(session: Session, canvas: Canvas, now: datetime) -> None:
    """One that could not be drawn stays as it is until something changes again."""
    canvases.look_again(session, canvas, now, now + timedelta(days=1))


def _next_look(strategy: Strategy, now: datetime) -> datetime:
    """Once a day in any case: what is overdue or outdated is so by the day, and nobody need do anything for it."""
    tomorrow = local_day(now, strategy.zone) + timedelta(days=1)
    return local_instant(tomorrow, _JUST_AFTER_MIDNIGHT, strategy.zone)


# When it goes out


def plan_writing(session: Session, workspace_id: str, strategy_id: int, now: datetime) -> Writing | None:
    """None where nothing is to be written: it says so already, it is too soon, or a lead said not to."""
    canvas = canvases.find_canvas(session, workspace_id, strategy_id)
    workspace = find_workspace(session, workspace_id)
    if canvas is None or workspace is None or canvas.state not in WRITTEN_IN:
        return None
    strategy = strategies.get_strategy(session, workspace_id, strategy_id)
    drawn = _draw(session, strategy, now)
    text = digest_of(drawn.body)
    is_so = canvas.text == text and not canvas.is_begun
    if canvas.state is CanvasState.KEPT and (is_so or not may_be_written(canvas, now)):
        return None
    return Writing(canvas, strategy.channel_id, workspace.bot_user_id, drawn.title, drawn.whole, text)


def begin_writing(session: Session, canvas: Canvas, *, is_begun: bool) -> None:
    """Before the call that writes it: should its answer be lost, what stands there is known to be ours."""
    canvases.begin(session, canvas, is_begun=is_begun)


def record_written(session: Session, writing: Writing, canvas_id: str, content: str, now: datetime) -> None:
    """`content` tells apart what Slack shows of it."""
    canvas = _held(session, writing.canvas)
    if canvas is None:
        return
    state = CanvasState.KEPT if canvas.state in WRITTEN_IN else canvas.state
    written = replace(
        canvas,
        state=state,
        reason="",
        canvas_id=canvas_id,
        text=writing.text,
        content=content,
        is_begun=False,
        written_at=now,
    )
    canvases.save_canvas(session, written)


def record_question(session: Session, writing: Writing, reason: str, now: datetime) -> None:
    """Nothing is written until a lead has said so, who is asked once, in their working time."""
    canvas = _held(session, writing.canvas)
    if canvas is None or canvas.state not in WRITTEN_IN:
        return
    strategy = strategies.get_strategy(session, canvas.workspace_id, canvas.strategy_id)
    asked = replace(canvas, state=CanvasState.ASKED, reason=reason, is_begun=False)
    lead = _whom_to_ask(session, strategy, canvas.person_id)
    if lead is not None:
        question = views.question_message(strategy, asked)
        # Who has just asked for it waits for the answer.
        by = lead if canvas.state is CanvasState.WANTED else None
        message_id = tell_person(
            session, canvas.workspace_id, lead.id, question, now, strategy=strategy, by=by
        )
        asked = replace(asked, message_id=message_id)
    canvases.save_canvas(session, asked)


def record_refusal(session: Session, writing: Writing, reason: str, now: datetime) -> None:
    """Slack does not let us. Whoever asked for it hears why; of one that was kept, `/rhythm status` says so."""
    canvas = _held(session, writing.canvas)
    if canvas is None or canvas.state not in WRITTEN_IN:
        return
    log.warning("canvas_refused", workspace=canvas.workspace_id, strategy=canvas.strategy_id, error=reason)
    canvases.save_canvas(session, replace(canvas, state=CanvasState.REFUSED, reason=reason, is_begun=False))
    if canvas.state is not CanvasState.KEPT:
        strategy = strategies.get_strategy(session, canvas.workspace_id, canvas.strategy_id)
        by = people.get_person(session, canvas.workspace_id, canvas.person_id)
        told = views.refused_message(strategy, reason)
        tell_unless_left(session, canvas.workspace_id, by.id, told, now, strategy=strategy, by=by)


def record_gone(session: Session, writing: Writing) -> None:
    """Somebody has deleted it, and knows it: nobody is told."""
    canvas = _held(session, writing.canvas)
    if canvas is not None and canvas.state in WRITTEN_IN:
        gone = replace(canvas, state=CanvasState.GONE, canvas_id=None, text="", content="", is_begun=False)
        canvases.save_canvas(session, gone)


def _held(session: Session, canvas: Canvas) -> Canvas | None:
    """As it is by now; None where it was handed on or erased meanwhile."""
    return canvases.hold_canvas(session, canvas.workspace_id, canvas.strategy_id)


def _whom_to_ask(session: Session, strategy: Strategy, first: str) -> Person | None:
    """Who said last what is to become of it, else another lead who is there."""
    leads = people.list_people(session, strategy.workspace_id, strategy.leads)
    ordered = sorted(strategy.leads, key=lambda lead: lead != first)
    there = (leads[lead] for lead in ordered if lead in leads)
    return next((lead for lead in there if not lead.is_deactivated), None)


def _draw(session: Session, strategy: Strategy, now: datetime) -> CanvasText:
    workspace_id = strategy.workspace_id
    states = (DecisionState.OPEN, *_MADE)
    listed = decisions.list_decisions(session, workspace_id, strategy.id, states=states)
    shown = show_asks(session, strategy, listed)
    settled = [ask for ask in shown if not ask.decision.is_open]
    known = changes.list_history(session, workspace_id, strategy.id, _LAST_CHANGES)
    reasoned = [one for one in known if one.why]
    page = CanvasPage(
        facts=digest_facts(_gather(session, strategy, {one.person_id for one in reasoned}, now)),
        waiting=[ask for ask in shown if ask.decision.is_open],
        settled=sorted(
            settled, key=lambda ask: (str(ask.decision.decided_at), ask.decision.id), reverse=True
        ),
        changes=reasoned,
    )
    return canvas_text(page, now)


def _gather(session: Session, strategy: Strategy, named: Collection[str], now: datetime) -> DigestMaterial:
    """What a digest is made from, with the answers of the last one, but plans and numbers of today: a digest that was posted
    stays with those of its day.
    """
    workspace_id = strategy.workspace_id
    period = next_digest_period(session, strategy, now)
    posted = digests.find_digest_of_period(session, workspace_id, strategy.id, period)
    material = gather_digest(session, strategy, period, now, posted)
    listed = initiatives.list_initiatives(session, workspace_id, strategy.id, include_closed=True)
    read = initiatives.read_metrics(session, workspace_id, listed, strategy.zone, until=period)
    watched = kpis.list_kpis(session, workspace_id, strategy.id)
    wanted = {*strategy.leads, *(one.owner_id for one in listed), *named} - material.people.keys()
    return replace(
        material,
        initiatives=tuple(with_kpis(read, watched)),
        kpis=tuple(watched),
        people={**material.people, **people.list_people(session, workspace_id, wanted)},
        told={},
        told_at=None,
    )

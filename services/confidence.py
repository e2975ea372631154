"""Confidence: what an owner is asked about their targets with the last prompt before a review, and how it comes out."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from domain.confidence import Confidence, find_asked, forecast_percent, settle
from domain.initiatives import Status, metric_plan
from domain.schedules import local_day
from domain.strategies import Strategy, is_last_before_review
from services.check_ins.answering import Answering
from storage import acts, confidence, initiatives
from views.confidence import Asked, Asking


def load_asking(session: Session, ctx: Answering, now: datetime) -> Asking:
    """What is asked in the forms of a check-in; nothing in other weeks, and nothing of whoever answers for somebody."""
    is_own = ctx.actor.id == ctx.owner.id
    if not is_own or not is_last_before_review(ctx.strategy, ctx.owner.zone, ctx.check_in.due_at):
        return {}
    said = confidence.list_said(session, ctx.strategy.workspace_id, ctx.check_in.id)
    today = local_day(now, ctx.owner.zone)
    asking = {}
    for initiative in ctx.initiatives:
        known = said.get(initiative.id)
        metric = find_asked(initiative, known, today)
        if metric is not None:
            plan = metric_plan(metric, initiative)
            percent = known.percent if known and (known.metric_id, known.plan) == (metric.id, plan) else None
            asking[initiative.id] = Asked(metric, plan, percent, today)
    return asking


def record_confidence(
    session: Session, ctx: Answering, asking: Asking, given: Mapping[int, int | None], now: datetime
) -> None:
    """What was chosen, by initiative, None to take it back; `ctx` has what was read by now, this very form's numbers too."""
    workspace_id, done = ctx.strategy.workspace_id, []
    for initiative_id, percent in given.items():
        asked, initiative = asking[initiative_id], ctx.initiative(initiative_id)
        [metric] = (one for one in initiative.metrics if one.id == asked.metric.id)
        line = forecast_percent(asked.plan, metric.readings, asked.today)
        said = Confidence(
            ctx.check_in.id,
            initiative_id,
            metric.id,
            asked.plan,
            percent,
            metric.value,
            line,
            ctx.actor.id,
            now,
        )
        confidence.save(session, workspace_id, said)
        done.append(Act(ActKind.CONFIDENCE_GIVEN, ctx.actor.id, now, initiative.name, thing_id=initiative_id))
    acts.add_acts(session, workspace_id, ctx.strategy.id, done)


def settle_confidence(session: Session, strategy: Strategy, now: datetime) -> None:
    """Targets of all quarters of its channel whose day has passed: met or not by what was read up to it, once and for all."""
    workspace_id, today = strategy.workspace_id, local_day(now, strategy.zone)
    waiting = confidence.list_unsettled(session, workspace_id, strategy.channel_id, today)
    if not waiting:
        return
    listed = initiatives.list_by_id(session, workspace_id, {one.initiative_id for one in waiting})
    read = initiatives.read_metrics(session, workspace_id, list(listed.values()), strategy.zone)
    readings = {metric.id: metric.readings for one in read for metric in one.metrics}
    completed = {one.id for one in read if one.status is Status.COMPLETED}
    outcomes = {
        (one.check_in_id, one.initiative_id): outcome
        for one in waiting
        if (
            outcome := settle(
                one,
                readings.get(one.metric_id, ()),
                today,
                is_completed=one.initiative_id in completed,
            )
        )
    }
    confidence.settle(session, workspace_id, outcomes, now)

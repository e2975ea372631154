"""Recording answers: the one place where what an owner said becomes what stands, and every message shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from domain.absences import Absence, away_until, is_away
from domain.check_ins import WEEKS_OF_BLOCKERS, Answer, CheckIn, CheckInState, standing_blockers
from domain.decisions import Decision
from domain.errors import DomainError
from domain.initiatives import Initiative, Status, has_started, with_values
from domain.kpis import Kpi, is_asked
from domain.people import Person
from domain.schedules import local_day
from domain.strategies import Strategy, digest_after, is_last_before_review
from services.access import lead_names, may_lead
from services.digests import tell_late_answers
from services.references import Request, see_check_in
from storage import (
    absences,
    answers,
    check_ins,
    decisions,
    homes,
    initiatives,
    kickoffs,
    kpis,
    milestones,
    people,
    reviews,
    seen_marks,
    strategies,
)
from storage.delivery import outbox
from views.check_ins.prompts import Prompt, PromptLine, prompt_message, reminder_message
from views.message_checks import MessageChecks
from views.readings import KpiLine


@dataclass(frozen=True, slots=True)
class Answering:
    """A check-in with all around it: `actor` is who answers, the owner or a lead for them."""

    strategy: Strategy
    check_in: CheckIn
    owner: Person
    actor: Person
    initiatives: tuple[Initiative, ...]
    previous: CheckIn | None
    blockers: Mapping[int, str] = field(default_factory=dict)
    """What earlier weeks left in the way, by initiative."""

    def initiative(self, initiative_id: int) -> Initiative:
        """Raises DomainError for one that is not this owner's to answer any more."""
        for initiative in self.initiatives:
            if initiative.id == initiative_id:
                return initiative
        raise DomainError(
            "This initiative was closed or given to somebody else, so there is nothing to answer."
        )

    def line(self, initiative_id: int) -> PromptLine:
        initiative = self.initiative(initiative_id)
        goals = {goal.id: goal.text for goal in self.strategy.goals}
        answer = self.check_in.answer_for(initiative_id) or Answer(initiative_id)
        is_settled = answer.blocker or answer.last_blocker
        return PromptLine(
            initiative,
            goals.get(initiative.goal_id or 0, ""),
            answer,
            self.previous.answer_for(initiative_id) if self.previous else None,
            self.previous.period if self.previous else None,
            "" if is_settled else self.blockers.get(initiative_id, ""),
        )


def load_answering(session: Session, request: Request, check_in_id: int, now: datetime) -> Answering:
    """Raises DomainError when it is not theirs to answer, or its week is closed."""
    person, strategy, check_in = see_check_in(session, request, check_in_id)
    _require_may_answer(session, strategy, person, check_in)
    around = _list_around(session, check_in, now)
    if any(one.due_at > check_in.due_at for one in around):
        raise DomainError(
            f"The week of {check_in.period} is closed: your next prompt has come since. "
            "Run `/checkin` to answer the present one."
        )
    return _build(session, strategy, check_in, person, around)


def build_answering(session: Session, strategy: Strategy, check_in: CheckIn, actor: Person) -> Answering:
    """The check-in with what may be answered: active initiatives of its owner, and those answered already."""
    return _build(session, strategy, check_in, actor, _list_around(session, check_in, check_in.due_at))


def _list_around(session: Session, check_in: CheckIn, until: datetime) -> list[CheckIn]:
    return check_ins.list_around(session, check_in, check_in.period.plus(-WEEKS_OF_BLOCKERS), until)


def _build(
    session: Session, strategy: Strategy, check_in: CheckIn, actor: Person, around: Sequence[CheckIn]
) -> Answering:
    [own] = (one for one in around if one.id == check_in.id)
    check_in = replace(check_in, answers=own.answers)
    earlier = [one for one in reversed(around) if one.due_at < check_in.due_at]
    is_own = actor.id == check_in.person_id
    owner = actor if is_own else people.get_person(session, strategy.workspace_id, check_in.person_id)
    return Answering(
        strategy,
        check_in,
        owner,
        actor,
        _list_answerable(session, check_in, owner),
        earlier[0] if earlier else None,
        standing_blockers(check_in, earlier),
    )


def _list_answerable(session: Session, check_in: CheckIn, owner: Person) -> tuple[Initiative, ...]:
    workspace_id = check_in.workspace_id
    owned = initiatives.list_owned(session, workspace_id, owner.id, check_in.strategy_id)
    answered = {answer.initiative_id for answer in check_in.answers if answer.revision}
    chosen = {
        i.id: i for i in owned if has_started(i, check_in.due_at, owner.zone) or check_in.answer_for(i.id)
    }
    for initiative_id in answered - set(chosen):
        initiative = initiatives.get_initiative(session, workspace_id, initiative_id)
        if initiative.status is Status.ACTIVE:
            chosen[initiative_id] = initiative
    return tuple(chosen.values())


def is_check_in_open(session: Session, check_in: CheckIn, now: datetime) -> bool:
    """Edits stay possible until the owner's next prompt is due."""
    current = check_ins.find_current(
        session, check_in.workspace_id, check_in.strategy_id, check_in.person_id, now
    )
    return current is None or current.due_at <= check_in.due_at


def record_answers(session: Session, ctx: Answering, given: Sequence[Answer], now: datetime) -> Answering:
    """Store answers as revisions and show them wherever the check-in is shown; returns the check-in as it stands.

    `ctx` was loaded for answering: its check-in is held, so that nobody else has answered in it since.
    """
    stored, changed = [], []
    for answer in given:
        initiative = ctx.initiative(answer.initiative_id)
        before = ctx.check_in.answer_for(answer.initiative_id)
        signed = replace(answer, by=ctx.actor.id, at=now)
        stored.append(answers.save_answer(session, ctx.check_in, signed))
        changed.append((initiative, signed, before))
    reported = dict(
        reading
        for _, answer, before in changed
        for reading in answer.readings
        if before is None or reading not in before.readings
    )
    ctx = replace(
        ctx,
        check_in=ctx.check_in.with_answers(stored),
        initiatives=tuple(with_values(initiative, reported) for initiative in ctx.initiatives),
    )
    _show(session, ctx, now, is_open=True)
    told = [
        (initiative, answer, before)
        for initiative, answer, before in changed
        if answer.health is not None or (before is not None and before.health is not None)
    ]
    if told and ctx.check_in.due_at <= now:
        tell_late_answers(session, ctx.strategy, ctx.check_in, told, ctx.owner, now)
    return ctx


def redraw_check_in(session: Session, ctx: Answering, now: datetime, *, is_open: bool = True) -> Answering:
    """Redraw the prompt and its reminder from what stands by now."""
    check_in = check_ins.find_check_in(session, ctx.check_in.workspace_id, ctx.check_in.id)
    assert check_in is not None
    ctx = build_answering(session, ctx.strategy, check_in, ctx.actor)
    _show(session, ctx, now, is_open=is_open)
    return ctx


def _show(session: Session, ctx: Answering, now: datetime, *, is_open: bool) -> None:
    check_in = ctx.check_in
    homes.mark_stale(session, check_in.workspace_id, check_in.strategy_id, [check_in.person_id])
    prompt = build_prompt(session, ctx, now, is_open=is_open)
    if check_in.message_id is not None:
        outbox.enqueue_update(
            session, check_in.workspace_id, check_in.message_id, prompt_message(prompt), now=now
        )
    if check_in.reminder_message_id is not None:
        outbox.enqueue_update(
            session, check_in.workspace_id, check_in.reminder_message_id, reminder_message(prompt), now=now
        )


def redraw_open_check_ins(session: Session, person: Person, now: datetime) -> bool:
    """Redraw whatever the person has open, after an absence or an initiative of theirs changed; whether anything waits."""
    waiting = False
    for check_in in check_ins.list_current(session, person.workspace_id, person.id, now):
        strategy = strategies.get_strategy(session, person.workspace_id, check_in.strategy_id)
        ctx = redraw_check_in(session, build_answering(session, strategy, check_in, person), now)
        waiting = waiting or bool(ctx.check_in.missing)
    return waiting


def build_prompt(session: Session, ctx: Answering, now: datetime, *, is_open: bool = True) -> Prompt:
    """The check-in as its owner sees it."""
    check_in = ctx.check_in
    today = local_day(max(now, check_in.due_at), ctx.owner.zone)
    planned: Sequence[Absence] = ()
    if not check_in.is_answered:
        planned = absences.list_absences(session, check_in.workspace_id, [ctx.owner.id])[ctx.owner.id]
    asks = _asks(session, ctx)
    seen = seen_marks.list_marks(session, check_in.workspace_id, check_in.id)
    is_gone = is_away(today, planned)
    if is_gone and check_in.state is CheckInState.ASKED and is_open:
        check_in = replace(check_in, state=CheckInState.SKIPPED)
    return Prompt(
        strategy=ctx.strategy,
        check_in=check_in,
        lines=tuple(ctx.line(initiative.id) for initiative in ctx.initiatives),
        digest_at=digest_after(ctx.strategy, check_in.due_at)[1],
        today=today,
        names=_names(session, ctx, asks, seen),
        is_open=is_open,
        away_until=away_until(today, planned) if is_gone else None,
        owner_name="" if ctx.actor.id == ctx.owner.id else ctx.owner.name,
        kpis=_kpi_lines(session, ctx, is_open=is_open),
        asks={i.id: tuple(d for d in asks if d.initiative_id == i.id) for i in ctx.initiatives},
        seen=seen,
        milestones=milestones.list_milestones(
            session, check_in.workspace_id, [initiative.id for initiative in ctx.initiatives]
        ),
        message_checks=find_message_checks(session, ctx),
    )


def _names(
    session: Session, ctx: Answering, asks: Sequence[Decision], seen: Mapping[int, Sequence[str]]
) -> dict[str, str]:
    """Of whoever answered, decides, or has seen it."""
    named = {answer.by for answer in ctx.check_in.answers} | {ctx.actor.id}
    named |= {one for decision in asks for one in (decision.decider_id, decision.decided_by)}
    named |= {person_id for marked in seen.values() for person_id in marked}
    wanted = sorted(filter(None, named))
    known = {person.id: person for person in (ctx.owner, ctx.actor)}
    others = [person_id for person_id in wanted if person_id not in known]
    known |= people.list_people(session, ctx.check_in.workspace_id, others)
    return {person_id: known[person_id].name for person_id in wanted}


def find_message_checks(session: Session, ctx: Answering) -> MessageChecks | None:
    """What is asked about the core message with the last prompt before a review; None with any other."""
    strategy, check_in = ctx.strategy, ctx.check_in
    if not strategy.core_message or not is_last_before_review(strategy, ctx.owner.zone, check_in.due_at):
        return None
    ids = [initiative.id for initiative in ctx.initiatives]
    charters = kickoffs.list_charters(session, strategy.workspace_id, ids)
    given = reviews.list_checks(session, strategy.workspace_id, check_in.id)
    channels = {id_: charters[id_].channels if id_ in charters else () for id_ in ids}
    return MessageChecks(
        check_in.id,
        strategy.core_message,
        tuple((initiative, channels[initiative.id] or ("",)) for initiative in ctx.initiatives),
        {(check.initiative_id, check.channel): check for check in given},
    )


def _asks(session: Session, ctx: Answering) -> list[Decision]:
    """Those of its initiatives that are open, or were settled since the prompt before."""
    since = ctx.previous.due_at if ctx.previous else datetime.min.replace(tzinfo=UTC)
    ids = [initiative.id for initiative in ctx.initiatives]
    return decisions.list_of_initiatives(session, ctx.strategy.workspace_id, ids, since)


def list_asked_kpis(
    session: Session, strategy: Strategy, owner: Person, due_at: datetime, previous: CheckIn | None
) -> list[Kpi]:
    """Those that a prompt due at an instant asks its owner for."""
    is_asked_before = previous is not None and previous.state in (CheckInState.ASKED, CheckInState.EARLY)
    before = local_day(previous.due_at, owner.zone) if previous and is_asked_before else None
    owned = kpis.list_owned_kpis(session, strategy.workspace_id, strategy.id, owner.id)
    return [kpi for kpi in owned if is_asked(kpi, local_day(due_at, owner.zone), before)]


def _kpi_lines(session: Session, ctx: Answering, *, is_open: bool) -> tuple[KpiLine, ...]:
    """A closed prompt keeps only what was recorded."""
    due_at = ctx.check_in.due_at
    asked = list_asked_kpis(session, ctx.strategy, ctx.owner, due_at, ctx.previous)
    lines = [KpiLine(kpi, kpi.latest if kpi.latest and kpi.latest.at >= due_at else None) for kpi in asked]
    return tuple(line for line in lines if is_open or line.recorded)


def _require_may_answer(session: Session, strategy: Strategy, person: Person, check_in: CheckIn) -> None:
    if person.id == check_in.person_id or may_lead(strategy, person):
        return
    owner = people.get_person(session, strategy.workspace_id, check_in.person_id)
    raise DomainError(
        f"Only {owner.name}, or for them a lead of {strategy.name}, can answer this check-in: "
        f"{lead_names(session, strategy.workspace_id, [strategy])}."
    )

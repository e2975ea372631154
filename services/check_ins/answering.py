"""A check-in with all that whoever answers needs to know: the one that is asked, those that are open, next week's early."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from domain.check_ins import WEEKS_OF_BLOCKERS, Answer, CheckIn, CheckInState, standing_blockers
from domain.errors import DomainError
from domain.initiatives import Initiative, Status, has_started
from domain.joins import as_it_stands, standing_readings
from domain.people import Person
from domain.periods import Week
from domain.promises import said_of, standing_promise
from domain.rituals import Ritual
from domain.schedules import local_day, prompt_instant
from domain.strategies import Strategy, next_prompt_week
from domain.words import short_day
from services.access import lead_names, may_lead, may_see
from services.references import Request, see_check_in
from storage import check_ins, initiatives, people, rituals, strategies
from views.check_ins.prompts import PromptLine

_OF_LATE = timedelta(weeks=2)
"""Before a prompt: so far ahead its week may have been answered early."""
Answered = Mapping[tuple[int, Week], frozenset[str]]
"""In whose check-ins each initiative has a health, by its id and period."""


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
    earlier: tuple[CheckIn, ...] = ()
    """The same person's before it, the oldest first."""

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
        answer = self.check_in.answer_for(initiative_id) or Answer(initiative_id)
        is_settled = answer.blocker or answer.last_blocker
        last = self.previous.answer_for(initiative_id) if self.previous else None
        return PromptLine(
            initiative,
            answer,
            last,
            self.previous.period if self.previous else None,
            "" if is_settled else self.blockers.get(initiative_id, ""),
            _reported(self.check_in, answer, initiative, self.owner.zone),
            standing_promise(
                said_of(initiative_id, self.earlier, self.check_in.period), self.check_in.period
            ),
            None if last else self._said_before(initiative_id),
        )

    def _said_before(self, initiative_id: int) -> tuple[Answer, Week] | None:
        for check_in in reversed(self.earlier):
            answer = check_in.answer_for(initiative_id)
            if answer is not None and answer.health is not None:
                return answer, check_in.period
        return None

    def as_it_stands(self, answer: Answer) -> Answer:
        """Without what was corrected or taken back since, elsewhere, of numbers that are KPIs."""
        return _as_it_stands(self.check_in, answer, self.initiative(answer.initiative_id), self.owner.zone)


def load_answering(session: Session, request: Request, check_in_id: int, now: datetime) -> Answering:
    """Raises DomainError when it is not theirs to answer, or its week is closed."""
    person, strategy, check_in = see_check_in(session, request, check_in_id)
    _require_may_answer(session, strategy, person, check_in)
    around = _list_around(session, check_in, now)
    if check_in.closed_at is not None or any(one.due_at > check_in.due_at for one in around):
        raise DomainError(
            f"The week of {short_day(check_in.period.day(0))} is closed and stays as it was. "
            "Run `/checkin` to answer the present one."
        )
    return _build(session, strategy, check_in, person, around)


def build_answering(session: Session, strategy: Strategy, check_in: CheckIn, actor: Person) -> Answering:
    """The check-in with what may be answered: active initiatives of its owner, and those answered already."""
    return _build(session, strategy, check_in, actor, _list_around(session, check_in, check_in.due_at))


def list_current_answering(
    session: Session,
    owner: Person,
    now: datetime,
    *,
    actor: Person | None = None,
    instead: Iterable[CheckIn] = (),
    hold: bool = False,
) -> list[Answering]:
    """A person's present check-ins, one of each strategy; for a lead who answers for them, those of their strategies.

    `instead`: those meant in place of the present ones; `hold`: nobody else answers in any of them meanwhile.
    """
    current = check_ins.list_current(session, owner.workspace_id, owner.id, now)
    chosen = {one.strategy_id: one for one in (*current, *instead)}
    found = []
    for strategy_id in sorted(chosen) if hold else chosen:  # held in one order by everybody
        strategy = strategies.get_strategy(session, owner.workspace_id, strategy_id)
        if actor is None or actor.id == owner.id or may_lead(strategy, actor):
            check_in = _held(session, chosen[strategy_id]) if hold else chosen[strategy_id]
            if check_in.closed_at is not None:
                continue  # meanwhile
            found.append(build_answering(session, strategy, check_in, actor or owner))
    return found


def list_open_answering(session: Session, owner: Person, actor: Person, now: datetime) -> list[Answering]:
    """What the actor may answer now; before the first prompt, the check-ins of the week to come."""
    current = [ctx for ctx in list_current_answering(session, owner, now, actor=actor) if ctx.initiatives]
    early = (
        open_early(session, strategy, owner, actor, now)
        for strategy in strategies.list_strategies_of(session, owner.workspace_id, owner.id)
        if initiatives.list_owned(session, owner.workspace_id, owner.id, strategy.id)
        and (actor.id == owner.id or may_lead(strategy, actor))
    )
    return current or [ctx for ctx in early if ctx.initiatives]


def open_early(
    session: Session, strategy: Strategy, owner: Person, actor: Person, now: datetime
) -> Answering:
    """The check-in of the week to come, made unless it is there; of this week where its prompt has moved to later."""
    planned = rituals.find_due(session, strategy.workspace_id, strategy.id, Ritual.PROMPT, owner.id)
    week = next_prompt_week(strategy, owner.zone, now)
    at = prompt_instant(strategy.schedule_for(week), week, owner.zone)
    if planned is not None and Week.parse(planned.period) < week and planned.due_at > now:
        week, at = Week.parse(planned.period), planned.due_at
    owned = initiatives.list_owned(
        session, owner.workspace_id, owner.id, strategy.id, statuses=(Status.ACTIVE,)
    )
    check_in = check_ins.add_check_in(
        session,
        workspace_id=owner.workspace_id,
        strategy_id=strategy.id,
        person_id=owner.id,
        period=week,
        state=CheckInState.EARLY,
        due_at=at,
        initiative_ids=[i.id for i in owned if has_started(i, at, owner.zone)],
    )
    return build_answering(session, strategy, check_in, actor)


def find_owner(session: Session, actor: Person, person_id: str, channel_id: str) -> Person:
    """Whose check-in somebody may answer. Raises DomainError, naming who can instead."""
    owner = people.get_person(session, actor.workspace_id, person_id)
    theirs = strategies.list_strategies_of(session, actor.workspace_id, owner.id)
    shared = [one for one in theirs if may_see(session, one, actor, channel_id)]
    is_leading = actor.is_admin or any(may_lead(strategy, actor) for strategy in theirs)
    if owner.id != actor.id and not is_leading:
        raise DomainError(
            f"Only {owner.name}, or for them a lead of their strategy, can answer this check-in: "
            f"{lead_names(session, actor.workspace_id, shared)}."
        )
    return owner


def is_check_in_open(session: Session, check_in: CheckIn, now: datetime) -> bool:
    """Edits stay possible until the owner's next prompt is due by the schedule."""
    if check_in.closed_at is not None:
        return False
    current = check_ins.find_current(
        session, check_in.workspace_id, check_in.strategy_id, check_in.person_id, now
    )
    return current is None or current.due_at <= check_in.due_at


def _held(session: Session, check_in: CheckIn) -> CheckIn:
    held = check_ins.find_check_in(session, check_in.workspace_id, check_in.id, hold=True)
    assert held is not None
    return held


def _list_around(session: Session, check_in: CheckIn, until: datetime) -> list[CheckIn]:
    return check_ins.list_around(session, check_in, check_in.period.plus(-WEEKS_OF_BLOCKERS), until)


def _build(
    session: Session, strategy: Strategy, check_in: CheckIn, actor: Person, around: Sequence[CheckIn]
) -> Answering:
    [own] = (one for one in around if one.id == check_in.id)
    is_own = actor.id == check_in.person_id
    owner = actor if is_own else people.get_person(session, strategy.workspace_id, check_in.person_id)
    listing = list_answerable(session, strategy, [owner], [own])
    answered = find_answered(session, strategy, listing, check_in.due_at, check_in.period)
    return answering(
        strategy,
        replace(check_in, answers=own.answers),
        owner,
        around=around,
        listing=listing,
        answered=answered,
        actor=actor,
    )


def list_answerable(
    session: Session, strategy: Strategy, owners: Iterable[Person], shown: Iterable[CheckIn]
) -> list[Initiative]:
    """What owners can answer for in a strategy: what is theirs, and what they answered for before it was given away."""
    workspace_id = strategy.workspace_id
    zones = {owner.id: owner.zone for owner in owners}
    own = initiatives.list_answerable(session, workspace_id, strategy.id, zones)
    answered = {answer.initiative_id for one in shown for answer in one.answers if answer.revision}
    others = initiatives.list_by_id(session, workspace_id, answered - {initiative.id for initiative in own})
    return [*own, *others.values()]


def answering(
    strategy: Strategy,
    check_in: CheckIn,
    owner: Person,
    *,
    around: Sequence[CheckIn],
    listing: Sequence[Initiative],
    answered: Answered,
    actor: Person | None = None,
) -> Answering:
    """The check-in among its owner's others, the first due first, with what there is to answer for (`list_answerable`)."""
    earlier = [one for one in reversed(around) if one.due_at < check_in.due_at]
    shown = _answerable(check_in, owner, listing, answered)
    by_id = {initiative.id: initiative for initiative in shown}
    stands = (
        _as_it_stands(check_in, one, by_id[one.initiative_id], owner.zone)
        for one in check_in.answers
        if one.initiative_id in by_id
    )
    return Answering(
        strategy,
        check_in.with_answers(stands),
        owner,
        actor or owner,
        shown,
        earlier[0] if earlier else None,
        standing_blockers(check_in, earlier),
        tuple(reversed(earlier)),
    )


def _reported(
    check_in: CheckIn, answer: Answer, initiative: Initiative, zone: str
) -> tuple[tuple[int, Decimal], ...]:
    since = min(filter(None, (check_in.due_at, answer.at)))
    return standing_readings(answer, initiative, local_day(since, zone))


def _as_it_stands(check_in: CheckIn, answer: Answer, initiative: Initiative, zone: str) -> Answer:
    return as_it_stands(answer, _reported(check_in, answer, initiative, zone), initiative)


def find_answered(
    session: Session, strategy: Strategy, listing: Iterable[Initiative], due_at: datetime, since: Week
) -> Answered:
    """From a period on; read only where an initiative changed hands not long before a prompt was due."""
    if all(i.owner_since is None or i.owner_since < due_at - _OF_LATE for i in listing):
        return {}
    return check_ins.list_answered(session, strategy.workspace_id, strategy.id, since)


def is_answered_elsewhere(answered: Answered, initiative_id: int, check_in_of: str, period: Week) -> bool:
    """A week that somebody else has answered, such as a former owner, is asked of nobody again."""
    return bool(answered.get((initiative_id, period), frozenset()) - {check_in_of})


def _answerable(
    check_in: CheckIn, owner: Person, listing: Sequence[Initiative], answered: Answered
) -> tuple[Initiative, ...]:
    active = [initiative for initiative in listing if initiative.status is Status.ACTIVE]
    answers = {answer.initiative_id: answer for answer in check_in.answers}
    own = [i for i in active if i.owner_id == owner.id]
    chosen = [
        i
        for i in own
        if i.id in answers
        or (
            has_started(i, check_in.due_at, owner.zone)
            and not is_answered_elsewhere(answered, i.id, owner.id, check_in.period)
        )
    ]
    others = [i for i in active if i.owner_id != owner.id and i.id in answers and answers[i.id].revision]
    return (*chosen, *others)


def _require_may_answer(session: Session, strategy: Strategy, person: Person, check_in: CheckIn) -> None:
    if person.id == check_in.person_id or may_lead(strategy, person):
        return
    owner = people.get_person(session, strategy.workspace_id, check_in.person_id)
    raise DomainError(
        f"Only {owner.name}, or for them a lead of {strategy.name}, can answer this check-in: "
        f"{lead_names(session, strategy.workspace_id, [strategy])}."
    )

"""Weeks of Harbor Lights, walked through the services by a clock of their own, and every figure of what has closed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.absences import Absence
from domain.check_ins import Answer, CheckIn
from domain.digests.gathering import digest_facts
from domain.errors import DomainError
from domain.healths import Health
from domain.impact import impact
from domain.initiatives import Initiative, Status
from domain.joins import differing_days
from domain.kpis import Kpi
from domain.people import Actor
from domain.periods import Week
from domain.reviews import kpi_facts
from domain.rhythm_health import WEEKS, share_answered, share_heard, share_on_time
from domain.rhythms import record_of
from domain.rituals import Ritual
from domain.schedules import Schedule
from domain.strategies import Strategy
from domain.track_record import TrackRecord
from handlers.requests import Click
from services.absences import end_absence, record_absence
from services.check_ins.answering import load_answering, open_early
from services.check_ins.answers import record_answers
from services.digests import gather_digest
from services.initiatives.editing import change_initiative
from services.initiatives.lifecycle import change_status
from services.joins import join, leave, load_pair
from services.planning import plan_owner, plan_strategy
from services.readings import Given, record_readings
from services.rhythms import gather_rhythm
from services.rituals import list_due_together, perform_rituals
from services.strategies import change_schedule, pause_strategy, resume_strategy
from storage import check_ins, closed_weeks, initiatives, kpis, people, rituals, strategies
from storage.database import Database
from storage.models import DigestRow, OutboxRow
from storage.statements import table
from tests.support.harbor_lights import (
    AROHA,
    BEN,
    FIRST_WEEK,
    INITIATIVES,
    MAYA,
    NEWSLETTER,
    PEOPLE,
    PRIYA,
    STRATEGY,
    TEAM,
    TOM,
)
from tests.support.reviews import kpi
from views.initiatives.forms import InitiativeForm

BEGAN = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
_digests, _outbox = table(DigestRow), table(OutboxRow)
Figures = Mapping[Week, Mapping[str, Any]]


@contextmanager
def one_transaction(database: Database) -> Iterator[Session]:
    """A session whose walk leaves nothing behind."""
    with database.session() as session:
        yield session
        session.rollback()


@dataclass
class Walk:
    """A strategy with its owners and numbers, and what time it is."""

    session: Session
    now: datetime
    strategy_id: int
    outcomes: list[tuple[str, str]]
    """The rituals that were due, each with what became of it."""
    marked: int = 0
    """How many of them there were when it was resumed."""

    @classmethod
    def begin(cls, session: Session, owned: tuple[Initiative, ...] = INITIATIVES) -> "Walk":
        """On the Saturday before the first prompt."""
        people.save_people(session, list(PEOPLE.values()))
        strategy = strategies.add_strategy(session, STRATEGY, BEGAN)
        assert strategy is not None
        walk = cls(session, BEGAN, strategy.id, [])
        for one in owned:
            initiatives.add_initiative(session, replace(one, strategy_id=strategy.id), BEGAN)
            plan_owner(session, strategy, one.owner_id, BEGAN)
        for name, owner in (("Monthly givers", BEN), ("Sign-ups", MAYA)):
            kpis.add_kpi(session, replace(kpi(0, name, owner_id=owner), strategy_id=strategy.id), BEGAN)
            plan_owner(session, strategy, owner, BEGAN)
        plan_strategy(session, strategy, BEGAN)
        return walk

    @property
    def strategy(self) -> Strategy:
        return strategies.get_strategy(self.session, TEAM, self.strategy_id)

    @property
    def initiatives(self) -> list[Initiative]:
        return initiatives.list_initiatives(self.session, TEAM, self.strategy_id, include_closed=True)

    @property
    def kpis(self) -> list[Kpi]:
        return kpis.list_kpis(self.session, TEAM, self.strategy_id)

    def named(self, name: str) -> Initiative:
        [found] = (one for one in self.initiatives if one.name == name)
        return found

    def go_to(self, then: datetime) -> None:
        """Everything that is due on the way, at its time."""
        while (due_at := rituals.find_next_due(self.session, TEAM)) is not None and due_at <= then:
            self.now = max(self.now, due_at)
            for dues in list_due_together(self.session, TEAM, self.now):
                performed = perform_rituals(self.session, dues, self.now, wait=True)
                self.outcomes += [(due.ritual.value, outcome) for due, outcome in performed]
        self.now = max(self.now, then)

    def go_on(self, **time: int) -> None:
        self.go_to(self.now + timedelta(**time))

    def check_in_of(self, person_id: str) -> CheckIn | None:
        return check_ins.find_current(self.session, TEAM, self.strategy_id, person_id, self.now)

    def answer(self, person_id: str, health: Health, number: int = 0, **said: Any) -> bool:
        """One of what the person is asked about; whether there was anything."""
        check_in = self.check_in_of(person_id)
        return check_in is not None and self._record(check_in, health, number, said)

    def answer_early(self, person_id: str, health: Health, **said: Any) -> bool:
        person = people.get_person(self.session, TEAM, person_id)
        if not initiatives.list_owned(self.session, TEAM, person_id, self.strategy_id):
            return False
        ctx = open_early(self.session, self.strategy, person, person, self.now)
        return self._record(ctx.check_in, health, 0, said)

    def answer_in(self, check_in: CheckIn, health: Health) -> bool:
        return self._record(check_in, health, 0, {})

    def _record(self, check_in: CheckIn, health: Health, number: int, said: Mapping[str, Any]) -> bool:
        click = Click(Actor(TEAM, check_in.person_id, TEAM), "", str(check_in.id), "")
        ctx = load_answering(self.session, click, check_in.id, self.now)
        if not ctx.initiatives:
            return False
        initiative = ctx.initiatives[number % len(ctx.initiatives)]
        given = replace(
            ctx.check_in.answer_for(initiative.id) or Answer(initiative.id), health=health, **said
        )
        record_answers(self.session, ctx, [given], self.now)
        return True

    def read(self, which: Kpi, on: date, value: int) -> None:
        given = [Given(which, on, Decimal(value))]
        record_readings(self.session, self.strategy, given, "csv", None, self.now)

    def change_status(self, initiative: Initiative, to: Status) -> None:
        change_status(self.session, self.strategy, initiative, to, PEOPLE[MAYA], self.now)

    def hand_over(self, initiative: Initiative, person_id: str) -> None:
        self._change(initiative, owner_id=person_id)

    def edit(self, initiative: Initiative, days: int) -> None:
        """Another name, due date and targets."""
        metrics = tuple(replace(metric, target=metric.target * 2) for metric in initiative.metrics)
        due = max(initiative.due + timedelta(days=days), initiative.start)
        self._change(initiative, name=initiative.name[:70] + "!", due=due, metrics=metrics)

    def move(self, initiative: Initiative, due: date) -> None:
        self._change(initiative, due=due)

    def _change(self, initiative: Initiative, **changed: Any) -> None:
        names = ("name", "goal_id", "owner_id", "start", "due", "metrics")
        kept = {name: getattr(initiative, name) for name in names}
        form = InitiativeForm(**kept | changed, reason="The market moved")
        change_initiative(self.session, self.strategy, initiative, form, PEOPLE[MAYA], self.now)

    def move_schedule(self, schedule: Schedule) -> None:
        change_schedule(self.session, self.strategy, schedule, "It suits us better", PEOPLE[MAYA], self.now)

    def go_away(self, person_id: str, first: date, last: date | None) -> tuple[Week, ...]:
        return record_absence(self.session, PEOPLE[person_id], Absence(first, last), self.now)

    def come_back(self, person_id: str) -> None:
        with suppress(DomainError):  # of several that are planned it would be asked which
            end_absence(self.session, PEOPLE[person_id], None, self.now)

    def pause(self) -> str:
        return pause_strategy(self.session, self.strategy, PEOPLE[MAYA], self.now)

    def resume(self) -> str:
        self.marked = len(self.outcomes)
        return resume_strategy(self.session, self.strategy, PEOPLE[MAYA], self.now)

    def retire(self, which: Kpi) -> None:
        kpis.save_kpi(self.session, replace(which, retired_at=self.now))

    def join_or_part(self, initiative: Initiative, which: Kpi, *, keeps_own: bool) -> None:
        """Its first metric and the KPI become one number, or two again; `keeps_own` is whose value of a day is right."""
        metric = initiative.metrics[0]
        if metric.kpi_id is not None:
            leave(self.session, self.strategy, initiative, metric, PEOPLE[MAYA], self.now)
            return
        with suppress(DomainError):  # of another unit, or to go another way
            pair = load_pair(self.session, self.strategy, initiative, metric.id, which)
            own = {theirs.on: theirs.value for _, theirs in differing_days(pair.metric, pair.kpi)}
            join(self.session, self.strategy, pair, own if keeps_own else {}, PEOPLE[MAYA], self.now)

    def lower(self, which: Kpi) -> None:
        kpis.save_kpi(self.session, replace(which, target=which.baseline + 1))

    def closed_periods(self) -> list[Week]:
        """Those over for everybody: the prompt after each has passed in every zone."""
        due = rituals.list_due_of(self.session, TEAM, self.strategy_id)
        ahead = [Week.parse(one.period) for one in due if one.ritual is Ritual.PROMPT]
        if not ahead:
            return []
        last = min(ahead).plus(-2)
        return [FIRST_WEEK.plus(number) for number in range(FIRST_WEEK.weeks_until(last) + 1)]

    def figures(self) -> Figures:
        """Everything that is told of each closed week, through what tells it; the chart goes back twelve weeks."""
        session, strategy = self.session, self.strategy
        known = gather_rhythm(session, strategy, self.now)
        record = record_of(known, known.check_ins)
        kept = closed_weeks.list_closed_weeks(session, TEAM, strategy.id, FIRST_WEEK)
        digests = {
            row.period: (row.told, row.is_final, self._words(row.message_id))
            for row in session.execute(select(_digests).where(_digests.c.strategy_id == strategy.id))
        }
        period = max((week.period for week in record.weeks), default=FIRST_WEEK).next()
        chart = {one.week: one for one in self._chart(period)}
        weeks = [FIRST_WEEK.plus(number) for number in range(FIRST_WEEK.weeks_until(period))]
        shown = [kpi_facts(one, weeks, self.now.date(), record.numbers_of(one.id)) for one in known.watched]
        points = {(one.kpi.id, point.week): point for one in shown for point in one.weeks}
        return {
            week: self._of_week(week, record, known.decisions)
            | {
                "rows": [one for one in kept if one.period == week],
                "digest": digests.get(str(week)),
            }
            | ({"chart": chart[week]} if week in chart else {})
            | {f"KPI {id_}": point for (id_, of), point in points.items() if of == week}
            for week in self.closed_periods()
        }

    def _chart(self, period: Week) -> Any:
        return digest_facts(gather_digest(self.session, self.strategy, period, self.now, None)).weeks

    def _of_week(self, week: Week, record: TrackRecord, decisions: Any) -> dict[str, Any]:
        until = tuple(one for one in record.weeks if one.period <= week)
        then = TrackRecord(record.strategy, record.people, record.absences, (), until)
        window = frozenset(week.plus(-back) for back in range(WEEKS))
        ids = [one.id for one in self.initiatives]
        return {
            "answered": share_answered(then, frozenset([week])),
            "on time": share_on_time(then, frozenset([week])),
            "shares": [share(then, window) for share in (share_answered, share_on_time, share_heard)],
            "strip": {id_: record.by_week(id_).get(week) for id_ in ids},
            "known": {id_: then.last_known(id_) for id_ in ids},
            "silent": {id_: then.was_silent(id_) for id_ in ids},
            "impact": impact(then, ()),
        }

    def _words(self, message_id: int) -> list[Any]:
        """Every version of a message that was sent or waits to be."""
        statement = select(_outbox.c.payload).where(_outbox.c.message_id == message_id)
        return list(self.session.scalars(statement.order_by(_outbox.c.id)))


SUBSCRIBERS = (4200, 4230, 4310, 4390, 4520, 4600, 4650, 4790, 4930, 5080, 5240, 5400, 5580)


def thirteen_weeks(walk: Walk) -> None:
    """The example plan: Priya clicks, Ben is at risk and recovers, Aroha is away, Tom is silent, late, and edits."""
    on, risk = Health.ON_TRACK, Health.AT_RISK
    for number, subscribers in enumerate(SUBSCRIBERS, start=1):
        monday = FIRST_WEEK.plus(number - 1).day(0)
        if number in (4, 6):
            walk.go_away(AROHA, monday, monday + timedelta(days=6 if number == 4 else 13))
        walk.go_to(datetime.combine(monday, time(18), UTC))
        walk.answer(PRIYA, on)
        walk.answer(BEN, risk if 3 <= number < 6 else on)
        walk.answer(AROHA, on)
        metric = walk.named(NEWSLETTER.name).metrics[0]
        walk.answer(MAYA, on, readings=((metric.id, Decimal(subscribers)),), progress="It grows")
        walk.read(walk.kpis[0], monday, 310 + 6 * number)
        if number > 3:
            walk.answer(TOM, on)
        walk.go_to(datetime.combine(monday + timedelta(days=3), time(12), UTC))
        if number == 3:
            walk.answer(TOM, on)
        if number == 4:
            walk.answer(TOM, risk)
        if number == 6:
            walk.answer_early(PRIYA, on)
    walk.go_to(datetime.combine(FIRST_WEEK.plus(13).day(1), time(12), UTC))

"""What the weeks before were worth: who was asked, who answered, and how long a silence has lasted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from domain.absences import Absence, away_until, is_away
from domain.check_ins import Answer, CheckIn, CheckInState, LastHealth
from domain.closed_weeks import ClosedWeek, Closing, InitiativeThen, NumberThen, close_week
from domain.initiatives import Initiative, has_started
from domain.kpis import Kpi
from domain.people import Person
from domain.periods import Week
from domain.schedules import local_day, prompt_instant
from domain.strategies import Strategy, digest_after


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """The weeks of a strategy before a period: the closed ones as they are kept, the others as they stand."""

    strategy: Strategy
    people: Mapping[str, Person]
    absences: Mapping[str, tuple[Absence, ...]]
    earlier: tuple[CheckIn, ...]
    """What was said in them; of closed ones it may be left out."""
    closed: tuple[ClosedWeek, ...] = ()
    kpis: tuple[Kpi, ...] = ()
    weeks: tuple[ClosedWeek, ...] = field(init=False)

    def __post_init__(self) -> None:
        kept = {(week.person_id, week.period) for week in self.closed}
        still_open = (c for c in self.earlier if (c.person_id, c.period) not in kept)
        object.__setattr__(self, "weeks", (*self.closed, *map(self._as_it_stands, still_open)))

    def is_away(self, person_id: str, at: datetime) -> bool:
        return is_away(self._day_of(person_id, at), self.absences.get(person_id, ()))

    def away_until(self, person_id: str, at: datetime) -> date | None:
        """The last day away; None when they are here, and when it has no end yet."""
        return away_until(self._day_of(person_id, at), self.absences.get(person_id, ()))

    def has_started(self, initiative: Initiative, at: datetime) -> bool:
        return has_started(initiative, at, self._zone_of(initiative.owner_id))

    def by_week(self, initiative_id: int) -> dict[Week, InitiativeThen]:
        """How each week left it; of several people's the answer stands, and what was asked before what was not."""
        found: dict[Week, InitiativeThen] = {}
        for week in self.weeks:
            then = week.then(initiative_id)
            if then is not None and _weight(then) >= _weight(found.get(week.period)):
                found[week.period] = then
        return found

    def numbers_of(self, kpi_id: int) -> dict[Week, NumberThen]:
        """How each closed week left a KPI; where it changed hands, whoever's week closed last."""
        return {week.period: kpi for week in self.closed for kpi in week.kpis if kpi.id == kpi_id}

    def weeks_of(self, initiative_id: int) -> list[tuple[Week, InitiativeThen]]:
        """Each week that counts, latest first."""
        counted = [(week, then) for week, then in self.by_week(initiative_id).items() if then.standing.counts]
        return sorted(counted, key=lambda entry: entry[0], reverse=True)

    def answers(self, initiative_id: int) -> list[tuple[Week, Answer]]:
        """What was said of it, latest first."""
        said = {
            check_in.period: answer
            for check_in in self.earlier
            if (answer := check_in.answer_for(initiative_id)) is not None and answer.health
        }
        return sorted(said.items(), key=lambda entry: entry[0], reverse=True)

    def last_known(self, initiative_id: int) -> LastHealth | None:
        for week, then in self.weeks_of(initiative_id):
            if then.health:
                said = dict(self.answers(initiative_id)).get(week)
                return LastHealth(then.health, week, said.next if said else "")
        return None

    def was_silent(self, initiative_id: int) -> bool:
        """Whether the latest week that counts ended without an answer."""
        return next((then.health is None for _, then in self.weeks_of(initiative_id)), False)

    def silences(self, current: CheckIn, at: datetime) -> int:
        """How many times running, this one included, its owner was asked and said nothing at all."""
        if not was_asked(current) or self.is_away(current.person_id, at) or said_something(current):
            return 0
        past = [week for week in self.weeks if week.person_id == current.person_id]
        running = 1
        for week in sorted(past, key=lambda week: week.period, reverse=True):
            if week.said_something:
                break
            running += week.is_silent
        return running

    def _as_it_stands(self, check_in: CheckIn) -> ClosedWeek:
        """A week that is not closed yet, as it would be if it were closed now."""
        zone = self._zone_of(check_in.person_id)
        digested = digest_after(self.strategy, check_in.due_at)[1]
        following = check_in.period.next()
        closing = Closing(
            check_in.person_id,
            zone,
            check_in.period,
            check_in.due_at,
            prompt_instant(self.strategy.schedule_for(following), following, zone),
            digested,
            check_in=check_in,
            kpis=tuple(
                kpi for kpi in self.kpis if kpi.owner_id == check_in.person_id and kpi.was_watched(digested)
            ),
            is_away=self.is_away(check_in.person_id, digested),
        )
        return close_week(closing, digested)

    def _day_of(self, person_id: str, at: datetime) -> date:
        return local_day(at, self._zone_of(person_id))

    def _zone_of(self, person_id: str) -> str:
        person = self.people.get(person_id)
        return person.zone if person else self.strategy.zone


def _weight(then: InitiativeThen | None) -> int:
    if then is None:
        return 0
    return 3 if then.health else 2 if then.standing.counts else 1


ASKED = (CheckInState.ASKED, CheckInState.EARLY)


def was_asked(check_in: CheckIn) -> bool:
    return bool(check_in.answers) and check_in.state in ASKED


def said_something(check_in: CheckIn) -> bool:
    return any(answer.health for answer in check_in.answers)

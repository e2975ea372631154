"""What the weeks before were worth: who was asked, who answered, and how long a silence has lasted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from domain.absences import Absence, away_until, is_away
from domain.check_ins import Answer, CheckIn, CheckInState
from domain.healths import Health
from domain.initiatives import Initiative, has_started
from domain.people import Person
from domain.periods import Week
from domain.schedules import local_day
from domain.strategies import Strategy, digest_at


@dataclass(frozen=True, slots=True)
class Known:
    """The last health somebody gave, and the "next" that came with it."""

    health: Health
    week: Week
    next: str = ""


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """The check-ins of a strategy before a period, read with who was away when."""

    strategy: Strategy
    people: Mapping[str, Person]
    absences: Mapping[str, tuple[Absence, ...]]
    earlier: tuple[CheckIn, ...]

    def is_away(self, person_id: str, at: datetime) -> bool:
        return is_away(self._day_of(person_id, at), self.absences.get(person_id, ()))

    def away_until(self, person_id: str, at: datetime) -> date | None:
        """The last day away; None when they are here, and when it has no end yet."""
        return away_until(self._day_of(person_id, at), self.absences.get(person_id, ()))

    def has_started(self, initiative: Initiative, at: datetime) -> bool:
        return has_started(initiative, at, self._zone_of(initiative.owner_id))

    def counts(self, check_in: CheckIn) -> bool:
        """Whether silence counts: it was asked, and its owner was not away when that week's digest went out."""
        digested = digest_at(self.strategy, check_in.period)
        return was_asked(check_in) and not self.is_away(check_in.person_id, digested)

    def answers(self, initiative_id: int) -> list[tuple[Week, Answer | None]]:
        """Each week that counts, latest first, with its answer, or None for silence."""
        found: dict[Week, Answer | None] = {}
        for check_in in self.earlier:
            answer = check_in.answer_for(initiative_id)
            if answer is not None and answer.health:
                found[check_in.period] = answer
            elif answer is not None and self.counts(check_in):
                found.setdefault(check_in.period, None)
        return sorted(found.items(), key=lambda entry: entry[0], reverse=True)

    def last_known(self, initiative_id: int) -> Known | None:
        for week, answer in self.answers(initiative_id):
            if answer and answer.health:
                return Known(answer.health, week, answer.next)
        return None

    def was_silent(self, initiative_id: int) -> bool:
        """Whether the latest week that counts ended without an answer."""
        return next((answer is None for _, answer in self.answers(initiative_id)), False)

    def silences(self, current: CheckIn, at: datetime) -> int:
        """How many times running, this one included, its owner was asked and said nothing at all."""
        if not was_asked(current) or self.is_away(current.person_id, at):
            return 0
        past = [c for c in self.earlier if c.person_id == current.person_id]
        past = [c for c in past if said_something(c) or self.counts(c)]
        running = 0
        for check_in in [current, *sorted(past, key=lambda check_in: check_in.period, reverse=True)]:
            if said_something(check_in):
                break
            running += 1
        return running

    def _day_of(self, person_id: str, at: datetime) -> date:
        return local_day(at, self._zone_of(person_id))

    def _zone_of(self, person_id: str) -> str:
        person = self.people.get(person_id)
        return person.zone if person else self.strategy.zone


def was_asked(check_in: CheckIn) -> bool:
    return bool(check_in.answers) and check_in.state in (CheckInState.ASKED, CheckInState.EARLY)


def said_something(check_in: CheckIn) -> bool:
    return any(answer.health for answer in check_in.answers)

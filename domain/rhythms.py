"""The rhythm of a strategy as its leads see it, on Home and in the monthly review: how it is kept, and whether it helped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.absences import Absence
from domain.check_ins import CheckIn
from domain.closed_weeks import ClosedWeek
from domain.decisions import Decision
from domain.impact import Impact, impact
from domain.initiatives import Initiative, Status
from domain.kpis import Kpi
from domain.people import Person
from domain.rhythm_health import Score, digested, rhythm_health
from domain.schedules import local_day
from domain.signs import LEAST_SIGNS, Course, Slipping, last_asked, signs_of, slips_of
from domain.strategies import Strategy
from domain.track_record import TrackRecord


@dataclass(frozen=True, slots=True)
class RhythmMaterial:
    """What stands recorded of a strategy's weeks, as of `at`."""

    strategy: Strategy
    at: datetime
    initiatives: tuple[Initiative, ...]
    """All of them, closed ones too."""
    check_ins: tuple[CheckIn, ...]
    """Those due by `at`."""
    people: Mapping[str, Person]
    """The owners, and whoever else was asked."""
    absences: Mapping[str, tuple[Absence, ...]]
    kpis: tuple[Kpi, ...] = ()
    """All of them, retired ones too."""
    decisions: tuple[Decision, ...] = ()
    closed: tuple[ClosedWeek, ...] = ()
    """The weeks of these that are closed, and those in which nothing was asked."""
    courses: tuple[Course, ...] = ()
    """Every initiative of the channel that had signs of slipping, each time it had."""

    @property
    def watched(self) -> tuple[Kpi, ...]:
        return tuple(kpi for kpi in self.kpis if kpi.was_watched(self.at))

    @property
    def active(self) -> tuple[Initiative, ...]:
        return tuple(one for one in self.initiatives if one.status is Status.ACTIVE)

    @property
    def told_of(self) -> tuple[Initiative, ...]:
        """Those whose signs of slipping leads may see: they stood when their owner was last asked, and the time before."""
        told = {
            (one.showing.initiative_id, one.showing.period)
            for one in self.courses
            if one.showing.is_for_leads
        }
        return tuple(one for one in self.active if (one.id, last_asked(self.asked_of(one), one.id)) in told)

    def asked_of(self, initiative: Initiative) -> tuple[CheckIn, ...]:
        """Its owner's check-ins, the oldest first."""
        theirs = (one for one in self.check_ins if one.person_id == initiative.owner_id)
        return tuple(sorted(theirs, key=lambda one: one.period))


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How well the rhythm is kept, and what it changed; no `impact` where nobody was asked yet."""

    health: Score
    impact: Impact | None = None


def rhythm_of(material: RhythmMaterial) -> Rhythm:
    told = record_of(material, digested(material.strategy, material.check_ins, material.at))
    return Rhythm(
        rhythm_health(told, material.kpis, material.decisions, material.at),
        impact(told, material.decisions),
    )


def slipping_of(material: RhythmMaterial) -> Slipping:
    """The signs of slipping that leads see, as things stand; those that fell under three are seen no more."""
    zone = material.strategy.zone
    today = local_day(material.at, zone)
    found = {}
    for initiative in material.told_of:
        said = material.asked_of(initiative)
        found[initiative.id] = signs_of(initiative, said, said[-1].period, today)
    still = {id_: signs for id_, signs in found.items() if len(signs) >= LEAST_SIGNS}
    return Slipping(still, frozenset(still), slips_of(material.courses, zone, today))


def record_of(material: RhythmMaterial, check_ins: tuple[CheckIn, ...]) -> TrackRecord:
    """The closed weeks, and of those still open these."""
    return TrackRecord(
        material.strategy,
        material.people,
        material.absences,
        check_ins,
        material.closed,
        material.kpis,
    )

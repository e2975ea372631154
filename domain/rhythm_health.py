"""Rhythm health: how well the rhythm itself is kept, from 0 to 100. docs/rhythm-health.md publishes the formula."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from domain.check_ins import CheckIn
from domain.closed_weeks import InitiativeThen
from domain.decisions import Decision, DecisionState
from domain.kpis import Kpi
from domain.periods import Week
from domain.schedules import local_day
from domain.strategies import Strategy, digest_at
from domain.track_record import TrackRecord

WEEKS = 4


class Part(StrEnum):
    """What the score is made of, as people read it."""

    ANSWERED = "answered"
    ON_TIME = "answered on time"
    DECIDED = "decisions made by their date"
    READ = "readings up to date"
    HEARD = "initiatives not silent"


WEIGHTS = {Part.ANSWERED: 30, Part.ON_TIME: 20, Part.DECIDED: 20, Part.READ: 15, Part.HEARD: 15}


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; of none means that there are no data."""

    count: int
    of: int

    @property
    def percent(self) -> int:
        return _rounded(Fraction(100 * self.count, self.of))


@dataclass(frozen=True, slots=True)
class Score:
    """`total` is 0 to 100, None where no part has data; `shares` has every part."""

    total: int | None
    shares: Mapping[Part, Share]

    @property
    def left_out(self) -> tuple[Part, ...]:
        """The parts without data: the others' weights make up for theirs."""
        return tuple(part for part in Part if not self.shares[part].of)


def score(shares: Mapping[Part, Share]) -> Score:
    """The weighted mean of the parts that have data."""
    known = {part: shares[part] for part in Part if shares[part].of}
    if not known:
        return Score(None, shares)
    reached = sum(
        (WEIGHTS[part] * Fraction(share.count, share.of) for part, share in known.items()), Fraction()
    )
    return Score(_rounded(100 * reached / sum(WEIGHTS[part] for part in known)), shares)


def rhythm_health(
    record: TrackRecord, kpis: Iterable[Kpi], decisions: Iterable[Decision], at: datetime
) -> Score:
    """The score over the last 4 weeks; `record` holds weeks whose digest is over (`digested`), `kpis` retired ones too."""
    zone = record.strategy.zone
    today = local_day(at, zone)
    weeks = last_weeks(record, Week.of(today))
    return score(
        {
            Part.ANSWERED: share_answered(record, weeks),
            Part.ON_TIME: share_on_time(record, weeks),
            Part.DECIDED: _decided(decisions, zone, min(weeks).day(0), today),
            Part.READ: _read(kpis, min(weeks).day(0), at, zone),
            Part.HEARD: share_heard(record, weeks),
        }
    )


def last_weeks(record: TrackRecord, otherwise: Week) -> frozenset[Week]:
    """The last 4 up to the latest in which anything was asked."""
    asked = (week.period for week in record.weeks if week.state is not None)
    latest = max(asked, default=otherwise)
    return frozenset(latest.plus(-back) for back in range(WEEKS))


def digested(strategy: Strategy, check_ins: Iterable[CheckIn], at: datetime) -> tuple[CheckIn, ...]:
    """The check-ins whose digest is over at an instant: only then is a missing answer silence."""
    return tuple(c for c in check_ins if digest_at(strategy, c.period) <= at)


def share_answered(record: TrackRecord, weeks: frozenset[Week]) -> Share:
    """Of all that owners were asked in these weeks; those away, off or paused are not counted as missing."""
    asked = _asked(record, weeks)
    return Share(sum(then.health is not None for then in asked), len(asked))


def share_on_time(record: TrackRecord, weeks: frozenset[Week]) -> Share:
    """Of the answers given, those first given before their digest."""
    given = [then for then in _asked(record, weeks) if then.health]
    return Share(sum(then.is_on_time for then in given), len(given))


def share_heard(record: TrackRecord, weeks: frozenset[Week]) -> Share:
    """Of the initiatives that were asked about in these weeks, those whose latest was not silence."""
    latest: dict[int, tuple[Week, bool]] = {}
    for week in record.weeks:
        for then in week.initiatives if week.period in weeks else ():
            if then.standing.counts:
                entry = (week.period, then.health is not None)
                latest[then.initiative_id] = max(entry, latest.get(then.initiative_id, entry))
    return Share(sum(is_heard for _, is_heard in latest.values()), len(latest))


def _asked(record: TrackRecord, weeks: frozenset[Week]) -> list[InitiativeThen]:
    return [
        then
        for week in record.weeks
        if week.period in weeks
        for then in week.initiatives
        if then.standing.counts
    ]


def _decided(decisions: Iterable[Decision], zone: str, first: date, today: date) -> Share:
    """Of the decisions settled or overdue since `first`; a default that took effect is none that was made."""
    made = of = 0
    for decision in decisions:
        if decision.state is DecisionState.WITHDRAWN:
            continue
        settled = local_day(decision.decided_at, zone) if decision.decided_at else None
        if settled is None and decision.due >= today:
            continue
        if (settled or decision.due) >= first:
            of += 1
            made += (
                decision.state is DecisionState.DECIDED and settled is not None and settled <= decision.due
            )
    return Share(made, of)


def _read(kpis: Iterable[Kpi], first: date, at: datetime, zone: str) -> Share:
    """Of the KPIs old enough to have one, those with a reading within their cadence (7 or 31 days).

    One retired since `first` goes on counting as it stood then.
    """
    fresh = of = 0
    for kpi in kpis:
        day = local_day(min(at, kpi.retired_at or at), zone)
        if day < first:
            continue
        since = day - kpi.cadence.period
        is_fresh = kpi.latest is not None and kpi.latest.on >= since
        is_new = kpi.created_at is not None and local_day(kpi.created_at, zone) >= since
        if is_fresh or not is_new:
            of += 1
            fresh += is_fresh
    return Share(fresh, of)


def _rounded(number: Fraction) -> int:
    """To the nearest whole number, halves up."""
    return int(number + Fraction(1, 2))

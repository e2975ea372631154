"""Rhythm health: how well the rhythm itself is kept, from 0 to 100. docs/rhythm-health.md publishes the formula."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from domain.check_ins import Answer, CheckIn
from domain.decisions import Decision, DecisionState
from domain.initiatives import Initiative, Status
from domain.kpis import Cadence, Kpi
from domain.periods import Week
from domain.schedules import local_day
from domain.strategies import Strategy, digest_at
from domain.track_record import TrackRecord

WEEKS = 4
_STALE_AFTER = {Cadence.WEEKLY: timedelta(days=7), Cadence.MONTHLY: timedelta(days=31)}


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
    record: TrackRecord,
    initiatives: Iterable[Initiative],
    kpis: Iterable[Kpi],
    decisions: Iterable[Decision],
    at: datetime,
) -> Score:
    """The score over the last 4 weeks; `record` holds check-ins whose digest is over (`closed_weeks`)."""
    today = local_day(at, record.strategy.zone)
    latest = max((check_in.period for check_in in record.earlier), default=Week.of(today))
    weeks = frozenset(latest.plus(-back) for back in range(WEEKS))
    return score(
        {
            Part.ANSWERED: share_answered(record, weeks),
            Part.ON_TIME: _on_time(record, weeks),
            Part.DECIDED: _decided(decisions, record.strategy.zone, min(weeks).day(0), today),
            Part.READ: _read(kpis, today, record.strategy.zone),
            Part.HEARD: _heard(record, initiatives),
        }
    )


def closed_weeks(strategy: Strategy, check_ins: Iterable[CheckIn], at: datetime) -> tuple[CheckIn, ...]:
    """The check-ins whose digest is over at an instant: only then is a missing answer silence."""
    return tuple(c for c in check_ins if digest_at(strategy, c.period) <= at)


def share_answered(record: TrackRecord, weeks: frozenset[Week]) -> Share:
    """Of all that owners were asked in these weeks; those away or off are not counted as missing."""
    asked = _asked(record, weeks)
    return Share(sum(answer.health is not None for _, answer in asked), len(asked))


def _asked(record: TrackRecord, weeks: frozenset[Week]) -> list[tuple[CheckIn, Answer]]:
    return [
        (check_in, answer)
        for check_in in record.earlier
        if check_in.period in weeks
        for answer in check_in.answers
        if answer.health or record.counts(check_in)
    ]


def _on_time(record: TrackRecord, weeks: frozenset[Week]) -> Share:
    """Of the answers given, those first given before their digest."""
    given = [(check_in, answer) for check_in, answer in _asked(record, weeks) if answer.health]
    in_time = 0
    for check_in, answer in given:
        first = answer.first_at or answer.at
        in_time += first is None or first <= digest_at(record.strategy, check_in.period)
    return Share(in_time, len(given))


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


def _read(kpis: Iterable[Kpi], today: date, zone: str) -> Share:
    """Of the KPIs old enough to have one, those with a reading within their cadence (7 or 31 days)."""
    fresh = of = 0
    for kpi in kpis:
        since = today - _STALE_AFTER[kpi.cadence]
        is_fresh = kpi.latest is not None and kpi.latest.on >= since
        is_new = kpi.created_at is not None and local_day(kpi.created_at, zone) >= since
        if is_fresh or not is_new:
            of += 1
            fresh += is_fresh
    return Share(fresh, of)


def _heard(record: TrackRecord, initiatives: Iterable[Initiative]) -> Share:
    """Of the active initiatives that were asked about, those whose latest week was not silence."""
    asked = [i.id for i in initiatives if i.status is Status.ACTIVE and record.answers(i.id)]
    return Share(sum(not record.was_silent(initiative_id) for initiative_id in asked), len(asked))


def _rounded(number: Fraction) -> int:
    """To the nearest whole number, halves up."""
    return int(number + Fraction(1, 2))

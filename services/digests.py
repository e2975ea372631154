"""Posting a strategy's digest, and keeping the posted one true."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from sqlalchemy.orm import Session

from domain.absences import Absence, is_away
from domain.acts import Act, ActKind
from domain.changes import Change, ChangeKind
from domain.check_ins import Answer, CheckIn
from domain.digests.facts import DigestFacts, DigestMaterial
from domain.digests.gathering import digest_facts, told_by
from domain.initiatives import Initiative, Status
from domain.joins import with_kpis
from domain.kickoffs import Confirmation
from domain.kpis import Kpi
from domain.milestones import Milestone
from domain.people import Person
from domain.periods import Week
from domain.schedules import local_day
from domain.strategies import Strategy, next_prompt_week
from services.telling import tell_unless_left
from services.threads import post_thread, redraw_thread
from storage import (
    absences,
    acts,
    changes,
    check_ins,
    checklists,
    closed_weeks,
    decisions,
    digests,
    initiatives,
    kickoffs,
    kpis,
    milestones,
    people,
    strategies,
)
from storage.database import lock
from storage.delivery import outbox
from storage.digests import Digest
from views.digests.details import digest_details
from views.digests.messages import digest_message, digest_preview, late_line, said_later_line, silent_message
from views.slack.blocks import Payload

Made = TypeVar("Made", Confirmation, Milestone)
WEEKS_OF_HISTORY = 26
MAKES_SENSE_FOR = timedelta(days=7)
"""A digest that could not be posted for so long has been overtaken by the next one."""
_CLOSING = (ChangeKind.COMPLETED, ChangeKind.STOPPED)


def post_digest(
    session: Session, strategy: Strategy, period: Week, now: datetime, *, is_final: bool
) -> Digest:
    """Post the digest of a period, or bring the one posted already up to date.

    The final one covers what was asked so far: answers to that are late from now on.
    """
    _hold(session, strategy, now)
    digest = found = digests.find_digest_of_period(session, strategy.workspace_id, strategy.id, period)
    if digest is None:
        facts = digest_facts(gather_digest(session, strategy, period, now, None))
        digest = _post(session, facts, now, is_final=is_final)
    if is_final:
        digest = replace(digests.make_final(session, digest, now), told={})
        uncovered = check_ins.list_uncovered(session, strategy.workspace_id, strategy.id, now)
        check_ins.cover(session, strategy.workspace_id, [c.id for c in uncovered], digest.id)
    if found is not None:
        facts = refresh_digest(session, strategy, digest, now)
    if is_final:
        _tell_leads_of_silence(session, facts, now)
    return digest


def _hold(session: Session, strategy: Strategy, now: datetime) -> None:
    """An answer comes before, and is told, or after, and finds the digest; nobody else posts or redraws one meanwhile."""
    check_ins.hold_uncovered(session, strategy.workspace_id, strategy.id, now)
    lock(session, strategy.workspace_id, strategy.id)


def _tell_leads_of_silence(session: Session, facts: DigestFacts, now: datetime) -> None:
    """Once for each silence, when it becomes two weeks long; the channel does not hear of it."""
    strategy = facts.strategy
    for lead_id in strategy.leads:
        if silent := [one for one in facts.silent_twice if one != lead_id]:
            told = silent_message(facts, silent)
            tell_unless_left(session, strategy.workspace_id, lead_id, told, now, strategy=strategy)


def preview_digest(session: Session, strategy: Strategy, now: datetime) -> Payload:
    """What the next digest would say now."""
    period = next_digest_period(session, strategy, now)
    posted = digests.find_digest_of_period(session, strategy.workspace_id, strategy.id, period)
    return digest_preview(digest_facts(gather_digest(session, strategy, period, now, posted)))


def post_early(session: Session, strategy: Strategy, by: Person, now: datetime) -> bool:
    """The next digest, ahead of its time; whether it was not there before."""
    _hold(session, strategy, now)
    period = next_digest_period(session, strategy, now)
    was_there = digests.find_digest_of_period(session, strategy.workspace_id, strategy.id, period)
    posted = post_digest(session, strategy, period, now, is_final=False)
    act = Act(ActKind.DIGEST_POSTED, by.id, now, thing_id=posted.id)
    acts.add_act(session, strategy.workspace_id, strategy.id, act)
    checklists.mark_stale(session, strategy.workspace_id, strategy.id)
    return was_there is None


def refresh_digest(session: Session, strategy: Strategy, digest: Digest, now: datetime) -> DigestFacts:
    """Redraw a posted digest and its thread from what stands recorded once nobody else redraws it."""
    lock(session, strategy.workspace_id, strategy.id)
    standing = digests.get_digest(session, strategy.workspace_id, digest.id)
    facts = digest_facts(gather_digest(session, strategy, digest.period, now, digest))
    details = redraw_thread(session, strategy, standing, digest_message(facts), digest_details(facts), now)
    if len(details) > len(standing.details):
        digests.save_details(session, digest, details)
    if digest.is_final:
        digests.save_told(session, digest, told_by(facts))
    return facts


def tell_late_answers(
    session: Session,
    strategy: Strategy,
    check_in: CheckIn,
    changed: Sequence[tuple[Initiative, Answer, Answer | None]],
    owner: Person,
    now: datetime,
) -> None:
    """After an answer (initiative, answer, what stood before) came in that a digest should have told."""
    digest = (
        digests.get_digest(session, strategy.workspace_id, check_in.digest_id)
        if check_in.digest_id is not None
        else digests.find_digest_of_period(session, strategy.workspace_id, strategy.id, check_in.period)
    )
    if digest is None:
        return
    facts = refresh_digest(session, strategy, digest, now)
    if check_in.digest_id is None:
        return
    for initiative, answer, before in changed:
        stood = before.health if before else None
        line = late_line(facts, owner, initiative, answer, is_edit=stood is not None, before=stood)
        outbox.enqueue_post(
            session,
            strategy.workspace_id,
            strategy.channel_id,
            line,
            now=now,
            thread_of=digest.message_id,
        )


def tell_away_later(session: Session, person: Person, absence: Absence, now: datetime) -> tuple[Week, ...]:
    """An absence that covers a digest which told of silence: that stays, and the digest's thread says so later.

    Returns the weeks it is so with. The digest itself is redrawn while the person's week is open.
    """
    workspace_id, told = person.workspace_id, []
    for strategy in strategies.list_strategies_of(session, workspace_id, person.id):
        digest = digests.find_latest_digest(session, workspace_id, strategy.id)
        if digest is None or not digest.is_final:
            continue
        silent = [
            one for one in digest.told.values() if one.owner_id == person.id and one.standing.is_silence
        ]
        if not silent or not is_away(local_day(digest.posted_at, person.zone), [absence]):
            continue
        current = check_ins.find_current(session, workspace_id, strategy.id, person.id, now)
        if current is not None and current.digest_id == digest.id:
            refresh_digest(session, strategy, digest, now)
        line = said_later_line(person, digest.period, absence, local_day(now, strategy.zone))
        outbox.enqueue_post(
            session, workspace_id, strategy.channel_id, line, now=now, thread_of=digest.message_id
        )
        told.append(digest.period)
    return tuple(told)


def gather_digest(
    session: Session, strategy: Strategy, period: Week, now: datetime, digest: Digest | None
) -> DigestMaterial:
    """What the digest of a period is made from; without `digest`, as it would be posted now."""
    workspace_id = strategy.workspace_id
    first = period.plus(-WEEKS_OF_HISTORY)
    history = check_ins.list_since(session, workspace_id, strategy.id, first)
    final = digest if digest is not None and digest.is_final else None
    told = final.told if final else {}
    current = {check_in.person_id: check_in for check_in in _covered(history, final, now)}
    chosen = {check_in.id for check_in in current.values()}
    previous = digests.find_latest_digest(session, workspace_id, strategy.id, before=period)
    since = previous.posted_at if previous else datetime.min.replace(tzinfo=UTC)
    until = final.posted_at if final else now
    recorded = changes.list_changes(session, workspace_id, strategy.id, since)
    recent = tuple(change for change in recorded if change.at <= until)
    shown = _shown(session, strategy, period, recorded, until)
    watched = _watched(session, strategy, until, chosen)
    asked = decisions.list_recent(session, workspace_id, strategy.id, since)
    asked = [d for d in asked if d.created_at is None or d.created_at <= until]
    counted = [i.id for i in shown if i.status.counts_toward_limit]
    asked_for = _in_order(kickoffs.list_confirmations(session, workspace_id, counted))
    steps = _in_order(milestones.list_milestones(session, workspace_id, counted))
    everyone = (
        _owners_and_answerers(shown, current.values())
        | {one.owner_id for one in told.values()}
        | {one for d in asked for one in (d.decider_id, d.decided_by) if one}
        | {one.person_id for many in (asked_for, steps, recent) for one in many}
    )
    return DigestMaterial(
        strategy=strategy,
        period=period,
        at=now,
        initiatives=with_kpis(shown, watched),
        people=people.list_people(session, workspace_id, everyone),
        current=tuple(current.values()),
        earlier=tuple(c for c in history if c.id not in chosen and c.period <= period and c.due_at <= now),
        changes=recent,
        absences=absences.list_absences(session, workspace_id, everyone),
        late=_late(digest, current.values()),
        kpis=watched,
        decisions=tuple(asked),
        confirmations=asked_for,
        milestones=steps,
        closed=closed_weeks.list_closed_weeks(session, workspace_id, strategy.id, first),
        told=told,
        undelivered=_list_undelivered(session, workspace_id, current.values()),
        told_at=final.posted_at if final else None,
        since=since,
    )


def _covered(history: Iterable[CheckIn], final: Digest | None, now: datetime) -> list[CheckIn]:
    """The check-ins a digest told of, or those that one posted now would."""
    if final is not None:
        return [c for c in history if c.digest_id == final.id]
    return [c for c in history if c.digest_id is None and c.closed_at is None and c.due_at <= now]


def _shown(
    session: Session, strategy: Strategy, period: Week, recorded: Sequence[Change], until: datetime
) -> tuple[Initiative, ...]:
    """The initiatives as they were at an instant: those not closed, and those closed since the digest before."""
    listed = _as_of(
        initiatives.list_initiatives(session, strategy.workspace_id, strategy.id, include_closed=True),
        [change for change in recorded if change.at > until],
    )
    just_closed = {c.initiative_id for c in recorded if c.at <= until and c.kind in _CLOSING}
    shown = [i for i in listed if not i.status.is_closed or i.id in just_closed]
    return tuple(initiatives.read_metrics(session, strategy.workspace_id, shown, strategy.zone, until=period))


def _owners_and_answerers(shown: Iterable[Initiative], current: Collection[CheckIn]) -> set[str]:
    answered = {a.by for c in current for a in c.answers if a.by is not None}
    return {i.owner_id for i in shown} | {c.person_id for c in current} | answered


def _in_order(found: Mapping[int, tuple[Made, ...]]) -> tuple[Made, ...]:
    """Those of all initiatives, in the order they were made."""
    return tuple(sorted((one for of_one in found.values() for one in of_one), key=lambda one: one.id))


def _watched(
    session: Session, strategy: Strategy, at: datetime, given_in: Collection[int]
) -> tuple[Kpi, ...]:
    """The KPIs of an instant, with the plans they had and what was known of them then, or given in these check-ins."""
    known = kpis.list_kpis(
        session, strategy.workspace_id, strategy.id, include_retired=True, until=at, given_in=given_in
    )
    return tuple(kpi.as_of(at) for kpi in known if kpi.was_watched(at))


def _list_undelivered(session: Session, workspace_id: str, current: Iterable[CheckIn]) -> frozenset[int]:
    by_message = {one.message_id: one.id for one in current if one.message_id is not None}
    refused = outbox.list_refused(session, workspace_id, by_message)
    return frozenset(by_message[message_id] for message_id in refused)


def next_digest_period(session: Session, strategy: Strategy, now: datetime) -> Week:
    """The period a digest asked for now is about: the one being collected, else the last one told."""
    uncovered = check_ins.list_uncovered(session, strategy.workspace_id, strategy.id, now)
    if uncovered:
        return max(check_in.period for check_in in uncovered)
    latest = digests.find_latest_digest(session, strategy.workspace_id, strategy.id)
    return latest.period if latest else next_prompt_week(strategy, strategy.zone, now)


def _post(session: Session, facts: DigestFacts, now: datetime, *, is_final: bool) -> Digest:
    strategy = facts.strategy
    message_id, details = post_thread(
        session, strategy, digest_message(facts), digest_details(facts), now, now + MAKES_SENSE_FOR
    )
    told = told_by(facts) if is_final else {}
    where = (strategy.workspace_id, strategy.id, facts.period)
    return digests.add_digest(session, Digest(0, *where, message_id, tuple(details), now, is_final, told))


def _as_of(listed: Iterable[Initiative], since: Sequence[Change]) -> list[Initiative]:
    """Initiatives as they stood before the changes since: what was closed or paused later was active."""
    later = {c.initiative_id for c in since if c.kind in (*_CLOSING, ChangeKind.PAUSED)}
    new = {c.initiative_id for c in since if c.kind is ChangeKind.ADDED}
    return [replace(i, status=Status.ACTIVE) if i.id in later else i for i in listed if i.id not in new]


def _late(digest: Digest | None, current: Iterable[CheckIn]) -> frozenset[tuple[int, int]]:
    if digest is None or not digest.is_final:
        return frozenset()
    return frozenset(
        (check_in.id, answer.initiative_id)
        for check_in in current
        for answer in check_in.answers
        if answer.at is not None and answer.at > digest.posted_at
    )

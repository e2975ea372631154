"""A strategy from being set up to being changed, paused and resumed; who changed what of it, and why, on record."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.absences import WorkPattern, name_country
from domain.acts import Act, ActKind
from domain.changes import Change, ChangeKind, Edit, edits_of
from domain.check_ins import CheckInState
from domain.errors import DomainError, FieldErrors
from domain.people import Person, why_not_a_participant
from domain.periods import Week
from domain.schedules import Schedule, describe, first_week_of_change, local_day
from domain.strategies import Strategy, digest_after
from domain.words import listed
from domain.zones import country_of
from services.access import may_lead, remember_in, require_lead
from services.checklists import begin_checklists, has_checklist
from services.people import list_ownerless
from services.planning import find_first_prompt, find_next_prompt, plan_owner, plan_strategy, replan
from storage import acts, answers, canvases, changes, check_ins, homes, initiatives, kpis, people, strategies
from storage.delivery import outbox
from views.changes import MISSING, REASON, SHOWN_IN_STATUS
from views.quarters import former_message
from views.schedules import schedule_saved_message
from views.slack.blocks import Payload, notice
from views.slack.references import is_direct_message
from views.strategies import messages
from views.strategies.forms import CHANNEL, LEADS

NOT_SEEN_THERE = (
    "I do not see you there. If it is a private channel, type /invite @Drumbeat in it; if it is a public one, join it. "
    "Then try again, or type /rhythm setup there."
)


def record_edits(
    session: Session,
    strategy: Strategy,
    edits: Sequence[Edit],
    why: str,
    by: Person,
    now: datetime,
    *,
    is_reason_needed: bool = True,
) -> None:
    """Raises FieldErrors at the form's reason when something changed and none was given."""
    if edits and is_reason_needed and not why:
        raise FieldErrors({REASON: MISSING})
    for edit in edits:
        change = Change(edit.kind, None, edit.before, edit.after, by.id, now, why)
        changes.record_change(session, strategy.workspace_id, strategy.id, change)


def load_to_set_up(session: Session, person: Person, channel_id: str, now: datetime) -> Strategy | None:
    """A channel's strategy, which the person leads; None where there is none: then they may set one up.

    Raises DomainError.
    """
    if is_direct_message(channel_id):
        raise DomainError(
            "A strategy belongs to a channel: run `/rhythm setup` in the channel where your team talks."
        )
    strategy = strategies.find_strategy_by_channel(session, person.workspace_id, channel_id)
    if strategy is None:
        remember_in(session, person, channel_id, now)
    else:
        require_lead(session, strategy, person)
    return strategy


def require_free_channel(
    session: Session, person: Person, channel_id: str, channels: Sequence[str] | None, now: datetime
) -> None:
    """The person may set up the channel they chose; `channels` are those that Slack says they and the bot are in, or that
    are public. Raises FieldErrors with what to do.
    """
    if not channel_id:
        raise FieldErrors({CHANNEL: "Choose the channel where your team talks."})
    if channels is None:
        raise FieldErrors({CHANNEL: "Slack did not tell me in time who is in it. Please try again."})
    if channel_id not in channels:
        raise FieldErrors({CHANNEL: NOT_SEEN_THERE})
    known = strategies.find_strategy_by_channel(session, person.workspace_id, channel_id)
    if known is not None:
        told = f"It has a rhythm already: {known.name}. Choose another channel, or type /rhythm status there."
        raise FieldErrors({CHANNEL: told})
    remember_in(session, person, channel_id, now)


def blank_strategy(person: Person, channel_id: str) -> Strategy:
    """What whoever sets up a channel begins with: they lead, by their own time and on their country's working days."""
    country = country_of(person.zone)
    pattern = person.work_pattern or WorkPattern(country=country if name_country(country) else None)
    return Strategy(
        0,
        person.workspace_id,
        channel_id,
        "",
        "",
        (),
        "",
        "",
        (person.id,),
        person.zone,
        work_pattern=pattern,
    )


def find_following(session: Session, closed: Strategy) -> Strategy:
    """The one that its channel has now. Raises DomainError."""
    found = strategies.find_strategy_by_channel(session, closed.workspace_id, closed.channel_id)
    if found is None:
        raise DomainError("This channel has no strategy any more. `/rhythm setup` begins one.")
    return found


def list_led(session: Session, person: Person) -> list[Strategy]:
    """All that the person leads, oldest first."""
    everything = strategies.list_strategies(session, person.workspace_id)
    return [strategy for strategy in everything if may_lead(strategy, person)]


def load_leads(session: Session, workspace_id: str, lead_ids: Iterable[str]) -> list[Person]:
    """Raises FieldErrors for somebody who cannot be one."""
    leads = list(people.list_people(session, workspace_id, lead_ids).values())
    if refusals := [sentence for lead in leads if (sentence := why_not_a_participant(lead))]:
        raise FieldErrors({LEADS: " ".join(refusals)})
    return leads


def set_up_strategy(
    session: Session,
    wanted: Strategy,
    leads: Sequence[Person],
    by: Person,
    now: datetime,
    *,
    is_next_quarter: bool = False,
) -> None:
    """Its channel reads of the rhythm that begins, whoever leads it of what comes next. Raises DomainError."""
    strategy = strategies.add_strategy(session, wanted, now)
    if strategy is None:
        raise DomainError("Somebody else has just set up this channel. `/rhythm status` there shows it.")
    act = Act(ActKind.SET_UP, by.id, now)
    acts.add_act(session, strategy.workspace_id, strategy.id, act)
    plan_strategy(session, strategy, now)
    told = messages.announcement_message(strategy, leads, is_next_quarter=is_next_quarter)
    _announce(session, strategy, told, now)
    homes.mark_stale(session, strategy.workspace_id, strategy.id, [by.id, *strategy.leads])
    begin_checklists(session, strategy, leads, by, now)


def edit_strategy(
    session: Session, before: Strategy, edited: Strategy, why: str, by: Person, now: datetime
) -> None:
    """Whoever edited it reads what changed, and what is missing where no checklist of theirs says so. Raises FieldErrors
    where a reason is.
    """
    record_edits(session, before, edits_of(before, edited), why, by, now)
    after = before if edited == before else strategies.save_strategy(session, edited)
    if changed := messages.changed_words(before, after):
        if others := [word for word in changed if word not in messages.ON_RECORD]:
            _record(session, after, by, f"{listed(others)} changed", now)
        _record_leads(session, before, after, by, now)
        replan(session, after, now)
    listing = initiatives.list_initiatives(session, after.workspace_id, after.id)
    watched = kpis.list_kpis(session, after.workspace_id, after.id)
    is_told = has_checklist(session, after, by.id)
    told = messages.saved_message(after, listing, changed, watched, with_missing=not is_told)
    outbox.enqueue_post(session, after.workspace_id, by.id, told, now=now)


def _record_leads(session: Session, before: Strategy, after: Strategy, by: Person, now: datetime) -> None:
    came, went = set(after.leads) - set(before.leads), set(before.leads) - set(after.leads)
    told = [(ActKind.LEAD_ADDED, one) for one in sorted(came)]
    told += [(ActKind.LEAD_REMOVED, one) for one in sorted(went)]
    done = [Act(kind, by.id, now, about_id=one) for kind, one in told]
    acts.add_acts(session, after.workspace_id, after.id, done)


def show_status(session: Session, strategy: Strategy, person: Person, now: datetime) -> Payload:
    """How it stands, and what comes next for that person and everybody."""
    listing = initiatives.list_initiatives(session, strategy.workspace_id, strategy.id)
    owned = [initiative for initiative in listing if initiative.owner_id == person.id]
    week, digest_at = digest_after(strategy, now)
    coming = [(first, schedule) for first, schedule in strategy.schedule_changes if first > week]
    status = messages.StrategyStatus(
        strategy,
        listing,
        answers.list_last_healths(session, strategy, now),
        local_day(now, strategy.zone),
        next_prompt=find_next_prompt(session, strategy, person, owned, now),
        next_digest=digest_at,
        schedule=strategy.schedule_for(week),
        coming=coming[-1] if coming else None,
        kpis=kpis.list_kpis(session, strategy.workspace_id, strategy.id),
        history=changes.list_history(session, strategy.workspace_id, strategy.id, SHOWN_IN_STATUS),
        ownerless=list_ownerless(session, strategy.workspace_id, listing),
        is_lead=may_lead(strategy, person),
        canvas=canvases.find_canvas(session, strategy.workspace_id, strategy.id),
        has_former=bool(strategies.list_closed(session, strategy.workspace_id, strategy.channel_id)),
    )
    return messages.status_message(status)


def show_former(session: Session, strategy: Strategy) -> Payload:
    """What its channel had before."""
    return former_message(
        strategy, strategies.list_closed(session, strategy.workspace_id, strategy.channel_id)
    )


def change_schedule(
    session: Session, strategy: Strategy, schedule: Schedule, why: str, by: Person, now: datetime
) -> Payload:
    """What is asked at which time, from the first week on that has not begun for anybody; says from when.

    Raises FieldErrors without a reason, unless only reminders move.
    """
    if schedule == strategy.schedule:
        return notice(f"The schedule of {strategy.name} stays as it was.")
    first = _first_week(session, strategy, schedule, now)
    strategies.save_schedule(session, strategy.workspace_id, strategy.id, first, schedule)
    after = strategies.get_strategy(session, strategy.workspace_id, strategy.id)
    replan(session, after, now)
    edit = Edit(ChangeKind.SCHEDULE, describe(strategy.schedule), describe(schedule))
    is_reminder = replace(schedule, reminders=strategy.schedule.reminders) == strategy.schedule
    record_edits(session, after, [edit], why, by, now, is_reason_needed=not is_reminder)
    return schedule_saved_message(after, schedule, first)


def _first_week(session: Session, strategy: Strategy, schedule: Schedule, now: datetime) -> Week:
    """The first period whose prompt is still ahead of everybody by the old schedule and the new one."""
    listing = initiatives.list_initiatives(session, strategy.workspace_id, strategy.id)
    owners = people.list_people(session, strategy.workspace_id, {one.owner_id for one in listing})
    zones = {strategy.zone, *(owner.zone for owner in owners.values())}
    return first_week_of_change(strategy.schedule, schedule, zones, now)


def pause_strategy(session: Session, strategy: Strategy, by: Person, now: datetime) -> str:
    """Nothing is asked or told any more, which its channel reads; returns the sentence for whoever did it."""
    if not strategies.pause_strategy(session, strategy.workspace_id, strategy.id, now):
        return f"{strategy.name} is already paused. `/rhythm resume` starts it again."
    for check_in in check_ins.list_uncovered(session, strategy.workspace_id, strategy.id, now):
        if check_in.state is CheckInState.ASKED:
            check_ins.set_state(session, check_in, CheckInState.PAUSED)
    _record(session, strategy, by, "paused", now)
    _announce(session, strategy, messages.paused_notice(strategy, by), now)
    return f"{strategy.name} is paused: no check-ins and no digest until you run `/rhythm resume`."


def resume_strategy(session: Session, strategy: Strategy, by: Person, now: datetime) -> str:
    """It goes on with the next week, which its channel reads; returns the sentence for whoever did it."""
    if not strategies.resume_strategy(session, strategy.workspace_id, strategy.id):
        return f"{strategy.name} is not paused. `/rhythm status` shows what comes next."
    strategy = replace(strategy, paused_at=None)
    plan_strategy(session, strategy, now)
    for initiative in initiatives.list_initiatives(session, strategy.workspace_id, strategy.id):
        plan_owner(session, strategy, initiative.owner_id, now)
    _record(session, strategy, by, "resumed", now)
    is_awaited = _ask_again(session, strategy, now)
    prompt_at = find_first_prompt(session, strategy, now)
    digest_at = digest_after(strategy, now if is_awaited or prompt_at is None else prompt_at)[1]
    _announce(session, strategy, messages.resumed_notice(strategy, by, prompt_at, digest_at), now)
    return messages.resumed_sentence(strategy, prompt_at, digest_at)


def _ask_again(session: Session, strategy: Strategy, now: datetime) -> bool:
    """What was asked before the pause is still asked until its digest; whether one is to come."""
    still_open = [
        check_in
        for check_in in check_ins.list_uncovered(session, strategy.workspace_id, strategy.id, now)
        if digest_after(strategy, check_in.due_at)[1] > now
    ]
    for check_in in still_open:
        if check_in.state is CheckInState.PAUSED:
            check_ins.set_state(session, check_in, CheckInState.ASKED)
    return bool(still_open)


def _announce(session: Session, strategy: Strategy, payload: Payload, now: datetime) -> None:
    outbox.enqueue_post(session, strategy.workspace_id, strategy.channel_id, payload, now=now)


def _record(session: Session, strategy: Strategy, by: Person, words: str, now: datetime) -> None:
    change = Change(ChangeKind.STRATEGY, None, "", words, by.id, now)
    changes.record_change(session, strategy.workspace_id, strategy.id, change)

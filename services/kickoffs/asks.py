"""Whom a kickoff asks: everybody an initiative names, whoever is new after an edit, and once more who has not answered."""

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from domain.initiatives import Initiative
from domain.kickoffs import Confirmation, ConfirmationState, Role
from domain.people import Person
from domain.strategies import Strategy
from services.kickoffs.messages import list_standing, send_anew, send_kickoff, withdraw_confirmations
from services.kickoffs.settling import activate_if_confirmed
from storage import acts, initiatives, kickoffs, people
from storage.database import lock
from views.initiatives.charters import CharterDraft
from views.kickoffs.messages import Kickoff
from views.kickoffs.together import Awaited, nudged_message
from views.slack.blocks import Payload

NUDGED_AFTER = timedelta(hours=1)
"""Whoever was asked just now is not nudged."""


def begin_kickoff(
    session: Session, strategy: Strategy, added: Initiative, draft: CharterDraft, by: Person, now: datetime
) -> tuple[Initiative, list[Confirmation]]:
    """What everybody an initiative just added names is asked, which `send_kickoffs` tells them.

    Whoever adds it says yes by adding; it is active at once if all did.
    """
    workspace_id = strategy.workspace_id
    charter = draft.charter(added.id, by.id)
    kickoffs.save_charter(session, workspace_id, charter)
    wanted = [(Role.OWNER, added.owner_id, ""), (Role.SPONSOR, charter.sponsor_id, "")]
    wanted += [(Role.PARTNER, partner.person_id, partner.what) for partner in draft.partners]
    asked = [add_confirmation(session, strategy, added, one, by, now) for one in wanted]
    return activate_if_confirmed(session, strategy, added, now), asked


def change_kickoff(
    session: Session, strategy: Strategy, after: Initiative, draft: CharterDraft, by: Person, now: datetime
) -> None:
    """After an edit: ask who is new, ask no more who is not named any more, show the others what changed."""
    workspace_id = strategy.workspace_id
    charter = draft.charter(after.id, by.id)
    if kickoffs.list_charters(session, workspace_id, [after.id]).get(after.id) != charter:
        kickoffs.save_charter(session, workspace_id, charter)
    wanted = [(Role.SPONSOR, charter.sponsor_id, "")]
    wanted += [(Role.PARTNER, partner.person_id, partner.what) for partner in draft.partners]
    standing = kickoffs.list_confirmations(session, workspace_id, [after.id])[after.id]
    named = [one for one in standing if one.role in (Role.SPONSOR, Role.PARTNER)]
    known = {(one.role, one.person_id, one.what): one for one in named}
    withdraw_confirmations(
        session, strategy, after, [one for key, one in known.items() if key not in wanted], now
    )
    asked = [add_confirmation(session, strategy, after, one, by, now) for one in wanted if one not in known]
    activate_if_confirmed(session, strategy, after, now)
    send_kickoff(session, strategy, after.id, asked, now)


def partners_of(session: Session, initiative: Initiative) -> set[tuple[str, str]]:
    """Those who are asked, or have said yes, with what they commit to."""
    standing = kickoffs.list_confirmations(session, initiative.workspace_id, [initiative.id])[initiative.id]
    return {(one.person_id, one.what) for one in standing if one.role is Role.PARTNER}


def ask_new_owner(
    session: Session, strategy: Strategy, after: Initiative, by: Person, now: datetime
) -> Kickoff:
    """Of one that is yet to begin: the former owner's word counts no more, the new owner is asked."""
    standing = kickoffs.list_confirmations(session, strategy.workspace_id, [after.id])[after.id]
    withdraw_confirmations(session, strategy, after, [one for one in standing if one.role is Role.OWNER], now)
    asked = add_confirmation(session, strategy, after, (Role.OWNER, after.owner_id, ""), by, now)
    after = activate_if_confirmed(session, strategy, after, now)
    return send_kickoff(session, strategy, after.id, [asked], now)


def reopen_confirmation(
    session: Session, strategy: Strategy, initiative: Initiative, changed: str, now: datetime
) -> None:
    """Authority and resources are not what its sponsor confirmed: they are told what changed, and asked anew.

    It goes on meanwhile. One from before there were kickoffs has no sponsor to ask.
    """
    standing = kickoffs.list_confirmations(session, strategy.workspace_id, [initiative.id])[initiative.id]
    sponsors = [one for one in standing if one.role is Role.SPONSOR]
    if not sponsors or any(one.changed == changed and one.is_awaited for one in sponsors):
        return
    withdraw_confirmations(session, strategy, initiative, sponsors, now)
    wanted = Confirmation(
        0,
        initiative.id,
        Role.SPONSOR,
        sponsors[-1].person_id,
        "",
        ConfirmationState.ASKED,
        "",
        now,
        changed=changed,
    )
    asked = kickoffs.add_confirmation(session, strategy.workspace_id, wanted)
    send_kickoff(session, strategy, initiative.id, [asked], now)


def add_confirmation(
    session: Session,
    strategy: Strategy,
    initiative: Initiative,
    wanted: tuple[Role, str, str],
    by: Person,
    now: datetime,
) -> Confirmation:
    """As what somebody is asked, who, and a partner's commitment; whoever asks themselves says yes by it."""
    role, person_id, what = wanted
    is_own = person_id == by.id
    state = ConfirmationState.YES if is_own else ConfirmationState.ASKED
    answered_at = now if is_own else None
    asked = Confirmation(0, initiative.id, role, person_id, what, state, "", now, answered_at)
    return kickoffs.add_confirmation(session, strategy.workspace_id, asked)


def nudge(session: Session, strategy: Strategy, by: Person, now: datetime) -> Payload:
    """Ask once more, once, whoever has not answered; says who that is and when they were nudged."""
    lock(session, strategy.workspace_id, strategy.id)
    standing = list_standing(session, strategy, ())
    waiting = [one for one in standing.values() if one.state is ConfirmationState.ASKED or one.is_awaited]
    known = people.list_people(session, strategy.workspace_id, {one.person_id for one in waiting})
    about = initiatives.list_by_id(session, strategy.workspace_id, {one.initiative_id for one in waiting})
    by_person = defaultdict[str, list[Confirmation]](list)
    for one in waiting:
        by_person[one.person_id].append(one)
    shown = []
    for person_id, theirs in by_person.items():
        person, asked = known[person_id], [one for one in theirs if one.state is ConfirmationState.ASKED]
        is_due = any(one.nudged_at is None and one.asked_at <= now - NUDGED_AFTER for one in asked)
        if is_due and not person.is_deactivated:
            kickoffs.mark_nudged(session, strategy.workspace_id, [one.id for one in asked], now)
            act = Act(ActKind.NUDGED, by.id, now, about_id=person_id)
            acts.add_act(session, strategy.workspace_id, strategy.id, act)
            send_anew(session, strategy, person_id, now)
        nudged_at = now if is_due else max((one.nudged_at for one in asked if one.nudged_at), default=None)
        shown.append(
            Awaited(
                person,
                tuple((one, about[one.initiative_id]) for one in theirs),
                nudged_at,
                is_nudged_now=is_due and not person.is_deactivated,
            )
        )
    return nudged_message(strategy, shown)

"""The direct messages of a kickoff: one a person, with all that they are asked in a strategy."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from domain.initiatives import Initiative
from domain.kickoffs import Confirmation, ConfirmationState, Role, awaited, is_asked_weekly
from domain.strategies import Strategy
from services.access import may_lead
from services.planning import find_next_prompt
from services.telling import tell_person, tell_unless_left
from storage import checklists, homes, initiatives, kickoffs, kpis, people, retrospectives, strategies
from storage.delivery import outbox
from views.kickoffs import messages as views
from views.kickoffs.messages import Kickoff
from views.kickoffs.together import moved_message, together_message
from views.slack.blocks import Payload

EXTENDED = timedelta(hours=1)
"""So long after somebody was asked the same message takes what else they are asked, and nobody is told twice."""


@dataclass
class _Sending:
    """While messages are sent and redrawn: what stands in the strategy, by id, kickoffs as they are loaded, by initiative,
    and the messages that change.
    """

    session: Session
    strategy: Strategy
    now: datetime
    standing: dict[int, Confirmation]
    loaded: dict[int, Kickoff] = field(default_factory=dict)
    changed: set[int | None] = field(default_factory=set)

    def open_of(self, person_id: str) -> list[Confirmation]:
        """What somebody has not answered yet."""
        return [one for one in self.standing.values() if one.person_id == person_id and _is_open(one)]

    def is_extended(self, asked: Confirmation) -> bool:
        """Whether its message takes what else they are asked."""
        return asked.message_id is not None and asked.asked_at > self.now - EXTENDED

    def kickoff_of(self, asked: Confirmation) -> Kickoff:
        id_ = asked.initiative_id
        if id_ not in self.loaded:
            self.loaded[id_] = load_kickoff(self.session, self.strategy, id_, self.now)
        return self.loaded[id_]

    def with_kickoffs(self, shown: Iterable[Confirmation]) -> list[tuple[Kickoff, Confirmation]]:
        return [(self.kickoff_of(one), one) for one in sorted(shown, key=lambda one: one.id)]

    def place(self, new: Sequence[Confirmation]) -> None:
        """Into the message that somebody has since a moment ago, or a new one with all that is open."""
        known = [
            one for one in self.open_of(new[0].person_id) if one not in new and one.message_id is not None
        ]
        latest = max(known, key=lambda one: one.asked_at, default=None)
        if latest is not None and self.is_extended(latest):
            self.changed.add(latest.message_id)
            self._move(new, latest.message_id)
        else:
            self.post([*known, *new])

    def post(self, asked: Sequence[Confirmation]) -> None:
        payload, person_id = self._draw(asked), asked[0].person_id
        by = None if any(map(_is_open, asked)) else self.kickoff_of(asked[0]).people[person_id]
        session, strategy, now = self.session, self.strategy, self.now
        message_id = tell_person(
            session, strategy.workspace_id, person_id, payload, now, strategy=strategy, by=by
        )
        self.changed |= {one.message_id for one in asked}
        self._move(asked, message_id)

    def _move(self, asked: Iterable[Confirmation], message_id: int | None) -> None:
        assert message_id is not None
        for one in asked:
            kickoffs.set_message(self.session, self.strategy.workspace_id, one.id, message_id)
            self.standing[one.id] = replace(one, message_id=message_id)

    def redraw(self, instead: Payload | None = None) -> None:
        """`instead` of what stands nowhere any more, unless it has moved to a newer message."""
        for message_id in sorted(filter(None, self.changed)):
            shown = [one for one in self.standing.values() if one.message_id == message_id]
            payload = self._draw(shown) if shown else (instead or moved_message())
            asks = any(
                _is_open(one) and not self.kickoff_of(one).initiative.status.is_closed for one in shown
            )
            # What has not been said yet is said as long as it asks for something.
            update = outbox.enqueue_update if asks else outbox.enqueue_last_update
            update(self.session, self.strategy.workspace_id, message_id, payload, now=self.now)

    def _draw(self, shown: Sequence[Confirmation]) -> Payload:
        pairs, strategy = self.with_kickoffs(shown), self.strategy
        owner_ids = [shown[0].person_id]
        watched = kpis.list_owned_kpis(self.session, strategy.workspace_id, strategy.id, owner_ids)
        reported = [kpi.name for kpi in watched]
        if len(pairs) > 1:
            return together_message(pairs, reported)
        return views.kickoff_message(*pairs[0], reported)


def send_kickoff(
    session: Session, strategy: Strategy, initiative_id: int, asked: Iterable[Confirmation], now: datetime
) -> Kickoff:
    """As `send_kickoffs`, of one initiative."""
    return send_kickoffs(session, strategy, [initiative_id], asked, now)[initiative_id]


def send_kickoffs(
    session: Session,
    strategy: Strategy,
    initiative_ids: Collection[int],
    asked: Iterable[Confirmation],
    now: datetime,
) -> dict[int, Kickoff]:
    """One DM to each person newly asked, with all that they are asked in the strategy; the DMs of others are redrawn.

    An owner who says yes by adding is shown the learnings for its goal, where there are any. Whoever was asked within the
    hour finds more in the same message; later one new message has all that is still open, and the older one says so.
    """
    loaded = {id_: load_kickoff(session, strategy, id_, now) for id_ in initiative_ids}
    standing = list_standing(session, strategy, initiative_ids)
    sending = _Sending(session, strategy, now, standing, loaded)
    sending.changed |= {one.message_id for one in standing.values() if one.initiative_id in loaded}
    named = {one.person_id for kickoff in loaded.values() for one in kickoff.confirmations}
    homes.mark_stale(session, strategy.workspace_id, strategy.id, sorted(named))
    checklists.mark_stale(session, strategy.workspace_id, strategy.id)
    new = [
        standing[one.id]
        for one in asked
        if one.state is ConfirmationState.ASKED
        or (one.role is Role.OWNER and loaded[one.initiative_id].learnings)
    ]
    for theirs in _by_message(new):
        if not sending.kickoff_of(theirs[0]).people[theirs[0].person_id].is_deactivated:
            sending.place(theirs)
    sending.redraw()
    return loaded


def _by_message(new: Iterable[Confirmation]) -> Iterable[list[Confirmation]]:
    """All that each person is asked; what they have said yes to stands alone."""
    found = defaultdict[tuple[str, int], list[Confirmation]](list)
    for one in new:
        found[one.person_id, 0 if _is_open(one) else one.id].append(one)
    return found.values()


def send_anew(session: Session, strategy: Strategy, person_id: str, now: datetime) -> None:
    """All that somebody has not answered yet in one new message; the older ones say so."""
    sending = _Sending(session, strategy, now, list_standing(session, strategy, ()))
    sending.post(sending.open_of(person_id))
    sending.redraw()


def extend_kickoff(session: Session, strategy: Strategy, person_id: str, now: datetime) -> bool:
    """What somebody was asked a moment ago is redrawn with the KPIs they report by now; False where nothing was."""
    sending = _Sending(session, strategy, now, list_standing(session, strategy, ()))
    sending.changed = {one.message_id for one in sending.open_of(person_id) if sending.is_extended(one)}
    sending.redraw()
    return bool(sending.changed)


def list_standing(session: Session, strategy: Strategy, closed_too: Iterable[int]) -> dict[int, Confirmation]:
    """Of all that are not closed, and these."""
    opened = initiatives.list_initiatives(session, strategy.workspace_id, strategy.id)
    ids = {*(initiative.id for initiative in opened), *closed_too}
    found = kickoffs.list_confirmations(session, strategy.workspace_id, sorted(ids))
    return {one.id: one for of_one in found.values() for one in of_one}


def list_asked_with(
    session: Session, strategy: Strategy, asked: Confirmation, now: datetime
) -> list[tuple[Kickoff, Confirmation]]:
    """What stands in the same message, one by one."""
    sending = _Sending(session, strategy, now, list_standing(session, strategy, [asked.initiative_id]))
    return sending.with_kickoffs(
        one
        for one in sending.standing.values()
        if one.id == asked.id
        or (one.person_id == asked.person_id and one.message_id == asked.message_id is not None)
    )


def _is_open(asked: Confirmation) -> bool:
    return asked.state is ConfirmationState.ASKED


def load_kickoff(session: Session, strategy: Strategy, initiative_id: int, now: datetime) -> Kickoff:
    workspace_id = strategy.workspace_id
    initiative = initiatives.get_initiative(session, workspace_id, initiative_id)
    charter = kickoffs.list_charters(session, workspace_id, [initiative_id]).get(initiative_id)
    standing = kickoffs.list_confirmations(session, workspace_id, [initiative_id])[initiative_id]
    asker_id = find_asker(session, strategy, initiative_id)
    named = views.names_in(charter, standing) | {initiative.owner_id, asker_id}
    everybody = people.list_people(session, workspace_id, named)
    owner = everybody[initiative.owner_id]
    was_asked = is_asked_weekly(strategy, initiative, standing, owner.zone, now)
    earlier = []
    if initiative.goal_id is not None:
        before = strategies.list_goals_before(session, workspace_id, initiative.goal_id)
        earlier = retrospectives.list_learnings(
            session, workspace_id, strategy.id, goal_ids=[initiative.goal_id, *before]
        )
    return Kickoff(
        strategy=strategy,
        initiative=initiative,
        charter=charter,
        confirmations=standing,
        people=everybody,
        asker_id=asker_id,
        first=None if was_asked else find_next_prompt(session, strategy, owner, [initiative], now),
        learnings=tuple(one for one in earlier if one.initiative_id != initiative_id),
        taken=retrospectives.list_learning_answers(session, workspace_id, initiative_id),
    )


def find_asker(session: Session, strategy: Strategy, initiative_id: int) -> str:
    """The lead who added it or gave it away last; another lead once they have left, or lead no more."""
    asker = kickoffs.find_asker(session, strategy.workspace_id, initiative_id)
    candidates = dict.fromkeys([*([asker] if asker else []), *strategy.leads])
    known = people.list_people(session, strategy.workspace_id, candidates)
    able = (one.id for one in known.values() if not one.is_deactivated and may_lead(strategy, one))
    return next(able, next(iter(known)))


def withdraw_confirmations(
    session: Session, strategy: Strategy, initiative: Initiative, those: Iterable[Confirmation], now: datetime
) -> None:
    """They are not asked any more, and their DM says so, or has only the rest."""
    gone = list(those)
    for one in gone:
        kickoffs.withdraw(session, strategy.workspace_id, one.id)
    changed = {one.message_id for one in gone} - {None}
    if changed:
        standing = list_standing(session, strategy, ())
        _Sending(session, strategy, now, standing, changed=changed).redraw(
            views.withdrawn_message(initiative)
        )


def is_kickoff_confirmed(session: Session, initiative: Initiative) -> bool:
    """Whether owner and sponsor have said yes; so has one from before there were kickoffs."""
    standing = kickoffs.list_confirmations(session, initiative.workspace_id, [initiative.id])
    return not awaited(standing[initiative.id])


def tell_of_kickoff(
    session: Session, kickoff: Kickoff, person_id: str, payload: dict[str, object], now: datetime
) -> None:
    """By DM, unless they have left."""
    strategy = kickoff.strategy
    tell_unless_left(session, strategy.workspace_id, person_id, payload, now, strategy=strategy)

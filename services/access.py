"""Who acts, on which strategy, and whether they may. For every feature; called inside its transaction."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from domain.errors import DomainError, NotFound
from domain.initiatives import Initiative
from domain.kpis import Kpi
from domain.people import Actor, Person, require_participant
from domain.reading.markup import as_markup
from domain.reading.names import fold, match_name
from domain.strategies import Strategy, is_lead
from domain.words import listed
from storage import homes, joins, people, strategies
from storage.delivery import outbox, seen
from views.slack.blocks import Payload
from views.slack.references import is_direct_message

MOMENT = timedelta(minutes=10)
"""An answer only one person sees that could not be shown by then is not worth showing."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One of the things a command may mean: run again in that channel with that text, it means this one."""

    label: str
    channel_id: str
    text: str | None = None
    """As Slack sends it; None: as it was typed."""


class Choose(DomainError):
    """Several things may be meant; the sentence stands without the choices, which can be offered as buttons."""

    def __init__(self, sentence: str, choices: Sequence[Meaning]) -> None:
        super().__init__(sentence)
        self.choices = tuple(choices)


def load_actor(session: Session, actor: Actor) -> Person:
    """Raises DomainError for guests, apps, people of other organisations and deactivated ones."""
    if actor.home_team != actor.workspace_id:
        raise DomainError(
            "Only members of this workspace can do this. Ask a lead of the strategy to do it for you."
        )
    person = people.get_person(session, actor.workspace_id, actor.person_id)
    require_participant(person)
    return person


def load_strategy(session: Session, person: Person, channel_id: str) -> Strategy:
    """The strategy a command means: its channel's, in a DM the person's only one.

    Raises DomainError where there is none, Choose where there are several.
    """
    if is_direct_message(channel_id):
        own = strategies.list_strategies_of(session, person.workspace_id, person.id)
        if not own and person.is_admin:
            own = strategies.list_strategies(session, person.workspace_id)
        return _only_one(own)
    strategy = strategies.find_strategy_by_channel(session, person.workspace_id, channel_id)
    if strategy is None:
        raise DomainError(
            "This channel has no strategy yet. Run `/rhythm setup` here to begin: "
            "any full member can, and becomes its lead."
        )
    return strategy


def _only_one(found: Sequence[Strategy]) -> Strategy:
    if not found:
        raise DomainError(
            "You have no strategy yet. Run this in the channel of a strategy, "
            "or `/rhythm setup` in the channel where your team talks."
        )
    if len(found) > 1:
        names = listed([strategy.name for strategy in found], "or")
        choices = [Meaning(strategy.name, strategy.channel_id) for strategy in found]
        raise Choose(f"Which strategy do you mean: {names}? Run this in its channel.", choices)
    return found[0]


def may_lead(strategy: Strategy, person: Person) -> bool:
    """Workspace admins count as leads."""
    return person.is_admin or is_lead(strategy, person.id)


def may_see(session: Session, strategy: Strategy, person: Person, channel_id: str | None) -> bool:
    """Leads, owners, and whoever is in its channel: acts there now, did so lately, or was there when Home was opened."""
    if may_lead(strategy, person) or channel_id == strategy.channel_id:
        return True
    if strategy in strategies.list_strategies_of(session, person.workspace_id, person.id):
        return True
    home = homes.find_home(session, person.workspace_id, person.id)
    return (home is not None and strategy.channel_id in home.channels) or was_in(
        session, person, strategy.channel_id
    )


def remember_in(session: Session, person: Person, channel_id: str, now: datetime) -> None:
    """That Slack said they act in a channel: what is opened there may come back without saying where."""
    if channel_id:
        seen.is_new(session, person.workspace_id, _in(person, channel_id), now)


def was_in(session: Session, person: Person, channel_id: str) -> bool:
    """In the last month (`rituals.REMEMBERED`)."""
    return seen.was_met(session, person.workspace_id, _in(person, channel_id))


def _in(person: Person, channel_id: str) -> str:
    return f"in:{channel_id}:{person.id}"


def require_lead(session: Session, strategy: Strategy, person: Person) -> None:
    """Raises DomainError naming who can."""
    if may_lead(strategy, person):
        return
    raise DomainError(
        f"Only a lead of {strategy.name} can do this: {lead_names(session, person.workspace_id, [strategy])}."
    )


def lead_names(session: Session, workspace_id: str, led: Iterable[Strategy]) -> str:
    """Whom to ask: the leads who are still here, else a workspace admin."""
    return who_can(session, workspace_id, (lead for strategy in led for lead in strategy.leads))


def who_can(session: Session, workspace_id: str, person_ids: Iterable[str]) -> str:
    """Those of them who are still here, else a workspace admin, as in "Ben, Ines or Maya"."""
    able = people.list_people(session, workspace_id, person_ids).values()
    names = [person.name for person in able if not person.is_deactivated]
    return listed(names or ["a workspace admin"], "or")


def may_report(strategy: Strategy, kpi: Kpi, person: Person, others: Collection[str]) -> bool:
    """Its owner and the leads, and the `others` who own an initiative with a metric that it is."""
    return person.id == kpi.owner_id or person.id in others or may_lead(strategy, person)


def require_may_report(session: Session, strategy: Strategy, kpi: Kpi, person: Person) -> None:
    """Raises DomainError naming who can."""
    if not may_report(strategy, kpi, person, joins.list_owners(session, kpi.workspace_id, [kpi.id])):
        raise _refuse_report(session, strategy, kpi.name, [kpi.owner_id])


def require_reporter(session: Session, strategy: Strategy, kpis: Sequence[Kpi], person: Person) -> None:
    """For what somebody typed, before it is read: raises DomainError when they may report none of these."""
    others = joins.list_owners(session, strategy.workspace_id, [kpi.id for kpi in kpis])
    if kpis and not any(may_report(strategy, kpi, person, others) for kpi in kpis):
        raise _refuse_report(session, strategy, "a KPI", [kpi.owner_id for kpi in kpis])


def _refuse_report(session: Session, strategy: Strategy, of: str, owner_ids: Iterable[str]) -> DomainError:
    able = who_can(session, strategy.workspace_id, [*owner_ids, *strategy.leads])
    return DomainError(f"Only the owner of {of} or a lead of {strategy.name} can do this: {able}.")


def load_as_member(session: Session, actor: Actor, channel_id: str) -> tuple[Person, Strategy]:
    """The person and the strategy they mean. Raises DomainError or Choose."""
    person = load_actor(session, actor)
    return person, load_strategy(session, person, channel_id)


def load_as_lead(session: Session, actor: Actor, channel_id: str) -> tuple[Person, Strategy]:
    """The person and the strategy they mean and may change. Raises DomainError or Choose."""
    person, strategy = load_as_member(session, actor, channel_id)
    require_lead(session, strategy, person)
    return person, strategy


def without_shadowed(initiatives: Sequence[Initiative]) -> list[Initiative]:
    """Without closed ones whose name an open one, or a later closed one, has."""
    latest: dict[str, Initiative] = {}
    for initiative in sorted(initiatives, key=lambda one: (not one.status.is_closed, one.id)):
        latest[fold(initiative.name)] = initiative
    return list(latest.values())


def choose_initiative(
    typed: str, initiatives: Sequence[Initiative], strategy: Strategy, *, ask: str, rest: str = ""
) -> Initiative:
    """The initiative a person named; raises DomainError or Choose, whose question for no name at all is `ask`.

    `rest` is what follows the name, as Slack sends it, which a choice keeps.
    """
    if not initiatives:
        raise DomainError(
            f"{strategy.name} has no initiatives yet. Add one with `/initiative add`, for example "
            "`/initiative add Newsletter relaunch @ben by 31 March`."
        )
    return initiatives[_choose(typed, [one.name for one in initiatives], strategy, "initiative", ask, rest)]


def choose_kpi(typed: str, kpis: Sequence[Kpi], strategy: Strategy, *, ask: str, rest: str = "") -> Kpi:
    """The same for KPIs."""
    if not kpis:
        raise DomainError(f"{strategy.name} has no KPIs yet. A lead adds one with `/kpi add`.")
    return kpis[_choose(typed, [one.name for one in kpis], strategy, "KPI", ask, rest)]


def _choose(typed: str, names: Sequence[str], strategy: Strategy, noun: str, ask: str, rest: str = "") -> int:
    match = match_name(typed, names)
    if match.found is not None:
        return match.found

    def meaning(name: str) -> Meaning:
        return Meaning(name, strategy.channel_id, f"{as_markup(name)} {rest}".strip())

    if match.closest is not None:
        closest = names[match.closest]
        sentence = f"There is no {noun} “{typed}” in {strategy.name}. Did you mean {closest}?"
        raise Choose(sentence, [meaning(closest)])
    meant = [names[at] for at in match.candidates] or names
    if match.candidates:
        sentence = f"“{typed}” fits more than one: {listed(meant, 'or')}. Type a little more of the name."
    elif typed.strip():
        sentence = f"There is no {noun} “{typed}” in {strategy.name}. It has {listed(meant)}."
    else:
        sentence = f"{ask} {listed(meant, 'or')}?"
    raise Choose(sentence, [meaning(name) for name in meant])


def require_place(strategy: Strategy, channel_id: str) -> None:
    """Raises NotFound for a channel that no form about a strategy is opened in."""
    if channel_id and not is_direct_message(channel_id) and channel_id != strategy.channel_id:
        raise NotFound


def tell_actor(
    session: Session, actor: Actor, strategy: Strategy, channel_id: str, payload: Payload, now: datetime
) -> None:
    """Answer a form: only its sender sees it, in the strategy's channel where they sent it from, else in their DM."""
    require_place(strategy, channel_id)
    tell_in(session, actor, channel_id, payload, now)


def tell_in(session: Session, actor: Actor, channel_id: str, payload: Payload, now: datetime) -> None:
    """Only they see it: in a channel that they are known to be in, else in their DM, where it stays."""
    if not channel_id or is_direct_message(channel_id):
        outbox.enqueue_post(
            session, actor.workspace_id, actor.person_id, payload, now=now, expires_at=now + MOMENT
        )
        return
    outbox.enqueue_ephemeral(
        session, actor.workspace_id, channel_id, actor.person_id, payload, now=now, expires_at=now + MOMENT
    )

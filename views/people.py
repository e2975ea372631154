"""People as Slack describes them, and news about them."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.forgetting import SOMEONE
from domain.initiatives import Initiative
from domain.kpis import Kpi
from domain.people import Person, is_stand_in, why_not_a_participant
from domain.reading.characters import storable
from domain.reading.legible import is_blank
from domain.reading.people import Member
from domain.strategies import Strategy
from domain.words import MAX_NAME
from views.slack import blocks as b

NEEDS_OWNER = "needs an owner"


def read_person(workspace_id: str, user: Mapping[str, Any]) -> Person:
    """A Slack `user` object (users.info, user_change, team_join) as a Person."""
    profile = user.get("profile") or {}
    names = (profile.get("real_name"), user.get("real_name"), user.get("name"))
    return Person(
        workspace_id=workspace_id,
        id=user["id"],
        name=storable(next((name for name in names if name and not is_blank(name)), user["id"])),
        zone=_known_zone(user.get("tz")),
        is_admin=bool(user.get("is_admin") or user.get("is_owner")),
        is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_external=bool(user.get("is_stranger")) or user.get("team_id", workspace_id) != workspace_id,
        is_deactivated=bool(user.get("deleted")),
    )


def read_member(user: Mapping[str, Any]) -> Member | None:
    """A Slack `user` object as somebody a plan may name; None for who cannot take part."""
    if why_not_a_participant(read_person(user.get("team_id", ""), user)) is not None:
        return None
    profile = user.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"), user.get("name"))
    return Member(user["id"], tuple(dict.fromkeys(storable(name) for name in names if name)))


def _known_zone(name: str | None) -> str:
    """The IANA zone Slack gives, UTC where it gives none or one that this machine does not know."""
    try:
        return ZoneInfo(name or "UTC").key
    except (ZoneInfoNotFoundError, ValueError):
        return "UTC"


def left(person: Person, *, begins: bool = True) -> str:
    """Who has left, as a sentence begins or goes on; of somebody forgotten there is no name any more."""
    if person.is_forgotten:
        return f"{'S' if begins else 's'}omebody, whose name and words were removed, has left"
    return f"{b.one_line(person.name, MAX_NAME)} has left Slack"


def owner_left(owner_id: str) -> str:
    """As in "@tom has left"; somebody forgotten is named by nothing but what they owned."""
    return "its owner has left" if is_stand_in(owner_id) else f"{b.mention(owner_id)} has left"


def owner_left_message(
    person: Person, strategy: Strategy, owned: Sequence[Initiative], kpis: Sequence[Kpi]
) -> b.Payload:
    """To a lead: who left, what they owned, and how to give it to somebody else."""
    all_names = [one.name for one in owned] + [kpi.name for kpi in kpis]
    names = ", ".join(f"*{b.one_line(name, MAX_NAME)}*" for name in all_names)
    command = "/initiative edit" if owned else "/kpi edit"
    example = b.one_line(all_names[0], 40)
    text = (
        f"{left(person)} and owns {names} in {b.one_line(strategy.name, MAX_NAME)}. "
        f"Nobody is asked about it until it has a new owner: run `{command} {example}` in "
        f"<#{strategy.channel_id}>."
    )
    return b.text_message(text)


def no_lead_message(person: Person, strategy: Strategy) -> b.Payload:
    """To a workspace admin, who counts as a lead of every strategy."""
    name = b.one_line(strategy.name, MAX_NAME)
    return b.text_message(
        f"*{name}* has no lead any more: {left(person, begins=False)}. Check-ins and digests go on. "
        f"Please choose another lead: run `/rhythm setup` in <#{strategy.channel_id}>."
    )


def no_lead_in_channel_message(person: Person, strategy: Strategy) -> b.Payload:
    """To the channel, which may know who is to lead it now."""
    name = b.one_line(strategy.name, MAX_NAME)
    return b.text_message(
        f"*{name}* needs another lead: {left(person, begins=False)}. Check-ins and digests go on. "
        "A workspace admin can choose one with `/rhythm setup` here."
    )


def owner_called(people: Mapping[str, Person], person_id: str) -> str:
    """As `called`, escaped, and that they left Slack where they did."""
    return f"{b.one_line(called(people, person_id), MAX_NAME)}{who_left(people.get(person_id))}"


def who_left(person: Person | None) -> str:
    """After the name of somebody who did: nothing is said of who was forgotten."""
    has_left = person is not None and person.is_deactivated and not person.is_forgotten
    return ", who left Slack" if has_left else ""


def called(people: Mapping[str, Person], person_id: str) -> str:
    """As colleagues say it, not escaped: the whole name where it begins with a title, or two share the first."""
    person = people.get(person_id)
    if person is None or person.is_forgotten:
        return SOMEONE
    first, *more = person.name.split() or [person.name]
    others = (other.name.split() for id_, other in people.items() if id_ != person_id)
    is_shared = any(other[:1] == [first] for other in others)
    return person.name if is_shared or first.endswith(".") or not more else first

"""The people a line of a draft names, each as what: asked for one by one where nobody can tell who is meant."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from domain.drafts import Draft, DraftInitiative, DraftItem, DraftKpi, DraftLine, DraftMilestone, Whom
from domain.reading.people import Member, find_members

OWNER, SPONSOR, PARTNER = "owner", "sponsor", "partner"


def list_people(item: DraftItem | None) -> Iterator[tuple[str, Whom | None]]:
    """As what, and who; partners are numbered from 1. None where a line must say who and does not."""
    match item:
        case DraftInitiative():
            yield OWNER, item.owner
            if item.sponsor is not None:
                yield SPONSOR, item.sponsor
            for number, partner in enumerate(item.partners, start=1):
                yield f"{PARTNER} {number}", partner.who
        case DraftKpi():
            yield OWNER, item.owner
        case DraftMilestone() if item.person is not None:
            yield OWNER, item.person


def is_known(whom: Whom | None) -> bool:
    return whom is not None and whom.person_id is not None


def with_person(item: DraftItem, role: str, person_id: str) -> DraftItem:
    """With somebody chosen; the words stay. Nothing changes for what the line does not ask."""
    said = dict(list_people(item))
    if role not in said:
        return item
    whom = replace(said[role] or Whom(""), person_id=person_id)
    if isinstance(item, DraftMilestone):
        return replace(item, person=whom)
    if isinstance(item, DraftKpi) or (isinstance(item, DraftInitiative) and role == OWNER):
        return replace(item, owner=whom)
    assert isinstance(item, DraftInitiative)
    if role == SPONSOR:
        return replace(item, sponsor=whom)
    at = int(role.removeprefix(f"{PARTNER} ")) - 1
    partners = [replace(one, who=whom) if i == at else one for i, one in enumerate(item.partners)]
    return replace(item, partners=tuple(partners))


def with_members(draft: Draft, members: Sequence[Member]) -> Draft:
    """With everybody whose name only one member has."""
    return replace(draft, lines=tuple(_matched(line, members) for line in draft.lines))


def _matched(line: DraftLine, members: Sequence[Member]) -> DraftLine:
    item = line.item
    for role, whom in list_people(item):
        if item is None or whom is None or is_known(whom):
            continue
        called = find_members(whom.handle or whom.words, members)
        if len(called) == 1:
            item = with_person(item, role, called[0])
    return replace(line, item=item)

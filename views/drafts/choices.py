"""What is chosen beside the lines of a draft: people, goals, what is one number, and whether something is new."""

from collections.abc import Iterable, Mapping, Sequence

from domain.drafts import Draft, DraftInitiative, DraftKpi, DraftLine
from domain.joins import suggested_kpi
from domain.kpis import vanity_hint
from domain.reading.drafts.whom import is_known, list_people
from domain.reading.goals import goal_of, goals_of
from domain.reading.names import find_alike
from domain.strategies import Strategy
from domain.words import MAX_NAME
from views.drafts.reading import (
    ANOTHER,
    IS_KPI,
    KEEP,
    OWN_NUMBER,
    SAME,
    goal_field,
    keep_field,
    kpi_field,
    person_field,
    same_field,
)
from views.drafts.words import name_of
from views.slack import blocks as b

_ONE_NUMBER = "Where it is one, its number is given once and counts for both."


def asked_blocks(
    draft: Draft, line: DraftLine, strategy: Strategy, initiatives: Sequence[str], kpis: Sequence[str]
) -> Iterable[b.Block]:
    """What has to be chosen: people who are not known, the goal, whether it is new, whether a vanity metric stays.

    `initiatives` and `kpis` are the names of those there are.
    """
    name = b.plain_line(name_of(line), MAX_NAME)
    for role, whom in list_people(line.item):
        if not is_known(whom):
            said = f": who is {b.plain_line(whom.words, MAX_NAME)}?" if whom and whom.words else ""
            label = f"{name}, {role}{said}"
            block_id = person_field(line.number, role)
            yield b.input_block(label, b.user_select(), block_id=block_id, optional=True)
    if not isinstance(line.item, (DraftInitiative, DraftKpi)):
        return
    if goal_of(line.item, goals_of(draft, strategy.goals)) is None:
        goals = b.select(_goals(strategy))
        yield b.input_block(f"{name}, goal it serves", goals, block_id=goal_field(line.number), optional=True)
    # One of the very same name cannot be added, which starting it says.
    if like := find_alike(line.item.name, initiatives if isinstance(line.item, DraftInitiative) else kpis):
        ways = b.radio([("It is the same: leave it out", SAME), ("It is another one: add it", ANOTHER)])
        label = f"{name} sounds like {b.plain_line(like, MAX_NAME)}, which is there already"
        yield b.input_block(label, ways, block_id=same_field(line.number), optional=True)
    if isinstance(line.item, DraftKpi) and (instead := vanity_hint(line.item.name)):
        keep = b.checkboxes([("Keep it; it is noted that I chose it", KEEP)])
        label = f"{name} can grow while nothing gets better. Consider {instead}"
        yield b.input_block(label, keep, block_id=keep_field(line.number), optional=True)


def number_blocks(line: DraftLine, alike: Mapping[tuple[int, int], tuple[str, ...]]) -> Iterable[b.Block]:
    """Whether its metrics are KPIs: the only one alike is filled in, to be seen before anything starts.

    `alike` are those of the whole draft, as `alike_in` tells them.
    """
    if not isinstance(line.item, DraftInitiative):
        return
    for position, metric in enumerate(line.item.metrics, start=1):
        place = (line.number, position)
        if place not in alike:
            continue
        is_one = suggested_kpi(metric, place, alike)
        options = [("No, a number of its own", OWN_NUMBER), *((name, IS_KPI + name) for name in alike[place])]
        label = f"{b.plain_line(line.item.name, MAX_NAME)}: is “{b.plain_line(metric.name, MAX_NAME)}” a KPI?"
        yield b.input_block(
            label,
            b.select(options, IS_KPI + is_one if is_one else OWN_NUMBER),
            block_id=kpi_field(*place),
            hint=_ONE_NUMBER if place == min(alike) else None,
            optional=True,
        )


def choice_inputs(strategy: Strategy, line: DraftLine) -> Iterable[b.Block]:
    """In a line's own form: its people and its goal."""
    for role, whom in list_people(line.item):
        said = f" ({b.plain_line(whom.words, MAX_NAME)})" if whom and whom.words else ""
        chosen = b.user_select(whom.person_id if whom else None)
        label = f"{role.capitalize()}{said}"
        yield b.input_block(label, chosen, block_id=person_field(line.number, role), optional=True)
    if isinstance(line.item, (DraftInitiative, DraftKpi)):
        served = goal_of(line.item, strategy.goals)
        goals = b.select(_goals(strategy), str(served.id) if served else None)
        yield b.input_block("Goal it serves", goals, block_id=goal_field(line.number), optional=True)


def _goals(strategy: Strategy) -> list[tuple[str, str]]:
    return [(goal.text, str(goal.id)) for goal in strategy.goals]

"""All routes of all features in one table."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache, wraps
from itertools import chain
from typing import TypeVar

from bot.choices import offer_choices
from handlers import (
    absences,
    bets,
    canvases,
    channels,
    check_ins,
    decisions,
    digests,
    drafts,
    exports,
    homes,
    imports,
    initiatives,
    installations,
    joins,
    kickoffs,
    kpis,
    lifecycle,
    message_checks,
    milestones,
    notes,
    people,
    quarters,
    readings,
    reports,
    retrospectives,
    reviews,
    rhythm_health,
    signals,
    strategies,
    tokens,
    troubles,
)
from handlers.requests import Click, Deps, Handler, Reply, Routes, Subcommand

T = TypeVar("T")
FEATURES = (
    strategies,
    drafts,
    quarters,
    initiatives,
    kickoffs,
    milestones,
    retrospectives,
    lifecycle,
    joins,
    kpis,
    readings,
    imports,
    tokens,
    check_ins,
    decisions,
    bets,
    digests,
    reviews,
    rhythm_health,
    message_checks,
    signals,
    absences,
    notes,
    people,
    channels,
    installations,
    troubles,
    exports,
    reports,
    homes,
    canvases,
)


@cache
def all_routes() -> Routes:
    """Raises ValueError when two features answer to the same id."""
    tables = [feature.ROUTES for feature in FEATURES]
    merged = Routes(
        commands=_merged_commands(table.commands for table in tables),
        clicks=_merged(table.clicks for table in tables),
        submissions=_merged(table.submissions for table in tables),
        shortcuts=_merged(table.shortcuts for table in tables),
        events=_merged(table.events for table in tables),
        keepers=_merged(table.keepers for table in tables),
    )
    return _redrawing_home(offer_choices(merged))


def _redrawing_home(routes: Routes) -> Routes:
    """The same routes; a click on Home, whatever it does, shows there what it did."""

    def then_redraw(run: Handler) -> Handler:
        @wraps(run)
        async def clicked(deps: Deps, click: Click) -> Reply | None:
            reply = await run(deps, click)
            await homes.redraw(deps, click)
            return reply

        return clicked

    return replace(routes, clicks={name: then_redraw(run) for name, run in routes.clicks.items()})


def _merged_commands(
    tables: Iterable[Mapping[str, Iterable[Subcommand]]],
) -> dict[str, tuple[Subcommand, ...]]:
    merged: dict[str, tuple[Subcommand, ...]] = {}
    for name, subcommands in chain.from_iterable(table.items() for table in tables):
        merged[name] = (*merged.get(name, ()), *subcommands)
    return merged


def _merged(tables: Iterable[Mapping[str, T]]) -> dict[str, T]:
    merged: dict[str, T] = {}
    for name, handler in chain.from_iterable(table.items() for table in tables):
        if name in merged:
            raise ValueError(f"Two features answer to {name}.")
        merged[name] = handler
    return merged

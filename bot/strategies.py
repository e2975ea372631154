"""Which strategies a command of the command line means."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from bot.neighbours import choose_workspace
from bot.refusals import CommandRefusedError
from domain.reading.names import match_name
from domain.strategies import Strategy
from domain.words import MAX_NAME, listed
from storage.isolation import within
from storage.strategies import list_strategies
from views.slack.blocks import plain_line


class WhichStrategyError(CommandRefusedError):
    """A command could mean several strategies, or none; the text says what to do."""


def choose_strategies(
    session: Session, workspace_id: str, named: Sequence[str], *, option: str
) -> list[Strategy]:
    """Those named, by the id of their channel or by name; where none is named, the only one there is.

    `option` is where they are named. Raises WhichStrategyError or WhichWorkspaceError.
    """
    chosen = choose_workspace(session, workspace_id)
    found: list[Strategy] = []
    if chosen:
        with within(session, chosen):
            found = list_strategies(session, chosen)
    if not found:
        raise WhichStrategyError("There is no strategy yet. Set one up in Slack with `/rhythm setup`.")
    if not named and len(found) > 1:
        raise WhichStrategyError(f"There are several: say which with {option}. There is {_known(found)}.")
    meant = [_find(found, name) for name in named] or found
    return list({strategy.id: strategy for strategy in meant}.values())


def known_as(strategy: Strategy) -> str:
    return f"{plain_line(strategy.name, MAX_NAME)} ({strategy.channel_id})"


def _find(found: Sequence[Strategy], name: str) -> Strategy:
    """Names are typed as people read them, as far as they tell which one is meant."""
    by_channel = {strategy.channel_id: strategy for strategy in found}
    if name in by_channel:
        return by_channel[name]
    at = match_name(name, [plain_line(strategy.name, MAX_NAME) for strategy in found]).found
    if at is None:
        raise WhichStrategyError(f"No strategy “{plain_line(name, MAX_NAME)}”. There is {_known(found)}.")
    return found[at]


def _known(found: Sequence[Strategy]) -> str:
    return listed([known_as(strategy) for strategy in found])

"""`drumbeat export` and `drumbeat import`: a strategy into a file, and out of one into another database."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from bot.neighbours import choose_workspace
from domain.strategies import Strategy
from domain.words import listed
from storage import exports, imports, strategies
from storage.database import Database
from views.exports import files
from views.exports.reading import MAX_BYTES, UnreadableExportError, read_export
from views.slack.blocks import plain_line


class ExportError(Exception):
    """Its text is the sentence the operator sees."""


def export_to(
    database: Database, path: Path, channels: Sequence[str], now: datetime, *, workspace_id: str = ""
) -> list[str]:
    """Write one file for each strategy; `channels` are Slack's ids, none meaning the only strategy there is.

    Returns what was written, a line each. Raises ExportError or WhichWorkspaceError.
    """
    chosen = _chosen(database.run(_strategies, workspace_id), channels)
    lines = []
    for strategy in chosen:
        target = path if len(chosen) == 1 else path.with_stem(f"{path.stem}-{strategy.channel_id}")
        document = database.run(exports.export_strategy, strategy.workspace_id, strategy.id, now)
        is_json = target.suffix == ".json"
        target.write_bytes(
            files.json_bytes(document) if is_json else files.zip_bytes(document, exports.PEOPLE_COLUMNS)
        )
        lines.append(f"{_known_by(strategy)}: {target}")
    return lines


def import_from(database: Database, path: Path) -> str:
    """Read a JSON or zip of `export_to`; returns the strategy's name. Raises ExportError, and then changes nothing."""
    try:
        with path.open("rb") as file:
            document = read_export(file.read(MAX_BYTES + 1))
    except OSError as problem:
        raise ExportError(f"I cannot read {path}: {problem.strerror}.") from problem
    except UnreadableExportError as problem:
        raise ExportError(f"{path} {problem}") from problem
    try:
        return database.run(imports.import_strategy, document)
    except imports.ImportRefusedError as refusal:
        raise ExportError(str(refusal)) from refusal


def _known_by(strategy: Strategy) -> str:
    return f"{plain_line(strategy.name, 75)} ({strategy.channel_id})"


def _strategies(session: Session, workspace_id: str) -> list[Strategy]:
    chosen = choose_workspace(session, workspace_id)
    return strategies.list_strategies(session, chosen) if chosen else []


def _chosen(found: Sequence[Strategy], channels: Sequence[str]) -> list[Strategy]:
    if not found:
        raise ExportError("There is no strategy to export.")
    by_channel = {strategy.channel_id: strategy for strategy in found}
    known = listed([_known_by(strategy) for strategy in found])
    if missing := [channel for channel in channels if channel not in by_channel]:
        raise ExportError(f"No strategy in {listed(missing)}. There is {known}.")
    if not channels and len(found) > 1:
        raise ExportError(f"There are several: say which with --channel. There is {known}.")
    return [by_channel[channel] for channel in dict.fromkeys(channels)] or list(found)

"""`drumbeat export` and `drumbeat import`: a strategy into a file, and out of one into another database."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bot.strategies import choose_strategies, known_as
from storage import exports, imports
from storage.database import Database
from views.exports import files
from views.exports.reading import MAX_BYTES, UnreadableExportError, read_export


class ExportError(Exception):
    """Its text is the sentence the operator sees."""


def export_to(
    database: Database, path: Path, channels: Sequence[str], now: datetime, *, workspace_id: str = ""
) -> list[str]:
    """Write one file for each strategy; `channels` name them, none meaning the only strategy there is.

    Returns what was written, a line each. Raises WhichStrategyError or WhichWorkspaceError.
    """
    chosen = database.run(choose_strategies, workspace_id, channels, option="--channel")
    lines = []
    for strategy in chosen:
        target = path if len(chosen) == 1 else path.with_stem(f"{path.stem}-{strategy.channel_id}")
        document = database.run(exports.export_strategy, strategy.workspace_id, strategy.id, now)
        is_json = target.suffix == ".json"
        target.write_bytes(
            files.json_bytes(document) if is_json else files.zip_bytes(document, exports.PEOPLE_COLUMNS)
        )
        lines.append(f"{known_as(strategy)}: {target}")
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

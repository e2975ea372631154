"""`drumbeat export` and `drumbeat import`: a strategy into a file, and out of one into another database."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.files import why_not_read, write_whole
from bot.refusals import CommandRefusedError
from bot.strategies import choose_strategies, known_as
from storage import exports, imports
from storage.database import Database
from views.exports import files
from views.exports.reading import MAX_BYTES, UnreadableExportError, read_export

_KINDS = (".json", ".zip")


class ExportError(CommandRefusedError):
    """An export cannot be written or read."""


def require_kind(path: Path) -> None:
    """Raises ExportError for a file of a kind that is not written."""
    if path.suffix not in _KINDS:
        better = path.with_suffix(".zip") if path.name else "plan.zip"
        raise ExportError(
            f"I write .json or .zip, which every spreadsheet opens: name the file {better}.", code=2
        )


def export_to(
    database: Database, path: Path, channels: Sequence[str], now: datetime, *, workspace_id: str = ""
) -> list[str]:
    """Write one file for each strategy; `channels` name them, none meaning the only strategy there is.

    Returns what was written, a line each. Raises a CommandRefusedError.
    """
    chosen = database.run(choose_strategies, workspace_id, channels, option="--channel")
    lines = []
    for strategy in chosen:
        target = path if len(chosen) == 1 else path.with_stem(f"{path.stem}-{strategy.channel_id}")
        document = database.run(exports.export_strategy, strategy.workspace_id, strategy.id, now)
        is_json = target.suffix == ".json"
        write_whole(
            target,
            files.json_bytes(document) if is_json else files.zip_bytes(document, exports.PEOPLE_COLUMNS),
        )
        lines.append(f"{known_as(strategy)}: {target}")
    return lines


def read_file(path: Path) -> Any:
    """What a file of `export_to` holds. Raises ExportError."""
    try:
        with path.open("rb") as file:
            return read_export(file.read(MAX_BYTES + 1))
    except OSError as problem:
        raise ExportError(why_not_read(path, problem)) from None
    except UnreadableExportError as problem:
        raise ExportError(f"{path} {problem}") from problem


def import_document(database: Database, document: object) -> str:
    """Write it and return the strategy's name. Raises ExportError, and then changes nothing."""
    try:
        return database.run(imports.import_strategy, document)
    except imports.ImportRefusedError as refusal:
        raise ExportError(str(refusal)) from refusal

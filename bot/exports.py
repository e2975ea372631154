"""`drumbeat export` and `drumbeat import`: a strategy into a file, and out of one into another database."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bot.files import why_not_read, write_whole
from bot.neighbours import choose_workspace
from bot.refusals import CommandRefusedError
from bot.strategies import choose_strategies, known_as
from domain.acts import Act, ActKind
from domain.words import counted
from storage import acts, exports, imports, people
from storage.database import Database
from storage.delivery.seen import NOWHERE
from storage.isolation import within
from storage.strategies import list_names
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
        within = database.within(strategy.workspace_id)
        document = within.run(exports.export_strategy, strategy.workspace_id, strategy.id, now)
        is_json = target.suffix == ".json"
        write_whole(
            target,
            files.json_bytes(document) if is_json else files.zip_bytes(document, exports.PEOPLE_COLUMNS),
        )
        lines.append(f"{known_as(strategy)}: {target}")
    return lines


def export_audit(database: Database, path: Path, *, workspace_id: str = "") -> str:
    """Write the audit log of a workspace; returns a line that says so. Raises a CommandRefusedError."""
    if path.suffix != ".csv":
        better = path.with_suffix(".csv") if path.name else "audit.csv"
        raise ExportError(f"I write the audit log as .csv: name the file {better}.", code=2)
    content, number = database.run(_read_audit, workspace_id)
    write_whole(path, content)
    return f"{counted(number, 'act')}: {path}"


def _read_audit(session: Session, workspace_id: str) -> tuple[bytes, int]:
    chosen = choose_workspace(session, workspace_id)
    with within(session, chosen or NOWHERE):
        done = acts.list_all_acts(session, chosen) if chosen else []
        if not chosen or not done:
            raise ExportError("Nothing has been done yet, so there is no audit log.")
        names = {one.id: one.name for one in people.list_all(session, chosen)}
        return files.acts_csv(done, list_names(session, chosen), names), len(done)


def read_file(path: Path) -> Any:
    """What a file of `export_to` holds. Raises ExportError."""
    try:
        with path.open("rb") as file:
            return read_export(file.read(MAX_BYTES + 1))
    except OSError as problem:
        raise ExportError(why_not_read(path, problem)) from None
    except UnreadableExportError as problem:
        raise ExportError(f"{path} {problem}") from problem


def import_document(database: Database, document: object, now: datetime) -> str:
    """Write it and return the strategy's name. Raises ExportError, and then changes nothing."""
    try:
        return database.run(_import, document, now)
    except imports.ImportRefusedError as refusal:
        raise ExportError(str(refusal)) from refusal


def _import(session: Session, document: Any, now: datetime) -> str:
    name = imports.import_strategy(session, document)
    imported = Act(ActKind.IMPORTED, None, now)
    with within(session, document["workspace_id"]):
        acts.add_act(session, document["workspace_id"], document["strategy_id"], imported)
    return name

"""`drumbeat import-readings`: readings from a CSV file, from the shell."""

from dataclasses import dataclass
from datetime import datetime
from html import unescape
from pathlib import Path

from sqlalchemy.orm import Session

from bot.neighbours import choose_workspace
from domain.reading.csv_files import MAX_BYTES, BadFileError
from domain.reading.names import match_name
from domain.strategies import Strategy
from domain.words import listed
from services.imports import apply_import, plan_import
from storage.database import Database
from storage.strategies import list_strategies
from views.imports import ImportPlan, plan_lines
from views.slack.blocks import plain_line


class ReadingsRefusedError(Exception):
    """Nothing was imported; the text says why."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would add to a strategy; `lines` say it."""

    strategy: Strategy
    content: bytes
    plan: ImportPlan

    @property
    def lines(self) -> list[str]:
        if not self.plan.new:
            return ["All of it is there already, so there is nothing to import."]
        return [
            f"{len(self.plan.new):,} readings for {plain_line(self.strategy.name, 75)}:",
            *(unescape(line) for line in plan_lines(self.plan)),
        ]


def preview(
    database: Database, file: Path, strategy_name: str, now: datetime, *, workspace_id: str = ""
) -> Preview:
    """Raises ReadingsRefusedError or WhichWorkspaceError."""
    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_BYTES + 1)
    except OSError as problem:
        raise ReadingsRefusedError(f"I cannot read {file}: {problem.strerror}.") from None
    strategy = database.run(_choose, workspace_id, strategy_name)
    try:
        return Preview(strategy, content, database.run(plan_import, strategy, content, now))
    except BadFileError as bad:
        raise ReadingsRefusedError(str(bad)) from None


def import_previewed(database: Database, shown: Preview, now: datetime) -> int:
    """How many readings were added. Raises ReadingsRefusedError when the file fits no more."""
    try:
        return len(database.run(apply_import, shown.strategy, shown.content, None, now).new)
    except BadFileError as bad:
        raise ReadingsRefusedError(str(bad)) from None


def _choose(session: Session, workspace_id: str, name: str) -> Strategy:
    chosen = choose_workspace(session, workspace_id)
    found = list_strategies(session, chosen) if chosen else []
    names = [plain_line(strategy.name, 75) for strategy in found]
    if not found:
        raise ReadingsRefusedError("There is no strategy yet. Set one up in Slack with `/rhythm setup`.")
    if not name and len(found) == 1:
        return found[0]
    match = match_name(name, names)
    if match.found is None:
        raise ReadingsRefusedError(f"Name the strategy with --strategy: {listed(names, 'or')}.")
    return found[match.found]

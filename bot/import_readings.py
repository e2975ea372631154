"""`drumbeat import-readings`: readings from a file, from the shell."""

from dataclasses import dataclass
from datetime import datetime
from html import unescape
from pathlib import Path

from bot.files import why_not_read
from bot.refusals import CommandRefusedError
from bot.strategies import choose_strategies
from domain.reading.csv_files import MAX_BYTES
from domain.reading.separated import BadFileError
from domain.strategies import Strategy
from domain.words import MAX_NAME
from services.imports import apply_import, plan_import
from storage.database import Database
from views.imports import ImportPlan, plan_lines
from views.slack.blocks import plain_line


class ReadingsRefusedError(CommandRefusedError):
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
            f"{len(self.plan.new):,} readings for {plain_line(self.strategy.name, MAX_NAME)}:",
            *(unescape(line) for line in plan_lines(self.plan)),
        ]


def preview(
    database: Database, file: Path, strategy_name: str, now: datetime, *, workspace_id: str = ""
) -> Preview:
    """Raises ReadingsRefusedError, WhichStrategyError or WhichWorkspaceError."""
    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_BYTES + 1)
    except OSError as problem:
        raise ReadingsRefusedError(why_not_read(file, problem)) from None
    named = [strategy_name] if strategy_name else []
    found = database.run(choose_strategies, workspace_id, named, option="--strategy")
    strategy = found[0]
    try:
        return Preview(
            strategy, content, database.within(strategy.workspace_id).run(plan_import, strategy, content, now)
        )
    except BadFileError as bad:
        raise ReadingsRefusedError(str(bad)) from None


def import_previewed(database: Database, shown: Preview, now: datetime) -> int:
    """How many readings were added. Raises ReadingsRefusedError when the file fits no more."""
    try:
        within = database.within(shown.strategy.workspace_id)
        return len(within.run(apply_import, shown.strategy, shown.content, None, now).new)
    except BadFileError as bad:
        raise ReadingsRefusedError(str(bad)) from None

"""`/rhythm export`: everything kept about a strategy, as a file in the lead's direct message."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from domain.errors import DomainError
from handlers import access
from handlers.runtime import Command, Deps, Reply, Routes, Subcommand
from storage import exports, outbox
from views import export_files
from views.strategy_messages import notice

_WANTED_FOR = timedelta(hours=6)
"""A file that could not be sent by then is not waited for any more."""


async def export(deps: Deps, command: Command) -> Reply:
    if command.text:
        raise DomainError("Run just `/rhythm export`: the file comes in your direct message with me.")
    return Reply(message=notice(await deps.transact(_export, command, deps.now())))


def _export(session: Session, command: Command, now: datetime) -> str:
    person, strategy = access.load_as_lead(session, command.actor, command.channel_id)
    what = {
        "strategy_id": strategy.id,
        "at": now.isoformat(),
        "words": (
            "Everything I keep about this strategy: tables for a spreadsheet, and strategy.json, which "
            "`drumbeat import` reads back. It holds what people wrote; treat it accordingly."
        ),
    }
    outbox.enqueue_file(
        session, strategy.workspace_id, person.id, what, now=now, expires_at=now + _WANTED_FOR
    )
    return f"I am sending everything I keep about {strategy.name} to your direct message with me."


def make_file(session: Session, workspace_id: str, what: Mapping[str, Any]) -> tuple[str, bytes]:
    """The zip of a strategy as it stands when it is sent; raises LookupError when it is gone."""
    at = datetime.fromisoformat(what["at"])
    document = exports.export_strategy(session, workspace_id, what["strategy_id"], at)
    if not document["tables"]["strategies"]:
        raise LookupError(f"No strategy {what['strategy_id']}.")
    packed = export_files.zip_bytes(document, exports.PEOPLE_COLUMNS)
    return export_files.file_name(document, "zip"), packed


ROUTES = Routes(
    commands={
        "/rhythm": (
            Subcommand("export", "", "everything kept about the strategy, as a file for you", export),
        )
    }
)

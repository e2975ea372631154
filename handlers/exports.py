"""`/rhythm export`: everything kept about a strategy, as a file in the lead's direct message; `mine`: one's own words."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from domain.errors import DomainError
from handlers.requests import Command, Deps, Reply, Routes, Subcommand
from services.access import load_actor, load_as_lead
from storage import exports, initiatives, notes, strategies
from storage.delivery import outbox
from views.exports import files
from views.exports.files import OwnWords
from views.slack.blocks import notice

_WANTED_FOR = timedelta(hours=6)
"""A file that could not be sent by then is not waited for any more."""


async def export(deps: Deps, command: Command) -> Reply:
    make = {"": _export, "mine": _export_mine}.get(command.text.lower())
    if make is None:
        raise DomainError(
            "Run `/rhythm export` for a strategy you lead, or `/rhythm export mine` for what you wrote to me: "
            "the file comes in your direct message with me."
        )
    return Reply(message=notice(await deps.transact(make, command, deps.now())))


def _export(session: Session, command: Command, now: datetime) -> str:
    person, strategy = load_as_lead(session, command.actor, command.channel_id)
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


def _export_mine(session: Session, command: Command, now: datetime) -> str:
    person = load_actor(session, command.actor)
    if not notes.list_notes_of(session, person.workspace_id, person.id):
        return "You have written nothing to me yet, so there is nothing of yours to send."
    what = {
        "person_id": person.id,
        "at": now.isoformat(),
        "words": "Every message you wrote to me, each version of it, and which words of it were recorded for what.",
    }
    outbox.enqueue_file(session, person.workspace_id, person.id, what, now=now, expires_at=now + _WANTED_FOR)
    return "I am sending every message you wrote to me to your direct message with me. Only you get it."


def make_file(session: Session, workspace_id: str, what: Mapping[str, Any]) -> tuple[str, bytes]:
    """The file as things stand when it is sent; raises LookupError when what it is about is gone."""
    at = datetime.fromisoformat(what["at"])
    if "person_id" in what:
        name = f"my-words-{at.date().isoformat()}.csv"
        return name, files.words_csv(_own_words(session, workspace_id, what["person_id"]))
    document = exports.export_strategy(session, workspace_id, what["strategy_id"], at)
    if not document["tables"]["strategies"]:
        raise LookupError(f"No strategy {what['strategy_id']}.")
    packed = files.zip_bytes(document, exports.PEOPLE_COLUMNS)
    return files.file_name(document, "zip"), packed


def _own_words(session: Session, workspace_id: str, person_id: str) -> list[OwnWords]:
    written = notes.list_notes_of(session, workspace_id, person_id)
    parts = notes.list_parts_of(session, workspace_id, person_id)
    told = {part.strategy_id for found in parts.values() for part in found}
    called = {
        initiative.id: f"{initiative.name}, {strategy.name}"
        for strategy in strategies.list_strategies(session, workspace_id)
        if strategy.id in told
        for initiative in initiatives.list_initiatives(
            session, workspace_id, strategy.id, include_closed=True
        )
    }
    return [
        OwnWords(
            note.at,
            note.version,
            note.text,
            tuple(
                (called[part.initiative_id], part.text)
                for part in parts[(note.channel_id, note.ts, note.version)]
                if part.revision is not None
            ),
        )
        for note in written
    ]


ROUTES = Routes(
    commands={
        "/rhythm": (
            Subcommand(
                "export",
                "[mine]",
                "everything kept about the strategy, as a file for you; `mine`: what you wrote to me",
                export,
            ),
        )
    }
)

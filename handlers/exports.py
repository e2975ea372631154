"""`/rhythm export`: everything kept about a strategy, as a file in the lead's direct message; `mine`: one's own words."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.errors import DomainError
from handlers.requests import Command, Routes, Subcommand, tells
from services.access import load_actor, load_as_lead
from services.exports import send_own_words, send_strategy


def export(session: Session, command: Command, now: datetime) -> str:
    match command.option:
        case "":
            person, strategy = load_as_lead(session, command.actor, command.channel_id)
            return send_strategy(session, strategy, person, now)
        case "mine":
            return _export_mine(session, command, now)
    raise DomainError(
        "Run `/rhythm export` for a strategy you lead, or `/rhythm export mine` for what you wrote to me: "
        "the file comes in your direct message with me."
    )


def _export_mine(session: Session, command: Command, now: datetime) -> str:
    if not send_own_words(session, load_actor(session, command.actor), now):
        return "You have written nothing to me yet, so there is nothing of yours to send."
    return "I am sending every message you wrote to me to your direct message with me. Only you get it."


ROUTES = Routes(
    commands={
        "/rhythm": (
            Subcommand(
                "export",
                "[mine]",
                "everything kept about the strategy, as a file for you; `mine`: what you wrote to me",
                tells(export),
            ),
        )
    }
)

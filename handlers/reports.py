"""`/rhythm report`: a month as one page for people outside Slack, as a file in the lead's direct message."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.requests import Command, Routes, Subcommand, tells
from services.access import load_as_lead
from services.exports import send_report
from services.reports import choose_month


def report(session: Session, command: Command, now: datetime) -> str:
    person, strategy = load_as_lead(session, command.actor, command.channel_id)
    strategy, month = choose_month(session, strategy, command.words, now)
    return send_report(session, strategy, month, person, now)


ROUTES = Routes(
    commands={
        "/rhythm": (
            Subcommand(
                "report",
                "[MONTH]",
                "the month as one page for boards and sponsors outside Slack, as a file for you",
                tells(report),
            ),
        )
    }
)

"""What a bot in this process has kept in its database."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.parts import Parts
from storage.models import NoteRow, ReadingRow, RevisionRow


def kept_revisions(bot: Parts) -> list[tuple[int, str | None]]:
    """(revision, health) of every answer ever given, oldest first."""

    def read(session: Session) -> list[tuple[int, str | None]]:
        rows = session.scalars(select(RevisionRow).order_by(RevisionRow.at, RevisionRow.revision))
        return [(row.revision, row.health) for row in rows]

    return bot.database.run(read)


def kept_readings(bot: Parts) -> list[str]:
    return bot.database.run(
        lambda session: list(session.scalars(select(ReadingRow.value).order_by(ReadingRow.id)))
    )


def kept_words(bot: Parts) -> list[str]:
    """Every version of every message people wrote to the bot."""
    return bot.database.run(
        lambda session: list(session.scalars(select(NoteRow.text).order_by(NoteRow.ts, NoteRow.version)))
    )

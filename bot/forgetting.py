"""Forgetting from the shell: who is meant, what would go, and doing it so that nothing is left in the files either."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.neighbours import choose_workspace, known_by
from bot.refusals import CommandRefusedError
from domain.faults import kind_of
from domain.forgetting import one_line
from domain.people import Person
from domain.words import MAX_NAME, listed
from services.forgetting import Left, forget_person, forget_workspace
from storage import installations, people, workspaces
from storage.database import Database
from views.slack.blocks import plain_line

log = structlog.get_logger()
_NAMES = {
    "answers": "answers that stand",
    "changes": "reasons and quotes in the history",
    "confirmations": "answers to kickoffs",
    "decisions": "asks and decisions",
    "drafts": "drafts of plans",
    "homes": "what their Home shows",
    "absences": "absences",
    "checklists": "checklists",
    "kpi_readings": "notes on readings",
    "learnings": "learnings",
    "message_checks": "message checks",
    "message_check_revisions": "versions of message checks",
    "note_parts": "parts of messages, recorded for initiatives",
    "notes": "messages to the bot, each version of them",
    "outbox": "messages that wait or were set aside",
    "retrospectives": "retrospectives",
    "review_answers": "answers in reviews",
    "review_choices": "reasons in reviews",
    "revisions": "versions of answers",
    "seen_words": "words with a Seen",
    "signal_words": "words on what happened to a number",
    "acts": "lines of the audit log",
}
"""What of each table loses words, as an operator reads it."""


class NobodyToForgetError(CommandRefusedError):
    """Nobody, or several, are called so; the text says what to do."""


class NotOverwrittenError(CommandRefusedError):
    """It is done, but what was deleted can still be found in the files; the text says what to do."""


class _UndoneError(Exception):
    """Takes the transaction back that only looks what would go."""

    def __init__(self, left: Left) -> None:
        super().__init__()
        self.left = left


def find_whom(session: Session, user: str, workspace_id: str) -> Person:
    """By their id, a mention of them, or their whole name. Raises CommandRefusedError."""
    chosen = choose_workspace(session, workspace_id)
    known = people.list_all(session, chosen) if chosen else []
    there = [person for person in known if not person.is_forgotten]
    id_ = user.strip().removeprefix("<@").removesuffix(">").partition("|")[0]
    found = [person for person in there if person.id == id_] or [
        person for person in there if one_line(person.name).casefold() == one_line(user).casefold()
    ]
    if not found:
        raise NobodyToForgetError(
            f"Nobody known here has the id or the whole name “{plain_line(user, MAX_NAME)}”: nothing is kept of them under it."
        )
    if len(found) > 1:
        ids = listed([person.id for person in found], "or")
        raise NobodyToForgetError(f"{len(found)} people are called so. Say which by their id: {ids}.")
    return found[0]


def preview(database: Database, whom: Person, now: datetime) -> Left:
    """What would go: it is done, and taken back."""

    def look(session: Session) -> None:
        raise _UndoneError(forget_person(session, whom, now))

    try:
        database.within(whom.workspace_id).run(look)
    except _UndoneError as undone:
        return undone.left
    raise AssertionError


def describe(whom: Person, left: Left) -> str:
    """A line for each kind of thing that goes, without any of the words."""
    lines = [f"Of {plain_line(whom.name, MAX_NAME)} ({whom.id}) there would go:"]
    lines += [f"  {count:>7,}  {_NAMES.get(name, name)}" for name, count in sorted(left.rows.items())]
    lines.append(f"  {left.named:>7,}  other rows in which only their name or id stands")
    lines.append("Figures stay, under “someone who left”; the plan of each strategy stays the team's.")
    if left.strategies:
        what = "1 strategy" if left.strategies == 1 else f"{left.strategies:,} strategies"
        lines.append(
            f"What they lead or own in {what} needs somebody else: the leads, or an admin, will hear of it."
        )
    return "\n".join(lines)


def forget_for_good(database: Database, whom: Person, now: datetime) -> str:
    database.within(whom.workspace_id).run(forget_person, whom, now)
    log.warning("person_forgotten", workspace=whom.workspace_id)
    _leave_no_trace(database, whom.id)
    return f"{whom.id} is forgotten. {_AFTER_RESTORE}\n{_said_of_copies(database)}"


_AFTER_RESTORE = "After a restore of an older backup in place of this database it is done again by itself."


def describe_workspace(session: Session, team: str) -> str:
    """Raises CommandRefusedError where nothing is kept of it."""
    known = {one.id: one for one in workspaces.list_workspaces(session)}
    installed = installations.list_all_ids(session)
    if team not in known and team not in installed:
        there = listed([known_by(one) for one in known.values()], "or") or "no workspace in this database"
        raise NobodyToForgetError(f"Nothing is kept of {plain_line(team, MAX_NAME)}. There is {there}.")
    served = installations.list_of_organisation(session, team)
    name = known_by(known[team]) if team in known else team
    more = f", and of the workspaces that it serves: {listed(served)}" if served else ""
    lines = [
        f"Everything that is kept of {name} would go{more}: strategies, people, words, figures and tokens."
    ]
    if installations.is_installed(session, team):
        lines.append("The app is still installed there: uninstall it in Slack first, or it begins anew.")
    return "\n".join(lines)


def forget_workspace_for_good(database: Database, team: str, now: datetime) -> str:
    count = database.run(forget_workspace, team, now)
    log.warning("workspace_forgotten", workspace=team)
    _leave_no_trace(database, team)
    return f"{team} is forgotten: {count:,} rows are gone. {_AFTER_RESTORE}\n{_said_of_copies(database)}"


def _leave_no_trace(database: Database, whom: str) -> None:
    """What was deleted stays in the files until its place is needed, unless they are written anew.

    Raises NotOverwrittenError.
    """
    try:
        if database.is_sqlite:
            with closing(database.engine.raw_connection()) as connection:
                connection.cursor().execute("VACUUM")
                is_busy, *_ = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                if is_busy:
                    raise sqlite3.OperationalError
        else:
            with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connected:
                connected.exec_driver_sql("VACUUM")
    except (sqlite3.Error, SQLAlchemyError) as problem:
        raise NotOverwrittenError(
            f"{whom} is forgotten, but what was deleted can still be found in the database's files ({kind_of(problem)}): make room "
            f"on its disk, stop what holds it, and run `VACUUM` in it. {_said_of_copies(database)}"
        ) from None


def _said_of_copies(database: Database) -> str:
    """Where else it is: what a restore set aside, and backups."""
    kept = _list_copies(database)
    named = f"{listed(kept)} (kept by a restore) and backups" if kept else "Backups"
    return (
        f"{named} still hold it, and so does Slack: delete what you need no longer, and make a backup now, so that the "
        "request outlives this database."
    )


def _list_copies(database: Database) -> list[str]:
    if database.is_sqlite:
        path = Path(str(database.engine.url.database))
        return sorted(str(one) for one in path.parent.glob(f"{path.name}.before-*"))
    schemas = inspect(database.engine).get_schema_names()
    return sorted(f"the schema {name}" for name in schemas if name.startswith("before_restore_"))

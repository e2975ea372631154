"""Exports: a strategy, its month, all of somebody's own words, or an example of a plan, made into a file when it is sent."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from domain.people import Person
from domain.periods import Month
from domain.reading.drafts.files import TEMPLATE
from domain.strategies import Strategy
from services.reports import make_report
from storage import acts, exports, initiatives, notes, strategies
from storage.delivery import outbox
from views.drafts.messages import TEMPLATE_WORDS
from views.exports import files
from views.exports.files import OwnWords
from views.reports.words import month_name, report_words, sent_words

_WANTED_FOR = timedelta(hours=6)
"""A file that could not be sent by then is not waited for any more."""


def send_strategy(session: Session, strategy: Strategy, person: Person, now: datetime) -> str:
    """To the person's direct message; returns the sentence for them."""
    words = (
        "Everything I keep about this strategy: tables for a spreadsheet, and strategy.json, which "
        "`drumbeat import` reads back. It holds what people wrote, so keep it safe."
    )
    _send(session, person, {"strategy_id": strategy.id}, words, now)
    acts.add_act(session, strategy.workspace_id, strategy.id, Act(ActKind.EXPORTED, person.id, now))
    return f"I am sending everything I keep about {strategy.name} to your direct message with me."


def send_report(session: Session, strategy: Strategy, month: Month, person: Person, now: datetime) -> str:
    """A month's report to the person's direct message; returns the sentence for them."""
    words = report_words(strategy, month, now)
    _send(session, person, {"strategy_id": strategy.id, "month": str(month)}, words, now)
    act = Act(ActKind.REPORTED, person.id, now, after=month_name(month))
    acts.add_act(session, strategy.workspace_id, strategy.id, act)
    return sent_words(strategy, month, now)


def send_own_words(session: Session, person: Person, now: datetime) -> bool:
    """To their direct message; False when they have written nothing."""
    if not notes.list_notes_of(session, person.workspace_id, person.id):
        return False
    words = "Every message you wrote to me, each version of it, and which words of it were recorded for what."
    _send(session, person, {"person_id": person.id}, words, now)
    return True


def send_template(session: Session, person: Person, now: datetime) -> None:
    """An example of a plan, to their direct message."""
    _send(session, person, {"template": True}, TEMPLATE_WORDS, now)


def _send(session: Session, person: Person, about: Mapping[str, Any], words: str, now: datetime) -> None:
    what = {**about, "at": now.isoformat(), "words": words}
    outbox.enqueue_file(session, person.workspace_id, person.id, what, now=now, expires_at=now + _WANTED_FOR)


def make_file(session: Session, workspace_id: str, what: Mapping[str, Any]) -> tuple[str, bytes]:
    """The file as things stand when it is sent; raises LookupError when what it is about is gone."""
    at = datetime.fromisoformat(what["at"])
    if "template" in what:
        return "plan.csv", TEMPLATE.encode("utf-8-sig")
    if "month" in what:
        return make_report(session, workspace_id, what)
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
    told = {part.initiative_id for found in parts.values() for part in found}
    names = strategies.list_names(session, workspace_id)
    about = initiatives.list_by_id(session, workspace_id, told)
    called = {id_: f"{one.name}, {names[one.strategy_id]}" for id_, one in about.items()}
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

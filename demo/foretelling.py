"""What the bot will do next, and for whom, as its database says."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from demo.stage import url_of
from domain.rituals import Due, Ritual
from sandbox import LocalSlack
from storage import rituals
from storage.database import Database

_MOST = 20
_NAMES = {
    Ritual.PROMPT: "check-in",
    Ritual.REMINDER_1: "reminder",
    Ritual.REMINDER_2: "second reminder",
    Ritual.DIGEST: "digest",
    Ritual.DECISIONS: "asks that are due",
    Ritual.BETS: "decisions to look at again",
    Ritual.REVIEW: "review",
    Ritual.REVIEW_OUTCOME: "open reviews",
    Ritual.READINGS: "outdated KPIs",
}


@contextmanager
def foretelling(slack: LocalSlack, database: Path) -> Iterator[None]:
    """While inside, the page says what is next, such as “check-in for Ben Carter”."""
    opened = Database.open(url_of(database), migrate=False)

    def foretell(instant: datetime) -> str:
        dues = opened.run(rituals.list_due, slack.workspace.id, instant, _MOST)
        return ", ".join(dict.fromkeys(_words(slack, due) for due in dues))

    slack.shared.foretell = foretell
    try:
        yield
    finally:
        opened.close()


def _words(slack: LocalSlack, due: Due) -> str:
    name = _NAMES[due.ritual]
    person = slack.workspace.users.get(due.person_id)
    return f"{name} for {person.real_name}" if person else name

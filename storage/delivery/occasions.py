"""What of the schedule a message belongs to, so that it is known again when the same is to be said a second time.

A restored backup does not know what was said after it was made. What the clock then makes up for has the same occasions as
what was said.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.rituals import Due, Ritual

_HERE = "occasion"
REPEATED = frozenset({Ritual.PROMPT, Ritual.REMINDER_1, Ritual.REMINDER_2, Ritual.DIGEST, Ritual.REVIEW})
"""Those whose period tells one occurrence from every other."""


@dataclass(frozen=True, slots=True)
class Restore:
    """What was said after `since`, until `restored_at`, is not in this database."""

    since: datetime
    restored_at: datetime


@dataclass(slots=True)
class _Occasion:
    """`names` are by person, "" for a strategy's; of several messages to the same target each has its number."""

    names: Mapping[str, str]
    restore: Restore | None
    counts: Counter[str] = field(default_factory=Counter)


@contextmanager
def occasion(session: Session, dues: Sequence[Due], restore: Restore | None) -> Iterator[None]:
    """What is enqueued inside happens because these are due; `restore`: before which it was perhaps said already."""
    first = dues[0]
    names = {}
    if first.ritual in REPEATED:
        names = {due.person_id: f"{due.ritual}:{due.strategy_id}:{due.period}" for due in dues}
    session.info[_HERE] = _Occasion(names, restore)
    try:
        yield
    finally:
        del session.info[_HERE]


def with_occasions(session: Session, rows: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """The same rows of the outbox; what was perhaps said before a restore is to be looked for first."""
    here: _Occasion | None = session.info.get(_HERE)
    if here is None:
        return [row | {"occasion": None, "said_since": None, "in_doubt_since": None} for row in rows]
    restore = here.restore
    since, at = (None, None) if restore is None else (restore.since, restore.restored_at)
    return [
        row | {"occasion": _name(here, row["target"]), "said_since": since, "in_doubt_since": at}
        for row in rows
    ]


def _name(here: _Occasion, target: str) -> str | None:
    name = here.names.get(target) or here.names.get("")
    if name is None:
        return None
    here.counts[target] += 1
    return f"{name}:{here.counts[target]}"

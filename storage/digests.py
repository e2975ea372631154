"""Digests posted, one per strategy and period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, insert, select, update
from sqlalchemy.orm import Session

from domain.check_ins import Standing, ToldThen
from domain.periods import Week
from storage.ids import new_id
from storage.models import DigestRow
from storage.statements import is_of, read_as, table


@dataclass(frozen=True, slots=True)
class Digest:
    """Where a digest stands: its message and those of its thread, in `messages`."""

    id: int
    workspace_id: str
    strategy_id: int
    period: Week
    message_id: int
    details: tuple[int, ...]
    posted_at: datetime
    is_final: bool
    told: Mapping[int, ToldThen] = field(default_factory=dict)
    """What it said last, by initiative."""


_digests = table(DigestRow)
# Built once: building a statement costs several times what running it does.
_ALL = select(_digests).where(_digests.c.workspace_id == bindparam("workspace_id"))
_BY_ID = _ALL.where(_digests.c.id == bindparam("id"))
_OF_STRATEGY = _ALL.where(_digests.c.strategy_id == bindparam("strategy_id"))
_OF_PERIOD = _OF_STRATEGY.where(_digests.c.period == bindparam("period"))
_LATEST = _OF_STRATEGY.order_by(_digests.c.period.desc()).limit(1)
_LATEST_BEFORE = _LATEST.where(_digests.c.period < bindparam("before"))


def get_digest(session: Session, workspace_id: str, digest_id: int) -> Digest:
    """Raises LookupError."""
    found = _find(session, _BY_ID, workspace_id=workspace_id, id=digest_id)
    if found is None:
        raise LookupError(f"No digest {digest_id} in workspace {workspace_id}.")
    return found


def find_digest_of_period(
    session: Session, workspace_id: str, strategy_id: int, period: Week
) -> Digest | None:
    of = {"workspace_id": workspace_id, "strategy_id": strategy_id}
    return _find(session, _OF_PERIOD, **of, period=str(period))


def find_latest_digest(
    session: Session, workspace_id: str, strategy_id: int, *, before: Week | None = None
) -> Digest | None:
    """The last one posted, or the last of a period before `before`."""
    of = {"workspace_id": workspace_id, "strategy_id": strategy_id}
    if before is None:
        return _find(session, _LATEST, **of)
    return _find(session, _LATEST_BEFORE, **of, before=str(before))


def add_digest(session: Session, digest: Digest) -> Digest:
    """Add it; it gets an id."""
    digest = replace(digest, id=new_id())
    values = {name: getattr(digest, name) for name in Digest.__slots__} | {
        "period": str(digest.period),
        "details": _write_details(digest.details),
        "told": _write_told(digest.told),
    }
    session.execute(insert(_digests).values(**values))
    return digest


def save_told(session: Session, digest: Digest, told: Mapping[int, ToldThen]) -> None:
    """What it says by now."""
    _update(session, digest, told=_write_told(told))


def read_told(told: Mapping[str, Any]) -> dict[int, ToldThen]:
    """Raises ValueError, KeyError or TypeError for what this module did not write."""
    if not all(isinstance(one["owner"], str) for one in told.values()):
        raise TypeError("Of each initiative it is known whose it was.")
    return {int(id_): ToldThen(Standing(one["standing"]), one["owner"]) for id_, one in told.items()}


def _write_told(told: Mapping[int, ToldThen]) -> dict[str, Any]:
    return {str(id_): {"standing": one.standing.value, "owner": one.owner_id} for id_, one in told.items()}


def save_details(session: Session, digest: Digest, details: Sequence[int]) -> None:
    """Which messages its thread has by now."""
    _update(session, digest, details=_write_details(details))


def _write_details(details: Sequence[int]) -> dict[str, Any]:
    return {"message_ids": list(details)}


def make_final(session: Session, digest: Digest, posted_at: datetime) -> Digest:
    """It has told what it covers: answers to that are late after this instant."""
    _update(session, digest, is_final=True, posted_at=posted_at)
    return replace(digest, is_final=True, posted_at=posted_at)


def _update(session: Session, digest: Digest, **values: bool | datetime | Mapping[str, Any]) -> None:
    is_it = is_of(_digests, digest.workspace_id, id=digest.id)
    session.execute(update(_digests).where(is_it).values(**values))


def _find(session: Session, statement: Select[Any], **values: Any) -> Digest | None:
    row = session.execute(statement, values).first()
    if row is None:
        return None
    details = tuple(row.details["message_ids"])
    return read_as(Digest, row, period=Week.parse(row.period), details=details, told=read_told(row.told))

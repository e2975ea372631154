"""Bets, whom they were shown on their day, and what those said."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, Select, bindparam, insert, select, update
from sqlalchemy.orm import Session

from domain.bets import Bet, BetFate, Known, Look, NumberKnown, Verdict
from domain.forecasts import Band
from domain.healths import Health
from domain.pace import Pace
from domain.periods import Week
from storage.ids import new_id
from storage.models import BetLookRow, BetRow
from storage.statements import insert_missing, is_of, points_at, table
from storage.types import read_number

_bets = table(BetRow)
_looks = table(BetLookRow)
_LOOK = tuple(
    _looks.c[name].label(f"look_{name}")
    for name in ("person_id", "message_id", "verdict", "learning", "answered_at", "place")
)
# Built once: building a statement costs several times what running it does.
_ALL: Select[Any] = (
    select(_bets, *_LOOK)
    .select_from(_bets.outerjoin(_looks, points_at(_looks, "bet_id", _bets)))
    .where(_bets.c.workspace_id == bindparam("workspace_id"))
    .order_by(_bets.c.id, _looks.c.person_id)
)
_BY_ID = _ALL.where(_bets.c.id == bindparam("id"))
_OF_STRATEGY = _ALL.where(_bets.c.strategy_id == bindparam("strategy_id"), _bets.c.withdrawn_at.is_(None))
_WAITING = _OF_STRATEGY.where(_bets.c.looked_at.is_(None))
_OF_DECISIONS = _ALL.where(
    _bets.c.decision_id.in_(bindparam("decision_ids", expanding=True)), _bets.c.withdrawn_at.is_(None)
)
_IN_MESSAGE = _ALL.where(
    _bets.c.id.in_(
        select(_looks.c.bet_id).where(
            _looks.c.workspace_id == bindparam("workspace_id"), _looks.c.message_id == bindparam("message_id")
        )
    )
)


def find_bet(session: Session, workspace_id: str, bet_id: int) -> Bet | None:
    return next(iter(_read(session, _BY_ID, workspace_id=workspace_id, id=bet_id)), None)


def list_bets(session: Session, workspace_id: str, strategy_id: int) -> list[Bet]:
    """A strategy's, oldest first, without what was withdrawn."""
    return _read(session, _OF_STRATEGY, workspace_id=workspace_id, strategy_id=strategy_id)


def list_waiting(session: Session, workspace_id: str, strategy_id: int) -> list[Bet]:
    """Those that are still to be looked at."""
    return _read(session, _WAITING, workspace_id=workspace_id, strategy_id=strategy_id)


def list_latest(session: Session, workspace_id: str, decision_ids: Collection[int]) -> dict[int, Bet]:
    """The last bet of each of these decisions, without what was withdrawn."""
    if not decision_ids:
        return {}
    found = _read(session, _OF_DECISIONS, workspace_id=workspace_id, decision_ids=list(decision_ids))
    return {bet.decision_id: bet for bet in found}


def list_in_message(session: Session, workspace_id: str, message_id: int) -> list[Bet]:
    """Those that one message shows, in its order."""
    return _read(session, _IN_MESSAGE, workspace_id=workspace_id, message_id=message_id)


def add_bet(session: Session, bet: Bet) -> Bet:
    """Returns it with its id."""
    bet = replace(bet, id=new_id())
    values = {name: getattr(bet, name) for name in _COLUMNS}
    expected = None if bet.expected_value is None else str(bet.expected_value)
    session.execute(
        insert(_bets).values(**values, expected_value=expected, then=write_known(bet.then), found=None)
    )
    return bet


def withdraw(session: Session, bet: Bet, by: str, at: datetime) -> None:
    """It stays on record, and is not looked at."""
    _update(session, bet, withdrawn_by=by, withdrawn_at=at)


def keep_found(session: Session, bet: Bet, found: Known, at: datetime) -> Bet:
    """What was found when it was looked at."""
    _update(session, bet, found=write_known(found), looked_at=at)
    return replace(bet, found=found, looked_at=at)


def save_looks(session: Session, workspace_id: str, looks: Sequence[Look]) -> None:
    """Whoever is asked about a bet already is not asked again."""
    for look in looks:
        insert_missing(session, _looks, {"workspace_id": workspace_id, **_values(look)})


def answer(session: Session, workspace_id: str, look: Look) -> None:
    """What somebody said of a bet; of whoever was asked the row is there."""
    save_looks(
        session, workspace_id, [replace(look, verdict=None, learning="", answered_at=None, place=None)]
    )
    is_it = is_of(_looks, workspace_id, bet_id=look.bet_id, person_id=look.person_id)
    said = {name: value for name, value in _values(look).items() if name in _SAID}
    session.execute(update(_looks).where(is_it).values(**said))


_SAID = ("verdict", "learning", "answered_at", "place")
_COLUMNS = (
    "id",
    "workspace_id",
    "strategy_id",
    "decision_id",
    "kpi_id",
    "initiative_id",
    "expected",
    "look_on",
    "person_id",
    "made_at",
)


def _values(look: Look) -> dict[str, Any]:
    return asdict(look) | {"verdict": look.verdict.value if look.verdict else None}


def _update(session: Session, bet: Bet, **values: Any) -> None:
    session.execute(update(_bets).where(is_of(_bets, bet.workspace_id, id=bet.id)).values(**values))


def _read(session: Session, statement: Select[Any], **values: Any) -> list[Bet]:
    rows = groupby(session.execute(statement, values), key=attrgetter("id"))
    return [_bet(list(of_one)) for _, of_one in rows]


def _bet(rows: Sequence[Row[Any]]) -> Bet:
    """One bet from its rows, a row for each person who was asked."""
    row = rows[0]
    return Bet(
        **{name: getattr(row, name) for name in _COLUMNS},
        expected_value=None if row.expected_value is None else Decimal(row.expected_value),
        then=read_known(row.then),
        withdrawn_by=row.withdrawn_by,
        withdrawn_at=row.withdrawn_at,
        found=None if row.found is None else read_known(row.found),
        looked_at=row.looked_at,
        looks=tuple(
            Look(
                row.id,
                one.look_person_id,
                one.look_message_id,
                Verdict(one.look_verdict) if one.look_verdict else None,
                one.look_learning,
                one.look_answered_at,
                one.look_place,
            )
            for one in rows
            if one.look_person_id is not None
        ),
    )


def write_known(known: Known) -> dict[str, Any]:
    return {
        "on": known.on.isoformat(),
        "name": known.name,
        "number": None if known.number is None else _write_number(known.number),
        "weeks": [[str(week), health.value if health else None] for week, health in known.weeks],
        "fate": known.fate.value,
    }


def _write_number(number: NumberKnown) -> dict[str, Any]:
    ahead = number.forecast
    return {
        "name": number.name,
        "unit": number.unit,
        "is_up": number.is_up,
        "pace": number.pace.value,
        "value": str(number.value),
        "on": number.on.isoformat(),
        "forecast": None
        if ahead is None
        else {
            "on": ahead.on.isoformat(),
            "value": str(ahead.value),
            "low": str(ahead.low),
            "high": str(ahead.high),
            "is_at_least": number.is_at_least,
        },
    }


def read_known(kept: Mapping[str, Any]) -> Known:
    """As it is kept. Raises what reading anything else raises."""
    number = kept["number"]
    return Known(
        date.fromisoformat(kept["on"]),
        kept["name"],
        None if number is None else _read_number(number),
        tuple((Week.parse(week), Health(health) if health else None) for week, health in kept["weeks"]),
        BetFate(kept["fate"]),
    )


def _read_number(kept: Mapping[str, Any]) -> NumberKnown:
    ahead = kept["forecast"]
    return NumberKnown(
        kept["name"],
        kept["unit"],
        kept["is_up"],
        Pace(kept["pace"]),
        read_number(kept["value"]),
        date.fromisoformat(kept["on"]),
        None
        if ahead is None
        else Band(
            date.fromisoformat(ahead["on"]),
            read_number(ahead["value"]),
            read_number(ahead["low"]),
            read_number(ahead["high"]),
        ),
        is_at_least=ahead is not None and bool(ahead["is_at_least"]),
    )

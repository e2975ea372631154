"""Readings of KPIs, from wherever they come: recorded once, shown wherever their owners are asked for them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlalchemy.orm import Session

from domain.acts import Act, ActKind, Way, day_of, reading_taken_back
from domain.errors import DomainError
from domain.kpis import CHECK_IN, CSV, SOURCES, Kpi, KpiReading, why_no_reading
from domain.people import Person
from domain.reading.amounts import read_amount
from domain.reading.csv_files import MAX_NOTE
from domain.reading.kpis import find_named, split_update
from domain.reading.markup import as_markup
from domain.reading.names import Match, find_name
from domain.reading.numbers import MOST_DECIMALS, is_kept
from domain.readings import Before, is_plausible
from domain.schedules import local_day
from domain.strategies import Strategy
from domain.words import counted, show_number
from services.access import choose_kpi, require_may_report, require_reporter
from services.check_ins.prompts import redraw_for_kpis
from services.telling import tell_unless_left
from storage import acts, kpis, strategies, tokens
from storage.database import lock
from storage.tokens import ApiToken
from views.kpis.messages import recorded_message, taken_back_message
from views.readings import KpiLine, UnusualReading, unusual_message
from views.slack.blocks import Payload
from views.slack.fields import MAX_UNIT


@dataclass(frozen=True, slots=True)
class Given:
    """A reading as it came."""

    kpi: Kpi
    on: date
    value: Decimal
    note: str = ""


def record_readings(
    session: Session,
    strategy: Strategy,
    given: Sequence[Given],
    source: str,
    by: Person | None,
    now: datetime,
) -> tuple[KpiReading, ...]:
    """Add readings, which were checked before, and show them wherever their owners are being asked for them."""
    added = _add(session, strategy, given, source, by, now)
    redraw_for_kpis(session, strategy, {one.kpi.id for one in given}, now)
    return added


def _add(
    session: Session,
    strategy: Strategy,
    given: Sequence[Given],
    source: str,
    by: Person | None,
    now: datetime,
) -> tuple[KpiReading, ...]:
    """Of a file the log has how many there are, and else each with what it takes the place of."""
    person_id = by.id if by else None
    done = [_act_of(one, person_id, now) for one in given]
    if source == CSV and given:
        way = Way.FILE if person_id else None
        done = [Act(ActKind.READINGS_IMPORTED, person_id, now, after=counted(len(given), "reading"), way=way)]
    acts.add_acts(session, strategy.workspace_id, strategy.id, done)
    return kpis.add_readings(
        session,
        strategy.workspace_id,
        [KpiReading(0, one.kpi.id, one.on, one.value, source, one.note, person_id, now) for one in given],
    )


def _act_of(given: Given, person_id: str | None, now: datetime) -> Act:
    kpi = given.kpi
    stood = next((one.value for one in kpi.readings if one.on == given.on), None)
    return Act(
        ActKind.READING_GIVEN if stood is None else ActKind.READING_CORRECTED,
        person_id,
        now,
        day_of(kpi.name, given.on, now),
        "" if stood is None else show_number(stood, kpi.unit),
        show_number(given.value, kpi.unit),
        thing_id=kpi.id,
    )


def tell_unusual(
    session: Session, strategy: Strategy, given: Sequence[Given], source: str, now: datetime
) -> None:
    """Values far from those before them, which nobody could be asked about, are shown to their owner and the leads."""
    unusual = _unusual(given)
    owners = {one.kpi.owner_id for one in unusual}
    for person_id in dict.fromkeys((*sorted(owners), *strategy.leads)):
        seen = [one for one in unusual if person_id in (one.kpi.owner_id, *strategy.leads)]
        if seen:
            message = unusual_message(strategy, source, seen)
            tell_unless_left(session, strategy.workspace_id, person_id, message, now, strategy=strategy)


def _unusual(given: Sequence[Given]) -> list[UnusualReading]:
    found = []
    by_kpi: dict[int, list[Given]] = {}
    for one in sorted(given, key=lambda one: one.on):
        by_kpi.setdefault(one.kpi.id, []).append(one)
    for of_kpi in by_kpi.values():
        kpi = of_kpi[0].kpi
        days = {reading.on: reading.value for reading in kpi.readings}
        for one in of_kpi:
            values = tuple(value for on, value in sorted(days.items()) if on < one.on)
            before = Before(values[-1] if values else kpi.baseline, kpi.target, values)
            if not is_plausible(one.value, before):
                found.append(UnusualReading(kpi, one.on, one.value, before.last or Decimal(0)))
            days[one.on] = one.value
    return found


def record_reading(
    session: Session, strategy: Strategy, given: Given, source: str, by: Person, now: datetime
) -> Payload:
    """One, shown back to whoever gave it. Raises DomainError for a day that can have none."""
    today = local_day(now, by.zone)
    _require_day(given, today)
    before = next((reading for reading in given.kpi.readings if reading.on == given.on), None)
    (reading,) = record_readings(session, strategy, [given], source, by, now)
    kpi = kpis.get_kpi(session, strategy.workspace_id, given.kpi.id)
    return recorded_message(kpi, reading, before, today)


def _require_day(given: Given, today: date) -> None:
    """Raises DomainError for a day that can have no reading."""
    if problem := why_no_reading(given.kpi, given.on, today):
        raise DomainError(problem)


def report_numbers(
    session: Session,
    strategy: Strategy,
    lines: Sequence[KpiLine],
    numbers: Mapping[int, Decimal | None],
    by: Person,
    now: datetime,
) -> None:
    """Values of a check-in's KPIs by id, each for today or the day of what it corrects: None takes that back.

    All of them are shown at once. Raises DomainError for a day that can have none.
    """
    today = local_day(now, by.zone)
    asked = [(line, numbers[line.kpi.id]) for line in lines if line.kpi.id in numbers]
    given = [
        Given(line.kpi, line.recorded.on if line.recorded else today, value)
        for line, value in asked
        if value is not None
    ]
    gone = [line.recorded for line, value in asked if value is None and line.recorded is not None]
    for one in given:
        _require_day(one, today)
    _add(session, strategy, given, CHECK_IN, by, now)
    _withdraw(session, strategy, gone, by, now)
    if changed := {one.kpi.id for one in given} | {one.kpi_id for one in gone}:
        redraw_for_kpis(session, strategy, changed, now)


def withdraw_reading(
    session: Session, strategy: Strategy, gone: KpiReading, by: Person, now: datetime
) -> Payload:
    """What stands for a day of a KPI stands no more, and is kept as taken back; shown to whoever did it."""
    withdraw_readings(session, strategy, [gone], by, now)
    kpi = kpis.get_kpi(session, strategy.workspace_id, gone.kpi_id)
    return taken_back_message(kpi, gone, local_day(now, by.zone))


def withdraw_readings(
    session: Session, strategy: Strategy, gone: Sequence[KpiReading], by: Person, now: datetime
) -> None:
    """The same of several of one strategy, all of them shown at once."""
    _withdraw(session, strategy, gone, by, now)
    redraw_for_kpis(session, strategy, {one.kpi_id for one in gone}, now)


def _withdraw(
    session: Session, strategy: Strategy, gone: Sequence[KpiReading], by: Person, now: datetime
) -> None:
    for one in gone:
        kpi = kpis.get_kpi(session, strategy.workspace_id, one.kpi_id)
        kpis.withdraw_readings(session, strategy.workspace_id, kpi.id, one.on, by.id, now)
        act = reading_taken_back(kpi.id, kpi.name, one.on, show_number(one.value, kpi.unit), by.id, now)
        acts.add_act(session, strategy.workspace_id, strategy.id, act)


def choose_reported(
    session: Session, strategy: Strategy, person: Person, text: str, today: date
) -> tuple[Kpi, str]:
    """The KPI that an update in words names, and the words after its name. Raises DomainError or Choose."""
    listing = kpis.list_kpis(session, strategy.workspace_id, strategy.id)
    require_reporter(session, strategy, listing, person)
    names = [kpi.name for kpi in listing]
    line = split_update(text, names, today)
    is_name = find_name(line.name, names) != Match()
    plain = None if is_name else find_named(line.name, listing)
    if plain is not None:
        line = replace(line, name=names[plain])
    kpi = choose_kpi(
        line.name, listing, strategy, ask="Which one do you want to update:", rest=as_markup(line.rest)
    )
    require_may_report(session, strategy, kpi, person)
    return kpi, line.rest


MAX_SOURCE = 40


class ReadingIn(BaseModel):
    """The body of the call; unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    date: date
    value: str | int | Decimal
    unit: str = Field(default="", max_length=MAX_UNIT)
    source: str = Field(min_length=1, max_length=MAX_SOURCE)
    note: str = Field(default="", max_length=MAX_NOTE)

    @field_validator("source", mode="before")
    @classmethod
    def _on_one_line(cls, text: object) -> object:
        return " ".join(text.split()) if isinstance(text, str) else text

    @field_validator("note")
    @classmethod
    def _without_margins(cls, text: str) -> str:
        return text.strip()


class RefusedCall(Exception):
    """`status` is HTTP's, `code` one word for programs, the text a sentence, `field` where it lies in the body.

    `retry_after` is in seconds.
    """

    def __init__(
        self, status: int, code: str, sentence: str, field: str = "", *, retry_after: int = 0
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
        self.field = field
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Reported:
    """`is_new` is false where the very same reading was there already."""

    reading: KpiReading
    is_new: bool


def find_workspace_of(session: Session, digest: str, only: Collection[str] | None) -> str:
    """The workspace (of these) whose token it is. Raises RefusedCall for one that is wrong or revoked, or of none of them."""
    workspace_id = tokens.find_workspace(session, digest, only)
    if workspace_id is None:
        raise _unknown_token()
    return workspace_id


def authenticate(session: Session, workspace_id: str, digest: str, now: datetime) -> ApiToken:
    """The token of a workspace, used just now. Raises RefusedCall as `find_workspace_of` does."""
    token = tokens.find_token(session, workspace_id, digest)
    if token is None:
        raise _unknown_token()
    tokens.mark_used(session, token, now)
    return token


def _unknown_token() -> RefusedCall:
    return RefusedCall(401, "unauthorized", "This token is not known, or was revoked.")


def report_reading(
    session: Session, token: ApiToken, kpi_id: int, body: ReadingIn, now: datetime
) -> Reported:
    """Idempotent by (KPI, date, source): the same again adds nothing, another value is a correction.

    Raises RefusedCall.
    """
    kpi = kpis.find_kpi(session, token.workspace_id, kpi_id)
    if kpi is None or kpi.strategy_id != token.strategy_id:
        raise RefusedCall(404, "not_found", "There is no such KPI in the strategy of this token.")
    if kpi.retired_at is not None:
        raise RefusedCall(409, "retired", f"{kpi.name} has been retired and takes no readings.")
    strategy = strategies.get_strategy(session, token.workspace_id, token.strategy_id)
    given = _checked(kpi, body, local_day(now, strategy.zone))
    acts.come_with(session, token.hint)
    lock(session, token.workspace_id, "kpi", kpi.id)
    last = kpis.find_last_reading(session, token.workspace_id, kpi.id, given.on, body.source)
    if last is not None and (last.value, last.note) == (given.value, given.note):
        return Reported(last, is_new=False)
    (reading,) = record_readings(session, strategy, [given], body.source, None, now)
    tell_unusual(session, strategy, [given], body.source, now)
    return Reported(reading, is_new=True)


def _checked(kpi: Kpi, body: ReadingIn, today: date) -> Given:
    if body.source.casefold() in SOURCES:
        raise RefusedCall(
            422, "invalid", f"“{body.source}” is how Drumbeat calls a source of its own.", "source"
        )
    if problem := why_no_reading(kpi, body.date, today):
        raise RefusedCall(422, "invalid", problem, "date")
    try:
        value = read_amount(f"{_written(body.value)} {body.unit}", kpi.kind, kpi.unit)
    except ValueError as problem:
        raise RefusedCall(422, "invalid", str(problem), "value") from None
    return Given(kpi, body.date, value, body.note)


def _written(value: str | int | Decimal) -> str:
    """A number of JSON in plain digits; raises ValueError for what is not finite, too large or too fine."""
    if isinstance(value, str):
        return value
    number = Decimal(value)
    if not is_kept(number):
        raise ValueError(f"I keep numbers below 10^15 with up to {MOST_DECIMALS} decimals.")
    digits = f"{number:f}"
    # A point before exactly three digits is a decimal point here, whatever people mean by it.
    return digits.rstrip("0").rstrip(".") if "." in digits else digits

"""A draft: a plan as it was understood, before anybody is told; a line for each thing, with the words it was read from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from pydantic import TypeAdapter

from domain.kpis import Cadence, Direction


class PlanField(StrEnum):
    """What a column of a table, or a word before a colon, says of an initiative, a KPI or a milestone."""

    KIND = "kind"
    NAME = "name"
    INITIATIVE = "initiative"
    MILESTONE = "milestone"
    OWNER = "owner"
    SPONSOR = "sponsor"
    PARTNER = "partner"
    START = "start"
    DUE = "due"
    DATES = "dates"
    METRIC = "success metric"
    UNIT = "unit"
    BASELINE = "baseline"
    TARGET = "target"
    DIRECTION = "direction"
    CADENCE = "cadence"
    BUDGET = "budget"
    MAY_DECIDE = "may decide alone"
    GOAL = "goal"


NAMING = (PlanField.NAME, PlanField.INITIATIVE, PlanField.MILESTONE, PlanField.METRIC, PlanField.GOAL)
"""What may say by itself what a row is."""


class Gap(StrEnum):
    """What a line does not say yet."""

    NAME = "name"
    OWNER = "owner"
    DUE = "due date"
    METRIC = "success metric"
    BASELINE = "baseline"
    TARGET = "target"
    DIRECTION = "direction"
    INITIATIVE = "initiative"


@dataclass(frozen=True, slots=True)
class Whom:
    """Somebody as a plan names them: a mention gives `person_id`, "@ben" a `handle`, "Ben Carter" words alone."""

    words: str
    person_id: str | None = None
    handle: str | None = None


@dataclass(frozen=True, slots=True)
class DraftPartner:
    who: Whom
    what: str = ""


@dataclass(frozen=True, slots=True)
class DraftMetric:
    """A success metric as far as it was said; `unit` is a currency's sign, "%", a time, or what is counted.

    `kpi` names the KPI that it is: "" says that it is none, and None that nobody has said so.
    """

    name: str
    unit: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None
    kpi: str | None = None


@dataclass(frozen=True, slots=True)
class DraftInitiative:
    """`budget` and `may_decide` are words as written; `resources` and `channels` come with what goes on from before."""

    name: str
    owner: Whom | None = None
    sponsor: Whom | None = None
    partners: tuple[DraftPartner, ...] = ()
    start: date | None = None
    due: date | None = None
    metrics: tuple[DraftMetric, ...] = ()
    budget: str = ""
    may_decide: str = ""
    resources: str = ""
    channels: tuple[str, ...] = ()
    goal: str = ""
    kind: Literal["initiative"] = "initiative"

    @property
    def missing(self) -> tuple[Gap, ...]:
        measured = any(one.baseline is not None and one.target is not None for one in self.metrics)
        return _gaps(
            {Gap.NAME: self.name, Gap.OWNER: self.owner, Gap.DUE: self.due, Gap.METRIC: measured or None}
        )


@dataclass(frozen=True, slots=True)
class DraftKpi:
    name: str
    unit: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None
    direction: Direction | None = None
    due: date | None = None
    owner: Whom | None = None
    cadence: Cadence | None = None
    goal: str = ""
    if_short: str = ""
    kind: Literal["kpi"] = "kpi"

    @property
    def missing(self) -> tuple[Gap, ...]:
        """Without a cadence it is weekly."""
        return _gaps(
            {
                Gap.NAME: self.name,
                Gap.OWNER: self.owner,
                Gap.BASELINE: self.baseline,
                Gap.TARGET: self.target,
                Gap.DIRECTION: self.direction,
                Gap.DUE: self.due,
            }
        )


@dataclass(frozen=True, slots=True)
class DraftMilestone:
    """Its initiative is that of the line numbered `of_line`, or one known by the name `initiative`."""

    name: str
    due: date | None = None
    person: Whom | None = None
    initiative: str = ""
    of_line: int | None = None
    kind: Literal["milestone"] = "milestone"

    @property
    def missing(self) -> tuple[Gap, ...]:
        """Without a person it is the owner's."""
        of = self.of_line if self.of_line is not None else self.initiative
        return _gaps({Gap.NAME: self.name, Gap.DUE: self.due, Gap.INITIATIVE: of})


@dataclass(frozen=True, slots=True)
class DraftGoal:
    text: str
    kind: Literal["goal"] = "goal"

    @property
    def missing(self) -> tuple[Gap, ...]:
        return _gaps({Gap.NAME: self.text})


DraftItem = DraftInitiative | DraftKpi | DraftMilestone | DraftGoal


@dataclass(frozen=True, slots=True)
class DraftLine:
    """`words` are all that was given, of several lines where they are about one thing; `unread` what was not understood.

    `item` is None where nothing was. A row of a table has its `cells` and the position of their `Columns` in the draft.
    """

    number: int
    words: str
    item: DraftItem | None = None
    unread: tuple[str, ...] = ()
    columns: int | None = None
    cells: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[Gap, ...]:
        return self.item.missing if self.item else ()


@dataclass(frozen=True, slots=True)
class Columns:
    """The heading of a table, and what each of its columns was taken for; None where it says nothing of a plan."""

    headers: tuple[str, ...]
    fields: tuple[PlanField | None, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """Lines in the order given; their numbers stay when others are added or taken away."""

    lines: tuple[DraftLine, ...] = ()
    columns: tuple[Columns, ...] = ()

    def line(self, number: int) -> DraftLine | None:
        return next((one for one in self.lines if one.number == number), None)

    def with_line(self, line: DraftLine) -> "Draft":
        """With this line in place of that of its number."""
        return replace(self, lines=tuple(line if one.number == line.number else one for one in self.lines))

    def without_line(self, number: int) -> "Draft":
        return replace(self, lines=tuple(one for one in self.lines if one.number != number))

    def plus(self, other: "Draft") -> "Draft":
        """With all that another adds, after its own."""
        last, tables = max((one.number for one in self.lines), default=0), len(self.columns)
        added = tuple(_moved(one, last, tables) for one in other.lines)
        return Draft((*self.lines, *added), (*self.columns, *other.columns))

    def to_json(self) -> str:
        return _JSON.dump_json(self).decode()

    @staticmethod
    def from_json(text: str) -> "Draft":
        return _JSON.validate_json(text)


def _gaps(said: dict[Gap, object]) -> tuple[Gap, ...]:
    return tuple(gap for gap, value in said.items() if value is None or value == "")


def _moved(line: DraftLine, lines: int, tables: int) -> DraftLine:
    item = line.item
    if isinstance(item, DraftMilestone) and item.of_line is not None:
        item = replace(item, of_line=item.of_line + lines)
    columns = None if line.columns is None else line.columns + tables
    return replace(line, number=line.number + lines, item=item, columns=columns)


def numbered(lines: Sequence[DraftLine]) -> tuple[DraftLine, ...]:
    """Numbered from 1 in their order."""
    return tuple(replace(line, number=number) for number, line in enumerate(lines, start=1))


_JSON = TypeAdapter(Draft)

"""A plan as people paste it: a line for each initiative, KPI or milestone, in their own words, under headings or none."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from domain.drafts import (
    Columns,
    Draft,
    DraftGoal,
    DraftInitiative,
    DraftItem,
    DraftKpi,
    DraftLine,
    DraftMilestone,
    PlanField,
    numbered,
)
from domain.errors import DomainError
from domain.reading.drafts.figures import Figures
from domain.reading.drafts.items import initiative_of, kpi_of, milestone_of
from domain.reading.drafts.kinds import kind_alone, kind_of_part
from domain.reading.drafts.parents import with_parents
from domain.reading.drafts.pieces import PlanPart, is_labelled, read_pieces, tidy, without_marks
from domain.reading.drafts.sections import (
    PlanKind,
    Row,
    is_key_result,
    is_long,
    is_prose,
    is_title,
    prefix_of,
    row_of,
    section_of,
)
from domain.reading.drafts.tables import read_rows, table_at
from domain.reading.names import fold

MOST_LINES = 200
_OF_INITIATIVE = frozenset(
    {
        PlanField.OWNER,
        PlanField.SPONSOR,
        PlanField.PARTNER,
        PlanField.START,
        PlanField.DUE,
        PlanField.DATES,
        PlanField.BUDGET,
        PlanField.MAY_DECIDE,
    }
)
_OF_BLOCK = _OF_INITIATIVE | {
    PlanField.METRIC,
    PlanField.GOAL,
    PlanField.BASELINE,
    PlanField.TARGET,
    PlanField.CADENCE,
}
_OF_NO_MILESTONE = _OF_BLOCK - {PlanField.OWNER, PlanField.START, PlanField.DUE, PlanField.DATES}


def read_plan(text: str, today: date) -> Draft:
    """What was understood of each line; what was not is named in it. Mentions (`<@U1>`) may stand in the text.

    Headings that say what the lines below are leave no line. Raises DomainError for more than 200 lines.
    """
    lines = text.splitlines()
    if sum(1 for line in lines if line.strip()) > MOST_LINES:
        raise DomainError(
            f"This plan has more than {MOST_LINES} lines, the most I take at a time. Leave out what is no initiative, "
            "KPI or milestone, or send it in parts: each import adds to the draft."
        )
    reader = _Reader(today)
    at = 0
    while at < len(lines):
        if table := table_at(lines, at):
            reader.take_table(table.columns, table.rows)
            at = table.end
            continue
        if row := row_of(lines[at]):
            reader.take(row)
        at += 1
    return reader.draft()


@dataclass
class _Line:
    """A line while it may still be added to."""

    row: Row
    kind: PlanKind | None
    text: str = ""
    """Without the word that said what it is."""
    pieces: list[PlanPart] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    is_block: bool = False
    goal: str = ""
    of: int | None = None
    fixed: DraftLine | None = None

    def line(self) -> DraftLine:
        if self.fixed is not None:
            return self.fixed
        words = "\n".join((self.row.raw, *self.words))
        item, unread = item_of(self.kind, self.pieces, self.text)
        if item is None:
            return DraftLine(0, words, None, (self.row.text.strip() or self.row.raw, *self.words))
        if isinstance(item, (DraftInitiative, DraftKpi)) and self.goal and not item.goal:
            item = replace(item, goal=self.goal)
        if isinstance(item, DraftMilestone) and self.of is not None:
            item = replace(item, of_line=self.of + 1)
        return DraftLine(0, words, item, unread)


def item_of(
    kind: PlanKind | None, pieces: Sequence[PlanPart], text: str
) -> tuple[DraftItem | None, tuple[str, ...]]:
    """What a line of a kind says; None where it has no name, for then it names nothing."""
    item: DraftItem
    match kind:
        case PlanKind.INITIATIVE:
            item, unread = initiative_of(pieces)
        case PlanKind.KPI:
            item, unread = kpi_of(pieces)
        case PlanKind.MILESTONE:
            item, unread = milestone_of(pieces)
        case PlanKind.GOAL:
            return DraftGoal(tidy(text)), ()
        case _:
            return None, ()
    return (item, unread) if item.name and not is_long(item.name) else (None, ())


def _is_milestone(text: str, rest: str, fields: set[PlanField | None], section: PlanKind | None) -> bool:
    """Whether "milestone" without a colon says what a line is; among initiatives "Milestone birthdays" is a name."""
    is_said = bool(fields & {PlanField.DUE, PlanField.DATES, PlanField.OWNER})
    if section is not PlanKind.INITIATIVE:
        return is_said
    is_word = without_marks(text).strip()[:1].islower() or (is_said and not rest[:1].islower())
    return is_word and not fields & _OF_NO_MILESTONE


class _Reader:
    """Reads lines in their order, for what is above says what a line is."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.lines: list[_Line] = []
        self.columns: list[Columns] = []
        self.section: PlanKind | None = None
        self.level = 0
        self.block: int | None = None
        """The initiative that the last heading names."""
        self.begun = 0
        """The first line below the last heading."""
        self.inner: PlanKind | None = None
        self.inner_of: int | None = None
        self.inner_indent = 0
        self.read: dict[tuple[str, bool], list[PlanPart]] = {}

    def _pieces(self, text: str, *, is_kpi: bool = False) -> list[PlanPart]:
        """As `read_pieces`, once for each text."""
        key = (text, is_kpi)
        if key not in self.read:
            self.read[key] = read_pieces(text, self.today, is_kpi=is_kpi)
        return self.read[key]

    def draft(self) -> Draft:
        return Draft(with_parents(numbered([one.line() for one in self.lines])), tuple(self.columns))

    def take_table(self, columns: Columns, rows: Sequence[tuple[str, tuple[str, ...]]]) -> None:
        self.columns.append(columns)
        for line in read_rows(columns, rows, self.today, len(self.columns) - 1):
            row = Row(line.words, line.words, 0)
            kind = PlanKind(line.item.kind) if line.item else None
            self.lines.append(_Line(row, kind, fixed=line))

    def take(self, row: Row) -> None:
        parent = self._parent(row)
        is_beside = row.indent == self.inner_indent and parent != self.inner_of
        if parent is None or is_beside or row.indent < self.inner_indent:
            self.inner = None
        kind, level = section_of(row)
        if self.block is not None and 0 < level <= self.lines[self.block].row.level:
            self.block = parent = None
        if kind and (level or parent is not None):
            self._begin_section(row, kind, level, parent)
            return
        if row.is_done:
            self._add(row, None)
            return
        if self._is_detail(row, parent):
            return
        if level:
            if level <= self.level:
                self.section, self.level = None, 0
            self._take_heading(row)
            return
        self._take_line(row, parent)

    def _take_heading(self, row: Row) -> None:
        """One that says no kind: the name of an initiative, if it says more of it, or of nothing yet."""
        pieces = self._pieces(row.text)
        is_said = bool({one.field for one in pieces} & _OF_INITIATIVE) and not is_prose(row.text)
        if is_said and not is_title(row.text) and self.section in (None, PlanKind.INITIATIVE):
            self._add(row, PlanKind.INITIATIVE, pieces)
            self.lines[-1].is_block = True
            self.block = len(self.lines) - 1
        else:
            self._add(row, None)

    def _begin_section(self, row: Row, kind: PlanKind, level: int, parent: int | None) -> None:
        if parent is not None and (row.is_bullet or row.indent or parent == self.block):
            self.inner, self.inner_of, self.inner_indent = kind, parent, row.indent
        else:
            self.section, self.level, self.inner, self.begun = kind, level, None, len(self.lines)
            self.block = None

    def _parent(self, row: Row) -> int | None:
        """The nearest line above that is less indented, if it can have parts; else the initiative that a heading names."""
        for at in range(len(self.lines) - 1, -1, -1):
            one = self.lines[at]
            if one.fixed is not None:
                return None
            if one.row.indent < row.indent and not one.row.level:
                return None if one.kind is PlanKind.MILESTONE else at
        return self.block

    def _above(self, row: Row, parent: int | None) -> _Line | None:
        """What a line may say more of: what it stands under, or the line before it below the same heading."""
        at = parent if parent is not None else len(self.lines) - 1
        if at < self.begun or self.lines[at].fixed is not None or self.lines[at].row.indent > row.indent:
            return None
        return self.lines[at]

    def _is_detail(self, row: Row, parent: int | None) -> bool:
        """Whether a line says more of the one above: "Owner: Maya" under a name, or a bullet under an initiative."""
        above = self._above(row, parent)
        text = row.text if parent is None else self._without_kpi(row.text)
        pieces = self._pieces(text, is_kpi=above is not None and above.kind is PlanKind.KPI)
        if above is None or not pieces or self._is_of_its_own(row, above):
            return False
        fields = {one.field for one in pieces}
        if None in fields:
            return self._is_unread_detail(row, above, pieces, is_nested=parent is not None)
        begins = above.kind is None and bool(fields & _OF_INITIATIVE) and self._can_begin(above)
        kind = above.kind
        if begins:
            kind = PlanKind.KPI if self.section is PlanKind.KPI else PlanKind.INITIATIVE
        is_block = begins or above.is_block
        # What has said something in its own line is done with it: what follows may be of the whole plan.
        is_open = parent is not None or is_block or not any(one.field for one in above.pieces)
        is_named = parent is not None or is_labelled(row.text)
        is_bare = any(isinstance(one.value, Figures) and not one.value.name for one in pieces)
        allowed = _OF_BLOCK if parent is not None or is_block else _OF_INITIATIVE
        if kind not in (PlanKind.INITIATIVE, PlanKind.KPI) or not (
            is_open and is_named and fields <= allowed
        ):
            return False
        if is_bare and kind is not PlanKind.KPI:
            return False
        if begins:
            name = tidy(above.row.text)
            above.kind, above.is_block = kind, True
            self.block = (
                self.lines.index(above) if above.row.level and kind is PlanKind.INITIATIVE else self.block
            )
            above.pieces = [PlanPart(name, PlanField.NAME, name)]
        above.pieces += pieces
        above.words.append(row.raw)
        return True

    def _without_kpi(self, text: str) -> str:
        """Of a line under another one: "KPI subscribers 4,200→6,000" names subscribers."""
        kind, rest, is_sure = prefix_of(text)
        is_word = kind is PlanKind.KPI and not is_sure and self._is_prefix(kind, text, rest, None)
        return rest if is_word else text

    def _is_of_its_own(self, row: Row, above: _Line) -> bool:
        """A milestone always is, a goal unless an initiative says that it serves it."""
        kind = prefix_of(row.text)[0]
        return kind is PlanKind.MILESTONE or (kind is PlanKind.GOAL and above.kind is not PlanKind.INITIATIVE)

    def _is_unread_detail(
        self, row: Row, above: _Line, pieces: Sequence[PlanPart], *, is_nested: bool
    ) -> bool:
        """Whether a line such as "Budget: £3k–4k" or "Status: drafting" is about what it stands under, if not understood."""
        if not (above.is_block or is_nested) or above.kind is None or not is_labelled(row.text):
            return False
        above.pieces += [replace(one, joint=";") if one.field is None else one for one in pieces]
        above.words.append(row.raw)
        return True

    def _can_begin(self, above: _Line) -> bool:
        text = tidy(above.row.text)
        is_known = self.section in (None, PlanKind.INITIATIVE, PlanKind.KPI) and not above.row.is_done
        return (
            is_known
            and bool(text)
            and not (is_prose(text) or is_long(text) or is_title(text) or is_labelled(text))
            and not above.pieces
        )

    def _take_line(self, row: Row, parent: int | None) -> None:
        above = None if parent is None else self.lines[parent]
        goal = self._goal(row)
        kind, rest, is_sure = prefix_of(row.text)
        section = self.inner or (None if above and above.kind else self.section)
        if above and above.kind is None and self.section:
            section = self.section
        if section is PlanKind.OTHER and not is_sure:
            self._add(row, None)
            return
        if kind is PlanKind.KPI and is_key_result(row.text) and not self._has_number(rest):
            is_sure = False
        text = rest if kind and (is_sure or self._is_prefix(kind, row.text, rest, section)) else row.text
        if text is row.text:
            kind = None
        pieces = self._pieces(text, is_kpi=(kind or section) is PlanKind.KPI)
        kind = kind or self._kind(row, pieces, section, above)
        of = self._initiative(row, parent) if kind is PlanKind.MILESTONE else None
        self._add(row, kind, pieces, goal, of, text)

    def _has_number(self, text: str) -> bool:
        return any(one.field is PlanField.METRIC for one in self._pieces(text, is_kpi=True))

    def _has_unclear_number(self, text: str) -> bool:
        unread = (
            one.words for one in self._pieces(text, is_kpi=True) if one.field is None and one.joint == ";"
        )
        return any(words[:1] in "$£€+−-" or words[0].isdigit() for words in unread if words)

    def _is_prefix(self, kind: PlanKind, text: str, rest: str, section: PlanKind | None) -> bool:
        """Whether "KPI" without a colon says what the line is, or begins a name: "KPI dashboard"."""
        fields = {one.field for one in self._pieces(rest, is_kpi=kind is PlanKind.KPI)}
        match kind:
            case PlanKind.KPI:
                is_number = fields & {PlanField.METRIC, PlanField.CADENCE} or self._has_unclear_number(rest)
                return section is not PlanKind.INITIATIVE and bool(is_number)
            case PlanKind.MILESTONE:
                return _is_milestone(text, rest, fields, section)
            case PlanKind.INITIATIVE:
                is_said = fold(text).startswith("initiative ")  # "Campaign 2027" is a name
                return is_said and section is None and bool(fields & _OF_INITIATIVE)
        return False

    def _kind(
        self, row: Row, pieces: Sequence[PlanPart], section: PlanKind | None, above: _Line | None
    ) -> PlanKind | None:
        if section is PlanKind.GOAL and not (above and above.kind):
            return PlanKind.GOAL
        if is_prose(row.text):
            return None
        if section in (PlanKind.INITIATIVE, PlanKind.KPI, PlanKind.MILESTONE):
            is_part = row.is_bullet or any(one.field for one in pieces) or not is_title(row.text)
            return section if is_part else None
        if above and above.kind is PlanKind.INITIATIVE:
            return kind_of_part(pieces)
        if above and above.kind is PlanKind.KPI:
            return None
        return kind_alone(pieces, is_under_goal=above is not None and above.kind is PlanKind.GOAL)

    def _goal(self, row: Row) -> str:
        for one in reversed(self.lines):
            if one.kind is PlanKind.GOAL and one.row.indent < row.indent:
                return tidy(one.text)
        return ""

    def _initiative(self, row: Row, parent: int | None) -> int | None:
        """The initiative a milestone is of: the one it stands under, or the last above; none in a list of milestones."""
        if parent is not None and self.lines[parent].kind is PlanKind.INITIATIVE:
            return parent
        if self.section is PlanKind.MILESTONE:
            return None
        last = next(
            (at for at in range(len(self.lines) - 1, -1, -1) if self.lines[at].kind is PlanKind.INITIATIVE),
            None,
        )
        return None if last is not None and self.lines[last].fixed else last

    def _add(
        self,
        row: Row,
        kind: PlanKind | None,
        pieces: Sequence[PlanPart] = (),
        goal: str = "",
        of: int | None = None,
        text: str = "",
    ) -> None:
        line = _Line(row, kind, text or row.text, list(pieces), goal=goal, of=of)
        if kind is not None and line.line().item is None:
            line.kind = None
            line.pieces = []
        elif kind is None:
            line.pieces = []
        self.lines.append(line)
        if line.kind is PlanKind.INITIATIVE:
            self.inner = None
            self.block = self.block if row.indent or row.level else None

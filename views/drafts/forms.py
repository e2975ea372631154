"""The forms of a draft: a plan pasted, what was understood of it line by line, and one line corrected."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from domain.drafts import Draft, DraftLine
from domain.errors import DomainError, FieldErrors, NotFound
from domain.joins import alike_in
from domain.kpis import Kpi
from domain.reading.drafts.examples import EXAMPLES
from domain.reading.goals import goals_of
from domain.strategies import Goal, Strategy
from domain.words import MAX_NAME
from views.drafts.choices import asked_blocks, choice_inputs, number_blocks
from views.drafts.words import beyond_words, columns_words, counted_words, goal_lines, line_words, name_of
from views.slack import blocks as b
from views.slack.fields import FormReader, State, text_of
from views.slack.references import Id, Reference, read_slack_id

PASTE_FORM = "draft.paste"
FORM = "draft.start"
LINE_FORM = "draft.line"
EDIT = "draft.edit"
SHOW = "draft.show"
TURNS = ("draft.back", "draft.more")
ADD = "draft.add"
EXAMPLE = "draft.example"
COPY = "draft.copy"
DISCARD = "draft.discard"
LEAVE_OUT = "draft.leave_out"
COLUMNS = "draft.columns"
PLAN = "plan"
FILE = "file"
_FILE_TYPES = ("csv", "tsv", "xlsx", "md", "markdown", "txt", "text")
WORDS = "words"
_CELL = "cell."
_LINES = (
    "Newsletter relaunch @maya by 31 March, subscribers 4,200→6,000, £1,200, decides subject and layout\n"
    "KPI Cost per new giver £52→£38 by 31 March @ben monthly\n"
    "milestone First issue 15 Jan @ines"
)
_MOST_BLOCKS = 90
"""Of the 100 in a form, without its beginning and end."""
MOST_COLUMNS = 60
"""Of a table in one form: each with its choices, within the 250 KB of a view."""
_MOST_GOALS = 9


class DraftRef(Reference):
    """What a form carries: whose draft, as of which revision, which page of it.

    Of a line its number, of a table its position, and what either was then: `mark_of`.
    """

    strategy_id: Id
    revision: Annotated[int, Field(strict=True, ge=0)] = 0
    page: Annotated[int, Field(strict=True, ge=0, le=200)] = 0
    line: Id | None = None
    table: Annotated[int, Field(strict=True, ge=0, le=200)] | None = None
    mark: Annotated[str, Field(pattern=r"^[0-9a-f]{0,16}$")] = ""


@dataclass(frozen=True, slots=True)
class DraftShown:
    """A draft as it stands. `problems` are why lines could not be made, `notice` what happened to it, as markup."""

    strategy: Strategy
    draft: Draft
    revision: int
    today: date
    initiatives: Sequence[str] = ()
    """Names of those there are."""
    kpis: Sequence[Kpi] = ()
    problems: Mapping[int, Sequence[str]] = field(default_factory=dict)
    notice: str = ""


def paste_modal(
    strategy: Strategy,
    revision: int,
    *,
    sources: Sequence[Strategy],
    is_new: bool = False,
    typed: str = "",
    filled_with: str = "",
) -> dict[str, Any]:
    """`revision` is that of the draft it adds to, 0 where there is none; `is_new`: the strategy was just set up.

    Of `sources` the plan may be copied, the last quarter's first.

    The field is named after what it is `filled_with`: Slack keeps what was typed in one of the same name.
    """
    blocks = [
        b.section(_paste_words(strategy, revision, is_new=is_new)),
        b.section(f"One line for each thing, as you would say it:\n```{_LINES}```"),
        b.input_block(
            "Your plan",
            b.text_input(typed, multiline=True),
            block_id=PLAN + filled_with,
            optional=True,
        ),
        b.input_block("Or a file", b.file_input(_FILE_TYPES), block_id=FILE, optional=True),
        b.actions([_examples(), *_copies(sources)]),
        b.context("More than 3,000 characters? Send them to me as a message, or a file."),
    ]
    ref = DraftRef(strategy_id=strategy.id, revision=revision)
    return b.modal(
        "Your plan",
        blocks,
        callback_id=PASTE_FORM,
        submit="Continue",
        close="Later",
        private_metadata=ref.model_dump_json(),
    )


def _paste_words(strategy: Strategy, revision: int, *, is_new: bool) -> str:
    name = f"*{b.one_line(strategy.name, MAX_NAME)}*"
    if revision:
        return f"What you paste comes after what is in the draft of {name}."
    done = f"{name} is set up. Now the plan: paste it" if is_new else f"Paste the plan of {name}"
    return f"{done}, or what you have of it. I show you what I understood, and nobody is told anything before you say so."


def _examples() -> b.Element:
    options = [(example.label, example.key) for example in EXAMPLES]
    return {**b.select(options, placeholder="Start from an example"), "action_id": EXAMPLE}


def _copies(sources: Sequence[Strategy]) -> list[b.Element]:
    if not sources:
        return []
    options = [(one.name, str(one.id)) for one in sources]
    words = "Copy from last quarter" if sources[0].closed_at else "Copy from another strategy"
    return [{**b.select(options, placeholder=words), "action_id": COPY}]


def with_example(
    strategy: Strategy, ref: DraftRef, state: State, key: str, sources: Sequence[Strategy]
) -> dict[str, Any]:
    """The form with an example below what is typed already. Raises NotFound, or DomainError without room for it."""
    example = next((one for one in EXAMPLES if one.key == key), None)
    if example is None:
        raise NotFound
    typed = "\n".join(filter(None, [typed_plan(state), example.plan]))
    if len(typed) > b.MAX_INPUT:
        raise DomainError("There is no room for it in the field. Shorten what is there, or start over.")
    return paste_modal(strategy, ref.revision, sources=sources, typed=typed, filled_with=f".{key}")


def typed_plan(state: State) -> str:
    return text_of(state, plan_field(state))


def plan_field(state: State) -> str:
    """The field that the plan stands in."""
    return next((name for name in state if name.startswith(PLAN)), PLAN)


def read_paste_form(state: State) -> tuple[str, str]:
    """The words, or the id of the file; the other is "". Raises FieldErrors and NotFound."""
    reader = FormReader(state)
    files = state.get(FILE, {}).get("files") or []
    missing = "Paste at least one line, such as: Newsletter relaunch @maya by 31 March"
    plan = reader.words(plan_field(state), missing=None if files else missing)
    if plan and files:
        reader.refuse(FILE, "One after the other: send the lines now, and the file with “Add lines…” then.")
    reader.finish()
    return plan, read_slack_id(str(files[0]["id"])) if files else ""


def reading_modal() -> dict[str, Any]:
    words = "I am reading the file. In a moment you find in our direct messages what I understood; nothing starts by itself."
    return notice_modal(words)


def draft_modal(shown: DraftShown, page: int = 0) -> dict[str, Any]:
    """What was understood, line by line, with what has to be chosen beside it."""
    pages = _pages(shown)
    page = min(page, len(pages) - 1)
    turns = [
        b.button(text, action, str(to))
        for text, action, to in (("← Back", TURNS[0], page - 1), ("More →", TURNS[1], page + 1))
        if 0 <= to < len(pages)
    ]
    discard = b.confirmed(
        b.button("Discard…", DISCARD, "all"),
        "The whole draft will be gone, for the other leads too. Nothing that has started changes.",
        "Discard it",
    )
    ref = DraftRef(strategy_id=shown.strategy.id, revision=shown.revision, page=page)
    blocks = [
        *([b.section(shown.notice)] if shown.notice else []),
        b.section("\n".join([_heading(shown), *goal_lines(shown.draft, _goals_of(shown))])),
        *pages[page],
        b.divider(),
        b.actions([*turns, b.button("Add lines…", ADD, "lines"), discard]),
    ]
    can_start = any(line.item for line in shown.draft.lines)
    return b.modal(
        "Your plan",
        blocks,
        callback_id=FORM,
        submit="Start" if can_start else None,
        close="Later",
        private_metadata=ref.model_dump_json(),
    )


def _heading(shown: DraftShown) -> str:
    lines = shown.draft.lines
    understood = counted_words(lines)
    unclear = sum(line.item is None for line in lines)
    some = {0: "", 1: "One line I did not understand."}.get(unclear, f"{unclear} lines I did not understand.")
    said = f"I understood *{understood}*." if understood else ""
    promise = "Nobody is told anything before you press *Start*." if understood else ""
    return " ".join(filter(None, [said, some, promise]))


def _goals_of(shown: DraftShown) -> tuple[Goal, ...]:
    """Those that are called by their number."""
    return goals_of(shown.draft, shown.strategy.goals)[:_MOST_GOALS]


def _pages(shown: DraftShown) -> list[list[b.Block]]:
    pages: list[list[b.Block]] = [[]]
    tables: set[int | None] = {None}
    alike = alike_in(shown.draft, shown.kpis)
    for line in shown.draft.lines:
        above = [] if line.columns in tables else [_columns_block(shown, line.columns or 0)]
        tables.add(line.columns)
        blocks = [*above, *_line_blocks(shown, line), *number_blocks(line, alike)]
        if pages[-1] and len(pages[-1]) + len(blocks) > _MOST_BLOCKS:
            pages.append([])
        pages[-1] += blocks
    return pages


def _columns_block(shown: DraftShown, position: int) -> b.Block:
    """How the columns of a table were taken, above its first row."""
    columns = shown.draft.columns[position]
    change = b.button("Columns…", COLUMNS, str(position), about=", ".join(columns.headers))
    return b.section(
        columns_words(columns), accessory=change, block_id=f"columns.{position}.{shown.revision}"
    )


def _line_blocks(shown: DraftShown, line: DraftLine) -> list[b.Block]:
    edit = b.button("Edit…", EDIT, str(line.number), about=name_of(line))
    told = line_words(line, shown.draft, shown.today, _goals_of(shown))
    blocks = [b.section(told, accessory=edit, block_id=f"line.{line.number}.{shown.revision}")]
    if problems := shown.problems.get(line.number):
        blocks.append(b.context(f":warning: {b.one_line(' '.join(problems), 1500)}"))
    kpis = [one.name for one in shown.kpis]
    return [*blocks, *asked_blocks(shown.draft, line, shown.strategy, shown.initiatives, kpis)]


def line_modal(
    shown: DraftShown, line: DraftLine, mark: str, page: int, *, notice: str = "", typed: State | None = None
) -> dict[str, Any]:
    """One line to be corrected in its own words, or cell by cell; `typed` is what somebody has typed already."""
    back = b.button("← Back to the plan", SHOW, str(page))
    leave = b.confirmed(
        b.button("Leave it out", LEAVE_OUT, str(line.number), style="danger"),
        "This line will be gone from the draft, for the other leads too.",
        "Leave it out",
    )
    blocks = [
        *([b.section(notice)] if notice else []),
        b.section(line_words(line, shown.draft, shown.today)),
        *_word_inputs(shown.draft, line, typed or {}),
        *choice_inputs(shown.strategy, line),
        b.actions([back, leave]),
    ]
    ref = DraftRef(
        strategy_id=shown.strategy.id, revision=shown.revision, page=page, line=line.number, mark=mark
    )
    return b.modal(
        "Edit a line",
        blocks,
        callback_id=LINE_FORM,
        submit="Save",
        close="Later",
        private_metadata=ref.model_dump_json(),
    )


def _word_inputs(draft: Draft, line: DraftLine, typed: State) -> Iterable[b.Block]:
    if line.columns is None:
        words = (typed.get(WORDS) or {}).get("value") or line.words
        yield b.input_block("In your words", b.text_input(words, multiline=True), block_id=WORDS)
        return
    headers = draft.columns[line.columns].headers
    for number, header in enumerate(headers[:MOST_COLUMNS]):
        cell = line.cells[number] if number < len(line.cells) else ""
        written = (typed.get(f"{_CELL}{number}") or {}).get("value") or cell
        label = b.plain_line(header, MAX_NAME) or f"Column {number + 1}"
        yield b.input_block(label, b.text_input(written), block_id=f"{_CELL}{number}", optional=True)
    if len(headers) > MOST_COLUMNS:
        yield b.context(beyond_words(len(headers) - MOST_COLUMNS))


def read_line_form(state: State) -> tuple[str, tuple[str, ...]]:
    """Its words or, of a row, its cells. Raises FieldErrors."""
    reader = FormReader(state)
    if WORDS in state:
        words = reader.words(WORDS, missing="Say what it is, or leave the line out with the button below.")
        reader.finish()
        return words, ()
    cells = tuple(reader.words(f"{_CELL}{number}") for number in range(_cells_of(state)))
    if not any(cells):
        raise FieldErrors({f"{_CELL}0": "Say what it is, or leave the line out with the button below."})
    reader.finish()
    return " | ".join(cells), cells


def _cells_of(state: State) -> int:
    return sum(name.startswith(_CELL) for name in state)


def notice_modal(words: str) -> dict[str, Any]:
    """The end of it, as markup."""
    return b.notice_modal("Your plan", words)

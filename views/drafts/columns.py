"""The form that says what the columns of a table in a plan are."""

from typing import Any

from domain.drafts import NAMING, Columns, PlanField
from domain.errors import NotFound
from domain.words import MAX_NAME
from views.drafts.forms import MOST_COLUMNS, SHOW, DraftRef, DraftShown
from views.drafts.words import COLUMN_WORDS, beyond_words, columns_words
from views.slack import blocks as b
from views.slack.fields import FormReader, State, choice_of

COLUMNS_FORM = "draft.columns"
_COLUMN = "column."
_LEAVE_OUT = "none"
_SEVERAL = (PlanField.PARTNER,)
"""What more than one column may be."""


def columns_modal(
    shown: DraftShown,
    position: int,
    mark: str,
    page: int,
    *,
    typed: State | None = None,
) -> dict[str, Any]:
    """A choice for each column; `typed` is what somebody has chosen already."""
    columns = shown.draft.columns[position]
    words = (
        "What is in each column? *Save* reads all rows of this table again. What you changed in a row stays, "
        "and so do people and goals you chose, unless the row itself says somebody else."
    )
    beyond = len(columns.headers) - MOST_COLUMNS
    blocks = [
        *([b.section(f"{shown.notice}\n{columns_words(columns)}")] if shown.notice else []),
        b.section(words),
        *(_input(columns, number, typed or {}) for number in range(min(len(columns.headers), MOST_COLUMNS))),
        *([b.context(beyond_words(beyond))] if beyond > 0 else []),
        b.actions([b.button("← Back to the plan", SHOW, str(page))]),
    ]
    ref = DraftRef(
        strategy_id=shown.strategy.id, revision=shown.revision, page=page, table=position, mark=mark
    )
    return b.modal(
        "Columns",
        blocks,
        callback_id=COLUMNS_FORM,
        submit="Save",
        close="Later",
        private_metadata=ref.model_dump_json(),
    )


def _input(columns: Columns, number: int, typed: State) -> b.Block:
    field = columns.fields[number]
    chosen = choice_of(typed, _block(number)) or (field.value if field else _LEAVE_OUT)
    options = [("Leave out", _LEAVE_OUT), *((label, one.value) for one, label in COLUMN_WORDS.items())]
    label = b.plain_line(columns.headers[number], MAX_NAME) or f"Column {number + 1}"
    return b.input_block(label, b.select(options, chosen), block_id=_block(number))


def _block(number: int) -> str:
    return f"{_COLUMN}{number}"


def read_columns_form(state: State, columns: Columns) -> tuple[PlanField | None, ...]:
    """What each column is; those that had no room in the form are as before. Raises FieldErrors and NotFound."""
    reader = FormReader(state)
    shown = min(len(columns.headers), MOST_COLUMNS)
    if any(choice_of(state, _block(number)) is None for number in range(shown)):
        raise NotFound
    offered = {_LEAVE_OUT, *(one.value for one in COLUMN_WORDS)}
    beyond = columns.fields[shown:]
    taken = dict(zip(beyond, columns.headers[shown:], strict=True))
    fields: list[PlanField | None] = []
    for number in range(shown):
        chosen = reader.choice(_block(number), offered)
        field = None if chosen in (None, _LEAVE_OUT) else PlanField(chosen)
        if field in taken and field not in (None, *_SEVERAL):
            other = b.plain_line(taken[field], MAX_NAME) or "Another column"
            reader.refuse(
                _block(number), f"“{other}” is this already. Choose something else for one of them."
            )
        taken.setdefault(field, columns.headers[number])
        fields.append(field)
    if not taken.keys() & set(NAMING):
        reader.refuse(
            _block(0), "One column must name what a row is about: a name, initiative, milestone, KPI or goal."
        )
    reader.finish()
    return (*fields, *beyond)

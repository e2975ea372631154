"""The columns of a table in a draft: as many as a form of Slack holds, and nothing lost of the others."""

import json
from datetime import date

from domain.drafts import Columns, Draft, DraftInitiative, DraftLine, PlanField, Whom
from services.drafts.editing import read_line
from tests.support.block_kit import assert_valid_view
from tests.support.harbor_lights import STRATEGY
from views.drafts.columns import columns_modal, read_columns_form
from views.drafts.forms import MOST_COLUMNS, DraftShown, draft_modal, line_modal, read_line_form
from views.slack.fields import as_filled_in

TODAY = date(2026, 11, 26)
BEYOND = 3
MIDDLE = [f"Heading {number} {'🎈' * 90}" for number in range(MOST_COLUMNS + BEYOND - 2)]
HEADERS = ("Initiative", *MIDDLE, "Owner")
FIELDS = (PlanField.INITIATIVE, *(None for _ in HEADERS[2:]), PlanField.OWNER)
CELLS = tuple(f"cell {number}" for number in range(len(HEADERS)))
LINE = DraftLine(1, " | ".join(CELLS), DraftInitiative("cell 0", owner=Whom("Maya")), columns=0, cells=CELLS)
SHOWN = DraftShown(STRATEGY, Draft((LINE,), (Columns(HEADERS, FIELDS),)), 1, TODAY)


def test_a_table_wider_than_a_form_keeps_the_columns_that_have_no_room() -> None:
    view = columns_modal(SHOWN, 0, "", 0)
    assert_valid_view(view)
    assert f"Columns without room here: {BEYOND}." in json.dumps(view)
    state = {**as_filled_in(view), "column.1": {"selected_option": {"value": "budget"}}}
    read = read_columns_form(state, SHOWN.draft.columns[0])
    assert read == (PlanField.INITIATIVE, PlanField.BUDGET, *FIELDS[2:])


def test_a_row_wider_than_a_form_keeps_the_cells_that_have_no_room() -> None:
    view = line_modal(SHOWN, LINE, "", 0)
    assert_valid_view(view)
    text, cells = read_line_form(as_filled_in(view))
    [again] = read_line(text, cells, LINE, SHOWN.draft, TODAY).lines
    assert again.cells == CELLS


def test_the_plan_says_how_columns_were_taken_and_not_every_one_left_out() -> None:
    view = draft_modal(SHOWN)
    assert_valid_view(view)
    said = next(block for block in view["blocks"] if block.get("block_id") == "columns.0.1")
    assert said["text"]["text"].startswith("Initiative → initiative · Owner → owner · left out: Heading 0 ")
    assert said["text"]["text"].endswith(f", and {len(HEADERS) - 2 - 7} more")


def test_a_form_of_columns_stays_within_the_size_of_a_view() -> None:
    assert len(json.dumps(columns_modal(SHOWN, 0, "", 0))) < 250_000

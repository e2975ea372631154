"""Importing readings from a file: the form, the preview in the direct message, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.kpis import Kpi
from domain.reading.csv_files import CsvReading
from domain.reading.headings import EXAMPLE
from domain.reading.names import fold
from domain.strategies import Strategy
from domain.words import MAX_NAME, counted, full_day
from views.kpis.words import amount
from views.slack import blocks as b
from views.slack.fields import FormReader, State
from views.slack.lines import shorten
from views.slack.references import Id, Reference, SlackId, read_slack_id

FORM = "kpi.import"
FILE = "file"
CONFIRM = "kpi.import.confirm"
LEAVE = "kpi.import.leave"
_MOST_PROBLEMS = 20


class ImportRef(Reference):
    """What the form and the buttons of the preview carry; `message_id` is the preview's own."""

    strategy_id: Id
    file_id: SlackId = ""
    message_id: Id | None = None


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """`new` are to be added; `replacing` of them stand in place of others; `same` are there already.

    `left_out` are sentences about what of the file is no reading.
    """

    new: tuple[CsvReading, ...]
    replacing: int
    same: int
    had_mark: bool
    left_out: tuple[str, ...] = ()


def import_modal(strategy: Strategy, kpis: Sequence[Kpi]) -> dict[str, Any]:
    names = ", ".join(b.one_line(kpi.name, MAX_NAME) for kpi in kpis)
    blocks = [
        b.section(
            f"Readings for *{b.one_line(strategy.name, MAX_NAME)}* from a file (CSV or XLSX), such as\n```{EXAMPLE}```\n"
            f"or with a column for each KPI. KPIs: {names}. All of it is imported or nothing; you see first what is in it."
        ),
        b.input_block("File", b.file_input(("csv", "tsv", "txt", "text", "xlsx")), block_id=FILE),
    ]
    ref = ImportRef(strategy_id=strategy.id)
    return b.modal(
        "Import readings",
        blocks,
        callback_id=FORM,
        submit="Look into it",
        private_metadata=ref.model_dump_json(),
    )


def read_import_form(state: State) -> str:
    """The file's id. Raises FieldErrors and NotFound."""
    reader = FormReader(state)
    files = state.get(FILE, {}).get("files") or []
    if len(files) != 1:
        reader.refuse(FILE, "Choose one file, CSV or XLSX.")
    reader.finish()
    return read_slack_id(str(files[0]["id"]))


def reading_modal() -> dict[str, Any]:
    words = (
        "I am reading the file. In a moment you will find what is in it in our direct messages; nothing is imported "
        "before you say so there."
    )
    return b.notice_modal("Import readings", words)


def problems_message(name: str, problems: Sequence[str]) -> b.Payload:
    """Every line that is wrong, as far as they fit."""
    head = f"*{b.one_line(name, MAX_NAME)}*: nothing was imported."
    lines = b.and_more([b.escape(shorten(problem, 300)) for problem in problems], _MOST_PROBLEMS)
    return b.message(b.fallback([head, *lines]), b.sections([head, *lines]))


def preview_message(name: str, strategy: Strategy, plan: ImportPlan, ref: ImportRef) -> b.Payload:
    lines = [f"*{b.one_line(name, MAX_NAME)}* for *{b.one_line(strategy.name, MAX_NAME)}*: {_summary(plan)}"]
    lines += plan_lines(plan)
    blocks = b.sections(lines)
    if plan.new:
        value = ref.model_dump_json()
        count = counted(len(plan.new), "reading")
        blocks.append(
            b.actions(
                [
                    b.button(f"Import {count}", CONFIRM, value, style="primary"),
                    b.button("Leave it", LEAVE, value),
                ]
            )
        )
    return b.message(b.fallback(lines), blocks)


def _summary(plan: ImportPlan) -> str:
    if not plan.new:
        return "all of it is there already, so there is nothing to import."
    return f"{counted(len(plan.new), 'reading')} to import."


def plan_lines(plan: ImportPlan) -> list[str]:
    """What would be added, as escaped lines."""
    lines = []
    for name in dict.fromkeys(fold(one.kpi.name) for one in plan.new):
        of_one = sorted((one for one in plan.new if fold(one.kpi.name) == name), key=lambda one: one.on)
        first, last = of_one[0], of_one[-1]
        lines.append(
            f"• {b.one_line(last.kpi.name, MAX_NAME)}: {counted(len(of_one), 'reading')} from {full_day(first.on)} "
            f"({amount(first.kpi, first.value)}) to {full_day(last.on)} ({amount(last.kpi, last.value)})"
        )
    if plan.replacing:
        lines.append(
            f"{counted(plan.replacing, 'reading')} will stand in place of others of the same day; both are kept."
        )
    if plan.same and plan.new:
        lines.append(f"{counted(plan.same, 'reading')} there already, left out.")
    lines += [b.escape(one) for one in plan.left_out]
    if plan.had_mark:
        lines.append("The file began with a byte order mark, as some programs write it; I left it out.")
    return lines


def imported_words(name: str, count: int) -> str:
    """Plain words."""
    return f"{name}: {counted(count, 'reading')} imported."


def left_words() -> str:
    return "Nothing was imported."

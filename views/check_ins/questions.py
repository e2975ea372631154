"""Values far from the last ones, asked about before they are recorded."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from pydantic import Field

from domain.check_ins import CheckIn
from domain.errors import NotFound
from domain.initiatives import Initiative, SuccessMetric
from domain.reading.numbers import read_number
from domain.readings import is_that_right, question
from domain.words import MAX_NAME, show_number
from views.slack import blocks as b
from views.slack.fields import MAX_NUMBER, FormReader, State
from views.slack.references import Id, NoteRef, Reference

FORM = "check_in.unlikely"


class UnlikelyRef(Reference):
    """What the form carries: `asked` are the values it asks about, by metric id."""

    check_in_id: Id
    initiative_id: Id
    asked: dict[Id, str] = Field(max_length=10)
    note: NoteRef | None = None
    """The message whose numbers it asks about."""


def unlikely_question(metric: SuccessMetric, value: Decimal) -> str:
    """As in "subscribers 46,500, was 4,310: is that right?"."""
    asked = question(metric.name, metric.unit, value, metric.before)
    return asked or is_that_right(metric.name, metric.unit, value, None)


def unlikely_modal(
    check_in: CheckIn, initiative: Initiative, values: Mapping[int, Decimal], note: NoteRef | None = None
) -> dict[str, Any]:
    """One field each; what is saved as it stands is meant. Raises NotFound for what is no metric of it."""
    metrics = _metrics(initiative, values)
    blocks: list[b.Block] = [
        b.section("Everything else is recorded. Save these if they are right, or correct them.")
    ]
    for metric in metrics:
        blocks += [
            b.section(b.escape(unlikely_question(metric, values[metric.id]))),
            b.input_block(
                b.plain_line(metric.name, MAX_NAME),
                b.text_input(show_number(values[metric.id]), max_length=MAX_NUMBER),
                block_id=_field(metric),
                hint="Empty it to record nothing.",
                optional=True,
            ),
        ]
    ref = UnlikelyRef(
        check_in_id=check_in.id,
        initiative_id=initiative.id,
        asked={metric.id: str(values[metric.id]) for metric in metrics},
        note=note,
    )
    return b.modal(
        "Is that right?", blocks, callback_id=FORM, submit="Save", private_metadata=ref.model_dump_json()
    )


def read_unlikely(state: State, initiative: Initiative, ref: UnlikelyRef) -> dict[int, Decimal]:
    """The values as they stand in the form, by metric id; without those left empty. Raises FieldErrors."""
    reader = FormReader(state)
    asked = _metrics(initiative, ref.asked)
    reader.refuse_others("metric.", {_field(metric) for metric in asked})
    values = {}
    for metric in asked:
        if typed := reader.words(_field(metric), MAX_NUMBER):
            read = partial(read_number, typed, metric.unit, metric.before)
            values[metric.id] = reader.attempt(_field(metric), read, Decimal(0))
    reader.finish()
    return values


def _metrics(initiative: Initiative, ids: Collection[int]) -> list[SuccessMetric]:
    """Raises NotFound where one is not the initiative's."""
    found = [metric for metric in initiative.metrics if metric.id in ids]
    if len(found) < len(ids):
        raise NotFound
    return found


def _field(metric: SuccessMetric) -> str:
    return f"metric.{metric.id}"

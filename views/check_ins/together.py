"""Answering all at once: a row for each initiative of a check-in, and a field for each number that is asked for."""

from collections.abc import Callable, Collection, Container, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import takewhile
from typing import Any

from pydantic import Field

from domain.check_ins import Answer
from domain.errors import NotFound
from domain.healths import Health
from domain.initiatives import SuccessMetric, kpi_ids_of
from domain.reading.amounts import read_amount
from domain.reading.numbers import read_number, why_change
from domain.readings import Before, is_plausible, is_that_right
from domain.words import MAX_NAME, short_day, show_number
from views.check_ins.follow_ups import promise_week
from views.check_ins.prompts import Prompt, PromptLine
from views.check_ins.words import last_words
from views.confidence import NOTHING_ASKED, Asking, confidence_blocks
from views.readings import KpiLine
from views.slack import blocks as b
from views.slack.fields import MAX_NUMBER, MAX_UNIT, FormReader, State, filled_in
from views.slack.references import Id, Reference

FORM = "check_in.update_all.submit"
NUMBERS_FORM = "check_in.numbers.submit"
_MOST_ROWS = 12
"""Initiatives in one form: with six blocks each and those of the KPIs they stay within Slack's hundred."""
_MOST_FIELDS = 50
_QUOTED = 200


class NumbersRef(Reference):
    """What the form of numbers carries; `asked` are the values it asks about, by field."""

    check_in_id: Id
    asked: dict[str, str] = Field(default_factory=dict, max_length=_MOST_FIELDS)


@dataclass(frozen=True, slots=True)
class NumberField:
    """A number of a check-in: of a success metric, or of a KPI; `stands` is what its field comes filled in with."""

    id: str
    name: str
    unit: str
    about: SuccessMetric | KpiLine
    stands: Decimal | None
    hint: str
    before: Before
    read: Callable[[str], Decimal]


Numbers = Mapping[str, Decimal | None]
"""What was changed, by field: None takes back what was reported."""


def update_all_modal(prompt: Prompt, asking: Asking = NOTHING_ASKED) -> dict[str, Any]:
    """A row for each initiative: health, numbers and what is in the way; then the KPIs that are asked for."""
    shown = prompt.lines[:_MOST_ROWS]
    blocks: list[b.Block] = []
    for line in shown:
        blocks += _row(prompt, line, asking)
    if len(shown) < len(prompt.lines):
        blocks.append(b.context("The others have their own buttons in the message."))
    if prompt.kpis:
        blocks += [b.divider(), b.section("*Numbers of your KPIs*")]
        blocks += [number_input(_kpi_field(line)) for line in prompt.kpis]
    return b.modal(
        "Your week", blocks, callback_id=FORM, submit="Save", private_metadata=str(prompt.check_in.id)
    )


def _row(prompt: Prompt, line: PromptLine, asking: Asking) -> list[b.Block]:
    hint = last_words(*line.said_last, prompt.check_in.period).capitalize()
    if line.promise is not None:
        week = promise_week(line.promise, prompt.check_in.period)
        hint += f". You said next{week}: {b.plain_line(line.promise.text, _QUOTED)}"
    healths = [(health.shown, health.value) for health in Health]
    about = b.plain_line(line.initiative.name, MAX_NAME)
    return [
        b.input_block(
            f"{about}: how is it going?",
            b.radio(healths, line.answer.health),
            block_id=_health(line),
            hint=hint,
            optional=True,
        ),
        *(number_input(field) for field in _metric_fields(prompt, line)),
        *confidence_blocks(
            asking.get(line.initiative.id), is_explained=line.initiative.id == next(iter(asking), 0)
        ),
        b.input_block(
            f"{about}: what is in the way?",
            b.text_input(line.in_the_way),
            block_id=_blocker(line),
            optional=True,
        ),
    ]


def numbers_modal(prompt: Prompt, asked: Mapping[str, Decimal] | None = None) -> dict[str, Any]:
    """The KPIs that a check-in asks for; or the numbers that are asked about before they are believed."""
    fields = number_fields(prompt)
    opening = "Everything else is recorded. Save these if they are right, or correct them."
    blocks = [b.section(opening)] if asked else []
    for id_, value in (asked or {}).items():
        field = fields[id_]
        question = is_that_right(field.name, field.unit, value, field.before.last)
        blocks += [b.section(b.escape(question)), number_input(field, value)]
    if not asked:
        blocks += [number_input(_kpi_field(line)) for line in prompt.kpis]
    ref = NumbersRef(
        check_in_id=prompt.check_in.id, asked={id_: str(value) for id_, value in (asked or {}).items()}
    )
    return b.modal(
        "Is that right?" if asked else "Your numbers",
        blocks,
        callback_id=NUMBERS_FORM,
        submit="Save",
        private_metadata=ref.model_dump_json(),
    )


def number_fields(prompt: Prompt) -> dict[str, NumberField]:
    """Every number of a check-in, by field."""
    fields = [field for line in prompt.lines for field in _metric_fields(prompt, line)]
    return {field.id: field for field in (*fields, *map(_kpi_field, prompt.kpis))}


def _metric_fields(prompt: Prompt, line: PromptLine) -> list[NumberField]:
    """A KPI that several initiatives have is asked for in the first row."""
    before = kpi_ids_of(one.initiative for one in takewhile(lambda one: one is not line, prompt.lines))
    given = dict(line.reported)
    return [metric_field(metric, given) for metric in line.initiative.metrics if metric.kpi_id not in before]


def metric_field(metric: SuccessMetric, given: Container[int] = ()) -> NumberField:
    """`given` are the ids of those reported with this check-in."""
    return NumberField(
        f"metric.{metric.id}",
        metric.name,
        metric.unit,
        metric,
        metric.baseline if metric.value is None else metric.value,
        f"Target {show_number(metric.target, metric.unit)}"
        + (". Empty it to take the number back." if metric.id in given else ""),
        metric.before,
        partial(read_number, unit=metric.unit, before=metric.before),
    )


def _kpi_field(line: KpiLine) -> NumberField:
    kpi, recorded = line.kpi, line.recorded
    last = (
        f"Last {show_number(kpi.latest.value, kpi.unit)} on {short_day(kpi.latest.on)}" if kpi.latest else ""
    )
    before = kpi.before(recorded.on if recorded else date.max)
    return NumberField(
        f"kpi.{kpi.id}",
        kpi.name,
        kpi.unit,
        line,
        recorded.value if recorded else None,
        "Empty it to take the number back."
        if recorded
        else last or f"Baseline {show_number(kpi.baseline, kpi.unit)}",
        before,
        lambda typed: read_amount(typed, kpi.kind, kpi.unit, before),
    )


def number_input(field: NumberField, value: Decimal | None = None) -> b.Block:
    unit = f" ({b.plain_line(field.unit, MAX_UNIT)})" if field.unit else ""
    typed = filled_in(field.stands if value is None else value)
    return b.input_block(
        f"{b.plain_line(field.name, MAX_NAME)}{unit}",
        b.text_input(typed, max_length=MAX_NUMBER, placeholder="A number, like 4,650"),
        block_id=field.id,
        hint=field.hint,
        optional=True,
    )


def read_rows(state: State, prompt: Prompt, kept: Collection[str] = frozenset()) -> tuple[Answer, ...]:
    """The rows that say something, without their numbers; `kept` as for `read_update`.

    Raises FieldErrors for words without a health.
    """
    reader = FormReader(state)
    ids = {str(line.initiative.id) for line in prompt.lines}
    reader.refuse_others("health.", {f"health.{one}" for one in ids})
    reader.refuse_others("blocker.", {f"blocker.{one}" for one in ids})
    found = []
    for line in prompt.lines[:_MOST_ROWS]:
        chosen, blocker = reader.choice(_health(line), set(Health)), reader.words(_blocker(line))
        if _blocker(line) in kept:
            blocker = line.answer.blocker or blocker
        health = Health(chosen) if chosen and _health(line) not in kept else line.answer.health
        was = line.in_the_way
        if health is None and blocker != was[: b.MAX_INPUT].strip():
            reader.refuse(
                _health(line),
                "Choose on track, at risk or off track, so that the team is told what is in the way.",
            )
        if health is not None and (health, blocker) != (line.answer.health, line.answer.blocker):
            found.append(_answered(line, health, blocker))
    reader.finish()
    return tuple(found)


def _answered(line: PromptLine, health: Health, blocker: str) -> Answer:
    standing = line.answer
    return Answer(
        standing.initiative_id,
        health=health,
        progress=standing.progress,
        next=standing.next,
        last_next=standing.last_next,
        blocker=blocker,
        need=standing.need,
        readings=standing.readings,
    )


def read_numbers(
    state: State, prompt: Prompt, kept: Collection[str] = frozenset()
) -> dict[str, Decimal | None]:
    """The numbers that were changed; `kept` are the fields left as they were. Raises FieldErrors."""
    reader, fields = FormReader(state), number_fields(prompt)
    for prefix in ("metric.", "kpi."):
        reader.refuse_others(prefix, fields)
    found = read_changed(reader, fields, kept)
    reader.finish()
    return found


def read_changed(
    reader: FormReader, fields: Mapping[str, NumberField], kept: Collection[str]
) -> dict[str, Decimal | None]:
    """Those of the fields that were changed; what is wrong is refused at its field. `kept` as for `read_numbers`."""
    found: dict[str, Decimal | None] = {}
    for id_, field in fields.items():
        if id_ not in reader.state or id_ in kept:
            continue
        typed = reader.words(id_, MAX_NUMBER)
        if not typed:
            found[id_] = None
        elif problem := why_change(typed, field.before):
            reader.refuse(id_, problem)
        else:
            found[id_] = reader.attempt(id_, partial(field.read, typed), Decimal(0))
    return {id_: value for id_, value in found.items() if value != fields[id_].stands}


def by_id(numbers: Numbers, kind: str) -> dict[int, Decimal | None]:
    """Those of metrics (`kind` "metric") or of KPIs ("kpi"), by its id."""
    return {
        int(id_.removeprefix(f"{kind}.")): value
        for id_, value in numbers.items()
        if id_.startswith(f"{kind}.")
    }


def hold_numbers(numbers: Numbers, prompt: Prompt, asked: Mapping[str, str]) -> dict[str, Decimal]:
    """Of what was changed that which is to be asked about first; what was asked about as it stands is meant.

    Raises NotFound where it was asked about what is no number of the check-in.
    """
    fields = number_fields(prompt)
    if not asked.keys() <= fields.keys():
        raise NotFound
    return {
        id_: value
        for id_, value in numbers.items()
        if value is not None and asked.get(id_) != str(value) and not is_plausible(value, fields[id_].before)
    }


def _health(line: PromptLine) -> str:
    return f"health.{line.initiative.id}"


def _blocker(line: PromptLine) -> str:
    return f"blocker.{line.initiative.id}"

"""One number that is a KPI and a success metric: the offer, the form that makes it so, and how readings say it."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import Field

from domain.initiatives import MAX_METRICS, Initiative, SuccessMetric
from domain.joins import Pair, differing_days
from domain.kpis import Kpi
from domain.pace import Point
from domain.words import MAX_NAME, full_day, show_number
from views.slack import blocks as b
from views.slack.fields import FormReader, State
from views.slack.references import Id, Reference, SlackId

FORM = "join.submit"
OFFER = "join.offer"
REFUSE = "join.refuse"
_ANSWERS = (("One number…", OFFER), ("Not the same", REFUSE))
_MOST_DAYS = 40
_KPIS, _METRICS = "kpi", "metric"


class JoinRef(Reference):
    """What buttons and the form carry; `rest` are KPIs by metric that the same window goes on with."""

    channel_id: SlackId = ""
    initiative_id: Id
    metric_id: Id
    kpi_id: Id
    rest: tuple[tuple[Id, Id], ...] = Field(default=(), max_length=MAX_METRICS)

    def next(self) -> "JoinRef | None":
        """What the window goes on with."""
        if not self.rest:
            return None
        (metric_id, kpi_id), *rest = self.rest
        return self.model_copy(update={"metric_id": metric_id, "kpi_id": kpi_id, "rest": tuple(rest)})


def updated(metric: SuccessMetric) -> str:
    """What is said after a reading of it that is a KPI's, too."""
    return "" if metric.kpi_id is None else " (KPI updated)"


def joined_lines(initiative: Initiative, watched: Iterable[Kpi]) -> list[str]:
    """As in "subscribers is the KPI Newsletter subscribers: a reading of either counts for both", escaped."""
    names = {kpi.id: kpi.name for kpi in watched}
    return [
        f"{b.one_line(metric.name, MAX_NAME)} is the KPI {b.one_line(names[metric.kpi_id], MAX_NAME)}: "
        "a reading of either counts for both"
        for metric in initiative.metrics
        if metric.kpi_id in names
    ]


def ref_of(pair: Pair, channel_id: str = "", rest: Sequence[Pair] = ()) -> JoinRef:
    return JoinRef(
        channel_id=channel_id,
        initiative_id=pair.initiative.id,
        metric_id=pair.metric.id,
        kpi_id=pair.kpi.id,
        rest=tuple((one.metric.id, one.kpi.id) for one in rest),
    )


def offer_blocks(pairs: Sequence[Pair]) -> list[b.Block]:
    """Each pair of like names with a button that opens the form, and one that settles that they are not the same."""
    blocks: list[b.Block] = []
    for pair in pairs:
        value = ref_of(pair).model_dump_json(exclude_defaults=True)
        about = f"{pair.metric.name} of {pair.initiative.name}"
        blocks += [
            b.section(offer_words(pair)),
            b.actions(
                [b.button(text, action, value, about=about) for text, action in _ANSWERS],
                block_id=f"join.{pair.metric.id}.{pair.kpi.id}",
            ),
        ]
    return blocks


def with_offers(told: b.Payload, pairs: Sequence[Pair]) -> b.Payload:
    """A message with what is offered under it."""
    if not pairs:
        return told
    text = b.fallback([told["text"], *map(offer_words, pairs)])
    return b.message(text, [*told["blocks"], *offer_blocks(pairs)])


def offer_words(pair: Pair) -> str:
    """As in "Is subscribers of Newsletter relaunch the KPI Subscribers? Then ...", escaped."""
    metric, initiative, kpi = (
        b.one_line(name, MAX_NAME) for name in (pair.metric.name, pair.initiative.name, pair.kpi.name)
    )
    return f"Is *{metric}* of {initiative} the same number as the KPI *{kpi}*? Then it is given once and counts for both."


def choose_modal(pairs: Sequence[Pair], channel_id: str) -> dict[str, Any] | None:
    """The form of the first, which goes on with the others; None for none."""
    return join_modal(pairs[0], ref_of(pairs[0], channel_id, pairs[1:])) if pairs else None


def join_modal(pair: Pair, ref: JoinRef) -> dict[str, Any]:
    """What becoming one number means; of days with two values one is chosen."""
    metric, initiative, kpi = (
        b.one_line(name, MAX_NAME) for name in (pair.metric.name, pair.initiative.name, pair.kpi.name)
    )
    text = (
        f"*{metric}* of {initiative} becomes the KPI *{kpi}*: a reading of either counts for both, and both "
        "owners may give one. Each keeps its own baseline, target and dates. Past readings of both stay, closed weeks stay "
        "as they were, and the form of the initiative undoes it."
    )
    days = differing_days(pair.metric, pair.kpi)
    blocks = [b.section(text)]
    if days:
        blocks.append(b.section("On these days they say something else. Which is right?"))
    blocks += [_day(pair, ours, theirs) for ours, theirs in days[-_MOST_DAYS:]]
    if len(days) > _MOST_DAYS:
        blocks.append(b.context(f"On {len(days) - _MOST_DAYS} days before, the KPI’s value stays."))
    metadata = ref.model_dump_json(exclude_defaults=True)
    return b.modal("One number", blocks, callback_id=FORM, submit="Make it one", private_metadata=metadata)


def _day(pair: Pair, ours: Point, theirs: Point) -> b.Block:
    options = [
        (f"{show_number(ours.value, pair.kpi.unit)}, as the KPI has it", _KPIS),
        (f"{show_number(theirs.value, pair.metric.unit)}, as the initiative has it", _METRICS),
    ]
    return b.input_block(full_day(ours.on), b.radio(options), block_id=_field(ours.on))


def _field(on: date) -> str:
    return f"day.{on}"


def read_join_form(state: State, pair: Pair) -> dict[date, Decimal]:
    """The days on which the metric's value is the right one, with it. Raises FieldErrors."""
    reader = FormReader(state)
    chosen = {}
    for _, theirs in differing_days(pair.metric, pair.kpi)[-_MOST_DAYS:]:
        if reader.choice(_field(theirs.on), {_KPIS, _METRICS}, "Choose which value is right.") == _METRICS:
            chosen[theirs.on] = theirs.value
    reader.finish()
    return chosen


def joined_words(pair: Pair) -> str:
    """For whoever did it; plain words."""
    return (
        f"{pair.metric.name} of {pair.initiative.name} and the KPI {pair.kpi.name} are one number now: "
        "a reading of either counts for both."
    )


def refused_words(pair: Pair) -> str:
    """The same."""
    return f"Noted: {pair.metric.name} of {pair.initiative.name} and the KPI {pair.kpi.name} are not the same. I will not ask again."

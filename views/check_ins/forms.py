"""The forms that answer a check-in: the whole one, the one after a click, and the list of `/checkin`."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from domain.check_ins import Answer, CheckInState, NextOutcome
from domain.healths import Health
from domain.initiatives import Initiative
from domain.words import MAX_NAME, short_day
from views import milestones
from views.check_ins.follow_ups import open_asks_blocks, promise_week
from views.check_ins.prompts import Prompt, PromptLine, reference
from views.check_ins.together import by_id, metric_field, number_input, read_changed
from views.confidence import Asked, confidence_blocks
from views.decisions.forms import NO_OFFER, AskOffer, need_fields
from views.slack import blocks as b
from views.slack.fields import FormReader, State, text_of
from views.slack.lines import shorten

CHOOSE = "check_in.choose"
FORM = "check_in.submit"
TROUBLE_FORM = "check_in.trouble"
LIST_FORM = "check_in.list"
EARLY = "check_in.early"
_FIELDS = ("health", "progress", "next", "last_next", "blocker")


def update_modal(
    prompt: Prompt, line: PromptLine, offer: AskOffer = NO_OFFER, asked: Asked | None = None
) -> dict[str, Any]:
    """The whole form for one initiative, prefilled from what is recorded, else from last time."""
    base = line.answer if line.answer.revision else _drafted(prompt, line)
    given = dict(line.reported)
    blocks: list[b.Block] = [
        b.section(f"*{b.one_line(line.initiative.name, MAX_NAME)}*"),
        *_for_somebody(prompt),
    ]
    blocks.append(
        b.input_block(
            "How is it going?",
            b.radio([(health.shown, health.value) for health in Health], base.health),
            block_id="health",
        )
    )
    if line.promise is not None:
        week = promise_week(line.promise, prompt.check_in.period)
        blocks.append(
            b.input_block(
                f"What became of “next”{week}?" if week else "What became of last week’s “next”?",
                b.radio(
                    [(outcome.value.capitalize(), outcome.value) for outcome in NextOutcome],
                    line.answer.last_next,
                ),
                block_id="last_next",
                hint=shorten(line.promise.text, 300),
                optional=True,
            )
        )
    blocks += [
        _words("progress", "What moved?", base.progress),
        _words("next", "What is next?", base.next),
        *(number_input(metric_field(metric, given)) for metric in line.initiative.metrics),
        *confidence_blocks(asked),
        *milestones.check_in_blocks(prompt.milestones.get(line.initiative.id, ()), prompt.today),
        _words("blocker", "What is in the way?", base.blocker or line.blocker),
        *open_asks_blocks(prompt.asks.get(line.initiative.id, ()), prompt.names),
        *need_fields(offer),
    ]
    return b.modal(
        "Weekly check-in",
        blocks,
        callback_id=FORM,
        submit="Save",
        private_metadata=reference(prompt.check_in, line.initiative),
    )


def _for_somebody(prompt: Prompt) -> list[b.Block]:
    if not prompt.owner_name:
        return []
    return [
        b.context(
            f"You answer for {b.one_line(prompt.owner_name, MAX_NAME)}; everybody sees that it was you."
        )
    ]


def _drafted(prompt: Prompt, line: PromptLine) -> Answer:
    """What still holds of last time, and what is known of the time since; how it goes is nobody's but the owner's to say."""
    last = line.last or Answer(line.initiative.id)
    return Answer(line.initiative.id, progress=prompt.drafted(line), next=last.next, blocker=last.blocker)


def trouble_modal(prompt: Prompt, line: PromptLine, offer: AskOffer = NO_OFFER) -> dict[str, Any]:
    """After at risk or off track: the click is kept even when this is closed."""
    answer, initiative = line.answer, line.initiative
    assert answer.health is not None
    return b.modal(
        answer.health.label.capitalize(),
        [
            b.section(
                f"{answer.health.emoji} *{b.one_line(initiative.name, MAX_NAME)}* is recorded as {answer.health.label}. "
                "Two words about why help the team to help you; you can also just close this."
            ),
            _words("blocker", "What is in the way?", line.in_the_way),
            *open_asks_blocks(prompt.asks.get(initiative.id, ()), prompt.names),
            *need_fields(offer),
        ],
        callback_id=TROUBLE_FORM,
        submit="Save",
        private_metadata=reference(prompt.check_in, initiative),
        close="Close",
    )


def list_modal(prompts: Sequence[Prompt], notice: str = "") -> dict[str, Any]:
    """The person's check-ins, each initiative with a button; what is answered can be edited."""
    blocks: list[b.Block] = [b.section(notice)] if notice else []
    for prompt in prompts:
        week = f"week of {short_day(prompt.check_in.period.day(0))}"
        early = " (early)" if prompt.check_in.state is CheckInState.EARLY else ""
        blocks += [
            b.section(f"*{b.one_line(prompt.strategy.name, MAX_NAME)}*, {week}{early}"),
            *_for_somebody(prompt),
        ]
        for line in prompt.lines:
            health = line.answer.health
            said = f"{health.emoji} {health.label}" if health else "no answer yet"
            blocks.append(
                b.section(
                    f"*{b.one_line(line.initiative.name, MAX_NAME)}*: {said}",
                    accessory=b.button(
                        "Edit" if health else "Answer",
                        CHOOSE,
                        reference(prompt.check_in, line.initiative),
                        about=line.initiative.name,
                    ),
                )
            )
        if prompt.check_in.is_answered and prompt.check_in.state is not CheckInState.EARLY:
            ahead = b.button(
                "Answer next week early", EARLY, str(prompt.check_in.id), about=prompt.strategy.name
            )
            blocks.append(b.actions([ahead]))
    return b.modal("Your check-ins", blocks, callback_id=LIST_FORM, close="Done")


def _words(name: str, label: str, initial: str) -> b.Block:
    hint = (
        "Only the beginning fits here; what you wrote before is kept whole."
        if len(initial) > b.MAX_INPUT
        else None
    )
    return b.input_block(
        label, b.text_input(initial, multiline=True), block_id=name, hint=hint, optional=True
    )


def read_update(
    state: State, initiative: Initiative, base: Answer, kept: Collection[str] = frozenset()
) -> Answer:
    """The form's answer; metric values that did not change are no reading, emptied ones are taken back.

    `kept` are the fields left as they were: there what stands now stays, be it said since the form was opened. Raises
    FieldErrors.
    """
    reader = FormReader(state)
    fields = {field.id: field for field in map(metric_field, initiative.metrics)}
    reader.refuse_others("metric.", fields)
    changed = by_id(read_changed(reader, fields, kept), "metric")
    readings = {id_: value for id_, value in base.readings if changed.get(id_, value) is not None}
    readings |= {id_: value for id_, value in changed.items() if value is not None}
    health = reader.choice("health", set(Health), "Choose on track, at risk or off track.")
    last_next = reader.choice("last_next", set(NextOutcome))
    answer = Answer(
        initiative.id,
        health=Health(health) if health else None,
        progress=reader.words("progress"),
        next=reader.words("next"),
        last_next=NextOutcome(last_next) if last_next else None,
        blocker=reader.words("blocker"),
        need=base.need,
        readings=tuple(readings.items()),
    )
    reader.finish()
    stands = {name: getattr(base, name) for name in _FIELDS if name in kept and getattr(base, name)}
    return replace(answer, **stands)


def read_emptied(state: State, line: PromptLine) -> tuple[int, ...]:
    """Of the numbers shown as reported, those whose field stands empty."""
    return tuple(
        id_ for id_, _ in line.reported if f"metric.{id_}" in state and not text_of(state, f"metric.{id_}")
    )


def read_trouble(state: State, line: PromptLine, kept: Collection[str]) -> str:
    """What is in the way; what stands by now where the field was left as it was. Raises FieldErrors."""
    reader = FormReader(state)
    blocker = reader.words("blocker")
    reader.finish()
    return line.in_the_way if "blocker" in kept else blocker

"""On the last prompt before a review: whether what shipped carried the core message, channel by channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.initiatives import Initiative
from domain.reviews import Carried, MessageCheck
from domain.words import MAX_NAME
from views.slack import blocks as b
from views.slack.fields import FormReader, State

ACTION = "message_check.open"
FORM = "message_check.submit"
_CARRIED = [
    ("Yes, it carried it", Carried.YES.value),
    ("Partly", Carried.PARTLY.value),
    ("No", Carried.NO.value),
]
NOTHING = "nothing"
"""Takes back what was said of a channel."""
_NOTHING = "Nothing published"
_MAX_BROKE = 500


@dataclass(frozen=True, slots=True)
class MessageChecks:
    """What one check-in asks about the core message, and what was said; `asked` is (initiative, its channels)."""

    check_in_id: int
    core_message: str
    asked: tuple[tuple[Initiative, tuple[str, ...]], ...]
    given: Mapping[tuple[int, str], MessageCheck]


def check_blocks(checks: MessageChecks | None, *, is_open: bool) -> list[b.Block]:
    """A line with a button; once said, the answers in a line with *Edit*."""
    if checks is None or not checks.asked or not (checks.given or is_open):
        return []
    core = f"*Core message*: “{b.one_line(checks.core_message, 300)}”"
    value = str(checks.check_in_id)
    if not checks.given:
        line = f"{core}\nBefore the review: did what you published say it?"
        return [b.section(line, accessory=b.button("Answer…", ACTION, value))]
    said = [check.carried for check in checks.given.values()]
    counts = ", ".join(f"{said.count(one)} {one.value}" for one in Carried if said.count(one))
    edit = b.button("Edit", ACTION, value, about="Core message") if is_open else None
    return [b.section(f"{core}\nSaid by what you published: {counts}", accessory=edit)]


def check_modal(checks: MessageChecks) -> dict[str, Any]:
    blocks: list[b.Block] = [
        b.section(
            f"Did what you published since the last review say the core message?\n“{b.one_line(checks.core_message, 600)}”"
        )
    ]
    for initiative, channels in checks.asked:
        name = b.plain_line(initiative.name, MAX_NAME)
        for at, channel in enumerate(channels):
            known = checks.given.get((initiative.id, channel))
            blocks.append(
                b.input_block(
                    f"{name}: {channel}" if channel else name,
                    b.select(
                        [*_CARRIED, (_NOTHING, NOTHING)],
                        known.carried.value if known else None,
                        placeholder=_NOTHING,
                    ),
                    block_id=_carried(initiative, at),
                    optional=True,
                )
            )
        broke = [check.where_broke for key, check in checks.given.items() if key[0] == initiative.id]
        blocks.append(
            b.input_block(
                f"{name}: where did it break?",
                b.text_input(next(filter(None, broke), ""), max_length=_MAX_BROKE),
                block_id=_broke(initiative),
                hint="For “partly” and “no”, as in: the last two posts sold the discount.",
                optional=True,
            )
        )
    return b.modal(
        "Core message",
        blocks,
        callback_id=FORM,
        submit="Save",
        private_metadata=str(checks.check_in_id),
    )


def read_checks(
    state: State, checks: MessageChecks, person_id: str, now: datetime
) -> tuple[list[MessageCheck], list[tuple[int, str]]]:
    """One for each channel that something was said about, and the (initiative id, channel) of those taken back.

    Raises FieldErrors.
    """
    reader = FormReader(state)
    taken_back = []
    found: list[MessageCheck] = []
    asked = [_carried(initiative, at) for initiative, of in checks.asked for at, _ in enumerate(of)]
    reader.refuse_others("carried.", asked)
    reader.refuse_others("broke.", [_broke(initiative) for initiative, _ in checks.asked])
    for initiative, channels in checks.asked:
        broke = reader.words(_broke(initiative), _MAX_BROKE)
        for at, channel in enumerate(channels):
            said = reader.choice(_carried(initiative, at), {*Carried, NOTHING})
            if said == NOTHING and (initiative.id, channel) in checks.given:
                taken_back.append((initiative.id, channel))
            if said in (None, NOTHING):
                continue
            carried = Carried(said)
            if carried is not Carried.YES and not broke:
                reader.refuse(_broke(initiative), "Say in a few words where it broke.")
            where = "" if carried is Carried.YES else broke
            found.append(
                MessageCheck(checks.check_in_id, initiative.id, channel, carried, where, person_id, now)
            )
    if not found and not taken_back and checks.asked:
        reader.refuse(
            _carried(checks.asked[0][0], 0), "Choose an answer for at least one channel, or cancel."
        )
    reader.finish()
    return found, taken_back


def _carried(initiative: Initiative, at: int) -> str:
    return f"carried.{initiative.id}.{at}"


def _broke(initiative: Initiative) -> str:
    return f"broke.{initiative.id}"

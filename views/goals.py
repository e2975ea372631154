"""The goals of a strategy as fields of a form: each with a number and a date."""

from collections.abc import Sequence

from domain.goals import GOAL_EXAMPLE, why_vague
from domain.strategies import MAX_GOALS
from views.slack import blocks as b
from views.slack.fields import FormReader

GOALS = tuple(f"goal_{number}" for number in range(1, MAX_GOALS + 1))
_MAX_GOAL = 300


def goal_inputs(texts: Sequence[str], hint: str) -> list[b.Block]:
    """As many as there may be; only the first has the hint and must be filled in."""
    goals = [*texts, *[""] * MAX_GOALS]
    return [
        b.input_block(
            f"Goal {number}",
            b.text_input(goal, max_length=_MAX_GOAL),
            block_id=field,
            hint=hint if number == 1 else None,
            optional=number > 1,
        )
        for number, (field, goal) in enumerate(zip(GOALS, goals, strict=False), start=1)
    ]


def read_goals(reader: FormReader, ids: Sequence[int]) -> list[tuple[str, int | None]]:
    """Each with the id that stood in its field; `ids` are those of the fields in their order."""
    known = dict(zip(GOALS, ids, strict=False))
    goals = []
    for field in GOALS:
        text = reader.words(field, _MAX_GOAL)
        if text and (sentence := why_vague(text)):
            reader.refuse(field, sentence)
        if text:
            goals.append((text, known.get(field)))
    if not goals:
        reader.refuse(
            GOALS[0], f"Give at least one goal, with a number and a date. For example: “{GOAL_EXAMPLE}”."
        )
    return goals

"""Confidence: one select in the owner's form before a review, and the team's score beside the forecast's."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from domain.confidence import CHANCES, LEAST_TARGETS, BrierScore
from domain.initiatives import Initiative, SuccessMetric
from domain.pace import Plan
from domain.words import MAX_NAME, dated, show_number
from views.slack import blocks as b
from views.slack.fields import FormReader, State, choice_of

_PREFIX = "confidence."
NOTHING = "nothing"
"""Takes back what was said."""
_NO_IDEA = "No idea yet"
_IN_WORDS = dict(
    zip(CHANCES, ("hardly", "rather not", "could go either way", "rather yes", "almost surely"), strict=True)
)
_OPTIONS = [(f"{percent}%: {words}", str(percent)) for percent, words in _IN_WORDS.items()]
SCALE = (
    "Mean of (chance − outcome)², the outcome 1 where it was met, else 0. Lower is better: 0 is perfect, 0.25 is what "
    "always saying 50% gets. One score for the whole team, over all its quarters; nobody’s own is reckoned."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Of one initiative: whose target, as it stands, the chance is asked of on a day, and what was said of it."""

    metric: SuccessMetric
    plan: Plan
    percent: int | None
    today: date

    @property
    def field(self) -> str:
        """It names the target: what was chosen for another one is not taken for it."""
        return f"{_PREFIX}{self.metric.id}.{self.plan.target.on}.{self.plan.target.value}"


Asking = Mapping[int, Asked]
"""By initiative."""
NOTHING_ASKED: Asking = {}


def confidence_blocks(asked: Asked | None, *, is_explained: bool = True) -> list[b.Block]:
    """As in "Subscribers: how likely is 6,000 or more by 31 Mar?"."""
    if asked is None:
        return []
    metric, target = asked.metric, asked.plan.target
    bound = f"{show_number(target.value, metric.unit)} or {'more' if asked.plan.is_up else 'less'}"
    name = b.plain_line(metric.name, MAX_NAME)
    explained = "A guess is enough. The review shows one score for the whole team, nobody’s own."
    return [
        b.input_block(
            f"{name}: how likely is {b.plain_line(bound, MAX_NAME)} by {dated(target.on, asked.today)}?",
            b.select(
                [(_NO_IDEA, NOTHING), *_OPTIONS],
                None if asked.percent is None else str(asked.percent),
                placeholder=_NO_IDEA,
            ),
            block_id=asked.field,
            hint=explained if is_explained else None,
            optional=True,
        )
    ]


def read_confidence(
    state: State, shown: Iterable[Initiative], asking: Asking, kept: Collection[str] = frozenset()
) -> dict[int, int | None]:
    """What was chosen anew, by initiative, None where it is taken back; `kept` are the fields left as they were.

    A target that changed since the form was opened, with its metric still among those `shown`, refuses what was chosen and
    holds nothing else up. Raises FieldErrors.
    """
    reader = FormReader(state)
    fields = {asked.field for asked in asking.values()}
    metrics = {str(metric.id) for initiative in shown for metric in initiative.metrics}
    for field in state:
        if field.startswith(_PREFIX) and field not in fields:
            is_known = field.split(".")[1] in metrics
            if not is_known or choice_of(state, field) not in (None, NOTHING):
                reader.refuse(field, f"This target has changed. Choose “{_NO_IDEA}”, or open the form again.")
    given: dict[int, int | None] = {}
    for initiative_id, asked in asking.items():
        chosen = reader.choice(asked.field, {NOTHING, *map(str, CHANCES)})
        percent = int(chosen) if chosen and chosen != NOTHING else None
        if asked.field in state and asked.field not in kept and percent != asked.percent:
            given[initiative_id] = percent
    reader.finish()
    return given


def confidence_lines(score: BrierScore) -> list[str]:
    """The team's score, and the forecast's for the same answers where there are enough."""
    met = "1 was met" if score.met == 1 else f"{score.met} were met"
    opening = (
        f"Of {score.targets} targets whose day has passed, {met}. The chances their owners gave them scored "
    )
    owners, of = f"{opening}{_shown(score.owners)}", f"{score.compared} of {score.targets}"
    if score.line is None or score.beside is None:
        return [f"{owners}; the forecast gave {of} a chance and is compared from {LEAST_TARGETS} on."]
    if score.compared == score.targets and score.beside == score.owners:
        return [f"{owners}, the forecast’s {_shown(score.line)}."]
    beside = f"the owners’ {_shown(score.beside)}, the forecast’s {_shown(score.line)}"
    return [f"{owners}.", f"Where the forecast gave one at the same time ({of} targets): {beside}."]


def _shown(score: Fraction) -> str:
    """With two decimals, halves up."""
    return f"{int(score * 100 + Fraction(1, 2)) / 100:.2f}"

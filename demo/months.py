"""The monthly review: the leads say whether the strategy holds and decide for each initiative."""

from collections.abc import Mapping

from demo import plan
from demo.stage import Stage

DECIDER = "Ruth"
_STILL_TRUE = "Yes, still true"
_EVIDENCE = {
    plan.NEWSLETTER: "Subscribers grow by the week",
    plan.REFERRALS: "Givers do bring friends; the form is the only brake",
    plan.OPEN_WATER: "Sign-ups are above their line",
    plan.QUESTION_DESK: "Parents wait less each week",
    plan.RESULTS_PAGE: "More visits give since the consent texts came",
}
"""For going on as it is."""


async def review(
    stage: Stage,
    market: str,
    changed: Mapping[str, str],
    *,
    forms: Mapping[str, Mapping[str, str]] | None = None,
    left: tuple[str, ...] = (),
) -> None:
    """`changed` holds the evidence for each change, `forms` what is altered, `left` initiatives closed meanwhile."""
    await _says_it_holds(stage, "Maya", "10:02", "Nothing new that I see.")
    await _says_it_holds(stage, DECIDER, "10:05", market)
    for work in plan.INITIATIVES:
        if work.name in changed:
            altered = (forms or {}).get(work.name, {"Due": "2027-04-30"})
            await _changes(stage, work.name, changed[work.name], altered)
        elif work.name not in left:
            await _continues(stage, work.name)
        stage.be_brief()


async def _says_it_holds(stage: Stage, first: str, clock: str, market: str) -> None:
    await stage.until(first, "Thu", clock)
    await stage.opens(first, "Answer…")
    values = {
        "Does the strategy still hold?": "Yes, it still holds",
        "What changed in the market?": market,
    }
    await stage.fills(first, "clicks “Answer…”", values)


async def _continues(stage: Stage, name: str) -> None:
    await stage.opens(DECIDER, "Continue…", near=name)
    await stage.fills(DECIDER, f"clicks “Continue…” at {name}", _decided(_EVIDENCE[name]))


async def _changes(stage: Stage, name: str, evidence: str, altered: Mapping[str, str]) -> None:
    with stage.in_full():
        await stage.opens(DECIDER, "Change…", near=name)
        words = f"clicks “Change…” at {name}"
        await stage.fills(DECIDER, words, _decided(evidence), then="Edit the initiative")
        await stage.fills(DECIDER, "alters it in the form that follows", altered)


def _decided(evidence: str) -> dict[str, str]:
    return {
        "On what evidence, in a sentence?": evidence,
        "Are its authority and resources still true?": _STILL_TRUE,
    }


async def outcome_of(stage: Stage) -> None:
    """On the Tuesday after a review, when three working days are over."""
    with stage.in_full():
        await stage.until(DECIDER, "Tue", "10:05")


async def preview(stage: Stage) -> None:
    """What has become better, before the next review says so."""
    await stage.commands(DECIDER, "/rhythm review preview", in_channel=True)

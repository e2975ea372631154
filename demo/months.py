"""The monthly review: the leads say whether the strategy holds and decide for each initiative."""

from collections.abc import Mapping

from demo import plan
from demo.stage import Stage
from sandbox import Message

DECIDER = "Ruth"


async def review(
    stage: Stage,
    market: str,
    changed: Mapping[str, str],
    *,
    forms: Mapping[str, Mapping[str, str]] | None = None,
    left: tuple[str, ...] = (),
) -> None:
    """`changed` holds the evidence for each change, `forms` what is altered, `left` initiatives closed meanwhile."""
    await _says_it_holds(stage, "Maya", "10:02")
    await _says_what_changed(stage, DECIDER, "10:05", market)
    together = [button for button in _offered(stage) if button.startswith("Continue the ")]
    for button in together:
        await stage.clicks(DECIDER, button)
    for work in plan.INITIATIVES:
        if work.name in changed:
            altered = (forms or {}).get(work.name, {"Due": "2027-04-30"})
            await _changes(stage, work.name, changed[work.name], altered)
        elif work.name not in left and f"{work.name}: undecided" in _asked(stage).drawn:
            await stage.clicks(DECIDER, "Continue", near=work.name, note=f" at {work.name}")
        stage.be_brief()


def _asked(stage: Stage) -> Message:
    """What the lead who decides is asked in the newest review."""
    return [m for m in stage.person(DECIDER).dm.messages if ": the review of " in m.drawn.splitlines()[0]][-1]


def _offered(stage: Stage) -> list[str]:
    return _asked(stage).buttons


async def _says_it_holds(stage: Stage, first: str, clock: str) -> None:
    await stage.until(first, "Thu", clock)
    await stage.clicks(first, "It still holds")


async def _says_what_changed(stage: Stage, first: str, clock: str, market: str) -> None:
    await stage.until(first, "Thu", clock)
    await stage.opens(first, "Answer…")
    values = {
        "Does the strategy still hold?": "Yes, it still holds",
        "What changed in the market?": market,
    }
    await stage.fills(first, "clicks “Answer…”", values)


async def _changes(stage: Stage, name: str, evidence: str, altered: Mapping[str, str]) -> None:
    with stage.in_full():
        await stage.opens(DECIDER, "Change…", near=name)
        words, said = f"clicks “Change…” at {name}", {"On what evidence, in a sentence?": evidence}
        await stage.fills(DECIDER, words, said, then="Edit the initiative")
        await stage.fills(DECIDER, "alters it in the form that follows", altered)


async def outcome_of(stage: Stage) -> None:
    """On the Tuesday after a review, when three working days are over."""
    with stage.in_full():
        await stage.until(DECIDER, "Tue", "10:05")


async def preview(stage: Stage) -> None:
    """What has become better, before the next review says so."""
    await stage.commands(DECIDER, "/rhythm review preview", in_channel=True)

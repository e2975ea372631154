"""Nobody reads what is not theirs: what somebody in two strategies writes, and what each lead can see of it anywhere."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.support.two_plans import (
    FALCON,
    KITE,
    NEWSLETTER,
    OPEN,
    PRIVATE,
    PROMPTED,
    TwoPlans,
)

DIGESTS = datetime(2026, 11, 25, 20, tzinfo=UTC)
HERON, MAGPIE, QUAIL = "heron", "magpie", "quail"
"""In what is said of Harbor Lights, of the private plan, and of neither for sure."""

Act = Callable[[TwoPlans, Callable[[str], str]], Awaitable[None]]


def writes(text: str, *, thread: str | None = None) -> Act:
    async def act(plans: TwoPlans, marked: Callable[[str], str]) -> None:
        await plans.says(marked(text), thread=plans.prompt(thread) if thread else None)

    return act


def edits(first: str, *then: str) -> Act:
    async def act(plans: TwoPlans, marked: Callable[[str], str]) -> None:
        said = await plans.says(marked(first))
        for text in then:
            await plans.edits(said, marked(text))

    return act


def writes_and_clicks(text: str, *buttons: str, thread: str | None = None) -> Act:
    async def act(plans: TwoPlans, marked: Callable[[str], str]) -> None:
        prompt = plans.prompt(thread) if thread else None
        said = await plans.says(marked(text), thread=prompt)
        for button in buttons:
            await plans.clicks(button, (prompt or said).thread[-1])

    return act


async def replies_to_own_words(plans: TwoPlans, marked: Callable[[str], str]) -> None:
    said = await plans.says(marked("Falcon launch on track"))
    await plans.says(marked("at risk now, magpie# left"), thread=said)


async def replies_to_a_kickoff(plans: TwoPlans, marked: Callable[[str], str]) -> None:
    [kickoff] = [m for m in plans.ben.dm.messages if FALCON in m.drawn and ", week of" not in m.drawn][:1]
    await plans.says(marked("off track, quail# is being replaced"), thread=kickoff)


async def quotes_the_private_channel(plans: TwoPlans, marked: Callable[[str], str]) -> None:
    zara = plans.private.maya
    message = await zara.says(marked("Who replaces magpie#?"), to=plans.private.marketing)
    await plans.ben.shortcut("Request a decision", message)
    due = {"By when?": "2026-11-27", "Who decides?": f"@{zara.name}"}
    words = {"What do you ask for?": marked("A new magpie#"), "What happens if nobody decides?": "We wait"}
    await plans.ben.fill({**due, **words})
    assert await plans.ben.submit() is None
    await plans.quiet()


async def is_answered_for(plans: TwoPlans, marked: Callable[[str], str]) -> None:
    maya = plans.office.maya
    await maya.command("/checkin", f"@{plans.ben.name}", channel=plans.office.marketing)
    await maya.click("Edit")
    await maya.fill({"How is it going?": "At risk", "What moved?": marked("heron# says Maya")})
    assert await maya.submit() is None
    await plans.quiet()
    await plans.says(marked("Falcon launch on track, magpie# helps"))


@dataclass(frozen=True)
class Case:
    """`shown` are the words that their lead can read afterwards; every other word of it, nobody but Ben."""

    name: str
    act: Act
    shown: tuple[str, ...] = ()
    is_bens: bool = True


WEEK = [
    Case("one, in the DM", writes(f"{NEWSLETTER}: off track, heron# is being replaced"), (HERON,)),
    Case("the other, in the DM", writes(f"{FALCON}: off track, magpie# is being replaced"), (MAGPIE,)),
    Case(
        "the other and what follows it",
        writes("Newsletter on track, heron# helps. Falcon off track. magpie# is being replaced."),
        (HERON, MAGPIE),
    ),
    Case(
        "both, a line each",
        writes(f"hi all\n{FALCON} at risk, magpie# left\n{NEWSLETTER} on track, heron# helps"),
        (HERON, MAGPIE),
    ),
    Case("both in one breath", writes(f"{NEWSLETTER} and {FALCON} are both at risk, quail# left")),
    Case("none", writes("On track, quail# is being replaced")),
    Case(
        "none before one", writes(f"quail# is being replaced.\n{NEWSLETTER} on track, heron# helps"), (HERON,)
    ),
    Case("none, without a health", writes("thanks, quail#!")),
    Case("one, without a health", writes(f"{NEWSLETTER}: quail# writes the letters")),
    Case("a strategy by its name", writes("In the Quiet plan quail# is replaced.\nNewsletter on track")),
    Case(
        "a strategy by its name, later", writes("Newsletter on track. In the Quiet plan quail# is replaced.")
    ),
    Case(
        "someone else's",
        writes(f"{NEWSLETTER} on track, heron# helps. {KITE} is off track. quail# left."),
        (HERON,),
    ),
    Case("someone else's, beside it", writes(f"{NEWSLETTER} at risk, waiting for quail# of Kite")),
    Case("a quotation", writes(f"> {FALCON}: quail# left\n{NEWSLETTER} on track")),
    Case("none, in a thread", writes("at risk, heron# is late", thread=OPEN), (HERON,)),
    Case("none, in the other thread", writes("at risk, magpie# is late", thread=PRIVATE), (MAGPIE,)),
    Case("the other, in a thread", writes("Falcon: off track, magpie# quits", thread=OPEN), (MAGPIE,)),
    Case(
        "both, in a thread",
        writes("at risk, heron# again.\nFalcon launch: off track, magpie# quits", thread=OPEN),
        (HERON, MAGPIE),
    ),
    Case("someone else's, in a thread", writes("Kite is off track, quail# left", thread=OPEN)),
    Case(
        "an edit to the other", edits("Newsletter on track", f"{FALCON}: off track, magpie# left"), (MAGPIE,)
    ),
    Case(
        "an edit to both and back",
        edits(
            "Newsletter on track, heron# helps",
            "Newsletter on track, heron# helps. Falcon at risk, magpie# left.",
            "Falcon at risk, magpie# left",
        ),
        (HERON, MAGPIE),
    ),
    Case("an edit of none to one", edits("quail# left", "Newsletter on track, heron# helps"), (HERON,)),
    Case("an edit to someone else's", edits("Newsletter on track", "Newsletter on track. Kite lost quail#")),
    Case(
        "words to keep, by button",
        writes_and_clicks("Falcon: magpie# wrote", f"{FALCON} ({PRIVATE})"),
        (MAGPIE,),
    ),
    Case(
        "a place by button",
        writes_and_clicks("all good, heron# helps", f"{NEWSLETTER} ({OPEN})"),
        (HERON,),
    ),
    Case(
        "a place for the rest by button",
        writes_and_clicks(
            "heron# helps us a lot, on track.\nFalcon launch off track, magpie# left",
            f"{NEWSLETTER} ({OPEN})",
        ),
        (HERON, MAGPIE),
    ),
    Case("a reply to one's own words", replies_to_own_words, (MAGPIE,)),
    Case("a reply to another message of ours", replies_to_a_kickoff),
    Case("a quoted message", quotes_the_private_channel, (MAGPIE,), is_bens=False),
    Case("a lead who answers for the owner", is_answered_for, (HERON, MAGPIE), is_bens=False),
]
LATE = [
    Case("late", writes(f"{FALCON}: off track, magpie# is being replaced"), (MAGPIE,)),
    Case("late, both", writes("Newsletter at risk, heron#. Falcon at risk, magpie#."), (HERON, MAGPIE)),
    Case("a late edit to the other", edits("Newsletter at risk", "Falcon on track, magpie# left"), (MAGPIE,)),
]


def marker(numbered: int) -> Callable[[str], str]:
    """`heron#` becomes this case's heron."""
    return lambda text: text.replace("#", f"{numbered:02}x")


async def test_each_lead_sees_what_was_said_of_their_strategy_and_nothing_else_in_any_place(
    plans: TwoPlans,
) -> None:
    await plans.begins_privately()
    await plans.says(f"{FALCON}: off track, {QUAIL} leaves before anything was asked")
    await plans.until(PROMPTED)
    for number, case in enumerate(WEEK):
        await case.act(plans, marker(number))
    await plans.until(DIGESTS)
    for number, case in enumerate(LATE, len(WEEK)):
        await case.act(plans, marker(number))

    maya, zara, own = await plans.seen_by_maya(), await plans.seen_by_zara(), await plans.own_export()
    wrong = []
    for number, case in enumerate((*WEEK, *LATE)):
        for bird, reader, seen in ((HERON, "Maya", maya), (MAGPIE, "Zara", zara)):
            if (marker(number)(f"{bird}#") in seen) is not (bird in case.shown):
                wrong.append(f"{case.name}: {reader} and {bird}")
        for bird, reader, seen in (
            (MAGPIE, "Maya", maya),
            (HERON, "Zara", zara),
            (QUAIL, "Maya", maya),
            (QUAIL, "Zara", zara),
        ):
            if marker(number)(f"{bird}#") in seen:
                wrong.append(f"{case.name}: {reader} reads {bird}")
        if case.is_bens and f"{number:02}x" not in own:
            wrong.append(f"{case.name}: not in Ben's own")
    assert wrong == []
    for name in (FALCON, KITE, PRIVATE):
        assert name not in maya
    assert NEWSLETTER not in zara
    assert "leaves before anything was asked" not in maya + zara
    assert "leaves before anything was asked" in own

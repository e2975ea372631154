"""Promises: what owners said they would do next, and what by their own word became of it.

docs/promises.md publishes the rule. What nobody settled counts neither way.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from domain.check_ins import WEEKS_OF_BLOCKERS, Answer, CheckIn, NextOutcome
from domain.periods import Week
from domain.reading.names import fold

Said = Iterable[tuple[Week, Answer]]
"""What was said of one initiative and in which week, the oldest first."""

LOOKED_BACK = WEEKS_OF_BLOCKERS
"""Weeks before a period of which answers are read."""
WEEKS_OF_PROMISES = 4
"""A promise that nobody has spoken of for so long is not asked about any more."""
_ENDS = (NextOutcome.DONE, NextOutcome.DROPPED)


@dataclass(frozen=True, slots=True)
class Promise:
    """The "next" of an answer: first said in `since`, last said or said to go on in `until`; `outcome` None while it stands.

    `is_older`: it was said to go on already when it was first read.
    """

    text: str
    since: Week
    until: Week
    outcome: NextOutcome | None = None
    is_older: bool = False

    @property
    def carried(self) -> int:
        """Weeks for which it was put off by their own word."""
        return self.since.weeks_until(self.until)


def said_of(initiative_id: int, check_ins: Iterable[CheckIn], period: Week) -> list[tuple[Week, Answer]]:
    """What these say of an initiative in the weeks that are looked back on, in their order."""
    since = period.plus(-LOOKED_BACK)
    found = (
        (one.period, one.answer_for(initiative_id)) for one in check_ins if since <= one.period <= period
    )
    return [(week, answer) for week, answer in found if answer is not None and answer.revision]


def promises_of(said: Said) -> tuple[list[Promise], Promise | None]:
    """Those that were done or dropped, the oldest first, and the one that stands."""
    settled: list[Promise] = []
    standing: Promise | None = None
    for week, answer in said:
        if standing is not None and answer.last_next in _ENDS:
            settled.append(replace(standing, outcome=answer.last_next))
            standing = None
        if standing is not None and _goes_on(standing, answer):
            standing = replace(standing, text=answer.next or standing.text, until=week)
        elif answer.next:
            is_older = answer.last_next is NextOutcome.CONTINUED
            standing = Promise(answer.next, week, week, is_older=is_older)
    return settled, standing


def standing_promise(said: Said, period: Week) -> Promise | None:
    """What an owner who is asked in a period has still to say the fate of."""
    _, standing = promises_of(said)
    is_recent = standing is not None and standing.until >= period.plus(-WEEKS_OF_PROMISES)
    return standing if is_recent else None


def _goes_on(promise: Promise, answer: Answer) -> bool:
    if answer.last_next is NextOutcome.CONTINUED:
        return not answer.next or is_same_matter(promise.text, answer.next)
    return bool(answer.next) and _is_alike(answer.next, promise.text)


def _is_alike(one: str, other: str) -> bool:
    return one == other or fold(one) == fold(other)  # mostly a copy, which costs no folding


def is_same_matter(before: str, after: str) -> bool:
    """Whether one has all the words of the other, as they stand: with a day put after them it is the same matter."""
    if before == after:
        return True
    were, are = f" {fold(before)} ", f" {fold(after)} "
    return were.rstrip(" .!") in are or are.rstrip(" .!") in were

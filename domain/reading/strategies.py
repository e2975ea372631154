"""Words of somebody who takes part in several strategies: none of them is read in a strategy it does not speak of.

A piece of a message goes to a strategy's record only when it names nothing of another one. One that names things of
several strategies is read for what it says of each (a health, a number), and its words stay with their writer.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from domain.reading.places import Piece
from domain.reading.plain.topics import Mention
from domain.reading.text import even, listed

# Too common to name anything by themselves; healths and colours never do.
_PLAIN_WORDS = listed(
    """
    the a an and or of to in on at for by with from our my your their its new all phase project programme program plan
    campaign initiative launch work team page desk day days week month year spring summer autumn winter list form
    results result update status health track risk off green amber yellow red next progress done blocker blocked waiting
    needs note
    """
)
_WORD = re.compile(r"\w+")
_NEXT_WORD = re.compile(r"\W{1,3}(?P<word>\w+)")
_GREETING = listed(
    "hi hello hey hiya dear good happy morning afternoon evening monday all team everyone everybody folks there"
)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A name that these words cannot be an answer for: somebody else's initiative, one not asked about, a strategy."""

    name: str
    strategy_id: int


@dataclass(frozen=True, slots=True)
class Named:
    """Whatever may be named: first the initiatives an answer may be for (`answerable` of them), then the others."""

    names: Sequence[str]
    strategy_ids: Sequence[int]
    answerable: int

    @property
    def is_of_several(self) -> bool:
        return len(set(self.strategy_ids)) > 1

    def strategies_of(self, positions: Sequence[int]) -> set[int]:
        return {self.strategy_ids[position] for position in positions}


def is_greeting(text: str) -> bool:
    """Words that say nothing of any strategy, so that they may stand with whatever follows."""
    return all(word.lower() in _GREETING for word in _WORD.findall(text))


def settle_mentions(mentions: Sequence[Mention], named: Named) -> list[Mention]:
    """Each about initiatives an answer may be for; about none where something else is named.

    What else a strategy has changes no subject beside one of its own initiatives: "Harbor Lights: newsletter on track".
    """
    settled = []
    for at, mention in enumerate(mentions):
        own = tuple(position for position in mention.about if position < named.answerable)
        strategies = named.strategies_of(mention.about)
        if own and len(strategies) == 1:
            settled.append(replace(mention, about=own))
        elif own or not mention.about:
            settled.append(mention)
        elif not any(
            neighbour.about
            and max(neighbour.about) < named.answerable
            and named.strategies_of(neighbour.about) == strategies
            for neighbour in mentions[max(0, at - 1) : at + 2]
        ):
            settled.append(replace(mention, about=()))
    return settled


def keep_apart(text: str, pieces: Sequence[Piece], mentions: Sequence[Mention], named: Named) -> list[Piece]:
    """The pieces, about nothing where nobody can tell of which strategy they speak, and `apart` where of another one
    than they would be recorded for, or of one that is not asked now.
    """
    said = list(_names_within(text, named))
    starts = [start for start, _ in said]
    naming = [mention.start for mention in mentions if mention.about]
    asked = named.strategies_of(range(named.answerable))
    kept = []
    is_lost = is_other = False
    for piece in pieces:
        here = [strategies for _, strategies in said[_within(piece, starts)]]
        meant = named.strategies_of(piece.about)
        is_mixed = len(meant) > 1 or any(not meant & strategies for strategies in here)
        if names_it := bool(naming[_within(piece, naming)]):
            is_other = False
            kept.append(replace(piece, apart=is_mixed and bool(piece.about)))
        else:
            about = () if is_mixed or is_lost else piece.about
            is_other = not about and (any(not asked & one for one in here) or (is_other and not here))
            kept.append(replace(piece, about=about, apart=is_other))
        is_lost = is_mixed or (is_lost and not names_it)
    return kept


def _within(piece: Piece, starts: Sequence[int]) -> slice:
    """Which of the positions, in order, lie in a piece."""
    return slice(bisect_left(starts, piece.start), bisect_left(starts, piece.end))


def _names_within(text: str, named: Named) -> Iterator[tuple[int, set[int]]]:
    """Where any of the names stands, be it in a quotation, and which strategies have something of that name.

    In full it counts however it is written; the first word of a longer one, and a word too plain to name anything,
    only as it stands in the name.
    """
    strategies: dict[tuple[str, ...], set[int]] = {}
    for name, strategy_id in zip(named.names, named.strategy_ids, strict=True):
        words = _WORD.findall(even(name))
        whole = tuple(word.lower() for word in words)
        if len(words) > 1 or (words and words[0].lower() not in _PLAIN_WORDS):
            strategies.setdefault(whole, set()).add(strategy_id)
        if words and not words[0].islower() and (len(words) == 1 or words[0].lower() not in _PLAIN_WORDS):
            strategies.setdefault((words[0],), set()).add(strategy_id)
    longest = max((len(words) for words in strategies), default=0)
    firsts = {words[0].lower() for words in strategies}
    text = even(text)
    begin = 0
    for match in _WORD.finditer(text):
        if match.start() < begin or match[0].lower() not in firsts:
            continue
        found, end = _name_at(text, match, strategies, longest)
        if found:
            yield match.start(), found
            begin = end


def _name_at(
    text: str, match: re.Match[str], strategies: Mapping[tuple[str, ...], set[int]], longest: int
) -> tuple[set[int], int]:
    """The strategies of the longest name that begins with a word, and where it ends."""
    words, ends = [match[0]], [match.end()]
    while len(words) < longest and (following := _NEXT_WORD.match(text, ends[-1])):
        words.append(following["word"])
        ends.append(following.end())
    for length in range(len(words), 0, -1):
        found = set(strategies.get(tuple(word.lower() for word in words[:length]), ()))
        found = found or set(strategies.get((words[0],), ()) if length == 1 else ())
        if found:
            return found, ends[length - 1]
    return set(), match.end()

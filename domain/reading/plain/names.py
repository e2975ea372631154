"""Initiatives by the names people give them in passing: any words of the name in a row that only this one has."""

from collections.abc import Sequence

from domain.reading.metric_names import stem
from domain.reading.text import WORD, even, listed

MOST_WORDS = 20
"""Of a name that are looked at."""
_FUNCTION_WORDS = listed(
    "the a an and or of to in on at for by with from our my your their its s per all as is it we i"
)


class NameWords:
    """Finds names, each known by its position among `names`."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = [folded(name)[:MOST_WORDS] for name in names]
        self._telling = [_telling(name) for name in names]
        self._exact = {match[0].lower() for name in names for match in WORD.finditer(even(name))}
        self._with: dict[str, list[int]] = {}
        for position, words in enumerate(self._names):
            for word in dict.fromkeys(words):
                self._with.setdefault(word, []).append(position)

    def has(self, word: str) -> bool:
        """Whether a word, folded, is in any name and may begin one in a text."""
        return word in self._with and word not in _FUNCTION_WORDS

    def is_exact(self, word: str) -> bool:
        """Whether a name has the word just so; "schools" may only be like a "School outreach"."""
        return word.removesuffix("'s") in self._exact

    def longest_at(self, words: Sequence[str]) -> tuple[frozenset[int], int]:
        """The names that the first words stand for, and how many words that are.

        They are in order though not all: "water" alone, a part of a word, names no "open-water days".
        """
        after = dict.fromkeys(self._with.get(words[0], ()), 0)
        meant: frozenset[int] = frozenset()
        length = 0
        for count, word in enumerate(words, start=1):
            after = {
                position: self._names[position].index(word, since) + 1
                for position, since in after.items()
                if word in self._names[position][since:]
            }
            if not after:
                break
            if word not in _FUNCTION_WORDS:
                meant, length = frozenset(after), count
        whole = frozenset(position for position in meant if len(self._names[position]) == length)
        told = frozenset(
            position for position in meant if self._telling[position].intersection(words[:length])
        )
        return whole or told, length if whole or told else 0


def _telling(name: str) -> frozenset[str]:
    """The words of a name that stand for it without the others."""
    alone = [word for word in even(name).split() if len(WORD.findall(word)) == 1]
    ends = folded(name)
    return frozenset((*folded(" ".join(alone)), *ends[:1], *ends[-1:])) - _FUNCTION_WORDS


def fold(word: str) -> str:
    """A word of a name as it is compared, in small letters: "Parents'", "parent's" and "Parents" are one."""
    return stem(word.removesuffix("'s"))


def folded(text: str) -> list[str]:
    return [fold(match[0].lower()) for match in WORD.finditer(even(text))]

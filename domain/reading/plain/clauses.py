"""Sentences cut into clauses at commas, dashes, brackets, emoji and words such as "but" and "because"."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.reading.plain.tokens import FACE, FIGURE, MARK, METRIC, WORD, Token
from domain.reading.text import ABBREVIATIONS, listed

_MARKS = listed(", ; ( ) [ ] | / … • — – - ' \" “ ”")
_JOINTS = listed(
    "but because so while whereas although though since as due however except despite besides aside apart even"
)
_KEPT_TOGETHER = {
    "so": listed("far that much many as"),
    "as": listed("planned of well last usual before expected long far soon if though much"),
}
"""Words after a joint with which it is none."""
_NO_JOINT_AFTER = listed("anything nothing everything all none everyone same just not")
_ENDS = listed(". ! ? … ;")


@dataclass(frozen=True, slots=True)
class Clause:
    """`opener`: the mark or word that it begins after, "" at the beginning of a sentence."""

    tokens: tuple[Token, ...]
    opener: str = ""
    faces: tuple[str, ...] = ()
    """Emoji that stand before it or after the last one."""

    @property
    def words(self) -> list[str]:
        return [token.word for token in self.tokens if token.kind == WORD]


def clauses_of(tokens: Sequence[Token]) -> list[Clause]:
    """Not cut where a number follows its name: `subscribers (4,650)`, `subscribers – 4,650`."""
    clauses: list[Clause] = []
    here: list[Token] = []
    opener = ""
    for i, token in enumerate(tokens):
        cut = _cuts(tokens, i, here)
        if not cut:
            here.append(token)
            continue
        if here or opener in _JOINTS:
            clauses.append(Clause(tuple(here), opener))
        here, opener = [], token.word if token.kind != FACE else "face"
    clauses.append(Clause(tuple(here), opener))
    return [clause for clause in clauses if clause.tokens or clause.opener in _JOINTS]


def _cuts(tokens: Sequence[Token], i: int, here: Sequence[Token]) -> bool:
    token = tokens[i]
    if token.word == "." and here and here[-1].word in ABBREVIATIONS and i + 1 < len(tokens):
        return False
    if token.kind == FACE or (token.kind == MARK and token.word in _ENDS):
        return True
    if token.kind == MARK and token.word in _MARKS:
        follows = tokens[i + 1] if i + 1 < len(tokens) else None
        if follows is None or follows.kind != FIGURE or follows.means.is_change or token.word not in "(-–—":
            return True
        return not (here and here[-1].kind == METRIC)
    if token.kind != WORD or token.word not in _JOINTS or not (here or token.word == "but"):
        return False
    following = tokens[i + 1].word if i + 1 < len(tokens) else ""
    if token.word == "even":
        return following == "though"
    is_kept = bool(here) and here[-1].word in _NO_JOINT_AFTER
    return following not in _KEPT_TOGETHER.get(token.word, ()) and not is_kept

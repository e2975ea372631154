"""The forms in which a health is said: of whom, "is" or nothing, the health, and what may follow it."""

from collections.abc import Sequence

from domain.healths import Health
from domain.reading.plain.said import (
    BETWEEN_NAMES,
    GREETINGS,
    HealthSaid,
    Subject,
    after,
    names_of,
    phrase_at,
    phrases,
)
from domain.reading.plain.tokens import FIGURE, HEALTH, METRIC, NAME, WORD, Token
from domain.reading.text import listed

_BEFORE_HEALTH = GREETINGS | listed(
    """
    we we're i i'm it it's this that's things is are am remains stays still now back again currently
    presently finally fully firmly definitely clearly very much overall status health rag update colour color today week
    here one all both everything so my our the project initiative campaign of them is too
    """
)
_FALLEN = listed("went gone fell fallen turned slipped really seriously badly completely totally")
_HOW_MANY = {"both": 2, "two": 2, "three": 3, "four": 4, "five": 5}
_EVERYTHING = listed("all everything both")
_REST = phrases(
    """
    everything else
    the rest
    rest
    all others
    all the others
    the others
    others
    """
)
_AFTER_HEALTH = phrases(
    """
    at the moment
    as of today
    as of now
    as planned
    so far
    right now
    this week
    for this week
    as well
    thank you
    today
    now
    still
    again
    here
    overall
    currently
    too
    thanks
    cheers
    everyone
    team
    folks
    ~
    """
)
_SAME = phrases(
    """
    the same as last week
    same as last week
    as last week
    like last week
    as in the last week
    unchanged from last week
    unchanged since last week
    no change since last week
    no change from last week
    """
)
_FEW = listed("a one two three four five six")
_TIMES = listed("day days week weeks month months")
_LOSSES = listed("missing slipping failing falling losing running delay delays")
_NO_TOKEN = Token(WORD, 0, 0)
_OF_AN_AIM = listed(
    """
    the our a of by in on at end goal target targets goals date as planned january february march april may june july
    august september october november december jan feb mar apr jun jul aug sep oct nov dec
    """
)
_ADDRESSED = listed("team everyone everybody folks")
_REFERS = listed("we we're i i'm it it's this that's things everything")


def health_at(tokens: Sequence[Token], begin: int) -> tuple[HealthSaid, int] | None:
    """The health said from a position on, and the position after it."""
    i = begin
    while i < len(tokens) and not phrase_at(tokens, i, _SAME) and _may_lead(tokens[i], is_first=i == begin):
        i += 1
    before = tokens[begin:i]
    subject = _subject(before)
    if subject is None or _asks(before):
        return None
    if length := phrase_at(tokens, i, _SAME):
        return HealthSaid(tokens[i].start, subject, None), after(tokens, i + length, _AFTER_HEALTH)
    if i >= len(tokens) or not means_health(tokens[i]):
        return None
    said = tokens[i]
    if said.means is Health.ON_TRACK and any(token.is_word(_FALLEN) for token in before):
        return None
    i = _after_complement(tokens, after(tokens, i + 1, _AFTER_HEALTH), said.means)
    is_sign = _is_sign(said)
    names, i = ((), i) if subject.names else _names_at(tokens, i, is_sign=is_sign)
    subject = Subject(names, is_after=True) if names else subject
    return HealthSaid(said.start, subject, said.means, said.kind == WORD, is_sign), i


def means_health(token: Token) -> bool:
    return isinstance(token.means, Health)


def _may_lead(token: Token, *, is_first: bool) -> bool:
    if means_health(token):
        return False
    if token.kind == NAME or token.is_word(_BEFORE_HEALTH) or token.is_word(_FALLEN) or _is_rest(token):
        return True
    return token.word in _HOW_MANY or (token.word in ("&", "+", ":") and not is_first)


def _is_rest(token: Token) -> bool:
    return token.kind == WORD and token.word in ("rest", "else", "others")


def _asks(before: Sequence[Token]) -> bool:
    """A question: "Are we on track", "is the newsletter on track"."""
    said = [token for token in before if token.word not in GREETINGS]
    return (
        len(said) > 1 and said[0].word in ("is", "are", "am") and any(_can_ask(token) for token in said[1:])
    )


def _can_ask(token: Token) -> bool:
    return token.kind == NAME or token.word in ("we", "i", "it", "this", "everything", "all", "things", "the")


def _after_complement(tokens: Sequence[Token], i: int, health: Health) -> int:
    """After what completes a health: "by 2 weeks", "to hit 6,000", "of missing the date"."""
    first, second, third = (token.word for token in (*tokens[i : i + 3], *(_NO_TOKEN,) * 3)[:3])
    if any(means_health(token) for token in tokens[i:]):
        return i
    if health is Health.ON_TRACK:
        aims = any(
            token.kind == FIGURE or token.word in ("target", "goal") for token in tokens[i + 2 : i + 5]
        )
        only = all(token.kind in (FIGURE, METRIC) or token.is_word(_OF_AN_AIM) for token in tokens[i + 2 :])
        return len(tokens) if first == "to" and second in ("hit", "reach", "meet") and aims and only else i
    if first in ("until", "till"):
        return len(tokens)
    if first == "by" and i + 1 < len(tokens) and _is_time(tokens[i + 1]):
        return i + 2
    if first == "by" and second in _FEW and third in _TIMES:
        return i + 3
    return len(tokens) if first == "of" and second in _LOSSES else i


def _is_time(token: Token) -> bool:
    return token.kind == FIGURE and token.means.unit in ("day", "week", "month", "h")


def _names_at(tokens: Sequence[Token], i: int, *, is_sign: bool) -> tuple[tuple[Token, ...], int]:
    """The initiatives that end the clause after a health: "on track: newsletter and spring", "at risk for the desk",
    or that stand before the next sign: "🔴 newsletter 🟢 spring".
    """
    is_led = i < len(tokens) and tokens[i].word in (":", "for", "with")
    if not (is_led or is_sign):
        return (), i
    end = next((at for at in range(i, len(tokens)) if is_sign and _is_sign(tokens[at])), len(tokens))
    rest = tokens[i + is_led : end]
    names = names_of(rest)
    only = all(token.kind == NAME or token.is_word(BETWEEN_NAMES) for token in rest)
    return (names, end) if names and only else ((), i)


def _is_sign(token: Token) -> bool:
    return token.kind == HEALTH and not token.word[0].isalpha()


def _subject(before: Sequence[Token]) -> Subject | None:
    """Of whom the words before a health speak; None where they do not fit together."""
    names = names_of(before)
    words = [token.word for token in before if token.kind == WORD]
    if _ADDRESSED.intersection(words) and words[0] not in GREETINGS - _ADDRESSED:
        return None
    has_rest = any(_is_rest(token) for token in before)
    if any(name.is_loose for name in names):
        return None
    if names:
        at = before.index(names[0])
        later = [token.word for token in before[at + 1 :] if token.kind == WORD]
        is_plain = not has_rest and not any(word in _REFERS for word in words)
        is_plain &= all(
            word in _BEFORE_HEALTH - GREETINGS | BETWEEN_NAMES or word in _FALLEN for word in later
        )
        return Subject(names) if is_plain else None
    if has_rest:
        rest = any(tuple(words[: len(phrase)]) == phrase for phrase in _REST)
        return Subject(is_rest=True) if rest else None
    counts = [_HOW_MANY[word] for word in words if word in _HOW_MANY]
    everything = any(word in _EVERYTHING for word in words)
    if counts and not everything:
        return None
    return Subject(is_everything=everything, count=counts[0] if counts else None)
